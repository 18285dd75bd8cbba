//! A borrower's way in: her one-time link, then the six digits that went to her own phone.

use mingbai_core::text::both;

use crate::caller::Caller;
use crate::desk::{BORROWER_SESSION_MINUTES, Desk};
use crate::error::DeskError;
use crate::ports::{Link, LinkPurpose, LinkTry, Means, Owner, Place, Task};
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
    /// They opened the pages once; new ones can be sent to the same phone.
    Used,
    /// Too many wrong tries: a new link is needed.
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
        Ok(LinkFace { purpose: found.purpose, expires_at_ms: found.expires_at_ms, code: code_state(&found) })
    }

    /// Sends new digits for a link that opened the pages once: she comes back another day. They go to the registered phone, and
    /// only when the last ones were used, so that nobody can flood it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a dead link or one whose digits are not used up; [`DeskError::Busy`] when nobody could send
    /// them.
    pub async fn send_digits_again(&self, link: &str) -> Result<(), DeskError> {
        let hash = token::hash("link", link).ok_or_else(dead)?;
        let found = self.ports.accounts.link(hash).await?.ok_or_else(dead)?;
        let now_ms = self.now_ms();
        if found.expires_at_ms <= now_ms || code_state(&found) != CodeState::Used {
            return Err(dead());
        }
        if self.settings.webhook.is_none() {
            return Err(DeskError::Busy(both(
                "现在发不出验证码,请拨打页面上的电话,让工作人员帮您。",
                "No digits can be sent now; call the number on the page and let staff help you.",
            )));
        }
        let task = Task::SendCode { journey: found.journey, link: hash };
        Ok(self.ports.outbox.put(self.queued(now_ms, now_ms, task)).await?)
    }

    /// Opens a borrower's session with link and digits. Five wrong tries end the link.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a dead link; [`DeskError::Unauthenticated`] for wrong digits.
    pub async fn open_link(&self, link: &str, code: &str) -> Result<(SignedIn, LinkPurpose), DeskError> {
        match self.try_digits(link, code, Door::Borrower).await? {
            LinkTry::Opened(link) => {
                let owner = Owner::Borrower(link.journey);
                let caller = Caller::borrower(link.journey);
                let (token, expires_at_ms) =
                    self.open_session(owner, BORROWER_SESSION_MINUTES, Means::Link, Place::default()).await?;
                Ok((SignedIn { token, caller, expires_at_ms }, link.purpose))
            }
            LinkTry::Wrong { tries_left } => Err(wrong_digits(tries_left)),
            LinkTry::Dead => Err(dead()),
        }
    }
}

/// Whose pages the digits are given at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// The borrower's.
    Borrower,
    /// Those for her family.
    Family,
}

impl Desk {
    /// Tries the digits of a link at the door that it belongs to; at another door it is dead, and no try is used up.
    pub(crate) async fn try_digits(&self, link: &str, code: &str, door: Door) -> Result<LinkTry, DeskError> {
        let hash = token::hash("link", link).ok_or_else(dead)?;
        let known = self.ports.accounts.link(hash).await?.ok_or_else(dead)?;
        if (known.purpose == LinkPurpose::Family) != (door == Door::Family) {
            return Ok(LinkTry::Dead);
        }
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).take(12).collect();
        Ok(self.ports.accounts.try_link(hash, token::hash_code(&hash, &digits), self.now_ms()).await?)
    }
}

pub(crate) fn wrong_digits(tries_left: u32) -> DeskError {
    DeskError::Unauthenticated(both(
        format!("验证码不对,还可以试 {tries_left} 次。请看发到您自己手机上的 6 位数字。"),
        format!("The digits are wrong; {tries_left} tries left. Use the six digits sent to your own phone."),
    ))
}

/// A store marks a link that was opened by taking its digits and its tries away; wrong tries leave the digits.
fn code_state(link: &Link) -> CodeState {
    match (&link.code, link.tries_left) {
        (None, 0) => CodeState::Used,
        (Some(_), 0) => CodeState::Spent,
        (Some(_), _) => CodeState::Sent,
        (None, _) => CodeState::Coming,
    }
}

pub(crate) fn dead() -> DeskError {
    DeskError::NotFound(both(
        "这个链接已失效。请联系机构重新发送,不要点别人转发的链接。",
        "This link no longer works. Ask the lender for a new one; do not use links that others pass on.",
    ))
}
