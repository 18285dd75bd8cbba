//! The n-grams of a folded text, hashed into the rows of a table: characters 1–2, sounds 1–3.

use crate::fold::{DIGIT, Spoken, Unit};

/// An n-gram: its row in the table and the units that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gram {
    pub(crate) row: u32,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// The n-grams of one text, each row once. Kept and filled again.
#[derive(Clone, Debug, Default)]
pub struct Grams {
    pub(crate) characters: Vec<Gram>,
    pub(crate) sounds: Vec<Gram>,
    seen: Vec<u64>,
}

const NONE: u64 = 0;

/// Multiplies and folds: the same on every machine.
#[inline]
fn row(kind: u64, a: u64, b: u64, c: u64, bits: u32) -> u32 {
    let mut x = a
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(b.wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
        .wrapping_add(c.wrapping_mul(0x1656_67B1_9E37_79F9))
        .wrapping_add(kind.wrapping_mul(0x27D4_EB2F_1656_67C5));
    x ^= x >> 31;
    (x.wrapping_mul(0xFF51_AFD7_ED55_8CCD) >> (64 - bits)) as u32
}

impl Grams {
    /// Fills the n-grams of characters. Letters that spell a syllable are left to the other view: here they would be letters of an address.
    pub(crate) fn read(&mut self, units: &[Unit], spoken: &[Spoken], bits: u32) {
        let Grams { characters, seen, .. } = self;
        characters.clear();
        let mut keep = Once::new(seen, bits);
        let mut before = NONE;
        let mut before_at = 0;
        let mut spelled = spoken.iter().filter(|s| s.sound < DIGIT && s.last > s.first).peekable();
        for (at, unit) in (0_u32..).zip(units) {
            while spelled.next_if(|s| s.last < at).is_some() {}
            if spelled.peek().is_some_and(|s| s.first <= at) {
                before = NONE;
                continue;
            }
            // A number counts as one sign, whatever its digits.
            let sign = if unit.ch.is_ascii_digit() { u64::from(b'0') } else { unit.ch as u64 };
            if sign == u64::from(b'0') && before == sign {
                continue;
            }
            keep.put(characters, Gram { row: row(1, sign, NONE, NONE, bits), first: at, last: at });
            if before != NONE {
                keep.put(
                    characters,
                    Gram { row: row(2, before, sign, NONE, bits), first: before_at, last: at },
                );
            }
            (before, before_at) = (sign, at);
        }
        keep.forget(characters);
    }

    /// Fills the n-grams of sounds.
    pub(crate) fn hear(&mut self, spoken: &[Spoken], bits: u32) {
        let Grams { sounds, seen, .. } = self;
        sounds.clear();
        let mut keep = Once::new(seen, bits);
        for (i, third) in spoken.iter().enumerate() {
            let c = u64::from(third.sound);
            keep.put(sounds, Gram { row: row(3, c, NONE, NONE, bits), first: third.first, last: third.last });
            let Some(second) = i.checked_sub(1).and_then(|i| spoken.get(i)) else { continue };
            let b = u64::from(second.sound);
            keep.put(sounds, Gram { row: row(4, b, c, NONE, bits), first: second.first, last: third.last });
            let Some(first) = i.checked_sub(2).and_then(|i| spoken.get(i)) else { continue };
            let a = u64::from(first.sound);
            keep.put(sounds, Gram { row: row(5, a, b, c, bits), first: first.first, last: third.last });
        }
        keep.forget(sounds);
    }
}

/// A set of rows as bits: small enough to stay near the processor, emptied by what was put in.
struct Once<'a> {
    seen: &'a mut Vec<u64>,
}

impl<'a> Once<'a> {
    fn new(seen: &'a mut Vec<u64>, bits: u32) -> Once<'a> {
        let words = (1_usize << bits).div_ceil(64);
        if seen.len() < words {
            seen.resize(words, 0);
        }
        Once { seen }
    }

    #[inline]
    fn put(&mut self, into: &mut Vec<Gram>, gram: Gram) {
        let bit = 1_u64 << (gram.row % 64);
        if let Some(word) = self.seen.get_mut(gram.row as usize / 64)
            && *word & bit == 0
        {
            *word |= bit;
            into.push(gram);
        }
    }

    fn forget(self, put: &[Gram]) {
        for gram in put {
            if let Some(word) = self.seen.get_mut(gram.row as usize / 64) {
                *word = 0;
            }
        }
    }
}
