//! Tests of the shipped pack and of every way to break one.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

/// The shipped pack with one piece of text replaced, which must be there.
fn with(from: &str, to: &str) -> Result<Pack, PackError> {
    assert!(CN_2026_08.contains(from), "the pack has no `{from}`");
    Pack::parse(&CN_2026_08.replacen(from, to, 1))
}

#[test]
fn the_shipped_pack_is_whole() {
    let pack = Pack::embedded();
    assert_eq!(pack.id(), "cn-2026-08");
    assert!(pack.applies_to(PartyRole::Guarantor) && !pack.applies_to(PartyRole::Merchant));
    for duty in Duty::BEFORE_PAYOUT {
        assert!(
            pack.clauses_of(duty).all(|clause| clause.duty == duty),
            "{duty:?} rests on another duty's clause"
        );
        assert_eq!(pack.duty(duty).skip, Skip::Never);
    }
    let digest = serde_json::to_string(&pack.digest()).unwrap();
    assert_eq!(serde_json::from_str::<PackDigest>(&digest).unwrap(), pack.digest());
}

#[test]
fn every_unverified_word_of_the_file_is_listed() {
    let pack = Pack::embedded();
    let written = CN_2026_08.lines().filter(|line| line.contains("grade = \"unverified\"")).count();
    assert_eq!(pack.unverified().count(), written);
    let paths: Vec<_> = pack.unverified().map(|entry| entry.path.as_str()).collect();
    assert!(paths.contains(&"reading.min_seconds") && paths.contains(&"cap[small-loan-4lpr]"), "{paths:?}");
}

#[test]
fn another_byte_is_another_pack() {
    assert_ne!(with("value = 5,", "value = 6,").unwrap().digest(), Pack::embedded().digest());
}

#[test]
fn reading_time_is_the_larger_of_floor_and_length() {
    let pack = Pack::embedded();
    let seconds: Vec<_> = [0, 40, 41, 800].map(|chars| pack.reading().seconds_for(chars)).to_vec();
    assert_eq!(seconds, [5, 5, 6, 100]);
}

#[test]
fn quiet_hours_span_midnight() {
    let pack = Pack::embedded();
    let quiet = |hour, minute| pack.collection().is_quiet(jiff::civil::time(hour, minute, 0, 0));
    assert_eq!(
        [quiet(21, 59), quiet(22, 0), quiet(3, 0), quiet(7, 59), quiet(8, 0)],
        [false, true, true, true, false]
    );
}

#[test]
fn mistakes_are_refused_with_their_place() {
    let message = |result: Result<Pack, PackError>| result.unwrap_err().to_string();
    assert!(message(with("v = 1\n", "v = 1\nspeed = 3\n")).starts_with("line 11: unknown field `speed`"));
    assert!(message(with("v = 1\n", "v = 2\n")).starts_with("v: "));
    assert!(
        message(with("[[duty]]\nduty = \"read\"", "[[duty]]\nduty = \"signed\"")).contains("duty: `signed`")
    );
    assert!(
        message(with("clauses = [\"read.popup\"]", "clauses = [\"read.pupup\"]")).contains("`read.pupup`")
    );
    assert!(message(with("clauses = [\"read.popup\"]", "clauses = []")).contains("at least one clause"));
    assert!(
        message(with("source = \"face-2025\"", "source = \"face-2052\""))
            .contains("clause[identify.equal-path]")
    );
    assert!(
        message(with("{ value = 15, grade = \"seen\"", "{ value = 45, grade = \"seen\""))
            .starts_with("complaints")
    );
    assert!(message(with("skip = \"never\"", "skip = \"sometimes\"")).contains("unknown variant"));
    assert!(message(with("who = \"compliance\"", "who = \"borrower\"")).contains("duty[reviewed].who"));
    assert!(message(with("ppm = 240000", "ppm = 0")).contains("cap[loan-help-24]"));
    let huge = "#".repeat(300 * 1024);
    assert!(matches!(Pack::parse(&huge), Err(PackError::TooLarge { .. })));
    let row = CN_2026_08.find("[[duty]]\nduty = \"confirmed\"").unwrap();
    let end = row + CN_2026_08[row..].find("\n# ---").unwrap();
    let without = format!("{}{}", &CN_2026_08[..row], &CN_2026_08[end..]);
    assert_eq!(Pack::parse(&without), Err(PackError::DutyMissing { duty: "confirmed" }));
}

proptest::proptest! {
    #[test]
    fn no_damage_to_the_file_panics(at in 0..CN_2026_08.len(), len in 0..40_usize, text in ".{0,20}") {
        let (mut start, mut end) = (at, (at + len).min(CN_2026_08.len()));
        while !CN_2026_08.is_char_boundary(start) { start -= 1; }
        while !CN_2026_08.is_char_boundary(end) { end += 1; }
        let _ = Pack::parse(&format!("{}{text}{}", &CN_2026_08[..start], &CN_2026_08[end..]));
    }
}

#[test]
fn the_shipped_caps_tell_that_the_answer_flips_with_the_basis() {
    let pack = Pack::embedded();
    // 100,000 over 36 months at 6 % with 0.8 % a month to a guarantor: 22.45 % simple, 24.91 % compound.
    let mut spec = crate::borrow::fixture::loaded_spec();
    spec.principal_fen = mingbai_cost::Fen::new(10_000_000);
    spec.plan.periods = 36;
    spec.plan.annual_rate_ppm = 60_000;
    spec.fees.truncate(1);
    let table = crate::borrow::fixture::table(spec);
    let subject = mingbai_cost::cap::CapSubject::of(&table, "consumer");
    let found = mingbai_cost::cap::check(pack.caps(), &pack.reference_rates(), &subject);
    let line = found.iter().find(|finding| finding.rule_id == "loan-help-24").unwrap();
    assert!(line.flips_with_basis());
}
