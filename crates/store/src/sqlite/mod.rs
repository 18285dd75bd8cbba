//! The store on SQLite: one writing connection that everybody takes turns with, several reading ones. WAL and
//! `synchronous=FULL`, because less is not safe against a power cut.

mod cells;
mod find;
mod log;
mod nodes;
mod open;
mod outbox;
mod people;
mod vault;
mod writer;

use std::sync::Arc;

use mingbai_desk::ports::Dice;
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, mpsc};

pub use vault::MasterKey;

/// Records at the end of the log that are hashed again when the store is opened.
pub const TAIL: u64 = 1_000;

/// A store on one SQLite file. Cheap to clone: clones share everything.
#[derive(Clone)]
pub struct Sqlite {
    readers: SqlitePool,
    writer: Arc<Mutex<SqliteConnection>>,
    queue: mpsc::Sender<writer::Job>,
    master: Arc<MasterKey>,
    dice: Arc<dyn Dice>,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}
