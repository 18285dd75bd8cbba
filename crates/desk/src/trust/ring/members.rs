//! The journeys of a ring as they stand: who still waits, and who said herself that something is wrong.

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::HumanDecision;
use mingbai_core::borrow::state::Stage;
use mingbai_core::trust::ring::Ring;
use uuid::Uuid;

use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;

/// How the loan of a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for a call.
    Waits,
    /// It waits, and she said herself that something is wrong.
    Pressed,
    /// A person paused it after a talk.
    Kept,
    /// A person let it go on.
    LetGo,
    /// She does not borrow.
    Declined,
    /// The money is out.
    PaidOut,
    /// It was never paused: it was over when the ring was seen.
    Never,
}

/// Whom the rules must know about before a ring is closed.
pub(super) struct Waiting {
    pub(super) waiting: Vec<Uuid>,
    pub(super) pressed: Vec<Uuid>,
}

impl Desk {
    pub(super) async fn standing(&self, ring: &Ring, id: Uuid) -> Result<Standing, DeskError> {
        let journey = Box::pin(self.load(JourneyId::new(id))).await?.journey;
        let upheld = ring.reviews.get(&id).is_some_and(|review| review.decision == HumanDecision::Upheld);
        Ok(match journey.stage() {
            Stage::Declined => Standing::Declined,
            Stage::PaidOut | Stage::Closed => Standing::PaidOut,
            _ if !journey.ring_waits() => match journey.ring() {
                Some(_) => Standing::LetGo,
                None => Standing::Never,
            },
            _ if upheld => Standing::Kept,
            _ if journey.answers_wait() || journey.refused_to_confirm().is_some() => Standing::Pressed,
            _ => Standing::Waits,
        })
    }

    pub(super) async fn waiting(&self, ring: &Ring) -> Result<Waiting, DeskError> {
        let mut found = Waiting { waiting: Vec::new(), pressed: Vec::new() };
        for id in &ring.members {
            match self.standing(ring, *id).await? {
                Standing::Waits => found.waiting.push(*id),
                Standing::Pressed => {
                    found.waiting.push(*id);
                    found.pressed.push(*id);
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// A person decides about one journey: in the journey's own evidence first, because that is what the gate reads.
    pub(super) async fn decide_member(
        &self,
        caller: &Caller,
        journey: Uuid,
        decision: HumanDecision,
        reason: &str,
    ) -> Result<(), DeskError> {
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        let command = Command::ReviewScreening { decision, reason: reason.to_owned() };
        self.act(caller, JourneyId::new(journey), command).await.map(|_| ())
    }
}

impl Standing {
    /// Whether a person's decision would change something.
    pub(super) const fn is_waiting(self) -> bool {
        matches!(self, Standing::Waits | Standing::Pressed | Standing::Kept)
    }
}
