//! The parts of an answer: every number that went into the score, with the bytes of the message that it comes from.

use crate::kind::ScamType;
use crate::lexicon::{Entry, Hit, Lexicon, Sign, Slot};

/// Where a part of the score comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// What every message starts from.
    Start,
    /// An entry of the lexicon, by its index.
    Entry(u16),
    /// A demand and a hook or claimed identity were found together: the row of their mark.
    Together(u32),
    /// There are quotation marks: whoever warns quotes the caller's words.
    Quotes,
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
            Source::Quotes => "quotes",
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

    /// The demand and the hook or claimed identity that were found together.
    #[must_use]
    pub fn pair(self, lexicon: &Lexicon) -> Option<(&str, &str)> {
        match self {
            Source::Together(row) => lexicon.marks().pair(row),
            _ => None,
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
    /// A warning or negation covers the words: they never speak for a scam, and that they are covered may speak against one.
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

/// Something that the lexicon found, as a feature of the linear lanes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) row: u32,
    pub(crate) value: f64,
    /// The hit whose words it belongs to; none for a pair.
    pub(crate) hit: Option<u32>,
}

/// Value of a mark for an entry of weight one (in hundredths: 100).
const ENTRY: f64 = 0.15;
/// Value of a mark for a part, for a covered part, for a pair.
const PART: f64 = 0.25;
const COVERED: f64 = 0.3;
const PAIR: f64 = 0.3;
const QUOTES: f64 = 0.3;
/// What speaks for a scam counts in full only while nothing speaks against one: warnings name the same things.
const BESIDE_A_WARNING: f64 = 0.5;

/// What the lexicon says about a text, before anything is weighed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    /// Weight of each family, in hundredths.
    pub(crate) families: [i32; ScamType::ALL.len()],
    /// Something is demanded, and no warning covers it.
    pub(crate) demand: bool,
    /// Sum of warnings and negations, in hundredths.
    pub(crate) warning: i32,
    /// Sum of what genuine notices say.
    pub(crate) notice: i32,
    /// Anything at all was found.
    pub(crate) any: bool,
    /// What is weighed.
    pub(crate) marks: Vec<Mark>,
    counted: Vec<u16>,
    parts: Vec<(Slot, u16)>,
}

impl Slots {
    pub(crate) fn fill(&mut self, lexicon: &Lexicon, hits: &[Hit], quotes: u32) {
        *self = Slots {
            marks: std::mem::take(&mut self.marks),
            counted: std::mem::take(&mut self.counted),
            parts: std::mem::take(&mut self.parts),
            ..Slots::default()
        };
        self.marks.clear();
        self.counted.clear();
        self.parts.clear();
        self.any = !hits.is_empty();
        for (at, hit) in (0_u32..).zip(hits) {
            let Some(entry) = lexicon.entries().get(hit.entry as usize) else { continue };
            if !hit.covered {
                self.count(lexicon, at, hit.entry, entry);
                continue;
            }
            let row = lexicon.marks().covered_row(entry.slot);
            if !self.marks.iter().any(|mark| mark.row == row) {
                self.marks.push(Mark { row, value: COVERED, hit: Some(at) });
            }
        }
        self.pair(lexicon);
        if quotes > 0 {
            self.marks.push(Mark { row: lexicon.marks().quotes_row(), value: QUOTES, hit: None });
        }
        if self.warning + self.notice < 0 {
            for mark in self.marks.iter_mut().filter(|m| lexicon.marks().sign(m.row) == Sign::For) {
                mark.value *= BESIDE_A_WARNING;
            }
        }
    }

    fn count(&mut self, lexicon: &Lexicon, at: u32, index: u16, entry: &Entry) {
        if self.counted.contains(&index) {
            return;
        }
        self.counted.push(index);
        let value = ENTRY * f64::from(entry.weight.abs()) / 100.0;
        self.marks.push(Mark { row: u32::from(index), value, hit: Some(at) });
        let part = lexicon.marks().part(index);
        if !self.parts.contains(&(entry.slot, part)) {
            self.parts.push((entry.slot, part));
            self.marks.push(Mark { row: lexicon.marks().part_row(part), value: PART, hit: Some(at) });
        }
        for t in &entry.types {
            if let Some(own) = self.families.get_mut(t.index()) {
                *own += entry.weight;
            }
        }
        match entry.slot {
            Slot::Demand => self.demand = true,
            Slot::Hook | Slot::Who => {}
            Slot::Counter => self.warning += entry.weight,
            Slot::Notice => self.notice += entry.weight,
        }
    }

    fn pair(&mut self, lexicon: &Lexicon) {
        let Slots { marks, parts, .. } = self;
        let of = |wanted: &'static [Slot]| {
            parts.iter().filter(move |(slot, _)| wanted.contains(slot)).map(|(_, part)| *part)
        };
        for demand in of(&[Slot::Demand]) {
            for other in of(&[Slot::Who, Slot::Hook]) {
                if let Some(row) = lexicon.marks().pair_row(demand, other) {
                    marks.push(Mark { row, value: PAIR, hit: None });
                }
            }
        }
    }
}
