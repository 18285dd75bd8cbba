//! The writing connection after an error. When the disk is full or fails, SQLite ends the transaction by itself, and the library
//! goes on counting it as open: without this, every later transaction would be refused until the program is started again.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::halt::Halt;

/// The one writing connection, with the way to a new one.
pub(crate) struct Pen {
    pub(super) conn: SqliteConnection,
    pub(super) options: SqliteConnectOptions,
    pub(super) halt: Halt,
}

impl Pen {
    /// Makes sure that a transaction can begin, and that none failed to be synced before. Nobody may be in one.
    pub(super) async fn settle(&mut self) -> Result<(), sqlx::Error> {
        self.halt.check()?;
        if !self.conn.is_in_transaction() {
            return Ok(());
        }
        // A rollback that was begun by dropping its transaction stands before this in the queue.
        self.conn.ping().await?;
        if self.conn.is_in_transaction() {
            self.conn = self.options.connect().await?;
        }
        Ok(())
    }
}

/// The connection while somebody has it.
pub struct Turn(pub(super) tokio::sync::OwnedMutexGuard<Pen>);

impl std::ops::Deref for Turn {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0.conn
    }
}

impl std::ops::DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0.conn
    }
}
