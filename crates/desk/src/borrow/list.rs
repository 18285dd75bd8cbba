//! The staff list: journeys with what is missing before disbursement in the first column.

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::state::Stage;

use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{JourneyRow, RowFilter, stage_key};

/// Which journeys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListRequest {
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only rows last changed before this time, for the next page.
    pub before_ms: Option<i64>,
    /// At most so many, up to 500; 0 means 100.
    pub limit: u32,
}

impl Desk {
    /// Journeys that the caller may see, last changed first. A consultant sees those of her branch.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for everybody but consultants, compliance and auditors.
    pub async fn list(&self, caller: &Caller, request: ListRequest) -> Result<Vec<JourneyRow>, DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor])?;
        let branch = match caller.role() {
            Some(StaffRole::Consultant) => Some(caller.branch().ok_or_else(forbidden)?.to_owned()),
            _ => None,
        };
        let filter = RowFilter {
            branch,
            stage: request.stage.map(|stage| stage_key(stage).to_owned()),
            before_ms: request.before_ms,
            limit: request.limit,
        };
        Ok(self.ports.log.rows(filter).await?)
    }
}
