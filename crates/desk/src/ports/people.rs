//! Accounts of staff, sessions, borrowers' one-time links and the keys of core systems. Secrets are stored as hashes only.

use async_trait::async_trait;
use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

use super::Factors;

/// The store failed or refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is one already.
    #[error("{0} exists already")]
    Exists(String),
    /// The store failed.
    #[error("the store failed: {0}; repeat, then look at the disk")]
    Io(String),
    /// What was read back has no meaning.
    #[error("the store is damaged: {0}; restore it")]
    Damaged(String),
}

/// Whether an account or key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It may.
    Active,
    /// Not any more.
    Closed,
}

/// A staff account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Login.
    pub login: Login,
    /// Role.
    pub role: StaffRole,
    /// Name as colleagues and borrowers see it.
    pub display_name: String,
    /// Branch; consultants see the journeys of theirs only.
    pub branch: Option<String>,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// Standing.
    pub standing: Standing,
}

/// Wrong passwords in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInState {
    /// How many since the last right one.
    pub failures: u32,
    /// When the last one was, unix ms.
    pub last_at_ms: i64,
}

/// To whom a session belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A member of staff.
    Staff(Login),
    /// A member of staff whose password was right and who owes a second proof. Opens nothing but the pages for that proof.
    Halfway(Login),
    /// The borrower of one journey.
    Borrower(JourneyId),
    /// Somebody of her family, who may look at the cost of one journey. Such a session is no caller: nothing can be done with it.
    Family(JourneyId),
}

/// How somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Means {
    /// By a link and the digits on her own phone.
    Link,
    /// By a password alone.
    Password,
    /// By a password and a code of her authenticator app.
    Authenticator,
    /// By a password and a recovery code.
    Recovery,
    /// By a passkey.
    Passkey,
    /// By the institution's own sign-in service.
    SingleSignOn,
}

impl Means {
    const ALL: [Means; 6] = [
        Means::Link,
        Means::Password,
        Means::Authenticator,
        Means::Recovery,
        Means::Passkey,
        Means::SingleSignOn,
    ];

    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Means::Link => "link",
            Means::Password => "password",
            Means::Authenticator => "authenticator",
            Means::Recovery => "recovery",
            Means::Passkey => "passkey",
            Means::SingleSignOn => "single_sign_on",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Means::ALL.into_iter().find(|means| means.key() == key)
    }
}

/// Where a session was begun, for its owner to recognise. Empty for borrowers: nothing about their devices is kept here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Browser and system as the browser names them, at most 200 characters.
    pub device: String,
    /// Address.
    pub address: String,
}

/// A session. The token itself is only with its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token.
    pub token: Digest,
    /// Owner.
    pub owner: Owner,
    /// Began, unix ms.
    pub created_at_ms: i64,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
    /// Last used, unix ms, to the minute.
    pub seen_at_ms: i64,
    /// How it was begun.
    pub means: Means,
    /// Where.
    pub place: Place,
}

/// What a borrower's link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// The ceremony before the payout.
    Ceremony,
    /// The call-back after it.
    Callback,
    /// A look for somebody of her family.
    Family,
    /// The digits for one wish to sign. Its token is the wish's challenge, which opens no page.
    Signing,
}

impl LinkPurpose {
    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            LinkPurpose::Ceremony => "ceremony",
            LinkPurpose::Callback => "callback",
            LinkPurpose::Family => "family",
            LinkPurpose::Signing => "signing",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [LinkPurpose::Ceremony, LinkPurpose::Callback, LinkPurpose::Family, LinkPurpose::Signing]
            .into_iter()
            .find(|purpose| purpose.key() == key)
    }
}

/// A borrower's link. It opens nothing without the six digits that went to her own phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Hash of the token.
    pub token: Digest,
    /// Journey.
    pub journey: JourneyId,
    /// Purpose.
    pub purpose: LinkPurpose,
    /// Hash of token and code; `None` until the code was sent.
    pub code: Option<Digest>,
    /// Wrong codes that are still allowed.
    pub tries_left: u32,
    /// Made, unix ms.
    pub created_at_ms: i64,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
}

/// What a try of the six digits led to. Counted by the store in one step, so that many at once cannot outrun the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTry {
    /// Right; the code is used up.
    Opened(Link),
    /// Wrong.
    Wrong {
        /// Tries left.
        tries_left: u32,
    },
    /// Unknown, expired, used up, or without a code.
    Dead,
}

/// The key of a core system. The key itself is only with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Hash of the key.
    pub key: Digest,
    /// The core system's login.
    pub core: Login,
    /// Made, unix ms.
    pub created_at_ms: i64,
    /// Standing.
    pub standing: Standing,
}

/// Accounts, sessions, links and keys.
#[async_trait]
pub trait Accounts: Factors + Send + Sync {
    /// Adds an account.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when the login is taken.
    async fn add_account(&self, account: Account) -> Result<(), StoreError>;
    /// Changes an account (name, branch, password, standing).
    ///
    /// # Errors
    /// [`StoreError`].
    async fn change_account(&self, account: Account) -> Result<(), StoreError>;
    /// One account.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn account(&self, login: &Login) -> Result<Option<Account>, StoreError>;
    /// All accounts by login.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    /// Wrong passwords in a row.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sign_in_state(&self, login: &Login) -> Result<SignInState, StoreError>;
    /// Counts a wrong password.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sign_in_failed(&self, login: &Login, now_ms: i64) -> Result<(), StoreError>;
    /// Forgets wrong passwords after a right one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sign_in_succeeded(&self, login: &Login) -> Result<(), StoreError>;

    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn add_session(&self, session: Session) -> Result<(), StoreError>;
    /// The session of a token, if it has not expired.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn session(&self, token: Digest, now_ms: i64) -> Result<Option<Session>, StoreError>;
    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn session_seen(&self, token: Digest, now_ms: i64) -> Result<(), StoreError>;
    /// The sessions of an owner that have not expired, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sessions_of(&self, owner: &Owner, now_ms: i64) -> Result<Vec<Session>, StoreError>;
    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_session(&self, token: Digest) -> Result<(), StoreError>;
    /// Ends every session of an owner.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_sessions_of(&self, owner: &Owner) -> Result<(), StoreError>;

    /// Adds a link. Earlier links of the same journey and purpose die.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn add_link(&self, link: Link) -> Result<(), StoreError>;
    /// A link, dead or alive.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn link(&self, token: Digest) -> Result<Option<Link>, StoreError>;
    /// Sets a new code and new tries; `false` when there is no such link.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_link_code(&self, token: Digest, code: Digest, tries: u32) -> Result<bool, StoreError>;
    /// Tries the six digits, in one step.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn try_link(&self, token: Digest, code: Digest, now_ms: i64) -> Result<LinkTry, StoreError>;

    /// Adds a core system's key.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn add_api_key(&self, key: ApiKey) -> Result<(), StoreError>;
    /// A core system's key by hash.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn api_key(&self, key: Digest) -> Result<Option<ApiKey>, StoreError>;
    /// Closes every key of a core system.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn close_api_keys(&self, core: &Login) -> Result<(), StoreError>;
}
