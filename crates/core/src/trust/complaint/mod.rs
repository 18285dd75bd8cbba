//! A complaint (投诉): a stream of evidence of its own, folded like a journey, with the clocks of the policy pack under which it came.
//! It knows the number of a journey and nothing else of it; no rule about a loan knows that there is a complaint (law 11).

pub mod alarm;
mod clock;
mod decide;
mod event;
mod fold;
mod kinds;
mod refusals;
pub mod report;
mod stage;
pub mod taxonomy;

pub use clock::{Clocks, DAY_MS, Level};
pub use decide::{Command, Context, NOTE_MAX, REASON_MIN, TEXT_MIN};
pub use event::{ComplaintEvent, Draft, Received};
pub use fold::{Complaint, FoldError, TakenOver};
pub use kinds::{
    AlarmKind, Channel, Elsewhere, MediationEnd, Outcome, Paper, PaperKind, Party, Remedy, Right, Way,
};
pub use stage::{Answer, Answered, Closed, End, Open, Proposal, Recheck, Stage};

use std::fmt;

use mingbai_evidence::StreamId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reference;

/// The number of a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComplaintId(Uuid);

impl ComplaintId {
    /// Wraps a number.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        ComplaintId(id)
    }

    /// The number; also the subject of its values in the vault.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// Its stream.
    #[must_use]
    pub fn stream(self) -> StreamId {
        StreamId::of_uuid("complaint", self.0)
    }

    /// The number as a person writes it down: twelve letters made of the random end of the number.
    #[must_use]
    pub fn reference(self) -> String {
        reference::plain(self.0)
    }

    /// [`ComplaintId::reference`] in groups of four.
    #[must_use]
    pub fn shown(self) -> String {
        reference::grouped(self.0)
    }
}

impl fmt::Display for ComplaintId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

#[cfg(test)]
mod tests;
