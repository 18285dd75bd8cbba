//! Opening a store: settings, schema, and a look at the end of the log before anything is written.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mingbai_desk::ports::Dice;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::sync::Mutex;

use super::halt::Halt;
use super::network::network_kind;
use super::settle::Pen;
use super::writer::Writer;
use super::{OneFile, Sqlite};
use crate::common::{Conn as _, tail};
use crate::custody::KeyCustody;
use crate::error::{OpenError, open_error};

/// The schema, step by step; each step has a note beside it.
static STEPS: Migrator = sqlx::migrate!("./migrations/sqlite");
/// Connections that read.
const READERS: u32 = 4;
/// How long a connection waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);
/// Where Linux lists its mounts.
const MOUNTS: &str = "/proc/self/mountinfo";

impl Sqlite {
    /// Opens the store in `file`, which is made when it does not exist, and checks the last [`crate::TAIL`] records against
    /// the tree. The writer lives until the last clone is dropped.
    ///
    /// # Errors
    /// [`OpenError`]; a store that does not hold together, or lies on a network file system, is not opened.
    pub async fn open(
        file: &Path,
        master: impl Into<Arc<dyn KeyCustody>>,
        dice: Arc<dyn Dice>,
    ) -> Result<Self, OpenError> {
        // NORMAL would lose acknowledged records in a power cut.
        Self::open_synchronous(file, master, dice, SqliteSynchronous::Full).await
    }

    /// For the tests of lost writes alone, which have to show that they see what a weaker setting loses.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    #[doc(hidden)]
    pub async fn open_synchronous(
        file: &Path,
        master: impl Into<Arc<dyn KeyCustody>>,
        dice: Arc<dyn Dice>,
        synchronous: SqliteSynchronous,
    ) -> Result<Self, OpenError> {
        local(file)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .disable_statement_logging();
        let mut conn = options.connect().await.map_err(open_error)?;
        STEPS.run_direct(None, &mut conn, false).await.map_err(|e| OpenError::Schema(e.to_string()))?;
        tail::first_row(&mut conn).await.map_err(open_error)?;
        tail::check_tail(&mut conn).await?;
        write_anew(file, &mut conn).await?;
        let again = options.clone().create_if_missing(false);
        let pool = SqlitePoolOptions::new().max_connections(READERS);
        let readers =
            pool.connect_with(options.create_if_missing(false).read_only(true)).await.map_err(open_error)?;
        let halt = Halt::default();
        let pen = Pen { conn, options: again, halt: halt.clone() };
        let engine = OneFile { readers, writer: Arc::new(Mutex::new(pen)), halt };
        let writer = Writer::new(engine.writer.clone());
        Self::start(engine, writer, master.into(), dice).await
    }
}

/// Folds the journal into the file and syncs both and their folder. What a process that was killed, or stopped after a failed sync,
/// left in the journal may be in the system's memory alone; from here on it is on the disk, and a retry may be told so.
async fn write_anew(file: &Path, conn: &mut SqliteConnection) -> Result<(), OpenError> {
    // Waits for nobody: where others are at work, they vouch for what is in the journal.
    conn.line("PRAGMA wal_checkpoint(PASSIVE)", &[]).await.map_err(open_error)?;
    let path = |e: std::io::Error| OpenError::Path { path: file.display().to_string(), why: e.to_string() };
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(path)
}

/// Makes the folder, and refuses one that another machine keeps.
fn local(file: &Path) -> Result<(), OpenError> {
    let path = |e: std::io::Error| OpenError::Path { path: file.display().to_string(), why: e.to_string() };
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(path)?;
    let real = if file.exists() { file.canonicalize() } else { folder.canonicalize() }.map_err(path)?;
    // Elsewhere than on Linux there is no such list; the operator's manual says it again.
    let Ok(mounts) = std::fs::read_to_string(MOUNTS) else { return Ok(()) };
    match network_kind(&mounts, &real) {
        Some(kind) => Err(OpenError::Network { path: file.display().to_string(), kind }),
        None => Ok(()),
    }
}
