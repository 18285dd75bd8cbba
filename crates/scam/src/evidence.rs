//! The parts of an answer: every number that went into the score, with the bytes of the message that it comes from.

use crate::kind::ScamType;
use crate::lexicon::{Entry, Hit, Lexicon, Slot};

/// Where a part of the score comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// What every message starts from.
    Start,
    /// An entry of the lexicon, by its index.
    Entry(u16),
    /// Parts that belong together were found together.
    Together(Together),
    /// An n-gram of the character view.
    Characters,
    /// An n-gram of the view of sounds.
    Sounds,
}

impl Source {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Source::Start => "start",
            Source::Entry(_) => "phrase",
            Source::Together(_) => "together",
            Source::Characters => "characters",
            Source::Sounds => "sounds",
        }
    }

    /// The entry of the lexicon that it is, if it is one.
    #[must_use]
    pub fn entry(self, lexicon: &Lexicon) -> Option<&Entry> {
        match self {
            Source::Entry(index) => lexicon.entries().get(usize::from(index)),
            _ => None,
        }
    }
}

/// What was found together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// A demand and a hook of one family.
    DemandAndHook,
    /// A demand and a claimed identity of one family.
    DemandAndWho,
    /// A demand that every family makes, and any hook.
    PlainDemandAndHook,
    /// Two different demands.
    TwoDemands,
}

impl Together {
    /// Weight in hundredths of a natural logarithm of odds.
    #[must_use]
    pub fn weight(self) -> i32 {
        match self {
            Together::DemandAndHook => 60,
            Together::DemandAndWho => 40,
            Together::PlainDemandAndHook => 50,
            Together::TwoDemands => 40,
        }
    }
}

/// One part of the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Where it comes from.
    pub source: Source,
    /// First byte of the message.
    pub from: usize,
    /// One past the last byte; equal to `from` where no words are meant.
    pub to: usize,
    /// What it adds to the logarithm of the odds.
    pub weight: f64,
    /// A warning or negation covers the words, so they count for nothing.
    pub covered: bool,
}

/// Entries of less weight are not shown to people: they are in every second message.
const SHOWN_FROM: i32 = 65;

impl Evidence {
    /// The entry to show a person at these words: one that speaks for a scam, weighs enough, and is covered by no warning.
    #[must_use]
    pub fn shown(self, lexicon: &Lexicon) -> Option<&Entry> {
        let entry = self.source.entry(lexicon)?;
        let speaks = matches!(entry.slot, Slot::Who | Slot::Demand | Slot::Hook);
        (speaks && !self.covered && self.from < self.to && entry.weight >= SHOWN_FROM).then_some(entry)
    }
}

/// What the lexicon says about a text, before anything is weighed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    /// Weight of each family, in hundredths.
    pub(crate) families: [i32; ScamType::ALL.len()],
    /// Sum of what speaks for a scam, in hundredths.
    pub(crate) sum: i32,
    /// Sum of what speaks against one: zero or less.
    pub(crate) against: i32,
    /// Something is demanded, and no warning covers it.
    pub(crate) demand: bool,
    /// Sum of warnings and negations, in hundredths.
    pub(crate) warning: i32,
    /// Sum of what genuine notices say.
    pub(crate) notice: i32,
    /// Anything at all was found.
    pub(crate) any: bool,
    together: Vec<Together>,
    counted: Vec<u16>,
}

impl Slots {
    pub(crate) fn fill(&mut self, lexicon: &Lexicon, hits: &[Hit]) {
        *self = Slots {
            together: std::mem::take(&mut self.together),
            counted: std::mem::take(&mut self.counted),
            ..Slots::default()
        };
        self.together.clear();
        self.counted.clear();
        self.any = !hits.is_empty();
        let (mut demands, mut hooks, mut whos) = (0_u32, 0_u32, 0_u32);
        let (mut plain_demand, mut parts): (bool, Vec<&str>) = (false, Vec::new());
        for hit in hits.iter().filter(|hit| !hit.covered) {
            let Some(entry) = lexicon.entries().get(hit.entry as usize) else { continue };
            if self.counted.contains(&hit.entry) {
                continue;
            }
            self.counted.push(hit.entry);
            if entry.weight < 0 {
                self.against += entry.weight;
            } else {
                self.sum += entry.weight;
            }
            let families = entry.types.iter().fold(0_u32, |bits, t| bits | 1 << t.index());
            for t in &entry.types {
                if let Some(own) = self.families.get_mut(t.index()) {
                    *own += entry.weight;
                }
            }
            match entry.slot {
                Slot::Demand => {
                    self.demand = true;
                    demands |= families;
                    plain_demand |= families == 0;
                    if !parts.contains(&entry.part.as_str()) {
                        parts.push(&entry.part);
                    }
                }
                Slot::Hook => hooks |= families | 1 << 31,
                Slot::Who => whos |= families,
                Slot::Counter => self.warning += entry.weight,
                Slot::Notice => self.notice += entry.weight,
            }
        }
        let found = [
            (demands & hooks != 0, Together::DemandAndHook),
            (demands & whos != 0, Together::DemandAndWho),
            (plain_demand && hooks != 0, Together::PlainDemandAndHook),
            (parts.len() > 1, Together::TwoDemands),
        ];
        self.together.extend(found.into_iter().filter(|(there, _)| *there).map(|(_, t)| t));
        self.sum += self.together.iter().map(|t| t.weight()).sum::<i32>();
    }

    /// What speaks for a scam counts in full only while nothing speaks against one: warnings name the same things.
    pub(crate) fn gate(&self) -> f64 {
        if self.against < 0 { 0.25 } else { 1.0 }
    }

    pub(crate) fn together(&self) -> &[Together] {
        &self.together
    }
}
