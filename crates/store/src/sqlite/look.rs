//! A connection that only reads, to a file that may be damaged: nothing is checked, changed or brought up to date.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

use crate::common::Conn as _;
use crate::common::cells::Value::Text;
use crate::error::{OpenError, open_error};

/// Opens `file`, which must exist.
pub(crate) async fn look(file: &Path) -> Result<SqliteConnection, OpenError> {
    if !file.is_file() {
        return Err(OpenError::Path {
            path: file.display().to_string(),
            why: "there is no such file".to_owned(),
        });
    }
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .read_only(true)
        .pragma("trusted_schema", "OFF")
        // Pages are read once, from the first to the last; a larger cache would only take memory away from the system's.
        .pragma("mmap_size", "0")
        // A piece of the log is read at once: fewer turns between the engine's thread and ours.
        .row_buffer_size(1_024)
        .disable_statement_logging();
    options.connect().await.map_err(open_error)
}

/// Copies the database in `file` to `to`, which must not exist, as it is at one moment, while others read and write. The copy
/// is synced.
///
/// # Errors
/// [`OpenError`].
pub async fn copy_sqlite(file: &Path, to: &Path) -> Result<(), OpenError> {
    let path = |why: String| OpenError::Path { path: to.display().to_string(), why };
    let Some(name) = to.to_str() else { return Err(path("its name is not Unicode".to_owned())) };
    if to.exists() {
        return Err(path("it exists already".to_owned()));
    }
    let mut conn = look(file).await?;
    conn.run("VACUUM INTO $1", &[Text(name)]).await.map_err(open_error)?;
    std::fs::File::open(to).and_then(|copy| copy.sync_all()).map_err(|e| path(e.to_string()))
}
