//! Is it really from us? Every message that this house sends to a person carries a code of its own. Whoever has the code learns that there
//! was such a message, of which kind, on which day and to a number with which ending; whoever has the text as well learns whether it is
//! word for word what was sent. A row holds no name, no number and no text, and is known by the hash of its code.

use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_evidence::Digest;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::{SentKind, SentRow};
use crate::token;

/// Letters of a code: fifty random bits, tried as often as the door lets one try.
const LETTERS: usize = 10;
/// Codes that are looked up in one text; more would be a list and no message.
const CODES_MAX: usize = 3;
/// How long a code can be checked.
pub const SENT_DAYS: i64 = 365;
/// Digits of the number that are told: enough to see that it was somebody else's, too few to find anybody by.
const ENDING: usize = 2;
/// The longest sender's mark that a gateway puts before or behind a text, in characters.
const MARK_MAX: usize = 20;

/// A message of ours, as anybody may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// The code, grouped.
    pub code: String,
    /// Of which kind.
    pub kind: SentKind,
    /// When it was handed to the lender's gateway, unix ms.
    pub sent_at_ms: i64,
    /// The last digits of the number that it went to; empty when it did not go to a number.
    pub ending: String,
}

/// Whether a text is the one that was sent under its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentText {
    /// Word for word, apart from spaces, digits to type and the gateway's mark.
    Same,
    /// Something was changed or added: the code may have been copied off a real message.
    Other,
}

/// A message of ours that somebody shows us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMatch {
    /// The message.
    pub message: SentMessage,
    /// Whether this is its text.
    pub text: SentText,
}

impl Desk {
    /// Puts a code on a message and keeps what is needed to know it again. Doing it twice for one piece of work gives the same code.
    pub(crate) async fn certify(
        &self,
        id: Uuid,
        kind: SentKind,
        data: &mut Value,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        let digest = Digest::of_parts(&[b"mingbai/sent/v1\n", id.as_bytes()]);
        let code = token::letters(digest.as_bytes().get(..LETTERS).unwrap_or_default());
        let url = format!("{}/trust/verify-us", self.settings.base_url);
        let (shown, named) = (shown(&code), &self.settings.lender.name);
        let mut kept: [Option<Digest>; 2] = [None, None];
        let tails = [
            ("zh", format!("【核对码 {shown},在 {url} 可查是不是{}发的】", named.zh)),
            ("en", format!(" [Check code {shown}: see at {url} whether it is from {}]", named.en)),
        ];
        for ((lang, tail), kept) in tails.iter().zip(&mut kept) {
            if let Some(Value::String(text)) = data.get_mut(*lang) {
                text.push_str(tail);
                *kept = Some(Digest::of(plain(text, kind).as_bytes()));
            }
        }
        let ending = ending(data.get("to").and_then(Value::as_str).unwrap_or_default());
        data["verify"] = json!({"code": shown, "url": url});
        let [zh, en] = kept;
        let row = SentRow { code: hashed(&code), kind, sent_at_ms: now_ms, ending, zh, en };
        Ok(self.ports.outbox.note_sent(row).await?)
    }

    /// The message of a code, however it was typed. Nothing but the hash of what was typed is looked for.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when no message carries it: then be careful.
    pub async fn verify_us(&self, code: &str) -> Result<SentMessage, DeskError> {
        let plain = read(code).ok_or_else(no_message)?;
        Ok(self.sent(&plain).await?.ok_or_else(no_message)?.0)
    }

    async fn sent(&self, code: &str) -> Result<Option<(SentMessage, SentRow)>, DeskError> {
        let row = self.ports.outbox.sent(hashed(code)).await?;
        let fresh = row.filter(|row| self.now_ms() - row.sent_at_ms <= SENT_DAYS * DAY_MS);
        Ok(fresh.map(|row| {
            let (kind, sent_at_ms, ending) = (row.kind, row.sent_at_ms, row.ending.clone());
            (SentMessage { code: shown(code), kind, sent_at_ms, ending }, row)
        }))
    }

    /// Messages of ours whose codes a text carries, and whether it is their text.
    pub(super) async fn sent_in(&self, text: &str) -> Result<Vec<SentMatch>, DeskError> {
        let mut found = Vec::new();
        for code in codes(text) {
            let Some((message, row)) = self.sent(&code).await? else { continue };
            let same = self.bodies(text).iter().any(|body| {
                let digest = Digest::of(plain(body, row.kind).as_bytes());
                Some(digest) == row.zh || Some(digest) == row.en
            });
            found.push(SentMatch { message, text: if same { SentText::Same } else { SentText::Other } });
        }
        Ok(found)
    }

    /// The text as it is, and without a mark of the sender that says nothing but the lender's name.
    fn bodies<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let text = text.trim();
        let name = &self.settings.lender.name;
        let ours = |mark: &str| {
            let fits = (2..=MARK_MAX).contains(&mark.chars().count());
            fits && (name.zh.contains(mark) || name.en.contains(mark))
        };
        let mut bodies = vec![text];
        if let Some((mark, rest)) = text.strip_prefix('【').and_then(|rest| rest.split_once('】'))
            && ours(mark)
        {
            bodies.push(rest);
        }
        if let Some((rest, mark)) = text.strip_suffix('】').and_then(|rest| rest.rsplit_once('【'))
            && ours(mark)
        {
            bodies.push(rest);
        }
        bodies
    }

    /// Forgets codes that can no longer be checked. Called by a timer.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn forget_sent(&self) -> Result<u64, DeskError> {
        Ok(self.ports.outbox.forget_sent(self.now_ms() - SENT_DAYS * DAY_MS).await?)
    }
}

fn no_message() -> DeskError {
    DeskError::NotFound(both(
        "没有查到我们发过带这个核对码的消息。请核对有没有抄错;如果没有抄错,这条消息不是我们发的,请不要照它说的做。拿不准就拨打我们公布的电话,或者 96110。",
        "We have no record of a message with this code. Check that it is copied right; if it is, the message is not from us: do not do what it says. If in doubt call the number that we publish, or 96110.",
    ))
}

/// What a message of this kind is, in words.
#[must_use]
pub fn sent_kind(kind: SentKind) -> Words {
    match kind {
        SentKind::Link => both("打开您自己页面的链接", "a link to your own pages"),
        SentKind::Digits => both("打开链接用的数字", "digits that open a link"),
        SentKind::Signing => both("签署合同用的签署码", "digits to sign a contract"),
        SentKind::Complaint => both("关于您的投诉的通知", "news about your complaint"),
    }
}

/// The hash under which a code is kept.
fn hashed(code: &str) -> Digest {
    Digest::of_parts(&[b"mingbai/sent-code/v1\n", code.as_bytes()])
}

/// Two groups of five.
fn shown(code: &str) -> String {
    match code.split_at_checked(LETTERS / 2) {
        Some((one, two)) => format!("{one}-{two}"),
        None => code.to_owned(),
    }
}

/// A code as somebody typed it.
fn read(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    token::read_letters(text, LETTERS)
}

/// What looks like a code of ours: two groups of five with a hyphen between.
fn codes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for run in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '\u{ff0d}'))) {
        let run = run.replace('\u{ff0d}', "-");
        let grouped = run.split_once('-').is_some_and(|(one, two)| one.len() == two.len());
        if let (true, Some(code)) = (grouped, read(&run))
            && !found.contains(&code)
            && found.len() < CODES_MAX
        {
            found.push(code);
        }
    }
    found
}

/// The last digits of a telephone number.
fn ending(to: &str) -> String {
    let digits: Vec<char> = to.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        0..7 => String::new(),
        many => digits.iter().skip(many - ENDING).collect(),
    }
}

/// A text without what programs change on its way: spaces, line breaks, widths, marks that nobody sees. Where the message carries digits
/// to type, these are left out as well, so that no digest gives them away.
fn plain(text: &str, kind: SentKind) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let unseen = |c: &char| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let text: String = text.chars().filter(unseen).map(narrow).collect();
    match kind {
        SentKind::Digits | SentKind::Signing => without_six_digits(&text),
        SentKind::Link | SentKind::Complaint => text,
    }
}

fn without_six_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        out.push_str(if run.len() == 6 { "#" } else { &run });
        run.clear();
        if c != ' ' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_where_a_person_would_see_it() {
        assert_eq!(codes("【核对码 7KQ2M-9XTRA,在 https://a.example/trust/verify-us 可查】"), ["7KQ2M9XTRA"]);
        assert_eq!(codes("code 7kq2m-9xtra."), ["7KQ2M9XTRA"]);
        for none in ["7KQ2M9XTRA", "12345678-90", "尾号 12345", "7KQ2M-9XTRA1", "aaaaa-uuuuu"] {
            assert_eq!(codes(none), Vec::<String>::new(), "{none}");
        }
        assert_eq!(read("7kq2m 9xtra"), Some("7KQ2M9XTRA".to_owned()));
    }

    #[test]
    fn what_programs_change_on_the_way_does_not_matter_and_words_do() {
        let kind = SentKind::Complaint;
        assert_eq!(plain("您的 投诉\n(编号)", kind), plain("您的投诉\u{ff08}编号\u{ff09}", kind));
        assert_ne!(plain("请勿转账", kind), plain("请转账", kind));
        // Digits to type are in no digest; every other number is.
        assert_eq!(plain("签署码 123456。", SentKind::Signing), plain("签署码654321。", SentKind::Signing));
        assert_ne!(plain("转 1234567 元", SentKind::Signing), plain("转 7654321 元", SentKind::Signing));
    }

    #[test]
    fn two_digits_of_a_number_are_told_and_none_of_anything_else() {
        assert_eq!(
            (ending("+86 138 0000 0042"), ending("a@b.example"), ending("12345")),
            ("42".into(), String::new(), String::new())
        );
    }
}
