//! A connection that only reads, to a database that may be damaged: nothing is checked, changed or brought up to date.

use sqlx::PgConnection;

use super::Postgres;
use super::dial::{Dial, DialError};
use crate::common::Conn as _;
use crate::common::cells::unsigned;
use crate::error::{OpenError, open_error};

/// Connects to the database that `url` names.
pub(crate) async fn look(url: &str) -> Result<PgConnection, OpenError> {
    let mut conn = Dial::to(url).await?.connect().await.map_err(DialError::into_open)?;
    conn.run("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", &[]).await.map_err(open_error)?;
    Ok(conn)
}

impl Postgres {
    /// How many other programs of this house are connected to the database that `url` names.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn others(url: &str) -> Result<u64, OpenError> {
        let mut conn = look(url).await?;
        let sql = "SELECT COUNT(*) AS others FROM pg_stat_activity
             WHERE application_name = 'mingbai' AND datname = current_database() AND pid <> pg_backend_pid()";
        let row = conn.line(sql, &[]).await.map_err(open_error)?;
        row.map_or(Ok(0), |row| unsigned(&row, "others")).map_err(open_error)
    }

    /// Whether the database that `url` names has no log yet, or an empty one.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn is_new(url: &str) -> Result<bool, OpenError> {
        let mut conn = look(url).await?;
        let sql = "SELECT 1 AS there FROM information_schema.tables
             WHERE table_name = 'record' AND table_schema = ANY(current_schemas(false))";
        if conn.line(sql, &[]).await.map_err(open_error)?.is_none() {
            return Ok(true);
        }
        let some = conn.line("SELECT idx FROM record LIMIT 1", &[]).await.map_err(open_error)?;
        let key = conn.line("SELECT subject FROM vault_key LIMIT 1", &[]).await.map_err(open_error)?;
        Ok(some.is_none() && key.is_none())
    }
}
