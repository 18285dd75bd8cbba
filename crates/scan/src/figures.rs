//! The optional reader of figures: a program beside ours that reads the numbers of a picture (OCR). This module knows what is
//! asked and answered and how both are compared; who carries it over HTTP is no matter of this crate. The protocol is in
//! `docs/scan.md`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Version of the protocol.
pub const PROTOCOL: u32 = 1;
/// Most tokens of an answer.
pub const TOKEN_LIMIT: usize = 20_000;
/// Longest token.
const TOKEN_LENGTH: usize = 40;

/// What is asked: one picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadRequest {
    /// [`PROTOCOL`].
    pub v: u32,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// The picture, Base64 with padding.
    pub image_base64: String,
}

/// What is answered: everything read that holds a digit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadAnswer {
    /// [`PROTOCOL`].
    pub v: u32,
    /// Name and version of the reader, for the evidence.
    pub reader: String,
    /// In any order.
    pub tokens: Vec<ReadToken>,
}

/// One piece of text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadToken {
    /// As read.
    pub text: String,
    /// How sure the reader is, in parts per million.
    pub sure_ppm: u32,
    /// Left, top, right, bottom in pixels of the picture.
    pub area_px: [u32; 4],
}

/// Why a reader gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFailure {
    /// Not reachable, too slow, or it refused.
    #[error(
        "读数服务没有回答({why})。请由人逐个核对数字,证据会写明。 / The reader of figures did not answer ({why}). A person compares every figure, and the evidence says so."
    )]
    Unavailable {
        /// What happened.
        why: String,
    },
    /// It answered something else than the protocol says.
    #[error(
        "读数服务的回答不合协议({why})。请联系技术人员;数字由人核对。 / The reader's answer does not follow the protocol ({why}). Tell the operator; a person compares the figures."
    )]
    Malformed {
        /// What is wrong.
        why: String,
    },
}

/// The port: whoever reads figures. Implementations do the network; they must bound time and size.
pub trait FigureReader {
    /// Reads one picture.
    ///
    /// # Errors
    /// When no answer that follows the protocol was had.
    fn read(&self, request: &ReadRequest) -> Result<ReadAnswer, ReadFailure>;
}

impl ReadAnswer {
    /// Reads the JSON of an answer and holds it to the protocol's limits.
    ///
    /// # Errors
    /// When it is not JSON of this form, of another version, or too long.
    pub fn from_json(json: &[u8]) -> Result<ReadAnswer, ReadFailure> {
        let bad = |why: String| ReadFailure::Malformed { why };
        let answer: ReadAnswer = serde_json::from_slice(json).map_err(|why| bad(why.to_string()))?;
        if answer.v != PROTOCOL {
            return Err(bad(format!("version {}", answer.v)));
        }
        if answer.tokens.len() > TOKEN_LIMIT || answer.tokens.iter().any(|t| t.text.len() > 4_000) {
            return Err(bad("too long".to_owned()));
        }
        Ok(answer)
    }
}

/// How often each number is missing or too many on the paper. Empty maps: every figure agrees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FigureDifference {
    /// Printed, but not read.
    pub missing: BTreeMap<String, usize>,
    /// Read, but not printed.
    pub unexpected: BTreeMap<String, usize>,
}

impl FigureDifference {
    /// Whether every figure agrees.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty()
    }
}

/// Compares the numbers of a page with those of an answer as multisets: `3,246.86` and `3246.86` are one number, order does not
/// count.
#[must_use]
pub fn compare_figures(printed: &[String], read: &ReadAnswer) -> FigureDifference {
    let mut balance: BTreeMap<String, i64> = BTreeMap::new();
    for number in printed.iter().flat_map(|text| numbers(text)) {
        *balance.entry(number).or_default() += 1;
    }
    for number in read.tokens.iter().flat_map(|token| numbers(&token.text)) {
        *balance.entry(number).or_default() -= 1;
    }
    let mut difference = FigureDifference::default();
    for (number, count) in balance {
        let times = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
        if count > 0 {
            difference.missing.insert(number, times);
        } else if count < 0 {
            difference.unexpected.insert(number, times);
        }
    }
    difference
}

/// The numbers in a text: digits with points inside them, commas of thousands taken out, wide forms made narrow.
fn numbers(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in text.chars() {
        let narrow = match c {
            '0'..='9' => c,
            '\u{FF10}'..='\u{FF19}' => char::from(b'0' + (u32::from(c) - 0xFF10) as u8),
            '.' | '\u{FF0E}' => '.',
            ',' | '\u{FF0C}' => continue,
            _ => ' ',
        };
        match all.last_mut() {
            Some(word) if narrow != ' ' && word.len() < TOKEN_LENGTH => word.push(narrow),
            _ => all.push(String::new()),
        }
    }
    let trimmed = all.iter().map(|w| w.trim_matches('.').to_owned());
    trimmed.filter(|w| w.bytes().any(|b| b.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(texts: &[&str]) -> ReadAnswer {
        let token = |t: &&str| ReadToken { text: (*t).to_owned(), sure_ppm: 990_000, area_px: [0; 4] };
        ReadAnswer { v: PROTOCOL, reader: "test 1".into(), tokens: texts.iter().map(token).collect() }
    }

    #[test]
    fn figures_are_compared_as_a_multiset() {
        let printed: Vec<String> = ["3,246.86", "430.17", "10.58", "430.17"].map(String::from).to_vec();
        let same = answer(&["利息 430.17 元", "3246.86", "10.58%", "４３０．１７"]);
        assert!(compare_figures(&printed, &same).is_empty());
        let forged = compare_figures(&printed, &answer(&["3,346.86", "430.17", "10.58", "430.17"]));
        assert_eq!(forged.missing.keys().collect::<Vec<_>>(), ["3246.86"]);
        assert_eq!(forged.unexpected.keys().collect::<Vec<_>>(), ["3346.86"]);
        let once = compare_figures(&printed, &answer(&["3246.86", "430.17", "10.58"]));
        assert_eq!(once.missing.get("430.17"), Some(&1));
    }

    #[test]
    fn an_answer_off_the_protocol_is_refused() {
        for bad in [
            "",
            "{}",
            "[]",
            r#"{"v":2,"reader":"x","tokens":[]}"#,
            r#"{"v":1,"reader":"x","tokens":[],"more":1}"#,
        ] {
            assert!(
                matches!(ReadAnswer::from_json(bad.as_bytes()), Err(ReadFailure::Malformed { .. })),
                "{bad}"
            );
        }
        assert!(
            ReadAnswer::from_json(
                br#"{"v":1,"reader":"x","tokens":[{"text":"1","sure_ppm":1,"area_px":[0,0,1,1]}]}"#
            )
            .is_ok()
        );
    }
}
