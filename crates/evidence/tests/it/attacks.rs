//! Packages made by someone who knows the format and recomputes every check sum.

use mingbai_evidence::Digest;
use mingbai_evidence::package::{self, Attachment, Disclosure};
use mingbai_evidence::seal::commit;
use mingbai_evidence::verify::{ClaimKey, Outcome, Trust, Verdict, verify};
use serde_json::json;

use crate::sample::*;
use crate::verify::failed;

const BAD: Verdict = Verdict::Contradicted;
const OPEN: Verdict = Verdict::NotProven;

fn with(change: impl FnOnce(&mut Files)) -> Vec<u8> {
    let mut files = unzip(&sample_bytes());
    change(&mut files);
    rezip(&files, Zipping::AsWritten)
}

#[test]
fn rewriting_a_record_breaks_its_proof_and_the_chain() {
    let bytes = with(|files| {
        let record = files.get_mut("records/000001.json").unwrap();
        *record =
            String::from_utf8(record.clone()).unwrap().replace("\"borrower\"", "\"employee\"").into_bytes();
    });
    let report = check(&bytes);
    assert_eq!(failed(&report, ClaimKey::Chain), [("borrow/1".to_owned(), BAD)]);
    assert_eq!(failed(&report, ClaimKey::Inclusion), [("records/000001.json".to_owned(), BAD)]);
}

#[test]
fn rewriting_the_whole_stream_still_lacks_the_log() {
    let mut bodies = bodies();
    bodies[2] = json!({"answer": "清楚", "right": true});
    let mut forged = sample();
    forged.records = stream("borrow/1", &bodies);
    let report = check(&package::write(&forged).unwrap());
    assert_eq!(failed(&report, ClaimKey::Chain), []);
    assert_eq!(failed(&report, ClaimKey::Inclusion), [("records/000002.json".to_owned(), BAD)]);
}

#[test]
fn a_whole_log_of_the_forger_s_own_does_not_pass_for_the_lender_s() {
    let forged = package::write(&package_of(stream("borrow/1", &[json!({})]), &Key::new(66))).unwrap();
    let report = check(&forged);
    assert_eq!(report.outcome(), Outcome::NotProven);
    assert_eq!(failed(&report, ClaimKey::Signer), [(ORIGIN.to_owned(), OPEN)]);
    assert!(!verify(&forged, &Trust::OnFirstUse).holds());

    // The same with the lender's key printed in it: the file contradicts itself.
    let mut files = unzip(&forged);
    files.insert("key.txt".to_owned(), format!("{}\n", lender().text()).into_bytes());
    let report = check(&rezip(&files, Zipping::AsWritten));
    assert_eq!(report.outcome(), Outcome::Contradicted);
}

#[test]
fn dropping_or_swapping_records_shows() {
    let dropped = with(|files| {
        files.remove("records/000001.json").unwrap();
        files.remove("proofs/000001.json").unwrap();
    });
    assert_eq!(failed(&check(&dropped), ClaimKey::Chain), [("borrow/1".to_owned(), BAD)]);
    let swapped = with(|files| {
        let (a, b) = (files["proofs/000000.json"].clone(), files["proofs/000001.json"].clone());
        files.insert("proofs/000000.json".to_owned(), b);
        files.insert("proofs/000001.json".to_owned(), a);
    });
    assert_eq!(failed(&check(&swapped), ClaimKey::Inclusion).len(), 3, "two wrong places, one wrong order");
    let twice = with(|files| {
        for folder in ["records", "proofs"] {
            files.insert(format!("{folder}/000003.json"), files[&format!("{folder}/000002.json")].clone());
        }
    });
    assert_eq!(failed(&check(&twice), ClaimKey::Records), [("records/000003.json".to_owned(), BAD)]);
}

#[test]
fn a_record_without_proof_is_not_in_the_log() {
    let bytes = with(|files| drop(files.remove("proofs/000002.json")));
    let report = check(&bytes);
    assert_eq!(failed(&report, ClaimKey::Inclusion), [("records/000002.json".to_owned(), OPEN)]);
    assert!(!report.holds());
}

#[test]
fn streams_logged_out_of_order_show() {
    let mut records = stream("borrow/1", &bodies());
    records.swap(0, 1);
    let report = check(&package::write(&package_of(records, &lender())).unwrap());
    assert_eq!(failed(&report, ClaimKey::Inclusion), [("borrow/1".to_owned(), BAD)]);
}

#[test]
fn attachments_cannot_be_changed_retyped_or_added() {
    let name = format!("attachments/{}.pdf", Digest::of(PDF));
    let changed = with(|files| drop(files.insert(name.clone(), b"%PDF-1.7 another".to_vec())));
    assert_eq!(failed(&check(&changed), ClaimKey::Attachments), [(name.clone(), BAD)]);

    let retyped = name.replace(".pdf", ".txt");
    let bytes = with(|files| {
        let pdf = files.remove(&name).unwrap();
        files.insert(retyped.clone(), pdf);
    });
    assert_eq!(failed(&check(&bytes), ClaimKey::Attachments), [(retyped, BAD)]);

    let mut more = sample();
    more.attachments.push(Attachment::new("text/plain", b"read me first".to_vec()));
    let report = check(&package::write(&more).unwrap());
    assert_eq!(failed(&report, ClaimKey::Attachments).len(), 1);
    assert!(!report.holds());
}

#[test]
fn a_record_that_lies_about_a_length_or_hides_a_reference_shows() {
    let pdf = Digest::of(PDF);
    let lie = [json!({"sha256": pdf, "media": "application/pdf", "bytes": 1})];
    let report = check(&package::write(&package_of(stream("borrow/1", &lie), &lender())).unwrap());
    assert_eq!(failed(&report, ClaimKey::Attachments).len(), 1);
    let vague = [json!({"sha256": pdf})];
    let report = check(&package::write(&package_of(stream("borrow/1", &vague), &lender())).unwrap());
    assert_eq!(failed(&report, ClaimKey::References), [("records/000000.json".to_owned(), OPEN)]);
}

#[test]
fn opened_values_must_be_the_sealed_ones() {
    let mut lie = sample();
    lie.disclosures[0].value = "李四".as_bytes().to_vec();
    let report = check(&package::write(&lie).unwrap());
    assert_eq!(failed(&report, ClaimKey::Disclosures), [("disclosures/000000.json".to_owned(), BAD)]);

    let mut stranger = sample();
    let commitment = commit("borrower.name", b"x", &salt(8));
    let (label, value) = ("borrower.name".to_owned(), b"x".to_vec());
    stranger.disclosures = vec![Disclosure { commitment, label, value, salt: salt(8) }];
    let report = check(&package::write(&stranger).unwrap());
    assert_eq!(failed(&report, ClaimKey::Disclosures), [("disclosures/000000.json".to_owned(), OPEN)]);
}

#[test]
fn a_readme_or_a_file_of_the_forger_s_own_is_not_vouched_for() {
    let readme = with(|files| drop(files.insert("README.txt".to_owned(), b"call 400-000".to_vec())));
    let extra = with(|files| drop(files.insert("please-pay.txt".to_owned(), b"now".to_vec())));
    assert_eq!(failed(&check(&readme), ClaimKey::Readme), [("README.txt".to_owned(), OPEN)]);
    assert_eq!(failed(&check(&extra), ClaimKey::Files), [("please-pay.txt".to_owned(), OPEN)]);
    assert!(!check(&readme).holds() && !check(&extra).holds());
}

#[test]
fn an_added_signature_is_named_and_changes_nothing() {
    let bytes = with(|files| {
        let note = files.get_mut("checkpoint").unwrap();
        note.extend_from_slice("\u{2014} witness.example AAAAAAAAAAAAAAAA\n".as_bytes());
    });
    let report = check(&bytes);
    assert!(report.holds());
    assert_eq!(failed(&report, ClaimKey::OtherSignatures), [("witness.example".to_owned(), OPEN)]);
}

#[test]
fn a_chain_of_another_loan_cannot_be_grafted() {
    let mut records = stream("borrow/1", &bodies());
    let other = stream("borrow/2", &bodies());
    records[2] = other[2].clone();
    let report = check(&package::write(&package_of(records, &lender())).unwrap());
    assert_eq!(failed(&report, ClaimKey::Chain), [("borrow/2".to_owned(), BAD)]);
    assert!(
        check(&package::write(&package_of(other, &lender())).unwrap()).holds(),
        "the other loan itself is fine"
    );
}
