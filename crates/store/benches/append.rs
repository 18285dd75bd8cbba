//! Durable appends a second, one caller and many, beside the disk's own fdatasync rate in the same run. Plain figures, no
//! statistics: `cargo bench -p mingbai-store`.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench may fail by panicking")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mingbai_desk::ports::{Append, Dice, Log};
use mingbai_evidence::{Draft, Record, StreamHead, StreamId};
use mingbai_store::{MasterKey, Sqlite};
use uuid::Uuid;

/// How long each measurement runs.
const TIME: Duration = Duration::from_secs(4);
/// Bytes of a record, about.
const RECORD_BYTES: usize = 512;

struct Counter(AtomicU64);

impl Dice for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
    }
}

fn record(stream: &StreamId, head: Option<StreamHead>, number: u64) -> Record {
    Record::write(Draft {
        id: Uuid::from_u64_pair(1, number),
        stream: stream.clone(),
        seq: head.map_or(0, |head| head.seq + 1),
        prev: head.map(|head| head.leaf),
        at_ms: 1_780_000_000_000,
        actor: "system".to_owned(),
        kind: "bench".to_owned(),
        terms: None,
        body: serde_json::json!({ "text": "x".repeat(RECORD_BYTES - 280) }),
    })
    .unwrap()
}

/// The disk alone: 512 bytes and fdatasync, again and again.
fn raw(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("raw")).unwrap();
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < TIME {
        file.write_all(&[7; RECORD_BYTES]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// `callers` tasks that append one record at a time, each to its own stream. Returns records a second and the 99th
/// percentile of the latency.
async fn appends(store: &Sqlite, callers: u64, ids: &Arc<AtomicU64>) -> (f64, Duration) {
    let start = Instant::now();
    let mut work = Vec::new();
    for caller in 0..callers {
        let (store, ids) = (store.clone(), ids.clone());
        work.push(tokio::spawn(async move {
            let stream = StreamId::new(&format!("bench/{callers}/{caller}")).unwrap();
            let (mut head, mut times) = (None, Vec::new());
            while start.elapsed() < TIME {
                let record = record(&stream, head, ids.fetch_add(1, Ordering::Relaxed));
                let next = record.head();
                let begun = Instant::now();
                store.append(Append::of(stream.clone(), head, vec![record])).await.unwrap();
                times.push(begun.elapsed());
                head = Some(next);
            }
            times
        }));
    }
    let mut times = Vec::new();
    for one in work {
        times.extend(one.await.unwrap());
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort_unstable();
    (rate, times[times.len() * 99 / 100])
}

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let size = record(&StreamId::new("bench/1/0").unwrap(), None, 0).bytes().len();
    println!("records of {size} bytes, {} s each, tree and proof included", TIME.as_secs());
    println!("fdatasync, 512 B           {:>9.0} /s", raw(&folder));
    let dice = Arc::new(Counter(AtomicU64::new(0)));
    let store = Sqlite::open(&folder.join("bench.db"), MasterKey::new([1; 32]), dice).await.unwrap();
    let ids = Arc::new(AtomicU64::new(1));
    for callers in [1, 16, 256, 1024] {
        let (rate, p99) = appends(&store, callers, &ids).await;
        println!("append, {callers:>4} callers       {rate:>9.0} /s   p99 {p99:.1?}");
    }
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}
