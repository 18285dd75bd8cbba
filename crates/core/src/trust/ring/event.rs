//! What can stand in the stream of a ring. Identifiers and their hashes never do: a shared thing is a kind and the places of those who
//! share it. Texts about a person are sealed.

use mingbai_evidence::refs::SealedRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::kinds::{Action, Appealed, Care, Ending, Finding, Heard, Innocent, ShareKind};
use crate::borrow::event::HumanDecision;

/// One thing that several of the ring share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// What sort of thing.
    pub kind: ShareKind,
    /// Who shares it: places in [`Picture::members`], from 0, rising.
    pub members: Vec<u32>,
    /// First and last time that it was seen, unix seconds.
    pub between_s: (u32, u32),
}

/// An honest reason that was held against everything that is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    /// Which.
    pub innocent: Innocent,
    /// What came out.
    pub finding: Finding,
}

/// The ring as the rules saw it at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// What the rules ask for.
    pub care: Care,
    /// Journeys, each once.
    pub members: Vec<Uuid>,
    /// What they share.
    pub shares: Vec<Share>,
    /// Honest reasons that were tested.
    pub tested: Vec<Tested>,
    /// Shared things that were left out because they are on the list of shop terminals, branch networks and partners.
    pub listed: u32,
    /// How many days back the rules look.
    pub window_days: u32,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum RingEvent {
    /// The rules saw it.
    RingOpened(Picture),
    /// Somebody joined it.
    RingGrew(Picture),
    /// A note.
    RingNoted {
        /// The note.
        note: SealedRef,
    },
    /// A customer was called, to protect her.
    CustomerCalled {
        /// Journey.
        journey: Uuid,
        /// What was found.
        heard: Heard,
        /// What was said.
        note: Option<SealedRef>,
    },
    /// Something else was done.
    RingActed {
        /// What.
        action: Action,
        /// With whom, and under which number; without personal values.
        reference: String,
    },
    /// A person decided whether a customer's loan goes on; the journey's own evidence says the same.
    MemberReviewed {
        /// Journey.
        journey: Uuid,
        /// Decision.
        decision: HumanDecision,
        /// Why.
        reason: String,
    },
    /// A customer appeals against the pause.
    AppealReceived {
        /// Journey.
        journey: Uuid,
        /// What she says.
        text: SealedRef,
    },
    /// Her appeal was decided.
    AppealDecided {
        /// Record of the appeal.
        appeal: u64,
        /// How.
        decision: Appealed,
        /// What she is told: the reason and what she can do.
        answer: SealedRef,
    },
    /// Somebody thinks that it can be closed.
    ClosingProposed {
        /// How it ends.
        ending: Ending,
        /// Why.
        why: String,
    },
    /// A second person agreed.
    RingClosed {
        /// Record of the proposal.
        proposal: u64,
    },
}

impl RingEvent {
    /// Kind and body of its record.
    #[must_use]
    pub fn to_parts(&self) -> (String, Value) {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        let kind = whole.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        (kind, whole.get_mut("body").map(Value::take).unwrap_or_default())
    }

    /// Reads kind and body.
    ///
    /// # Errors
    /// What the reader says about them.
    pub fn from_parts(kind: &str, body: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({"kind": kind, "body": body}))
    }
}
