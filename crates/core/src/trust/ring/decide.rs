//! What may be done to a ring, by whom and when. The same question is asked before an event is written and again when it is folded.

use mingbai_evidence::refs::SealedRef;
use uuid::Uuid;

use super::event::{Picture, RingEvent};
use super::fold::{Ring, Stage};
use super::kinds::{Action, Appealed, Ending, Heard};
use super::refusals::{
    appeal_first, appeal_waits, call_first, decide_each, judged_before, no_member, not_here, not_yours,
    nothing_waits, over, second_person, talk_first, too_many, too_short,
};
use crate::actor::{Actor, StaffRole};
use crate::borrow::event::HumanDecision;
use crate::borrow::refusal::Refusal;

/// Shortest reason, in characters.
pub const REASON_MIN: usize = 5;
/// Longest plain text in a record, in characters.
pub const REASON_MAX: usize = 500;
/// Longest sealed text, in characters.
pub const NOTE_MAX: usize = 4_000;
/// The most records of one sort, so that nobody fills the log.
const MANY: usize = 500;
/// The most appeals of one customer.
const APPEALS: usize = 5;

/// What somebody wishes. Texts about a person are sealed before; plain ones must not hold personal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The rules saw that somebody joined.
    Grow(Picture),
    /// Note something.
    Note(SealedRef),
    /// A customer was called.
    Call {
        /// Journey.
        journey: Uuid,
        /// What was found.
        heard: Heard,
        /// What was said.
        note: Option<SealedRef>,
    },
    /// Something else was done.
    Act {
        /// What.
        action: Action,
        /// With whom, under which number.
        reference: String,
    },
    /// Decide whether a customer's loan goes on.
    Review {
        /// Journey.
        journey: Uuid,
        /// Decision.
        decision: HumanDecision,
        /// Why.
        reason: String,
    },
    /// A customer appeals.
    Appeal {
        /// Journey.
        journey: Uuid,
        /// What she says.
        text: SealedRef,
    },
    /// Decide her appeal.
    DecideAppeal {
        /// Record of the appeal.
        appeal: u64,
        /// How.
        decision: Appealed,
        /// What she is told.
        answer: SealedRef,
    },
    /// Wish to close it.
    Propose {
        /// How it ends.
        ending: Ending,
        /// Why.
        why: String,
    },
    /// Agree, as a second person.
    Close {
        /// Record of the proposal.
        proposal: u64,
    },
}

/// What a decision needs beside the ring.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Journeys that still wait for a person because of this ring.
    pub waiting: &'a [Uuid],
    /// Those of them whose borrower herself said that something is wrong: no ending lets them go on unseen.
    pub pressed: &'a [Uuid],
}

impl Ring {
    /// What a wish leads to.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn decide(
        &self,
        actor: &Actor,
        command: Command,
        context: &Context<'_>,
    ) -> Result<Vec<RingEvent>, Refusal> {
        let event = match command {
            // What is known already is not written again.
            Command::Grow(picture) if picture == self.picture => return Ok(Vec::new()),
            Command::Grow(picture) => RingEvent::RingGrew(picture),
            Command::Note(note) => RingEvent::RingNoted { note },
            Command::Call { journey, heard, note } => RingEvent::CustomerCalled { journey, heard, note },
            Command::Act { action, reference } => {
                RingEvent::RingActed { action, reference: plain(&reference)? }
            }
            Command::Review { journey, decision, reason } => {
                RingEvent::MemberReviewed { journey, decision, reason: plain(&reason)? }
            }
            Command::Appeal { journey, text } => RingEvent::AppealReceived { journey, text },
            Command::DecideAppeal { appeal, decision, answer } => {
                RingEvent::AppealDecided { appeal, decision, answer }
            }
            Command::Propose { ending, why } => RingEvent::ClosingProposed { ending, why: plain(&why)? },
            Command::Close { proposal } => RingEvent::RingClosed { proposal },
        };
        self.admits(actor, &event)?;
        if let (RingEvent::RingClosed { .. }, Stage::Open(Some(proposal))) = (&event, &self.stage) {
            let left = if proposal.ending.is_innocent() { context.pressed } else { context.waiting };
            if !left.is_empty() {
                return Err(decide_each(left.len()));
            }
        }
        if let RingEvent::AppealDecided { appeal, decision: Appealed::Granted, .. } = &event
            && self.open_appeals().any(|one| one.seq == *appeal && context.pressed.contains(&one.journey))
        {
            return Err(talk_first());
        }
        Ok(vec![event])
    }

    /// Whether an event may stand here: its actor and its order.
    pub(super) fn admits(&self, actor: &Actor, event: &RingEvent) -> Result<(), Refusal> {
        belongs(actor, event)?;
        // After the end a customer still appeals and is answered; everything else is over.
        let hers = matches!(event, RingEvent::AppealReceived { .. } | RingEvent::AppealDecided { .. });
        let released = matches!(event, RingEvent::MemberReviewed { decision: HumanDecision::Allowed, .. });
        if self.is_closed() && !hers && !released {
            return Err(over());
        }
        match event {
            RingEvent::RingOpened(_) => Err(not_here()),
            RingEvent::RingGrew(_) => Ok(()),
            RingEvent::RingNoted { .. } => few(self.notes.len()),
            RingEvent::RingActed { .. } => few(self.actions.len()),
            RingEvent::CustomerCalled { journey, .. } => {
                self.member(*journey)?;
                few(self.calls.len())
            }
            RingEvent::MemberReviewed { journey, decision, .. } => {
                self.member(*journey)?;
                match decision {
                    HumanDecision::Allowed if !self.was_heard(*journey) => Err(call_first()),
                    _ => Ok(()),
                }
            }
            RingEvent::AppealReceived { journey, .. } => {
                self.member(*journey)?;
                let hers = || self.appeals.iter().filter(|one| one.journey == *journey);
                match hers().any(|one| one.decided.is_none()) {
                    true => Err(appeal_waits()),
                    false if hers().count() >= APPEALS => Err(too_many()),
                    false => Ok(()),
                }
            }
            RingEvent::AppealDecided { appeal, .. } => self.admits_answer(actor, *appeal),
            RingEvent::ClosingProposed { .. } => self.no_appeal_waits(),
            RingEvent::RingClosed { proposal } => match &self.stage {
                Stage::Open(Some(waits)) if waits.seq != *proposal => Err(nothing_waits()),
                Stage::Open(Some(waits)) if waits.by == *actor => Err(second_person()),
                Stage::Open(Some(_)) => self.no_appeal_waits(),
                _ => Err(nothing_waits()),
            },
        }
    }

    fn admits_answer(&self, actor: &Actor, appeal: u64) -> Result<(), Refusal> {
        let open = self.open_appeals().find(|one| one.seq == appeal).ok_or_else(nothing_waits)?;
        let judged = self
            .reviews
            .get(&open.journey)
            .is_some_and(|review| review.by == *actor && review.decision == HumanDecision::Upheld);
        // Nobody judges what she herself decided.
        if judged { Err(judged_before()) } else { Ok(()) }
    }

    /// Whether a person has heard the customer, or found out that there was nothing to hear.
    fn was_heard(&self, journey: Uuid) -> bool {
        let called = self.calls.iter().any(|call| call.journey == journey && call.heard != Heard::NotReached);
        let granted = self
            .appeals
            .iter()
            .any(|one| one.journey == journey && matches!(one.decided, Some((Appealed::Granted, ..))));
        called || granted || self.is_closed()
    }

    fn member(&self, journey: Uuid) -> Result<(), Refusal> {
        if self.members.contains(&journey) { Ok(()) } else { Err(no_member()) }
    }

    fn no_appeal_waits(&self) -> Result<(), Refusal> {
        match self.open_appeals().next() {
            Some(_) => Err(appeal_first()),
            None => Ok(()),
        }
    }
}

fn few(count: usize) -> Result<(), Refusal> {
    if count < MANY { Ok(()) } else { Err(too_many()) }
}

/// Whose event it is.
fn belongs(actor: &Actor, event: &RingEvent) -> Result<(), Refusal> {
    let allowed = match event {
        RingEvent::RingOpened(_) | RingEvent::RingGrew(_) => *actor == Actor::System,
        RingEvent::AppealReceived { .. } => *actor == Actor::Borrower,
        _ => matches!(actor, Actor::Staff(_, StaffRole::Compliance)),
    };
    if allowed { Ok(()) } else { Err(not_yours()) }
}

/// A text that stays in the record for good.
fn plain(text: &str) -> Result<String, Refusal> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match (REASON_MIN..=REASON_MAX).contains(&text.chars().count()) {
        true => Ok(text),
        false => Err(too_short()),
    }
}
