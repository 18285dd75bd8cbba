//! The stream of one session: who came, who was tested, who went through to the end. Nothing in it names a person.

use std::collections::BTreeSet;

use mingbai_evidence::{Digest, Record, StreamHead};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kinds::Sitting;
use super::refusals::{already_here, not_here_yet, not_yours, too_many};
use crate::actor::{Actor, StaffRole};
use crate::borrow::refusal::Refusal;

/// The most records of one session.
const MANY: usize = 200_000;

/// How an arrival is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum Arrived {
    /// By the code on the screen, at once.
    Code {},
    /// By a code that was shown then and sent later. Counted apart: a passed-on picture would look the same.
    Late {
        /// When the code was shown, by the house's clock, unix ms.
        shown_at_ms: i64,
        /// How far the phone's clock was ahead of it.
        phone_ahead_ms: i64,
    },
    /// By a line of the signed paper list.
    Paper {
        /// Line, from 1.
        line: u32,
    },
}

/// One person's test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Ability, thousandths of a standard deviation of the population that calibrated the questions.
    pub theta_milli: i64,
    /// Its standard error, in the same unit.
    pub error_milli: u32,
    /// Right answers.
    pub right: u32,
    /// Wrong ones.
    pub wrong: u32,
    /// "I don't know".
    pub dont_know: u32,
}

/// What can happen in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum VisitEvent {
    /// Somebody came.
    CheckedIn {
        /// Keyed hash; absent where a line of the paper list gives no number.
        person: Option<Digest>,
        /// How it is known.
        way: Arrived,
    },
    /// Somebody went through to the end.
    Completed {
        /// Keyed hash.
        person: Digest,
    },
    /// Somebody took a test.
    Tested {
        /// Keyed hash.
        person: Digest,
        /// Which.
        sitting: Sitting,
        /// How it went.
        mark: Mark,
    },
    /// Somebody sorted real and fake messages.
    Sorted {
        /// Keyed hash.
        person: Digest,
        /// When.
        sitting: Sitting,
        /// Fakes called fake.
        hits: u32,
        /// Fakes shown.
        fakes: u32,
        /// Real ones called fake.
        false_alarms: u32,
        /// Real ones shown.
        reals: u32,
    },
}

impl VisitEvent {
    /// Kind and body of its record.
    #[must_use]
    pub fn to_parts(&self) -> (String, Value) {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        let kind = whole.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        (kind, whole.get_mut("body").map(Value::take).unwrap_or_default())
    }
}

/// A test with its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Who.
    pub person: Digest,
    /// Which.
    pub sitting: Sitting,
    /// How it went.
    pub mark: Mark,
    /// When, unix ms.
    pub at_ms: i64,
}

/// A sorting: who, when, and hits, fakes, false alarms, reals.
type Sorting = (Digest, Sitting, [u32; 4]);

/// Who came to one session, computed from its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    head: Option<StreamHead>,
    last_at_ms: i64,
    here: BTreeSet<[u8; 32]>,
    lines: BTreeSet<u32>,
    /// Arrivals in order.
    pub arrivals: Vec<(Option<Digest>, Arrived)>,
    /// Who went through to the end.
    pub completed: Vec<Digest>,
    /// Tests.
    pub tests: Vec<Tested>,
    /// Sorted messages.
    pub sorted: Vec<Sorting>,
    /// Records that the rules would not have admitted; 0 in a log of ours.
    pub strange: u64,
}

impl Attendance {
    /// Folds a stream; an empty one is a session to which nobody came yet. What cannot be read, and what is not admitted, is counted apart.
    #[must_use]
    pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut found = Attendance::default();
        for record in records {
            let whole = serde_json::json!({"kind": record.kind(), "body": record.body()});
            let actor = Actor::from_text(record.actor());
            match (serde_json::from_value::<VisitEvent>(whole), actor) {
                (Ok(event), Some(actor)) if found.admits(&actor, &event).is_ok() => {
                    found.take(&event, record.at_ms());
                }
                _ => found.strange += 1,
            }
            found.head = Some(record.head());
            found.last_at_ms = record.at_ms();
        }
        found
    }

    /// Whether an event may stand here.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn admits(&self, actor: &Actor, event: &VisitEvent) -> Result<(), Refusal> {
        let staff = matches!(actor, Actor::Staff(_, StaffRole::Consultant | StaffRole::Compliance));
        let paper = matches!(event, VisitEvent::CheckedIn { way: Arrived::Paper { .. }, .. });
        // A paper list is somebody's word; a code is nobody's but the phone's.
        let yours = match event {
            VisitEvent::CheckedIn { .. } => {
                if paper {
                    staff
                } else {
                    *actor == Actor::Visitor
                }
            }
            _ => staff || *actor == Actor::Visitor,
        };
        if !yours {
            return Err(not_yours());
        }
        if self.arrivals.len() + self.tests.len() + self.sorted.len() + self.completed.len() >= MANY {
            return Err(too_many());
        }
        let known = |person: &Digest| self.here.contains(person.as_bytes());
        let again = match event {
            VisitEvent::CheckedIn { person, way } => {
                let line = matches!(way, Arrived::Paper { line } if self.lines.contains(line));
                let nobody = person.is_none() && !paper;
                if nobody {
                    return Err(not_here_yet());
                }
                line || person.as_ref().is_some_and(known)
            }
            VisitEvent::Completed { person }
            | VisitEvent::Tested { person, .. }
            | VisitEvent::Sorted { person, .. }
                if !known(person) =>
            {
                return Err(not_here_yet());
            }
            VisitEvent::Completed { person } => self.completed.contains(person),
            VisitEvent::Tested { person, sitting, .. } => {
                self.tests.iter().any(|one| one.person == *person && one.sitting == *sitting)
            }
            VisitEvent::Sorted { person, sitting, .. } => {
                self.sorted.iter().any(|one| one.0 == *person && one.1 == *sitting)
            }
        };
        if again { Err(already_here()) } else { Ok(()) }
    }

    /// The session after an event that [`Attendance::admits`].
    pub fn take(&mut self, event: &VisitEvent, at_ms: i64) {
        match event {
            VisitEvent::CheckedIn { person, way } => {
                self.here.extend(person.iter().map(|person| *person.as_bytes()));
                if let Arrived::Paper { line } = way {
                    self.lines.insert(*line);
                }
                self.arrivals.push((*person, *way));
            }
            VisitEvent::Completed { person } => self.completed.push(*person),
            VisitEvent::Tested { person, sitting, mark } => {
                self.tests.push(Tested { person: *person, sitting: *sitting, mark: *mark, at_ms });
            }
            VisitEvent::Sorted { person, sitting, hits, fakes, false_alarms, reals } => {
                self.sorted.push((*person, *sitting, [*hits, *fakes, *false_alarms, *reals]));
            }
        }
    }

    /// Last record of the stream.
    #[must_use]
    pub const fn head(&self) -> Option<StreamHead> {
        self.head
    }

    /// Time of the last record.
    #[must_use]
    pub const fn last_at_ms(&self) -> i64 {
        self.last_at_ms
    }
}
