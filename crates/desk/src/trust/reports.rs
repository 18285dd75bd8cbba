//! Reports about scams: kept only with consent, sealed, for a number of days; then the outbox destroys the key. The facts for 96110 are put
//! together without keeping anything; calling is hers to do.

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::text::both;
use mingbai_core::trust::complaint::ComplaintId;
use mingbai_core::trust::scam_report::{
    Erasure, Handling, Harm, KEEP_DAYS, Reported, ScamReport, ScamReportEvent, ScamReportId,
};
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::Salt;
use mingbai_scam::MESSAGE_MAX;

use super::stream::Piece;
use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::Task;

/// Longest contact, in characters.
const CONTACT_MAX: usize = 100;
/// Longest facts and notes, in characters.
const FACTS_MAX: usize = 2_000;
/// Shortest note of staff, in characters.
const NOTE_MIN: usize = 2;
/// The newest reports that the list shows.
const LISTED: usize = 200;
/// The most streams whose names are read.
const STREAMS: u32 = 50_000;

/// What somebody wants kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportWish {
    /// The message.
    pub message: String,
    /// How far it had come.
    pub harm: Harm,
    /// Numbers, accounts, when; may be empty.
    pub facts: String,
    /// How to reach her; may be empty.
    pub contact: String,
}

impl std::fmt::Debug for ReportWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Her words must not reach a log file.
        f.debug_struct("ReportWish").field("harm", &self.harm).finish_non_exhaustive()
    }
}

/// What she is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportReceipt {
    /// Number.
    pub id: ScamReportId,
    /// Until when it is kept, unix ms.
    pub keep_until_ms: i64,
}

/// A report for staff.
#[derive(Clone, Debug)]
pub struct ReportFile {
    /// The report.
    pub report: ScamReport,
    /// The message; `None` when it was erased.
    pub message: Option<String>,
    /// Numbers, accounts, when.
    pub facts: Option<String>,
    /// How to reach her.
    pub contact: Option<String>,
    /// The notes, in the order of [`ScamReport::handled`].
    pub notes: Vec<Option<String>>,
}

/// The number of a report as a person writes it down: twelve letters, made as those of complaints are.
#[must_use]
pub fn report_reference(id: ScamReportId) -> String {
    ComplaintId::new(id.uuid()).shown()
}

fn no_report() -> DeskError {
    DeskError::NotFound(both("没有这份报告。", "There is no such report."))
}

impl Desk {
    /// Keeps a report. The caller has asked for her consent; without it there is nothing to call.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] names the field that cannot be.
    pub async fn report_scam(&self, wish: ReportWish) -> Result<ReportReceipt, DeskError> {
        let checked = self.check_message(&wish.message).await?;
        let (message, facts, contact) = (wish.message.trim(), wish.facts.trim(), wish.contact.trim());
        if message.is_empty() || message.len() > MESSAGE_MAX {
            return Err(DeskError::invalid("text", both("请先贴上消息。", "Paste the message first.")));
        }
        if facts.chars().count() > FACTS_MAX {
            let words = both(format!("最多 {FACTS_MAX} 字。"), format!("At most {FACTS_MAX} characters."));
            return Err(DeskError::invalid("facts", words));
        }
        if contact.chars().count() > CONTACT_MAX {
            let words =
                both(format!("最多 {CONTACT_MAX} 字。"), format!("At most {CONTACT_MAX} characters."));
            return Err(DeskError::invalid("contact", words));
        }
        let now_ms = self.now_ms();
        let id = ScamReportId::new(self.new_id(now_ms));
        let keep_until_ms = now_ms + i64::from(KEEP_DAYS) * DAY_MS;
        let families = checked.answer.verdict.families().iter().map(|one| one.key().to_owned()).collect();
        let event = ScamReportEvent::ScamReported(Box::new(Reported {
            families,
            harm: wish.harm,
            message: self.seal_report(id, "scam.message", message).await?,
            facts: self.seal_if(id, "scam.facts", facts).await?,
            contact: self.seal_if(id, "scam.contact", contact).await?,
            keep_until_ms,
        }));
        let piece = Piece { stream: id.stream(), head: None, at_ms: now_ms, actor: Actor::Complainant };
        let erase = self.queued(now_ms, keep_until_ms, Task::EraseScamReport { report: id });
        self.write_piece(piece, event.to_parts(), vec![erase]).await?;
        Ok(ReportReceipt { id, keep_until_ms })
    }

    async fn seal_report(&self, id: ScamReportId, label: &str, value: &str) -> Result<SealedRef, DeskError> {
        let salt = Salt::new(self.random());
        let sealed = self.ports.vault.seal(id.uuid(), label, value.as_bytes(), salt).await?;
        Ok(SealedRef { sealed, label: label.to_owned() })
    }

    async fn seal_if(
        &self,
        id: ScamReportId,
        label: &str,
        value: &str,
    ) -> Result<Option<SealedRef>, DeskError> {
        match value.is_empty() {
            true => Ok(None),
            false => self.seal_report(id, label, value).await.map(Some),
        }
    }

    async fn load_report(&self, id: ScamReportId) -> Result<ScamReport, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        ScamReport::fold(id, logged.iter().map(|item| &item.record)).ok_or_else(no_report)
    }

    /// The newest reports, newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn scam_reports(&self, caller: &Caller) -> Result<Vec<ScamReport>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let streams = self.ports.log.streams("scamreport/", STREAMS).await?;
        let mut all = Vec::new();
        // Their numbers begin with the time.
        for id in streams.iter().rev().take(LISTED).filter_map(ScamReportId::of_stream) {
            all.push(self.load_report(id).await?);
        }
        Ok(all)
    }

    /// One report, opened.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn scam_report(&self, caller: &Caller, id: ScamReportId) -> Result<ReportFile, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let report = self.load_report(id).await?;
        let mut notes = Vec::new();
        for handled in &report.handled {
            notes.push(self.open_report(id, Some(&handled.note)).await?);
        }
        Ok(ReportFile {
            message: self.open_report(id, Some(&report.reported.message)).await?,
            facts: self.open_report(id, report.reported.facts.as_ref()).await?,
            contact: self.open_report(id, report.reported.contact.as_ref()).await?,
            notes,
            report,
        })
    }

    async fn open_report(
        &self,
        id: ScamReportId,
        sealed: Option<&SealedRef>,
    ) -> Result<Option<String>, DeskError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let opened = self.ports.vault.open(id.uuid(), &sealed.sealed).await?;
        Ok(opened.map(|opened| String::from_utf8_lossy(&opened.value).into_owned()))
    }

    /// Compliance did something about it.
    ///
    /// # Errors
    /// [`DeskError::Refused`] with why; [`DeskError::Invalid`] for a note that is too short or too long.
    pub async fn handle_report(
        &self,
        caller: &Caller,
        id: ScamReportId,
        (how, note): (Handling, &str),
    ) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Compliance])?;
        let note = note.trim();
        if !(NOTE_MIN..=FACTS_MAX).contains(&note.chars().count()) {
            let words = both(
                format!("请写 {NOTE_MIN} 到 {FACTS_MAX} 字:做了什么,结果怎样。"),
                format!("Write {NOTE_MIN} to {FACTS_MAX} characters: what was done, and what came of it."),
            );
            return Err(DeskError::invalid("note", words));
        }
        let report = self.load_report(id).await?;
        if report.erased.is_some() {
            return Err(no_report());
        }
        let note = self.seal_report(id, "scam.note", note).await?;
        self.add_to_report(&report, caller.actor(), ScamReportEvent::ScamReportHandled { how, note }).await
    }

    /// She took her consent back: the report is erased at once.
    ///
    /// # Errors
    /// [`DeskError::Refused`]; [`DeskError::NotFound`].
    pub async fn erase_report(&self, caller: &Caller, id: ScamReportId) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Compliance])?;
        let report = self.load_report(id).await?;
        let event = ScamReportEvent::ScamReportErased { why: Erasure::Consent };
        self.add_to_report(&report, caller.actor(), event).await?;
        Ok(self.ports.vault.forget(id.uuid()).await?)
    }

    /// Its days are over: first the record, then the key. Called by the outbox, and safe to call again after a crash between the two.
    pub(crate) async fn report_is_over(&self, id: ScamReportId) -> Result<(), DeskError> {
        let report = self.load_report(id).await?;
        if report.erased.is_none() {
            let event = ScamReportEvent::ScamReportErased { why: Erasure::Period };
            self.add_to_report(&report, Actor::System, event).await?;
        }
        Ok(self.ports.vault.forget(id.uuid()).await?)
    }

    async fn add_to_report(
        &self,
        report: &ScamReport,
        actor: Actor,
        event: ScamReportEvent,
    ) -> Result<(), DeskError> {
        let at_ms = self.now_ms().max(report.last_at_ms);
        report.admits(&actor, at_ms, &event)?;
        let piece = Piece { stream: report.id.stream(), head: Some(report.head), at_ms, actor };
        self.write_piece(piece, event.to_parts(), Vec::new()).await
    }
}
