//! Where documents and personal values are kept. Documents are named by the digest of their plain bytes; what belongs to a
//! person lies under her own key, documents and values alike, and forgetting her destroys that key.

use std::ops::Range;

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
    /// There is no such upload: it was never begun, or abandoned for so long that it was cleaned away.
    #[error("there is no such upload any more; begin it again")]
    NoUpload,
    /// The upload goes on somewhere else, or the piece has a size that cannot stand there.
    #[error("the upload goes on at byte {expected}; ask for its offset and go on from there")]
    Offset {
        /// Where it goes on.
        expected: u64,
    },
    /// A piece does not have the digest that was announced for it.
    #[error("this piece arrived with other bytes than those that were sent; send it again")]
    Piece,
    /// The store failed.
    #[error("the store failed: {0}; repeat, then look at the disk")]
    Io(String),
}

/// Whose document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Nobody's: it says nothing about a person, such as a product file. Kept as it is.
    Public,
    /// A person's (the subject of her vault): encrypted under her key, gone for good when she is forgotten.
    Person(Uuid),
}

/// Bytes of every piece of an upload except the last, which is shorter (and may be empty). Also the most that a store holds in
/// memory of a document that is read or written piece by piece.
pub const PIECE: usize = 4 << 20;

/// A document that is read piece by piece.
#[async_trait]
pub trait Pieces: Send {
    /// Length of the whole document, whatever part of it is read.
    fn total(&self) -> u64;

    /// The next at most [`PIECE`] bytes; `None` at the end. When the whole is read, its digest is compared before the end is
    /// reported: until then the bytes of a public document are only bytes.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] when anything was changed, cut off or moved; [`KeepError::Io`].
    async fn next(&mut self) -> Result<Option<Vec<u8>>, KeepError>;
}

/// Documents, by the digest of their plain bytes: a proof that names one can be checked by whoever was shown it, and stays a
/// proof when it was erased.
#[async_trait]
pub trait Attachments: Send + Sync {
    /// Keeps a document and names it. Durable when it returns; keeping the same bytes again changes nothing.
    ///
    /// # Errors
    /// [`KeepError`].
    async fn put(&self, holder: Holder, bytes: Vec<u8>, media: &str) -> Result<AttachmentRef, KeepError>;

    /// A document, checked against its digest; `None` when it is not here.
    ///
    /// # Errors
    /// [`KeepError::Forgotten`], [`KeepError::Damaged`], [`KeepError::TooLarge`] for one that has to be read piece by piece, or
    /// [`KeepError::Io`].
    async fn get(&self, holder: Holder, digest: Digest) -> Result<Option<Vec<u8>>, KeepError>;

    /// A document of any size, or these bytes of it (cut at its end), piece by piece; `None` when it is not here.
    ///
    /// # Errors
    /// As [`Attachments::get`].
    async fn read(
        &self,
        holder: Holder,
        digest: Digest,
        part: Option<Range<u64>>,
    ) -> Result<Option<Box<dyn Pieces>>, KeepError>;

    /// Begins to keep a large document of a person; the number names the upload from now on, on every node.
    ///
    /// # Errors
    /// [`KeepError`].
    async fn begin(&self, person: Uuid, media: &str) -> Result<Uuid, KeepError>;

    /// Where an upload goes on, in bytes. After a lost connection or answer, this is what to ask.
    ///
    /// # Errors
    /// [`KeepError::NoUpload`], [`KeepError::Forgotten`] or [`KeepError::Io`].
    async fn offset(&self, person: Uuid, upload: Uuid) -> Result<u64, KeepError>;

    /// Keeps the piece that begins at `offset`: [`PIECE`] bytes, or fewer when it is the last. `digest` is the SHA-256 that the
    /// sender computed of the piece. Durable when it returns the next offset.
    ///
    /// # Errors
    /// [`KeepError::Offset`] when the piece does not belong there; [`KeepError::Piece`]; as [`Attachments::offset`].
    async fn write(
        &self,
        person: Uuid,
        upload: Uuid,
        offset: u64,
        piece: Vec<u8>,
        digest: Digest,
    ) -> Result<u64, KeepError>;

    /// Ends an upload: only now the whole has a name. Finishing again gives the same answer.
    ///
    /// # Errors
    /// As [`Attachments::offset`].
    async fn finish(&self, person: Uuid, upload: Uuid) -> Result<AttachmentRef, KeepError>;

    /// Cleans away uploads that were not finished and got nothing since `before_ms` (the store's own time stamps); how many.
    ///
    /// # Errors
    /// [`KeepError::Io`].
    async fn sweep(&self, before_ms: i64) -> Result<u32, KeepError>;

    /// Deletes what is left of a person's documents. Her key must have been destroyed before: that is what erases them, also in
    /// every copy; this only gives the room back.
    ///
    /// # Errors
    /// [`KeepError::Io`].
    async fn clear(&self, person: Uuid) -> Result<(), KeepError>;
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
