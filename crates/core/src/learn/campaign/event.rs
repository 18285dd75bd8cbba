//! What can stand in the stream of a campaign.

use mingbai_evidence::refs::SealedRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::{Plan, SessionPlan};

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum CampaignEvent {
    /// It was planned.
    CampaignPlanned {
        /// The plan.
        plan: Box<Plan>,
        /// The key that people are hashed and codes are made with.
        key: SealedRef,
    },
    /// The plan was changed; it has to be approved again.
    PlanChanged {
        /// The plan.
        plan: Box<Plan>,
    },
    /// Another person approved the plan.
    CampaignApproved {
        /// Record of the plan that was approved.
        plan: u64,
    },
    /// A session was planned.
    SessionPlanned {
        /// The session.
        session: SessionPlan,
    },
    /// A session is not held.
    SessionCancelled {
        /// Which.
        number: u32,
        /// Why.
        why: String,
    },
    /// What a platform says about itself. Never added to what was counted.
    FigureReported {
        /// Platform.
        platform: String,
        /// Views or viewers, as it says.
        figure: u64,
        /// Where it says so: an address or a picture's name.
        source: String,
    },
    /// It is over.
    CampaignClosed {
        /// What is done differently next time.
        lesson: String,
    },
}

impl CampaignEvent {
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
