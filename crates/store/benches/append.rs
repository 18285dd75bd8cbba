//! Durable appends a second on SQLite, one caller and many, beside the disk's own fdatasync rate and SQLite's bare group commit in
//! the same run. Plain figures, no statistics: `cargo bench -p mingbai-store --bench append`.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench may fail by panicking")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use common::{Counter, RECORD_BYTES, ROUNDS, TIME, appends, load, raw, record};
use mingbai_desk::ports::Log;
use mingbai_evidence::StreamId;
use mingbai_store::{MasterKey, Sqlite};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

/// SQLite with the same settings and library, in transactions of `batch` rows: no hash, no tree, no stream, no proof.
async fn bare(folder: &Path, batch: u32) -> f64 {
    let file = folder.join(format!("bare-{batch}.db"));
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut conn = options.connect().await.unwrap();
    let table = "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, payload BLOB NOT NULL)";
    sqlx::query(table).execute(&mut conn).await.unwrap();
    let payload = vec![7_u8; RECORD_BYTES];
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < TIME {
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for _ in 0..batch {
            let query = sqlx::query("INSERT INTO bare (payload) VALUES ($1)").bind(payload.as_slice());
            query.execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        count += batch;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let size = record(&StreamId::new("bench/1/0").unwrap(), None, 0).bytes().len();
    println!("{}", load());
    println!(
        "records of {size} bytes, fastest of {ROUNDS} times {} s, tree and proof included",
        TIME.as_secs()
    );
    let dice = Arc::new(Counter::default());
    let store = Sqlite::open(&folder.join("bench.db"), MasterKey::new([1; 32]), dice).await.unwrap();
    let nodes: [Arc<dyn Log>; 1] = [Arc::new(store)];
    let ids = Arc::new(AtomicU64::new(1));
    for callers in [1_u32, 16, 256, 1024] {
        let batch = callers.min(512);
        let (mut disk, mut engine, mut ours) = (0.0_f64, 0.0_f64, (0.0, Duration::ZERO));
        for _ in 0..ROUNDS {
            disk = disk.max(raw(&folder));
            engine = engine.max(bare(&folder, batch).await);
            let now = appends(&nodes, u64::from(callers), &ids).await;
            ours = if now.0 > ours.0 { now } else { ours };
        }
        let (rate, p99) = ours;
        println!(
            "append, {callers:>4} callers       {rate:>9.0} /s   p99 {p99:>7.1?}   bare, batches of {batch:>3}: {engine:>7.0} /s \
             ({:.0} %)   fdatasync {disk:>6.0} /s ({:.0} %)",
            100.0 * rate / engine,
            100.0 * rate / disk
        );
    }
    println!("{}", load());
    drop(nodes);
    std::fs::remove_dir_all(&folder).unwrap();
}
