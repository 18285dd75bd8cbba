//! The store on PostgreSQL, and on engines that speak its protocol: several nodes on one database, none of which keeps
//! anything. They take turns by locking the tree's one row; no advisory lock, sequence or notification is in the log's path.

mod conn;
mod dial;
mod insert;
mod look;
mod moment;
mod open;
mod writer;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool};

use crate::common::{Engine, Store};
pub(crate) use look::look;
pub use moment::Moment;

/// A store on a PostgreSQL database.
pub type Postgres = Store<Server>;

/// The database server, for everything but the log's own writing, which has a connection to itself.
#[derive(Clone)]
pub struct Server {
    pool: PgPool,
}

impl Engine for Server {
    type Conn = PgConnection;
    type Reader = PoolConnection<sqlx::Postgres>;
    type Writer = PoolConnection<sqlx::Postgres>;

    async fn reader(&self) -> Result<Self::Reader, sqlx::Error> {
        self.pool.acquire().await
    }

    async fn writer(&self) -> Result<Self::Writer, sqlx::Error> {
        self.pool.acquire().await
    }

    /// Nothing that a client could do: the server overwrites deleted rows when it vacuums, and old journal files when it
    /// recycles them. Until then they hold the person's key still wrapped by the master key, which is not in the database.
    async fn shred(_: &mut PgConnection) -> Result<(), sqlx::Error> {
        Ok(())
    }
}
