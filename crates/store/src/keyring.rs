//! The keys of persons, as the documents' store asks for them. Whoever has the vault has them.

use async_trait::async_trait;
use mingbai_desk::ports::KeepError;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A person's key, open. Zeroed when it is dropped.
pub type PersonKey = Zeroizing<[u8; 32]>;

/// Where a person's key comes from.
#[async_trait]
pub trait PersonKeys: Send + Sync {
    /// Her key, made when she has none.
    ///
    /// # Errors
    /// [`KeepError::Forgotten`] when it was destroyed; [`KeepError::Damaged`], [`KeepError::Io`].
    async fn for_writing(&self, person: Uuid) -> Result<PersonKey, KeepError>;

    /// Her key; `None` when she never had one.
    ///
    /// # Errors
    /// As [`PersonKeys::for_writing`].
    async fn for_reading(&self, person: Uuid) -> Result<Option<PersonKey>, KeepError>;
}
