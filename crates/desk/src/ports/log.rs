//! The evidence log as the desk sees it: append a piece of one stream in one transaction, read it back, prove it.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_core::borrow::state::Stage;
use mingbai_cost::{Fen, Lang};
use mingbai_evidence::{Digest, Record, StreamHead, StreamId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::complaints::{ComplaintFilter, ComplaintRow};
use super::outbox::OutboxItem;

/// The most records that one append may carry. A command leads to a handful.
pub const APPEND_LIMIT: usize = 64;

/// One piece of one stream, with everything that must become true in the same moment.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// Where the writer believes the stream to stand; `None` = it does not exist yet.
    pub expected: Option<StreamHead>,
    /// 1 to [`APPEND_LIMIT`] records that follow `expected` without a gap.
    pub records: Vec<Record>,
    /// Work that these records lead to.
    pub outbox: Vec<OutboxItem>,
    /// Projections that these records change.
    pub rows: Vec<JourneyRow>,
    /// Short codes of documents that these records issue.
    pub codes: Vec<CodeRow>,
    /// Rows of the list of complaints that these records change.
    pub complaints: Vec<ComplaintRow>,
    /// Names this wish, at most 200 bytes: an append under a key that was used before writes nothing and answers with
    /// what was written then.
    pub idempotency: Option<String>,
}

impl Append {
    /// An append of records and nothing else.
    #[must_use]
    pub fn of(stream: StreamId, expected: Option<StreamHead>, records: Vec<Record>) -> Self {
        let (outbox, rows, codes, complaints) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Append { stream, expected, records, outbox, rows, codes, complaints, idempotency: None }
    }
}

/// Whether an append wrote, or was a repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// It wrote.
    Now,
    /// The idempotency key was used before; nothing was written this time.
    Before,
}

/// An acknowledged append: durable, and provable from this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Whether it wrote.
    pub written: Written,
    /// The stream that holds the records (under a repeated key: the one of the first time).
    pub stream: StreamId,
    /// Position of the first record in the log; the others follow it.
    pub first_index: u64,
    /// Size of the tree that the proofs lead to.
    pub size: u64,
    /// Its root.
    pub root: Digest,
    /// Inclusion path of each record in that tree, in order.
    pub proofs: Vec<Vec<Digest>>,
}

/// A record with its position in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Position in the log, from 0.
    pub index: u64,
    /// The record.
    pub record: Record,
}

/// Size and root of the tree as committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of records.
    pub size: u64,
    /// Root.
    pub root: Digest,
}

/// One journey as the staff list shows it. Computed from evidence in the moment of writing; it can always be computed
/// again, except for `branch`, which says who may look and is kept from the first writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyRow {
    /// Journey.
    pub journey: JourneyId,
    /// Application number in the core system.
    pub external_ref: String,
    /// Product id.
    pub product_id: String,
    /// Product version.
    pub product_version: String,
    /// Principal, once terms are offered.
    pub principal_fen: Option<Fen>,
    /// Stage key, see [`stage_key`].
    pub stage: String,
    /// Keys of the duties that are missing before disbursement, in order.
    pub missing: Vec<String>,
    /// Violations whose money has not been given back.
    pub violations_open: u32,
    /// Remedy cases that are open.
    pub remedies_open: u32,
    /// Attempts that were denied.
    pub denied: u32,
    /// Branch; `None` leaves the stored one.
    pub branch: Option<String>,
    /// First record, unix ms.
    pub opened_at_ms: i64,
    /// Last record, unix ms.
    pub updated_at_ms: i64,
}

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// 综合融资成本明示表.
    CostTable,
    /// 还款计划.
    Plan,
    /// 明白纸.
    Notice,
    /// 个人借款合同, with the cost table and the plan as its annexes.
    Contract,
    /// 签约过程和存证证明: the trail of the journey up to the moment when it is made.
    Certificate,
    /// 回访卡: what the call-back asks, and how to tell that it is us.
    CallbackCard,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: [PaperKind; 6] = [
        PaperKind::CostTable,
        PaperKind::Plan,
        PaperKind::Notice,
        PaperKind::Contract,
        PaperKind::Certificate,
        PaperKind::CallbackCard,
    ];

    /// Key in evidence and addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            PaperKind::CostTable => "cost_table",
            PaperKind::Plan => "plan",
            PaperKind::Notice => "notice",
            PaperKind::Contract => "contract",
            PaperKind::Certificate => "certificate",
            PaperKind::CallbackCard => "callback_card",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        PaperKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What a short code leads to. Holds nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRow {
    /// The code in its plain form: 12 characters out of `0-9 A-Z` without I, L, O, U.
    pub code: String,
    /// Journey.
    pub journey: JourneyId,
    /// Paper.
    pub paper: PaperKind,
    /// Language of the paper.
    pub lang: Lang,
    /// The document.
    pub document: AttachmentRef,
    /// Terms that it shows.
    pub terms: Digest,
    /// Issued, unix ms.
    pub issued_at_ms: i64,
}

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// A journey by its number.
    Journey(JourneyId),
    /// A journey by the last 16 hex digits of its number, lower case without spaces, as people read it aloud.
    Reference(String),
    /// A journey by the application number in the core system.
    ExternalRef(String),
    /// A journey by a record's id.
    Record(Uuid),
}

/// Which rows of the staff list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFilter {
    /// Only this branch.
    pub branch: Option<String>,
    /// Only this stage (key).
    pub stage: Option<String>,
    /// Only rows last changed before this time; the way to the next page.
    pub before_ms: Option<i64>,
    /// At most so many, 1 to 500; 0 means 100.
    pub limit: u32,
}

/// Why the log did not do it. Nothing is half-written in any case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Somebody else wrote to the stream first: read it again and decide again.
    #[error("somebody else wrote to {stream} first; read it again and repeat")]
    Conflict {
        /// Stream.
        stream: StreamId,
        /// Where it really stands.
        found: Option<StreamHead>,
    },
    /// The records do not follow each other or the expected head.
    #[error("the records do not follow each other in {stream}: {why}")]
    NotAChain {
        /// Stream.
        stream: StreamId,
        /// What does not fit.
        why: String,
    },
    /// Too many or no records, or a text beyond its limit.
    #[error("the append is outside its limits: {0}")]
    Limits(String),
    /// No room on the disk.
    #[error("there is no room to write; free some space, nothing was written")]
    Full,
    /// The store failed. If the answer was lost, a repetition under the same idempotency key is safe.
    #[error("the store failed: {0}; nothing is acknowledged, repeat or look at the disk")]
    Io(String),
    /// What was read back is not what was written.
    #[error("the store is damaged: {0}; stop writing and restore it")]
    Damaged(String),
    /// The log has been closed.
    #[error("the log is shutting down; repeat after the restart")]
    Closed,
}

/// The evidence log with its projections.
#[async_trait]
pub trait Log: Send + Sync {
    /// Appends in one transaction: bytes, leaf, tree nodes, projections, outbox. The answer comes only when all of it is
    /// durable, and carries the inclusion proofs.
    ///
    /// # Errors
    /// [`LogError`]; nothing was written then (for [`LogError::Io`]: nothing is acknowledged).
    async fn append(&self, append: Append) -> Result<Appended, LogError>;

    /// The stream that was written under this idempotency key, if any was.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn before(&self, key: &str) -> Result<Option<StreamId>, LogError>;

    /// A whole stream in order; empty when it does not exist. Every record is parsed and its leaf compared.
    ///
    /// # Errors
    /// [`LogError::Damaged`] or [`LogError::Io`].
    async fn read(&self, stream: &StreamId) -> Result<Vec<Logged>, LogError>;

    /// The record at a position.
    ///
    /// # Errors
    /// [`LogError::Damaged`] or [`LogError::Io`].
    async fn at(&self, index: u64) -> Result<Option<Logged>, LogError>;

    /// Names of streams that begin with `prefix`, sorted, at most `limit`.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn streams(&self, prefix: &str, limit: u32) -> Result<Vec<StreamId>, LogError>;

    /// A journey's row.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn find(&self, find: Find) -> Result<Option<JourneyRow>, LogError>;

    /// What a short code leads to.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn code(&self, code: &str) -> Result<Option<CodeRow>, LogError>;

    /// Rows of the staff list, last changed first.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn rows(&self, filter: RowFilter) -> Result<Vec<JourneyRow>, LogError>;

    /// The complaint with this reference: twelve letters without spaces.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn complaint(&self, reference: &str) -> Result<Option<ComplaintRow>, LogError>;

    /// Rows of the list of complaints: first those that wait for an answer, the one due first at the top; then the newest.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn complaints(&self, filter: ComplaintFilter) -> Result<Vec<ComplaintRow>, LogError>;

    /// Size and root as committed.
    ///
    /// # Errors
    /// [`LogError::Io`].
    async fn head(&self) -> Result<TreeHead, LogError>;

    /// The inclusion path of the record at `index` in the tree of `size`.
    ///
    /// # Errors
    /// [`LogError::Limits`] when `index ≥ size` or the tree is smaller than `size`.
    async fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Digest>, LogError>;

    /// The consistency path between two sizes.
    ///
    /// # Errors
    /// [`LogError::Limits`] unless `old ≤ new ≤` the tree's size.
    async fn consistency(&self, old: u64, new: u64) -> Result<Vec<Digest>, LogError>;

    /// The hashes of `count` complete subtrees of 2^`level` leaves from place `first` on, in one query.
    ///
    /// # Errors
    /// [`LogError::Limits`] when the tree does not have them all.
    async fn hashes(&self, level: u8, first: u64, count: u16) -> Result<Vec<Digest>, LogError>;

    /// `count` records from position `first` on, in one query; fewer at the end of the log.
    ///
    /// # Errors
    /// [`LogError::Damaged`] or [`LogError::Io`].
    async fn span(&self, first: u64, count: u16) -> Result<Vec<Logged>, LogError>;

    /// The root of the tree when it had `size` records.
    ///
    /// # Errors
    /// [`LogError::Limits`] when the tree is smaller.
    async fn root_at(&self, size: u64) -> Result<Digest, LogError>;
}

/// The key of a stage in rows, the API and addresses.
#[must_use]
pub const fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Unopened => "unopened",
        Stage::Ceremony => "ceremony",
        Stage::Declined => "declined",
        Stage::PaidOut => "paid_out",
        Stage::Closed => "closed",
    }
}

/// Reads a stage's key.
#[must_use]
pub fn stage_from_key(key: &str) -> Option<Stage> {
    [Stage::Unopened, Stage::Ceremony, Stage::Declined, Stage::PaidOut, Stage::Closed]
        .into_iter()
        .find(|stage| stage_key(*stage) == key)
}
