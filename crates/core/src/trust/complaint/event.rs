//! What can stand in the stream of a complaint. Whatever is about a person is sealed; the records carry commitments.

use mingbai_cost::Fen;
use mingbai_evidence::Digest;
use mingbai_evidence::refs::SealedRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::clock::{Clocks, Level};
use super::kinds::{
    AlarmKind, Channel, Elsewhere, MediationEnd, Outcome, Paper, PaperKind, Party, Remedy, Right, Way,
};

/// How a complaint begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Where it came in.
    pub channel: Channel,
    /// Who speaks.
    pub party: Party,
    /// When it reached the house, unix ms: before the record for letters and transfers. The clocks run from here.
    pub received_at_ms: i64,
    /// The number that the regulator's line gave it.
    pub transfer: Option<String>,
    /// The journey that it is about, by number.
    pub journey: Option<Uuid>,
    /// Product and version that it is about.
    pub product: Option<(String, String)>,
    /// Policy pack.
    pub pack_id: String,
    /// Its digest.
    pub pack_digest: Digest,
    /// The pack's days.
    pub clocks: Clocks,
    /// Her name.
    pub name: SealedRef,
    /// How to reach her.
    pub contact: SealedRef,
    /// What happened.
    pub story: SealedRef,
    /// What she wishes; absent when she did not say.
    pub wish: Option<SealedRef>,
    /// The code that opens her page, with the reference.
    pub code: SealedRef,
    /// Papers that came with it.
    pub papers: Vec<Paper>,
}

/// A written answer before it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// How it finds.
    pub outcome: Outcome,
    /// What is done.
    pub remedies: Vec<Remedy>,
    /// Money that is promised; zero for none.
    pub refund_fen: Fen,
    /// The text.
    pub text: SealedRef,
    /// How she can go on.
    pub ways: Vec<Way>,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum ComplaintEvent {
    /// It came in.
    ComplaintReceived(Box<Received>),
    /// It was taken over from another system, with the row as that system gave it.
    ComplaintTakenOver {
        /// The row, column by column.
        original: SealedRef,
        /// What that system says about its answer.
        elsewhere: Elsewhere,
    },
    /// She was told that it is here, and its number.
    ComplaintAcknowledged {},
    /// What it is about, by the loadable list and by right.
    ComplaintCategorised {
        /// List that the codes are from.
        list: String,
        /// Cause.
        cause: String,
        /// Kind of business.
        business: String,
        /// Right concerned.
        right: Right,
    },
    /// The journey that it is about was found.
    JourneyLinked {
        /// Journey.
        journey: Uuid,
        /// Product and version.
        product: (String, String),
    },
    /// What was looked at, asked or found.
    ComplaintNoted {
        /// The note.
        note: SealedRef,
    },
    /// She added something.
    ComplaintAdded {
        /// What.
        text: SealedRef,
    },
    /// A paper is here now.
    PaperHeld {
        /// Which.
        paper: Paper,
    },
    /// She was asked for a paper.
    PaperAsked {
        /// Which.
        paper: Paper,
        /// Why it is needed.
        why: String,
    },
    /// More time, which takes effect at once when it is the complex clock.
    ComplaintExtended {
        /// To which clock.
        level: Level,
        /// The reason that she is told.
        reason: String,
    },
    /// More time that a second person has to approve.
    ExtensionAsked {
        /// To which clock.
        level: Level,
        /// The reason that she is told.
        reason: String,
    },
    /// A second person approved it.
    ExtensionApproved {
        /// Record that asked.
        asked: u64,
    },
    /// An answer was written.
    AnswerDrafted(Draft),
    /// It was given to her. Where money is promised, by another person than its writer.
    AnswerGiven {
        /// Record of the draft.
        draft: u64,
    },
    /// Promised money was paid.
    RefundPaid {
        /// How much.
        amount_fen: Fen,
        /// Number of the payment in the core system.
        payment: String,
    },
    /// She wants it looked at again.
    RecheckAsked {
        /// Why.
        why: SealedRef,
    },
    /// She wants a third party.
    MediationAsked {},
    /// The mediation ended.
    MediationEnded {
        /// How.
        end: MediationEnd,
    },
    /// She takes it back; that ends it at once.
    ComplaintWithdrawn {
        /// Why, if she says so.
        why: Option<SealedRef>,
    },
    /// It is over, and what was behind it goes back to the review of the product.
    ComplaintClosed {
        /// Cause that was found.
        root_cause: String,
        /// What is changed because of it.
        lesson: String,
    },
    /// The house was warned of a clock.
    AlarmRaised {
        /// Of what.
        alarm: AlarmKind,
        /// The moment that is meant, unix ms.
        due_at_ms: i64,
    },
}

impl ComplaintEvent {
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

    /// Whether a paper of this kind is what the event is about.
    #[must_use]
    pub fn paper(&self) -> Option<PaperKind> {
        match self {
            ComplaintEvent::PaperHeld { paper } | ComplaintEvent::PaperAsked { paper, .. } => {
                Some(paper.kind)
            }
            _ => None,
        }
    }
}
