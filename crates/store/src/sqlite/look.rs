//! A connection that only reads, to a file that may be damaged: nothing is checked, changed or brought up to date.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

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
        .disable_statement_logging();
    options.connect().await.map_err(open_error)
}
