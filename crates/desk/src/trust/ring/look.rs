//! Reading rings: the list, and one with everything for compliance and audit. Whoever may be part of a branch sees neither.

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::ring::{Care, Ring, RingEvent, RingId};
use mingbai_cost::Words;
use mingbai_evidence::refs::{Reference, SealedRef, references};
use uuid::Uuid;

use super::members::Standing;
use super::{Loaded, told};
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::Find;

/// The most rings that the list reads.
const MANY: u32 = 2_000;

/// A ring as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingLine {
    /// Number.
    pub id: RingId,
    /// Key of its stage.
    pub stage: &'static str,
    /// What the rules ask for.
    pub care: Care,
    /// How many are in it.
    pub members: usize,
    /// How many wait for a call or a decision.
    pub waiting: usize,
    /// Appeals without an answer.
    pub appeals: usize,
    /// First seen, unix ms.
    pub opened_at_ms: i64,
    /// Last record, unix ms.
    pub updated_at_ms: i64,
}

/// A member as the page shows her: numbers and how her loan stands, no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFace {
    /// Journey.
    pub journey: JourneyId,
    /// Application number in the core system.
    pub external_ref: String,
    /// How her loan stands.
    pub standing: Standing,
}

/// One record of a ring, in words.
#[derive(Clone, Debug)]
pub struct RingRecord {
    /// Place in the stream.
    pub seq: u64,
    /// Place in the log.
    pub index: u64,
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub actor: Actor,
    /// What it says.
    pub words: Words,
    /// The text that goes with it, opened.
    pub text: Option<String>,
}

/// A ring for compliance and audit.
#[derive(Clone, Debug)]
pub struct RingFile {
    /// The ring.
    pub ring: Ring,
    /// Everybody in it, in the order of coming: the places of the picture's members come first.
    pub members: Vec<MemberFace>,
    /// Record by record.
    pub records: Vec<RingRecord>,
    /// Appeals without an answer: record, journey, text.
    pub appeals: Vec<(u64, Uuid, String)>,
}

impl Desk {
    /// The list: what waits first, then the newest.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn rings(&self, caller: &Caller) -> Result<Vec<RingLine>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let mut lines = Vec::new();
        for stream in self.ports.log.streams("ring/", MANY).await? {
            let Some(id) = RingId::of_stream(&stream) else { continue };
            let ring = self.load_ring(id).await?.ring;
            let waiting = match ring.is_closed() {
                true => 0,
                false => self.waiting(&ring).await?.waiting.len(),
            };
            lines.push(RingLine {
                id,
                stage: ring.stage.key(),
                care: ring.picture.care,
                members: ring.members.len(),
                waiting,
                appeals: ring.open_appeals().count(),
                opened_at_ms: ring.opened_at_ms,
                updated_at_ms: ring.last_at_ms(),
            });
        }
        let rank = |line: &RingLine| match (line.appeals, line.stage) {
            (1.., _) => 0,
            (_, "closed") => 2,
            _ => 1,
        };
        lines.sort_by_key(|line| (rank(line), std::cmp::Reverse(line.opened_at_ms)));
        Ok(lines)
    }

    /// One ring.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn ring_file(&self, caller: &Caller, id: RingId) -> Result<RingFile, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let Loaded { ring, logged } = self.load_ring(id).await?;
        let mut records = Vec::with_capacity(logged.len());
        for item in &logged {
            let record = &item.record;
            let event = RingEvent::from_parts(record.kind(), record.body())
                .map_err(|error| DeskError::Fault(error.to_string()))?;
            let text = match sealed_in(record.body()) {
                Some(sealed) => self.ring_text(id, &sealed).await?,
                None => None,
            };
            records.push(RingRecord {
                seq: record.seq(),
                index: item.index,
                at_ms: record.at_ms(),
                actor: Actor::from_text(record.actor()).unwrap_or(Actor::System),
                words: told(&event),
                text,
            });
        }
        let mut members = Vec::with_capacity(ring.members.len());
        for journey in &ring.members {
            let row = self.ports.log.find(Find::Journey(JourneyId::new(*journey))).await?;
            members.push(MemberFace {
                journey: JourneyId::new(*journey),
                external_ref: row.map(|row| row.external_ref).unwrap_or_default(),
                standing: self.standing(&ring, *journey).await?,
            });
        }
        let mut appeals = Vec::new();
        for appeal in ring.open_appeals() {
            let text = self.ring_text(id, &appeal.text).await?.unwrap_or_default();
            appeals.push((appeal.seq, appeal.journey, text));
        }
        Ok(RingFile { ring, members, records, appeals })
    }
}

fn sealed_in(body: &serde_json::Value) -> Option<SealedRef> {
    references(body).into_iter().find_map(|found| match found {
        Reference::Sealed(sealed) => Some(sealed),
        _ => None,
    })
}
