//! The second seal through the port: on, renewed, revoked, turned off, and with pieces of its folder missing or foreign.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use mingbai_desk::ports::{FileVerdict, Signatures as _};
use mingbai_evidence::Digest;
use mingbai_sign::{Certificate, Reason, Revoked};

use super::custody::Custodians;
use super::folder::{Files, SM2_ROOT, SM2_SEAL};
use super::national::{SM2_SEAL_KEY, SecondSeal};
use super::report::{Trusted, inspect};
use super::tests::kit::{DAY_MS, HOUR_MS, NOW_MS};
use super::tests::{Place, browser, doubts, seal, wish};
use super::{BuiltIn, CaPlan, Pen};

fn plan(place: &Place, second: SecondSeal) -> CaPlan {
    CaPlan { custodians: Custodians { second, ..Custodians::default() }, ..place.plan() }
}

fn open(place: &Place, second: SecondSeal, now_ms: i64) -> BuiltIn {
    let house = BuiltIn::open(plan(place, second), now_ms).and_then(|house| house.renewed(now_ms));
    house.unwrap_or_else(|e| panic!("{e:?}"))
}

async fn signed(pen: &Pen) -> Vec<u8> {
    let waiting = pen.prepare(wish(3)).await.unwrap();
    let signature = browser(3, &waiting);
    pen.finish(waiting, signature, None).await.unwrap()
}

async fn closed(pen: &Pen) -> Vec<u8> {
    let sealed = pen.seal(seal(signed(pen).await)).await.unwrap();
    pen.close(sealed, NOW_MS + 2 * HOUR_MS).await.unwrap()
}

#[tokio::test]
async fn a_contract_carries_both_seals_and_holds_in_every_claim() {
    let place = Place::new("sm2");
    let pen = Pen::new(open(&place, SecondSeal::File, NOW_MS));
    let file = closed(&pen).await;
    let report = pen.inspect(file.clone(), NOW_MS + 3 * HOUR_MS).await;
    assert_eq!(doubts(&report), Vec::<String>::new());
    let fields: Vec<&str> = report.signers.iter().map(|s| s.field.as_str()).collect();
    assert_eq!(fields, ["borrower", "lender", "lender-sm2"]);

    // Who trusts the first root alone gets hers and the first seal, and no word on the second.
    let authority = pen.authority(NOW_MS).await.unwrap();
    let root = Certificate::parse(&authority.root).unwrap();
    let trusted = Trusted { roots: vec![root], ..Trusted::default() };
    let report = inspect(&file, &trusted, NOW_MS + 3 * HOUR_MS);
    let unsure: Vec<_> = report.claims.iter().filter(|c| c.verdict != FileVerdict::Holds).collect();
    assert!(
        unsure.iter().all(|c| c.field.as_deref() == Some("lender-sm2") && c.verdict == FileVerdict::NotKnown),
        "{unsure:?}"
    );
    assert!(!unsure.is_empty(), "nobody vouches for the second root here");
}

#[tokio::test]
async fn a_revoked_second_seal_is_renewed_and_its_files_no_longer_hold() {
    let place = Place::new("sm2-revoked");
    let pen = Pen::new(open(&place, SecondSeal::File, NOW_MS));
    let file = closed(&pen).await;
    let files = Files::of(&place.0);
    let first = files.certificate(SM2_SEAL).unwrap();
    let serial = first.serial().to_vec();
    assert_eq!(files.issued_for(&serial).unwrap().as_deref(), Some("sm2-seal"));
    let revoked = Revoked { serial, at_ms: NOW_MS + HOUR_MS / 2, reason: Reason::KeyCompromise };
    files.note_revoked(&revoked).unwrap();
    let report = pen.inspect(file, NOW_MS + 3 * HOUR_MS).await;
    let against: Vec<_> = report.claims.iter().filter(|c| c.verdict == FileVerdict::Contradicted).collect();
    assert!(
        !against.is_empty() && against.iter().all(|c| c.field.as_deref() == Some("lender-sm2")),
        "{against:?}"
    );
    let next = closed(&pen).await;
    assert_ne!(files.certificate(SM2_SEAL).unwrap().serial(), first.serial(), "a new certificate");
    assert_eq!(doubts(&pen.inspect(next, NOW_MS + 3 * HOUR_MS).await), Vec::<String>::new());
}

#[tokio::test]
async fn turned_off_nothing_gets_a_second_seal_and_old_files_still_hold() {
    let place = Place::new("sm2-off");
    let file = closed(&Pen::new(open(&place, SecondSeal::File, NOW_MS))).await;
    let pen = Pen::new(open(&place, SecondSeal::None, NOW_MS + HOUR_MS));
    assert_eq!(doubts(&pen.inspect(file, NOW_MS + 3 * HOUR_MS).await), Vec::<String>::new());
    let report = pen.inspect(closed(&pen).await, NOW_MS + 3 * HOUR_MS).await;
    assert_eq!(report.signers.len(), 2);
    // And a house that never had one has no files for it.
    let other = Place::new("sm2-never");
    let never = Pen::new(other.open(NOW_MS));
    assert_eq!(never.authority(NOW_MS).await.unwrap().national, None);
    assert!(!other.0.join("ca").join(SM2_ROOT).exists());
}

#[tokio::test]
async fn the_same_root_comes_back_and_a_year_later_the_seal_is_renewed() {
    let place = Place::new("sm2-again");
    let root = |pen: Pen, now_ms| async move { pen.authority(now_ms).await.unwrap().national.unwrap() };
    let first = root(Pen::new(open(&place, SecondSeal::File, NOW_MS)), NOW_MS).await;
    let seal_before = Files::of(&place.0).certificate(SM2_SEAL).unwrap();
    let later_ms = NOW_MS + 340 * DAY_MS;
    let pen = Pen::new(open(&place, SecondSeal::File, later_ms));
    let again = root(pen.clone(), later_ms).await;
    assert_eq!(again.root, first.root);
    assert_ne!(again.revocations, first.revocations);
    let mut wish = seal(signed(&pen).await);
    wish.now_ms = later_ms;
    pen.seal(wish).await.unwrap();
    assert_ne!(Files::of(&place.0).certificate(SM2_SEAL).unwrap().der(), seal_before.der());
}

#[test]
fn a_lost_or_foreign_piece_stops_the_start_instead_of_being_made_anew() {
    let place = Place::new("sm2-lost");
    let refused = |plan: CaPlan| BuiltIn::open(plan, NOW_MS).map(|_| ()).map_err(|fail| fail.code());
    let house = open(&place, SecondSeal::File, NOW_MS);
    let named = house.national_digest();
    assert!(named.is_some());
    let foreign = CaPlan { named_national: Some(Digest::of(b"x")), ..plan(&place, SecondSeal::File) };
    assert_eq!(refused(foreign), Err(3), "the log names another root");
    std::fs::rename(place.0.join("keys").join(SM2_SEAL_KEY), place.0.join("kept")).unwrap();
    assert_eq!(refused(plan(&place, SecondSeal::File)), Err(3), "its key is gone");
    std::fs::rename(place.0.join("kept"), place.0.join("keys").join(SM2_SEAL_KEY)).unwrap();
    std::fs::remove_file(place.0.join("ca").join(SM2_ROOT)).unwrap();
    assert_eq!(refused(plan(&place, SecondSeal::File)), Err(3), "its root is gone");
    let elsewhere = CaPlan { named_national: named, ..plan(&place, SecondSeal::None) };
    assert_eq!(refused(elsewhere), Err(3), "the log names one, and it is not here");
}
