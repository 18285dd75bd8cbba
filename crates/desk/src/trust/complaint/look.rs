//! Reading complaints: the list, one with everything for compliance and audit, and her own view by reference and code.

use std::collections::HashMap;

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{Complaint, ComplaintEvent, ComplaintId};
use mingbai_cost::Words;
use mingbai_evidence::refs::{Reference, SealedRef, references};
use mingbai_evidence::seal::Commitment;
use subtle::ConstantTimeEq as _;

use super::{Loaded, no_complaint, told};
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{ComplaintFilter, ComplaintRow};
use crate::token;

/// The longest code that is compared, in characters.
const CODE_MAX: usize = 40;

/// Texts of a complaint that were opened.
#[derive(Clone, Default)]
pub struct Texts(HashMap<Commitment, String>);

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.0.len()).finish()
    }
}

impl Texts {
    /// The text; `None` when it is not for this reader, or its person was forgotten.
    #[must_use]
    pub fn of(&self, sealed: &SealedRef) -> Option<&str> {
        self.0.get(&sealed.sealed).map(String::as_str)
    }
}

/// One record of a complaint, in words.
#[derive(Clone, Debug)]
pub struct ComplaintLine {
    /// Place in the stream.
    pub seq: u64,
    /// Place in the log.
    pub index: u64,
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub actor: Actor,
    /// Kind.
    pub kind: String,
    /// What it says.
    pub words: Words,
    /// The text that goes with it, opened.
    pub text: Option<String>,
}

/// A complaint for compliance and audit.
#[derive(Clone, Debug)]
pub struct ComplaintFile {
    /// The complaint.
    pub complaint: Complaint,
    /// Its texts.
    pub texts: Texts,
    /// Record by record.
    pub lines: Vec<ComplaintLine>,
    /// Staff who may not judge it.
    pub involved: Vec<Login>,
}

/// A complaint as she sees it: her own words and the answers that were given, no notes of the house.
#[derive(Clone, Debug)]
pub struct HerComplaint {
    /// The complaint.
    pub complaint: Complaint,
    /// The texts that are hers to read.
    pub texts: Texts,
}

/// What she does not read: notes of the house, and her own code.
const NOT_HERS: [&str; 3] = ["complaint.note", "complaint.code", "complaint.original"];

impl Desk {
    /// The list, those that are due first at the top.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn complaints(
        &self,
        caller: &Caller,
        filter: ComplaintFilter,
    ) -> Result<Vec<ComplaintRow>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        Ok(self.ports.log.complaints(filter).await?)
    }

    /// The complaint with this reference, however it was typed.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn find_complaint(&self, caller: &Caller, reference: &str) -> Result<ComplaintId, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        self.by_reference(reference).await
    }

    /// One complaint with its texts and records.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn complaint_file(&self, caller: &Caller, id: ComplaintId) -> Result<ComplaintFile, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let loaded = self.load_complaint(id).await?;
        let texts = self.texts(&loaded, |label| label != "complaint.code").await?;
        let mut lines = Vec::with_capacity(loaded.logged.len());
        for item in &loaded.logged {
            let record = &item.record;
            let event = ComplaintEvent::from_parts(record.kind(), record.body())
                .map_err(|error| DeskError::Fault(error.to_string()))?;
            // The first record names several values; the page shows them apart.
            let text = match &event {
                ComplaintEvent::ComplaintReceived(_) => None,
                _ => sealed_in(record.body()).first().and_then(|sealed| texts.of(sealed)),
            };
            lines.push(ComplaintLine {
                seq: record.seq(),
                index: item.index,
                at_ms: record.at_ms(),
                actor: Actor::from_text(record.actor()).unwrap_or(Actor::System),
                kind: record.kind().to_owned(),
                words: told(&event, &self.causes),
                text: text.map(str::to_owned),
            });
        }
        let involved = self.involved(&loaded.complaint).await?;
        Ok(ComplaintFile { complaint: loaded.complaint, texts, lines, involved })
    }

    /// Her own view.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when reference or code is wrong: the same answer to both.
    pub async fn her_complaint(&self, reference: &str, code: &str) -> Result<HerComplaint, DeskError> {
        let id = self.open_complaint(reference, code).await?;
        let loaded = self.load_complaint(id).await?;
        // A draft that nobody gave her is the house's own business until it is.
        let draft = loaded.complaint.stage.proposal().map(|waits| waits.draft.text.sealed);
        let mut texts = self.texts(&loaded, |label| !NOT_HERS.contains(&label)).await?;
        if let Some(draft) = draft {
            texts.0.remove(&draft);
        }
        Ok(HerComplaint { complaint: loaded.complaint, texts })
    }

    async fn by_reference(&self, reference: &str) -> Result<ComplaintId, DeskError> {
        let plain = token::read_short_code(reference).ok_or_else(no_complaint)?;
        let row = self.ports.log.complaint(&plain).await?.ok_or_else(no_complaint)?;
        Ok(row.complaint)
    }

    /// The complaint that this reference and code open. The code is compared by hash in constant time.
    pub(super) async fn open_complaint(&self, reference: &str, code: &str) -> Result<ComplaintId, DeskError> {
        let id = self.by_reference(reference).await?;
        if !self.tries.take(id, self.now_ms()) {
            return Err(DeskError::Busy(both(
                "查询码错了太多次。请过一小时再试,或拨打投诉电话,由我们帮您查。",
                "The code was wrong too often. Try again in an hour, or call us and we look it up for you.",
            )));
        }
        let received = self.load_complaint(id).await?.complaint.received;
        let kept = self.open_sealed(id, &received.code).await?.ok_or_else(no_complaint)?;
        let given: String = code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(CODE_MAX)
            .collect::<String>()
            .to_uppercase();
        let given = given.replace(['I', 'L'], "1").replace('O', "0");
        let (kept, given) = (hashed(id, &kept), hashed(id, &given));
        match bool::from(kept.ct_eq(&given)) {
            true => {
                self.tries.forgive(id);
                Ok(id)
            }
            false => Err(no_complaint()),
        }
    }

    async fn texts(&self, loaded: &Loaded, wanted: impl Fn(&str) -> bool) -> Result<Texts, DeskError> {
        let id = loaded.complaint.id();
        let mut found = Texts::default();
        for opened in self.ports.vault.list(id.uuid()).await? {
            if wanted(&opened.label) {
                found.0.insert(opened.commitment, String::from_utf8_lossy(&opened.value).into_owned());
            }
        }
        Ok(found)
    }
}

fn hashed(id: ComplaintId, code: &str) -> [u8; 32] {
    let id = id.uuid();
    let parts: [&[u8]; 3] = [b"mingbai/complaint-code/v1\n", id.as_bytes(), code.as_bytes()];
    *mingbai_evidence::Digest::of_parts(&parts).as_bytes()
}

fn sealed_in(body: &serde_json::Value) -> Vec<SealedRef> {
    let found = references(body).into_iter().filter_map(|found| match found {
        Reference::Sealed(sealed) => Some(sealed),
        _ => None,
    });
    found.collect()
}
