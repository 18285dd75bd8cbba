//! The list of complaints as the desk sees it: computed from evidence in the moment of writing, and always computed again from it.

use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::complaint::ComplaintId;

/// One complaint as a list shows it. Nothing about a person: her words and her name are in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintRow {
    /// Complaint.
    pub complaint: ComplaintId,
    /// Key of its stage.
    pub stage: String,
    /// Key of the way in which it came.
    pub channel: String,
    /// Journey.
    pub journey: Option<JourneyId>,
    /// Product.
    pub product_id: Option<String>,
    /// Version of the product.
    pub product_version: Option<String>,
    /// Cause by which it was categorised.
    pub cause: Option<String>,
    /// Cause that was found when it was closed.
    pub root_cause: Option<String>,
    /// When it reached the house, unix ms.
    pub received_at_ms: i64,
    /// The last moment for an answer, unix ms; `None` when none is owed.
    pub due_at_ms: Option<i64>,
    /// When the answer that counts was given, unix ms.
    pub answered_at_ms: Option<i64>,
    /// The moment at which that answer was due, unix ms.
    pub answer_due_at_ms: Option<i64>,
    /// Last record, unix ms.
    pub updated_at_ms: i64,
}

/// Which complaints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComplaintFilter {
    /// Only this stage.
    pub stage: Option<String>,
    /// Only this way in.
    pub channel: Option<String>,
    /// Only this product.
    pub product_id: Option<String>,
    /// Only this cause, found or else categorised.
    pub cause: Option<String>,
    /// Only those received at this moment or later, unix ms.
    pub received_from_ms: Option<i64>,
    /// Rows to pass over, the way to the next page.
    pub skip: u32,
    /// At most so many, 1 to 500; 0 means 100.
    pub limit: u32,
}
