//! Finding the entries in a folded text: literals by automaton, phrases of several parts by what was seen before.

use daachorse::CharwiseDoubleArrayAhoCorasick as Automaton;

use super::{Entry, GAP, Lexicon, Reach, Slot};
use crate::fold::{CLAUSE_END, Folded, SENTENCE_END, heard_char};

/// Most characters that a negation covers, for texts without punctuation.
const CLAUSE_REACH: u32 = 24;
const SENTENCE_REACH: u32 = 80;

/// Disguises from which on short phrases are also looked for by sound.
const HIDING: u32 = 2;

/// An entry found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of the entry.
    pub entry: u16,
    /// First unit.
    pub first: u32,
    /// Last unit.
    pub last: u32,
    /// First unit of its last part: where what is demanded stands.
    pub anchor: u32,
    /// It was found by its sound, not by its characters.
    pub heard: bool,
    /// A warning or negation covers it, so it counts for nothing.
    pub covered: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    text: u32,
    first: u32,
    end: u32,
}

/// Room for the work; kept between texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Finding {
    seen: Vec<Seen>,
    text: u32,
    /// The hits of the last text.
    pub(crate) hits: Vec<Hit>,
    scopes: Vec<(u32, u32)>,
    breaks: Vec<(u32, bool)>,
}

impl Finding {
    /// Finds what the lexicon knows in a text.
    pub(crate) fn run(&mut self, lexicon: &Lexicon, folded: &Folded) {
        self.hits.clear();
        if self.seen.len() != lexicon.seen_len {
            self.seen = vec![Seen::default(); lexicon.seen_len];
            self.text = 0;
        }
        self.read(lexicon, folded);
        self.listen(lexicon, &lexicon.heard, folded);
        if folded.disguises >= HIDING {
            self.listen(lexicon, &lexicon.heard_short, folded);
        }
        self.settle(lexicon, folded);
    }

    fn next_pass(&mut self) {
        self.text = self.text.wrapping_add(1);
        if self.text == 0 {
            self.seen.fill(Seen::default());
            self.text = 1;
        }
    }

    fn read(&mut self, lexicon: &Lexicon, folded: &Folded) {
        self.next_pass();
        let mut sentence = 0;
        let mut stepper = lexicon.words.find_overlapping_stepper();
        for (i, unit) in (0_u32..).zip(&folded.units) {
            if unit.ch == SENTENCE_END {
                sentence = i + 1;
            }
            stepper.consume(unit.ch);
            for found in stepper.matches() {
                let Some(&(length, from, to)) = lexicon.literals.get(found.value() as usize) else {
                    continue;
                };
                let first = i + 1 - length;
                self.literal(lexicon, (from, to), (first, i), sentence, false);
            }
        }
    }

    fn listen(&mut self, lexicon: &Lexicon, automaton: &Automaton<u32>, folded: &Folded) {
        self.next_pass();
        let mut sentence = 0;
        let mut stepper = automaton.find_overlapping_stepper();
        for (i, spoken) in folded.spoken.iter().enumerate() {
            if folded.units.get(spoken.first as usize).is_some_and(|u| u.ch == SENTENCE_END) {
                sentence = spoken.last + 1;
            }
            stepper.consume(heard_char(spoken.sound));
            for found in stepper.matches() {
                let Some(&(length, from, to)) = lexicon.literals.get(found.value() as usize) else {
                    continue;
                };
                let first = folded.spoken.get(i + 1 - length as usize).map_or(0, |s| s.first);
                self.literal(lexicon, (from, to), (first, spoken.last), sentence, true);
            }
        }
    }

    #[inline]
    fn literal(&mut self, lexicon: &Lexicon, places: (u32, u32), at: (u32, u32), sentence: u32, heard: bool) {
        let (first, last) = at;
        for place in lexicon.places.get(places.0 as usize..places.1 as usize).unwrap_or_default() {
            let Some(pattern) = lexicon.patterns.get(place.pattern as usize) else { continue };
            let slot = (pattern.seen_at + u32::from(place.place)) as usize;
            let begun = if place.place == 0 {
                first
            } else {
                match self.seen.get(slot - 1) {
                    Some(before)
                        if before.text == self.text
                            && before.end <= first
                            && first - before.end <= GAP
                            && before.first >= sentence =>
                    {
                        before.first
                    }
                    _ => continue,
                }
            };
            if place.place + 1 < pattern.parts {
                if let Some(seen) = self.seen.get_mut(slot) {
                    *seen = Seen { text: self.text, first: begun, end: last + 1 };
                }
            } else {
                self.hits.push(Hit {
                    entry: pattern.entry,
                    first: begun,
                    last,
                    anchor: first,
                    heard,
                    covered: false,
                });
            }
        }
    }

    /// Removes what is part of something else, and covers what a warning or negation speaks of.
    fn settle(&mut self, lexicon: &Lexicon, folded: &Folded) {
        let entry = |hit: &Hit| -> Option<&Entry> { lexicon.entries.get(hit.entry as usize) };
        let speaks_for = |hit: &Hit| entry(hit).is_some_and(|e| matches!(e.slot, Slot::Demand | Slot::Hook));
        // What sounds like a warning is none: nobody disguises a warning.
        self.hits.retain(|hit| !hit.heard || entry(hit).is_some_and(|e| e.weight > 0));
        // "不要告诉家人" is a demand and no negation; "涉嫌诈骗" is a threat and no warning.
        let longer: Vec<(u32, u32)> =
            self.hits.iter().filter(|h| speaks_for(h)).map(|h| (h.first, h.last)).collect();
        self.hits.retain(|hit| {
            let negates = entry(hit).is_some_and(|e| e.slot == Slot::Counter && !e.id.ends_with("/label"));
            let inside = |&(first, last): &(u32, u32)| {
                first <= hit.first
                    && hit.last <= last
                    && last - first > hit.last - hit.first
                    && last - first <= 12
            };
            !(negates && longer.iter().any(inside))
        });
        self.breaks.clear();
        let breaks = (0_u32..).zip(&folded.units);
        self.breaks.extend(
            breaks
                .filter(|(_, u)| u.ch == CLAUSE_END || u.ch == SENTENCE_END)
                .map(|(i, u)| (i, u.ch == SENTENCE_END)),
        );
        self.scopes.clear();
        for hit in &self.hits {
            if let Some(reach) = entry(hit).and_then(|e| e.reach) {
                self.scopes.push(scope(reach, hit, &self.breaks));
            }
        }
        for hit in &mut self.hits {
            let for_it = lexicon.entries.get(hit.entry as usize).is_some_and(|e| e.weight > 0);
            hit.covered = for_it
                && self
                    .scopes
                    .iter()
                    .any(|&(from, to)| (from..to).contains(&hit.anchor) || (from..to).contains(&hit.first));
        }
    }
}

/// The units that a negation or warning covers.
fn scope(reach: Reach, hit: &Hit, breaks: &[(u32, bool)]) -> (u32, u32) {
    let after = |sentence_only: bool| {
        breaks.iter().find(|(i, s)| *i > hit.last && (*s || !sentence_only)).map(|(i, _)| *i)
    };
    match reach {
        Reach::Clause => {
            let end = hit.last + 1 + CLAUSE_REACH;
            (hit.last + 1, after(false).unwrap_or(end).min(end))
        }
        Reach::Sentence => {
            let end = hit.last + 1 + SENTENCE_REACH;
            (hit.last + 1, after(true).unwrap_or(end).min(end))
        }
        Reach::Back => {
            let mut before = breaks.iter().rev().filter(|(i, s)| *s && *i < hit.first);
            let start = before.nth(1).map_or(0, |(i, _)| i + 1);
            (start.max(hit.first.saturating_sub(SENTENCE_REACH)), hit.first)
        }
    }
}
