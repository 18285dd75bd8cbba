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

use super::reference;

use crate::numbered::numbered;

numbered! {
    /// The number of a complaint.
    ComplaintId in "complaint"
}

impl ComplaintId {
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

#[cfg(test)]
mod tests;
