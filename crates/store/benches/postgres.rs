//! PostgreSQL under three nodes, beside the bare engine's batched inserts in the same run, on a private server that is started for
//! it. Plain figures, no statistics: `cargo bench -p mingbai-store --bench postgres`.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench may fail by panicking")]

#[path = "../tests/it/cluster.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod cluster;
mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::{Counter, RECORD_BYTES, ROUNDS, TIME, appends, load, raw, record};
use mingbai_desk::ports::Log;
use mingbai_evidence::StreamId;
use mingbai_store::{MasterKey, Postgres};
use sqlx::{Connection as _, PgConnection};

/// Nodes on the one database.
const NODES: usize = 3;

/// How the bare engine is used.
#[derive(Clone, Copy)]
enum Bare {
    /// Every connection commits for itself; the server's own group commit is at work.
    Free,
    /// They take turns by locking one row, as every log without gaps must.
    Turns,
}

/// Connections that insert batches into a table with a primary key and nothing else: no hash, no tree, no stream, no proof.
async fn bare(url: &str, batch: usize, how: Bare) -> f64 {
    static NEXT: AtomicU64 = AtomicU64::new(1 << 40);
    let start = Instant::now();
    let mut work = Vec::new();
    for _ in 0..NODES {
        let mut conn = PgConnection::connect(url).await.unwrap();
        work.push(tokio::spawn(async move {
            let payload = vec![vec![7_u8; RECORD_BYTES]; batch];
            let mut count = 0;
            while start.elapsed() < TIME {
                let first = NEXT.fetch_add(batch as u64, Ordering::Relaxed);
                let ids: Vec<i64> = (first..).take(batch).map(|id| i64::try_from(id).unwrap()).collect();
                let mut tx = conn.begin().await.unwrap();
                if let Bare::Turns = how {
                    sqlx::query("UPDATE bare_turn SET n = n + 1").execute(&mut *tx).await.unwrap();
                }
                let query = sqlx::query("INSERT INTO bare SELECT * FROM UNNEST($1::BIGINT[], $2::BYTEA[])");
                query.bind(ids).bind(&payload).execute(&mut *tx).await.unwrap();
                tx.commit().await.unwrap();
                count += batch;
            }
            count
        }));
    }
    let mut count = 0;
    for one in work {
        count += one.await.unwrap();
    }
    count as f64 / start.elapsed().as_secs_f64()
}

#[tokio::main]
async fn main() {
    let Some(cluster) = cluster::private("the benchmark of PostgreSQL", &[]) else { return };
    let url = cluster.database();
    let mut conn = PgConnection::connect(&url).await.unwrap();
    for sql in [
        "CREATE TABLE bare (id BIGINT PRIMARY KEY, payload BYTEA NOT NULL)",
        "CREATE TABLE bare_turn (n BIGINT NOT NULL)",
        "INSERT INTO bare_turn VALUES (0)",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    let size = record(&StreamId::new("bench/1/0").unwrap(), None, 0).bytes().len();
    println!("{}", load());
    println!(
        "{NODES} nodes, records of {size} bytes, fastest of {ROUNDS} times {} s, tree and proof included",
        TIME.as_secs()
    );
    println!("fdatasync, 512 B                      {:>9.0} /s", raw(&std::env::temp_dir()));
    let mut nodes: Vec<Arc<dyn Log>> = Vec::new();
    for _ in 0..NODES {
        let dice = Arc::new(Counter::default());
        nodes.push(Arc::new(Postgres::open(&url, MasterKey::new([1; 32]), dice).await.unwrap()));
    }
    let ids = Arc::new(AtomicU64::new(1));
    for callers in [3, 48, 256, 768, 1536] {
        // Each beside the bare engine, with batches of the size that the nodes' groups can have at most.
        let batch = (callers / NODES).max(1);
        let (mut turns, mut free, mut ours) = (0.0_f64, 0.0_f64, (0.0, Duration::ZERO));
        for _ in 0..ROUNDS {
            turns = turns.max(bare(&url, batch, Bare::Turns).await);
            free = free.max(bare(&url, batch, Bare::Free).await);
            // Gigabytes of the comparison's own would otherwise be written to the disk while the next figure is taken.
            for sql in ["TRUNCATE bare", "CHECKPOINT"] {
                sqlx::query(sql).execute(&mut conn).await.unwrap();
            }
            let now = appends(&nodes, callers as u64, &ids).await;
            ours = if now.0 > ours.0 { now } else { ours };
        }
        let (rate, p99) = ours;
        println!(
            "append, {callers:>4} callers on {NODES} nodes     {rate:>9.0} /s   p99 {p99:>7.1?}   bare, batches of {batch:>3}: \
             {turns:>6.0} /s in turns ({:.0} %), {free:>6.0} /s free ({:.0} %)",
            100.0 * rate / turns,
            100.0 * rate / free
        );
    }
    println!("{}", load());
}
