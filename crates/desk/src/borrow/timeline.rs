//! One journey's time line for the auditor: every record with human words, its position in the log and its proof.

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::Event;
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_evidence::Digest;

use super::JourneyView;
use super::told::told;
use super::write::Loaded;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::Logged;

/// A journey record by record.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The journey that these records fold to.
    pub view: JourneyView,
    /// Records in order.
    pub entries: Vec<TimelineEntry>,
    /// The signed checkpoint that every proof leads to.
    pub checkpoint: String,
    /// Size of its tree.
    pub size: u64,
    /// Root of its tree.
    pub root: Digest,
}

/// One record.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// Position in the log.
    pub index: u64,
    /// Position in the journey.
    pub seq: u64,
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub actor: Actor,
    /// Kind.
    pub kind: String,
    /// What it says, in words.
    pub words: Words,
    /// Terms that it was given for; evidence for other terms than the present ones no longer counts.
    pub terms: Option<Digest>,
    /// Leaf hash.
    pub leaf: Digest,
    /// The record's bytes as stored.
    pub json: String,
    /// Inclusion path to [`Timeline::root`].
    pub proof: Vec<Digest>,
}

impl Desk {
    /// The time line.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the caller may not see the journey.
    pub async fn timeline(&self, caller: &Caller, id: JourneyId) -> Result<Timeline, DeskError> {
        let Loaded { journey, logged, pack } = self.load_for(caller, id).await?;
        let head = self.ports.log.head().await?;
        let mut entries = Vec::with_capacity(logged.len());
        for item in logged {
            let record = &item.record;
            if hidden_from_branch(caller, record.kind()) {
                entries.push(self.covered(&item, head.size).await?);
                continue;
            }
            let words = Event::from_parts(record.kind(), record.body()).map_or_else(
                |error| both(format!("无法识别的记录:{error}"), format!("An unreadable record: {error}")),
                |event| told(&event),
            );
            entries.push(TimelineEntry {
                index: item.index,
                seq: record.seq(),
                at_ms: record.at_ms(),
                actor: Actor::from_text(record.actor()).unwrap_or(Actor::System),
                kind: record.kind().to_owned(),
                words,
                terms: record.terms(),
                leaf: record.leaf(),
                json: String::from_utf8_lossy(record.bytes()).into_owned(),
                proof: self.ports.log.inclusion(item.index, head.size).await?,
            });
        }
        let checkpoint = self.note(head.size, head.root).await?;
        Ok(Timeline {
            view: JourneyView { journey, pack },
            entries,
            checkpoint,
            size: head.size,
            root: head.root,
        })
    }

    /// An entry whose place is shown and whose content is not.
    async fn covered(&self, item: &Logged, size: u64) -> Result<TimelineEntry, DeskError> {
        let record = &item.record;
        Ok(TimelineEntry {
            index: item.index,
            seq: record.seq(),
            at_ms: record.at_ms(),
            actor: Actor::from_text(record.actor()).unwrap_or(Actor::System),
            kind: record.kind().to_owned(),
            words: both(
                "内容只给消保和审计看:有人可能就在网点教借款人怎么答。",
                "For compliance and audit only: whoever coaches her may sit at the branch.",
            ),
            terms: record.terms(),
            leaf: record.leaf(),
            json: "—".to_owned(),
            proof: self.ports.log.inclusion(item.index, size).await?,
        })
    }

    /// The log's checkpoint, signed now.
    ///
    /// # Errors
    /// [`DeskError::Log`] or [`DeskError::Note`].
    pub async fn checkpoint(&self) -> Result<String, DeskError> {
        let head = self.ports.log.head().await?;
        self.note(head.size, head.root).await
    }

    /// The same checkpoint signed with SM2 and SM3, as a note of its own; `None` when this house has no seal.
    ///
    /// # Errors
    /// [`DeskError::Log`] or [`DeskError::Note`].
    pub async fn second_checkpoint(&self) -> Result<Option<String>, DeskError> {
        let head = self.ports.log.head().await?;
        if let Some(note) = self.second_note(head.size, head.root)? {
            // The first signature is held against the mark; where that one may not be made, neither may this one leave the house.
            self.note(head.size, head.root).await?;
            return Ok(Some(note));
        }
        Ok(None)
    }
}

/// What she answers about pressure on her is not for the branch that may exert it.
fn hidden_from_branch(caller: &Caller, kind: &str) -> bool {
    caller.role() == Some(StaffRole::Consultant)
        && matches!(kind, "screen_answered" | "screen_reviewed" | "ring_alerted" | "confirmed")
}
