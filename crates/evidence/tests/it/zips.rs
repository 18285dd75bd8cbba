//! Zips that were made to hurt whoever opens them.

use std::io::{Cursor, Write as _};

use mingbai_evidence::package::{self, Limits, PackageError};
use mingbai_evidence::verify::{Outcome, Trust, verify};
use zip::write::SimpleFileOptions;

use crate::sample::{Files, Zipping, rezip, sample_bytes, unzip};

fn zip_of(name: &str) -> Vec<u8> {
    rezip(&Files::from([(name.to_owned(), b"x".to_vec())]), Zipping::AsWritten)
}

fn read(bytes: &[u8]) -> Result<package::Package, PackageError> {
    assert_eq!(verify(bytes, &Trust::OnFirstUse).outcome(), Outcome::Contradicted);
    package::read(bytes, &Limits::default())
}

/// Replaces a name in both headers by one of the same length.
fn renamed(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|w| w == from.as_bytes()) {
        bytes[at + found..at + found + to.len()].copy_from_slice(to.as_bytes());
        at += found + to.len();
    }
    bytes
}

#[test]
fn refuses_names_that_leave_their_folder() {
    for name in ["../evil", "/etc/x", "a/../b", "a\\b", "c:evil", "a//b", "./a", "名", "a\u{7}b", "..", "a b"]
    {
        let plain = "p".repeat(name.len());
        let bytes = renamed(zip_of(&plain), &plain, name);
        assert!(matches!(read(&bytes), Err(PackageError::UnsafeName { .. })), "{name:?}");
    }
    assert!(matches!(read(&zip_of(&"n".repeat(201))), Err(PackageError::UnsafeName { .. })));
}

#[test]
fn refuses_two_files_of_one_name() {
    let mut files = unzip(&sample_bytes());
    files.insert("kez.txt".to_owned(), b"another key\n".to_vec());
    let bytes = renamed(rezip(&files, Zipping::AsWritten), "kez.txt", "key.txt");
    assert_eq!(read(&bytes), Err(PackageError::Ambiguous));
}

#[test]
fn refuses_links() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("key.txt", "/etc/passwd", SimpleFileOptions::DEFAULT).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert!(matches!(read(&bytes), Err(PackageError::UnsafeName { .. })));
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::DEFAULT.compression_method(zip::CompressionMethod::Deflated);
    for number in 0..3 {
        zip.start_file(format!("records/00000{number}.json"), options).unwrap();
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    let tight = Limits { file_bytes: 1 << 19, ..Limits::default() };
    let what = "records/000000.json".to_owned();
    assert_eq!(package::read(&bytes, &tight), Err(PackageError::TooLarge { what, limit: 1 << 19 }));
    let tight = Limits { total_bytes: 1 << 21, ..Limits::default() };
    let what = "records/000002.json".to_owned();
    assert_eq!(package::read(&bytes, &tight), Err(PackageError::TooLarge { what, limit: 0 }));
}

#[test]
fn limits_on_size_and_number_hold_when_reading_and_when_writing() {
    let bytes = sample_bytes();
    let few = Limits { files: 5, ..Limits::default() };
    assert_eq!(package::read(&bytes, &few), Err(PackageError::TooManyFiles { found: 12, limit: 5 }));
    let small = Limits { package_bytes: 100, ..Limits::default() };
    assert!(matches!(package::read(&bytes, &small), Err(PackageError::TooLarge { limit: 100, .. })));
}

#[test]
fn bytes_before_after_or_between_the_entries_show() {
    let good = sample_bytes();
    let before = [b"#!/bin/sh\n".as_slice(), &good].concat();
    let after = [good.as_slice(), b"tail"].concat();
    for bytes in [before, after, good[..good.len() - 1].to_vec(), good[1..].to_vec(), Vec::new()] {
        assert!(!verify(&bytes, &crate::sample::pinned()).holds());
    }
}
