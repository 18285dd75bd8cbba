//! The borrower's receipt: a proof file of how far her records have come, to be kept by her.

use mingbai_core::borrow::JourneyId;
use mingbai_evidence::receipt::Receipt;

use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;

impl Desk {
    /// The proof file for the last record of a journey, with cosignatures if witnesses have seen it already.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the caller may not see the journey.
    pub async fn receipt(&self, caller: &Caller, id: JourneyId) -> Result<String, DeskError> {
        let mut loaded = self.load_for(caller, id).await?;
        let last = loaded.logged.pop().ok_or_else(DeskError::no_journey)?;
        let (head, checkpoint) = self.best_checkpoint(last.index).await?;
        let path = self.ports.log.inclusion(last.index, head.size).await?;
        let key = self.log_key()?;
        let receipt = Receipt { record: last.record, key, index: last.index, path, checkpoint };
        receipt.write().map_err(|e| DeskError::Fault(e.to_string()))
    }
}
