//! Folding: one pass that undoes what a text is disguised with, and keeps for every folded character where it stood.
//!
//! Widths and compatibility forms (NFKC), invisible characters, traditional characters, separators between Chinese characters, split
//! characters, digits in circles and on keys, and Latin letters that spell Chinese syllables.

mod classes;
mod sounds;

use classes::{Class, Tables, expanded};

use crate::han::{HAN, is_han};

pub(crate) use sounds::{DIGIT, Spoken, heard_char};

/// End of a part of a sentence, in the folded text.
pub(crate) const CLAUSE_END: char = ',';
/// End of a sentence or line, in the folded text.
pub(crate) const SENTENCE_END: char = '。';

/// One character of the folded text and the bytes of the original that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The character.
    pub ch: char,
    /// First byte of the original.
    pub from: u32,
    /// One past the last byte of the original.
    pub to: u32,
}

/// A folded text. Kept and filled again by the caller, so that checking many texts allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The characters.
    pub units: Vec<Unit>,
    /// What is heard when it is read aloud.
    pub(crate) spoken: Vec<Spoken>,
    /// How many disguises were undone: separators inside words, split characters, spelled syllables.
    pub disguises: u32,
    /// How many quotation marks stand in it: whoever warns quotes the caller's words.
    pub(crate) quotes: u32,
    gap: Gap,
    since_break: u32,
}

/// Separators that were read and not yet written: whether they stay depends on what follows.
#[derive(Clone, Copy, Debug, Default)]
struct Gap {
    first: Option<(char, u32)>,
    /// Not only blanks and quotes, which people also write innocently.
    odd: bool,
}

impl Folded {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Folded {
        let mut folded = Folded::default();
        folded.fill(text);
        folded
    }

    /// Folds a text into this buffer. Only the first 4 GiB could be addressed; callers cap far below.
    pub fn fill(&mut self, text: &str) {
        self.units.clear();
        self.spoken.clear();
        self.disguises = 0;
        self.quotes = 0;
        self.gap = Gap::default();
        self.since_break = 2;
        let tables = Tables::get();
        for (at, c) in text.char_indices() {
            let from = u32::try_from(at).unwrap_or(u32::MAX);
            let to = from.saturating_add(c.len_utf8() as u32);
            match tables.class(c) {
                Class::One(one) => self.push(Unit { ch: one, from, to }, &tables),
                Class::Nothing => {}
                Class::Gap => self.separate(c, from),
                Class::Clause => self.end(CLAUSE_END, from, to),
                Class::Sentence => self.end(SENTENCE_END, from, to),
                Class::Many => {
                    for ch in expanded(c) {
                        self.push(Unit { ch, from, to }, &tables);
                    }
                }
            }
        }
        sounds::speak(self);
    }

    /// The folded text as a string.
    #[must_use]
    pub fn text(&self) -> String {
        self.units.iter().map(|unit| unit.ch).collect()
    }

    /// The bytes of the original that a range of units stands for.
    #[must_use]
    pub fn span(&self, first: usize, last: usize) -> (usize, usize) {
        let from = self.units.get(first).map_or(0, |unit| unit.from as usize);
        let to = self.units.get(last).map_or(from, |unit| unit.to as usize);
        (from, to.max(from))
    }

    #[inline]
    fn push(&mut self, unit: Unit, tables: &Tables) {
        if self.gap.first.is_some() {
            self.settle(unit);
        }
        self.since_break += 1;
        if let Some(last) = self.units.last_mut()
            && tables.may_be_left_half(last.ch)
            && let Some(whole) = HAN.joined(last.ch, unit.ch)
        {
            *last = Unit { ch: whole, from: last.from, to: unit.to };
            self.disguises += 1;
            return;
        }
        self.units.push(unit);
    }

    fn separate(&mut self, c: char, from: u32) {
        self.gap.first.get_or_insert((c, from));
        self.quotes += u32::from(matches!(c, '"' | '“' | '”' | '「' | '」'));
        self.gap.odd |= !c.is_whitespace()
            && !matches!(
                c,
                '"' | '“'
                    | '”'
                    | '「'
                    | '」'
                    | '《'
                    | '》'
                    | '('
                    | ')'
                    | '\u{FF08}'
                    | '\u{FF09}'
                    | '【'
                    | '】'
            );
    }

    /// A separator stays only between letters and digits, where it is part of an address or a number.
    fn settle(&mut self, next: Unit) {
        let gap = std::mem::take(&mut self.gap);
        let (Some((c, from)), Some(last)) = (gap.first, self.units.last()) else { return };
        if last.ch.is_ascii_alphanumeric() && next.ch.is_ascii_alphanumeric() {
            let ch = if c.is_ascii_graphic() { c } else { ' ' };
            self.units.push(Unit { ch, from, to: next.from });
        } else if gap.odd && is_han(last.ch) && is_han(next.ch) {
            self.disguises += 1;
        }
    }

    /// Marks a break. A break after every single character is a disguise and no break: 安,全,账,户.
    fn end(&mut self, mark: char, from: u32, to: u32) {
        self.gap = Gap::default();
        let n = self.units.len();
        match self.units.last() {
            None => return,
            Some(last) if last.ch == CLAUSE_END || last.ch == SENTENCE_END => {
                if mark == SENTENCE_END
                    && let Some(last) = self.units.last_mut()
                {
                    last.ch = mark;
                }
                return;
            }
            Some(_) => {}
        }
        let lone = self.since_break == 1 && self.units.last().is_some_and(|last| is_han(last.ch));
        if lone {
            if n >= 2
                && matches!(self.units.get(n - 2), Some(u) if u.ch == CLAUSE_END || u.ch == SENTENCE_END)
            {
                self.units.remove(n - 2);
            }
            self.disguises += 1;
        } else {
            self.units.push(Unit { ch: mark, from, to });
        }
        self.since_break = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Folded::of(text).text()
    }

    #[test]
    fn disguises_come_off() {
        for disguised in [
            "安全账户",
            "安.全.账.户",
            "安 全*账_户",
            "安\u{200B}全账\u{FEFF}户",
            "安全賬戶",
            "安,全,账,户",
            "安。全。账。户",
            "安\n全\n账\n户",
            "安😀全💰账🔥户",
            "安全贝长户",
        ] {
            assert_eq!(folded(disguised), "安全账户", "{disguised}");
        }
        assert_eq!(folded("\u{FF21}\u{FF22}C\u{FF11}23"), "abc123");
        assert_eq!(folded("1️⃣②❸🔟"), "12310");
        assert_eq!(folded("ān quán"), "an quan");
    }

    #[test]
    fn sentences_and_addresses_stay() {
        assert_eq!(folded("你好\u{FF0C}请转账。谢谢\u{FF01}"), "你好,请转账。谢谢。");
        assert_eq!(folded("点 http://a.cn/b 领"), "点http:a.cn/b领");
        assert_eq!(folded("138-1234 5678"), "138-1234 5678");
        assert_eq!(folded(""), "");
        assert_eq!(folded("。。,!"), "");
    }

    #[test]
    fn spans_point_into_the_original() {
        let text = "请转到“安·全·賬·戶”里";
        let folded = Folded::of(text);
        let at = folded.units.iter().position(|u| u.ch == '安').unwrap_or_default();
        let (from, to) = folded.span(at, at + 3);
        assert_eq!(&text[from..to], "安·全·賬·戶");
        assert!(folded.disguises >= 3);
    }
}
