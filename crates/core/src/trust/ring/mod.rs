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

use std::fmt;

use mingbai_evidence::StreamId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reference;

/// The number of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RingId(Uuid);

impl RingId {
    /// Wraps a number.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        RingId(id)
    }

    /// The number; also the subject of its notes in the vault.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// Its stream.
    #[must_use]
    pub fn stream(self) -> StreamId {
        StreamId::of_uuid("ring", self.0)
    }

    /// The number of a stream's name; `None` when it is the stream of something else.
    #[must_use]
    pub fn of_stream(stream: &StreamId) -> Option<Self> {
        let (_, id) = stream.as_str().rsplit_once('/')?;
        let id = RingId(Uuid::try_parse(id).ok()?);
        (id.stream() == *stream).then_some(id)
    }

    /// The number as a person writes it down.
    #[must_use]
    pub fn shown(self) -> String {
        reference::grouped(self.0)
    }
}

impl fmt::Display for RingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}
