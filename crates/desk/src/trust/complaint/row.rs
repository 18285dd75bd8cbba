//! The row of the list, computed from the folded complaint. Pure; whoever checks a store computes it again.

use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::complaint::{Complaint, ComplaintId, Stage};
use mingbai_evidence::Record;

use crate::error::DeskError;
use crate::ports::ComplaintRow;

pub(super) fn row_of(complaint: &Complaint) -> ComplaintRow {
    let answer = complaint.stage.answer();
    let root_cause = match &complaint.stage {
        Stage::Closed(closed) => Some(closed.root_cause.clone()).filter(|cause| !cause.is_empty()),
        _ => None,
    };
    let (product_id, product_version) = complaint.product.clone().unzip();
    ComplaintRow {
        complaint: complaint.id(),
        stage: complaint.stage.key().to_owned(),
        channel: complaint.received.channel.key().to_owned(),
        journey: complaint.journey.map(JourneyId::new),
        product_id,
        product_version,
        cause: complaint.category.as_ref().map(|category| category.cause.clone()),
        root_cause,
        received_at_ms: complaint.received.received_at_ms,
        due_at_ms: complaint.due_ms(),
        answered_at_ms: answer.map(|answer| answer.at_ms),
        answer_due_at_ms: answer.map(|answer| answer.due_ms),
        updated_at_ms: complaint.last_at_ms(),
    }
}

/// The row that the records of a complaint lead to.
///
/// # Errors
/// [`DeskError`] when the records are no complaint.
pub fn complaint_row_again(id: ComplaintId, records: &[Record]) -> Result<ComplaintRow, DeskError> {
    let complaint = Complaint::fold(id, records).map_err(|error| DeskError::Fault(error.to_string()))?;
    Ok(row_of(&complaint))
}
