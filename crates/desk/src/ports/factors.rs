//! What a member of staff proves herself with beside her password: passkeys, an authenticator app, recovery codes. And questions
//! that were asked once and may be answered once.

use async_trait::async_trait;
use mingbai_core::actor::Login;
use mingbai_evidence::Digest;
use mingbai_evidence::seal::Commitment;
use uuid::Uuid;

use super::StoreError;

/// A passkey of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPasskey {
    /// The authenticator's name for it.
    pub id: Vec<u8>,
    /// Whose.
    pub login: Login,
    /// The public key, SubjectPublicKeyInfo.
    pub key: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// How often it was used, by its own count; 0 when it does not count.
    pub count: u32,
    /// Added, unix ms.
    pub added_at_ms: i64,
    /// Last used, unix ms.
    pub used_at_ms: Option<i64>,
}

/// The authenticator app of an account. Its secret is in the vault, under a key of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSecret {
    /// Whose.
    pub login: Login,
    /// Under whose key in the vault.
    pub subject: Uuid,
    /// Which value there.
    pub secret: Commitment,
    /// The half minute of the code that was used last; it and all before it are used up.
    pub last_step: i64,
    /// Added, unix ms.
    pub added_at_ms: i64,
}

/// What a question was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AskedFor {
    /// A passkey that lets somebody in.
    Entry,
    /// A new passkey.
    NewPasskey,
    /// The institution's sign-in service.
    SingleSignOn,
}

impl AskedFor {
    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            AskedFor::Entry => "entry",
            AskedFor::NewPasskey => "new_passkey",
            AskedFor::SingleSignOn => "single_sign_on",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [AskedFor::Entry, AskedFor::NewPasskey, AskedFor::SingleSignOn]
            .into_iter()
            .find(|what| what.key() == key)
    }
}

/// A question that may be answered once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Hash of what was asked.
    pub token: Digest,
    /// What for.
    pub purpose: AskedFor,
    /// Who was asked; empty when that is not known yet.
    pub owner: String,
    /// What has to be remembered until the answer.
    pub data: String,
    /// Over at, unix ms.
    pub expires_at_ms: i64,
}

/// Second factors of accounts, and questions.
#[async_trait]
pub trait Factors: Send + Sync {
    /// Adds a passkey.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when an authenticator's name for a key is known already.
    async fn add_passkey(&self, passkey: KeptPasskey) -> Result<(), StoreError>;
    /// A passkey by the authenticator's name for it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn passkey(&self, id: &[u8]) -> Result<Option<KeptPasskey>, StoreError>;
    /// The passkeys of an account, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn passkeys_of(&self, login: &Login) -> Result<Vec<KeptPasskey>, StoreError>;
    /// Notes a use. `false` when the authenticator counts and does not count on: then there are two of it. One step, so that two
    /// answers at once cannot both pass.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn use_passkey(&self, id: &[u8], count: u32, now_ms: i64) -> Result<bool, StoreError>;
    /// Removes a passkey of an account.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn remove_passkey(&self, login: &Login, id: &[u8]) -> Result<(), StoreError>;

    /// Sets the account's app, in place of one that it had.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_app(&self, app: AppSecret) -> Result<(), StoreError>;
    /// The account's app.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn app(&self, login: &Login) -> Result<Option<AppSecret>, StoreError>;
    /// Uses up the code of a half minute; `false` when it or a later one was used before. One step, as above.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn use_step(&self, login: &Login, step: i64) -> Result<bool, StoreError>;
    /// Removes the account's app.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn remove_app(&self, login: &Login) -> Result<(), StoreError>;

    /// Sets the account's recovery codes, as hashes, in place of all that it had.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_recovery(&self, login: &Login, codes: &[Digest]) -> Result<(), StoreError>;
    /// Uses up a recovery code; `false` when there is none such.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn use_recovery(&self, login: &Login, code: Digest) -> Result<bool, StoreError>;
    /// How many recovery codes are left.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn recovery_left(&self, login: &Login) -> Result<u32, StoreError>;

    /// Keeps a question.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn ask(&self, question: Question, now_ms: i64) -> Result<(), StoreError>;
    /// Takes a question away, if it is there and not over.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn take_question(&self, token: Digest, now_ms: i64) -> Result<Option<Question>, StoreError>;
}
