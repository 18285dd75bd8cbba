//! Accounts of staff, their proofs and sessions, and the keys of core systems. Passwords are hashed with Argon2id, off the async
//! threads.

mod entry;
mod proofs;
mod sessions;
mod totp;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::text::both;

use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Account, ApiKey, Standing};
use crate::token;

pub use proofs::{AppSetup, Enrolled, NewKey, Proofs};
pub use sessions::{Here, OpenSession};

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// Longest password, in bytes.
pub const PASSWORD_MAX: usize = 200;
/// Whether staff must have a second proof beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Who has none adds one before anything else.
    Required,
    /// Who has one is asked for it.
    Optional,
}

/// How staff is let in, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffRules {
    /// Second proof.
    pub second_factor: SecondFactor,
    /// A session that was not used for so long is over, in minutes.
    pub idle_minutes: i64,
    /// A session is over after so long, whatever is done in it, in minutes.
    pub session_minutes: i64,
}

impl Default for StaffRules {
    fn default() -> Self {
        StaffRules { second_factor: SecondFactor::Required, idle_minutes: 60, session_minutes: 10 * 60 }
    }
}

/// How far somebody came with her password.
#[derive(Clone, Debug)]
pub enum Entry {
    /// All the way.
    Inside(SignedIn),
    /// She owes something.
    Halfway(Halfway),
}

impl Entry {
    /// The session, for who came all the way.
    #[must_use]
    pub fn inside(self) -> Option<SignedIn> {
        match self {
            Entry::Inside(inside) => Some(inside),
            Entry::Halfway(_) => None,
        }
    }
}

/// What somebody owes whose password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owes {
    /// The second proof that her account has.
    Proof,
    /// A second proof has to be added first.
    Enrolment,
}

/// Half a sign-in.
#[derive(Clone)]
pub struct Halfway {
    /// Its token, for a cookie.
    pub token: String,
    /// What is owed.
    pub owes: Owes,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for Halfway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Halfway").field("owes", &self.owes).finish_non_exhaustive()
    }
}

/// Who stands at the pages for proofs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Half in.
    Halfway {
        /// Who.
        login: Login,
        /// What is owed.
        owes: Owes,
    },
    /// In.
    Inside {
        /// Who.
        login: Login,
    },
}

impl Threshold {
    /// Who.
    #[must_use]
    pub fn login(&self) -> &Login {
        match self {
            Threshold::Halfway { login, .. } | Threshold::Inside { login } => login,
        }
    }
}

/// Somebody came in.
#[derive(Clone)]
pub struct SignedIn {
    /// The session's token, for a cookie; only its hash is stored.
    pub token: String,
    /// Who it is.
    pub caller: Caller,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("caller", &self.caller).finish_non_exhaustive()
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Login.
    pub login: Login,
    /// Role.
    pub role: StaffRole,
    /// Name as colleagues and borrowers see it, 1 to 60 characters.
    pub display_name: String,
    /// Branch; needed for a consultant.
    pub branch: Option<String>,
    /// Password, at least [`PASSWORD_MIN`] characters.
    pub password: String,
}

impl Desk {
    /// Makes a staff account.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin or Mingbai itself; [`DeskError::Invalid`]; [`DeskError::Store`] when the login is
    /// taken.
    pub async fn add_account(&self, caller: &Caller, new: NewAccount) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Admin])?;
        let name = new.display_name.trim();
        if !(1..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(DeskError::invalid(
                "display_name",
                both("姓名应为 1 到 60 个字。", "A name has 1 to 60 characters."),
            ));
        }
        let branch = new.branch.filter(|branch| !branch.trim().is_empty());
        if new.role == StaffRole::Consultant && branch.is_none() {
            return Err(DeskError::invalid(
                "branch",
                both("顾问要有所属网点。", "A consultant needs a branch."),
            ));
        }
        let password_hash = self.hash_password(new.password).await?;
        let account = Account {
            login: new.login,
            role: new.role,
            display_name: name.to_owned(),
            branch,
            password_hash,
            standing: Standing::Active,
        };
        Ok(self.ports.accounts.add_account(account).await?)
    }

    /// All accounts, without their hashes.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin.
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<Account>, DeskError> {
        caller.needs(&[StaffRole::Admin])?;
        let mut accounts = self.ports.accounts.accounts().await?;
        accounts.iter_mut().for_each(|account| account.password_hash.clear());
        Ok(accounts)
    }

    /// The name behind a login, as borrowers see it: who says that she saw me sign? `None` for an unknown login.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn staff_name(&self, login: &Login) -> Result<Option<String>, DeskError> {
        Ok(self.ports.accounts.account(login).await?.map(|account| account.display_name))
    }

    /// Closes an account and ends its sessions.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin; [`DeskError::NotFound`].
    pub async fn close_account(&self, caller: &Caller, login: &Login) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Admin])?;
        let mut account = self.known(login).await?;
        account.standing = Standing::Closed;
        self.ports.accounts.change_account(account).await?;
        tracing::warn!(%login, by = ?caller.login(), "an account was closed");
        self.end_all_of(login).await
    }

    async fn known(&self, login: &Login) -> Result<Account, DeskError> {
        let account = self.ports.accounts.account(login).await?;
        account.ok_or_else(|| DeskError::NotFound(both("没有这个账号。", "There is no such account.")))
    }

    /// The caller's own new password. Her other sessions end: who knows the old one is out.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when the old one is wrong or the new one too short.
    pub async fn change_password(
        &self,
        caller: &Caller,
        session: &str,
        old: &str,
        new: String,
    ) -> Result<(), DeskError> {
        let login = proofs::own_login(caller)?;
        let mut account = self.again(login, old).await?;
        if new == old {
            let words = both("新密码和旧密码一样。", "The new password is the old one.");
            return Err(DeskError::invalid("new_password", words));
        }
        account.password_hash = self.hash_password(new).await.map_err(|error| match error {
            DeskError::Invalid { words, .. } => DeskError::invalid("new_password", words),
            other => other,
        })?;
        self.ports.accounts.change_account(account).await?;
        tracing::info!(%login, "a password was changed by its owner");
        self.end_my_other_sessions(caller, session).await
    }

    /// Mingbai itself, on the data folder: a new password for an account, without its second proofs, for who lost both.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless Mingbai itself; [`DeskError::NotFound`]; [`DeskError::Invalid`].
    pub async fn reset_account(
        &self,
        caller: &Caller,
        login: &Login,
        password: String,
    ) -> Result<(), DeskError> {
        caller.needs(&[])?;
        let mut account = self.known(login).await?;
        account.password_hash = self.hash_password(password).await?;
        self.ports.accounts.change_account(account).await?;
        self.ports.accounts.sign_in_succeeded(login).await?;
        self.reset_proofs(caller, login).await
    }

    /// Makes a key for a core system and returns it once: `mbk_…`. Earlier keys stay good until they are closed.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin or Mingbai itself.
    pub async fn add_core_key(&self, caller: &Caller, core: &Login) -> Result<String, DeskError> {
        caller.needs(&[StaffRole::Admin])?;
        let secret = format!("mbk_{}", token::text(self.random()));
        let hash = token::hash("api-key", &secret).ok_or_else(forbidden)?;
        let key = ApiKey {
            key: hash,
            core: core.clone(),
            created_at_ms: self.now_ms(),
            standing: Standing::Active,
        };
        self.ports.accounts.add_api_key(key).await?;
        Ok(secret)
    }

    /// Which core system a key belongs to; `None` when it is unknown or closed.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn caller_of_key(&self, key: &str) -> Result<Option<Caller>, DeskError> {
        let Some(hash) = token::hash("api-key", key) else { return Ok(None) };
        let found = self.ports.accounts.api_key(hash).await?;
        Ok(found.filter(|key| key.standing == Standing::Active).map(|key| Caller::core(key.core)))
    }

    async fn hash_password(&self, password: String) -> Result<String, DeskError> {
        if password.chars().count() < PASSWORD_MIN || password.len() > PASSWORD_MAX {
            let words = both(
                format!("密码至少 {PASSWORD_MIN} 个字符,最多 {PASSWORD_MAX} 字节。"),
                format!(
                    "A password has at least {PASSWORD_MIN} characters and at most {PASSWORD_MAX} bytes."
                ),
            );
            return Err(DeskError::invalid("password", words));
        }
        let salt: [u8; 16] = self.random();
        blocking(move || {
            Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|e| DeskError::Fault(format!("a password could not be hashed: {e}")))
        })
        .await?
    }
}

async fn verify_password(password: String, hash: String) -> Result<bool, DeskError> {
    blocking(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| DeskError::Fault(format!("a worker thread died: {e}")))
}
