//! What the pieces of evidence cost on this machine: `cargo bench -p mingbai-evidence` prints one line for each, the
//! best of five runs on one thread. Plain timing: the figures are floors for capacity planning, not for comparisons.
#![expect(clippy::unwrap_used, reason = "a bench may fail by panicking")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use ed25519_dalek::{Signer as _, SigningKey};
use mingbai_evidence::merkle::{Frontier, NodeId, inclusion_path};
use mingbai_evidence::note::{Checkpoint, NoteSigner, VerifyingKeyText};
use mingbai_evidence::package::{self, Attachment, Inclusion, Package};
use mingbai_evidence::refs::AttachmentRef;
use mingbai_evidence::verify::{Trust, verify};
use mingbai_evidence::{Draft, Record, StreamId};
use serde_json::{Value, json};
use uuid::Uuid;

struct Key(SigningKey);

impl NoteSigner for Key {
    fn name(&self) -> &str {
        "bench.example/log"
    }
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// Prints how many `units` a second `work` does.
fn measure(name: &str, unit: &str, units: f64, mut work: impl FnMut()) {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        #[expect(clippy::disallowed_methods, reason = "a bench measures time; the crate itself has no clock")]
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{name:<40} {:>14.0} {unit}/s   ({:.3} ms)", units / best, best * 1_000.0);
}

fn draft(seq: u64, prev: Option<mingbai_evidence::Digest>, body: Value) -> Draft {
    Draft {
        id: Uuid::from_u128(u128::from(seq)),
        stream: StreamId::new("borrow/bench").unwrap(),
        seq,
        prev,
        at_ms: 1_790_000_000_000,
        actor: "bench".to_owned(),
        kind: "step".to_owned(),
        terms: None,
        body,
    }
}

fn records(count: u64, first: Value) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for seq in 0..count {
        // About 512 bytes a record, as in the store's benchmark.
        let body = if seq == 0 { first.clone() } else { json!({"text": "x".repeat(300)}) };
        records.push(Record::write(draft(seq, records.last().map(Record::leaf), body)).unwrap());
    }
    records
}

fn package(attachment_bytes: usize) -> Vec<u8> {
    let key = Key(SigningKey::from_bytes(&[1; 32]));
    let attachment = Attachment::new("video/mp4", vec![7; attachment_bytes]);
    let reference = AttachmentRef {
        sha256: attachment.sha256,
        media: "video/mp4".into(),
        bytes: attachment_bytes as u64,
    };
    let records = records(60, json!({ "video": reference }));
    let (mut frontier, mut nodes) = (Frontier::new(), BTreeMap::new());
    for record in &records {
        for node in frontier.append(record.leaf()) {
            nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
        }
    }
    let size = frontier.size();
    let proofs = (0..size)
        .map(|index| Inclusion { index, path: inclusion_path(&nodes, index, size).unwrap() })
        .collect();
    package::write(&Package {
        records,
        proofs,
        attachments: vec![attachment],
        checkpoint: Checkpoint::new(key.name(), size, frontier.root()).unwrap().sign(&key).unwrap(),
        stamped: None,
        sm2: None,
        streams: None,
        withheld: Vec::new(),
        disclosures: Vec::new(),
        key: VerifyingKeyText::new(key.name(), key.public_key()).unwrap(),
        readme: package::README.to_owned(),
    })
    .unwrap()
}

fn main() {
    let sample = records(10_000, json!({}));
    let drafts: Vec<Draft> = (0..10_000).map(|_| draft(0, None, json!({"text": "x".repeat(300)}))).collect();
    measure("write a record", "records", 10_000.0, || {
        for draft in &drafts {
            black_box(Record::write(draft.clone()).unwrap());
        }
    });
    measure("parse a record", "records", 10_000.0, || {
        for record in &sample {
            black_box(Record::parse(record.bytes().to_vec()).unwrap());
        }
    });
    measure("append a leaf hash to the frontier", "leaves", 1_000_000.0, || {
        let mut frontier = Frontier::new();
        for _ in 0..1_000_000 {
            black_box(frontier.append(sample[0].leaf()));
        }
    });
    let small = package(0);
    let (key, large) = (Key(SigningKey::from_bytes(&[1; 32])), package(64 << 20));
    let trust = Trust::Pinned(vec![VerifyingKeyText::new(key.name(), key.public_key()).unwrap()]);
    assert!(verify(&small, &trust).holds() && verify(&large, &trust).holds());
    measure("verify a package of 60 records", "packages", 1.0, || drop(black_box(verify(&small, &trust))));
    measure("verify the same with 64 MiB of video", "bytes", (64 << 20) as f64, || {
        drop(black_box(verify(&large, &trust)));
    });
}
