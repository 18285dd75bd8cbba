//! The sheet of a test: everything about it in a few bytes that the reader's browser carries, with a seal (HMAC-SHA-256) under a key of the
//! house. So the house keeps nothing, and a test goes on over a change of language, a restart and any node. What the seal does not hinder is
//! answering an old sheet again, by going back: nobody gains anything by that, because the result is told to its reader alone.

use mingbai_core::learn::Library;
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_evidence::Digest;

use super::{SHEET_KEY_BYTES, spot, test};
use crate::desk::MINUTE_MS;
use crate::token;

const VERSION: u8 = 1;
/// How long a sheet is good for: a pause for dinner, and no more.
const GOOD_MINUTES: u32 = 12 * 60;
/// The most answers that one sheet holds.
const ANSWERS: usize = 24;
/// Longest sheet that is looked at, in bytes.
const LIMIT: usize = 300;
const HEAD: usize = 2 + 8 + 4 + 8;
const DONT_KNOW: u8 = 0xff;

/// What is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Questions with one right answer, chosen one after the other.
    Questions,
    /// Messages: a trick or real?
    Messages,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// This choice, by its place in the file.
    Choice(u8),
    /// "I don't know".
    DontKnow,
}

impl Answered {
    /// As a form sends it.
    #[must_use]
    pub fn parse(text: &str, choices: u8) -> Option<Self> {
        match text {
            "dont-know" => Some(Answered::DontKnow),
            text => text.parse().ok().filter(|choice| *choice < choices).map(Answered::Choice),
        }
    }
}

/// The question that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// Its place in its list of the library.
    pub place: u16,
    /// How many choices it has.
    pub choices: u8,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    block: Block,
    bank: [u8; 8],
    began_minute: u32,
    seed: u64,
    answers: Vec<(u16, Answered)>,
}

impl Sheet {
    pub(super) fn new(block: Block, library: &Library, seed: u64, now_ms: i64) -> Self {
        Sheet { block, bank: bank(library), began_minute: minute(now_ms), seed, answers: Vec::new() }
    }

    pub(super) fn block(&self) -> Block {
        self.block
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn answers(&self) -> &[(u16, Answered)] {
        &self.answers
    }

    /// The number of the open question, counted from one.
    pub(super) fn number(&self) -> usize {
        self.answers.len() + 1
    }

    /// The open question, computed and not believed: a sheet cannot say which one it would like.
    pub(super) fn open(&self, library: &Library) -> Option<Open> {
        if self.answers.len() >= ANSWERS {
            return None;
        }
        match self.block {
            Block::Questions => test::open(self, library),
            Block::Messages => spot::open(self, library),
        }
    }

    pub(super) fn answer(&mut self, place: u16, answered: Answered) {
        self.answers.push((place, answered));
    }

    /// As text, with its seal.
    pub(super) fn sealed(&self, key: &[u8; SHEET_KEY_BYTES]) -> String {
        let mut bytes = vec![VERSION, if self.block == Block::Questions { 0 } else { 1 }];
        bytes.extend_from_slice(&self.bank);
        bytes.extend_from_slice(&self.began_minute.to_be_bytes());
        bytes.extend_from_slice(&self.seed.to_be_bytes());
        for (place, answered) in &self.answers {
            bytes.extend_from_slice(&place.to_be_bytes());
            bytes.push(match answered {
                Answered::Choice(choice) => *choice,
                Answered::DontKnow => DONT_KNOW,
            });
        }
        format!("{}.{}", token::encode(&bytes), token::encode(&seal(key, &bytes)))
    }

    /// Reads a sheet that comes back.
    pub(super) fn opened(
        text: &str,
        key: &[u8; SHEET_KEY_BYTES],
        library: &Library,
        now_ms: i64,
    ) -> Result<Self, Words> {
        let changed = || {
            both(
                "这份答卷不是我们发的,或者被改动过,不能用。什么都没有丢,请重新开始。",
                "This sheet is not one of ours or was changed, so it cannot be used. Nothing is lost; please begin again.",
            )
        };
        let bytes = authentic(text, key).ok_or_else(changed)?;
        let sheet = read(&bytes).ok_or_else(changed)?;
        let age = minute(now_ms).saturating_sub(sheet.began_minute);
        if age > GOOD_MINUTES {
            return Err(both(
                "这份答卷放了太久(超过 12 小时),不再有效。请重新开始。",
                "This sheet is too old (more than 12 hours) and no longer good. Please begin again.",
            ));
        }
        if sheet.bank != bank(library) {
            return Err(both(
                "题库刚刚更新过,这份答卷对应的是旧题。请重新开始。",
                "The questions have just been renewed, and this sheet belongs to the old ones. Please begin again.",
            ));
        }
        Ok(sheet)
    }
}

fn authentic(text: &str, key: &[u8; SHEET_KEY_BYTES]) -> Option<Vec<u8>> {
    let (bytes, sealed) = Some(text).filter(|text| text.len() <= LIMIT)?.split_once('.')?;
    let (bytes, sealed) = (token::decode(bytes)?, token::decode(sealed)?);
    let right: bool = subtle::ConstantTimeEq::ct_eq(seal(key, &bytes).as_slice(), sealed.as_slice()).into();
    right.then_some(bytes)
}

fn seal(key: &[u8; SHEET_KEY_BYTES], bytes: &[u8]) -> Vec<u8> {
    // Its own domain, so that the key could seal nothing else by the same bytes.
    hex::decode(token::hmac_hex(key, &[b"mingbai/learn/sheet/v1\n", bytes])).unwrap_or_default()
}

fn read(bytes: &[u8]) -> Option<Sheet> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let block = match head.get(..2)? {
        [VERSION, 0] => Block::Questions,
        [VERSION, 1] => Block::Messages,
        _ => return None,
    };
    if rest.len() % 3 != 0 || rest.len() / 3 > ANSWERS {
        return None;
    }
    let answer = |three: &[u8]| {
        let place = u16::from_be_bytes([*three.first()?, *three.get(1)?]);
        let answered = match *three.get(2)? {
            DONT_KNOW => Answered::DontKnow,
            choice => Answered::Choice(choice),
        };
        Some((place, answered))
    };
    Some(Sheet {
        block,
        bank: head.get(2..10)?.try_into().ok()?,
        began_minute: u32::from_be_bytes(head.get(10..14)?.try_into().ok()?),
        seed: u64::from_be_bytes(head.get(14..22)?.try_into().ok()?),
        answers: rest.chunks_exact(3).map(answer).collect::<Option<_>>()?,
    })
}

fn bank(library: &Library) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&library.digest().as_bytes()[..8]);
    short
}

fn minute(now_ms: i64) -> u32 {
    u32::try_from(now_ms / MINUTE_MS).unwrap_or(0)
}

/// A number for sorting that only the seed and the name decide: a shuffle without dice.
pub(super) fn draw(seed: u64, name: &str) -> [u8; 32] {
    *Digest::of_parts(&[b"mingbai/learn/draw/v1\n", &seed.to_be_bytes(), name.as_bytes()]).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingbai_core::learn::File;

    const KEY: [u8; 32] = [7; 32];
    const NOW_MS: i64 = 1_796_083_200_000;
    const OTHER: &str = r#"
[[messages]]
id = "one-more"
version = 1
truth = "genuine"
channel = { zh = "短信", en = "text message" }
text = { zh = "明天停水。", en = "No water tomorrow." }
tell = { zh = "普通通知。", en = "A plain notice." }
sources = ["scam-patterns"]
"#;

    #[test]
    fn a_sheet_comes_back_as_it_went_and_every_changed_byte_is_seen() {
        let library = Library::shipped();
        let mut sheet = Sheet::new(Block::Questions, library, 42, NOW_MS);
        sheet.answer(3, Answered::Choice(1));
        sheet.answer(9, Answered::DontKnow);
        let text = sheet.sealed(&KEY);
        let open = |text: &str, now_ms| Sheet::opened(text, &KEY, library, now_ms).map_err(|words| words.en);
        assert_eq!(open(&text, NOW_MS), Ok(sheet));
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(bytes).unwrap_or_default();
            // The last letter of base 64 may hold bits that no byte uses; a decoder that took them would be no danger either.
            assert!(other == text || open(&other, NOW_MS).is_err(), "{place}");
        }
        assert!(Sheet::opened(&text, &[8; 32], library, NOW_MS).is_err());
        assert!(open(&text, NOW_MS + 13 * 60 * MINUTE_MS).is_err_and(|en| en.contains("too old")));
        let file = File { name: "x.toml".to_owned(), text: OTHER.to_owned() };
        let other = Library::with(&[file]).map(|other| Sheet::opened(&text, &KEY, &other, NOW_MS));
        assert!(other.is_ok_and(|opened| opened.is_err_and(|words| words.en.contains("renewed"))));
        for odd in ["", ".", "a.b", &"A".repeat(10_000)] {
            assert!(open(odd, NOW_MS).is_err());
        }
    }
}
