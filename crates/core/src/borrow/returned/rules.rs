//! Who may say what about a returned paper, and when. Asked before a record is written and again when it is folded.

use super::{
    Answer, Found, NOTE_LIMIT, PaperClaim, PaperCompared, PaperDecided, PaperDecision, REASON_MIN,
    ReturnedPaper, staff,
};
use crate::actor::{Actor, Login};
use crate::borrow::refusal::Refusal;
use crate::text::both;

/// Whoever hands a picture in is staff with her own login.
///
/// # Errors
/// A refusal for anybody else.
pub fn may_return(actor: &Actor) -> Result<Login, Refusal> {
    staff(actor)
}

/// A person compares once; what she found stands. Whoever handed the picture in may compare it: the second person comes after her.
///
/// # Errors
/// When it is not hers, was done, was decided, or a difference has no words.
pub fn may_compare(paper: &ReturnedPaper, actor: &Actor, wish: &PaperCompared) -> Result<Login, Refusal> {
    let login = staff(actor)?;
    if paper.compared.is_some() || paper.decided.is_some() {
        return Err(Refusal::does_not_fit(both(
            "这张纸已经有人核对过了。",
            "This paper has been compared already.",
        )));
    }
    note(&wish.note, wish.found == Found::Different)?;
    Ok(login)
}

/// Another person than those before her decides, and nobody confirms what the machine saw to be different.
///
/// # Errors
/// When it is not hers, too early, was decided, or may not be confirmed.
pub fn may_decide(paper: &ReturnedPaper, actor: &Actor, wish: &PaperDecided) -> Result<Login, Refusal> {
    let login = staff(actor)?;
    if paper.decided.is_some() {
        return Err(Refusal::does_not_fit(both(
            "这张纸已经有结论了。要重新核对,请重新拍照上传。",
            "This paper has been decided already. To check again, hand in a new picture.",
        )));
    }
    let first = paper.returned.by == login;
    if first || paper.compared.as_ref().is_some_and(|said| said.by == login) {
        return Err(Refusal::not_now(
            both(
                "上传或核对过这张纸的人不能自己下结论。",
                "Whoever handed this paper in or compared it may not decide about it.",
            ),
            both(
                "请另一位同事用自己的账号确认或退回。",
                "Let a colleague confirm or refuse it with her own login.",
            ),
        ));
    }
    match wish.decision {
        PaperDecision::Refused => note(&wish.note, true)?,
        PaperDecision::Confirmed => confirmable(paper, &wish.note)?,
    }
    Ok(login)
}

fn confirmable(paper: &ReturnedPaper, reason: &str) -> Result<(), Refusal> {
    let seen = &paper.returned.what;
    let again = both(
        "请放平、光线均匀地重拍整页,重新上传。",
        "Photograph the whole page again, flat and in even light, and hand it in.",
    );
    if seen.answer() == Answer::Contradicted {
        let why = both(
            "系统发现这张纸和原件不同,不能确认,只能退回。",
            "The machine found this paper to differ from the original: it can only be refused.",
        );
        return Err(Refusal::not_now(why, again));
    }
    // Which page it is, a person cannot see better than the code says.
    if seen.of(PaperClaim::ExpectedPage) != Answer::Holds {
        let why = both(
            "没有认出是哪一页,不能确认。",
            "It is not known which page this is: it cannot be confirmed.",
        );
        return Err(Refusal::not_now(why, again));
    }
    match paper.compared.as_ref().map(|said| said.what.found) {
        Some(Found::Same) => {}
        Some(Found::Different) => {
            let why = both(
                "核对的人发现数字不同,不能确认,只能退回。",
                "The person who compared found a difference: it can only be refused.",
            );
            return Err(Refusal::not_now(why, again));
        }
        None => {
            let why = both("还没有人核对数字。", "Nobody has compared the figures yet.");
            let next =
                both("先在左右对照页核对每一个数字。", "Compare every figure on the split screen first.");
            return Err(Refusal::not_now(why, next));
        }
    }
    note(reason, seen.answer() == Answer::NotKnown)
}

/// A note is bounded; `needed` says that it must give a reason.
fn note(text: &str, needed: bool) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    if length > NOTE_LIMIT || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Refusal::does_not_fit(both(
            format!("说明最多 {NOTE_LIMIT} 字,不要用控制字符。"),
            format!("A note has at most {NOTE_LIMIT} characters and no control characters."),
        )));
    }
    if needed && length < REASON_MIN {
        return Err(Refusal::does_not_fit(both(
            format!("请写明理由(至少 {REASON_MIN} 字):哪里不同,或者为什么机器看不清也可以确认。"),
            format!(
                "Give the reason, at least {REASON_MIN} characters: where it differs, or why it can be confirmed although the machine could not tell."
            ),
        )));
    }
    Ok(())
}
