//! One signing, told record by record, and files that are and are not the one it made.

use mingbai_cost::Fen;
use mingbai_evidence::refs::AttachmentRef;
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use uuid::Uuid;

use super::{SignedFile, signed_file};
use crate::borrow::audit::Holding::{self, Contradicted, NotProven, Proven};
use crate::borrow::event::{Event, SignaturePath};
use crate::borrow::signing::{SignatureTime, SigningDevice, SigningFactor};

fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn file(name: &str) -> AttachmentRef {
    AttachmentRef { sha256: digest(name), media: "application/pdf".into(), bytes: 1 }
}

fn events() -> Vec<(&'static str, Event)> {
    let (challenge, certificate) = (digest("challenge"), digest("certificate"));
    let der = AttachmentRef { sha256: certificate, media: "application/pkix-cert".into(), bytes: 1 };
    let path = SignaturePath::OwnKey {
        document: file("signed"),
        shown: digest("paper"),
        challenge,
        certificate,
        time: SignatureTime::ServerClock,
    };
    vec![
        ("borrower", Event::ContractShown { document: file("paper") }),
        (
            "borrower",
            Event::SigningBegun {
                document: digest("paper"),
                nonce: digest("nonce"),
                amount_fen: Fen::new(100),
                challenge,
                device: SigningDevice::Own,
                browser: digest("browser"),
                expires_at_ms: 9,
            },
        ),
        ("borrower", Event::SigningApproved { challenge, factor: SigningFactor::PhoneDigits }),
        (
            "system",
            Event::SignaturePrepared { challenge, file: digest("waiting"), certificate: der, ink: None },
        ),
        ("borrower", Event::Signed(path)),
        ("system", Event::ContractSealed { signed: digest("signed"), document: file("sealed") }),
    ]
}

/// The first `count` records of the signing, and a renewal of the sealed file.
fn records(count: usize) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for (seq, (actor, event)) in (0..).zip(events().into_iter().take(count)) {
        let (kind, body) = event.to_parts();
        let prev = records.last().map(Record::leaf);
        records.push(record("borrow", seq, prev, actor, kind, body));
    }
    let renewed = serde_json::json!({ "document": file("renewed") });
    records.push(record("archive", 0, None, "system", "archive_renewed".into(), renewed));
    records
}

fn record(
    room: &str,
    seq: u64,
    prev: Option<Digest>,
    actor: &str,
    kind: String,
    body: serde_json::Value,
) -> Record {
    let stream = StreamId::of_uuid(room, Uuid::from_u128(7));
    let id = Uuid::from_u128(u128::from(seq) + 1);
    let actor = actor.to_owned();
    Record::write(Draft { id, stream, seq, prev, at_ms: 1, actor, kind, terms: None, body })
        .expect("a record")
}

fn holdings(records: &[Record], name: &str, paper: &str, certificate: &str) -> Vec<Holding> {
    let file = SignedFile {
        file: digest(name),
        papers: vec![digest("without a line end"), digest(paper)],
        certificates: vec![digest("seal"), digest(certificate)],
    };
    signed_file(records, &file).iter().map(|one| one.holding).collect()
}

#[test]
fn every_revision_that_the_log_names_is_proven() {
    for name in ["signed", "sealed", "renewed"] {
        assert_eq!(holdings(&records(6), name, "paper", "certificate"), [Proven; 4], "{name}");
    }
}

#[test]
fn another_file_paper_or_certificate_is_told_apart() {
    let all = records(6);
    assert_eq!(holdings(&all, "other", "paper", "certificate"), [Proven, Proven, Proven, NotProven]);
    assert_eq!(holdings(&all, "sealed", "paper", "other"), [Proven, Proven, Contradicted, Proven]);
    assert_eq!(
        holdings(&all, "sealed", "other", "certificate"),
        [Contradicted, Contradicted, NotProven, Proven]
    );
}

#[test]
fn a_wish_without_the_digits_is_none() {
    assert_eq!(
        holdings(&records(2), "signed", "paper", "certificate"),
        [Proven, Contradicted, NotProven, NotProven]
    );
    assert_eq!(holdings(&records(0), "signed", "paper", "certificate"), [NotProven; 4]);
}
