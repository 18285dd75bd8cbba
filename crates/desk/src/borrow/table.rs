//! The cost table of a journey as its stored bytes: what the evidence names by digest and what every surface was made from.

use mingbai_core::borrow::JourneyId;
use mingbai_core::text::both;

use super::holder;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::KeepError;

impl Desk {
    /// The table's bytes exactly as they were kept when the terms were offered (DESIGN law 5: nothing is serialised again).
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the caller may not see the journey or no terms are offered; [`DeskError::Keep`] when the
    /// bytes are gone.
    pub async fn table_bytes(&self, caller: &Caller, id: JourneyId) -> Result<Vec<u8>, DeskError> {
        let loaded = self.load_for(caller, id).await?;
        let reference = loaded.journey.table_ref().ok_or_else(|| {
            DeskError::NotFound(both("还没有确定贷款条款。", "No terms have been offered yet."))
        })?;
        let bytes = self.ports.attachments.get(holder(id), reference.sha256).await?;
        let what = || format!("the cost table {}", reference.sha256);
        bytes.ok_or_else(|| DeskError::Keep(KeepError::Damaged { what: what() }))
    }
}
