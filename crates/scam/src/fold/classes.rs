//! What the folding does with one character: a table over the basic plane, so that the pass is one look-up for each character.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::han::{HAN, is_han};

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// It is seen by nobody: zero-width, joiners, marks.
    Nothing,
    /// It only separates: blanks, dots, quotes, emoji.
    Gap,
    /// It ends a part of a sentence.
    Clause,
    /// It ends a sentence or a line.
    Sentence,
    /// It stands for one character.
    One(char),
    /// It stands for several.
    Many,
}

const NOTHING: u16 = 0;
const GAP: u16 = 1;
const CLAUSE: u16 = 2;
const SENTENCE: u16 = 3;
const MANY: u16 = 4;

static TABLE: LazyLock<Vec<u16>> = LazyLock::new(|| (0..=u16::MAX).map(slot).collect());
/// A bit for each character that can be the left half of a split one.
static LEFT: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0_u64; 1024];
    for c in HAN.left_halves() {
        if let Some(word) = bits.get_mut(c as usize / 64) {
            *word |= 1 << (c as u32 % 64);
        }
    }
    bits
});

/// The tables of the pass, fetched once for a text.
pub(super) struct Tables {
    table: &'static [u16],
    left: &'static [u64],
}

impl Tables {
    pub(super) fn get() -> Tables {
        Tables { table: &TABLE, left: &LEFT }
    }

    #[inline]
    pub(super) fn class(&self, c: char) -> Class {
        match self.table.get(c as usize) {
            Some(&NOTHING) => Class::Nothing,
            Some(&GAP) => Class::Gap,
            Some(&CLAUSE) => Class::Clause,
            Some(&SENTENCE) => Class::Sentence,
            Some(&MANY) => Class::Many,
            Some(&other) => char::from_u32(u32::from(other)).map_or(Class::Gap, Class::One),
            None => astral(c),
        }
    }

    #[inline]
    pub(super) fn may_be_left_half(&self, c: char) -> bool {
        self.left.get(c as usize / 64).is_some_and(|word| word >> (c as u32 % 64) & 1 == 1)
    }
}

fn slot(code: u16) -> u16 {
    let Some(c) = char::from_u32(u32::from(code)) else { return GAP };
    match judged(c) {
        Class::Nothing => NOTHING,
        Class::Gap => GAP,
        Class::Clause => CLAUSE,
        Class::Sentence => SENTENCE,
        Class::Many => MANY,
        Class::One(to) => u16::try_from(to as u32).map_or(MANY, |to| if to <= MANY { GAP } else { to }),
    }
}

/// Characters beyond the basic plane: rare in messages, judged one by one.
fn astral(c: char) -> Class {
    let letter =
        |base: u32| char::from_u32(u32::from(b'a') + (c as u32 - base)).map_or(Class::Gap, Class::One);
    match c {
        '\u{E0000}'..='\u{E0FFF}' => Class::Nothing,
        '\u{1F150}'..='\u{1F169}' => letter(0x1F150),
        '\u{1F170}'..='\u{1F189}' => letter(0x1F170),
        '\u{1F1E6}'..='\u{1F1FF}' => letter(0x1F1E6),
        '\u{1F51F}' => Class::Many,
        c if is_han(c) => Class::One(HAN.simplify(c)),
        c => judged(c),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00}'..='\u{08}' | '\u{0E}'..='\u{1F}' | '\u{7F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}'
        | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}')
        || is_combining_mark(c)
}

/// Digits in black circles have no compatibility form in Unicode.
fn circled(c: char) -> Option<char> {
    let base = match c {
        '\u{2776}'..='\u{277E}' => 0x2775,
        '\u{2780}'..='\u{2788}' => 0x277F,
        '\u{278A}'..='\u{2792}' => 0x2789,
        '\u{24F5}'..='\u{24FD}' => 0x24F4,
        '\u{24FF}' => return Some('0'),
        _ => return None,
    };
    char::from_digit(c as u32 - base, 10)
}

fn judged(c: char) -> Class {
    if is_invisible(c) {
        return Class::Nothing;
    }
    if let Some(digit) = circled(c) {
        return Class::One(digit);
    }
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '。' | '\u{FF61}' | '!' | '\u{FF01}' | '?' | '\u{FF1F}'
        | ';' | '\u{FF1B}' => {
            return Class::Sentence;
        }
        ',' | '\u{FF0C}' | '、' | '\u{FF64}' => return Class::Clause,
        '%' | '\u{FF05}' => return Class::One('%'),
        _ => {}
    }
    let mut parts = expanded(c);
    match (parts.next(), parts.next()) {
        (None, _) => Class::Gap,
        (Some(one), None) => Class::One(one),
        (Some(_), Some(_)) => Class::Many,
    }
}

/// The letters, digits and Chinese characters that a character stands for, small and simplified.
pub(super) fn expanded(c: char) -> impl Iterator<Item = char> {
    let ten = (c == '\u{1F51F}').then_some(['1', '0']).into_iter().flatten();
    let radical = HAN.simplify(c);
    let from = if is_han(radical) { radical } else { c };
    let parts = std::iter::once(from).nfkd().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c));
    ten.chain(parts.flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)).map(|c| HAN.simplify(c)))
}
