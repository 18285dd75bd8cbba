//! Opening a store: settings, schema, and a look at the end of the log before anything is written.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mingbai_desk::ports::{Dice, LogError};
use mingbai_evidence::merkle::{NewNode, NodeId, empty_root};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::sync::{Mutex, mpsc};

use super::cells::{blob, signed};
use super::writer::{self, QUEUE};
use super::{MasterKey, Sqlite, TAIL, log, nodes};
use crate::error::{OpenError, open_error};

/// The schema, step by step; each step has a note beside it.
static STEPS: Migrator = sqlx::migrate!("./migrations");
/// Connections that read.
const READERS: u32 = 4;
/// How long a connection waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

impl Sqlite {
    /// Opens the store in `file`, which is made when it does not exist, and checks the last [`TAIL`] records against the
    /// tree. The writer lives until the last clone is dropped.
    ///
    /// # Errors
    /// [`OpenError`]; a store that does not hold together is not opened.
    pub async fn open(file: &Path, master: MasterKey, dice: Arc<dyn Dice>) -> Result<Self, OpenError> {
        let shown = file.display().to_string();
        if let Some(folder) = file.parent() {
            let path = |e: std::io::Error| OpenError::Path { path: shown.clone(), why: e.to_string() };
            std::fs::create_dir_all(folder).map_err(path)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would lose acknowledged records in a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .disable_statement_logging();
        let mut conn = options.connect().await.map_err(open_error)?;
        STEPS.run(&mut conn).await.map_err(|e| OpenError::Schema(e.to_string()))?;
        first_row(&mut conn).await.map_err(open_error)?;
        check_tail(&mut conn).await.map_err(|e| match e {
            LogError::Damaged(why) => OpenError::Damaged(why),
            other => OpenError::Engine(other.to_string()),
        })?;
        let pool = SqlitePoolOptions::new().max_connections(READERS);
        let readers =
            pool.connect_with(options.create_if_missing(false).read_only(true)).await.map_err(open_error)?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let conn = Arc::new(Mutex::new(conn));
        tokio::spawn(writer::run(conn.clone(), jobs));
        let store = Sqlite { readers, writer: conn, queue, master: Arc::new(master), dice };
        match store.master_fits().await {
            Ok(true) => Ok(store),
            Ok(false) => Err(OpenError::MasterKey),
            Err(error) => Err(OpenError::Engine(error.to_string())),
        }
    }
}

async fn first_row(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let query = sqlx::query("INSERT INTO tree (only, size, root) VALUES (1, 0, $1) ON CONFLICT DO NOTHING");
    query.bind(blob(&empty_root())).execute(conn).await.map(|_| ())
}

/// Hashes the last records again, from their bytes, on top of the stored edge before them: the result must be the stored root,
/// and every node that it makes must be the stored one.
async fn check_tail(conn: &mut SqliteConnection) -> Result<(), LogError> {
    let damaged = |why: String| LogError::Damaged(why);
    let head = nodes::head(&mut *conn).await?.ok_or_else(|| damaged("the tree has no row".to_owned()))?;
    let start = head.size.saturating_sub(TAIL);
    let (mut frontier, _) = nodes::edge(&mut *conn, start).await?;
    let query = sqlx::query("SELECT idx, bytes, leaf FROM record WHERE idx >= $1 ORDER BY idx");
    let rows =
        query.bind(signed(start)).fetch_all(&mut *conn).await.map_err(|e| crate::error::log_error(&e))?;
    let mut made = Vec::new();
    for row in &rows {
        let item = log::logged(row)?;
        if item.index != frontier.size() {
            return Err(damaged(format!("record {} is missing", frontier.size())));
        }
        made.extend(frontier.append(item.record.leaf()));
    }
    if frontier.size() != head.size || frontier.root() != head.root {
        return Err(damaged(format!(
            "the tree says {} records with root {}, the records say {} with root {}",
            head.size,
            head.root,
            frontier.size(),
            frontier.root()
        )));
    }
    let wanted: Vec<NodeId> =
        made.iter().map(|NewNode { level, index, .. }| NodeId { level: *level, index: *index }).collect();
    let stored = nodes::fetch(conn, &wanted).await?;
    let same =
        |node: &NewNode| stored.get(&NodeId { level: node.level, index: node.index }) == Some(&node.hash);
    match made.iter().find(|node| !same(node)) {
        Some(node) => Err(damaged(format!("node {} on level {} is another one", node.index, node.level))),
        None => Ok(()),
    }
}
