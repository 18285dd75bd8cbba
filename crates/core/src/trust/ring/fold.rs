//! A ring out of its records. A record that the rules would not have admitted changes nothing: what is slipped into the log past them
//! neither accuses nor clears anybody.

use std::collections::BTreeMap;

use mingbai_cost::Words;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::{Record, StreamHead};
use uuid::Uuid;

use super::RingId;
use super::event::{Picture, RingEvent};
use super::kinds::{Action, Appealed, Ending, Heard};
use crate::actor::Actor;
use crate::borrow::event::HumanDecision;
use crate::text::{Tell, both};

/// A stream that is no ring.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// It does not begin with one.
    #[error("the stream of ring {0} does not begin with a ring")]
    NoBeginning(RingId),
    /// A record that this program does not understand.
    #[error("record {seq} of ring {id} cannot be read: {why}; use a newer program or restore the log")]
    Unreadable {
        /// Ring.
        id: RingId,
        /// Place.
        seq: u64,
        /// What the reader said.
        why: String,
    },
}

impl Tell for FoldError {
    fn words(&self) -> Words {
        both(
            "这条线索的存证读不出来;请用更新的程序,或恢复日志。",
            "The evidence of this ring cannot be read; use a newer program or restore the log.",
        )
    }
}

/// A note of the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// The text.
    pub text: SealedRef,
}

/// A call to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// Journey.
    pub journey: Uuid,
    /// What was found.
    pub heard: Heard,
    /// What was said.
    pub note: Option<SealedRef>,
}

/// Something else that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// What.
    pub action: Action,
    /// With whom, under which number.
    pub reference: String,
}

/// What a person decided about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// Decision.
    pub decision: HumanDecision,
    /// Why.
    pub reason: String,
}

/// A customer's appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// Record.
    pub seq: u64,
    /// When, unix ms.
    pub at_ms: i64,
    /// Journey.
    pub journey: Uuid,
    /// What she says.
    pub text: SealedRef,
    /// How it was decided, by whom, when, and what she is told.
    pub decided: Option<(Appealed, Actor, i64, SealedRef)>,
}

/// A wish to close it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Record.
    pub seq: u64,
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// How it ends.
    pub ending: Ending,
    /// Why.
    pub why: String,
}

/// Over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// What was proposed.
    pub proposal: Proposal,
    /// Who agreed.
    pub by: Actor,
    /// When, unix ms.
    pub at_ms: i64,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being looked at, with the newest wish to close it.
    Open(Option<Proposal>),
    /// Over.
    Closed(Closed),
}

impl Stage {
    /// Key in lists and addresses.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Stage::Open(None) => "open",
            Stage::Open(Some(_)) => "proposed",
            Stage::Closed(_) => "closed",
        }
    }
}

/// A ring, computed from its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    pub(super) id: RingId,
    pub(super) head: Option<StreamHead>,
    pub(super) last_at_ms: i64,
    /// When the rules first saw it, unix ms.
    pub opened_at_ms: i64,
    /// As the rules saw it last.
    pub picture: Picture,
    /// Everybody who was ever in it, in the order of coming.
    pub members: Vec<Uuid>,
    /// How often somebody joined.
    pub grown: u32,
    /// Notes.
    pub notes: Vec<Note>,
    /// Calls.
    pub calls: Vec<Called>,
    /// What else was done.
    pub actions: Vec<Done>,
    /// The last decision about each customer.
    pub reviews: BTreeMap<Uuid, Reviewed>,
    /// Appeals.
    pub appeals: Vec<Appeal>,
    /// Where it stands.
    pub stage: Stage,
}

/// Who, when, which record.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) seq: u64,
    pub(super) at_ms: i64,
    pub(super) actor: Actor,
}

impl Ring {
    /// Folds a stream.
    ///
    /// # Errors
    /// [`FoldError`].
    pub fn fold<'a>(id: RingId, records: impl IntoIterator<Item = &'a Record>) -> Result<Self, FoldError> {
        let mut found: Option<Ring> = None;
        for record in records {
            let event = RingEvent::from_parts(record.kind(), record.body())
                .map_err(|error| FoldError::Unreadable { id, seq: record.seq(), why: error.to_string() })?;
            let actor = Actor::from_text(record.actor()).unwrap_or(Actor::Complainant);
            let mark = Mark { seq: record.seq(), at_ms: record.at_ms(), actor };
            let ring = match found.take() {
                Some(ring) => match ring.admits(&mark.actor, &event) {
                    Ok(()) => ring.after(mark, event),
                    Err(_) => ring,
                },
                None => Ring::begun(id, mark, event)?,
            };
            found = Some(Ring { head: Some(record.head()), last_at_ms: record.at_ms(), ..ring });
        }
        found.ok_or(FoldError::NoBeginning(id))
    }

    fn begun(id: RingId, mark: Mark, event: RingEvent) -> Result<Self, FoldError> {
        match (event, mark.actor) {
            (RingEvent::RingOpened(picture), Actor::System) => Ok(Ring {
                id,
                head: None,
                last_at_ms: mark.at_ms,
                opened_at_ms: mark.at_ms,
                members: picture.members.clone(),
                picture,
                grown: 0,
                notes: Vec::new(),
                calls: Vec::new(),
                actions: Vec::new(),
                reviews: BTreeMap::new(),
                appeals: Vec::new(),
                stage: Stage::Open(None),
            }),
            _ => Err(FoldError::NoBeginning(id)),
        }
    }

    /// The ring after an event that [`Ring::admits`].
    pub(super) fn after(mut self, mark: Mark, event: RingEvent) -> Self {
        let Mark { seq, at_ms, actor: by } = mark;
        match event {
            RingEvent::RingOpened(_) => {}
            RingEvent::RingGrew(picture) => {
                let new: Vec<Uuid> =
                    picture.members.iter().filter(|one| !self.members.contains(one)).copied().collect();
                self.members.extend(new);
                self.picture = picture;
                self.grown += 1;
                // Whoever wished to close it had not seen this.
                self.stage = Stage::Open(None);
            }
            RingEvent::RingNoted { note: text } => self.notes.push(Note { at_ms, by, text }),
            RingEvent::CustomerCalled { journey, heard, note } => {
                self.calls.push(Called { at_ms, by, journey, heard, note });
            }
            RingEvent::RingActed { action, reference } => {
                self.actions.push(Done { at_ms, by, action, reference });
            }
            RingEvent::MemberReviewed { journey, decision, reason } => {
                self.reviews.insert(journey, Reviewed { at_ms, by, decision, reason });
            }
            RingEvent::AppealReceived { journey, text } => {
                self.appeals.push(Appeal { seq, at_ms, journey, text, decided: None });
            }
            RingEvent::AppealDecided { appeal, decision, answer } => {
                if let Some(open) = self.appeals.iter_mut().find(|one| one.seq == appeal) {
                    open.decided = Some((decision, by, at_ms, answer));
                }
            }
            RingEvent::ClosingProposed { ending, why } => {
                self.stage = Stage::Open(Some(Proposal { seq, at_ms, by, ending, why }));
            }
            RingEvent::RingClosed { .. } => {
                if let Stage::Open(Some(proposal)) = self.stage {
                    self.stage = Stage::Closed(Closed { proposal, by, at_ms });
                }
            }
        }
        self
    }

    /// Number.
    #[must_use]
    pub const fn id(&self) -> RingId {
        self.id
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

    /// Whether it is over.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.stage, Stage::Closed(_))
    }

    /// Appeals that nobody has decided yet.
    pub fn open_appeals(&self) -> impl Iterator<Item = &Appeal> {
        self.appeals.iter().filter(|appeal| appeal.decided.is_none())
    }
}
