//! 可疑团伙线索: what applications share with others, from the identifiers that come in to the second person who closes a ring. Nothing
//! here knows complaints (law 11; `tidy` looks), and nothing here refuses a loan: a pause is lifted by a person.

mod act;
mod edge;
mod hers;
mod judge;
mod look;
mod members;
mod state;
mod take;
mod told;

pub use act::RingWish;
pub use edge::{Known, Link, RingKey};
pub use hers::{HerAppeal, HerRing};
pub use look::{MemberFace, RingFile, RingLine, RingRecord};
pub use members::Standing;
pub use state::Rings;
pub use take::{LinksTaken, RETENTION_DAYS};
pub use told::told;

use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::text::both;
use mingbai_core::trust::ring::{Ring, RingEvent, RingId};
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::Salt;
use mingbai_evidence::{Record, StreamHead};

use crate::borrow::write::REFOLDS;
use crate::chain::{Chain, Said};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, LogError, Logged};

/// A ring as it stands in the log.
struct Loaded {
    ring: Ring,
    logged: Vec<Logged>,
}

fn no_ring() -> DeskError {
    DeskError::NotFound(both(
        "没有这条线索。请从线索列表里打开。",
        "There is no such ring. Open one from the list of rings.",
    ))
}

impl Desk {
    async fn load_ring(&self, id: RingId) -> Result<Loaded, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        if logged.is_empty() {
            return Err(no_ring());
        }
        let ring = Ring::fold(id, logged.iter().map(|item| &item.record))
            .map_err(|error| DeskError::Fault(error.to_string()))?;
        Ok(Loaded { ring, logged })
    }

    async fn seal_for_ring(&self, id: RingId, label: &str, value: &str) -> Result<SealedRef, DeskError> {
        let salt = Salt::new(self.random());
        let sealed = self.ports.vault.seal(id.uuid(), label, value.as_bytes(), salt).await?;
        Ok(SealedRef { sealed, label: label.to_owned() })
    }

    /// Opens a ring with its first event.
    async fn begin_ring(&self, actor: &str, event: RingEvent) -> Result<RingId, DeskError> {
        let at_ms = self.now_ms();
        let id = RingId::new(self.new_id(at_ms));
        let records = self.ring_records(id, None, at_ms, &[(actor.to_owned(), event)])?;
        self.ports.log.append(Append::of(id.stream(), None, records)).await?;
        Ok(id)
    }

    fn ring_records(
        &self,
        id: RingId,
        expected: Option<StreamHead>,
        at_ms: i64,
        events: &[(String, RingEvent)],
    ) -> Result<Vec<Record>, DeskError> {
        let chain = Chain { stream: id.stream(), head: expected, at_ms };
        let said = |(actor, event): &(String, RingEvent)| {
            let (kind, body) = event.to_parts();
            Said { actor: actor.clone(), kind, body }
        };
        self.chained(&chain, events.iter().map(said))
    }

    /// Reads, folds, decides, appends; again when somebody else was faster.
    async fn decide_ring(
        &self,
        id: RingId,
        actor: &str,
        decide: impl Fn(&Ring) -> Result<Vec<RingEvent>, Refusal>,
    ) -> Result<Ring, DeskError> {
        for _ in 0..=REFOLDS {
            let loaded = self.load_ring(id).await?;
            let events: Vec<_> =
                decide(&loaded.ring)?.into_iter().map(|event| (actor.to_owned(), event)).collect();
            if events.is_empty() {
                return Ok(loaded.ring);
            }
            let expected = loaded.ring.head();
            let at_ms = self.now_ms().max(loaded.ring.last_at_ms());
            let records = self.ring_records(id, expected, at_ms, &events)?;
            let all = loaded.logged.iter().map(|item| &item.record).chain(&records);
            let after = Ring::fold(id, all).map_err(|error| DeskError::Fault(error.to_string()))?;
            match self.ports.log.append(Append::of(id.stream(), expected, records)).await {
                Err(LogError::Conflict { .. }) => {}
                outcome => return outcome.map(|_| after).map_err(DeskError::from),
            }
        }
        Err(DeskError::Busy(both(
            "有人同时在办理这条线索,请再试一次。",
            "Somebody else is working on this ring; try again.",
        )))
    }
}
