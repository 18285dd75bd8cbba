//! What a store keeps beside the evidence, computed again from the evidence alone. For whoever checks a store: pure, and told
//! nothing but records.

use mingbai_core::borrow::event::Event;
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::policy::Pack;
use mingbai_evidence::{Record, StreamId};

use super::paper;
use super::row::row_of;
use crate::error::DeskError;
use crate::ports::{CodeRow, JourneyRow};

/// The row of the staff list that the records of a journey lead to, without its branch; `None` for one that was never opened.
///
/// # Errors
/// [`DeskError`] when the records do not fold, or were written under a pack that is not among `packs`.
pub fn row_again(id: JourneyId, packs: &[Pack], records: &[Record]) -> Result<Option<JourneyRow>, DeskError> {
    let Some(first) = records.first() else { return Ok(None) };
    let Ok(Event::Opened { pack_digest, pack_id, .. }) = Event::from_parts(first.kind(), first.body()) else {
        return Err(DeskError::Fault(format!("{} does not begin with an opening", id.stream())));
    };
    let pack =
        packs.iter().find(|pack| pack.digest().as_bytes() == pack_digest.as_bytes()).ok_or_else(|| {
            DeskError::Fault(format!("{} needs policy pack {pack_id} ({pack_digest}); load it", id.stream()))
        })?;
    let journey = Journey::fold(id, pack, records)?;
    Ok(row_of(&journey, pack, None))
}

/// The short codes that the records of a journey's papers issue.
#[must_use]
pub fn codes_again(id: JourneyId, records: &[Record]) -> Vec<CodeRow> {
    let issued = records.iter().filter_map(|record| Some((record, paper::body(record)?, record.terms()?)));
    let code = |(record, issued, terms): (&Record, paper::PaperIssued, _)| CodeRow {
        code: issued.code,
        journey: id,
        paper: issued.paper,
        lang: issued.lang,
        document: issued.document,
        terms,
        issued_at_ms: record.at_ms(),
    };
    issued.map(code).collect()
}

/// The stream of a journey's papers.
#[must_use]
pub fn paper_stream(id: JourneyId) -> StreamId {
    paper::stream_of(id)
}
