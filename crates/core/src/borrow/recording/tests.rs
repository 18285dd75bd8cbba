//! What a recording shows and does not show, case by case.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use super::*;

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

#[test]
fn the_head_follows_from_the_manifest_and_binds_the_file() {
    let chunks = ["one", "two"].map(|text| ManifestChunk { sha256: digest(text), bytes: 3 });
    let manifest = Manifest {
        v: 1,
        recording: "r".to_owned(),
        side: Side::Borrower,
        take: 0,
        media: "video/webm".to_owned(),
        chunks: chunks.to_vec(),
    };
    let by_hand = Chain::begin("r", Side::Borrower, 0).link(&digest("one")).link(&digest("two"));
    assert_eq!(manifest.head(), by_hand.head());
    assert_eq!(Manifest::from_json(&manifest.to_json()).unwrap(), manifest);
    assert_eq!(manifest.bytes(), 6);
    let mut other = manifest.clone();
    other.take = 1;
    assert_ne!(other.head(), manifest.head());
    let mut turned = manifest.clone();
    turned.chunks.reverse();
    assert_ne!(turned.head(), manifest.head());
    let mut cut = manifest.clone();
    cut.chunks.pop();
    assert_ne!(cut.head(), manifest.head());
}

#[test]
fn only_the_expected_answer_goes_on() {
    assert!(Answer::Yes.fits(Expected::Yes) && Answer::No.fits(Expected::No));
    for (answer, expected) in [
        (Answer::No, Expected::Yes),
        (Answer::Yes, Expected::No),
        (Answer::Doubt, Expected::Yes),
        (Answer::Doubt, Expected::No),
    ] {
        assert!(!answer.fits(expected));
    }
}
