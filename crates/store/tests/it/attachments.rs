//! What every store of documents must keep, on a folder and on S3; and what happens to damaged, moved and cut documents.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mingbai_desk::ports::{Attachments, Holder, KeepError, PIECE, Vault};
use mingbai_evidence::Digest;
use mingbai_store::{ATTACHMENT_LIMIT, Documents, Sqlite};
use uuid::Uuid;

use crate::moto;
use crate::support::{Counter, folder, fresh, open};

/// Documents in a folder, with the vault that has the keys.
async fn at(path: &Path) -> (Documents, Arc<Sqlite>) {
    let vault = Arc::new(open(path).await);
    let documents = Documents::folder(&path.join("documents"), vault.clone(), Arc::new(Counter::default()));
    (documents.unwrap(), vault)
}

/// Bytes that are not all the same.
pub fn noise(length: usize) -> Vec<u8> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&seed.to_be_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub async fn keeps_the_contract(documents: &dyn Attachments, vault: &dyn Vault) {
    let person = fresh();
    small(documents, Holder::Public).await;
    small(documents, Holder::Person(person)).await;
    parts(documents, Holder::Public).await;
    parts(documents, Holder::Person(person)).await;
    uploads(documents, person).await;
    breaks(documents, person).await;
    swept(documents, person).await;
    forgotten(documents, vault, person).await;
}

async fn small(documents: &dyn Attachments, holder: Holder) {
    for bytes in [Vec::new(), b"x".to_vec(), noise(PIECE - 1), noise(PIECE), noise(PIECE + 1)] {
        let kept = documents.put(holder, bytes.clone(), "application/pdf").await.unwrap();
        assert_eq!((kept.sha256, kept.bytes), (Digest::of(&bytes), bytes.len() as u64));
        let again = documents.put(holder, bytes.clone(), "application/pdf").await.unwrap();
        assert_eq!(again, kept, "again changes nothing");
        assert_eq!(documents.get(holder, kept.sha256).await.unwrap(), Some(bytes));
        let other = Holder::Person(fresh());
        assert_eq!(documents.get(other, kept.sha256).await.unwrap(), None, "another person has none of hers");
    }
    assert_eq!(documents.get(holder, Digest::of(b"never")).await.unwrap(), None);
    assert!(matches!(documents.put(holder, b"x".to_vec(), "").await, Err(KeepError::TooLarge { .. })));
    let large = documents.put(holder, vec![0; ATTACHMENT_LIMIT + 1], "a/b").await;
    assert!(matches!(large, Err(KeepError::TooLarge { .. })));
}

async fn parts(documents: &dyn Attachments, holder: Holder) {
    let bytes = noise(2 * PIECE + 100);
    let kept = documents.put(holder, bytes.clone(), "video/mp4").await.unwrap();
    let piece = PIECE as u64;
    for part in [0..1, 5..piece, piece - 3..piece + 3, 10..2 * piece + 50, 2 * piece..2 * piece + 500, 7..7] {
        let mut read = documents.read(holder, kept.sha256, Some(part.clone())).await.unwrap().unwrap();
        assert_eq!(read.total(), bytes.len() as u64);
        let mut found = Vec::new();
        while let Some(piece) = read.next().await.unwrap() {
            assert!(piece.len() <= PIECE);
            found.extend(piece);
        }
        let end = usize::try_from(part.end).unwrap().min(bytes.len());
        assert!(found == bytes[usize::try_from(part.start).unwrap()..end], "{part:?}");
    }
}

/// Sends everything from `from` on.
async fn send(documents: &dyn Attachments, person: Uuid, upload: Uuid, bytes: &[u8], from: u64) {
    let mut offset = from;
    for piece in bytes[usize::try_from(from).unwrap()..].chunks(PIECE) {
        offset = documents.write(person, upload, offset, piece.to_vec(), Digest::of(piece)).await.unwrap();
    }
    assert_eq!(offset, bytes.len() as u64);
}

async fn uploads(documents: &dyn Attachments, person: Uuid) {
    for length in [0, 1, PIECE, 2 * PIECE, 2 * PIECE + 77] {
        let mut bytes = noise(length);
        // Not one of the documents that were put before.
        bytes.reverse();
        bytes.extend_from_slice(&bytes.clone()[..0]);
        let upload = documents.begin(person, "video/webm").await.unwrap();
        send(documents, person, upload, &bytes, 0).await;
        let kept = documents.finish(person, upload).await.unwrap();
        assert_eq!((kept.sha256, kept.bytes), (Digest::of(&bytes), bytes.len() as u64));
        assert_eq!(kept.media, "video/webm");
        assert_eq!(documents.get(Holder::Person(person), kept.sha256).await.unwrap(), Some(bytes.clone()));
        if length > PIECE {
            assert_eq!(documents.finish(person, upload).await.unwrap(), kept, "the answer was lost");
            // The same recording again leads to the same document, and the first stays readable.
            let twice = documents.begin(person, "video/webm").await.unwrap();
            send(documents, person, twice, &bytes, 0).await;
            assert_eq!(documents.finish(person, twice).await.unwrap(), kept);
            assert_eq!(documents.get(Holder::Person(person), kept.sha256).await.unwrap(), Some(bytes));
        }
    }
}

async fn breaks(documents: &dyn Attachments, person: Uuid) {
    let bytes = noise(3 * PIECE + 9).into_iter().map(|byte| byte ^ 0x55).collect::<Vec<_>>();
    let upload = documents.begin(person, "audio/ogg").await.unwrap();
    let (first, second) = (bytes[..PIECE].to_vec(), bytes[PIECE..2 * PIECE].to_vec());
    let (one, two) = (Digest::of(&first), Digest::of(&second));
    let piece = PIECE as u64;

    let damaged = documents.write(person, upload, 0, second.clone(), one).await;
    assert_eq!(damaged, Err(KeepError::Piece), "changed on the way");
    let early = documents.write(person, upload, piece, second.clone(), two).await;
    assert_eq!(early, Err(KeepError::Offset { expected: 0 }));
    assert_eq!(documents.write(person, upload, 0, first.clone(), one).await, Ok(piece));
    // The answer was lost, the client sends the piece again, and another one in its place: neither is taken.
    for again in [&first, &second] {
        let repeated = documents.write(person, upload, 0, again.clone(), Digest::of(again)).await;
        assert_eq!(repeated, Err(KeepError::Offset { expected: piece }));
    }
    let odd = documents.write(person, upload, piece - 1, second.clone(), two).await;
    assert_eq!(odd, Err(KeepError::Offset { expected: piece }));
    let far = documents.write(person, upload, u64::MAX, second.clone(), two).await;
    assert_eq!(far, Err(KeepError::Offset { expected: piece }));
    let large = documents.write(person, upload, piece, vec![0; PIECE + 1], two).await;
    assert!(matches!(large, Err(KeepError::TooLarge { .. })));

    assert_eq!(documents.offset(person, upload).await, Ok(piece));
    send(documents, person, upload, &bytes, piece).await;
    let ended = documents.write(person, upload, 4 * piece, first, one).await;
    assert_eq!(ended, Err(KeepError::Offset { expected: bytes.len() as u64 }), "a short piece was the last");
    assert_eq!(documents.finish(person, upload).await.unwrap().sha256, Digest::of(&bytes));

    let strange = documents.offset(fresh(), upload).await;
    assert_eq!(strange, Err(KeepError::NoUpload), "another person's upload");
    assert_eq!(documents.offset(person, fresh()).await, Err(KeepError::NoUpload));
    assert_eq!(documents.finish(person, fresh()).await, Err(KeepError::NoUpload));
}

async fn swept(documents: &dyn Attachments, person: Uuid) {
    let done = documents.begin(person, "audio/ogg").await.unwrap();
    send(documents, person, done, b"kept", 0).await;
    let kept = documents.finish(person, done).await.unwrap();
    let left = documents.begin(person, "audio/ogg").await.unwrap();
    let bytes = noise(PIECE);
    documents.write(person, left, 0, bytes.clone(), Digest::of(&bytes)).await.unwrap();
    assert_eq!(documents.sweep(0).await, Ok(0), "nothing is that old");
    assert_eq!(documents.offset(person, left).await, Ok(PIECE as u64));
    assert_eq!(documents.sweep(i64::MAX).await, Ok(1));
    assert_eq!(documents.offset(person, left).await, Err(KeepError::NoUpload));
    assert_eq!(documents.finish(person, left).await, Err(KeepError::NoUpload));
    let late = documents.write(person, left, PIECE as u64, b"late".to_vec(), Digest::of(b"late")).await;
    assert_eq!(late, Err(KeepError::NoUpload));
    assert_eq!(documents.get(Holder::Person(person), kept.sha256).await.unwrap(), Some(b"kept".to_vec()));
}

async fn forgotten(documents: &dyn Attachments, vault: &dyn Vault, person: Uuid) {
    let hers = documents.put(Holder::Person(person), b"her contract".to_vec(), "text/plain").await.unwrap();
    let public = documents.put(Holder::Public, b"her contract".to_vec(), "text/plain").await.unwrap();
    let upload = documents.begin(person, "audio/ogg").await.unwrap();
    vault.forget(person).await.unwrap();
    let gone = Err(KeepError::Forgotten);
    assert_eq!(documents.get(Holder::Person(person), hers.sha256).await, gone);
    let more = documents.put(Holder::Person(person), b"more".to_vec(), "text/plain").await;
    assert_eq!(more.map(|_| ()), Err(KeepError::Forgotten));
    assert_eq!(documents.offset(person, upload).await, Err(KeepError::Forgotten));
    assert_eq!(documents.begin(person, "a/b").await, Err(KeepError::Forgotten));
    assert_eq!(documents.get(Holder::Public, public.sha256).await.unwrap(), Some(b"her contract".to_vec()));
    documents.clear(person).await.unwrap();
    documents.clear(person).await.unwrap();
    assert_eq!(documents.get(Holder::Person(person), hers.sha256).await, gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_the_contract() {
    let (documents, vault) = at(&folder("documents")).await;
    keeps_the_contract(&documents, &*vault).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_keeps_the_contract() {
    let Some(server) = moto::server("s3_keeps_the_contract") else { return };
    let vault = Arc::new(open(&folder("s3")).await);
    for prefix in ["", "mingbai/documents"] {
        let place = server.bucket(prefix).await;
        let documents = Documents::s3(place, vault.clone(), Arc::new(Counter::default())).unwrap();
        keeps_the_contract(&documents, &*vault).await;
    }
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let path = folder("restart");
    let (documents, vault) = at(&path).await;
    let person = fresh();
    let bytes = noise(2 * PIECE + 5);
    let upload = documents.begin(person, "video/mp4").await.unwrap();
    documents.write(person, upload, 0, bytes[..PIECE].to_vec(), Digest::of(&bytes[..PIECE])).await.unwrap();
    drop((documents, vault));
    let (documents, _vault) = at(&path).await;
    let from = documents.offset(person, upload).await.unwrap();
    assert_eq!(from, PIECE as u64);
    send(&documents, person, upload, &bytes, from).await;
    assert_eq!(documents.finish(person, upload).await.unwrap().sha256, Digest::of(&bytes));
}

#[tokio::test]
async fn a_changed_public_document_is_reported_on_reading_and_on_writing() {
    let path = folder("changed");
    let (documents, _vault) = at(&path).await;
    let kept = documents.put(Holder::Public, b"the contract".to_vec(), "text/plain").await.unwrap();
    let name = kept.sha256.to_string();
    std::fs::write(path.join("documents").join(&name[..2]).join(&name), b"another contract").unwrap();
    assert!(matches!(documents.get(Holder::Public, kept.sha256).await, Err(KeepError::Damaged { .. })));
    let again = documents.put(Holder::Public, b"the contract".to_vec(), "text/plain").await;
    assert!(matches!(again, Err(KeepError::Damaged { .. })));
}

/// Every file below a folder.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[tokio::test]
async fn sealed_documents_cannot_be_changed_cut_swapped_or_given_to_another_person() {
    let path = folder("sealed");
    let (documents, _vault) = at(&path).await;
    let (person, other) = (fresh(), fresh());
    let holder = Holder::Person(person);
    let bytes = noise(PIECE + 300);
    let digest = documents.put(holder, bytes.clone(), "text/plain").await.unwrap().sha256;
    let whole = files(&path.join("documents")).remove(0);
    let good = std::fs::read(&whole).unwrap();
    assert!(!good.windows(64).any(|part| part == &bytes[100..164]), "plain bytes on the disk");
    let mut bad = Vec::new();
    for at in [0, 8, 9, 24, 25, 1_000, 25 + PIECE, 25 + PIECE + 16, good.len() - 1] {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        bad.push(flipped);
    }
    let piece = 25 + PIECE + 16;
    bad.push(good[..piece].to_vec());
    bad.push(good[..good.len() - 17].to_vec());
    bad.push([&good[..25], &good[piece..]].concat());
    bad.push([&good[..], &good[piece..]].concat());
    for bytes in bad {
        std::fs::write(&whole, &bytes).unwrap();
        let read = documents.get(holder, digest).await;
        assert!(matches!(read, Err(KeepError::Damaged { .. })), "{read:?}", read = read.map(|_| ()));
    }
    std::fs::write(&whole, &good).unwrap();
    assert_eq!(documents.get(holder, digest).await.unwrap(), Some(bytes.clone()));

    // Moved under the name that another person's key gives it.
    documents.put(Holder::Person(other), bytes, "text/plain").await.unwrap();
    let theirs = files(&path.join("documents")).into_iter().find(|file| *file != whole).unwrap();
    assert_ne!(whole.file_name(), theirs.file_name(), "two persons' equal documents have one name");
    std::fs::write(&theirs, &good).unwrap();
    let read = documents.get(Holder::Person(other), digest).await;
    assert!(matches!(read, Err(KeepError::Damaged { .. })));
}

#[tokio::test]
async fn pieces_of_an_upload_cannot_be_swapped_dropped_or_taken_from_another() {
    let path = folder("pieces");
    let (documents, _vault) = at(&path).await;
    let person = fresh();
    let mut uploads = Vec::new();
    for mark in [1_u8, 2] {
        let bytes: Vec<u8> = noise(3 * PIECE).into_iter().map(|byte| byte ^ mark).collect();
        let upload = documents.begin(person, "video/mp4").await.unwrap();
        send(&documents, person, upload, &bytes, 0).await;
        uploads.push((upload, documents.finish(person, upload).await.unwrap().sha256));
    }
    let file = |upload: usize, name: &str| {
        let folder = format!("person/{}/up-{}", person.simple(), uploads[upload].0.simple());
        path.join("documents").join(folder).join(name)
    };
    let (zero, one) = (file(0, "00000000"), file(0, "00000001"));
    let read = |path: &Path| std::fs::read(path).unwrap();
    let (a, b, other, last) =
        (read(&zero), read(&one), read(&file(1, "00000000")), read(&file(0, "00000003")));
    let holder = Holder::Person(person);
    let damaged = || async {
        let found = documents.get(holder, uploads[0].1).await.map(|_| ());
        assert!(matches!(found, Err(KeepError::Damaged { .. })), "{found:?}");
    };
    std::fs::write(&zero, &b).unwrap();
    std::fs::write(&one, &a).unwrap();
    damaged().await;
    std::fs::write(&one, &b).unwrap();
    std::fs::write(&zero, &other).unwrap();
    damaged().await;
    std::fs::write(&zero, &a).unwrap();
    std::fs::remove_file(file(0, "00000003")).unwrap();
    damaged().await;
    std::fs::write(file(0, "00000003"), last).unwrap();
    std::fs::remove_file(&one).unwrap();
    damaged().await;
    std::fs::write(&one, b).unwrap();
    assert!(documents.get(holder, uploads[0].1).await.unwrap().is_some());
}
