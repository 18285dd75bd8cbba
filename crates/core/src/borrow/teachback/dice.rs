//! A small deterministic generator (SplitMix64). The seed is an argument; nothing here is a secret or a
//! security measure.

use super::QuestionId;

/// Seeded dice.
pub(super) struct Dice(u64);

impl Dice {
    /// Dice for one question: kind and variant stir the seed, so that variants of one seed are placed
    /// differently.
    pub(super) fn new(id: QuestionId) -> Self {
        let stir = id.kind.key().bytes().fold(u64::from(id.variant), |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Dice(id.seed ^ stir)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 … `below` − 1. The bias of the remainder is of no weight for a handful of choices.
    pub(super) fn below(&mut self, below: usize) -> usize {
        let below = u64::try_from(below).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % below).unwrap_or(0)
    }

    /// Fisher–Yates.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
