//! The reviewed lexicon: who is claimed, what is demanded, which hook, and what speaks against it. Data files in `lexicon/`.
//!
//! A phrase is a literal, or parts joined by `+` that follow each other within [`GAP`] characters of one sentence; a part in square
//! brackets is a word class; `~` instead of `+` allows either order. Everything is matched on the folded text, and once more by sound where the phrase is long enough to be meant.

mod find;
mod marks;
mod read;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use daachorse::CharwiseDoubleArrayAhoCorasick as Automaton;
use serde::{Deserialize, Serialize};

pub(crate) use find::Finding;
pub use find::Hit;
pub(crate) use marks::{MARK_BITS, Marks, Sign};
pub use read::LexiconError;

use crate::kind::ScamType;

/// Most characters between two parts of a phrase.
pub const GAP: u32 = 12;

/// The place of an entry in the structure of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    /// Who the sender claims to be.
    Who,
    /// What is demanded, or which unlawful service is offered.
    Demand,
    /// What makes people comply: profit, fear, need.
    Hook,
    /// Warnings, reports and negations: they speak against a scam.
    Counter,
    /// What genuine notices and daily life say.
    Notice,
}

/// What a negation or warning covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reach {
    /// What follows, to the next comma.
    Clause,
    /// What follows, to the end of the sentence.
    Sentence,
    /// What stands before it in the sentence, and the sentence before.
    Back,
}

/// One reviewed claim.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name, unique: `family/claim`.
    pub id: String,
    /// Its place.
    pub slot: Slot,
    /// Which demand, hook or claim: `transfer`, `profit`, `police`.
    pub part: String,
    /// Families it speaks for; none where every family does this.
    pub types: Vec<ScamType>,
    /// Weight in hundredths of a natural logarithm of odds; negative speaks against.
    pub weight: i32,
    /// Where the description comes from; a key of `sources.toml`.
    pub source: String,
    pub(crate) reach: Option<Reach>,
}

/// Where a description comes from.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceNote {
    /// Authority, title, date.
    pub title: String,
    /// Address of the page that was read.
    pub url: Option<String>,
    /// What it says, in short.
    pub note: Option<String>,
}

/// Part `place` of a phrase, for a literal that can stand there.
#[derive(Clone, Copy, Debug)]
struct Place {
    pattern: u32,
    place: u8,
}

#[derive(Clone, Copy, Debug)]
struct Pattern {
    entry: u16,
    parts: u8,
    /// Index of its first part in the table of what was seen.
    seen_at: u32,
}

/// The lexicon, ready to match.
pub struct Lexicon {
    entries: Vec<Entry>,
    sources: BTreeMap<String, SourceNote>,
    patterns: Vec<Pattern>,
    /// For each literal: its length in characters and its places, as a range of `places`.
    literals: Vec<(u32, u32, u32)>,
    places: Vec<Place>,
    seen_len: usize,
    marks: Marks,
    words: Automaton<u32>,
    /// Literals of four syllables and more.
    heard: Automaton<u32>,
    /// Shorter ones, asked only where a text hides something.
    heard_short: Automaton<u32>,
}

static SHIPPED: LazyLock<Lexicon> =
    LazyLock::new(|| read::shipped().expect("the shipped lexicon is read by a test of this crate"));

impl Lexicon {
    /// The lexicon that is part of the program.
    #[must_use]
    pub fn shipped() -> &'static Lexicon {
        &SHIPPED
    }

    /// Every entry.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every source by its key.
    #[must_use]
    pub fn sources(&self) -> &BTreeMap<String, SourceNote> {
        &self.sources
    }

    /// The numbers of what can be found.
    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
    }

    /// A number that changes with the entries: weights belong to the lexicon that they were trained with.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for entry in &self.entries {
            for byte in entry.id.bytes().chain(entry.part.bytes()).chain(entry.weight.to_le_bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            }
        }
        hash
    }

    /// How many phrases and literals there are.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.patterns.len(), self.literals.len())
    }
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (phrases, literals) = self.size();
        write!(f, "Lexicon {{ entries: {}, phrases: {phrases}, literals: {literals} }}", self.entries.len())
    }
}
