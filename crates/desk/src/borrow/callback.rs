//! The call-back: opened by a timer after the payout, or at once by the core system, and answered through its own link.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::callback::{CallPlan, plan};
use mingbai_core::borrow::command::Command;
use mingbai_core::text::both;

use super::open::IssuedLink;
use super::write::Acted;
use crate::caller::{Caller, forbidden};
use crate::desk::{CALLBACK_LINK_DAYS, DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::LinkPurpose;

impl Desk {
    /// Opens the call-back and makes its link. One that is open already gets a new link and the same questions.
    ///
    /// # Errors
    /// As [`Desk::act`]; [`DeskError::Forbidden`] for people.
    pub async fn open_callback(
        &self,
        caller: &Caller,
        id: JourneyId,
    ) -> Result<(Acted, IssuedLink), DeskError> {
        if !(caller.is_core() || caller.is_system()) {
            return Err(forbidden());
        }
        let expires_at_ms = self.now_ms() + CALLBACK_LINK_DAYS * DAY_MS;
        let acted = self.act(caller, id, Command::OpenCallback { expires_at_ms }).await?;
        let link = self.issue_link(caller, id, LinkPurpose::Callback).await?;
        Ok((acted, link))
    }

    /// The questions of an open call-back, made again from the evidence.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when no call-back is open.
    pub async fn callback_plan(&self, caller: &Caller, id: JourneyId) -> Result<CallPlan, DeskError> {
        let view = self.journey(caller, id).await?;
        let (Some(open), Some(table)) = (view.journey.callback(), view.journey.table()) else {
            return Err(DeskError::NotFound(both(
                "现在没有回访问题。",
                "There are no call-back questions now.",
            )));
        };
        Ok(plan(table, open.seed))
    }
}
