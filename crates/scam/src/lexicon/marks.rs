//! The marks of a message: what the lexicon found, numbered, so that the linear lanes can weigh it beside the n-grams.
//!
//! Five sorts: an entry; its part (whatever the family: a transfer is a transfer); a part that a warning covers; a demand together with a
//! claimed identity or a hook; quotation marks. Parts and pairs are what families have in common, so a family that nobody trained on is not a stranger.

use super::{Entry, Slot};

/// The table of marks has 2^this rows.
pub(crate) const MARK_BITS: u32 = 11;

/// Slots that can be covered by a warning: demand, who, hook. Behind them stands the mark of quotation marks.
const COVERED: usize = 3;

/// What a mark may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Only for a scam: who, demand, hook.
    For,
    /// Only against one: warnings, negations, notices.
    Against,
}

/// The number of each mark.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    signs: Vec<Sign>,
    entries: usize,
    /// Slot and part; demands first, then who and hooks, then the rest.
    parts: Vec<(Slot, String)>,
    demands: usize,
    others: usize,
    part_of_entry: Vec<u16>,
}

fn order(slot: Slot) -> u8 {
    match slot {
        Slot::Demand => 0,
        Slot::Who => 1,
        Slot::Hook => 2,
        Slot::Counter => 3,
        Slot::Notice => 4,
    }
}

fn sign(slot: Slot) -> Sign {
    if matches!(slot, Slot::Counter | Slot::Notice) { Sign::Against } else { Sign::For }
}

impl Marks {
    /// Numbers the marks of a lexicon; `None` if there are more than the table has rows.
    pub(super) fn of(entries: &[Entry]) -> Option<Marks> {
        let mut parts: Vec<(Slot, String)> = entries.iter().map(|e| (e.slot, e.part.clone())).collect();
        parts.sort_by(|a, b| order(a.0).cmp(&order(b.0)).then_with(|| a.1.cmp(&b.1)));
        parts.dedup();
        let count = |slots: &[Slot]| parts.iter().filter(|(slot, _)| slots.contains(slot)).count();
        let (demands, others) = (count(&[Slot::Demand]), count(&[Slot::Who, Slot::Hook]));
        let part = |e: &Entry| parts.iter().position(|(slot, part)| *slot == e.slot && *part == e.part);
        let part_of_entry =
            entries.iter().map(|e| part(e).and_then(|p| u16::try_from(p).ok())).collect::<Option<_>>()?;
        let mut signs: Vec<Sign> = entries.iter().map(|e| sign(e.slot)).collect();
        signs.extend(parts.iter().map(|(slot, _)| sign(*slot)));
        signs.extend([Sign::Against; COVERED + 1]);
        signs.resize(signs.len() + demands * others, Sign::For);
        let marks = Marks { signs, entries: entries.len(), parts, demands, others, part_of_entry };
        (marks.len() <= 1 << MARK_BITS).then_some(marks)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.signs.len()
    }

    /// What a mark may say.
    pub(crate) fn sign(&self, row: u32) -> Sign {
        self.signs.get(row as usize).copied().unwrap_or(Sign::For)
    }

    /// The part of an entry.
    pub(crate) fn part(&self, entry: u16) -> u16 {
        self.part_of_entry.get(usize::from(entry)).copied().unwrap_or(0)
    }

    pub(crate) fn part_row(&self, part: u16) -> u32 {
        (self.entries + usize::from(part)) as u32
    }

    /// The row of "a demand (identity, hook) that a warning covers".
    pub(crate) fn covered_row(&self, slot: Slot) -> u32 {
        (self.entries + self.parts.len()) as u32 + u32::from(order(slot).min(2))
    }

    /// The row of "there are quotation marks".
    pub(crate) fn quotes_row(&self) -> u32 {
        (self.entries + self.parts.len() + COVERED) as u32
    }

    /// The row of a demand together with a hook or claimed identity; both by their part.
    pub(crate) fn pair_row(&self, demand: u16, other: u16) -> Option<u32> {
        let (demand, other) = (usize::from(demand), usize::from(other).checked_sub(self.demands)?);
        (demand < self.demands && other < self.others)
            .then_some((self.entries + self.parts.len() + COVERED + 1 + demand * self.others + other) as u32)
    }

    /// The two parts of a pair, for the words of an explanation.
    pub(crate) fn pair(&self, row: u32) -> Option<(&str, &str)> {
        let at = (row as usize).checked_sub(self.entries + self.parts.len() + COVERED + 1)?;
        let (demand, other) = (at.checked_div(self.others)?, at.checked_rem(self.others)?);
        Some((&self.parts.get(demand)?.1, &self.parts.get(self.demands + other)?.1))
    }
}
