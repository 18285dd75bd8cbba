//! The way in: password, then a second proof, then a session with a new name. And the way out.

use mingbai_core::actor::Login;
use mingbai_core::text::both;
use mingbai_evidence::Digest;

use super::{Entry, Halfway, Owes, PASSWORD_MAX, SecondFactor, SignedIn, Threshold, totp, verify_password};
use crate::caller::Caller;
use crate::desk::{Desk, MINUTE_MS};
use crate::error::DeskError;
use crate::ports::{Account, Means, Owner, Place, Session, Standing};
use crate::token;

/// Wrong passwords or codes in a row that cost nothing but time.
const FREE_FAILURES: u32 = 5;
/// Longest wait after wrong ones, in minutes.
const WAIT_LIMIT_MINUTES: i64 = 60;
/// How long somebody may stand between password and second proof, in minutes: enough to set an app up.
const HALFWAY_MINUTES: i64 = 30;
/// A hash that no password fits, so that an unknown login takes as long as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bWluZ2JhaS1ub2JvZHk$q0yHl0n0z8mH3r8Xw2dYk0b6n6b1m1m2m3m4m5m6m7k";

fn wrong_password() -> DeskError {
    DeskError::Unauthenticated(both(
        "登录名或密码不对。请再试一次,或联系管理员。",
        "Login or password is wrong. Try again, or ask an administrator.",
    ))
}

pub(super) fn begin_anew() -> DeskError {
    DeskError::Unauthenticated(both(
        "登录已经过期,请从密码开始重新登录。",
        "This sign-in is over; begin again with your password.",
    ))
}

impl Desk {
    /// Lets a member of staff in, or half in when she owes a second proof.
    ///
    /// # Errors
    /// [`DeskError::Unauthenticated`], the same for an unknown login and a wrong password; [`DeskError::Busy`] after too many
    /// wrong ones.
    pub async fn sign_in(&self, login: &str, password: &str, place: &Place) -> Result<Entry, DeskError> {
        let account = self.by_password(login, password).await?;
        let proofs = self.proofs_of(&account.login).await?;
        let owes = match (proofs.is_empty(), self.rules.second_factor) {
            (false, _) => Owes::Proof,
            (true, SecondFactor::Required) => Owes::Enrolment,
            (true, SecondFactor::Optional) => {
                return Ok(Entry::Inside(self.let_in(&account, Means::Password, place).await?));
            }
        };
        let owner = Owner::Halfway(account.login.clone());
        let (token, expires_at_ms) =
            self.open_session(owner, HALFWAY_MINUTES, Means::Password, place.clone()).await?;
        Ok(Entry::Halfway(Halfway { token, owes, expires_at_ms }))
    }

    /// Who has this password. For the command line on the data folder itself, where a second proof would prove nothing: whoever
    /// can read the keys there could take it away.
    ///
    /// # Errors
    /// As [`Desk::sign_in`].
    pub async fn prove_password(&self, login: &str, password: &str) -> Result<Caller, DeskError> {
        let account = self.by_password(login, password).await?;
        self.ports.accounts.sign_in_succeeded(&account.login).await?;
        Ok(Caller::staff(&account))
    }

    /// The account of login and password. Wrong ones are counted; they are forgotten only when somebody is all the way in, so
    /// that a known password does not buy tries of the second proof.
    pub(super) async fn by_password(&self, login: &str, password: &str) -> Result<Account, DeskError> {
        let login = Login::new(login.trim()).map_err(|_| wrong_password())?;
        if password.len() > PASSWORD_MAX {
            return Err(wrong_password());
        }
        self.may_try(&login).await?;
        let account = self.active(&login).await?;
        let hash =
            account.as_ref().map(|account| account.password_hash.clone()).filter(|hash| !hash.is_empty());
        let right = verify_password(password.to_owned(), hash.unwrap_or_else(|| NOBODY.to_owned())).await?;
        let Some(account) = account.filter(|_| right) else {
            self.ports.accounts.sign_in_failed(&login, self.now_ms()).await?;
            tracing::warn!(%login, "a wrong password was given");
            return Err(wrong_password());
        };
        Ok(account)
    }

    /// Refuses while the wait after wrong passwords or codes lasts.
    async fn may_try(&self, login: &Login) -> Result<(), DeskError> {
        let state = self.ports.accounts.sign_in_state(login).await?;
        if state.failures < FREE_FAILURES {
            return Ok(());
        }
        let over = state.failures.saturating_sub(FREE_FAILURES);
        let minutes = (1_i64 << over.min(6)).min(WAIT_LIMIT_MINUTES);
        if self.now_ms() >= state.last_at_ms + minutes * MINUTE_MS {
            return Ok(());
        }
        Err(DeskError::Busy(both(
            format!("密码错误次数过多,请 {minutes} 分钟后再试。"),
            format!("Too many wrong passwords; try again in {minutes} minutes."),
        )))
    }

    /// The second proof of somebody who is half in: six digits of her app, or a recovery code. Each works once.
    ///
    /// # Errors
    /// [`DeskError::Unauthenticated`] for a wrong or used code, or when the first half is over; [`DeskError::Busy`].
    pub async fn prove_code(&self, session: &str, code: &str, place: &Place) -> Result<SignedIn, DeskError> {
        let threshold = self.threshold(session).await?.ok_or_else(begin_anew)?;
        let Threshold::Halfway { login, owes: Owes::Proof } = threshold else { return Err(begin_anew()) };
        self.may_try(&login).await?;
        let account = self.active(&login).await?.ok_or_else(begin_anew)?;
        let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(40).collect();
        let digits = code.len() == totp::DIGITS && code.bytes().all(|b| b.is_ascii_digit());
        let means = match digits {
            true if self.use_app_code(&login, &code).await? => Some(Means::Authenticator),
            false if self.ports.accounts.use_recovery(&login, recovery_hash(&login, &code)).await? => {
                Some(Means::Recovery)
            }
            _ => None,
        };
        let Some(means) = means else {
            self.ports.accounts.sign_in_failed(&login, self.now_ms()).await?;
            tracing::warn!(%login, "a wrong or used code was given");
            return Err(DeskError::Unauthenticated(both(
                "验证码不对,或者已经用过。等应用显示下一组数字再试,或用恢复码。",
                "The code is wrong or was used before. Wait for the next digits of the app, or use a recovery code.",
            )));
        };
        self.sign_out(session).await?;
        self.let_in(&account, means, place).await
    }

    async fn use_app_code(&self, login: &Login, code: &str) -> Result<bool, DeskError> {
        let Some(app) = self.ports.accounts.app(login).await? else { return Ok(false) };
        let Some(secret) = self.ports.vault.open(app.subject, &app.secret).await? else { return Ok(false) };
        match totp::matching_step(&secret.value, code, self.now_ms()) {
            Some(step) => Ok(self.ports.accounts.use_step(login, step).await?),
            None => Ok(false),
        }
    }

    /// All the way in: the wrong tries are forgotten, and the session has a name that nobody knew before.
    pub(super) async fn let_in(
        &self,
        account: &Account,
        means: Means,
        place: &Place,
    ) -> Result<SignedIn, DeskError> {
        self.ports.accounts.sign_in_succeeded(&account.login).await?;
        tracing::info!(login = %account.login, means = means.key(), "signed in");
        let owner = Owner::Staff(account.login.clone());
        let minutes = self.rules.session_minutes;
        let (token, expires_at_ms) = self.open_session(owner, minutes, means, place.clone()).await?;
        Ok(SignedIn { token, caller: Caller::staff(account), expires_at_ms })
    }

    pub(crate) async fn open_session(
        &self,
        owner: Owner,
        minutes: i64,
        means: Means,
        place: Place,
    ) -> Result<(String, i64), DeskError> {
        let now_ms = self.now_ms();
        let secret = token::text(self.random());
        let hash = token::hash("session", &secret)
            .ok_or_else(|| DeskError::Fault("a session's token has another form".to_owned()))?;
        let expires_at_ms = now_ms + minutes * MINUTE_MS;
        let session = Session {
            token: hash,
            owner,
            created_at_ms: now_ms,
            expires_at_ms,
            seen_at_ms: now_ms,
            means,
            place,
        };
        self.ports.accounts.add_session(session).await?;
        Ok((secret, expires_at_ms))
    }

    pub(super) async fn active(&self, login: &Login) -> Result<Option<Account>, DeskError> {
        let account = self.ports.accounts.account(login).await?;
        Ok(account.filter(|account| account.standing == Standing::Active))
    }

    /// The session of a token, unless it is over or was left alone for too long; its use is noted, to the minute.
    async fn living(&self, session: &str) -> Result<Option<Session>, DeskError> {
        let Some(hash) = token::hash("session", session) else { return Ok(None) };
        let now_ms = self.now_ms();
        let Some(session) = self.ports.accounts.session(hash, now_ms).await? else { return Ok(None) };
        if let Owner::Staff(_) = session.owner {
            let idle_ms = now_ms - session.seen_at_ms;
            if idle_ms > self.rules.idle_minutes * MINUTE_MS {
                self.ports.accounts.end_session(hash).await?;
                return Ok(None);
            }
            if idle_ms >= MINUTE_MS {
                self.ports.accounts.session_seen(hash, now_ms).await?;
            }
        }
        Ok(Some(session))
    }

    /// Who a session belongs to; `None` when it is unknown, over, or only half a sign-in. A closed account's session is over.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn caller_of_session(&self, session: &str) -> Result<Option<Caller>, DeskError> {
        Ok(match self.living(session).await?.map(|session| session.owner) {
            Some(Owner::Borrower(journey)) => Some(Caller::borrower(journey)),
            Some(Owner::Staff(login)) => self.active(&login).await?.map(|account| Caller::staff(&account)),
            Some(Owner::Halfway(_) | Owner::Family(_)) | None => None,
        })
    }

    /// Who stands at the pages for proofs: somebody who is half in, or somebody who is in and adds a proof.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn threshold(&self, session: &str) -> Result<Option<Threshold>, DeskError> {
        Ok(match self.living(session).await?.map(|session| session.owner) {
            Some(Owner::Halfway(login)) => {
                let owes = match self.proofs_of(&login).await?.is_empty() {
                    true => Owes::Enrolment,
                    false => Owes::Proof,
                };
                self.active(&login).await?.map(|_| Threshold::Halfway { login, owes })
            }
            Some(Owner::Staff(login)) => self.active(&login).await?.map(|_| Threshold::Inside { login }),
            Some(Owner::Borrower(_) | Owner::Family(_)) | None => None,
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
}

/// The hash of a recovery code. The code has 80 random bits: a stolen table of hashes does not give it away.
pub(super) fn recovery_hash(login: &Login, code: &str) -> Digest {
    let code = code.to_ascii_uppercase();
    Digest::of_parts(&[b"mingbai/recovery/v1\n", login.as_str().as_bytes(), b"\n", code.as_bytes()])
}
