//! Our own signer against our own verifier: what must hold holds, and each way to fail fails for its own reason.

use mingbai_sign::{
    ClaimKind, Prepared, Proven, Revoked, SignError, TimeStamps, Verdict, Words, add_validation, assemble,
    attributes_to_sign, finish, prepare, prepare_time_stamp, raw_to_der, verify, verify_with,
};

use crate::kit::*;

fn verdict(report: &mingbai_sign::Report, field: usize, kind: ClaimKind) -> Verdict {
    report.fields[field].of(kind).unwrap()
}

#[test]
fn a_signed_paper_with_its_lists_holds_in_every_claim() {
    let house = House::new();
    let signed = signed_paper(&house);
    assert!(signed.starts_with(PAPER), "the paper's own bytes stay");
    let closed = add_validation(&signed, &house.validation(NOW_MS + HOUR_MS, Vec::new())).unwrap();
    let report = verify(&closed, std::slice::from_ref(&house.root), NOW_MS + 2 * HOUR_MS);
    assert_eq!(report.doubts(), Vec::<&mingbai_sign::Claim>::new());
    assert_eq!(report.verdict(), Verdict::Holds);
    assert_eq!(report.fields[0].name, "borrower");
    assert_eq!(report.fields[0].claimed_at_ms, Some(NOW_MS));
    let by = report.fields[0].signed_by.as_deref().unwrap();
    assert!(by.contains("张三") && by.contains("KQNN-K09R"), "{by}");
}

#[test]
fn without_a_list_revocation_is_not_known_and_nothing_else_is() {
    let house = House::new();
    let report = verify(&signed_paper(&house), std::slice::from_ref(&house.root), NOW_MS + HOUR_MS);
    let kinds: Vec<ClaimKind> = report.doubts().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ClaimKind::Revocation]);
    assert_eq!(report.verdict(), Verdict::NotKnown);
}

#[test]
fn the_lender_seals_after_the_borrower_and_both_hold() {
    let house = House::new();
    let signed = signed_paper(&house);
    let sealed = sign(&house, prepare(&signed, &field("lender")).unwrap(), 4, 4);
    let closed = add_validation(&sealed, &house.validation(NOW_MS + HOUR_MS, Vec::new())).unwrap();
    let report = verify(&closed, std::slice::from_ref(&house.root), NOW_MS + 2 * HOUR_MS);
    assert_eq!(report.doubts(), Vec::<&mingbai_sign::Claim>::new());
    assert_eq!(report.fields.iter().map(|f| f.revision).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(report.revisions, 4);
}

#[test]
fn a_foreign_root_an_expired_and_a_revoked_certificate_are_told_apart() {
    let house = House::new();
    let signed = signed_paper(&house);
    let foreign = House::with_seeds(11, 12);
    let report = verify(&signed, std::slice::from_ref(&foreign.root), NOW_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Chain), Verdict::Contradicted, "same name, other key");

    let report = verify(&signed, &[], NOW_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Chain), Verdict::NotKnown);

    let report = verify(&signed, std::slice::from_ref(&house.root), NOW_MS + 2 * DAY_MS);
    assert_eq!(
        verdict(&report, 0, ClaimKind::Chain),
        Verdict::NotKnown,
        "expired, and the time is not proven"
    );

    let report = verify(&signed, std::slice::from_ref(&house.root), NOW_MS - 2 * DAY_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Time), Verdict::Contradicted, "signed in the future");

    let serial = house.certificate(&key(3), 3).serial().to_vec();
    let revoked = vec![Revoked { serial, at_ms: NOW_MS + HOUR_MS, reason: Default::default() }];
    let closed = add_validation(&signed, &house.validation(NOW_MS + HOUR_MS, revoked)).unwrap();
    let report = verify(&closed, std::slice::from_ref(&house.root), NOW_MS + 2 * HOUR_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Revocation), Verdict::Contradicted);
}

#[test]
fn an_old_list_does_not_speak_for_a_new_signature_and_a_forged_one_contradicts() {
    let house = House::new();
    let signed = signed_paper(&house);
    let old = add_validation(&signed, &house.validation(NOW_MS - 9 * DAY_MS, Vec::new())).unwrap();
    let report = verify(&old, std::slice::from_ref(&house.root), NOW_MS + HOUR_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Revocation), Verdict::NotKnown);

    let mut forged = house.validation(NOW_MS + HOUR_MS, Vec::new());
    let last = forged.crls[0].len() - 1;
    forged.crls[0][last] ^= 1;
    let forged = add_validation(&signed, &forged).unwrap();
    let report = verify(&forged, std::slice::from_ref(&house.root), NOW_MS + 2 * HOUR_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Revocation), Verdict::Contradicted);
}

/// An authority whose token is the digest itself, at a fixed moment.
struct Toy(i64);

impl TimeStamps for Toy {
    fn proven(&self, token: &[u8], digest: &[u8; 32]) -> Result<Proven, (Verdict, Words)> {
        match token.ends_with(digest) {
            true => Ok(Proven { at_ms: self.0, until_ms: i64::MAX }),
            false => Err((
                Verdict::Contradicted,
                Words::new("时间戳不是这份文件的", "the stamp is of another file"),
            )),
        }
    }
}

#[test]
fn a_time_stamp_keeps_a_one_day_certificate_good_and_dates_a_revocation() {
    let house = House::new();
    let prepared = prepare(PAPER, &field("borrower")).unwrap();
    let chain = house.chain(&house.certificate(&key(3), 3));
    let attributes = attributes_to_sign(&prepared.digest(), &chain[0]).unwrap();
    use mingbai_sign::KeyCustody;
    let signature = key(3).sign(&attributes).unwrap();
    let token = sequence(0x04, &<sha2::Sha256 as sha2::Digest>::digest(&signature));
    let signed = finish(prepared, &assemble(&attributes, &signature, &chain, Some(&token)).unwrap()).unwrap();
    let serial = house.certificate(&key(3), 3).serial().to_vec();
    let revoked = vec![Revoked { serial, at_ms: NOW_MS + 3 * HOUR_MS, reason: Default::default() }];
    let closed = add_validation(&signed, &house.validation(NOW_MS + 4 * HOUR_MS, revoked)).unwrap();
    let roots = std::slice::from_ref(&house.root);
    let later = NOW_MS + 400 * DAY_MS;
    assert_eq!(verify_with(&closed, roots, later, &Toy(NOW_MS + 1000)).verdict(), Verdict::Holds);
    let report = verify_with(&closed, roots, later, &Toy(NOW_MS + 5 * HOUR_MS));
    assert_eq!(
        verdict(&report, 0, ClaimKind::Revocation),
        Verdict::Contradicted,
        "stamped after the revocation"
    );
    let report = verify_with(&closed, roots, later, &Toy(NOW_MS - HOUR_MS));
    assert_eq!(verdict(&report, 0, ClaimKind::Time), Verdict::Contradicted, "stamped before it was signed");
    let report = verify(&closed, roots, later);
    assert_eq!(verdict(&report, 0, ClaimKind::Time), Verdict::NotKnown, "nobody checked the stamp");
    assert_ne!(report.verdict(), Verdict::Holds);
}

#[test]
fn a_document_time_stamp_over_everything_proves_the_time_of_what_it_covers() {
    let house = House::new();
    let signed = signed_paper(&house);
    let closed = add_validation(&signed, &house.validation(NOW_MS + HOUR_MS, Vec::new())).unwrap();
    let prepared = prepare_time_stamp(&closed, "archive-1", "归档时间戳", 4096).unwrap();
    let token = sequence(0x04, &prepared.digest());
    let stamped = finish(prepared, &token).unwrap();
    let roots = std::slice::from_ref(&house.root);
    let later = NOW_MS + 400 * DAY_MS;
    let report = verify_with(&stamped, roots, later, &Toy(NOW_MS + 2 * HOUR_MS));
    assert_eq!(report.doubts(), Vec::<&mingbai_sign::Claim>::new());
    assert_eq!(report.fields[0].proven_at_ms, Some(NOW_MS + 2 * HOUR_MS));
    assert_ne!(verify(&stamped, roots, later).verdict(), Verdict::Holds);
}

#[test]
fn a_prepared_file_can_be_put_away_and_found_again() {
    let prepared = prepare(PAPER, &field("borrower")).unwrap();
    let again = Prepared::open(prepared.bytes().to_vec()).unwrap();
    assert_eq!(again, prepared);
    let house = House::new();
    let signed = sign(&house, again, 3, 3);
    assert!(Prepared::open(signed).is_err(), "a filled gap is no gap");
}

#[test]
fn a_text_that_looks_like_the_gap_does_not_become_one() {
    let mut field = field("borrower");
    field.reason = "x /ByteRange [0 0 0 0] /Contents <00> (".into();
    let house = House::new();
    let signed = sign(&house, prepare(&small_paper(), &field).unwrap(), 3, 3);
    let report = verify(&signed, std::slice::from_ref(&house.root), NOW_MS);
    assert_eq!(verdict(&report, 0, ClaimKind::Digest), Verdict::Holds);
}

#[test]
fn what_cannot_be_signed_is_refused_with_words() {
    let refused = |change: fn(&mut mingbai_sign::Field)| {
        let mut field = field("borrower");
        change(&mut field);
        let error = prepare(&small_paper(), &field).unwrap_err();
        let words = error.words();
        assert!(words.zh.chars().any(|c| c > '\u{4e00}') && !words.en.is_empty());
        error
    };
    assert!(matches!(refused(|f| f.name = "a b".into()), SignError::Field { what: "name", .. }));
    assert!(matches!(refused(|f| f.label.clear()), SignError::Field { what: "label", .. }));
    assert!(matches!(refused(|f| f.capacity_bytes = 10), SignError::Field { what: "capacity_bytes", .. }));
    assert!(matches!(refused(|f| f.handwriting = Some(handwriting())), SignError::Field { .. }));
    assert!(matches!(refused(|f| f.signed_at_ms = -1), SignError::Encoding { .. }));
    let prepared = prepare(&small_paper(), &field("a")).unwrap();
    assert!(matches!(finish(prepared, &[0; 5000]), Err(SignError::GapTooSmall { needed: 5000, kept: 4096 })));
    let house = House::new();
    let once = sign(&house, prepare(&small_paper(), &field("a")).unwrap(), 3, 3);
    assert!(prepare(&once, &field("a")).is_err(), "the name is taken");
    assert!(prepare(b"%PDF-1.7\nrubbish", &field("a")).is_err());
}

#[test]
fn a_signature_by_another_key_or_for_another_certificate_is_never_assembled() {
    use mingbai_sign::KeyCustody;
    let house = House::new();
    let mine = house.chain(&house.certificate(&key(3), 3));
    let other = house.chain(&house.certificate(&key(3), 9));
    let attributes = attributes_to_sign(&[7; 32], &mine[0]).unwrap();
    let good = key(3).sign(&attributes).unwrap();
    assert!(assemble(&attributes, &good, &mine, None).is_ok());
    let wrong = key(5).sign(&attributes).unwrap();
    assert!(matches!(assemble(&attributes, &wrong, &mine, None), Err(SignError::BadSignature { .. })));
    assert!(matches!(assemble(&attributes, &good, &other, None), Err(SignError::BadSignature { .. })));
}

#[test]
fn the_browsers_raw_signature_becomes_der() {
    use p256::ecdsa::{Signature, SigningKey, signature::Signer};
    let signature: Signature = SigningKey::from_slice(&[3; 32]).unwrap().sign(b"attributes");
    let raw: Vec<u8> = signature.to_bytes().to_vec();
    assert_eq!(raw_to_der(&raw).unwrap(), signature.to_der().as_bytes());
    assert!(raw_to_der(&raw[..63]).is_err());
    assert!(raw_to_der(&[0; 64]).is_err());
}
