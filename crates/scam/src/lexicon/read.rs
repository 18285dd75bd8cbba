//! Reading the lexicon's files: every mistake in them is named by file and entry.

use std::collections::{BTreeMap, HashMap};

use daachorse::CharwiseDoubleArrayAhoCorasick as Automaton;
use serde::Deserialize;

use super::{Entry, Lexicon, Marks, Pattern, Place, Reach, Slot, SourceNote};
use crate::fold::{Folded, heard_char};
use crate::han::is_han;
use crate::kind::ScamType;

const CLASSES: &str = include_str!("../../lexicon/classes.toml");
const SOURCES: &str = include_str!("../../lexicon/sources.toml");

macro_rules! files {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("../../lexicon/", $name, ".toml")))),*] };
}

const FILES: [(&str, &str); 19] = files![
    "brush-orders",
    "fake-investment",
    "romance",
    "fake-shopping",
    "fake-service",
    "fake-loan",
    "credit-scare",
    "credit-repair",
    "fake-acquaintance",
    "fake-police",
    "game-trade",
    "pension-investment",
    "loan-broker",
    "ab-loan",
    "rights-agent",
    "phishing",
    "plain",
    "common",
    "counter",
];

/// What is wrong with a lexicon.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A file is no TOML of the expected shape.
    #[error("lexicon file {file}: {why}")]
    File {
        /// Which.
        file: String,
        /// What the reader says.
        why: String,
    },
    /// An entry contradicts itself or names something that does not exist.
    #[error("lexicon entry {entry}: {why}")]
    Entry {
        /// Which.
        entry: String,
        /// What is wrong.
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    family: Family,
    entry: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    r#type: Option<ScamType>,
    #[serde(default)]
    also: Vec<ScamType>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    id: String,
    slot: Slot,
    part: String,
    weight: i32,
    phrases: Vec<String>,
    #[serde(default)]
    types: Vec<ScamType>,
    #[serde(default)]
    also: Vec<ScamType>,
    source: Option<String>,
    reach: Option<Reach>,
}

/// What is put together while reading.
#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    patterns: Vec<Pattern>,
    literals: HashMap<String, u32>,
    texts: Vec<String>,
    places: Vec<Vec<Place>>,
    seen_len: u32,
}

pub(super) fn shipped() -> Result<Lexicon, LexiconError> {
    let bad =
        |file: &str, why: toml::de::Error| LexiconError::File { file: file.to_owned(), why: why.to_string() };
    let classes: BTreeMap<String, Vec<String>> = toml::from_str(CLASSES).map_err(|e| bad("classes", e))?;
    let sources: BTreeMap<String, SourceNote> = toml::from_str(SOURCES).map_err(|e| bad("sources", e))?;
    let mut builder = Builder::default();
    for (name, text) in FILES {
        let file: File = toml::from_str(text).map_err(|e| bad(name, e))?;
        for raw in file.entry {
            builder.add(&file.family, raw, &classes, &sources)?;
        }
    }
    builder.finish(sources)
}

fn wrong(entry: &str, why: impl Into<String>) -> LexiconError {
    LexiconError::Entry { entry: entry.to_owned(), why: why.into() }
}

impl Builder {
    fn add(
        &mut self,
        family: &Family,
        raw: RawEntry,
        classes: &BTreeMap<String, Vec<String>>,
        sources: &BTreeMap<String, SourceNote>,
    ) -> Result<(), LexiconError> {
        let against = matches!(raw.slot, Slot::Counter | Slot::Notice);
        if against != (raw.weight < 0) {
            return Err(wrong(
                &raw.id,
                "what speaks against a scam has a negative weight, and nothing else has",
            ));
        }
        if raw.reach.is_some() && raw.slot != Slot::Counter {
            return Err(wrong(&raw.id, "only a counter-entry has a reach"));
        }
        if self.entries.iter().any(|e| e.id == raw.id) {
            return Err(wrong(&raw.id, "this id is there twice"));
        }
        let source = raw.source.unwrap_or_else(|| family.source.clone());
        if !sources.contains_key(&source) {
            return Err(wrong(&raw.id, format!("source {source} is not in sources.toml")));
        }
        let own = if raw.types.is_empty() { family.r#type.into_iter().collect() } else { raw.types };
        let types = own.into_iter().chain(family.also.iter().copied()).chain(raw.also).collect();
        let entry = u16::try_from(self.entries.len()).map_err(|_| wrong(&raw.id, "too many entries"))?;
        for phrase in &raw.phrases {
            for ordered in orders(phrase) {
                self.phrase(&raw.id, entry, &ordered, classes)?;
            }
        }
        self.entries.push(Entry {
            id: raw.id,
            slot: raw.slot,
            part: raw.part,
            types,
            weight: raw.weight,
            source,
            reach: raw.reach,
        });
        Ok(())
    }

    fn phrase(
        &mut self,
        id: &str,
        entry: u16,
        phrase: &str,
        classes: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), LexiconError> {
        let pattern = self.patterns.len() as u32;
        // A phrase that ends in a plus names a part that is understood.
        let parts: Vec<&str> = phrase.trim_matches('+').split('+').collect();
        for (place, part) in parts.iter().enumerate() {
            for literal in alternatives(part, classes).map_err(|why| wrong(id, format!("{phrase}: {why}")))? {
                let place = Place { pattern, place: place as u8 };
                self.literal(&literal, place).map_err(|why| wrong(id, why))?;
            }
        }
        self.patterns.push(Pattern { entry, parts: parts.len() as u8, seen_at: self.seen_len });
        self.seen_len += parts.len() as u32;
        Ok(())
    }

    fn literal(&mut self, literal: &str, place: Place) -> Result<(), String> {
        let folded = Folded::of(literal).text();
        let text = if literal.chars().any(char::is_alphanumeric) && literal.is_ascii() {
            literal.to_owned()
        } else {
            folded
        };
        if text.is_empty() {
            return Err(format!("{literal:?} is empty once it is folded"));
        }
        let next = self.texts.len() as u32;
        let id = *self.literals.entry(text.clone()).or_insert(next);
        if id == next {
            self.texts.push(text);
            self.places.push(Vec::new());
        }
        if let Some(places) = self.places.get_mut(id as usize) {
            places.push(place);
        }
        Ok(())
    }

    fn finish(self, sources: BTreeMap<String, SourceNote>) -> Result<Lexicon, LexiconError> {
        let mut literals = Vec::with_capacity(self.texts.len());
        let mut places = Vec::new();
        for (text, own) in self.texts.iter().zip(&self.places) {
            let from = places.len() as u32;
            places.extend(own);
            literals.push((text.chars().count() as u32, from, places.len() as u32));
        }
        let words = automaton(self.texts.iter().cloned().zip(0..).collect())?;
        let spoken = self.spoken();
        let long = |n: &usize| *n >= 4;
        let pick = |wanted: bool| {
            spoken
                .iter()
                .filter(|(_, n, _)| long(n) == wanted && *n >= 2)
                .map(|(s, _, id)| (s.clone(), *id))
                .collect()
        };
        let (heard, heard_short) = (automaton(pick(true))?, automaton(pick(false))?);
        let seen_len = self.seen_len as usize;
        let marks = Marks::of(&self.entries)
            .ok_or_else(|| wrong("all", "there are more marks than the table has rows"))?;
        Ok(Lexicon {
            entries: self.entries,
            sources,
            patterns: self.patterns,
            literals,
            places,
            seen_len,
            marks,
            words,
            heard,
            heard_short,
        })
    }

    /// Literals of Chinese characters as they sound; of two that sound alike the first stands for both.
    fn spoken(&self) -> Vec<(String, usize, u32)> {
        let mut taken = HashMap::new();
        for (text, id) in self.texts.iter().zip(0_u32..) {
            if text.chars().all(is_han) {
                let sounds: String = Folded::of(text).spoken.iter().map(|s| heard_char(s.sound)).collect();
                taken.entry(sounds).or_insert((text.chars().count(), id));
            }
        }
        let mut all: Vec<_> = taken.into_iter().map(|(sounds, (n, id))| (sounds, n, id)).collect();
        all.sort();
        all
    }
}

fn automaton(patterns: Vec<(String, u32)>) -> Result<Automaton<u32>, LexiconError> {
    Automaton::with_values(patterns)
        .map_err(|e| LexiconError::File { file: "all".to_owned(), why: format!("cannot be compiled: {e}") })
}

/// A phrase whose parts may stand either way round, written in both orders.
fn orders(phrase: &str) -> Vec<String> {
    let parts: Vec<&str> = phrase.split('~').filter(|part| !part.is_empty()).collect();
    let mut all = vec![parts.join("+")];
    if parts.len() > 1 {
        all.push(parts.iter().rev().copied().collect::<Vec<_>>().join("+"));
    }
    all
}

/// What may stand for a part: the words of a class with what is written before and after it, or the part itself.
fn alternatives(part: &str, classes: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let Some((before, rest)) = part.split_once('[') else { return Ok(vec![part.to_owned()]) };
    let (class, after) = rest.split_once(']').ok_or("a bracket is not closed")?;
    let words = classes.get(class).ok_or_else(|| format!("there is no class {class}"))?;
    let mut all = Vec::new();
    for word in words {
        all.extend(alternatives(&format!("{before}{word}{after}"), classes)?);
    }
    Ok(all)
}
