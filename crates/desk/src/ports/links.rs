//! The log of what applications were seen with: keyed hashes of identifiers, in the order of coming, from which the state of the rings is
//! made again at every start. It is no evidence: it stands in no proof, rows are never changed, and forgetting a person deletes hers.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;

use super::people::StoreError;

/// The most rows that one reading gives.
pub const LINKS_PAGE: u32 = 5_000;

/// The most identifiers of one row.
pub const LINK_WIDTH: usize = 32;

/// One application, seen with these identifiers at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Place in the log, from 1 without a gap except where somebody was forgotten or rows grew old.
    pub seq: i64,
    /// Journey.
    pub journey: JourneyId,
    /// Who applies: a keyed hash of the customer's number, or a number of the journey's own.
    pub applicant: u64,
    /// When it came in, unix ms.
    pub at_ms: i64,
    /// Keyed hashes, the kind in the lowest four bits.
    pub identifiers: Vec<u64>,
}

/// Where links are kept.
#[async_trait]
pub trait Links: Send + Sync {
    /// Appends a row and gives its place. Whoever reads from any place on misses no row before this one.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is written then.
    async fn append(
        &self,
        journey: JourneyId,
        applicant: u64,
        at_ms: i64,
        identifiers: &[u64],
    ) -> Result<i64, StoreError>;

    /// Rows after a place, in order, at most [`LINKS_PAGE`].
    ///
    /// # Errors
    /// [`StoreError`].
    async fn after(&self, seq: i64) -> Result<Vec<LinkRow>, StoreError>;

    /// The rows of an applicant, in order, at most a thousand.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn of_applicant(&self, applicant: u64) -> Result<Vec<LinkRow>, StoreError>;

    /// The rows of a journey, in order, at most a thousand.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn of_journey(&self, journey: JourneyId) -> Result<Vec<LinkRow>, StoreError>;

    /// Deletes the rows of a journey: its person is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn forget(&self, journey: JourneyId) -> Result<(), StoreError>;

    /// Deletes rows from before a moment; how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn prune(&self, before_ms: i64) -> Result<u64, StoreError>;
}
