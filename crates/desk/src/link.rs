//! A borrower's way in: her one-time link, then the six digits that went to her own phone.

use mingbai_core::text::both;

use crate::caller::Caller;
use crate::desk::{BORROWER_SESSION_MINUTES, Desk};
use crate::error::DeskError;
use crate::ports::{LinkPurpose, LinkTry, Owner};
use crate::staff::SignedIn;
use crate::token;

/// What a link's first page may say before the digits were given: nothing about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFace {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
    /// Whether six digits have been sent.
    pub code: CodeState,
}

/// Whether the six digits can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeState {
    /// They were sent.
    Sent,
    /// They are still on their way.
    Coming,
    /// Too many wrong tries, or used up: a new link is needed.
    Spent,
}

impl Desk {
    /// The face of a link.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the link is unknown or has expired.
    pub async fn link_face(&self, link: &str) -> Result<LinkFace, DeskError> {
        let hash = token::hash("link", link).ok_or_else(dead)?;
        let found = self.ports.accounts.link(hash).await?.ok_or_else(dead)?;
        if found.expires_at_ms <= self.now_ms() {
            return Err(dead());
        }
        let code = match (&found.code, found.tries_left) {
            (_, 0) => CodeState::Spent,
            (Some(_), _) => CodeState::Sent,
            (None, _) => CodeState::Coming,
        };
        Ok(LinkFace { purpose: found.purpose, expires_at_ms: found.expires_at_ms, code })
    }

    /// Opens a borrower's session with link and digits. Five wrong tries end the link.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a dead link; [`DeskError::Unauthenticated`] for wrong digits.
    pub async fn open_link(&self, link: &str, code: &str) -> Result<(SignedIn, LinkPurpose), DeskError> {
        let hash = token::hash("link", link).ok_or_else(dead)?;
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).take(12).collect();
        let tried =
            self.ports.accounts.try_link(hash, token::hash_code(&hash, &digits), self.now_ms()).await?;
        match tried {
            LinkTry::Opened(link) => {
                let owner = Owner::Borrower(link.journey);
                let caller = Caller::borrower(link.journey);
                Ok((self.begin(owner, caller, BORROWER_SESSION_MINUTES).await?, link.purpose))
            }
            LinkTry::Wrong { tries_left } => Err(DeskError::Unauthenticated(both(
                format!("验证码不对,还可以试 {tries_left} 次。请看发到您自己手机上的 6 位数字。"),
                format!(
                    "The digits are wrong; {tries_left} tries left. Use the six digits sent to your own phone."
                ),
            ))),
            LinkTry::Dead => Err(dead()),
        }
    }
}

fn dead() -> DeskError {
    DeskError::NotFound(both(
        "这个链接已失效。请联系机构重新发送,不要点别人转发的链接。",
        "This link no longer works. Ask the lender for a new one; do not use links that others pass on.",
    ))
}
