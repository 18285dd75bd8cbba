//! A connection that only reads, to a database that may be damaged: nothing is checked, changed or brought up to date.

use sqlx::PgConnection;

use super::dial::{Dial, DialError};
use crate::common::Conn as _;
use crate::error::{OpenError, open_error};

/// Connects to the database that `url` names.
pub(crate) async fn look(url: &str) -> Result<PgConnection, OpenError> {
    let mut conn = Dial::to(url).await?.connect().await.map_err(DialError::into_open)?;
    conn.run("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", &[]).await.map_err(open_error)?;
    Ok(conn)
}
