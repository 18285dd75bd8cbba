//! The world around the store: a full disk, a clock that jumps, two processes that write at once, and the sizes at the limits.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use mingbai_desk::ports::{APPEND_LIMIT, Append, Log, LogError};
use mingbai_evidence::record::{RECORD_LIMIT, RecordError};
use mingbai_evidence::{Draft, Record, StreamHead};

use super::{Job, quick, run, verdict};
use crate::fsck::checked;
use crate::support::{after, fresh, open, stream};

/// A small file system in memory, taken away again at the end. Needs root.
struct Small(std::path::PathBuf);

impl Small {
    fn mount(test: &str) -> Option<Self> {
        let path = quick("small");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(&path)
            .stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            use std::io::Write as _;
            let line = format!(
                "SKIPPED {test}: no right to mount a small file system (the shim's ENOSPC covers the calls)\n"
            );
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            return None;
        }
        Some(Small(path))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_loses_nothing() {
    let Some(small) = Small::mount("a_full_disk_refuses_and_loses_nothing") else { return };
    let (store, name) = (open(&small.0).await, stream("full"));
    let (mut head, mut acks, mut refusals) = (None, Vec::new(), 0);
    while refusals < 3 {
        let record = crate::support::next(&name, head, &"x".repeat(20_000));
        let (now, leaf) = (record.head(), record.leaf());
        match store.append(Append::of(name.clone(), head, vec![record])).await {
            Ok(done) => {
                acks.push((done.first_index, leaf));
                head = Some(now);
            }
            Err(LogError::Full) => refusals += 1,
            Err(other) => panic!("{other}"),
        }
        assert!(acks.len() < 1_000, "3 MB do not get full");
    }
    assert!(acks.len() > 10, "full after {} records", acks.len());
    // Room again: the same store goes on, without being opened anew.
    let resized = Command::new("mount").args(["-o", "remount,size=30m"]).arg(&small.0).status();
    assert!(resized.unwrap().success());
    let record = crate::support::next(&name, head, "goes on");
    let leaf = record.leaf();
    acks.push((store.append(Append::of(name, head, vec![record])).await.unwrap().first_index, leaf));
    drop(store);
    super::closed(&small.0).await;
    let larger = super::copied(&small.0, "larger");
    assert_eq!(verdict(&larger, &acks).await, Ok(()));
}

/// A record that is dated `at_ms`.
fn dated(head: Option<StreamHead>, at_ms: i64) -> Record {
    Record::write(Draft {
        id: fresh(),
        stream: stream("clock"),
        seq: head.map_or(0, |head| head.seq + 1),
        prev: head.map(|head| head.leaf),
        at_ms,
        actor: "system".to_owned(),
        kind: "test".to_owned(),
        terms: None,
        body: serde_json::json!({}),
    })
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_neither_reorders_nor_loses_anything() {
    let path = quick("clock");
    let store = open(&path).await;
    const TEN_YEARS_MS: i64 = 10 * 366 * 86_400_000;
    let now = 1_780_000_000_000;
    let mut head = None;
    for at_ms in [now, now + TEN_YEARS_MS, now - TEN_YEARS_MS, now + 1, now, now - 1, 0] {
        let record = dated(head, at_ms);
        let append = Append::of(stream("clock"), head, vec![record.clone()]);
        store.append(append).await.unwrap();
        head = Some(record.head());
    }
    // The order is the chain's and not the clock's; the time that ran back is seen by whoever reads the stream.
    let read: Vec<Record> =
        store.read(&stream("clock")).await.unwrap().into_iter().map(|item| item.record).collect();
    assert_eq!(read.iter().map(Record::seq).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    assert!(mingbai_evidence::chain::check(&read).is_err(), "ten years back must be told");
    assert!(checked(&path).await.holds());
    let beyond = Record::write(Draft { at_ms: 253_402_300_800_000, ..draft() });
    assert!(matches!(beyond, Err(RecordError::Field { field: "at" })));
}

fn draft() -> Draft {
    let (name, body) = (stream("limit"), serde_json::json!({}));
    let (actor, kind) = ("system".to_owned(), "test".to_owned());
    Draft { id: fresh(), stream: name, seq: 0, prev: None, at_ms: 0, actor, kind, terms: None, body }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_file_take_turns() {
    let folder = quick("two");
    drop(open(&folder).await);
    let job = |folder: &Path| {
        let folder = folder.to_path_buf();
        std::thread::spawn(move || {
            let job = Job { folder: &folder, appends: 40, bytes: 300, synchronous: "full", tell: "after" };
            run(None, job, &Default::default())
        })
    };
    let mut acks = Vec::new();
    for ended in [job(&folder), job(&folder)].map(|work| work.join().unwrap()) {
        assert_eq!((ended.acks.len(), ended.failures), (80, 0));
        acks.extend(ended.acks);
    }
    let mut places: Vec<u64> = acks.iter().map(|(index, _)| *index).collect();
    places.sort_unstable();
    assert_eq!(places, (0..160).collect::<Vec<_>>(), "each place once");
    assert_eq!(verdict(&folder, &acks).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_65535_bytes_is_kept_and_one_more_is_refused() {
    let path = quick("limit");
    let store = open(&path).await;
    let sized = |bytes: usize| {
        let bare = Record::write(Draft { body: serde_json::json!({ "text": "" }), ..draft() })
            .unwrap()
            .bytes()
            .len();
        Record::write(Draft { body: serde_json::json!({ "text": "x".repeat(bytes - bare) }), ..draft() })
    };
    let largest = sized(RECORD_LIMIT).unwrap();
    assert_eq!(largest.bytes().len(), 65_535);
    store.append(Append::of(stream("limit"), None, vec![largest.clone()])).await.unwrap();
    assert_eq!(store.at(0).await.unwrap().unwrap().record, largest);
    assert!(matches!(sized(RECORD_LIMIT + 1), Err(RecordError::TooLarge { bytes: 65_536 })));
    assert!(checked(&path).await.holds());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_65536_records_is_read_again() {
    let path = quick("large");
    let store = Arc::new(open(&path).await);
    let mut work = Vec::new();
    for number in 0..65_536 / APPEND_LIMIT {
        let store = store.clone();
        work.push(tokio::spawn(async move {
            let (append, _) = after(&stream(&format!("large/{number}")), None, APPEND_LIMIT);
            store.append(append).await.unwrap();
        }));
    }
    for one in work {
        one.await.unwrap();
    }
    let report = checked(&path).await;
    assert!(report.holds(), "{:?}", report.findings.told());
    assert_eq!((report.records, report.nodes), (65_536, 65_535));
    assert_eq!(report.root, Some(store.head().await.unwrap().root));
}
