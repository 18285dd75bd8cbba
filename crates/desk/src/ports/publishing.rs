//! What the public side of the log needs: a drawer of published checkpoints, a mark outside the database that the log can never
//! again be smaller than, and a way to the witnesses.

use async_trait::async_trait;
use mingbai_evidence::Digest;

use super::log::TreeHead;
use super::people::StoreError;

/// A checkpoint that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// Records.
    pub size: u64,
    /// Root.
    pub root: Digest,
    /// The signed note as it was published first, without cosignatures.
    pub note: String,
    /// When it was made, unix ms.
    pub at_ms: i64,
}

/// A witness's cosignature under a published checkpoint. It was verified before it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCosignature {
    /// Records of the checkpoint.
    pub size: u64,
    /// The witness's key as `name+hash+base64`.
    pub witness: String,
    /// The signature line, ended.
    pub line: String,
    /// The witness's time, unix seconds.
    pub at_s: u64,
}

/// The drawer of published checkpoints and their cosignatures. Checkpoints are never changed or deleted.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// Keeps a checkpoint. Durable when it returns; of two of the same size the first stays.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn publish(&self, checkpoint: KeptCheckpoint) -> Result<(), StoreError>;

    /// The largest.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn latest(&self) -> Result<Option<KeptCheckpoint>, StoreError>;

    /// The one of exactly this size.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn of_size(&self, size: u64) -> Result<Option<KeptCheckpoint>, StoreError>;

    /// The largest one of at least `size` records that a witness cosigned.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn cosigned_since(&self, size: u64) -> Result<Option<KeptCheckpoint>, StoreError>;

    /// Keeps a cosignature; a later one by the same witness for the same size takes its place.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn cosign(&self, cosignature: KeptCosignature) -> Result<(), StoreError>;

    /// The cosignatures of a size, by witness.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn cosignatures(&self, size: u64) -> Result<Vec<KeptCosignature>, StoreError>;

    /// The largest size that this witness cosigned.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn last_cosigned(&self, witness: &str) -> Result<Option<u64>, StoreError>;
}

/// The mark could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mark of the highest signed checkpoint could not be read or written: {0}")]
pub struct HighWaterError(pub String);

/// The highest checkpoint that this server ever signed, kept outside the database so that restoring an old database does not
/// restore it too.
#[async_trait]
pub trait HighWater: Send + Sync {
    /// The mark; `None` before the first.
    ///
    /// # Errors
    /// [`HighWaterError`]; a mark that cannot be read is not the same as none.
    async fn read(&self) -> Result<Option<TreeHead>, HighWaterError>;

    /// Raises the mark. Durable when it returns.
    ///
    /// # Errors
    /// [`HighWaterError`]; nothing is signed then.
    async fn raise(&self, to: TreeHead) -> Result<(), HighWaterError>;
}

/// What a witness answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessAnswer {
    /// HTTP status.
    pub status: u16,
    /// Body, at most [`mingbai_evidence::note::NOTE_LIMIT`] bytes.
    pub body: String,
}

/// A witness did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the witness did not answer: {0}")]
pub struct WitnessError(pub String);

/// The way to the witnesses. What they answer is verified by the desk; an implementation only carries text.
#[async_trait]
pub trait WitnessCalls: Send + Sync {
    /// Posts `body` to `url` + `/add-checkpoint`.
    ///
    /// # Errors
    /// [`WitnessError`] when no answer came.
    async fn add_checkpoint(&self, url: &str, body: String) -> Result<WitnessAnswer, WitnessError>;
}
