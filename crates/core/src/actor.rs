//! Who does something. The evidence stores the actor as text; this is its typed form.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a member of staff may do. One login has one role: least privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// 咨询顾问: leads a ceremony, attests what happened in person. Never acts for the borrower.
    Consultant,
    /// 消保岗: releases products, sees everything, reviews affordability and screening.
    Compliance,
    /// 审计: sees the time line and the evidence, changes nothing.
    Auditor,
    /// 管理员: staff accounts and configuration, no journeys.
    Admin,
}

impl StaffRole {
    /// Key in text.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            StaffRole::Consultant => "consultant",
            StaffRole::Compliance => "compliance",
            StaffRole::Auditor => "auditor",
            StaffRole::Admin => "admin",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor, StaffRole::Admin]
            .into_iter()
            .find(|role| role.key() == key)
    }
}

/// A login name of staff or of a core system: `[a-z0-9._-]{1,40}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// The text is not a login name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("登录名只能用小写字母、数字和 . _ -,1 到 40 个字符 / a login name has 1 to 40 of a-z 0-9 . _ -")]
pub struct BadLogin;

impl Login {
    /// Checks and wraps a login name.
    ///
    /// # Errors
    /// [`BadLogin`] when the text is empty, too long or has another character.
    pub fn new(text: impl Into<String>) -> Result<Self, BadLogin> {
        let text = text.into();
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
        if text.is_empty() || text.len() > 40 || !text.bytes().all(good) {
            return Err(BadLogin);
        }
        Ok(Login(text))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Login {
    type Error = BadLogin;
    fn try_from(text: String) -> Result<Self, BadLogin> {
        Login::new(text)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> String {
        login.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The borrower of this very journey, through her own one-time link.
    Borrower,
    /// A member of staff with her own login.
    Staff(Login, StaffRole),
    /// The lender's core system.
    Core(Login),
    /// Mingbai itself (timers, outbox results).
    System,
    /// Whoever made a complaint, known by its reference and code alone. Has no part in any journey.
    Complainant,
    /// Somebody who came to an event, known by a keyed hash or not at all. Has no part in any journey.
    Visitor,
}

impl Actor {
    /// Reads the text form back.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text.split(':').collect::<Vec<_>>().as_slice() {
            ["borrower"] => Some(Actor::Borrower),
            ["system"] => Some(Actor::System),
            ["complainant"] => Some(Actor::Complainant),
            ["visitor"] => Some(Actor::Visitor),
            ["core", name] => Login::new(*name).ok().map(Actor::Core),
            ["staff", name, role] => Some(Actor::Staff(Login::new(*name).ok()?, StaffRole::from_key(role)?)),
            _ => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Borrower => f.write_str("borrower"),
            Actor::Staff(login, role) => write!(f, "staff:{login}:{}", role.key()),
            Actor::Core(login) => write!(f, "core:{login}"),
            Actor::System => f.write_str("system"),
            Actor::Complainant => f.write_str("complainant"),
            Actor::Visitor => f.write_str("visitor"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let login = Login::new("li.na").unwrap_or_else(|_| unreachable!());
        for actor in [
            Actor::Borrower,
            Actor::System,
            Actor::Complainant,
            Actor::Visitor,
            Actor::Core(login.clone()),
            Actor::Staff(login, StaffRole::Consultant),
        ] {
            assert_eq!(Actor::from_text(&actor.to_string()), Some(actor));
        }
        assert_eq!(Actor::from_text("staff:li.na:king"), None);
        assert_eq!(Actor::from_text("staff:li:na:consultant"), None);
    }
}
