//! After a sync that failed nothing is acknowledged any more. The system may have thrown the unwritten pages away and called them
//! clean, so that the next sync says "done" about bytes that never reached the disk: trying again would be a lie. Whoever starts the
//! program again has the journal folded into the file first, which writes everything anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::sqlite::SqliteError;

/// SQLite's extended codes for a sync that failed: of a file, and of a folder.
const FAILED_SYNCS: [&str; 2] = ["1034", "1290"];

/// Whether a sync has failed. Clones share the answer.
#[derive(Clone, Default)]
pub(crate) struct Halt(Arc<AtomicBool>);

impl Halt {
    /// Takes notice of an error.
    pub(crate) fn heard(&self, error: &sqlx::Error) {
        let sqlx::Error::Database(inner) = error else { return };
        let code = inner.try_downcast_ref::<SqliteError>().and_then(|_| inner.code());
        if code.is_some_and(|code| FAILED_SYNCS.contains(&code.as_ref())) {
            tracing::error!(%error, "a sync failed: nothing more is written until the program is started again");
            self.0.store(true, Ordering::SeqCst);
        }
    }

    /// Refuses when a sync has failed.
    pub(crate) fn check(&self) -> Result<(), sqlx::Error> {
        match self.0.load(Ordering::SeqCst) {
            false => Ok(()),
            true => Err(sqlx::Error::Io(std::io::Error::other(
                "the disk failed to keep what was written (fsync); nothing more is written until the program is started again: \
                 look at the disk first, then run mingbai fsck",
            ))),
        }
    }
}
