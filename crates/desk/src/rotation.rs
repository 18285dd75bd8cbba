//! Changing the log's key: the old key introduces the new one in the log itself, so that whoever knows the old one can follow.

use mingbai_core::actor::Actor;
use mingbai_core::text::both;
use mingbai_evidence::note::NoteSigner;
use mingbai_evidence::succession::{INTRODUCED, RETIRED, STREAM, introduce};
use mingbai_evidence::{Draft, Record, StreamId};
use serde_json::{Value, json};

use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Logged};

impl Desk {
    /// Puts the introduction of `new` by the present log key on record. Doing it again changes nothing. From the next start on,
    /// `new` must be the log's key and the present one the key before.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless Mingbai itself asks; [`DeskError::Note`] when a key is not usable.
    pub async fn introduce_log_key(
        &self,
        caller: &Caller,
        new: &(dyn NoteSigner + Send + Sync),
    ) -> Result<(), DeskError> {
        let body = introduce(self.ports.signer.log(), new)?;
        let is_same =
            |item: &Logged| item.record.kind() == INTRODUCED && item.record.body()["to"] == body["to"];
        self.write_key_record(caller, INTRODUCED, body.clone(), is_same).await
    }

    /// Puts on record that the key before the present one signs no longer.
    ///
    /// # Errors
    /// As [`Desk::introduce_log_key`]; [`DeskError::Invalid`] when there is no key before.
    pub async fn retire_log_key(&self, caller: &Caller) -> Result<(), DeskError> {
        let Some(before) = self.ports.signer.log_before() else {
            let words = both("没有正在退役的旧密钥。", "There is no earlier key that still signs.");
            return Err(DeskError::invalid("log_key", words));
        };
        let key = mingbai_evidence::note::VerifyingKeyText::new(before.name(), before.public_key())
            .map_err(|e| DeskError::Fault(e.to_string()))?;
        let body = json!({ "key": key.to_string() });
        let is_same = |item: &Logged| item.record.kind() == RETIRED && item.record.body() == &body;
        self.write_key_record(caller, RETIRED, body.clone(), is_same).await
    }

    async fn write_key_record(
        &self,
        caller: &Caller,
        kind: &str,
        body: Value,
        is_same: impl Fn(&Logged) -> bool,
    ) -> Result<(), DeskError> {
        if !caller.is_system() {
            return Err(forbidden());
        }
        let stream = StreamId::new(STREAM).map_err(|e| DeskError::Fault(e.to_string()))?;
        let logged = self.ports.log.read(&stream).await?;
        if logged.iter().any(is_same) {
            return Ok(());
        }
        let head = logged.last().map(|item| item.record.head());
        let now_ms = self.now_ms();
        let record = Record::write(Draft {
            id: self.new_id(now_ms),
            stream: stream.clone(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: now_ms,
            actor: Actor::System.to_string(),
            kind: kind.to_owned(),
            terms: None,
            body,
        })?;
        self.ports.log.append(Append::of(stream, head, vec![record])).await?;
        Ok(())
    }

    /// The records about the log's keys, for packages.
    pub(crate) async fn key_records(&self) -> Result<Vec<Logged>, DeskError> {
        let stream = StreamId::new(STREAM).map_err(|e| DeskError::Fault(e.to_string()))?;
        Ok(self.ports.log.read(&stream).await?)
    }
}
