//! How many people came? Counted so that nobody counts twice, and each figure with what it is a part of.
//!
//! A person is a keyed hash with a key of the campaign: the number behind it is never here, and two campaigns cannot be laid side by side.
//! What platforms report of themselves is never added to what was counted, nor across platforms: it is a range.

use std::collections::{BTreeMap, BTreeSet};

use crate::proportion::Share;

/// A person's keyed hash; the caller makes it, with a key per campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub [u8; 32]);

/// A session as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: u32,
    /// People expected (registered, or seats).
    pub scheduled: u32,
}

/// How somebody's arrival is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Scanned the code on the screen and sent it at once.
    Code,
    /// Scanned it and sent it later.
    Late,
    /// A line of a signed paper list, typed in afterwards.
    Paper {
        /// Line of the list.
        line: u32,
    },
}

/// One arrival, in the order in which the house got to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Session.
    pub session: u32,
    /// Who, if she gave a number to be known by.
    pub person: Option<PersonKey>,
    /// How it is known.
    pub way: Way,
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Counted.
    Counted,
    /// The same person is already counted in this session: nothing is lost, nothing counted twice.
    Again,
    /// The same line of the paper list was typed before.
    SameLine,
    /// There is no such session.
    NoSuchSession,
}

/// Something else that a person did in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Went through the session to its end (answered its closing question).
    Completed,
    /// Took the first test.
    TestedBefore,
    /// Took the second test.
    TestedAfter,
    /// Was asked again so many days after she was last taught.
    TestedLater {
        /// Whole days.
        days: u32,
    },
}

/// Whose deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Person.
    pub person: PersonKey,
    /// Deed.
    pub deed: Deed,
}

/// The figures of a campaign. Each share carries its denominator; `None` where there is nothing to divide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// People expected over all sessions.
    pub scheduled: u64,
    /// Person-times: one for each person and session.
    pub person_times: u64,
    /// Of these, sent late by a phone that had no reception.
    pub late: u64,
    /// Of these, from paper lists.
    pub paper: u64,
    /// Arrivals that were not counted, because they were there already.
    pub repeated: u64,
    /// Different people among those who can be told apart. People without a key are not in it: it is a least number.
    pub persons: u64,
    /// Person-times that carry a key: how much of the campaign the figures about persons speak for.
    pub keyed: Option<Share>,
    /// Persons who went through to the end, of persons.
    pub completed: Option<Share>,
    /// Persons with both tests, of persons.
    pub linked: Option<Share>,
    /// Persons asked again after 30 to 90 days, of persons whose 30 days are over.
    pub retained: Option<Share>,
}

/// 30 to 90 days after the teaching.
pub const RETAINED_DAYS: std::ops::RangeInclusive<u32> = 30..=90;

/// Counts. `due` are the persons whose 30 days are over; deeds of people who never arrived are not counted.
#[must_use]
pub fn count(
    sessions: &[Session],
    arrivals: &[Arrival],
    done: &[Done],
    due: &BTreeSet<PersonKey>,
) -> (Figures, Vec<Outcome>) {
    let known: BTreeMap<u32, u32> = sessions.iter().map(|s| (s.id, s.scheduled)).collect();
    let mut here: BTreeSet<(u32, PersonKey)> = BTreeSet::new();
    let mut lines: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut outcomes = Vec::with_capacity(arrivals.len());
    let (mut person_times, mut late, mut paper, mut keyed) = (0, 0, 0, 0);
    for arrival in arrivals {
        let outcome = outcome(arrival, &known, &mut here, &mut lines);
        if outcome == Outcome::Counted {
            person_times += 1;
            keyed += u64::from(arrival.person.is_some());
            match arrival.way {
                Way::Code => {}
                Way::Late => late += 1,
                Way::Paper { .. } => paper += 1,
            }
        }
        outcomes.push(outcome);
    }
    let persons: BTreeSet<PersonKey> = here.iter().map(|(_, person)| *person).collect();
    let who = |wanted: &dyn Fn(Deed) -> bool| -> BTreeSet<PersonKey> {
        done.iter().filter(|d| persons.contains(&d.person) && wanted(d.deed)).map(|d| d.person).collect()
    };
    let before = who(&|deed| deed == Deed::TestedBefore);
    let after = who(&|deed| deed == Deed::TestedAfter);
    let later = who(&|deed| matches!(deed, Deed::TestedLater { days } if RETAINED_DAYS.contains(&days)));
    let due: BTreeSet<PersonKey> = due.intersection(&persons).copied().collect();
    let all = persons.len() as u64;
    let repeated = outcomes.iter().filter(|o| matches!(o, Outcome::Again | Outcome::SameLine)).count() as u64;
    let figures = Figures {
        scheduled: sessions.iter().map(|s| u64::from(s.scheduled)).sum(),
        person_times,
        late,
        paper,
        repeated,
        persons: all,
        keyed: Share::new(keyed, person_times),
        completed: Share::new(who(&|deed| deed == Deed::Completed).len() as u64, all),
        linked: Share::new(before.intersection(&after).count() as u64, all),
        retained: Share::new(later.intersection(&due).count() as u64, due.len() as u64),
    };
    (figures, outcomes)
}

fn outcome(
    arrival: &Arrival,
    known: &BTreeMap<u32, u32>,
    here: &mut BTreeSet<(u32, PersonKey)>,
    lines: &mut BTreeSet<(u32, u32)>,
) -> Outcome {
    if !known.contains_key(&arrival.session) {
        return Outcome::NoSuchSession;
    }
    if let Way::Paper { line } = arrival.way
        && !lines.insert((arrival.session, line))
    {
        return Outcome::SameLine;
    }
    match arrival.person {
        Some(person) if !here.insert((arrival.session, person)) => Outcome::Again,
        _ => Outcome::Counted,
    }
}

/// What platforms say about themselves, between the largest single figure (everybody saw it everywhere) and their sum (nobody saw it twice).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// At least.
    pub least: u64,
    /// At most.
    pub most: u64,
    /// How many figures it is made from.
    pub figures: usize,
}

/// The range of self-reported figures; `None` if there are none.
#[must_use]
pub fn reported(figures: &[u64]) -> Option<Reported> {
    let least = figures.iter().max().copied()?;
    let most = figures.iter().fold(0_u64, |sum, figure| sum.saturating_add(*figure));
    Some(Reported { least, most, figures: figures.len() })
}
