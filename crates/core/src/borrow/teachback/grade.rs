//! Reading an answer. "清楚" is not an answer; a number in any usual spelling is.

use mingbai_cost::{Fen, Words};
use serde::{Deserialize, Serialize};

use super::{Answer, Form, Key, Question};
use crate::borrow::numerals::parse_amount;
use crate::borrow::say;
use crate::text::{Tell, both};

/// Longest text that is looked at, in characters.
const MAX_CHARS: usize = 200;

/// What an answer was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Right.
    Correct,
    /// Wrong.
    Wrong,
    /// "I am not sure": explained again, no blame.
    NotSure,
    /// "清楚", "明白", "知道了": said by rote, tells nothing.
    Rote,
    /// Could not be read; the same question stays.
    Unreadable,
}

impl Verdict {
    /// Whether the question is answered rightly.
    #[must_use]
    pub const fn is_correct(self) -> bool {
        matches!(self, Verdict::Correct)
    }

    /// Whether it leads to an explanation, a new variant, and at last to a human. Only a slip of the keyboard
    /// does not.
    #[must_use]
    pub const fn counts_as_wrong(self) -> bool {
        matches!(self, Verdict::Wrong | Verdict::NotSure | Verdict::Rote)
    }
}

/// A graded answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grading {
    /// What it was.
    pub verdict: Verdict,
    /// How we read the answer, told back to the borrower.
    pub understood_as: Words,
    /// What to tell next; `None` after a right answer.
    pub explain: Option<Words>,
}

/// Grades an answer. It is pure: the same question and answer always give the same grading.
#[must_use]
pub fn grade(question: &Question, answer: &Answer) -> Grading {
    match answer {
        Answer::NotSure => unsure(question),
        Answer::Choice(index) => by_choice(question, usize::try_from(*index).unwrap_or(usize::MAX)),
        Answer::Amount(text) | Answer::Free(text) => by_text(question, text),
    }
}

fn unsure(question: &Question) -> Grading {
    Grading {
        verdict: Verdict::NotSure,
        understood_as: both("您说还不确定,没关系", "You are not sure yet; that is all right"),
        explain: Some(question.explain.clone()),
    }
}

fn unreadable(why: Words) -> Grading {
    Grading {
        verdict: Verdict::Unreadable,
        understood_as: both("没有看懂您的回答", "We could not read your answer"),
        explain: Some(why),
    }
}

fn judged(question: &Question, right: bool, understood_as: Words) -> Grading {
    let verdict = if right { Verdict::Correct } else { Verdict::Wrong };
    let explain = (!right).then(|| question.explain.clone());
    Grading { verdict, understood_as, explain }
}

fn by_choice(question: &Question, index: usize) -> Grading {
    let Form::Choices(choices) = &question.form else {
        return unreadable(both(
            "这道题请写金额,例如 3042.19",
            "Please write an amount, for example 3042.19",
        ));
    };
    let Some(choice) = choices.get(index) else {
        return unreadable(both(
            "没有这个选项,请从列出的里面选一个",
            "There is no such option; choose one of those listed",
        ));
    };
    let words = both(format!("您选的是:{}", choice.words.zh), format!("You chose: {}", choice.words.en));
    judged(question, question.key == Key::Choice(index), words)
}

fn by_text(question: &Question, text: &str) -> Grading {
    if text.chars().count() > MAX_CHARS {
        return unreadable(both("写得太长了,只写答案就行", "That is too long; the answer alone is enough"));
    }
    if says_unsure(text) {
        return unsure(question);
    }
    if is_rote(text) {
        return Grading {
            verdict: Verdict::Rote,
            understood_as: both(
                format!("您说的是“{}”,这还不能说明是哪个数", text.trim()),
                format!("You said “{}”; that does not tell which number", text.trim()),
            ),
            explain: Some(question.explain.clone()),
        };
    }
    match (&question.form, &question.key) {
        (Form::Amount { tolerance_fen }, Key::Amount(right)) => match parse_amount(text) {
            Ok(amount) => {
                let off = i128::from(amount.get()) - i128::from(right.get());
                judged(question, off.abs() <= i128::from(tolerance_fen.get()), wrote(amount))
            }
            Err(error) => unreadable(error.words()),
        },
        _ => by_matching(question, text),
    }
}

fn wrote(amount: Fen) -> Words {
    let money = say::yuan(amount);
    both(format!("您写的是:{}", money.zh), format!("You wrote: {}", money.en))
}

/// Spoken or typed words where choices were offered: the text of a choice, or its amount in another spelling.
fn by_matching(question: &Question, text: &str) -> Grading {
    let Form::Choices(choices) = &question.form else {
        return unreadable(both("请写金额", "Please write an amount"));
    };
    let plain = squeeze(text);
    let same = |words: &Words| squeeze(&words.zh) == plain || squeeze(&words.en) == plain;
    let amount = parse_amount(text).ok();
    let equal = |words: &Words| amount.is_some() && parse_amount(&words.zh).ok() == amount;
    let found = choices.iter().position(|choice| same(&choice.words) || equal(&choice.words));
    match (found, amount) {
        (Some(index), _) => by_choice(question, index),
        (None, Some(amount)) if choices.iter().all(|choice| parse_amount(&choice.words.zh).is_ok()) => {
            judged(question, false, wrote(amount))
        }
        _ => unreadable(both(
            "请从列出的答案里选一个,或者选“我不确定”",
            "Choose one of the answers, or “I am not sure”",
        )),
    }
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words that say "I do not know".
fn says_unsure(text: &str) -> bool {
    const UNSURE: [&str; 14] = [
        "不知道",
        "不清楚",
        "不明白",
        "不确定",
        "不了解",
        "不太清楚",
        "不太明白",
        "没听懂",
        "没看懂",
        "不懂",
        "不记得",
        "忘了",
        "notsure",
        "dontknow",
    ];
    let plain = squeeze(text);
    UNSURE.iter().any(|word| plain.contains(word))
}

/// Whether nothing is left once the words of assent are taken away. Complaints show what such a "清楚" is
/// worth.
fn is_rote(text: &str) -> bool {
    const ROTE: [&str; 30] = [
        "understood",
        "understand",
        "clear",
        "agree",
        "okay",
        "yes",
        "ok",
        "iam",
        "im",
        "清楚",
        "明白",
        "知道",
        "了解",
        "理解",
        "看懂",
        "听懂",
        "同意",
        "确认",
        "没问题",
        "没意见",
        "好的",
        "可以",
        "是的",
        "收到",
        "看过",
        "全部",
        "已经",
        "完全",
        "非常",
        "没有问题",
    ];
    const FILLER: [&str; 16] =
        ["我", "都", "了", "的", "嗯", "好", "行", "是", "对", "懂", "很", "啊", "吧", "哦", "i", "it"];
    let mut plain = squeeze(text);
    if plain.is_empty() {
        return false;
    }
    for word in ROTE.iter().chain(&FILLER) {
        plain = plain.replace(word, "");
    }
    plain.is_empty()
}
