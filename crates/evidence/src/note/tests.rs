//! Notes against an independent implementation (`signed_note`), and against damage.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use signed_note::{Note, StandardVerifier, VerifierList};

use super::*;

struct TestSigner(&'static str, SigningKey);

impl NoteSigner for TestSigner {
    fn name(&self) -> &str {
        self.0
    }

    fn public_key(&self) -> [u8; 32] {
        self.1.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.1.sign(message).to_bytes()
    }
}

fn signer(seed: u8) -> TestSigner {
    TestSigner("lender.example/log", SigningKey::from_bytes(&[seed; 32]))
}

fn key(signer: &TestSigner) -> VerifyingKeyText {
    VerifyingKeyText::new(signer.name(), signer.public_key()).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new("lender.example/log", 42, Digest::of(b"root")).unwrap()
}

#[test]
fn reads_the_example_key_of_the_go_documentation() {
    // Source: golang.org/x/mod/sumdb/note, package documentation, "PeterNeumann" example: key and signed message.
    let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key: VerifyingKeyText = text.parse().unwrap();
    assert_eq!((key.name(), key.to_string().as_str()), ("PeterNeumann", text));
    let message = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let blob = BASE64
        .decode(
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
        )
        .unwrap();
    assert_eq!(blob[..4], key.id());
    assert!(key.verifies(message.as_bytes(), &blob[4..]));
}

#[test]
fn the_other_implementation_accepts_our_note_and_key() {
    let signer = signer(1);
    let note = checkpoint().sign(&signer).unwrap();
    let verifier = StandardVerifier::new(&key(&signer).to_string()).unwrap();
    let parsed = Note::from_bytes(note.as_bytes()).unwrap();
    let (verified, unknown) = parsed.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    let theirs = tlog_tiles::Checkpoint::from_bytes(parsed.text()).unwrap();
    assert_eq!((theirs.origin(), theirs.size()), ("lender.example/log", 42));
    assert_eq!(&theirs.hash().0, Digest::of(b"root").as_bytes());
    assert_eq!(
        signed_note::key_id("a", &[1; 33]),
        u32::from_be_bytes({
            let digest = Digest::of_parts(&[b"a\n", &[1; 33]]);
            [digest.as_bytes()[0], digest.as_bytes()[1], digest.as_bytes()[2], digest.as_bytes()[3]]
        })
    );
}

#[test]
fn opens_only_for_the_key_that_signed() {
    let note = checkpoint().sign(&signer(1)).unwrap();
    assert_eq!(Checkpoint::open(&note, &[key(&signer(2)), key(&signer(1))]), Ok(checkpoint()));
    assert_eq!(Checkpoint::open(&note, &[key(&signer(2))]), Err(NoteError::UnknownSigner));
    assert_eq!(Checkpoint::open(&note, &[]), Err(NoteError::UnknownSigner));
    let other_size = note.replace("\n42\n", "\n43\n");
    let name = "lender.example/log".to_owned();
    assert_eq!(Checkpoint::open(&other_size, &[key(&signer(1))]), Err(NoteError::BadSignature { name }));
}

#[test]
fn passes_over_cosignatures_and_signed_extensions() {
    let signer = signer(1);
    let note = checkpoint().sign(&signer).unwrap();
    let with_cosigner = format!("{note}\u{2014} witness.example {}\n", BASE64.encode([9; 76]));
    assert_eq!(Checkpoint::open(&with_cosigner, &[key(&signer)]), Ok(checkpoint()));

    let body = format!("{}an extension\n", checkpoint().body());
    let blob = [key(&signer).id().as_slice(), &signer.sign(body.as_bytes())].concat();
    let extended = format!("{body}\n\u{2014} {} {}\n", signer.name(), BASE64.encode(blob));
    assert_eq!(Checkpoint::open(&extended, &[key(&signer)]), Ok(checkpoint()));
}

#[test]
fn refuses_malformed_notes() {
    let good = checkpoint().sign(&signer(1)).unwrap();
    let bad = [
        good.replace("\n42\n", "\n042\n"),
        good.replace("\n42\n", "\n+42\n"),
        good.replace("\n42\n", "\n99999999999999999999\n"),
        good.replace("\n42\n", "\n\n42\n"),
        good.replace('\n', "\r\n"),
        good.replace("\u{2014} ", "- "),
        good.trim_end().to_owned(),
        format!("{good}junk\n"),
        "x".repeat(NOTE_LIMIT + 1),
        String::new(),
    ];
    for note in bad {
        assert!(SignedCheckpoint::parse(&note).is_err(), "accepted {note:?}");
    }
    let many = format!("{good}{}", "\u{2014} a AAAAAAA=\n".repeat(SIGNATURE_LIMIT));
    assert_eq!(SignedCheckpoint::parse(&many), Err(NoteError::TooLarge));
}

#[test]
fn refuses_keys_that_are_not_what_they_say() {
    let text = key(&signer(1)).to_string();
    let parse = |text: &str| text.parse::<VerifyingKeyText>();
    assert!(parse(&text).is_ok());
    assert_eq!(parse(&text.replacen("lender", "bender", 1)), Err(KeyTextError::Id));
    assert_eq!(parse("a+b"), Err(KeyTextError::Form));
    assert_eq!(VerifyingKeyText::new("a b", [1; 32]), Err(KeyTextError::Name));
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifyingKeyText::new("a", neutral), Err(KeyTextError::Key), "small order");
}

#[test]
fn a_signer_whose_signature_fails_does_not_get_a_note_out() {
    struct Broken;
    impl NoteSigner for Broken {
        fn name(&self) -> &str {
            "x"
        }
        fn public_key(&self) -> [u8; 32] {
            signer(1).public_key()
        }
        fn sign(&self, _: &[u8]) -> [u8; 64] {
            [0; 64]
        }
    }
    assert_eq!(checkpoint().sign(&Broken), Err(NoteError::BadSignature { name: "x".to_owned() }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_notes_and_keys_never_panic(text in "[ -~\n\u{2014}]{0,200}") {
        let _ = SignedCheckpoint::parse(&text);
        let _ = text.parse::<VerifyingKeyText>();
    }
}

#[test]
fn every_changed_byte_of_a_note_is_noticed() {
    let note = checkpoint().sign(&signer(1)).unwrap().into_bytes();
    let keys = [key(&signer(1))];
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut changed = note.clone();
            changed[at] ^= 1 << bit;
            if let Ok(text) = String::from_utf8(changed) {
                assert!(Checkpoint::open(&text, &keys).is_err(), "byte {at} bit {bit}");
            }
        }
    }
}
