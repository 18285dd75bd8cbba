//! Somebody of her family may look at the cost: by her own wish, with her own digits, and without being able to do anything. The session
//! that opens is no [`Caller`], so no command, paper or package can be had with it.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;

use super::{IssuedLink, JourneyView};
use crate::caller::{Caller, forbidden};
use crate::desk::{BORROWER_SESSION_MINUTES, Desk};
use crate::error::DeskError;
use crate::link::{Door, dead, wrong_digits};
use crate::ports::{Link, LinkPurpose, LinkTry, Means, Owner, Place};
use crate::token;

/// Somebody of the family who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyIn {
    /// Token of the session, for the cookie.
    pub token: String,
    /// Whose cost is looked at.
    pub journey: JourneyId,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
}

impl Desk {
    /// Makes a link for somebody of her family; an earlier one dies. The digits go to her own phone, so that whoever holds only the
    /// link sees nothing; where no messages can be sent they come back to be shown to her.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anyone but the borrower; [`DeskError::Refused`] when the ceremony is over.
    pub async fn invite_family(&self, caller: &Caller, id: JourneyId) -> Result<IssuedLink, DeskError> {
        if caller.journey() != Some(id) {
            return Err(forbidden());
        }
        self.act(caller, id, Command::InviteFamily).await?;
        self.ports.accounts.end_sessions_of(&Owner::Family(id)).await?;
        self.issue_link(caller, id, LinkPurpose::Family).await
    }

    /// Nobody of her family may look any longer: link and sessions end at once.
    ///
    /// # Errors
    /// As [`Desk::invite_family`].
    pub async fn end_family(&self, caller: &Caller, id: JourneyId) -> Result<(), DeskError> {
        if caller.journey() != Some(id) {
            return Err(forbidden());
        }
        self.act(caller, id, Command::EndFamily).await?;
        self.ports.accounts.end_sessions_of(&Owner::Family(id)).await?;
        // A store keeps one link of a purpose: one that was never alive takes the place of hers.
        let token = token::hash("link", &token::text(self.random()));
        let token = token.ok_or_else(|| DeskError::Fault("a link's token has another form".to_owned()))?;
        let now_ms = self.now_ms();
        let purpose = LinkPurpose::Family;
        let link = Link {
            token,
            journey: id,
            purpose,
            code: None,
            tries_left: 0,
            created_at_ms: now_ms,
            expires_at_ms: now_ms,
        };
        Ok(self.ports.accounts.add_link(link).await?)
    }

    /// Opens a look with link and digits.
    ///
    /// # Errors
    /// As [`Desk::open_link`].
    pub async fn open_family(&self, link: &str, code: &str) -> Result<FamilyIn, DeskError> {
        match self.try_digits(link, code, Door::Family).await? {
            LinkTry::Opened(link) => {
                let owner = Owner::Family(link.journey);
                let (token, expires_at_ms) =
                    self.open_session(owner, BORROWER_SESSION_MINUTES, Means::Link, Place::default()).await?;
                Ok(FamilyIn { token, journey: link.journey, expires_at_ms })
            }
            LinkTry::Wrong { tries_left } => Err(wrong_digits(tries_left)),
            LinkTry::Dead => Err(dead()),
        }
    }

    /// What a family session may look at; `None` when it is unknown, over, or of another journey.
    ///
    /// # Errors
    /// [`DeskError::Store`] or [`DeskError::Log`].
    pub async fn family_view(&self, session: &str, id: JourneyId) -> Result<Option<JourneyView>, DeskError> {
        let Some(hash) = token::hash("session", session) else { return Ok(None) };
        let found = self.ports.accounts.session(hash, self.now_ms()).await?;
        match found.map(|session| session.owner) {
            Some(Owner::Family(journey)) if journey == id => {
                let loaded = self.load(id).await?;
                Ok(Some(JourneyView { journey: loaded.journey, pack: loaded.pack }))
            }
            _ => Ok(None),
        }
    }
}
