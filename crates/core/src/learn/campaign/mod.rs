//! A campaign (守护者行动): a stream of evidence with plan, approval, sessions and self-reported figures, and one stream for each session with
//! who came. So a reach figure can be checked as a loan can.
//!
//! A person is only ever a keyed hash, with a key of the campaign that lies in the vault: when the key is destroyed, nobody can find out
//! any more who came, and every figure still holds.

mod attend;
mod decide;
mod event;
mod fold;
mod kinds;
mod plan;
mod refusals;

pub use attend::{Arrived, Attendance, Mark, Tested, VisitEvent};
pub use decide::Command;
pub use event::CampaignEvent;
pub use fold::{Campaign, FoldError, Held, Reported};
pub use kinds::{Arm, FocusGroup, PartnerKind, Sitting, Topic};
pub use plan::{BadPlan, Material, Partner, Place, Plan, SessionPlan};
pub use refusals::already_here;

use mingbai_evidence::StreamId;

use crate::numbered::numbered;

numbered! {
    /// The number of a campaign.
    CampaignId in "campaign"
}

impl CampaignId {
    /// The stream of one session: who came, who was tested.
    ///
    /// # Errors
    /// Never for a number of a session; the type of the name says so no better.
    pub fn session_stream(self, number: u32) -> Result<StreamId, mingbai_evidence::StreamIdError> {
        StreamId::new(&format!("campaign/{}/{number}", self.0.hyphenated()))
    }
}

#[cfg(test)]
mod tests;
