//! Signed notes, cosignatures, SM2 notes, public keys and requests to a witness, as text. What is read and written again is the same text;
//! nothing but what the known keys signed is ever accepted as theirs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::national::{self, Sm2Key};
use mingbai_evidence::note::cosignature::{WitnessKey, cosigners};
use mingbai_evidence::note::{Checkpoint, SignedCheckpoint, VerifyingKeyText};
use mingbai_evidence::witness::{AddCheckpoint, Watched, decide};
use mingbai_fuzz::log::{LOG, WITNESSED_AT_S, signed_body};
use mingbai_fuzz::sample::{ORIGIN, lender};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    keys(text);
    request(text);
    let Ok(note) = SignedCheckpoint::parse(text) else { return };
    let stated = note.checkpoint();
    let again = format!("{}\n\u{2014} x AAAAAAA=\n", stated.body());
    assert_eq!(SignedCheckpoint::parse(&again).map(|n| n.checkpoint().clone()).as_ref(), Ok(stated));
    assert!(note.body().starts_with(&stated.body()), "what is stated is what was signed");

    if let Ok(opened) = Checkpoint::open(text, &[lender().text()]) {
        assert_eq!((note.body(), &opened), (signed_body(), stated), "a forged note was accepted");
    }
    for cosigned in cosigners(&note, &LOG.reader.witnesses).unwrap_or_default() {
        assert_eq!(
            (note.body(), cosigned.at_s),
            (signed_body(), WITNESSED_AT_S),
            "a forged cosignature was accepted"
        );
    }
    if national::verify(&note, &LOG.reader.sm2_keys).is_ok() {
        assert_eq!(note.body(), signed_body(), "a forged SM2 signature was accepted");
    }
});

/// One key has one text.
fn keys(text: &str) {
    if let Ok(key) = text.parse::<VerifyingKeyText>() {
        assert_eq!(key.to_string(), text);
        assert!(text.parse::<WitnessKey>().is_err(), "a log's key is no witness's");
    }
    if let Ok(key) = text.parse::<WitnessKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = text.parse::<Sm2Key>() {
        assert_eq!(key.to_string(), text);
    }
}

fn request(text: &str) {
    let Ok(request) = AddCheckpoint::parse(text) else { return };
    assert_eq!(request.to_string(), text, "a request is written as it was read");
    let watched = Watched { origin: ORIGIN.to_owned(), keys: vec![lender().text()] };
    if let Ok(seen) = decide(&[watched], None, &request) {
        assert_eq!(request.note().body(), signed_body(), "a checkpoint nobody signed would be cosigned");
        assert_eq!(
            (seen.size, seen.root),
            (request.note().checkpoint().size(), request.note().checkpoint().root())
        );
    }
}
