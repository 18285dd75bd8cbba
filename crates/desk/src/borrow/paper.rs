//! Papers of a journey: made once for each kind, language, size and terms, kept by digest, with a short code that anyone can
//! check. That a paper was issued is evidence of its own, in the stream `paper/<journey>`.

use jiff::tz::Offset;
use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::event::{AttachmentRef, TypeSize};
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::text::both;
use mingbai_cost::Lang;
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use serde::{Deserialize, Serialize};

use super::holder;
use super::write::REFOLDS;
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, CodeRow, DocRequest, LogError, Logged, PaperKind};
use crate::{square, token};

/// Kind of the record that issues a paper.
pub(crate) const ISSUED: &str = "paper_issued";
/// The most papers of one journey; more is a fault or an attack.
pub(super) const PAPERS_LIMIT: usize = 200;

/// A paper that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPaper {
    /// The document.
    pub document: AttachmentRef,
    /// Short code in groups of four, as printed.
    pub code: String,
    /// Issued, unix ms.
    pub issued_at_ms: i64,
}

/// Body of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperIssued {
    pub paper: PaperKind,
    pub lang: Lang,
    pub size: TypeSize,
    pub code: String,
    pub table: Digest,
    pub document: AttachmentRef,
}

pub(crate) fn stream_of(id: JourneyId) -> StreamId {
    StreamId::of_uuid("paper", id.uuid())
}

impl Desk {
    /// The paper of the present terms; made when it was not yet.
    ///
    /// # Errors
    /// [`DeskError::Refused`] without terms; [`DeskError::Papers`] when the press fails; [`DeskError::Forbidden`] for admins,
    /// and for auditors when the paper would have to be made.
    pub async fn issue_paper(
        &self,
        caller: &Caller,
        id: JourneyId,
        kind: PaperKind,
        lang: Lang,
        size: TypeSize,
    ) -> Result<IssuedPaper, DeskError> {
        let view = self.journey(caller, id).await?;
        for _ in 0..=REFOLDS {
            let papers = self.ports.log.read(&stream_of(id)).await?;
            let terms = view.journey.terms_digest();
            let known = papers.iter().rev().find_map(|logged| fits(logged, kind, lang, size, terms));
            // A certificate tells the journey so far: one that is older than the last record tells too little.
            let last_at_ms = view.journey.last_at_ms();
            let whole =
                |paper: &IssuedPaper| kind != PaperKind::Certificate || paper.issued_at_ms > last_at_ms;
            if let Some(known) = known.filter(whole) {
                return Ok(known);
            }
            if caller.role() == Some(StaffRole::Auditor) || papers.len() >= PAPERS_LIMIT {
                return Err(forbidden());
            }
            match Box::pin(self.print(caller, &view.journey, kind, lang, size, papers.last())).await {
                Err(DeskError::Log(LogError::Conflict { .. })) => {}
                outcome => return outcome,
            }
        }
        Err(DeskError::Busy(both("文件正在生成,请再试一次。", "The paper is being made; try again.")))
    }

    /// The bytes of a paper that was issued for this journey.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn paper_bytes(
        &self,
        caller: &Caller,
        id: JourneyId,
        document: Digest,
    ) -> Result<(AttachmentRef, Vec<u8>), DeskError> {
        self.load_for(caller, id).await?;
        let papers = self.ports.log.read(&stream_of(id)).await?;
        let none = || DeskError::NotFound(both("没有找到这份文件。", "There is no such paper."));
        let known = papers.iter().filter_map(|logged| body(&logged.record)).map(|issued| issued.document);
        let document = known.into_iter().find(|known| known.sha256 == document).ok_or_else(none)?;
        let bytes = self.ports.attachments.get(holder(id), document.sha256).await?.ok_or_else(none)?;
        Ok((document, bytes))
    }

    /// What the record says that issued the paper with this plain code.
    pub(crate) async fn issued_under(
        &self,
        id: JourneyId,
        code: &str,
    ) -> Result<Option<PaperIssued>, DeskError> {
        let papers = self.ports.log.read(&stream_of(id)).await?;
        Ok(papers.iter().filter_map(|logged| body(&logged.record)).find(|issued| issued.code == code))
    }

    async fn print(
        &self,
        caller: &Caller,
        journey: &Journey,
        kind: PaperKind,
        lang: Lang,
        size: TypeSize,
        last: Option<&Logged>,
    ) -> Result<IssuedPaper, DeskError> {
        let (Some(table), Some(table_ref), Some(terms)) =
            (journey.table(), journey.table_ref(), journey.terms_digest())
        else {
            return Err(DeskError::NotFound(both("还没有确定贷款条款。", "No terms have been offered yet.")));
        };
        let now_ms = self.now_ms().max(last.map_or(i64::MIN, |last| last.record.at_ms()));
        let code = token::short_code(self.random());
        let request = DocRequest {
            kind,
            lang,
            size,
            short_code: token::grouped(&code),
            verify_url: format!("{}/c/{code}", self.settings.base_url),
            qr_text: square::text(&self.settings.base_url, &code, &table_ref.sha256),
            reference: journey.id().reference(),
            borrower_name: self.opened_name(journey).await?,
            phone: self.settings.lender.phone.clone(),
            complaint_phone: self.settings.lender.complaint_phone.clone(),
            prepared_at: printed_time(now_ms, lang),
            prepared_at_ms: now_ms,
            table_digest: table_ref.sha256.to_string(),
            // Boxed: the trail's future is large, and every paper would carry it on its caller's stack.
            sheet: Box::pin(self.sheet(journey, kind, lang, &token::grouped(&code))).await?,
        };
        let pdf = self.ports.papers.render(request, table).await?;
        let document = self.ports.attachments.put(holder(journey.id()), pdf, "application/pdf").await?;
        let issued = PaperIssued {
            paper: kind,
            lang,
            size,
            code: code.clone(),
            table: table_ref.sha256,
            document: document.clone(),
        };
        let head = last.map(|last| last.record.head());
        let record = Record::write(Draft {
            id: self.new_id(now_ms),
            stream: stream_of(journey.id()),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: now_ms,
            actor: caller.actor().to_string(),
            kind: ISSUED.to_owned(),
            terms: Some(terms),
            body: serde_json::to_value(&issued).map_err(|e| DeskError::Fault(e.to_string()))?,
        })?;
        let mut append = Append::of(stream_of(journey.id()), head, vec![record]);
        append.codes.push(CodeRow {
            code: code.clone(),
            journey: journey.id(),
            paper: kind,
            lang,
            document: document.clone(),
            terms,
            issued_at_ms: now_ms,
        });
        self.ports.log.append(append).await?;
        Ok(IssuedPaper { document, code: token::grouped(&code), issued_at_ms: now_ms })
    }
}

pub(crate) fn body(record: &Record) -> Option<PaperIssued> {
    if record.kind() != ISSUED {
        return None;
    }
    serde_json::from_value(record.body().clone()).ok()
}

fn fits(
    logged: &Logged,
    kind: PaperKind,
    lang: Lang,
    size: TypeSize,
    terms: Option<Digest>,
) -> Option<IssuedPaper> {
    let issued = body(&logged.record)?;
    let same = issued.paper == kind && issued.lang == lang && issued.size == size;
    (same && logged.record.terms() == terms).then(|| IssuedPaper {
        code: token::grouped(&issued.code),
        document: issued.document,
        issued_at_ms: logged.record.at_ms(),
    })
}

/// China Standard Time, which has no summer time.
pub(crate) fn printed_time(at_ms: i64, lang: Lang) -> String {
    let moment = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let local = Offset::constant(8).to_datetime(moment);
    let (date, time) = (local.date(), local.time());
    match lang {
        Lang::Zh => format!(
            "{}年{}月{}日 {:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute()
        ),
        Lang::En => format!("{date} {:02}:{:02} (UTC+8)", time.hour(), time.minute()),
    }
}
