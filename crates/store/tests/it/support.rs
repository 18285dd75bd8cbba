//! Folders, dice and records for the tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mingbai_desk::ports::{Append, Dice};
use mingbai_evidence::{Draft, Record, StreamHead, StreamId};
use mingbai_store::{MasterKey, Postgres, Sqlite};
use uuid::Uuid;

/// Dice that never show the same face twice, so that ids and nonces are unique.
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

/// A new empty folder below the build's own.
pub fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

pub fn master() -> MasterKey {
    MasterKey::new([7; 32])
}

pub async fn open(path: &std::path::Path) -> Sqlite {
    Sqlite::open(&path.join("mingbai.db"), master(), Arc::new(Counter::default())).await.unwrap()
}

pub fn stream(name: &str) -> StreamId {
    StreamId::new(name).unwrap()
}

/// An id that no other record of this process has.
pub fn fresh() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u64_pair(u64::from(std::process::id()), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The next record after `head`.
pub fn next(stream: &StreamId, head: Option<StreamHead>, text: &str) -> Record {
    Record::write(Draft {
        id: fresh(),
        stream: stream.clone(),
        seq: head.map_or(0, |head| head.seq + 1),
        prev: head.map(|head| head.leaf),
        at_ms: 1_780_000_000_000,
        actor: "system".to_owned(),
        kind: "test".to_owned(),
        terms: None,
        body: serde_json::json!({ "text": text }),
    })
    .unwrap()
}

/// An append of `count` records after `head`, and where the stream stands afterwards.
pub fn after(stream: &StreamId, head: Option<StreamHead>, count: usize) -> (Append, Option<StreamHead>) {
    let mut records = Vec::new();
    let mut now = head;
    for number in 0..count {
        let record = next(stream, now, &format!("{number}"));
        now = Some(record.head());
        records.push(record);
    }
    (Append::of(stream.clone(), head, records), now)
}

/// A node on a PostgreSQL database.
pub async fn node(url: &str) -> Postgres {
    Postgres::open(url, master(), Arc::new(Counter::default())).await.unwrap()
}
