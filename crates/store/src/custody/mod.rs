//! Who keeps the master key that wraps the keys of persons: this process (from a file or the environment), or a key service
//! that never gives it away.

mod http;

use std::sync::Arc;

use async_trait::async_trait;
use mingbai_desk::ports::KeepError;
use uuid::Uuid;

pub use http::HttpCustody;

use crate::common::MasterKey;
use crate::keyring::PersonKey;

/// Wraps and unwraps the keys of persons. What is wrapped is bound to its person: it opens under no other number.
#[async_trait]
pub trait KeyCustody: Send + Sync {
    /// A person's key, wrapped. `nonce` is random, for those who need one.
    ///
    /// # Errors
    /// [`KeepError::Io`] when the key service does not answer.
    async fn wrap(&self, subject: Uuid, nonce: [u8; 12], key: &PersonKey) -> Result<Vec<u8>, KeepError>;

    /// A person's key, opened.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] when this master key did not wrap it for this person; [`KeepError::Io`] when the key service does
    /// not answer. The two must not be confused: the first is final, the second passes.
    async fn unwrap(&self, subject: Uuid, wrapped: &[u8]) -> Result<PersonKey, KeepError>;
}

#[async_trait]
impl KeyCustody for MasterKey {
    async fn wrap(&self, subject: Uuid, nonce: [u8; 12], key: &PersonKey) -> Result<Vec<u8>, KeepError> {
        self.wrap_here(subject, nonce, key.as_slice())
    }

    async fn unwrap(&self, subject: Uuid, wrapped: &[u8]) -> Result<PersonKey, KeepError> {
        self.unwrap_here(subject, wrapped)
    }
}

/// The master key of before and the next one, while every person's key is wrapped anew: opens what either wrapped, and wraps
/// under the next one only.
pub struct BothKeys {
    /// The master key of before.
    pub before: Arc<dyn KeyCustody>,
    /// The next one.
    pub next: Arc<dyn KeyCustody>,
}

#[async_trait]
impl KeyCustody for BothKeys {
    async fn wrap(&self, subject: Uuid, nonce: [u8; 12], key: &PersonKey) -> Result<Vec<u8>, KeepError> {
        self.next.wrap(subject, nonce, key).await
    }

    async fn unwrap(&self, subject: Uuid, wrapped: &[u8]) -> Result<PersonKey, KeepError> {
        match self.next.unwrap(subject, wrapped).await {
            Err(KeepError::Damaged { .. }) => self.before.unwrap(subject, wrapped).await,
            outcome => outcome,
        }
    }
}

impl From<BothKeys> for Arc<dyn KeyCustody> {
    fn from(keys: BothKeys) -> Self {
        Arc::new(keys)
    }
}

impl From<MasterKey> for Arc<dyn KeyCustody> {
    fn from(key: MasterKey) -> Self {
        Arc::new(key)
    }
}

impl From<HttpCustody> for Arc<dyn KeyCustody> {
    fn from(service: HttpCustody) -> Self {
        Arc::new(service)
    }
}
