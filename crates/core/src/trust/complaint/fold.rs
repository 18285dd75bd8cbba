//! A complaint out of its records. A record that the rules would not have admitted changes nothing, so what is slipped into the log past
//! them neither answers nor extends nor ends a complaint.

use mingbai_cost::{Fen, Words};
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::{Record, StreamHead};
use uuid::Uuid;

use super::ComplaintId;
use super::clock::Level;
use super::event::{ComplaintEvent, Received};
use super::kinds::{AlarmKind, Elsewhere, Paper, PaperKind, Right};
use super::stage::{Asked, Closed, End, Mediation, Open, Proposal, Stage};
use crate::actor::Actor;
use crate::text::{Tell, both};

/// A stream that is no complaint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// It does not begin with one.
    #[error("the stream of complaint {0} does not begin with a complaint")]
    NoBeginning(ComplaintId),
    /// A record that this program does not understand.
    #[error("record {seq} of complaint {id} cannot be read: {why}; use a newer program or restore the log")]
    Unreadable {
        /// Complaint.
        id: ComplaintId,
        /// Place.
        seq: u64,
        /// What the reader said.
        why: String,
    },
}

impl Tell for FoldError {
    fn words(&self) -> Words {
        both(
            "这件投诉的存证读不出来;请用更新的程序,或恢复日志。",
            "The evidence of this complaint cannot be read; use a newer program or restore the log.",
        )
    }
}

/// What it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// List of the codes.
    pub list: String,
    /// Cause.
    pub cause: String,
    /// Kind of business.
    pub business: String,
    /// Right.
    pub right: Right,
}

/// A note, or something that she added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// The text.
    pub text: SealedRef,
}

/// Where it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// The row of the other system, column by column.
    pub original: SealedRef,
    /// What that system says about its answer.
    pub elsewhere: Elsewhere,
}

/// More time that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// When, unix ms.
    pub at_ms: i64,
    /// To which clock.
    pub level: Level,
    /// The reason that she is told.
    pub reason: String,
}

/// A complaint, computed from its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub(super) id: ComplaintId,
    pub(super) head: Option<StreamHead>,
    pub(super) last_at_ms: i64,
    /// How it began.
    pub received: Received,
    /// Who brought it in.
    pub brought_by: Actor,
    /// Where it was before, when another system took it in first.
    pub taken_over: Option<TakenOver>,
    /// When she was told its number.
    pub acknowledged_at_ms: Option<i64>,
    /// What it is about.
    pub category: Option<Category>,
    /// Journey.
    pub journey: Option<Uuid>,
    /// Product and version.
    pub product: Option<(String, String)>,
    /// Notes of the house and what she added, in order.
    pub notes: Vec<Note>,
    /// Papers that are here.
    pub held: Vec<Paper>,
    /// Papers that she was asked for, with the reason.
    pub asked: Vec<(Paper, String)>,
    /// More time that was taken.
    pub extensions: Vec<Extension>,
    /// Promised money that was paid.
    pub paid_fen: Fen,
    /// Why she wants it looked at again.
    pub recheck_why: Option<SealedRef>,
    /// Warnings.
    pub alarms: Vec<(AlarmKind, i64)>,
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

impl Complaint {
    /// Folds a stream.
    ///
    /// # Errors
    /// [`FoldError`].
    pub fn fold<'a>(
        id: ComplaintId,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Self, FoldError> {
        let mut found: Option<Complaint> = None;
        for record in records {
            let event = ComplaintEvent::from_parts(record.kind(), record.body())
                .map_err(|error| FoldError::Unreadable { id, seq: record.seq(), why: error.to_string() })?;
            let actor = Actor::from_text(record.actor()).unwrap_or(Actor::System);
            let mark = Mark { seq: record.seq(), at_ms: record.at_ms(), actor };
            let complaint = match found.take() {
                Some(complaint) => match complaint.admits(&mark.actor, mark.at_ms, &event) {
                    Ok(()) => complaint.after(mark, event),
                    Err(_) => complaint,
                },
                None => Complaint::begun(id, mark, event)?,
            };
            found = Some(Complaint { head: Some(record.head()), last_at_ms: record.at_ms(), ..complaint });
        }
        found.ok_or(FoldError::NoBeginning(id))
    }

    fn begun(id: ComplaintId, mark: Mark, event: ComplaintEvent) -> Result<Self, FoldError> {
        let ComplaintEvent::ComplaintReceived(received) = event else {
            return Err(FoldError::NoBeginning(id));
        };
        Ok(Complaint {
            id,
            head: None,
            last_at_ms: mark.at_ms,
            brought_by: mark.actor,
            taken_over: None,
            acknowledged_at_ms: None,
            category: None,
            journey: received.journey,
            product: received.product.clone(),
            notes: Vec::new(),
            held: received.papers.clone(),
            asked: Vec::new(),
            extensions: Vec::new(),
            paid_fen: Fen::new(0),
            recheck_why: None,
            alarms: Vec::new(),
            stage: Stage::Open(Open::default()),
            received: *received,
        })
    }

    /// The complaint after an event that [`Complaint::admits`].
    pub(super) fn after(mut self, mark: Mark, event: ComplaintEvent) -> Self {
        match event {
            ComplaintEvent::ComplaintReceived(_) => {}
            ComplaintEvent::ComplaintAcknowledged {} => self.acknowledged_at_ms = Some(mark.at_ms),
            ComplaintEvent::ComplaintCategorised { list, cause, business, right } => {
                self.category = Some(Category { list, cause, business, right });
            }
            ComplaintEvent::JourneyLinked { journey, product } => {
                (self.journey, self.product) = (Some(journey), Some(product));
            }
            ComplaintEvent::ComplaintNoted { note: text } | ComplaintEvent::ComplaintAdded { text } => {
                self.notes.push(Note { at_ms: mark.at_ms, by: mark.actor, text });
            }
            ComplaintEvent::PaperHeld { paper } => {
                self.asked.retain(|(asked, _)| asked.kind != paper.kind);
                self.held.push(paper);
            }
            ComplaintEvent::PaperAsked { paper, why } => self.asked.push((paper, why)),
            ComplaintEvent::RefundPaid { amount_fen, .. } => {
                self.paid_fen = self.paid_fen.checked_add(amount_fen).unwrap_or(self.paid_fen);
            }
            ComplaintEvent::AlarmRaised { alarm, due_at_ms } => self.alarms.push((alarm, due_at_ms)),
            event => return self.moved(mark, event),
        }
        self
    }

    /// The events that move it to another stage or change the stage's own data.
    fn moved(mut self, mark: Mark, event: ComplaintEvent) -> Self {
        let due_ms = self.due_ms().unwrap_or(mark.at_ms);
        if let ComplaintEvent::RecheckAsked { why } = &event {
            self.recheck_why = Some(why.clone());
        }
        if let ComplaintEvent::ComplaintTakenOver { original, elsewhere } = &event {
            self.taken_over = Some(TakenOver { original: original.clone(), elsewhere: *elsewhere });
        }
        let taken = match (&self.stage, &event) {
            (_, ComplaintEvent::ComplaintExtended { level, reason }) => Some((*level, reason.clone())),
            (Stage::Open(open), ComplaintEvent::ExtensionApproved { .. }) => {
                open.asked.as_ref().map(|asked| (asked.level, asked.reason.clone()))
            }
            _ => None,
        };
        self.extensions.extend(taken.map(|(level, reason)| Extension { at_ms: mark.at_ms, level, reason }));
        self.stage = next(self.stage, mark, event, due_ms);
        self
    }

    /// Number.
    #[must_use]
    pub const fn id(&self) -> ComplaintId {
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

    /// The last moment at which an answer is in time; `None` when none is owed.
    #[must_use]
    pub fn due_ms(&self) -> Option<i64> {
        let clocks = &self.received.clocks;
        match &self.stage {
            Stage::Open(open) => Some(clocks.due_ms(self.received.received_at_ms, open.level)),
            Stage::Recheck(again) => Some(clocks.recheck_due_ms(again.asked_at_ms)),
            Stage::Answered(_) | Stage::Closed(_) => None,
        }
    }

    /// The last moment at which she may ask for a re-check; `None` when she cannot or did already.
    #[must_use]
    pub fn recheck_until_ms(&self) -> Option<i64> {
        let answered = match &self.stage {
            Stage::Answered(answered) => answered,
            Stage::Closed(Closed { end: End::Answered(answered), .. }) => answered,
            _ => return None,
        };
        match answered.before {
            Some(_) => None,
            None => Some(self.received.clocks.recheck_until_ms(answered.answer.at_ms)),
        }
    }

    /// Whether a paper is here, or can be found in the house: then she must not be asked for it.
    #[must_use]
    pub fn has_paper(&self, kind: PaperKind) -> bool {
        let looked_up = self.journey.is_some() && kind.is_ours();
        looked_up || self.held.iter().any(|paper| paper.kind == kind && kind != PaperKind::Other)
    }

    /// Promised money that is not paid yet.
    #[must_use]
    pub fn owed_fen(&self) -> Fen {
        let promised = self.stage.answer().map_or(Fen::new(0), |answer| answer.promised_fen());
        let open = promised.checked_sub(self.paid_fen).unwrap_or(promised);
        if open.is_negative() { Fen::new(0) } else { open }
    }
}

fn next(stage: Stage, mark: Mark, event: ComplaintEvent, due_ms: i64) -> Stage {
    let Mark { seq, at_ms, actor } = mark;
    match (stage, event) {
        (Stage::Open(open), ComplaintEvent::ComplaintExtended { level, .. }) => {
            Stage::Open(Open { level, ..open })
        }
        (Stage::Open(open), ComplaintEvent::ExtensionAsked { level, reason }) => {
            Stage::Open(Open { asked: Some(Asked { seq, by: actor, level, reason }), ..open })
        }
        (Stage::Open(mut open), ComplaintEvent::ExtensionApproved { .. }) => {
            open.level = open.asked.take().map_or(open.level, |asked| asked.level);
            Stage::Open(open)
        }
        (stage, ComplaintEvent::AnswerDrafted(draft)) => {
            stage.drafted(Proposal { seq, by: actor, at_ms, draft })
        }
        (Stage::Open(mut open), ComplaintEvent::AnswerGiven { .. }) => match open.proposal.take() {
            Some(proposal) => Stage::Answered(open.answer(proposal, actor, at_ms, due_ms)),
            None => Stage::Open(open),
        },
        (Stage::Recheck(mut again), ComplaintEvent::AnswerGiven { .. }) => match again.proposal.take() {
            Some(proposal) => Stage::Answered(again.answer(proposal, actor, at_ms, due_ms)),
            None => Stage::Recheck(again),
        },
        (Stage::Answered(answered), ComplaintEvent::RecheckAsked { .. }) => {
            Stage::Recheck(answered.recheck(at_ms))
        }
        (Stage::Closed(Closed { end: End::Answered(answered), .. }), ComplaintEvent::RecheckAsked { .. }) => {
            Stage::Recheck(answered.recheck(at_ms))
        }
        (Stage::Answered(mut answered), ComplaintEvent::MediationAsked {}) => {
            answered.mediation = Mediation::Asked(at_ms);
            Stage::Answered(answered)
        }
        (Stage::Answered(mut answered), ComplaintEvent::MediationEnded { end }) => {
            answered.mediation = Mediation::Ended(end);
            Stage::Answered(answered)
        }
        (Stage::Answered(answered), ComplaintEvent::ComplaintClosed { root_cause, lesson }) => {
            Stage::Closed(answered.close(at_ms, root_cause, lesson))
        }
        (stage, ComplaintEvent::ComplaintWithdrawn { .. }) => {
            let answers = stage.answers().into_iter().cloned().collect();
            ended(End::Withdrawn(answers), at_ms)
        }
        (stage, ComplaintEvent::ComplaintTakenOver { elsewhere, .. }) => match elsewhere {
            Elsewhere::Open => stage,
            answered => ended(End::Elsewhere(answered), at_ms),
        },
        (stage, _) => stage,
    }
}

/// Over without a cause that anybody here has found.
fn ended(end: End, at_ms: i64) -> Stage {
    Stage::Closed(Closed { end, at_ms, root_cause: String::new(), lesson: String::new() })
}
