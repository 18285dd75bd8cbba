//! What the verifier says of honest packages.

use std::fmt::Write as _;

use mingbai_evidence::package;
use mingbai_evidence::verify::{Bearing, ClaimKey, Outcome, Report, Trust, Verdict, verify};

use crate::sample::{Key, Zipping, check, rezip, sample, sample_bytes, unzip};

/// The claims as lines that a person can compare.
pub fn lines(report: &Report) -> String {
    let mut text = format!("{:?}\n", report.outcome());
    for claim in &report.claims {
        let subject = claim.subject.get(..16).unwrap_or(&claim.subject);
        writeln!(
            text,
            "{:?} {:?} [{subject}] {} / {}",
            claim.verdict, claim.key, claim.reason.zh, claim.reason.en
        )
        .unwrap();
    }
    text
}

/// The claims of one kind that are not proven.
pub fn failed(report: &Report, key: ClaimKey) -> Vec<(String, Verdict)> {
    let fails = |c: &&mingbai_evidence::verify::Claim| c.key == key && c.verdict != Verdict::Proven;
    report.claims.iter().filter(fails).map(|c| (c.subject.clone(), c.verdict)).collect()
}

#[test]
fn an_honest_package_holds_under_the_published_key() {
    let report = check(&sample_bytes());
    assert!(report.holds());
    insta::assert_snapshot!(lines(&report));
}

#[test]
fn without_a_key_it_is_intact_but_nobody_s_word() {
    let report = verify(&sample_bytes(), &Trust::OnFirstUse);
    assert_eq!(report.outcome(), Outcome::NotProven);
    assert!(report.intact() && !report.holds());
    assert_eq!(failed(&report, ClaimKey::Signer).len(), 1);
    let fingerprint = report.facts.fingerprint.clone().unwrap();
    assert!(lines(&report).contains(&fingerprint));
}

#[test]
fn under_another_key_it_is_not_the_lender_s_word() {
    for keys in [vec![], vec![Key::new(2).text()]] {
        let report = verify(&sample_bytes(), &Trust::Pinned(keys));
        assert_eq!(report.outcome(), Outcome::NotProven);
        assert_eq!(failed(&report, ClaimKey::Signer).len(), 1);
    }
}

#[test]
fn leaving_things_out_is_the_holder_s_choice_and_is_said() {
    let mut less = sample();
    less.attachments.clear();
    less.disclosures.clear();
    let report = check(&package::write(&less).unwrap());
    assert!(report.holds());
    assert_eq!(failed(&report, ClaimKey::Withheld).len(), 1);
    assert_eq!(failed(&report, ClaimKey::Sealed).len(), 2);
}

#[test]
fn a_package_zipped_again_keeps_its_content_but_is_not_the_original() {
    let report = check(&rezip(&unzip(&sample_bytes()), Zipping::Deflated));
    assert_eq!(report.outcome(), Outcome::NotProven);
    let open: Vec<ClaimKey> = report
        .claims
        .iter()
        .filter(|c| c.verdict != Verdict::Proven && c.key.bearing() != Bearing::Scope)
        .map(|c| c.key)
        .collect();
    assert_eq!(open, [ClaimKey::Container]);
}

#[test]
fn a_package_without_records_proves_nothing() {
    let mut empty = sample();
    (empty.records, empty.proofs) = (Vec::new(), Vec::new());
    (empty.attachments, empty.disclosures) = (Vec::new(), Vec::new());
    assert_eq!(check(&package::write(&empty).unwrap()).outcome(), Outcome::NotProven);
}

#[test]
fn the_report_is_json_with_stable_names() {
    let report = verify(b"not a zip", &Trust::OnFirstUse);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["claims"][0]["key"], "readable");
    assert_eq!(json["claims"][0]["verdict"], "contradicted");
    assert_eq!(json["facts"]["records"], 0);
}
