//! Who is calling. A [`Caller`] comes only out of a session, a key or a timer, so that holding one is proof that somebody was
//! let in; what each may do is decided here and in `core`.

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::text::both;

use crate::error::DeskError;
use crate::ports::{Account, JourneyRow, LinkPurpose};

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller(Who);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Borrower { journey: JourneyId },
    Staff { login: Login, role: StaffRole, name: String, branch: Option<String> },
    Core { login: Login },
    System,
}

impl Caller {
    pub(crate) fn borrower(journey: JourneyId) -> Self {
        Caller(Who::Borrower { journey })
    }

    pub(crate) fn staff(account: &Account) -> Self {
        Caller(Who::Staff {
            login: account.login.clone(),
            role: account.role,
            name: account.display_name.clone(),
            branch: account.branch.clone(),
        })
    }

    pub(crate) fn core(login: Login) -> Self {
        Caller(Who::Core { login })
    }

    /// Mingbai itself: timers and the command line on the server's own machine. No door hands this out.
    #[must_use]
    pub fn system() -> Self {
        Caller(Who::System)
    }

    /// As evidence names the caller.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.0 {
            Who::Borrower { .. } => Actor::Borrower,
            Who::Staff { login, role, .. } => Actor::Staff(login.clone(), *role),
            Who::Core { login } => Actor::Core(login.clone()),
            Who::System => Actor::System,
        }
    }

    /// The journey of a borrower.
    #[must_use]
    pub fn journey(&self) -> Option<JourneyId> {
        match self.0 {
            Who::Borrower { journey } => Some(journey),
            _ => None,
        }
    }

    /// The role of a member of staff.
    #[must_use]
    pub fn role(&self) -> Option<StaffRole> {
        match self.0 {
            Who::Staff { role, .. } => Some(role),
            _ => None,
        }
    }

    /// Login of staff or of a core system.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        match &self.0 {
            Who::Staff { login, .. } | Who::Core { login } => Some(login),
            _ => None,
        }
    }

    /// Name of a member of staff.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        match &self.0 {
            Who::Staff { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Branch of a member of staff.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match &self.0 {
            Who::Staff { branch, .. } => branch.as_deref(),
            _ => None,
        }
    }

    /// Whether it is a core system.
    #[must_use]
    pub fn is_core(&self) -> bool {
        matches!(self.0, Who::Core { .. })
    }

    /// Whether it is Mingbai itself.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.0 == Who::System
    }

    /// Whether this caller may look at a journey. `row` is its row in the staff list.
    pub(crate) fn may_see(&self, journey: JourneyId, row: Option<&JourneyRow>) -> bool {
        match &self.0 {
            Who::Borrower { journey: own } => *own == journey,
            Who::Core { .. } | Who::System => true,
            Who::Staff { role: StaffRole::Compliance | StaffRole::Auditor, .. } => true,
            Who::Staff { role: StaffRole::Consultant, branch, .. } => {
                let of = row.and_then(|row| row.branch.as_deref());
                branch.is_some() && branch.as_deref() == of
            }
            Who::Staff { role: StaffRole::Admin, .. } => false,
        }
    }

    /// Refuses unless the caller is staff with one of these roles, or Mingbai itself.
    pub(crate) fn needs(&self, roles: &[StaffRole]) -> Result<(), DeskError> {
        match &self.0 {
            Who::System => Ok(()),
            Who::Staff { role, .. } if roles.contains(role) => Ok(()),
            _ => Err(forbidden()),
        }
    }
}

/// The answer to somebody who was let in and asks for what is not theirs.
pub(crate) fn forbidden() -> DeskError {
    DeskError::Forbidden(both(
        "您的账号不能做这件事。请联系有权限的同事。",
        "Your account may not do this. Ask a colleague who may.",
    ))
}

/// The address of a borrower's link, without the base.
pub(crate) fn link_path(purpose: LinkPurpose, token: &str) -> String {
    match purpose {
        LinkPurpose::Ceremony => format!("/b/{token}"),
        LinkPurpose::Callback => format!("/b/callback/{token}"),
        LinkPurpose::Family => format!("/f/{token}"),
        // Digits for a wish to sign have no page of their own.
        LinkPurpose::Signing => "/".to_owned(),
    }
}
