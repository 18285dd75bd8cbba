//! Receipts, cosignatures and changes of the log's key, as a borrower and a reader use them against a lender who lies.

use std::collections::BTreeMap;

use mingbai_evidence::merkle::{Frontier, NodeId, inclusion_path};
use mingbai_evidence::note::cosignature::{WitnessKey, cosign, cosigners, with_lines};
use mingbai_evidence::note::{Checkpoint, NoteSigner, SignedCheckpoint};
use mingbai_evidence::package;
use mingbai_evidence::receipt::Receipt;
use mingbai_evidence::succession::{INTRODUCED, STREAM, introduce, successors};
use mingbai_evidence::verify::{
    ClaimKey, Outcome, Reader, Trust, Verdict, verify_for, verify_receipt, verify_receipt_against,
};
use mingbai_evidence::{Draft, Record, StreamId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sample::*;
use crate::verify::failed;

fn witness() -> Key {
    Key::new(9)
}

fn witness_key() -> WitnessKey {
    WitnessKey::new(ORIGIN, witness().public_key()).unwrap()
}

fn reader() -> Reader {
    Reader::new(pinned())
}

/// A receipt for the last record of `records` in a log that holds them and nothing else.
fn receipt_for(records: &[Record], key: &Key) -> Receipt {
    let (mut nodes, mut frontier) = (BTreeMap::new(), Frontier::new());
    for record in records {
        for node in frontier.append(record.leaf()) {
            nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
        }
    }
    let index = u64::try_from(records.len()).unwrap() - 1;
    Receipt {
        record: records.last().unwrap().clone(),
        key: key.text(),
        index,
        path: inclusion_path(&nodes, index, index + 1).unwrap(),
        checkpoint: Checkpoint::new(ORIGIN, index + 1, frontier.root()).unwrap().sign(key).unwrap(),
    }
}

fn written(receipt: &Receipt) -> Vec<u8> {
    receipt.write().unwrap().into_bytes()
}

fn verdicts(bytes: &[u8], package: &[u8], reader: &Reader) -> (Outcome, Vec<Verdict>) {
    let report = verify_receipt_against(bytes, package, reader);
    let of = report.claims.iter().filter(|claim| claim.key == ClaimKey::Receipt).map(|claim| claim.verdict);
    (report.outcome(), of.collect())
}

#[test]
fn a_receipt_proves_its_record_alone_and_is_written_in_one_way() {
    let bytes = written(&receipt_for(&sample().records, &lender()));
    assert!(bytes.starts_with(b"c2sp.org/tlog-proof@v1\nextra ") && Receipt::is_one(&bytes));
    assert_eq!(Receipt::parse(&bytes).unwrap().write().unwrap().as_bytes(), bytes);
    assert_eq!(verify_receipt(&bytes, &reader()).outcome(), Outcome::Holds);
    let first_use = verify_receipt(&bytes, &Reader::new(Trust::OnFirstUse));
    assert!(first_use.intact() && first_use.outcome() == Outcome::NotProven);
    let stranger = Reader::new(Trust::Pinned(vec![Key::new(7).text()]));
    assert_eq!(verify_receipt(&bytes, &stranger).outcome(), Outcome::NotProven);
}

#[test]
fn every_changed_byte_of_a_receipt_shows() {
    let bytes = written(&receipt_for(&sample().records, &lender()));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert_ne!(verify_receipt(&changed, &reader()).outcome(), Outcome::Holds, "byte {at}");
    }
}

#[test]
fn an_omission_and_a_rewriting_are_contradicted_by_the_receipt() {
    let honest = sample();
    let bytes = written(&receipt_for(&honest.records, &lender()));
    let of = |records: Vec<Record>| package::write(&package_of(records, &lender())).unwrap();
    let whole = of(honest.records.clone());
    assert_eq!(verdicts(&bytes, &whole, &reader()), (Outcome::Holds, vec![Verdict::Proven]));
    // The lender leaves the last record out, or writes another one, and computes and signs everything again: the package alone
    // is perfect.
    let shorter = of(honest.records[..2].to_vec());
    let mut other = bodies();
    other[2] = json!({"answer": "清楚", "right": true});
    let rewritten = of(stream("borrow/1", &other));
    let elsewhere = of(stream("borrow/2", &bodies()));
    for forged in [&shorter, &rewritten, &elsewhere] {
        assert_eq!(check(forged).outcome(), Outcome::Holds, "without the receipt nothing is wrong");
        let answer = (Outcome::Contradicted, vec![Verdict::Contradicted]);
        assert_eq!(verdicts(&bytes, forged, &reader()), answer);
        // Nobody pinned anything: the package's own key signed the receipt too, which is enough.
        assert_eq!(verdicts(&bytes, forged, &Reader::new(Trust::OnFirstUse)).0, Outcome::Contradicted);
    }
}

#[test]
fn a_receipt_of_ones_own_making_accuses_nobody() {
    let whole = package::write(&sample()).unwrap();
    let mut other = bodies();
    other[2] = json!({"answer": "0.00", "right": false});
    let invented = written(&receipt_for(&stream("borrow/1", &other), &Key::new(66)));
    for trust in [pinned(), Trust::OnFirstUse] {
        let (_, receipt) = verdicts(&invented, &whole, &Reader::new(trust));
        assert_eq!(receipt, [Verdict::NotProven]);
    }
    // A real proof, with another record put in: its leaf no longer fits.
    let mut forged = receipt_for(&sample().records, &lender());
    forged.record = stream("borrow/1", &other).remove(2);
    assert_eq!(verify_receipt(&written(&forged), &reader()).outcome(), Outcome::Contradicted);
    assert_eq!(verdicts(&written(&forged), &whole, &reader()).1, [Verdict::NotProven]);
}

#[test]
fn a_cosignature_is_a_claim_of_its_own() {
    let mut cosigned = sample();
    let note = SignedCheckpoint::parse(&cosigned.checkpoint).unwrap();
    let line = cosign(&note, &witness(), 1_790_000_100).unwrap();
    cosigned.checkpoint = with_lines(&cosigned.checkpoint, std::slice::from_ref(&line)).unwrap();
    let bytes = package::write(&cosigned).unwrap();
    let named = Reader { witnesses: vec![witness_key()], ..reader() };
    let report = verify_for(&bytes, &named);
    assert_eq!(report.outcome(), Outcome::Holds);
    let claim = report.claims.iter().find(|claim| claim.key == ClaimKey::Witness).unwrap();
    assert!(claim.reason.en.contains("2026-09-21 14:15:00"), "{}", claim.reason.en);
    assert_eq!(failed(&report, ClaimKey::OtherSignatures), []);
    // Who named no witness hears that there is an unchecked line; who named one gets no proof from a package without it.
    assert_eq!(verify_for(&bytes, &reader()).outcome(), Outcome::Holds);
    assert_eq!(failed(&verify_for(&bytes, &reader()), ClaimKey::OtherSignatures).len(), 1);
    let bare = package::write(&sample()).unwrap();
    assert_eq!(verify_for(&bare, &named).outcome(), Outcome::NotProven);
    // The line under another checkpoint is a contradiction.
    let mut moved = package_of(stream("borrow/2", &bodies()), &lender());
    moved.checkpoint = with_lines(&moved.checkpoint, &[line]).unwrap();
    assert_eq!(verify_for(&package::write(&moved).unwrap(), &named).outcome(), Outcome::Contradicted);
}

#[test]
fn cosignatures_have_the_form_that_others_read() {
    let stated = SignedCheckpoint::parse(&sample().checkpoint).unwrap();
    let line = cosign(&stated, &witness(), 5).unwrap();
    let theirs = signed_note::Signature::from_bytes(line.trim_end().as_bytes()).unwrap();
    let key = [&[4], witness().public_key().as_slice()].concat();
    assert_eq!(theirs.id(), signed_note::key_id(ORIGIN, &key));
    let (time, signature) = theirs.signature().split_at(8);
    assert_eq!((time, signature.len()), (5_u64.to_be_bytes().as_slice(), 64));
    let message = format!("cosignature/v1\ntime 5\n{}", stated.body());
    assert!(witness().text().verifies(message.as_bytes(), signature));
    let text = witness_key().to_string();
    assert_eq!(text.parse::<WitnessKey>().unwrap(), witness_key());
    assert!(text.parse::<mingbai_evidence::note::VerifyingKeyText>().is_err(), "never a log's key");
    assert!(witness().text().to_string().parse::<WitnessKey>().is_err(), "nor the other way round");
    // The log's own signature is not a cosignature, nor is one whose time was changed.
    let note = with_lines(&sample().checkpoint, &[line]).unwrap();
    let keys = [witness_key()];
    assert_eq!(cosigners(&SignedCheckpoint::parse(&note).unwrap(), &keys).unwrap()[0].at_s, 5);
    let own = [WitnessKey::new(ORIGIN, lender().public_key()).unwrap()];
    assert_eq!(cosigners(&SignedCheckpoint::parse(&note).unwrap(), &own).unwrap(), []);
}

/// A record that introduces a key.
fn introduction(seq: u64, prev: Option<&Record>, body: Value) -> Record {
    Record::write(Draft {
        id: Uuid::from_u128(0xfeed + u128::from(seq)),
        stream: StreamId::new(STREAM).unwrap(),
        seq,
        prev: prev.map(Record::leaf),
        at_ms: 1_790_000_000_000,
        actor: "system".into(),
        kind: INTRODUCED.into(),
        terms: None,
        body,
    })
    .unwrap()
}

#[test]
fn who_pinned_an_old_key_follows_to_the_new_one() {
    let (one, two, three) = (lender(), Key::new(2), Key::new(3));
    let first = introduction(0, None, introduce(&one, &two).unwrap());
    let second = introduction(1, Some(&first), introduce(&two, &three).unwrap());
    let mut records = sample().records;
    records.extend([first.clone(), second.clone()]);
    let bytes = package::write(&package_of(records, &three)).unwrap();
    let report = verify_for(&bytes, &reader());
    assert_eq!(report.outcome(), Outcome::Holds, "{:?}", report.claims);
    assert_eq!(report.claims.iter().filter(|claim| claim.key == ClaimKey::KeyChange).count(), 2);
    assert_eq!(successors(&[one.text()], [&second, &first].into_iter()), [two.text(), three.text()]);
    assert_eq!(successors(&[two.text()], [&second, &first].into_iter()), [three.text()], "never backwards");
    // Without the record in between, the chain is broken; without any, the signer is a stranger.
    let mut gap = sample().records;
    gap.push(first);
    assert_eq!(
        verify_for(&package::write(&package_of(gap, &three)).unwrap(), &reader()).outcome(),
        Outcome::NotProven
    );
}

#[test]
fn nobody_introduces_a_key_without_both_signatures() {
    let body = introduce(&lender(), &Key::new(2)).unwrap();
    let known = [lender().text()];
    assert_eq!(successors(&known, [&introduction(0, None, body.clone())].into_iter()).len(), 1);
    for field in ["by_old", "by_new"] {
        let mut forged = body.clone();
        forged[field] = introduce(&Key::new(5), &Key::new(6)).unwrap()[field].clone();
        assert_eq!(successors(&known, [&introduction(0, None, forged)].into_iter()), []);
    }
    let mut other = body;
    other["to"] = json!(Key::new(7).text().to_string());
    assert_eq!(successors(&known, [&introduction(0, None, other)].into_iter()), []);
}
