//! Time stamps from outside: the authority that gives them, and where they are kept beside the checkpoints that they are for.

use async_trait::async_trait;

use super::people::StoreError;

/// The authority did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time-stamping authority did not answer: {0}")]
pub struct TimeStampError(pub String);

/// A time-stamping authority (RFC 3161). What it answers is verified by the desk; an implementation only carries bytes.
#[async_trait]
pub trait TimeStamps: Send + Sync {
    /// Sends the DER of a TimeStampReq and returns the DER of what came back, at most
    /// [`mingbai_evidence::timestamp::STAMP_LIMIT`] bytes.
    ///
    /// # Errors
    /// [`TimeStampError`] when no answer came, or one that is no answer at all.
    async fn stamp(&self, query: Vec<u8>) -> Result<Vec<u8>, TimeStampError>;
}

/// A time stamp that was verified before it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptStamp {
    /// Size of the stamped checkpoint.
    pub size: u64,
    /// The stamped checkpoint, byte for byte.
    pub checkpoint: String,
    /// The request, so that `openssl ts -verify -queryfile` can check the answer too.
    pub query: Vec<u8>,
    /// The answer as it came.
    pub response: Vec<u8>,
    /// The authority's time, unix ms.
    pub stamped_at_ms: i64,
    /// When it was kept, by our own clock, unix ms.
    pub kept_at_ms: i64,
}

/// The drawer of time stamps. Nothing is ever changed or deleted in it.
#[async_trait]
pub trait Stamps: Send + Sync {
    /// Keeps a stamp. Durable when it returns; keeping the same answer again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn keep(&self, stamp: KeptStamp) -> Result<(), StoreError>;

    /// The latest stamp of the largest checkpoint.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn newest(&self) -> Result<Option<KeptStamp>, StoreError>;

    /// The earliest stamp of a checkpoint with at least `size` records: the strongest that covers them all.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn covering(&self, size: u64) -> Result<Option<KeptStamp>, StoreError>;
}
