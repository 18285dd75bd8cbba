//! How much memory a large document takes: 64 MiB go in and out piece by piece in a process of its own, whose peak is measured.
//! The control keeps the same document in one piece, and must be seen by the same measure.

use std::process::Command;
use std::sync::Arc;

use mingbai_desk::ports::{Attachments as _, Holder, PIECE};
use mingbai_evidence::Digest;
use mingbai_store::Documents;

use crate::attachments::noise;
use crate::support::{Counter, folder, fresh, open};

/// Bytes of the document.
const SIZE: usize = 64 << 20;
/// What the way piece by piece may take beside what the process has anyway, in kB: ten pieces. Four to eight are seen, the more the busier
/// the machine is, because the allocator gives pages back late.
const ROOM_KB: u64 = 40 << 10;

/// Peak of this process's resident memory, in kB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn grown_kb(way: &str) -> u64 {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("memory::{way}"), "--ignored", "--nocapture", "--test-threads=1"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{text}");
    text.split("grown ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_large_document_takes_a_few_pieces_of_memory() {
    let (pieces, whole) = (grown_kb("piece_by_piece"), grown_kb("in_one"));
    println!("64 MiB: {pieces} kB piece by piece, {whole} kB in one");
    assert!(pieces < ROOM_KB, "{pieces} kB");
    assert!(whole > SIZE as u64 / 1024, "the control is not seen: {whole} kB");
}

async fn documents(name: &str) -> Documents {
    let path = folder(name);
    let vault = Arc::new(open(&path).await);
    let documents = Documents::folder(&path.join("d"), vault, Arc::new(Counter::default())).unwrap();
    let small = documents.put(Holder::Person(fresh()), noise(10), "a/b").await;
    small.unwrap();
    documents
}

#[tokio::test]
#[ignore = "runs in a process of its own, started by the test above"]
async fn piece_by_piece() {
    let documents = documents("by-piece").await;
    let person = fresh();
    let before = peak_kb();
    let piece = noise(PIECE);
    let upload = documents.begin(person, "video/mp4").await.unwrap();
    let mut offset = 0;
    while offset < SIZE as u64 {
        offset = documents.write(person, upload, offset, piece.clone(), Digest::of(&piece)).await.unwrap();
    }
    let kept = documents.finish(person, upload).await.unwrap();
    let mut read = documents.read(Holder::Person(person), kept.sha256, None).await.unwrap().unwrap();
    let mut count = 0;
    while let Some(piece) = read.next().await.unwrap() {
        count += piece.len();
    }
    assert_eq!(count, SIZE);
    println!("grown {} kB", peak_kb() - before);
}

#[tokio::test]
#[ignore = "runs in a process of its own, started by the test above"]
async fn in_one() {
    let documents = documents("in-one").await;
    let before = peak_kb();
    let kept = documents.put(Holder::Person(fresh()), noise(SIZE), "video/mp4").await.unwrap();
    assert_eq!(kept.bytes, SIZE as u64);
    println!("grown {} kB", peak_kb() - before);
}
