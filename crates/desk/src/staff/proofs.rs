//! Second proofs: adding them, taking them away, and passkeys that let somebody in. Whoever adds one is half in, or gives her
//! password once more; afterwards her session has a new name.

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::text::both;
use mingbai_evidence::Digest;
use mingbai_evidence::passkey::{self, Assertion, PasskeyKey};
use mingbai_evidence::seal::Salt;

use super::entry::{begin_anew, recovery_hash};
use super::{Owes, SecondFactor, SignedIn, Threshold, totp};
use crate::caller::Caller;
use crate::desk::{Desk, MINUTE_MS};
use crate::error::DeskError;
use crate::ports::{Account, AppSecret, AskedFor, KeptPasskey, Means, Owner, Place, Question, StoreError};
use crate::token;

/// How long a challenge may wait for its answer, in minutes.
const CHALLENGE_MINUTES: i64 = 5;
/// Recovery codes of an account.
const CODES: usize = 10;
/// Longest name of a passkey, in characters.
const NAME_LIMIT: usize = 40;
/// Most passkeys of one account.
const PASSKEYS: usize = 20;

/// The second proofs of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    /// Passkeys, oldest first.
    pub passkeys: Vec<KeptPasskey>,
    /// When an app was set up, unix ms.
    pub app_since_ms: Option<i64>,
    /// Recovery codes that are left.
    pub codes_left: u32,
}

impl Proofs {
    /// Whether there is none. Recovery codes alone are no proof to sign in with day by day.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.passkeys.is_empty() && self.app_since_ms.is_none()
    }

    fn count(&self) -> usize {
        self.passkeys.len() + usize::from(self.app_since_ms.is_some())
    }
}

/// What an app needs to be set up.
#[derive(Clone, PartialEq, Eq)]
pub struct AppSetup {
    /// The secret to type, in base 32.
    pub secret: String,
    /// The address behind the QR code.
    pub uri: String,
}

/// A proof was added.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The session, under its new name.
    pub inside: SignedIn,
    /// Recovery codes, when these are the first; shown this once.
    pub codes: Option<Vec<String>>,
}

/// What a browser's answer about a new passkey is.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The challenge that was answered.
    pub challenge: String,
    /// Authenticator data.
    pub authenticator_data: Vec<u8>,
    /// Client data.
    pub client_data: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
}

impl Desk {
    /// The second proofs of the caller herself.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless staff; [`DeskError::Store`].
    pub async fn my_proofs(&self, caller: &Caller) -> Result<Proofs, DeskError> {
        self.proofs_of(own_login(caller)?).await
    }

    pub(super) async fn proofs_of(&self, login: &Login) -> Result<Proofs, DeskError> {
        let accounts = &self.ports.accounts;
        Ok(Proofs {
            passkeys: accounts.passkeys_of(login).await?,
            app_since_ms: accounts.app(login).await?.map(|app| app.added_at_ms),
            codes_left: accounts.recovery_left(login).await?,
        })
    }

    /// What the app of whoever holds this session would be set up with. Made from the session's own secret, so nothing is kept
    /// before the first right code.
    ///
    /// # Errors
    /// [`DeskError::Unauthenticated`] when the sign-in is over.
    pub async fn app_setup(&self, session: &str) -> Result<AppSetup, DeskError> {
        let login = self.threshold(session).await?.ok_or_else(begin_anew)?.login().clone();
        let secret = crate::token::base32(&app_secret(session));
        let house = self.relying().id;
        let uri = format!(
            "otpauth://totp/{house}:{login}?secret={secret}&issuer={house}&algorithm=SHA1&digits=6&period=30"
        );
        Ok(AppSetup { secret, uri })
    }

    /// Sets the app up that [`Desk::app_setup`] described, with the first code that it shows.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for a wrong code; [`DeskError::Unauthenticated`] for a wrong password or an old sign-in.
    pub async fn enrol_app(
        &self,
        session: &str,
        password: &str,
        code: &str,
        place: &Place,
    ) -> Result<Enrolled, DeskError> {
        let account = self.may_enrol(session, password).await?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).take(12).collect();
        let secret = app_secret(session);
        let now_ms = self.now_ms();
        let Some(step) = totp::matching_step(&secret, &code, now_ms) else {
            let words = both(
                "数字不对。请核对手机时间是否准确,再输入应用现在显示的 6 位数字。",
                "These digits are wrong. See that the phone's clock is right, then give the six digits shown now.",
            );
            return Err(DeskError::invalid("code", words));
        };
        let before = self.ports.accounts.app(&account.login).await?;
        let subject = self.new_id(now_ms);
        let salt = Salt::new(self.random());
        let commitment = self.ports.vault.seal(subject, "staff.app", &secret, salt).await?;
        let login = account.login.clone();
        let app = AppSecret { login, subject, secret: commitment, last_step: step, added_at_ms: now_ms };
        self.ports.accounts.set_app(app).await?;
        if let Some(before) = before {
            self.ports.vault.forget(before.subject).await?;
        }
        tracing::info!(login = %account.login, "an authenticator app was set up");
        self.enrolled(session, &account, Means::Authenticator, place).await
    }

    /// A challenge for a passkey that lets somebody in.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn ask_passkey(&self) -> Result<String, DeskError> {
        self.challenge(AskedFor::Entry, "").await
    }

    /// A challenge for a new passkey of whoever holds this session, and the names of those that she has.
    ///
    /// # Errors
    /// As [`Desk::enrol_app`].
    pub async fn ask_new_passkey(
        &self,
        session: &str,
        password: &str,
    ) -> Result<(String, Account, Vec<Vec<u8>>), DeskError> {
        let account = self.may_enrol(session, password).await?;
        let known = self.ports.accounts.passkeys_of(&account.login).await?;
        let challenge = self.challenge(AskedFor::NewPasskey, account.login.as_str()).await?;
        Ok((challenge, account, known.into_iter().map(|passkey| passkey.id).collect()))
    }

    async fn challenge(&self, purpose: AskedFor, owner: &str) -> Result<String, DeskError> {
        let challenge = token::text(self.random());
        self.keep_question(&challenge, purpose, owner, "", CHALLENGE_MINUTES).await?;
        Ok(challenge)
    }

    pub(super) async fn keep_question(
        &self,
        secret: &str,
        purpose: AskedFor,
        owner: &str,
        data: &str,
        minutes: i64,
    ) -> Result<(), DeskError> {
        let token = token::hash("question", secret)
            .ok_or_else(|| DeskError::Fault("a question's token has another form".to_owned()))?;
        let now_ms = self.now_ms();
        let expires_at_ms = now_ms + minutes * MINUTE_MS;
        let question =
            Question { token, purpose, owner: owner.to_owned(), data: data.to_owned(), expires_at_ms };
        Ok(self.ports.accounts.ask(question, now_ms).await?)
    }

    /// Takes the question back that was asked under this secret. It can be answered once.
    pub(super) async fn answered(&self, secret: &str, purpose: AskedFor) -> Result<Question, DeskError> {
        let found = match token::hash("question", secret) {
            Some(token) => self.ports.accounts.take_question(token, self.now_ms()).await?,
            None => None,
        };
        found.filter(|question| question.purpose == purpose).ok_or_else(|| {
            DeskError::Unauthenticated(both(
                "这次验证已经过期或用过,请再来一次。",
                "This request is over or was used before; try again.",
            ))
        })
    }

    /// Adds a passkey.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when what the authenticator said does not fit; [`DeskError::Unauthenticated`] for an answer that
    /// comes too late or twice.
    pub async fn enrol_passkey(
        &self,
        session: &str,
        new: NewKey,
        place: &Place,
    ) -> Result<Enrolled, DeskError> {
        let threshold = self.threshold(session).await?.ok_or_else(begin_anew)?;
        let question = self.answered(&new.challenge, AskedFor::NewPasskey).await?;
        if question.owner != threshold.login().as_str() {
            return Err(begin_anew());
        }
        let account = self.active(threshold.login()).await?.ok_or_else(begin_anew)?;
        let challenge = token::decode(&new.challenge).unwrap_or_default();
        let made = passkey::made(&new.authenticator_data, &new.client_data, &challenge, &self.relying())
            .map_err(|error| unusable(&error))?;
        let name: String = new.name.trim().chars().filter(|c| !c.is_control()).take(NAME_LIMIT).collect();
        if self.ports.accounts.passkeys_of(&account.login).await?.len() >= PASSKEYS {
            let words =
                both("通行密钥太多了,请先删除不用的。", "There are too many passkeys; remove some first.");
            return Err(DeskError::invalid("passkey", words));
        }
        let kept = KeptPasskey {
            id: made.id,
            login: account.login.clone(),
            key: made.key.spki(),
            name: if name.is_empty() { "通行密钥 passkey".to_owned() } else { name },
            count: made.count,
            added_at_ms: self.now_ms(),
            used_at_ms: None,
        };
        self.ports.accounts.add_passkey(kept).await.map_err(|error| match error {
            StoreError::Exists(_) => DeskError::invalid(
                "passkey",
                both("这把通行密钥已经登记过。", "This passkey is registered already."),
            ),
            other => other.into(),
        })?;
        tracing::info!(login = %account.login, "a passkey was added");
        self.enrolled(session, &account, Means::Passkey, place).await
    }

    /// Lets a member of staff in by a passkey, which is two proofs in one: the device, and finger, face or PIN.
    ///
    /// # Errors
    /// [`DeskError::Unauthenticated`].
    pub async fn sign_in_by_passkey(
        &self,
        challenge: &str,
        id: &[u8],
        answer: &Assertion,
        place: &Place,
    ) -> Result<SignedIn, DeskError> {
        self.answered(challenge, AskedFor::Entry).await?;
        let unknown = || {
            DeskError::Unauthenticated(both(
                "这把通行密钥没有登记,或者登记它的账号已停用。请用密码登录。",
                "This passkey is not registered, or its account is closed. Sign in with your password.",
            ))
        };
        let kept = self.ports.accounts.passkey(id).await?.ok_or_else(unknown)?;
        let account = self.active(&kept.login).await?.ok_or_else(unknown)?;
        let key = PasskeyKey::from_spki(&kept.key)
            .ok_or_else(|| DeskError::Fault("a stored passkey cannot be read".to_owned()))?;
        let bytes = token::decode(challenge).unwrap_or_default();
        let count = passkey::answered(answer, &key, &bytes, &self.relying()).map_err(|error| {
            tracing::warn!(login = %kept.login, %error, "a passkey's answer was refused");
            DeskError::Unauthenticated(both(
                format!("通行密钥的回答不能用:{error}"),
                format!("The passkey's answer cannot be used: {error}."),
            ))
        })?;
        if !self.ports.accounts.use_passkey(id, count, self.now_ms()).await? {
            tracing::error!(login = %kept.login, "a passkey counted backwards: there may be a copy of it");
            return Err(DeskError::Unauthenticated(both(
                "这把通行密钥可能被复制了,不能再用。请用密码登录,删除它,并告诉管理员。",
                "There may be a copy of this passkey, so it is not accepted. Sign in with your password, remove it, and tell an administrator.",
            )));
        }
        self.let_in(&account, Means::Passkey, place).await
    }

    /// The account that may add a proof in this session: half in and without one, or in and with the password once more.
    async fn may_enrol(&self, session: &str, password: &str) -> Result<Account, DeskError> {
        match self.threshold(session).await?.ok_or_else(begin_anew)? {
            Threshold::Halfway { login, owes: Owes::Enrolment } => {
                self.active(&login).await?.ok_or_else(begin_anew)
            }
            Threshold::Halfway { owes: Owes::Proof, .. } => Err(begin_anew()),
            Threshold::Inside { login } => self.again(&login, password).await,
        }
    }

    /// The password once more, before something that a forgotten open page must not be good for.
    pub(super) async fn again(&self, login: &Login, password: &str) -> Result<Account, DeskError> {
        match self.by_password(login.as_str(), password).await {
            Err(DeskError::Unauthenticated(_)) => {
                Err(DeskError::invalid("password", both("密码不对。", "The password is wrong.")))
            }
            other => other,
        }
    }

    async fn enrolled(
        &self,
        session: &str,
        account: &Account,
        means: Means,
        place: &Place,
    ) -> Result<Enrolled, DeskError> {
        let codes = match self.ports.accounts.recovery_left(&account.login).await? {
            0 => Some(self.make_codes(&account.login).await?),
            _ => None,
        };
        self.sign_out(session).await?;
        Ok(Enrolled { inside: self.let_in(account, means, place).await?, codes })
    }

    async fn make_codes(&self, login: &Login) -> Result<Vec<String>, DeskError> {
        let codes: Vec<String> = (0..CODES).map(|_| recovery_code(self.random())).collect();
        let hash = |code: &String| recovery_hash(login, &code.replace('-', ""));
        let hashes: Vec<Digest> = codes.iter().map(hash).collect();
        self.ports.accounts.set_recovery(login, &hashes).await?;
        Ok(codes)
    }

    /// New recovery codes in place of the old ones, shown once.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for a wrong password.
    pub async fn new_codes(&self, caller: &Caller, password: &str) -> Result<Vec<String>, DeskError> {
        let login = own_login(caller)?;
        self.again(login, password).await?;
        self.make_codes(login).await
    }

    /// Removes one of the caller's own proofs: a passkey by its authenticator's name, or the app.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for a wrong password, or for the last proof where one is required.
    pub async fn remove_proof(
        &self,
        caller: &Caller,
        password: &str,
        passkey: Option<&[u8]>,
    ) -> Result<(), DeskError> {
        let login = own_login(caller)?;
        self.again(login, password).await?;
        if self.rules.second_factor == SecondFactor::Required && self.proofs_of(login).await?.count() < 2 {
            let words = both(
                "这是您唯一的第二验证方式。先加一个新的,再删除它。",
                "This is your only second proof. Add another one first, then remove it.",
            );
            return Err(DeskError::invalid("password", words));
        }
        match passkey {
            Some(id) => self.ports.accounts.remove_passkey(login, id).await?,
            None => self.remove_app(login).await?,
        }
        tracing::info!(%login, "a second proof was removed");
        Ok(())
    }

    async fn remove_app(&self, login: &Login) -> Result<(), DeskError> {
        if let Some(app) = self.ports.accounts.app(login).await? {
            self.ports.accounts.remove_app(login).await?;
            self.ports.vault.forget(app.subject).await?;
        }
        Ok(())
    }

    /// Admin: takes every second proof of somebody else's account away and ends its sessions, for who lost her phone. She needs
    /// her password to come back, and adds a new proof then.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin, or for one's own account; [`DeskError::NotFound`].
    pub async fn reset_proofs(&self, caller: &Caller, login: &Login) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Admin])?;
        if caller.login() == Some(login) {
            return Err(DeskError::Forbidden(both(
                "不能重置自己的第二验证,请另一位管理员来做。",
                "Nobody resets her own second proof; ask another administrator.",
            )));
        }
        self.known(login).await?;
        for passkey in self.ports.accounts.passkeys_of(login).await? {
            self.ports.accounts.remove_passkey(login, &passkey.id).await?;
        }
        self.remove_app(login).await?;
        self.ports.accounts.set_recovery(login, &[]).await?;
        tracing::warn!(%login, by = ?caller.login(), "second proofs were reset");
        self.end_all_of(login).await
    }

    pub(super) async fn end_all_of(&self, login: &Login) -> Result<(), DeskError> {
        for owner in [Owner::Staff(login.clone()), Owner::Halfway(login.clone())] {
            self.ports.accounts.end_sessions_of(&owner).await?;
        }
        Ok(())
    }
}

pub(super) fn own_login(caller: &Caller) -> Result<&Login, DeskError> {
    caller.role().and_then(|_| caller.login()).ok_or_else(crate::caller::forbidden)
}

fn app_secret(session: &str) -> Vec<u8> {
    let all = Digest::of_parts(&[b"mingbai/app-secret/v1\n", session.as_bytes()]);
    all.as_bytes().iter().take(totp::SECRET).copied().collect()
}

/// Sixteen letters in groups of four, 80 bits.
fn recovery_code(bytes: [u8; 16]) -> String {
    let letters = token::letters(&bytes);
    let groups = letters.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("-")
}

fn unusable(error: &passkey::PasskeyError) -> DeskError {
    let words = both(format!("这把通行密钥不能用:{error}"), format!("This passkey cannot be used: {error}."));
    DeskError::invalid("passkey", words)
}
