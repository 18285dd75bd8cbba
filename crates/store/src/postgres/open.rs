//! Opening a store: the server's settings, the schema under a guard, and a look at the end of the log.

use std::sync::Arc;
use std::time::Duration;

use mingbai_desk::ports::Dice;
use sqlx::{Connection as _, PgConnection};

use super::dial::{Dial, DialError};
use super::writer::Writer;
use super::{Postgres, Server};
use crate::common::{Conn, begin, tail};
use crate::custody::KeyCustody;
use crate::error::{OpenError, is_constraint, is_lost_race, open_error};

/// How often the guard is tried when several nodes make it at the same moment.
const TRIES: u64 = 10;

impl Postgres {
    /// Opens the store in the database that `url` (`postgres://user:password@host:port/database`) names, brings the schema up
    /// to date, and checks the last [`crate::TAIL`] records against the tree. Any number of nodes may do this at any time.
    /// The writer lives until the last clone is dropped.
    ///
    /// # Errors
    /// [`OpenError`]; a server that can lose acknowledged records, or a store that does not hold together, is not opened.
    pub async fn open(
        url: &str,
        master: impl Into<Arc<dyn KeyCustody>>,
        dice: Arc<dyn Dice>,
    ) -> Result<Self, OpenError> {
        let dial = Dial::to(url).await?;
        let mut conn = dial.connect().await.map_err(DialError::into_open)?;
        guard(&mut conn).await.map_err(open_error)?;
        up_to_date(&mut conn).await?;
        tail::check_tail(&mut conn).await?;
        let engine = Server { pool: dial.pool() };
        Self::start(engine, Writer::new(dial, conn), master.into(), dice).await
    }
}

/// The row that is locked while the schema changes. Nodes that start at the same moment may stumble over each other here,
/// because `IF NOT EXISTS` does not look into other transactions.
async fn guard(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut tries = 0;
    loop {
        let made = make_guard(conn).await;
        match made {
            Err(error)
                if tries < TRIES && (is_constraint(&error) || is_lost_race(&error) || exists(&error)) =>
            {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(20 * tries)).await;
            }
            outcome => return outcome,
        }
    }
}

async fn make_guard(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    let sql =
        "CREATE TABLE IF NOT EXISTS schema_guard (\"only\" BIGINT PRIMARY KEY NOT NULL CHECK (\"only\" = 1))";
    conn.run(sql, &[]).await?;
    let sql = "INSERT INTO schema_guard (\"only\") VALUES (1) ON CONFLICT DO NOTHING";
    conn.run(sql, &[]).await.map(|_| ())
}

/// A table or type of that name was made a moment ago.
fn exists(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|inner| inner.code());
    code.is_some_and(|code| code == "42P07" || code == "42710")
}

/// Applies what is missing, and the tree's first row, all in one transaction.
async fn up_to_date(conn: &mut PgConnection) -> Result<(), OpenError> {
    let mut tx = conn.begin_with(begin(PgConnection::WRITE)).await.map_err(open_error)?;
    tx.line("SELECT \"only\" FROM schema_guard WHERE \"only\" = 1 FOR UPDATE", &[])
        .await
        .map_err(open_error)?;
    let mut steps = sqlx::migrate!("./migrations/postgres");
    // The library's own lock is an advisory one, which not every engine of this protocol has.
    steps.set_locking(false);
    steps.run_direct(None, &mut *tx, false).await.map_err(|e| OpenError::Schema(e.to_string()))?;
    tail::first_row(&mut *tx).await.map_err(open_error)?;
    tx.commit().await.map_err(open_error)
}
