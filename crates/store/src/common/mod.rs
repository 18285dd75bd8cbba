//! What both stores have in common: every port, written once over a small idea of an engine. SQL that both engines read is
//! written here once; what only one of them can do is in that engine's own room.

pub(crate) mod again;
pub(crate) mod cells;
mod cipher;
pub(crate) mod complaints;
mod factors;
pub(crate) mod find;
pub(crate) mod group;
pub(crate) mod heads;
mod links;
mod log;
pub(crate) mod nodes;
pub(crate) mod outbox;
mod people;
mod publishing;
mod recordings;
mod rotate;
mod stamps;
pub(crate) mod tail;
mod traces;
mod vault;

use std::future::Future;
use std::ops::DerefMut;
use std::sync::Arc;

use mingbai_desk::ports::Dice;
use mingbai_evidence::merkle::NodeId;
use sqlx::{SqlSafeStr as _, SqlStr};
use tokio::sync::mpsc;

pub use cipher::MasterKey;
pub use rotate::Rotated;

use crate::custody::KeyCustody;
use crate::error::{OpenError, keep_as_open};
use again::{Fail, again};
use cells::{Line, Value};
use nodes::Nodes;

/// Records at the end of the log that are hashed again when the store is opened.
pub const TAIL: u64 = 1_000;

/// One connection of an engine: static SQL with `$1` places, and the values that go there.
pub trait Conn: sqlx::Connection<Database: sqlx::Database<Connection = Self>> {
    /// A row.
    type Line: Line;
    /// Begins a transaction that will write.
    const WRITE: &'static str;
    /// Begins a transaction that sees one moment only.
    const READ: &'static str;

    /// Runs a statement; the number of rows that it touched.
    fn run(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// The first row, if there is one.
    fn line(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Option<Self::Line>, sqlx::Error>> + Send;

    /// All rows.
    fn lines(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<Self::Line>, sqlx::Error>> + Send;

    /// The tree's hashes at these places, as far as they are stored.
    fn nodes(&mut self, wanted: &[NodeId]) -> impl Future<Output = Result<Nodes, sqlx::Error>> + Send;
}

/// A statement as the library wants it. Owned, because the compiler cannot see through a `&'static str` in a generic future that
/// it may be sent to another thread.
pub(crate) fn begin(sql: &'static str) -> SqlStr {
    sql.into_sql_str()
}

/// An engine: where connections come from.
pub trait Engine: Clone + Send + Sync + 'static {
    /// Its connections.
    type Conn: Conn;
    /// One that reads, until it is dropped.
    type Reader: DerefMut<Target = Self::Conn> + Send;
    /// One that writes, until it is dropped.
    type Writer: DerefMut<Target = Self::Conn> + Send;

    /// Waits for a connection that reads.
    fn reader(&self) -> impl Future<Output = Result<Self::Reader, sqlx::Error>> + Send;

    /// Waits for a connection that writes.
    fn writer(&self) -> impl Future<Output = Result<Self::Writer, sqlx::Error>> + Send;

    /// Takes notice of an error: an engine that must not go on after some of them refuses from then on.
    fn heard(&self, error: &sqlx::Error) {
        let _ = error;
    }

    /// Makes what was just deleted unreadable on the disk too, as far as the engine lets its client do that.
    fn shred(conn: &mut Self::Conn) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// A store on an engine: every port of the desk that needs a database. Cheap to clone: clones share everything.
#[derive(Clone)]
pub struct Store<E: Engine> {
    engine: E,
    queue: mpsc::Sender<group::Job>,
    master: Arc<dyn KeyCustody>,
    dice: Arc<dyn Dice>,
}

impl<E: Engine> std::fmt::Debug for Store<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl<E: Engine> Store<E> {
    /// Starts the writer of the log, and makes sure that the master key is the vault's.
    pub(crate) async fn start(
        engine: E,
        writer: impl group::Writes + 'static,
        master: Arc<dyn KeyCustody>,
        dice: Arc<dyn Dice>,
    ) -> Result<Self, OpenError> {
        let (queue, jobs) = mpsc::channel(group::QUEUE);
        tokio::spawn(group::run(writer, jobs));
        let store = Store { engine, queue, master, dice };
        match store.master_fits().await {
            Ok(true) => Ok(store),
            Ok(false) => Err(OpenError::MasterKey),
            Err(error) => Err(keep_as_open(error)),
        }
    }

    /// One statement that writes, in its own transaction.
    async fn run(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        let work = || async {
            let mut conn = self.engine.writer().await?;
            conn.run(sql, values).await.map_err(Fail::<sqlx::Error>::Engine)
        };
        self.again(work).await.map_err(Fail::either)
    }

    /// [`again`], with an ear for errors after which the engine must stop.
    async fn again<T, X, F, W>(&self, work: W) -> Result<T, Fail<X>>
    where
        W: FnMut() -> F + Send,
        F: Future<Output = Result<T, Fail<X>>> + Send,
    {
        let done = again(work).await;
        if let Err(Fail::Engine(error)) = &done {
            self.engine.heard(error);
        }
        done
    }

    async fn line(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<<E::Conn as Conn>::Line>, sqlx::Error> {
        self.engine.reader().await?.line(sql, values).await
    }

    async fn lines(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<<E::Conn as Conn>::Line>, sqlx::Error> {
        self.engine.reader().await?.lines(sql, values).await
    }
}
