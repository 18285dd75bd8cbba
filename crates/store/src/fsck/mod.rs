//! The whole store read again: every hash and proof is derived from the stored bytes and compared with what the store says.
//! Reads only, in pieces of bounded size, and may run beside a server: what is compared is one moment of a log that only grows.

mod chain;
mod complaints;
mod finding;
mod kept;
mod projections;
mod published;
mod scan;
mod tree;

use std::path::Path;

use async_trait::async_trait;
use mingbai_core::policy::Pack;
use mingbai_desk::ports::{KeepError, TreeHead};
use mingbai_evidence::note::VerifyingKeyText;
use mingbai_evidence::seal::Commitment;
use mingbai_evidence::timestamp::Roots;
use mingbai_evidence::{Digest, StreamId};
use uuid::Uuid;

pub use finding::{Area, Finding, Findings};

use crate::common::cells::owned;
use crate::common::{Conn, nodes};
use crate::error::{OpenError, open_error};

/// Where the store is.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// A file of SQLite.
    File(&'a Path),
    /// The address of a PostgreSQL database.
    Server(&'a str),
}

/// What is being done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Records, chains, tree, documents.
    Log,
    /// Staff list, short codes, idempotency keys.
    Projections,
    /// Personal values.
    Vault,
}

/// Is told how far it is.
pub trait Watch: Send + Sync {
    /// `done` of `total` pieces of this step; `total` is 0 where it is not known.
    fn at(&self, step: Step, done: u64, total: u64);
}

/// Documents and personal values, which have ports of their own.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Reads a document that `stream` names, to its end; `false` when it is not there.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] when its bytes are others; [`KeepError::Forgotten`] when its person was.
    async fn document(&self, stream: &StreamId, digest: Digest) -> Result<bool, KeepError>;

    /// Opens one value; `false` when it is not there.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] when it does not open.
    async fn value(&self, subject: Uuid, commitment: &Commitment) -> Result<bool, KeepError>;

    /// The keys that the log's checkpoints are signed with: the present one, and the one before while both sign. Without any,
    /// signatures of the log are not looked at.
    fn log_keys(&self) -> Vec<VerifyingKeyText> {
        Vec::new()
    }

    /// What time stamps must lead to; without it only their own signatures are looked at.
    fn stamp_roots(&self) -> Option<Roots> {
        None
    }

    /// Opens every value of a subject; how many there are.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] when one does not open.
    async fn values(&self, subject: Uuid) -> Result<u64, KeepError>;
}

/// What was read, and what does not hold.
#[derive(Debug, Default)]
pub struct Report {
    /// Records that were read and hashed.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Nodes of the tree that were computed again.
    pub nodes: u64,
    /// The root, computed again.
    pub root: Option<Digest>,
    /// Documents that were read and hashed.
    pub documents: u64,
    /// Documents and values whose person was forgotten: that they are gone is right.
    pub erased: u64,
    /// Personal values that were opened.
    pub values: u64,
    /// Rows of the staff list and short codes that were computed again.
    pub projections: u64,
    /// Published checkpoints that were held against the records.
    pub checkpoints: u64,
    /// Cosignatures of witnesses that were verified.
    pub cosignatures: u64,
    /// Time stamps that were verified.
    pub stamps: u64,
    /// What does not hold.
    pub findings: Findings,
}

impl Report {
    fn count(&mut self, checked: published::Checked) {
        self.checkpoints += checked.checkpoints;
        self.cosignatures += checked.cosignatures;
        self.stamps += checked.stamps;
        self.findings.extend(checked.findings);
    }

    /// Whether everything holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.findings.total() == 0
    }
}

/// Reads the store at `place` again. Without a `keeper` documents and personal values are left out.
///
/// # Errors
/// [`OpenError`] when the store cannot be read at all. What can be read and does not hold is in the report.
pub async fn fsck(
    place: Place<'_>,
    packs: &[Pack],
    keeper: Option<&dyn Keeper>,
    watch: &dyn Watch,
) -> Result<Report, OpenError> {
    match place {
        Place::File(file) => {
            let mut a = crate::sqlite::look(file).await?;
            let mut b = crate::sqlite::look(file).await?;
            all(&mut a, &mut b, packs, keeper, watch).await
        }
        Place::Server(url) => {
            let (mut a, mut b) = (crate::postgres::look(url).await?, crate::postgres::look(url).await?);
            all(&mut a, &mut b, packs, keeper, watch).await
        }
    }
}

/// Size and root of the store at `place`, as it says itself.
///
/// # Errors
/// [`OpenError`].
pub async fn head(place: Place<'_>) -> Result<TreeHead, OpenError> {
    match place {
        Place::File(file) => scan::head(&mut crate::sqlite::look(file).await?).await,
        Place::Server(url) => scan::head(&mut crate::postgres::look(url).await?).await,
    }
}

/// The root that the first `size` records had in the store at `place`; `None` when there are not so many.
///
/// # Errors
/// [`OpenError`].
pub async fn root_of(place: Place<'_>, size: u64) -> Result<Option<Digest>, OpenError> {
    let head = head(place).await?.size;
    match place {
        Place::File(file) => root_at(&mut crate::sqlite::look(file).await?, size, head).await,
        Place::Server(url) => root_at(&mut crate::postgres::look(url).await?, size, head).await,
    }
}

/// The newest published checkpoint of the store at `place`, without cosignatures.
///
/// # Errors
/// [`OpenError`].
pub async fn newest_checkpoint(place: Place<'_>) -> Result<Option<String>, OpenError> {
    match place {
        Place::File(file) => newest_note(&mut crate::sqlite::look(file).await?).await,
        Place::Server(url) => newest_note(&mut crate::postgres::look(url).await?).await,
    }
}

pub(crate) async fn root_at<C: Conn>(conn: &mut C, size: u64, of: u64) -> Result<Option<Digest>, OpenError> {
    if size > of {
        return Ok(None);
    }
    let edge = nodes::edge(conn, size).await.map_err(|e| OpenError::Damaged(e.to_string()))?;
    Ok(Some(edge.0.root()))
}

pub(crate) async fn newest_note<C: Conn>(conn: &mut C) -> Result<Option<String>, OpenError> {
    let sql = "SELECT note FROM published ORDER BY size DESC LIMIT 1";
    let row = conn.line(sql, &[]).await.map_err(open_error)?;
    row.as_ref().map(|row| owned(row, "note")).transpose().map_err(open_error)
}

async fn all<C: Conn>(
    a: &mut C,
    b: &mut C,
    packs: &[Pack],
    keeper: Option<&dyn Keeper>,
    watch: &dyn Watch,
) -> Result<Report, OpenError>
where
    C::Line: 'static,
{
    let mut report = Report::default();
    scan::log(a, b, keeper, watch, &mut report).await?;
    projections::check(a, packs, watch, &mut report).await?;
    complaints::check(a, watch, &mut report).await?;
    if let Some(keeper) = keeper {
        kept::vault(a, keeper, watch, &mut report).await?;
    }
    Ok(report)
}
