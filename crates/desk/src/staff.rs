//! Accounts and sessions of staff, and the keys of core systems. Passwords are hashed with Argon2id, off the async threads.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::text::both;

use crate::caller::{Caller, forbidden};
use crate::desk::{Desk, MINUTE_MS, STAFF_SESSION_MINUTES};
use crate::error::DeskError;
use crate::ports::{Account, ApiKey, Owner, Session, Standing};
use crate::token;

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// Longest password, in bytes.
pub const PASSWORD_MAX: usize = 200;
/// Wrong passwords in a row that cost nothing but time.
const FREE_FAILURES: u32 = 5;
/// Longest wait after wrong passwords, in minutes.
const WAIT_LIMIT_MINUTES: i64 = 60;
/// A hash that no password fits, so that an unknown login takes as long as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bWluZ2JhaS1ub2JvZHk$q0yHl0n0z8mH3r8Xw2dYk0b6n6b1m1m2m3m4m5m6m7k";

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
        let account = self.ports.accounts.account(login).await?;
        let mut account = account
            .ok_or_else(|| DeskError::NotFound(both("没有这个账号。", "There is no such account.")))?;
        account.standing = Standing::Closed;
        self.ports.accounts.change_account(account).await?;
        Ok(self.ports.accounts.end_sessions_of(&Owner::Staff(login.clone())).await?)
    }

    /// Lets a member of staff in.
    ///
    /// # Errors
    /// [`DeskError::Unauthenticated`], the same for an unknown login and a wrong password; [`DeskError::Busy`] after too many
    /// wrong ones.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, DeskError> {
        let wrong = || {
            DeskError::Unauthenticated(both(
                "登录名或密码不对。请再试一次,或联系管理员。",
                "Login or password is wrong. Try again, or ask an administrator.",
            ))
        };
        let login = Login::new(login.trim()).map_err(|_| wrong())?;
        if password.len() > PASSWORD_MAX {
            return Err(wrong());
        }
        let now_ms = self.now_ms();
        let state = self.ports.accounts.sign_in_state(&login).await?;
        let over = state.failures.saturating_sub(FREE_FAILURES);
        if state.failures >= FREE_FAILURES {
            let minutes = (1_i64 << over.min(6)).min(WAIT_LIMIT_MINUTES);
            if now_ms < state.last_at_ms + minutes * MINUTE_MS {
                return Err(DeskError::Busy(both(
                    format!("密码错误次数过多,请 {minutes} 分钟后再试。"),
                    format!("Too many wrong passwords; try again in {minutes} minutes."),
                )));
            }
        }
        let account = self.ports.accounts.account(&login).await?;
        let account = account.filter(|account| account.standing == Standing::Active);
        let hash =
            account.as_ref().map_or_else(|| NOBODY.to_owned(), |account| account.password_hash.clone());
        let right = verify_password(password.to_owned(), hash).await?;
        let Some(account) = account.filter(|_| right) else {
            self.ports.accounts.sign_in_failed(&login, now_ms).await?;
            return Err(wrong());
        };
        self.ports.accounts.sign_in_succeeded(&login).await?;
        let caller = Caller::staff(&account);
        self.begin(Owner::Staff(login), caller, STAFF_SESSION_MINUTES).await
    }

    pub(crate) async fn begin(
        &self,
        owner: Owner,
        caller: Caller,
        minutes: i64,
    ) -> Result<SignedIn, DeskError> {
        let now_ms = self.now_ms();
        let secret = token::text(self.random());
        let hash = token::hash("session", &secret)
            .ok_or_else(|| DeskError::Fault("a session's token has another form".to_owned()))?;
        let expires_at_ms = now_ms + minutes * MINUTE_MS;
        let session = Session { token: hash, owner, created_at_ms: now_ms, expires_at_ms };
        self.ports.accounts.add_session(session).await?;
        Ok(SignedIn { token: secret, caller, expires_at_ms })
    }

    /// Who a session belongs to; `None` when it is unknown or over. A closed account's session is over.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn caller_of_session(&self, session: &str) -> Result<Option<Caller>, DeskError> {
        let Some(hash) = token::hash("session", session) else { return Ok(None) };
        let Some(session) = self.ports.accounts.session(hash, self.now_ms()).await? else { return Ok(None) };
        Ok(match session.owner {
            Owner::Borrower(journey) => Some(Caller::borrower(journey)),
            Owner::Staff(login) => self
                .ports
                .accounts
                .account(&login)
                .await?
                .filter(|account| account.standing == Standing::Active)
                .map(|account| Caller::staff(&account)),
        })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn sign_out(&self, session: &str) -> Result<(), DeskError> {
        match token::hash("session", session) {
            Some(hash) => Ok(self.ports.accounts.end_session(hash).await?),
            None => Ok(()),
        }
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
