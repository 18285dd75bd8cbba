//! What both benchmarks of appending share: records, callers, and the disk alone.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mingbai_desk::ports::{Append, Dice, Log};
use mingbai_evidence::{Draft, Record, StreamHead, StreamId};
use uuid::Uuid;

/// How long each measurement runs.
pub const TIME: Duration = Duration::from_secs(2);
/// How often each is repeated, in turns with what it is compared with; the fastest counts, because everything else that a
/// machine does can only make it slower.
pub const ROUNDS: usize = 3;
/// Bytes of a record, about.
pub const RECORD_BYTES: usize = 512;

/// Dice that never show the same face twice.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Dice for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
    }
}

/// A record of about [`RECORD_BYTES`].
pub fn record(stream: &StreamId, head: Option<StreamHead>, number: u64) -> Record {
    Record::write(Draft {
        id: Uuid::from_u64_pair(1, number),
        stream: stream.clone(),
        seq: head.map_or(0, |head| head.seq + 1),
        prev: head.map(|head| head.leaf),
        at_ms: 1_780_000_000_000,
        actor: "system".to_owned(),
        kind: "bench".to_owned(),
        terms: None,
        body: serde_json::json!({ "text": "x".repeat(RECORD_BYTES - 175) }),
    })
    .unwrap()
}

/// The disk alone: 512 bytes and fdatasync, again and again.
pub fn raw(folder: &Path) -> f64 {
    let path = folder.join(format!("mingbai-raw-{}", std::process::id()));
    let mut file = std::fs::File::create(&path).unwrap();
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < TIME {
        file.write_all(&[7; RECORD_BYTES]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    std::fs::remove_file(&path).unwrap();
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// What else the machine is doing, as Linux says.
pub fn load() -> String {
    let averages = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, load average {}", averages.split(' ').take(3).collect::<Vec<_>>().join(" "))
}

/// `callers` tasks, spread over the nodes, that append one record at a time, each to its own stream. Returns records a second
/// and the 99th percentile of the latency.
pub async fn appends(nodes: &[Arc<dyn Log>], callers: u64, ids: &Arc<AtomicU64>) -> (f64, Duration) {
    let (start, round) = (Instant::now(), ids.fetch_add(1, Ordering::Relaxed));
    let mut work = Vec::new();
    for (caller, node) in (0..callers).zip(nodes.iter().cycle()) {
        let (node, ids) = (node.clone(), ids.clone());
        work.push(tokio::spawn(async move {
            let stream = StreamId::new(&format!("bench/{round}/{caller}")).unwrap();
            let (mut head, mut times) = (None, Vec::new());
            while start.elapsed() < TIME {
                let record = record(&stream, head, ids.fetch_add(1, Ordering::Relaxed));
                let next = record.head();
                let begun = Instant::now();
                node.append(Append::of(stream.clone(), head, vec![record])).await.unwrap();
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
