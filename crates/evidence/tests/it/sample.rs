//! A small, complete package: one loan stream in a log with other streams, one PDF, two sealed values of which one is
//! opened, signed by a fixed key. Everything is fixed, so its bytes are too.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use ed25519_dalek::{Signer as _, SigningKey};
use mingbai_evidence::merkle::{Frontier, NodeId, inclusion_path};
use mingbai_evidence::note::{Checkpoint, NoteSigner, VerifyingKeyText};
use mingbai_evidence::package::{self, Attachment, Disclosure, Inclusion, Package};
use mingbai_evidence::refs::{AttachmentRef, SealedRef};
use mingbai_evidence::seal::{Salt, commit};
use mingbai_evidence::verify::{Report, Trust, verify};
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use serde_json::{Value, json};
use uuid::Uuid;

pub const ORIGIN: &str = "lender.example/log";
pub const PDF: &[u8] = b"%PDF-1.7 a cost table";
pub const NAME: &str = "张三";

pub struct Key(SigningKey);

impl Key {
    pub fn new(seed: u8) -> Self {
        Key(SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn text(&self) -> VerifyingKeyText {
        VerifyingKeyText::new(ORIGIN, self.public_key()).unwrap()
    }
}

impl NoteSigner for Key {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// The key of the honest lender.
pub fn lender() -> Key {
    Key::new(1)
}

pub fn pinned() -> Trust {
    Trust::Pinned(vec![lender().text()])
}

pub fn check(bytes: &[u8]) -> Report {
    verify(bytes, &pinned())
}

pub fn salt(seed: u8) -> Salt {
    Salt::new([seed; 32])
}

/// The bodies of the loan's records.
pub fn bodies() -> Vec<Value> {
    let name = SealedRef {
        sealed: commit("borrower.name", NAME.as_bytes(), &salt(3)),
        label: "borrower.name".into(),
    };
    let phone = SealedRef {
        sealed: commit("borrower.phone", b"13800000000", &salt(4)),
        label: "borrower.phone".into(),
    };
    let pdf = AttachmentRef {
        sha256: Digest::of(PDF),
        media: "application/pdf".into(),
        bytes: u64::try_from(PDF.len()).unwrap(),
    };
    vec![
        json!({"borrower": {"name": name, "phone": phone}}),
        json!({"table": pdf}),
        json!({"answer": "441.00", "right": true}),
    ]
}

/// Records of one stream with these bodies.
pub fn stream(name: &str, bodies: &[Value]) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for (seq, body) in (0u64..).zip(bodies) {
        let draft = Draft {
            id: Uuid::from_u128(u128::from(seq) + 1 + u128::from_be_bytes(*first_16(name))),
            stream: StreamId::new(name).unwrap(),
            seq,
            prev: records.last().map(Record::leaf),
            at_ms: 1_790_000_000_000 + i64::try_from(seq).unwrap() * 1_000,
            actor: "borrower".into(),
            kind: "step".into(),
            terms: Some(Digest::of(b"terms")),
            body: body.clone(),
        };
        records.push(Record::write(draft).unwrap());
    }
    records
}

fn first_16(name: &str) -> &'static [u8; 16] {
    let digest = Digest::of(name.as_bytes());
    let bytes: [u8; 16] = digest.as_bytes()[..16].try_into().unwrap();
    Box::leak(Box::new(bytes))
}

/// A package of `records`, which stand in a log between records of other streams.
pub fn package_of(records: Vec<Record>, key: &Key) -> Package {
    let other = stream("product/easy@1", &vec![json!({}); records.len() + 2]);
    let (mut nodes, mut frontier, mut places) = (BTreeMap::new(), Frontier::new(), Vec::new());
    let mut append = |record: &Record| {
        for node in frontier.append(record.leaf()) {
            nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
        }
        frontier.size() - 1
    };
    append(&other[0]);
    for (record, noise) in records.iter().zip(&other[1..]) {
        places.push(append(record));
        append(noise);
    }
    let (size, root) = (frontier.size(), frontier.root());
    let proofs = places
        .into_iter()
        .map(|index| Inclusion { index, path: inclusion_path(&nodes, index, size).unwrap() })
        .collect();
    let value = NAME.as_bytes().to_vec();
    let commitment = commit("borrower.name", &value, &salt(3));
    Package {
        records,
        proofs,
        attachments: vec![Attachment::new("application/pdf", PDF.to_vec())],
        checkpoint: Checkpoint::new(ORIGIN, size, root).unwrap().sign(key).unwrap(),
        stamped: None,
        sm2: None,
        streams: None,
        withheld: Vec::new(),
        disclosures: vec![Disclosure { commitment, label: "borrower.name".into(), value, salt: salt(3) }],
        key: key.text(),
        readme: package::README.to_owned(),
    }
}

pub fn sample() -> Package {
    package_of(stream("borrow/1", &bodies()), &lender())
}

pub fn sample_bytes() -> Vec<u8> {
    package::write(&sample()).unwrap()
}

pub type Files = BTreeMap<String, Vec<u8>>;

/// The files of a zip, read with nothing of ours.
pub fn unzip(bytes: &[u8]) -> Files {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for number in 0..zip.len() {
        let mut file = zip.by_index(number).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.insert(String::from_utf8(file.name_raw().to_vec()).unwrap(), content);
    }
    files
}

/// How a forger zips.
#[derive(Clone, Copy)]
pub enum Zipping {
    /// Exactly as the writer does, with correct check sums: only the content can give the forger away.
    AsWritten,
    /// As other tools do.
    Deflated,
}

pub fn rezip(files: &Files, zipping: Zipping) -> Vec<u8> {
    let method = match zipping {
        Zipping::AsWritten => zip::CompressionMethod::Stored,
        Zipping::Deflated => zip::CompressionMethod::Deflated,
    };
    let options = zip::write::SimpleFileOptions::DEFAULT
        .compression_method(method)
        .last_modified_time(zip::DateTime::DEFAULT)
        .system(zip::System::Unix)
        .unix_permissions(0o644);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
