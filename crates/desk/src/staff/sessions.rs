//! Open sessions, for their owners and for the admin: which device, when, where from; and how to end them.

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::text::both;
use mingbai_evidence::Digest;

use super::proofs::own_login;
use crate::caller::Caller;
use crate::desk::{Desk, MINUTE_MS};
use crate::error::DeskError;
use crate::ports::{Means, Owner, Place, Session};
use crate::token;

/// An open session as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Names it; opens nothing.
    pub number: Digest,
    /// Browser and address.
    pub place: Place,
    /// How it was begun.
    pub means: Means,
    /// Began, unix ms.
    pub created_at_ms: i64,
    /// Last used, unix ms, to the minute.
    pub seen_at_ms: i64,
    /// Whether it is the one that asks.
    pub standing: Here,
}

/// Whether a session is the one that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// It is.
    This,
    /// It is another.
    Another,
}

/// The number under which a session is listed: from it nobody gets back to the token, nor to its hash in the table.
fn number(session: &Session) -> Digest {
    Digest::of_parts(&[b"mingbai/session-number/v1\n", session.token.as_bytes()])
}

impl Desk {
    /// The caller's own open sessions, newest first; `session` is the token that she has now.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless staff.
    pub async fn my_sessions(&self, caller: &Caller, session: &str) -> Result<Vec<OpenSession>, DeskError> {
        let here = token::hash("session", session);
        let sessions = self.living_sessions(own_login(caller)?).await?;
        Ok(sessions.into_iter().map(|session| open(session, here)).collect())
    }

    async fn living_sessions(&self, login: &Login) -> Result<Vec<Session>, DeskError> {
        let now_ms = self.now_ms();
        let mut sessions = self.ports.accounts.sessions_of(&Owner::Staff(login.clone()), now_ms).await?;
        sessions.retain(|session| now_ms - session.seen_at_ms <= self.rules.idle_minutes * MINUTE_MS);
        Ok(sessions)
    }

    /// Ends one of the caller's own sessions.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when she has no such session.
    pub async fn end_my_session(&self, caller: &Caller, named: Digest) -> Result<(), DeskError> {
        let login = own_login(caller)?;
        let owner = Owner::Staff(login.clone());
        let sessions = self.ports.accounts.sessions_of(&owner, self.now_ms()).await?;
        let found = sessions.iter().find(|session| number(session) == named).ok_or_else(|| {
            DeskError::NotFound(both("这个会话已经结束。", "This session has ended already."))
        })?;
        tracing::info!(%login, "a session was ended by its owner");
        Ok(self.ports.accounts.end_session(found.token).await?)
    }

    /// Ends all of the caller's own sessions but the one that she has now.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless staff.
    pub async fn end_my_other_sessions(&self, caller: &Caller, session: &str) -> Result<(), DeskError> {
        let login = own_login(caller)?;
        let here = token::hash("session", session);
        let owner = Owner::Staff(login.clone());
        for other in self.ports.accounts.sessions_of(&owner, self.now_ms()).await? {
            if Some(other.token) != here {
                self.ports.accounts.end_session(other.token).await?;
            }
        }
        tracing::info!(%login, "all other sessions were ended by their owner");
        Ok(self.ports.accounts.end_sessions_of(&Owner::Halfway(login.clone())).await?)
    }

    /// Admin: ends every session of an account.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin; [`DeskError::NotFound`].
    pub async fn end_sessions_of(&self, caller: &Caller, login: &Login) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Admin])?;
        self.known(login).await?;
        tracing::warn!(%login, by = ?caller.login(), "sessions were ended by an administrator");
        self.end_all_of(login).await
    }
}

fn open(session: Session, here: Option<Digest>) -> OpenSession {
    OpenSession {
        number: number(&session),
        standing: if Some(session.token) == here { Here::This } else { Here::Another },
        place: session.place,
        means: session.means,
        created_at_ms: session.created_at_ms,
        seen_at_ms: session.seen_at_ms,
    }
}
