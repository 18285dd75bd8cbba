//! Where documents and personal values are kept. Documents are named by their digest; personal values lie under a key per
//! person, and forgetting the person destroys the key.

use async_trait::async_trait;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_evidence::Digest;
use mingbai_evidence::seal::{Commitment, Salt};
use uuid::Uuid;

/// Why something was not kept or could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// Larger than allowed.
    #[error("{bytes} bytes are more than the {limit} that are allowed here")]
    TooLarge {
        /// Size.
        bytes: usize,
        /// Limit.
        limit: usize,
    },
    /// What was read is not what was written.
    #[error(
        "{what} does not have the content that it should have; the store was damaged or changed, restore it"
    )]
    Damaged {
        /// Which.
        what: String,
    },
    /// The person was forgotten; nothing more may be kept about her under this number.
    #[error("this person's key was destroyed; nothing can be kept or read any more")]
    Forgotten,
    /// The store failed.
    #[error("the store failed: {0}; repeat, then look at the disk")]
    Io(String),
}

/// Documents, by digest.
#[async_trait]
pub trait Attachments: Send + Sync {
    /// Keeps a document and names it. Durable when it returns; keeping the same bytes again changes nothing.
    ///
    /// # Errors
    /// [`KeepError`].
    async fn put(&self, bytes: Vec<u8>, media: &str) -> Result<AttachmentRef, KeepError>;

    /// A document, checked against its digest; `None` when it is not here.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] or [`KeepError::Io`].
    async fn get(&self, digest: Digest) -> Result<Option<Vec<u8>>, KeepError>;
}

/// A personal value, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The commitment that the evidence names.
    pub commitment: Commitment,
    /// What it is, e.g. `borrower.name`.
    pub label: String,
    /// The value.
    pub value: Vec<u8>,
    /// The salt that opens the commitment.
    pub salt: Salt,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The value must not reach a log file.
        f.debug_struct("Opened").field("label", &self.label).finish_non_exhaustive()
    }
}

/// Personal values under a key per person (DESIGN law 6). The subject is a number, never a name.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Keeps a value and returns its commitment. Durable when it returns.
    ///
    /// # Errors
    /// [`KeepError`].
    async fn seal(
        &self,
        subject: Uuid,
        label: &str,
        value: &[u8],
        salt: Salt,
    ) -> Result<Commitment, KeepError>;

    /// The value behind a commitment; `None` when it is not here or the person was forgotten.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] or [`KeepError::Io`].
    async fn open(&self, subject: Uuid, commitment: &Commitment) -> Result<Option<Opened>, KeepError>;

    /// Everything that is kept about a subject, oldest first; empty after she was forgotten.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] or [`KeepError::Io`].
    async fn list(&self, subject: Uuid) -> Result<Vec<Opened>, KeepError>;

    /// Destroys the subject's key. No proof breaks; the values can never be read again.
    ///
    /// # Errors
    /// [`KeepError::Io`].
    async fn forget(&self, subject: Uuid) -> Result<(), KeepError>;
}
