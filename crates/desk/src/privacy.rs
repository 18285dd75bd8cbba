//! Forgetting a person, and what stands against it: legal holds and the pack's retention. The decision is evidence first, in
//! `privacy/<journey>`; then her key is destroyed, at once and, should that fail, by the outbox until it is done.

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::privacy::{Basis, Erasure, PrivacyEvent, PrivacyFile, Wish, stream_of};
use mingbai_core::text::both;
use mingbai_evidence::refs::{Reference, references};
use mingbai_evidence::{Digest, Draft, Record};

use crate::borrow::paper;
use crate::borrow::signing::archive;
use crate::borrow::write::{Loaded, REFOLDS};
use crate::caller::{Caller, forbidden};
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::{Append, LogError, Logged, OutboxItem, Owner, Task};

/// How long an upload may rest before it counts as abandoned: a weekend and a day.
const UPLOAD_DAYS: i64 = 3;

impl Desk {
    /// Cleans away uploads that nobody goes on with: half a recording proves nothing and is personal data all the same. Returns
    /// how many. Called by a timer.
    ///
    /// # Errors
    /// [`DeskError::Keep`].
    pub async fn sweep_uploads(&self) -> Result<u32, DeskError> {
        Ok(self.ports.attachments.sweep(self.now_ms() - UPLOAD_DAYS * DAY_MS).await?)
    }

    /// What was decided about a journey's personal data: the holds that stand, the erasure.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn privacy(&self, caller: &Caller, id: JourneyId) -> Result<PrivacyFile, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        self.load_for(caller, id).await?;
        Ok(PrivacyFile::fold(self.privacy_records(id).await?.iter().map(|item| &item.record)))
    }

    /// Compliance: a legal hold. Nothing of this person may be erased while it stands. Returns its number.
    ///
    /// # Errors
    /// [`DeskError::Refused`] without a reason or after an erasure; [`DeskError::NotFound`].
    pub async fn hold(&self, caller: &Caller, id: JourneyId, reason: &str) -> Result<u64, DeskError> {
        let actor = caller.actor();
        let place = |file: &PrivacyFile, _: &Loaded| file.place_hold(&actor, reason);
        self.decide_privacy(caller, id, place, |_| Vec::new()).await
    }

    /// Compliance: ends a hold.
    ///
    /// # Errors
    /// [`DeskError::Refused`] without a reason or for a hold that does not stand; [`DeskError::NotFound`].
    pub async fn release_hold(
        &self,
        caller: &Caller,
        id: JourneyId,
        hold: u64,
        reason: &str,
    ) -> Result<(), DeskError> {
        let actor = caller.actor();
        let release = |file: &PrivacyFile, _: &Loaded| file.release_hold(&actor, hold, reason);
        self.decide_privacy(caller, id, release, |_| Vec::new()).await.map(|_| ())
    }

    /// Compliance: forgets the person of a journey. Her values and documents can never be read again; every proof stays, and a
    /// package says which documents were erased. Asking again after an erasure makes sure that it was carried out.
    ///
    /// # Errors
    /// [`DeskError::Refused`] with what stands against it and from which day it is possible; [`DeskError::NotFound`];
    /// [`DeskError::Keep`] when the decision is on record and the key could not be destroyed now: the outbox goes on.
    pub async fn forget(
        &self,
        caller: &Caller,
        id: JourneyId,
        basis: Basis,
        note: &str,
    ) -> Result<Erasure, DeskError> {
        let actor = caller.actor();
        let mut papers = self.ports.log.read(&paper::stream_of(id)).await?;
        papers.extend(self.ports.log.read(&archive::stream_of(id)).await?);
        let erase = |file: &PrivacyFile, loaded: &Loaded| {
            let documents = documents(loaded.logged.iter().chain(&papers));
            let wish = Wish { basis, note: note.to_owned(), documents };
            file.forget(&actor, &loaded.journey, &loaded.pack, self.now_ms(), wish)
        };
        let work = |now_ms| vec![self.queued(now_ms, now_ms, Task::Erase { journey: id })];
        if self.erasure_of(caller, id).await?.is_none() {
            self.decide_privacy(caller, id, erase, work).await?;
        }
        self.carry_out_erasure(id).await?;
        let done = self.erasure_of(caller, id).await?;
        done.ok_or_else(|| DeskError::Fault("an erasure did not read back".to_owned()))
    }

    async fn erasure_of(&self, caller: &Caller, id: JourneyId) -> Result<Option<Erasure>, DeskError> {
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        self.load_for(caller, id).await?;
        let records = self.privacy_records(id).await?;
        Ok(PrivacyFile::fold(records.iter().map(|item| &item.record)).erased().cloned())
    }

    /// Destroys the key, then what is left. Nothing happens unless the decision is on record. Doing it again changes nothing.
    pub(crate) async fn carry_out_erasure(&self, id: JourneyId) -> Result<(), DeskError> {
        let records = self.privacy_records(id).await?;
        if PrivacyFile::fold(records.iter().map(|item| &item.record)).erased().is_none() {
            return Err(DeskError::Fault(format!("nobody decided to erase {}", id.stream())));
        }
        self.ports.vault.forget(id.uuid()).await?;
        self.ports.accounts.end_sessions_of(&Owner::Borrower(id)).await?;
        self.ports.accounts.end_sessions_of(&Owner::Family(id)).await?;
        if let Some(traces) = &self.traces {
            traces.forget(id).await?;
        }
        self.forget_links(id).await?;
        if let Some(recordings) = &self.recordings {
            recordings.forget_chunks(id).await?;
        }
        Ok(self.ports.attachments.clear(id.uuid()).await?)
    }

    pub(crate) async fn privacy_records(&self, id: JourneyId) -> Result<Vec<Logged>, DeskError> {
        Ok(self.ports.log.read(&stream_of(id)).await?)
    }

    /// Reads, folds, decides, appends; again when somebody else was faster, so that a hold that came in between is seen. Returns
    /// the record's place in the stream.
    async fn decide_privacy(
        &self,
        caller: &Caller,
        id: JourneyId,
        decide: impl Fn(&PrivacyFile, &Loaded) -> Result<PrivacyEvent, Refusal>,
        work: impl Fn(i64) -> Vec<OutboxItem>,
    ) -> Result<u64, DeskError> {
        let loaded = self.load_for(caller, id).await?;
        for _ in 0..=REFOLDS {
            let before = self.privacy_records(id).await?;
            let file = PrivacyFile::fold(before.iter().map(|item| &item.record));
            let (kind, body) = decide(&file, &loaded)?.to_parts();
            let last = before.last().map(|item| &item.record);
            let at_ms = self.now_ms().max(last.map_or(i64::MIN, Record::at_ms));
            let head = last.map(Record::head);
            let record = Record::write(Draft {
                id: self.new_id(at_ms),
                stream: stream_of(id),
                seq: head.map_or(0, |head| head.seq + 1),
                prev: head.map(|head| head.leaf),
                at_ms,
                actor: caller.actor().to_string(),
                kind,
                terms: None,
                body,
            })?;
            let seq = record.seq();
            let mut append = Append::of(stream_of(id), head, vec![record]);
            append.outbox = work(at_ms);
            match self.ports.log.append(append).await {
                Err(LogError::Conflict { .. }) => {}
                outcome => return outcome.map(|_| seq).map_err(DeskError::from),
            }
        }
        Err(DeskError::Busy(both("有人同时在操作,请再试一次。", "Somebody else is at it; try again.")))
    }
}

/// The documents that these records name.
fn documents<'a>(logged: impl Iterator<Item = &'a Logged>) -> Vec<Digest> {
    let named = logged.flat_map(|item| references(item.record.body())).filter_map(|found| match found {
        Reference::Attachment(document) => Some(document.sha256),
        _ => None,
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    named.dedup();
    named
}
