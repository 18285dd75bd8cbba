//! Finding the entries in a folded text: literals by automaton, phrases of several parts by what was seen before.

use daachorse::CharwiseDoubleArrayAhoCorasick as Automaton;

use super::{Entry, GAP, Lexicon, Reach, Slot};
use crate::fold::{CLAUSE_END, Folded, SENTENCE_END, heard_char};

/// Most characters that a negation covers, for texts without punctuation.
const CLAUSE_REACH: u32 = 24;
const SENTENCE_REACH: u32 = 80;

/// Longest phrase, in units less one, that a negation inside it is part of.
const PHRASE: u32 = 12;

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
    scopes: Vec<i32>,
    longest: Vec<u32>,
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

    /// Removes what is part of something else, and covers what a warning or negation speaks of. Linear in the text, however many hits it has.
    fn settle(&mut self, lexicon: &Lexicon, folded: &Folded) {
        let entry = |hit: &Hit| -> Option<&Entry> { lexicon.entries.get(hit.entry as usize) };
        // What sounds like a warning is none: nobody disguises a warning.
        self.hits.retain(|hit| !hit.heard || entry(hit).is_some_and(|e| e.weight > 0));
        self.drop_inner(lexicon, folded.units.len());
        self.breaks.clear();
        let breaks = (0_u32..).zip(&folded.units);
        self.breaks.extend(
            breaks
                .filter(|(_, u)| u.ch == CLAUSE_END || u.ch == SENTENCE_END)
                .map(|(i, u)| (i, u.ch == SENTENCE_END)),
        );
        // How many scopes begin less how many end at each unit; summed up, how many cover it.
        self.scopes.clear();
        self.scopes.resize(folded.units.len() + 1, 0);
        for hit in &self.hits {
            if let Some((from, to)) =
                entry(hit).and_then(|e| e.reach).map(|reach| scope(reach, hit, &self.breaks))
                && from < to
            {
                for (at, step) in [(from, 1), (to, -1)] {
                    let at = (at as usize).min(folded.units.len());
                    if let Some(change) = self.scopes.get_mut(at) {
                        *change += step;
                    }
                }
            }
        }
        let mut open = 0;
        for change in &mut self.scopes {
            open += *change;
            *change = open;
        }
        let covers = |at: u32| self.scopes.get(at as usize).is_some_and(|open| *open > 0);
        for hit in &mut self.hits {
            let for_it = lexicon.entries.get(hit.entry as usize).is_some_and(|e| e.weight > 0);
            hit.covered = for_it && (covers(hit.anchor) || covers(hit.first));
        }
    }

    /// "不要告诉家人" is a demand and no negation; "涉嫌诈骗" is a threat and no warning.
    fn drop_inner(&mut self, lexicon: &Lexicon, units: usize) {
        let entry = |hit: &Hit| -> Option<&Entry> { lexicon.entries.get(hit.entry as usize) };
        let speaks_for = |hit: &Hit| entry(hit).is_some_and(|e| matches!(e.slot, Slot::Demand | Slot::Hook));
        // For each unit one past the last unit of the longest such phrase that begins there.
        self.longest.clear();
        self.longest.resize(units, 0);
        for hit in self.hits.iter().filter(|h| speaks_for(h) && h.last - h.first <= PHRASE) {
            if let Some(end) = self.longest.get_mut(hit.first as usize) {
                *end = (*end).max(hit.last + 1);
            }
        }
        let longest = &self.longest;
        self.hits.retain(|hit| {
            let negates = entry(hit).is_some_and(|e| e.slot == Slot::Counter && !e.id.ends_with("/label"));
            let inside = |first: u32| {
                let end = longest.get(first as usize).copied().unwrap_or(0);
                end > hit.last && (first < hit.first || end > hit.last + 1)
            };
            !(negates && (hit.first.saturating_sub(PHRASE)..=hit.first).any(inside))
        });
    }
}

/// The units that a negation or warning covers.
fn scope(reach: Reach, hit: &Hit, breaks: &[(u32, bool)]) -> (u32, u32) {
    let next = breaks.partition_point(|(i, _)| *i <= hit.last);
    let after = |sentence_only: bool, end: u32| {
        let mut near = breaks.iter().skip(next).take_while(|(i, _)| *i < end);
        near.find(|(_, s)| *s || !sentence_only).map_or(end, |(i, _)| *i)
    };
    match reach {
        Reach::Clause => (hit.last + 1, after(false, hit.last + 1 + CLAUSE_REACH)),
        Reach::Sentence => (hit.last + 1, after(true, hit.last + 1 + SENTENCE_REACH)),
        Reach::Back => {
            let far = hit.first.saturating_sub(SENTENCE_REACH);
            let before = breaks.partition_point(|(i, _)| *i < hit.first);
            let near = breaks.iter().take(before).rev().take_while(|(i, _)| *i >= far);
            let start = near.filter(|(_, s)| *s).nth(1).map_or(0, |(i, _)| i + 1);
            (start.max(far), hit.first)
        }
    }
}
