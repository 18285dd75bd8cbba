//! 投诉: one desk for every way in. A complaint is read, folded, decided and appended like a journey, and its number opens nothing else:
//! no use case about a loan can see that there is one (law 11; `tidy` holds the modules apart).

mod act;
mod alarms;
pub mod handover;
mod letter;
mod look;
mod message;
mod receive;
mod row;
mod told;
mod tries;

pub use act::{HerWish, HouseWish};
pub use alarms::Causes;
pub use letter::answers;
pub use look::{ComplaintFile, ComplaintLine, HerComplaint};
pub use message::News;
pub use receive::{Complain, ComplaintReceipt};
pub use row::complaint_row_again;
pub use told::told;
pub(crate) use tries::Tries;

use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{Complaint, ComplaintEvent, ComplaintId};
use mingbai_evidence::Record;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::Salt;

use crate::borrow::write::REFOLDS;
use crate::chain::{Chain, Said};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Appended, LogError, Logged, OutboxItem};

/// A complaint as it stands in the log.
struct Loaded {
    complaint: Complaint,
    logged: Vec<Logged>,
}

/// There is no such complaint, or the code is wrong: the same answer to both.
fn no_complaint() -> DeskError {
    DeskError::NotFound(both(
        "没有找到这件投诉。请核对编号和查询码;也可以拨打投诉电话,由我们帮您查。",
        "There is no such complaint. Check the reference and the code, or call us and we look it up for you.",
    ))
}

impl Desk {
    async fn load_complaint(&self, id: ComplaintId) -> Result<Loaded, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        if logged.is_empty() {
            return Err(no_complaint());
        }
        let complaint = Complaint::fold(id, logged.iter().map(|item| &item.record))
            .map_err(|error| DeskError::Fault(error.to_string()))?;
        Ok(Loaded { complaint, logged })
    }

    async fn seal_for(&self, id: ComplaintId, label: &str, value: &str) -> Result<SealedRef, DeskError> {
        let salt = Salt::new(self.random());
        let sealed = self.ports.vault.seal(id.uuid(), label, value.as_bytes(), salt).await?;
        Ok(SealedRef { sealed, label: label.to_owned() })
    }

    async fn open_sealed(&self, id: ComplaintId, sealed: &SealedRef) -> Result<Option<String>, DeskError> {
        let opened = self.ports.vault.open(id.uuid(), &sealed.sealed).await?;
        Ok(opened.map(|opened| String::from_utf8_lossy(&opened.value).into_owned()))
    }

    /// Writes events to a complaint and folds it again.
    async fn write_complaint(
        &self,
        loaded: &Loaded,
        events: &[(String, ComplaintEvent)],
        work: impl Fn(&Complaint, i64) -> Vec<OutboxItem>,
    ) -> Result<(Complaint, Appended), DeskError> {
        let id = loaded.complaint.id();
        let expected = loaded.complaint.head();
        let at_ms = self.now_ms().max(loaded.complaint.last_at_ms());
        let records = self.complaint_records(id, expected, at_ms, events)?;
        let all = loaded.logged.iter().map(|item| &item.record).chain(&records);
        let after = Complaint::fold(id, all).map_err(|error| DeskError::Fault(error.to_string()))?;
        let mut append = Append::of(id.stream(), expected, records);
        append.outbox = work(&after, at_ms);
        append.complaints = vec![row::row_of(&after)];
        let done = self.ports.log.append(append).await?;
        Ok((after, done))
    }

    fn complaint_records(
        &self,
        id: ComplaintId,
        expected: Option<mingbai_evidence::StreamHead>,
        at_ms: i64,
        events: &[(String, ComplaintEvent)],
    ) -> Result<Vec<Record>, DeskError> {
        let chain = Chain { stream: id.stream(), head: expected, at_ms };
        let said = |(actor, event): &(String, ComplaintEvent)| {
            let (kind, body) = event.to_parts();
            Said { actor: actor.clone(), kind, body }
        };
        self.chained(&chain, events.iter().map(said))
    }

    /// Reads, folds, decides, appends; again when somebody else was faster.
    async fn decide_complaint(
        &self,
        id: ComplaintId,
        actor: &str,
        decide: impl Fn(&Complaint, i64) -> Result<Vec<ComplaintEvent>, Refusal>,
    ) -> Result<Complaint, DeskError> {
        for _ in 0..=REFOLDS {
            let loaded = self.load_complaint(id).await?;
            let now_ms = self.now_ms().max(loaded.complaint.last_at_ms());
            let events = decide(&loaded.complaint, now_ms)?;
            let events: Vec<_> = events.into_iter().map(|event| (actor.to_owned(), event)).collect();
            let news: Vec<_> = events.iter().filter_map(|(_, event)| message::news_of(event)).collect();
            let work = |after: &Complaint, at_ms| self.messages(after.id(), &news, at_ms);
            match self.write_complaint(&loaded, &events, work).await {
                Err(DeskError::Log(LogError::Conflict { .. })) => {}
                outcome => return outcome.map(|(after, _)| after),
            }
        }
        Err(DeskError::Busy(both(
            "有人同时在办理这件投诉,请再试一次。",
            "Somebody else is working on this complaint; try again.",
        )))
    }
}
