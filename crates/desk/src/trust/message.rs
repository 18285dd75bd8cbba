//! A message that somebody got: does it follow a known pattern, and does it name a paper that is really from this house? It is read and
//! forgotten: not stored, not logged, not counted by content.

use mingbai_scam::{Answer, Checker, MESSAGE_MAX, Scratch};

use mingbai_core::text::both;

use super::PublicPaper;
use super::sent::{SentMatch, SentText};
use crate::desk::Desk;
use crate::error::{DeskError, ErrorKind};
use crate::token;

/// Codes that are looked up in one message; more would be a list and no message.
const CODES_MAX: usize = 3;

/// What is said about a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageAnswer {
    /// The pattern, with its evidence.
    pub answer: Answer,
    /// Papers of this house that the message names by their code. That a code is real does not make the message so: anybody can copy it.
    pub ours: Vec<PublicPaper>,
    /// Messages of this house whose codes it carries, and whether it is their text.
    pub sent: Vec<SentMatch>,
}

impl MessageAnswer {
    /// Whether it is, word for word, a message that this house sent. The only way to be told "really from us".
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.sent.iter().any(|one| one.text == SentText::Same)
    }
}

impl Desk {
    /// Checks a message.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when it is longer than [`MESSAGE_MAX`] bytes; [`DeskError`] when the log cannot be read.
    pub async fn check_message(&self, text: &str) -> Result<MessageAnswer, DeskError> {
        let answer = Checker::shipped().check(text, &mut Scratch::default()).map_err(|_| {
            let words = both(
                format!("内容太长,最多 {MESSAGE_MAX} 字节。请只贴可疑的那几段。"),
                format!("The text is too long; at most {MESSAGE_MAX} bytes. Paste only the suspicious part."),
            );
            DeskError::Invalid { field: "text", words }
        })?;
        let mut ours = Vec::new();
        for code in codes(text) {
            match self.check_code(&code).await {
                Ok(paper) => ours.push(paper),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        let sent = self.sent_in(text).await?;
        Ok(MessageAnswer { answer, ours, sent })
    }
}

/// What looks like the short code of a paper: twelve letters or digits, perhaps in groups of four.
fn codes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ' ';
    for run in text.split(|c| !part(c)) {
        // Longer runs are addresses and chatter.
        if let Some(code) = token::read_short_code(run.trim())
            && !found.contains(&code)
            && found.len() < CODES_MAX
        {
            found.push(code);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn codes_are_found_where_a_person_would_see_them() {
        assert_eq!(codes("通知编号 1234-5678-9ABC,请查收"), ["123456789ABC"]);
        assert_eq!(codes("编号1234 5678 9abc。编号1234-5678-9ABC"), ["123456789ABC"]);
        assert_eq!(codes("您尾号8812的卡支出300元"), Vec::<String>::new());
    }
}
