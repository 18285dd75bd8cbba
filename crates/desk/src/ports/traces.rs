//! Traces of browsers and hands across cases, so that one device or one hand that signs for several borrowers is seen. They are
//! no evidence and stand in no proof; what follows from them is an alert in the journey's own stream, without names.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
use mingbai_evidence::Digest;

use super::people::StoreError;

/// The trace of a hand in one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InkTrace {
    /// Case.
    pub journey: JourneyId,
    /// Digest of the path, equal for a copy.
    pub trace: Digest,
    /// The shape, as [`mingbai_core::borrow::ink::Shape::to_bytes`] gives it.
    pub shape: Vec<u8>,
    /// Kept, unix ms.
    pub kept_at_ms: i64,
}

/// The most shapes that a new one is compared with: the newest.
pub const COMPARED: u32 = 20_000;

/// Where traces are kept.
#[async_trait]
pub trait Traces: Send + Sync {
    /// Keeps that this browser signed in this case; keeping it again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn keep_device(&self, device: Digest, journey: JourneyId, now_ms: i64) -> Result<(), StoreError>;

    /// The cases in which this browser signed.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn cases_of_device(&self, device: Digest) -> Result<Vec<JourneyId>, StoreError>;

    /// Keeps the trace of a hand; a case keeps its last one only.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn keep_ink(&self, trace: InkTrace) -> Result<(), StoreError>;

    /// The newest [`COMPARED`] traces, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn inks(&self) -> Result<Vec<InkTrace>, StoreError>;

    /// The cases with exactly this path.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn cases_of_trace(&self, trace: Digest) -> Result<Vec<JourneyId>, StoreError>;

    /// The browsers that signed in this case.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn devices_of(&self, journey: JourneyId) -> Result<Vec<Digest>, StoreError>;

    /// Forgets every trace of a case: the person is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn forget(&self, journey: JourneyId) -> Result<(), StoreError>;
}
