//! The store on SQLite: one writing connection that everybody takes turns with, several reading ones. WAL and
//! `synchronous=FULL`, because less is not safe against a power cut.

mod batch;
mod conn;
mod halt;
mod look;
mod network;
mod open;
mod settle;
mod writer;

use std::sync::Arc;

use mingbai_evidence::merkle::NodeId;
use sqlx::pool::PoolConnection;
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

use crate::common::{Engine, Store};
use halt::Halt;
pub use look::copy_sqlite;
pub(crate) use look::look;
use settle::{Pen, Turn};

/// A store on one SQLite file.
pub type Sqlite = Store<OneFile>;

/// SQLite with its one writing connection.
#[derive(Clone)]
pub struct OneFile {
    readers: SqlitePool,
    writer: Arc<Mutex<Pen>>,
    halt: Halt,
}

impl Engine for OneFile {
    type Conn = SqliteConnection;
    type Reader = PoolConnection<sqlx::Sqlite>;
    type Writer = Turn;

    async fn reader(&self) -> Result<Self::Reader, sqlx::Error> {
        self.readers.acquire().await
    }

    async fn writer(&self) -> Result<Self::Writer, sqlx::Error> {
        let mut pen = self.writer.clone().lock_owned().await;
        pen.settle().await?;
        Ok(Turn(pen))
    }

    fn heard(&self, error: &sqlx::Error) {
        self.halt.heard(error);
    }

    async fn shred(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        // `secure_delete` zeroes the pages; the journal still holds old ones until it is folded in and cut.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(conn).await.map(|_| ())
    }
}

/// What a node is asked for with.
fn place(id: &NodeId) -> (i64, i64) {
    (i64::from(id.level), crate::common::cells::signed(id.index))
}
