//! A ring (可疑团伙线索): applications that share things which strangers do not share. A stream of evidence of its own, folded like a
//! journey. It accuses nobody: whoever stands in it may be the one who is harmed, so all that follows is a call, a look by a person, and
//! a second person who closes it. It knows the numbers of journeys and nothing else of them, and nothing of who complained (law 11).

mod decide;
mod event;
mod fold;
mod kinds;
mod refusals;
mod say;
#[cfg(test)]
mod tests;

pub use decide::{Command, Context, NOTE_MAX, REASON_MAX, REASON_MIN};
pub use event::{Picture, RingEvent, Share, Tested};
pub use fold::{Appeal, Called, Closed, Done, FoldError, Note, Proposal, Reviewed, Ring, Stage};
pub use kinds::{Action, Appealed, Care, Ending, Finding, Heard, Innocent, ShareKind};
pub use say::{Notice, notice, questions};

use super::reference;

use crate::numbered::numbered;

numbered! {
    /// The number of a ring.
    RingId in "ring"
}

impl RingId {
    /// The number as a person writes it down.
    #[must_use]
    pub fn shown(self) -> String {
        reference::grouped(self.0)
    }
}
