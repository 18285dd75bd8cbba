//! What a folded text sounds like: a syllable for each Chinese character, and for Latin letters that spell syllables.

use super::{CLAUSE_END, Folded, SENTENCE_END};
use crate::han::{HAN, Sound, is_han};

/// A run of digits.
pub(crate) const DIGIT: Sound = 1000;
/// The end of a part of a sentence.
const BREAK: Sound = 1001;
/// A Latin letter that spells no syllable: this and the letter's number.
const LETTER: Sound = 1002;
/// Everything else.
const OTHER: Sound = 1030;

/// A sound as a character of the private use area, for automata that read characters.
#[inline]
pub(crate) fn heard_char(sound: Sound) -> char {
    char::from_u32(0xE000 + u32::from(sound)).unwrap_or('\u{F8FF}')
}

/// Longest run of letters that may spell syllables.
const LONGEST_RUN: usize = 48;
/// Longest syllable: zhuang.
const LONGEST_SYLLABLE: usize = 6;

/// A sound and the units that make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) sound: Sound,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

impl Spoken {
    fn of(sound: Sound, first: usize, last: usize) -> Spoken {
        Spoken { sound, first: first as u32, last: last as u32 }
    }
}

pub(super) fn speak(folded: &mut Folded) {
    let Folded { units, spoken, disguises, .. } = folded;
    let han = &*HAN;
    let mut i = 0;
    while let Some(unit) = units.get(i) {
        let c = unit.ch;
        let sound = han.sound(c);
        if sound != 0 {
            spoken.push(Spoken::of(sound, i, i));
            i += 1;
            continue;
        }
        if c.is_ascii_digit() {
            let end = run(units, i, |c| c.is_ascii_digit());
            spoken.push(Spoken::of(DIGIT, i, end - 1));
            i = end;
        } else if c.is_ascii_lowercase() {
            let end = run(units, i, |c| c.is_ascii_lowercase());
            let letters: String = units.get(i..end).unwrap_or_default().iter().map(|u| u.ch).collect();
            let after_syllable = i >= 2
                && units.get(i - 1).is_some_and(|u| u.ch == ' ')
                && spoken.last().is_some_and(|s| s.sound < DIGIT);
            let row = after_syllable || syllable_follows(units, end);
            let beside_han = [i.checked_sub(1), Some(end)]
                .into_iter()
                .flatten()
                .any(|at| units.get(at).is_some_and(|u| is_han(u.ch)));
            match spelled(&letters) {
                Some(syllables) if syllables.len() > 1 || ((beside_han || row) && letters.len() > 1) => {
                    let mut at = i;
                    for (sound, length) in syllables {
                        spoken.push(Spoken::of(sound, at, at + length - 1));
                        at += length;
                        *disguises += u32::from(beside_han);
                    }
                }
                _ => {
                    for (k, letter) in letters.bytes().enumerate() {
                        spoken.push(Spoken::of(LETTER + Sound::from(letter - b'a'), i + k, i + k));
                    }
                }
            }
            i = end;
        } else {
            match c {
                CLAUSE_END | SENTENCE_END => spoken.push(Spoken::of(BREAK, i, i)),
                ' ' => {}
                _ => spoken.push(Spoken::of(OTHER, i, i)),
            }
            i += 1;
        }
    }
}

/// Whether a blank and another run of letters that spells syllables follow: people type pinyin with blanks.
fn syllable_follows(units: &[super::Unit], end: usize) -> bool {
    if units.get(end).is_none_or(|u| u.ch != ' ') {
        return false;
    }
    let next = units.get(end + 1..).unwrap_or_default();
    let letters: String =
        next.iter().map(|u| u.ch).take_while(char::is_ascii_lowercase).take(LONGEST_RUN).collect();
    letters.len() > 1 && spelled(&letters).is_some()
}

fn run(units: &[super::Unit], start: usize, of: impl Fn(char) -> bool) -> usize {
    start + units.get(start..).unwrap_or_default().iter().take_while(|u| of(u.ch)).count()
}

/// The syllables that a run of letters spells in full, longest first; `None` if it does not.
fn spelled(letters: &str) -> Option<Vec<(Sound, usize)>> {
    let n = letters.len();
    if n > LONGEST_RUN {
        return None;
    }
    // best[i]: length of the first syllable of a spelling of letters[i..]; zero where there is none.
    let mut first = [0_usize; LONGEST_RUN + 1];
    let mut works = [false; LONGEST_RUN + 1];
    works[n] = true;
    for i in (0..n).rev() {
        for length in (1..=LONGEST_SYLLABLE.min(n - i)).rev() {
            if works[i + length] && HAN.syllable(&letters[i..i + length]).is_some() {
                (works[i], first[i]) = (true, length);
                break;
            }
        }
    }
    if !works[0] {
        return None;
    }
    let mut found = Vec::new();
    let mut i = 0;
    while i < n {
        found.push((HAN.syllable(&letters[i..i + first[i]])?, first[i]));
        i += first[i];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(text: &str) -> Vec<Sound> {
        Folded::of(text).spoken.iter().map(|s| s.sound).collect()
    }

    #[test]
    fn what_sounds_alike_is_alike() {
        let plain = sounds("安全账户");
        assert_eq!(plain.len(), 4);
        for text in
            ["anquan账户", "anquanzhanghu", "an quan zhang hu", "鞍泉帐沪", "安全zanghu", "ān quán zhàng hù"]
        {
            assert_eq!(sounds(text), plain, "{text}");
        }
        assert_ne!(sounds("app"), sounds("apple"));
        assert_eq!(sounds("12345元"), sounds("9元"));
    }
}
