//! Signed contracts that stay provable: a time stamp over the whole file, and another over that one before the authority's
//! certificate ends (PAdES B-LTA, EN 319 142-1, 5.4.3). What was renewed stands in the stream `archive/<journey>`, apart from the
//! journey's own: that one has ended by then.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_core::borrow::signing::OwnSignature;
use mingbai_evidence::timestamp;
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use serde::{Deserialize, Serialize};

use super::signature_error;
use crate::borrow::holder;
use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::{Append, FileVerdict, Logged, OutboxItem, Task};
use crate::stamping::Authority;

/// Kind of the record that renews a file.
pub(crate) const RENEWED: &str = "archive_renewed";
/// The most renewals of one contract: a file of 40 revisions is the largest that our verifier reads.
const RENEWALS_LIMIT: usize = 17;
/// What the names of journeys' streams begin with.
const JOURNEYS: &str = "borrow/";
/// The most contracts that one pass over the house looks at.
const CONTRACTS_LIMIT: u32 = 1_000_000;

/// Body of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Renewed {
    /// SHA-256 of the file before; it is the beginning of the new one.
    pub before: Digest,
    /// The file with the new time stamp.
    pub document: AttachmentRef,
    /// What the stamp proves, unix ms.
    pub proven_at_ms: i64,
    /// Until when the authority's certificates vouch for it, unix ms.
    pub vouched_until_ms: i64,
}

/// Which contracts are renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those whose time stamp ends soon, or that have none.
    Due,
    /// Every one.
    All,
}

/// What became of one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// This journey has no sealed contract, or her documents were erased.
    NoContract,
    /// Its time stamp is good until then, unix ms.
    NotDue(i64),
    /// It ends soon, then; but the authority's certificates are still those that the stamp has, so another would add nothing.
    NothingNewer(i64),
    /// It got a time stamp.
    Renewed {
        /// The file before.
        before: Digest,
        /// The file now.
        after: Digest,
        /// Until when its time stamp is good, unix ms.
        until_ms: i64,
    },
}

pub(crate) fn stream_of(id: JourneyId) -> StreamId {
    StreamId::of_uuid("archive", id.uuid())
}

fn body(record: &Record) -> Option<Renewed> {
    (record.kind() == RENEWED).then(|| serde_json::from_value(record.body().clone()).ok()).flatten()
}

/// The newest file of a contract that begins with `sealed`, by the records of its archive. A record that does not follow is passed
/// over: it is about another contract of the same journey.
fn newest(sealed: &AttachmentRef, archive: &[Logged]) -> AttachmentRef {
    archive.iter().filter_map(|item| body(&item.record)).fold(sealed.clone(), |known, renewed| {
        if renewed.before == known.sha256 { renewed.document } else { known }
    })
}

impl Desk {
    /// The file to hand out: sealed and renewed as far as it has come.
    pub(super) async fn newest_contract(
        &self,
        id: JourneyId,
        own: &OwnSignature,
    ) -> Result<AttachmentRef, DeskError> {
        let Some(sealed) = &own.sealed else { return Ok(own.document.clone()) };
        Ok(newest(sealed, &self.ports.log.read(&stream_of(id)).await?))
    }

    /// Every journey that may have a signed contract.
    ///
    /// # Errors
    /// [`DeskError`] when the log cannot be read.
    pub async fn contracts(&self) -> Result<Vec<JourneyId>, DeskError> {
        let streams = self.ports.log.streams(JOURNEYS, CONTRACTS_LIMIT).await?;
        let ids = streams.iter().filter_map(|name| JourneyId::parse(name.as_str().strip_prefix(JOURNEYS)?));
        Ok(ids.collect())
    }

    /// Puts a time stamp over a journey's sealed contract when one is due.
    ///
    /// # Errors
    /// [`DeskError::Busy`] when no time-stamping authority is set or it does not answer; [`DeskError::Fault`] when its answer or the
    /// file is not to be trusted. Nothing was changed then.
    pub async fn renew_contract(
        &self,
        id: JourneyId,
        which: Which,
        now_ms: i64,
    ) -> Result<Renewal, DeskError> {
        let Some(pen) = self.signatures() else {
            return Err(DeskError::Fault("there is no authority to read signed contracts".to_owned()));
        };
        let loaded = self.load(id).await?;
        let Some(sealed) = loaded.journey.own_signature().and_then(|own| own.sealed.clone()) else {
            return Ok(Renewal::NoContract);
        };
        let archive = self.ports.log.read(&stream_of(id)).await?;
        let before = newest(&sealed, &archive);
        let Some(pdf) = self.ports.attachments.get(holder(id), before.sha256).await? else {
            return Ok(Renewal::NoContract);
        };
        let authority = self.archive_authority()?;
        let until_ms = pen.vouched_until_ms(pdf.clone(), now_ms).await.map_err(signature_error)?;
        if let Some(until_ms) = until_ms
            && which == Which::Due
            && due_at_ms(authority, until_ms) > now_ms
        {
            return Ok(Renewal::NotDue(until_ms));
        }
        if archive.len() >= RENEWALS_LIMIT {
            return Err(DeskError::Fault(format!("{id} was renewed {RENEWALS_LIMIT} times: look into it")));
        }
        let waiting = pen.prepare_archive(pdf, now_ms).await.map_err(signature_error)?;
        let answer = self.stamped(authority, &waiting.imprint).await?;
        let stamped = pen.finish_archive(waiting, answer).await.map_err(signature_error)?;
        if which == Which::Due
            && let Some(until_ms) = until_ms.filter(|until_ms| stamped.vouched_until_ms <= *until_ms)
        {
            return Ok(Renewal::NothingNewer(until_ms));
        }
        let report = pen.inspect(stamped.pdf.clone(), now_ms).await;
        if let Some(wrong) = report.claims.iter().find(|claim| claim.verdict == FileVerdict::Contradicted) {
            return Err(DeskError::Fault(format!("{id} was not renewed: {}", wrong.why.en)));
        }
        let document = self.ports.attachments.put(holder(id), stamped.pdf, "application/pdf").await?;
        let renewed = Renewed {
            before: before.sha256,
            document: document.clone(),
            proven_at_ms: stamped.proven_at_ms,
            vouched_until_ms: stamped.vouched_until_ms,
        };
        let due_ms = due_at_ms(authority, stamped.vouched_until_ms).max(now_ms.saturating_add(DAY_MS));
        self.note_renewal(id, archive.last(), &renewed, self.next_look(id, now_ms, due_ms)).await?;
        let until_ms = stamped.vouched_until_ms;
        Ok(Renewal::Renewed { before: before.sha256, after: document.sha256, until_ms })
    }

    /// The outbox's part. Without an authority there is nothing to do, and nothing to repeat.
    pub(crate) async fn renew_by_outbox(&self, id: JourneyId, now_ms: i64) -> Result<(), DeskError> {
        if self.archive_authority().is_err() {
            tracing::info!(journey = %id, "no time-stamping authority is set: the contract stays without an archive time stamp");
            return Ok(());
        }
        match self.renew_contract(id, Which::Due, now_ms).await? {
            Renewal::NotDue(until_ms) | Renewal::NothingNewer(until_ms) => {
                let authority = self.archive_authority()?;
                let due_ms = due_at_ms(authority, until_ms).max(now_ms.saturating_add(DAY_MS));
                Ok(self.ports.outbox.put(self.next_look(id, now_ms, due_ms)).await?)
            }
            Renewal::NoContract => Ok(()),
            Renewal::Renewed { after, .. } => {
                tracing::info!(journey = %id, %after, "a signed contract got its archive time stamp");
                Ok(())
            }
        }
    }

    /// An authority that was down for days must not end the renewals: another look the next day.
    pub(crate) async fn look_again_tomorrow(&self, id: JourneyId, now_ms: i64) -> Result<(), DeskError> {
        Ok(self.ports.outbox.put(self.next_look(id, now_ms, now_ms.saturating_add(DAY_MS))).await?)
    }

    fn next_look(&self, id: JourneyId, now_ms: i64, due_ms: i64) -> OutboxItem {
        self.queued(now_ms, due_ms, Task::RenewSignatures { journey: id })
    }

    fn archive_authority(&self) -> Result<&Authority, DeskError> {
        self.stamping.as_ref().and_then(|stamping| stamping.authority()).ok_or_else(no_authority)
    }

    async fn stamped(&self, authority: &Authority, imprint: &Digest) -> Result<Vec<u8>, DeskError> {
        let nonce = u64::from_be_bytes(self.random());
        let query = timestamp::query(imprint, nonce).map_err(|e| DeskError::Fault(e.to_string()))?;
        let answer = authority.way.stamp(query).await.map_err(|e| {
            DeskError::Busy(mingbai_core::text::both(
                format!("时间戳机构没有应答({}),稍后会再试。", e.0),
                format!("The time-stamping authority did not answer ({}); it is asked again later.", e.0),
            ))
        })?;
        match timestamp::verify(&answer, imprint, nonce, &authority.roots) {
            Ok(_) => Ok(answer),
            Err(error) => Err(DeskError::Fault(format!("the authority's answer was refused: {error}"))),
        }
    }

    /// Two workers that renew one file at the same moment write to the same place in the stream: the slower one is refused.
    async fn note_renewal(
        &self,
        id: JourneyId,
        last: Option<&Logged>,
        renewed: &Renewed,
        next: OutboxItem,
    ) -> Result<(), DeskError> {
        let head = last.map(|last| last.record.head());
        let at_ms = self.now_ms().max(last.map_or(i64::MIN, |last| last.record.at_ms()));
        let record = Record::write(Draft {
            id: self.new_id(at_ms),
            stream: stream_of(id),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms,
            actor: Caller::system().actor().to_string(),
            kind: RENEWED.to_owned(),
            terms: None,
            body: serde_json::to_value(renewed).map_err(|e| DeskError::Fault(e.to_string()))?,
        })?;
        let mut append = Append::of(stream_of(id), head, vec![record]);
        append.outbox = vec![next];
        self.ports.log.append(append).await?;
        Ok(())
    }
}

/// When the next stamp is due: so many days before the first certificate ends that vouches for the present one.
fn due_at_ms(authority: &Authority, until_ms: i64) -> i64 {
    until_ms.saturating_sub(i64::from(authority.renew_days).saturating_mul(DAY_MS))
}

fn no_authority() -> DeskError {
    DeskError::Busy(mingbai_core::text::both(
        "没有设置时间戳机构(tsa_url、tsa_root),无法加盖归档时间戳;签名仍停留在 B-LT 或 B-B 级。",
        "No time-stamping authority is set (tsa_url, tsa_root): no archive time stamp can be put on; signatures stay at level B-LT or B-B.",
    ))
}
