//! The state of the rings in memory: made from the stored log alone, by the same steps at the start and at every look, so that what a
//! process knows after a crash is what it knew before.

use std::collections::BTreeSet;
use std::sync::Arc;

use mingbai_rings::thresholds::WINDOW;
use mingbai_rings::{Application, Evidence, Identifier, Sighting, Window};
use tokio::sync::Mutex;

use super::edge::{Known, RingKey, registered};
use crate::error::DeskError;
use crate::ports::{LINKS_PAGE, LinkRow, Links};

/// Room for edges and identifiers at the start; it grows.
const ROOM: usize = 16_384;

/// Everything that the desk needs for rings.
pub struct Rings {
    pub(super) links: Arc<dyn Links>,
    pub(super) key: RingKey,
    pub(super) registered: BTreeSet<Identifier>,
    pub(super) state: Mutex<State>,
}

impl Rings {
    /// Puts it together; `known` are the shop terminals, branch networks and channels that may be shared.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when something on the list is no identifier.
    pub fn new(links: Arc<dyn Links>, key: RingKey, known: &[Known]) -> Result<Self, DeskError> {
        let registered = registered(&key, known)?;
        Ok(Rings { links, key, registered, state: Mutex::new(State::empty()) })
    }

    /// Whether a hash is one of the list.
    #[must_use]
    pub fn is_registered(&self, identifier: Identifier) -> bool {
        self.registered.contains(&identifier)
    }
}

/// The window, and how far of the log it has taken in.
pub(super) struct State {
    window: Window,
    seq: i64,
}

impl State {
    fn empty() -> Self {
        State { window: Window::new(WINDOW, ROOM, ROOM), seq: 0 }
    }

    /// Begins anew: rows were deleted, and what they said must not be remembered.
    pub(super) fn reset(&mut self) {
        *self = State::empty();
    }

    /// Takes in what was written since, also by other processes.
    pub(super) async fn catch_up(&mut self, links: &dyn Links) -> Result<(), DeskError> {
        loop {
            let rows = links.after(self.seq).await?;
            let full = u32::try_from(rows.len()).is_ok_and(|count| count >= LINKS_PAGE);
            for row in &rows {
                self.take(row)?;
            }
            if !full {
                return Ok(());
            }
        }
    }

    fn take(&mut self, row: &LinkRow) -> Result<(), DeskError> {
        // The clocks of two processes may differ by a moment; the order of the log is what counts.
        let at_s = seconds(row.at_ms).max(self.window.now_s());
        let sighting =
            Sighting { application: Application(row.applicant), at_s, identifiers: identifiers(row) };
        self.window.insert(&sighting).map_err(|error| DeskError::Fault(error.to_string()))?;
        self.seq = row.seq;
        Ok(())
    }

    pub(super) fn advance(&mut self, now_ms: i64) {
        self.window.advance(seconds(now_ms));
    }

    pub(super) fn evidence(&self, applicant: u64, identifiers: &[Identifier]) -> Evidence {
        self.window.evidence(Application(applicant), identifiers)
    }

    pub(super) fn edges(&self) -> usize {
        self.window.edges()
    }
}

/// The identifiers of a row. A kind that this program does not know is passed over: a newer one may have written it.
pub(super) fn identifiers(row: &LinkRow) -> Vec<Identifier> {
    row.identifiers.iter().filter_map(|number| Identifier::from_number(*number)).collect()
}

pub(super) fn seconds(at_ms: i64) -> u32 {
    u32::try_from(at_ms / 1000).unwrap_or(0)
}
