//! A lender in miniature: signs, keeps a log, and makes packages of a journey's records, honestly or not.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use ed25519_dalek::{Signer as _, SigningKey};
use mingbai_core::borrow::event::Event;
use mingbai_core::cost::{Terms, quote};
use mingbai_core::evidence::merkle::{Frontier, NodeId, consistency_path, inclusion_path};
use mingbai_core::evidence::note::{Checkpoint, NoteSigner, VerifyingKeyText};
use mingbai_core::evidence::package::{self, Attachment, Disclosure, Inclusion, Package};
use mingbai_core::evidence::refs::{Reference, references};
use mingbai_core::evidence::seal::Salt;
use mingbai_core::evidence::{Digest, Draft, Record, StreamId};
use mingbai_core::policy::Pack;

use crate::common::TERMS;

pub const ORIGIN: &str = "lender.example/log";

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

/// Loans of different shapes: lengths, amounts with every kind of numeral, methods, a fee kept back, no fee.
pub fn offers() -> Vec<Terms> {
    let no_fee = TERMS.replacen(
        &TERMS[TERMS.find("\"fees\":[").unwrap()..TERMS.find(",\"default\"").unwrap()],
        "\"fees\":[]",
        1,
    );
    let texts = [
        TERMS.to_owned(),
        TERMS.replace("8000", "9000"),
        TERMS.replace("\"periods\":36", "\"periods\":12").replace("10000000", "10203405"),
        TERMS.replace("equal_instalment", "equal_principal").replace("10000000", "123456789"),
        TERMS.replace("equal_instalment", "interest_only").replace("10000000", "500000"),
        TERMS.replace("each_period", "at_payout").replace("paid_apart", "deducted_from_payout"),
        no_fee,
    ];
    texts.iter().map(|json| Terms::from_json(json).unwrap()).collect()
}

/// The draft of which a record was made.
pub fn draft(record: &Record) -> Draft {
    Draft {
        id: record.id(),
        stream: record.stream().clone(),
        seq: record.seq(),
        prev: record.prev(),
        at_ms: record.at_ms(),
        actor: record.actor().to_owned(),
        kind: record.kind().to_owned(),
        terms: record.terms(),
        body: record.body().clone(),
    }
}

/// Writes drafts as one correct chain, as a lender could who rewrites a whole stream; permits are bound to the new heads.
pub fn chained(drafts: Vec<Draft>) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for (seq, mut draft) in (0..).zip(drafts) {
        draft.seq = seq;
        draft.prev = records.last().map(Record::leaf);
        if let (Some(head), Some(prev)) = (draft.body.get_mut("head"), draft.prev) {
            *head = prev.to_string().into();
        }
        records.push(Record::write(draft).unwrap());
    }
    records
}

/// A log with a leaf of somebody else before every record.
pub struct Log {
    nodes: BTreeMap<NodeId, Digest>,
    roots: Vec<Digest>,
    places: BTreeMap<(StreamId, u64), u64>,
}

impl Log {
    pub fn of(records: &[Record]) -> Self {
        let (mut nodes, mut frontier, mut places) = (BTreeMap::new(), Frontier::new(), BTreeMap::new());
        let mut roots = vec![frontier.root()];
        for record in records {
            for leaf in [Digest::of(record.bytes()), record.leaf()] {
                for node in frontier.append(leaf) {
                    nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
                }
                roots.push(frontier.root());
            }
            places.insert((record.stream().clone(), record.seq()), frontier.size() - 1);
        }
        Log { nodes, roots, places }
    }

    pub fn size(&self) -> u64 {
        u64::try_from(self.roots.len() - 1).unwrap()
    }

    pub fn inclusion(&self, record: &Record, size: u64) -> Inclusion {
        let index = self.places[&(record.stream().clone(), record.seq())];
        Inclusion { index, path: inclusion_path(&self.nodes, index, size).unwrap() }
    }

    pub fn consistency(&self, old: u64, new: u64) -> Vec<Digest> {
        consistency_path(&self.nodes, old, new).unwrap()
    }

    pub fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint::new(ORIGIN, size, self.roots[usize::try_from(size).unwrap()]).unwrap()
    }
}

/// A whole package of one journey.
pub fn package_of(records: Vec<Record>, pack: &Pack, key: &Key) -> Package {
    let log = Log::of(&records);
    Package {
        attachments: attachments(&records, pack),
        disclosures: disclosures(&records),
        proofs: records.iter().map(|record| log.inclusion(record, log.size())).collect(),
        records,
        checkpoint: log.checkpoint(log.size()).sign(key).unwrap(),
        stamped: None,
        sm2: None,
        streams: None,
        withheld: Vec::new(),
        key: key.text(),
        readme: package::README.to_owned(),
    }
}

fn attachments(records: &[Record], pack: &Pack) -> Vec<Attachment> {
    let mut found = vec![Attachment::new("application/toml", pack.text().as_bytes().to_vec())];
    for record in records {
        if let Ok(Event::TermsOffered { terms_json, .. }) = Event::from_parts(record.kind(), record.body()) {
            let table = quote(&Terms::from_json(&terms_json).unwrap()).unwrap();
            found.push(Attachment::new("application/json", table.to_json_bytes()));
        }
    }
    found
}

/// What the simulator sealed, opened where the label sounds like the borrower.
fn disclosures(records: &[Record]) -> Vec<Disclosure> {
    let sealed = records.iter().flat_map(|record| references(record.body()));
    sealed
        .filter_map(|reference| match reference {
            Reference::Sealed(one) if one.label.starts_with("borrower") => Some(Disclosure {
                commitment: one.sealed,
                label: one.label,
                value: b"value".to_vec(),
                salt: Salt::new([7; 32]),
            }),
            _ => None,
        })
        .collect()
}

pub type Files = BTreeMap<String, Vec<u8>>;

pub fn unzip(bytes: &[u8]) -> Files {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for number in 0..zip.len() {
        let mut file = zip.by_index(number).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.insert(file.name().unwrap().into_owned(), content);
    }
    files
}

/// Zips as the writer does (stored), with right check sums; or deflated, as other tools do.
pub fn rezip(files: &Files, method: zip::CompressionMethod) -> Vec<u8> {
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
