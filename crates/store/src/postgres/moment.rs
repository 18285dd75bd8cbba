//! One moment of a database that others go on writing: held open, so that the server's own tools can copy exactly it, and what the
//! log says at that moment.

use mingbai_desk::ports::TreeHead;
use mingbai_evidence::Digest;
use sqlx::{Connection as _, PgConnection};

use super::look::look;
use crate::common::Conn as _;
use crate::common::cells::owned;
use crate::common::nodes;
use crate::error::{OpenError, open_error};

/// One moment of a database.
pub struct Moment {
    conn: PgConnection,
    name: String,
    head: TreeHead,
}

impl Moment {
    /// Holds the present moment of the database that `url` names.
    ///
    /// # Errors
    /// [`OpenError`]; also from an engine that has no snapshots to share.
    pub async fn of(url: &str) -> Result<Self, OpenError> {
        let mut conn = look(url).await?;
        conn.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", &[]).await.map_err(open_error)?;
        // It is idle while the tool works, and must not be cut off for that.
        conn.run("SET LOCAL idle_in_transaction_session_timeout = 0", &[]).await.map_err(open_error)?;
        let row = conn.line("SELECT pg_export_snapshot() AS name", &[]).await.map_err(open_error)?;
        let name = row.ok_or_else(|| OpenError::Engine("the server names no snapshot".to_owned()))?;
        let name = owned(&name, "name").map_err(open_error)?;
        let none = || OpenError::Damaged("the tree has no row".to_owned());
        let head = nodes::head(&mut conn).await.map_err(|e| OpenError::Damaged(e.to_string()))?;
        Ok(Moment { conn, name, head: head.ok_or_else(none)? })
    }

    /// What `pg_dump --snapshot` is told.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Size and root of the log.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        self.head
    }

    /// The root that the first `size` records had; `None` when there are not so many.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn root_at(&mut self, size: u64) -> Result<Option<Digest>, OpenError> {
        crate::fsck::root_at(&mut self.conn, size, self.head.size).await
    }

    /// The newest published checkpoint.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn published(&mut self) -> Result<Option<String>, OpenError> {
        crate::fsck::newest_note(&mut self.conn).await
    }

    /// Lets go of it.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn end(self) -> Result<(), OpenError> {
        self.conn.close().await.map_err(open_error)
    }
}
