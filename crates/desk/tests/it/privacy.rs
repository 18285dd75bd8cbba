//! Forgetting a person: what stands against it, what is gone afterwards on the disk itself, and what still holds.

use std::path::Path;

use mingbai_desk::borrow::Disclose;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::core::borrow::reconcile::ReportedCharge;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::privacy::Basis;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::{Fen, Lang};
use mingbai_desk::evidence::package::{self, Package};
use mingbai_desk::evidence::verify::{ClaimKey, Outcome, Trust, Verdict, verify};
use mingbai_desk::ports::{Holder, KeepError, PaperKind};
use mingbai_desk::{Caller, DeskError, ErrorKind};

use crate::house::{DAY_MS, House, kind};

const NAME: &str = "王秀英";
const PHONE: &str = "138 0000 0000";
const ID_NUMBER: &str = "11010119500101001X";
const NOTE: &str = "本人书面申请,编号 2031-7";
/// A little more than the pack's five years.
const YEARS_MS: i64 = (5 * 365 + 2) * DAY_MS;

/// Where these bytes lie open in any file below a folder.
fn lying_open(path: &Path, needle: &[u8], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            lying_open(&path, needle, found);
        } else if std::fs::read(&path).unwrap().windows(needle.len()).any(|part| part == needle) {
            found.push(path.display().to_string());
        }
    }
}

fn open_in(path: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    lying_open(path, text.as_bytes(), &mut found);
    found
}

async fn read_package(house: &House, id: JourneyId, disclose: Disclose) -> (Vec<u8>, Package) {
    let bytes = house.desk.package(&house.compliance, id, disclose).await.unwrap();
    let read = package::read(&bytes, &package::Limits::default()).unwrap();
    (bytes, read)
}

/// A loan that was paid out, called back or not, and closed.
async fn closed(house: &House, external_ref: &str) -> (JourneyId, Caller) {
    let (id, borrower) = house.paid_out(external_ref).await;
    house.desk.issue_paper(&house.li, id, PaperKind::Plan, Lang::Zh, TypeSize::Normal).await.unwrap();
    house.desk.close_journey(&Caller::system(), id).await.unwrap();
    (id, borrower)
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, DeskError>) -> (ErrorKind, String) {
    let error = outcome.expect_err("it was allowed");
    (error.kind(), error.words().zh)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_on_the_disk_and_every_proof_stays() {
    let house = House::new().await;
    let (id, borrower) = closed(&house, "APP-1").await;
    let (other, _) = closed(&house, "APP-2").await;
    let trust = Trust::Pinned(vec![house.desk.log_key().unwrap()]);
    let (before, old) = read_package(&house, id, Disclose::Everything).await;
    assert_eq!(verify(&before, &trust).outcome(), Outcome::Holds);
    assert!(old.disclosures.iter().any(|opened| opened.value == NAME.as_bytes()));
    let document = old.attachments.iter().find(|one| one.media == "application/pdf").unwrap().clone();
    assert!(String::from_utf8_lossy(&document.bytes).contains(NAME), "the paper carries her name");

    // The control: bytes that do lie there are found, and hers already do not, because they are sealed from the beginning.
    assert!(!open_in(&house.path, &id.stream().to_string()).is_empty());
    assert!(!open_in(&house.path, "honest-loan").is_empty());
    for text in [NAME, PHONE, ID_NUMBER, "%PDF test"] {
        assert_eq!(open_in(&house.path, text), Vec::<String>::new(), "{text} before");
    }
    let person = house.path.join("attachments/person").join(id.uuid().simple().to_string());
    assert!(person.is_dir() && std::fs::read_dir(&person).unwrap().count() > 3);

    house.pass(YEARS_MS);
    let done = house.desk.forget(&house.compliance, id, Basis::PeriodOver, NOTE).await.unwrap();
    assert!(done.documents.contains(&document.sha256));
    for text in [NAME, PHONE, ID_NUMBER, "%PDF test"] {
        assert_eq!(open_in(&house.path, text), Vec::<String>::new(), "{text} after");
    }
    assert!(!person.exists() || std::fs::read_dir(&person).unwrap().count() == 0);
    assert_eq!(house.desk.borrower_name(&house.compliance, id).await.unwrap(), None);
    assert!(house.ports.vault.list(id.uuid()).await.unwrap().is_empty());
    let gone = house.ports.attachments.get(Holder::Person(id.uuid()), document.sha256).await;
    assert_eq!(gone, Err(KeepError::Forgotten));
    assert_eq!(kind(house.desk.table_bytes(&house.compliance, id).await), ErrorKind::NotFound);
    assert!(house.desk.journey(&borrower, id).await.is_ok(), "the journey itself stays");
    assert_eq!(
        house.desk.borrower_name(&house.compliance, other).await.unwrap().as_deref(),
        Some(NAME),
        "others are not forgotten with her"
    );

    what_stays(&house, id, &before, &old, &trust).await;
}

async fn what_stays(house: &House, id: JourneyId, before: &[u8], old: &Package, trust: &Trust) {
    assert_eq!(verify(before, trust).outcome(), Outcome::Holds, "a package of before");
    let (after, new) = read_package(house, id, Disclose::Everything).await;
    let report = verify(&after, trust);
    assert_ne!(report.outcome(), Outcome::Contradicted, "{:?}", report.claims);
    assert!(new.disclosures.is_empty());
    let erased: Vec<_> = report.claims.iter().filter(|claim| claim.key == ClaimKey::Erased).collect();
    assert!(erased.len() > 5 && erased.iter().all(|claim| claim.verdict == Verdict::Proven), "{erased:?}");
    assert!(
        erased.iter().all(|claim| claim.reason.zh.contains("第四十七条第(二)项")
            && claim.reason.zh.contains("证明不受影响"))
    );
    let vague = [ClaimKey::Sealed, ClaimKey::Withheld];
    assert!(!report.claims.iter().any(|claim| vague.contains(&claim.key)), "{:?}", report.claims);
    let ends: Vec<_> = report.claims.iter().filter(|claim| claim.key == ClaimKey::StreamEnd).collect();
    assert!(ends.len() >= 3 && ends.iter().all(|claim| claim.verdict == Verdict::Proven), "{ends:?}");
    assert!(
        ends.iter()
            .any(|claim| claim.subject == id.stream().as_str() && claim.reason.en.contains("has ended"))
    );
    let erased = new.records.iter().find(|record| record.kind() == "erased").unwrap();
    assert_eq!(erased.stream().to_string(), format!("privacy/{}", id.uuid()));
    assert_eq!(erased.body()["basis"], "period_over");
    let named: Vec<_> = erased.body()["documents"].as_array().unwrap().iter().collect();
    let left: Vec<_> = old
        .attachments
        .iter()
        .filter(|one| !new.attachments.iter().any(|other| other.sha256 == one.sha256))
        .collect();
    assert!(left.len() > 3);
    for document in left {
        assert!(named.iter().any(|name| **name == document.sha256.to_string()), "not said to be erased");
    }
    // What is the house's own, the product file and the policy pack, is still in it.
    assert_eq!(new.attachments.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_and_claims_of_hers_stand_against_it() {
    let house = House::new().await;
    let forget = async |id| house.desk.forget(&house.compliance, id, Basis::ConsentWithdrawn, NOTE).await;
    let (id, _) = house.paid_out("APP-1").await;
    let (what, why) = refused(forget(id).await);
    assert_eq!(what, ErrorKind::Refused(RefusalKind::NotNow));
    assert!(why.contains("还没有结清"), "{why}");

    let charge = ReportedCharge {
        reference: "C-9".to_owned(),
        item_key: "consulting".to_owned(),
        name_text: "咨询服务费".to_owned(),
        amount_fen: Fen::new(49_900),
        on: jiff::civil::date(2027, 1, 2),
        payee: "某咨询公司".to_owned(),
    };
    house.desk.report_charge(&house.core, id, charge).await.unwrap();
    assert!(refused(forget(id).await).1.contains("还有应退的钱"));

    // 2026-12-01 in China; five years later, to the day.
    let (id, _) = closed(&house, "APP-2").await;
    let (what, why) = refused(forget(id).await);
    assert_eq!(what, ErrorKind::Refused(RefusalKind::NotNow));
    assert!(why.contains("2031-12-01 起") && why.contains("未经核实"), "{why}");
    house.pass(YEARS_MS - 2 * DAY_MS);
    assert!(refused(forget(id).await).1.contains("2031-12-01 起"));
    house.pass(2 * DAY_MS);
    assert!(forget(id).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_led_to_nothing_is_erased_after_the_period() {
    let house = House::new().await;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    house.act(&borrower, id, Command::Decline { reason: String::new() }).await;
    let early = house.desk.forget(&house.compliance, id, Basis::PurposeOver, NOTE).await;
    assert!(refused(early).1.contains("2031-12-01 起"));
    house.pass(YEARS_MS);
    house.desk.forget(&house.compliance, id, Basis::PurposeOver, NOTE).await.unwrap();
    assert_eq!(house.desk.borrower_name(&house.compliance, id).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_stands_against_it_until_it_is_released() {
    let house = House::new().await;
    let (id, _) = closed(&house, "APP-1").await;
    house.pass(YEARS_MS);
    let desk = &house.desk;
    let court = desk.hold(&house.compliance, id, "法院调取,案号 (2031) 沪 01").await.unwrap();
    let police = desk.hold(&house.compliance, id, "公安机关协助查询 77").await.unwrap();
    assert_ne!(court, police);
    for hold in [court, police] {
        let (what, why) = refused(desk.forget(&house.compliance, id, Basis::PeriodOver, NOTE).await);
        assert_eq!(what, ErrorKind::Refused(RefusalKind::Paused));
        assert!(why.contains("冻结"), "{why}");
        desk.release_hold(&house.compliance, id, hold, "案件已经审结").await.unwrap();
        let again = desk.release_hold(&house.compliance, id, hold, "案件已经审结").await;
        assert_eq!(refused(again).0, ErrorKind::Refused(RefusalKind::DoesNotFit));
    }
    desk.forget(&house.compliance, id, Basis::PeriodOver, NOTE).await.unwrap();
    let late = desk.hold(&house.compliance, id, "法院调取,已经太晚").await;
    assert_eq!(refused(late).0, ErrorKind::Refused(RefusalKind::Ended));
    let file = desk.privacy(&house.auditor, id).await.unwrap();
    assert!(file.holds().is_empty() && file.erased().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_compliance_decides_and_only_with_a_reason() {
    let house = House::new().await;
    let (id, borrower) = closed(&house, "APP-1").await;
    house.pass(YEARS_MS);
    let desk = &house.desk;
    for caller in [&house.core, &house.li, &house.auditor, &house.admin, &borrower, &Caller::system()] {
        assert!(desk.forget(caller, id, Basis::PeriodOver, NOTE).await.is_err());
        assert!(desk.hold(caller, id, "法院调取案件材料").await.is_err());
        assert!(desk.release_hold(caller, id, 0, "案件已经审结").await.is_err());
    }
    assert_eq!(kind(desk.privacy(&house.li, id).await), ErrorKind::Forbidden);
    let bare = desk.forget(&house.compliance, id, Basis::PeriodOver, " ok ").await;
    assert_eq!(refused(bare).0, ErrorKind::Refused(RefusalKind::DoesNotFit));
    assert_eq!(desk.borrower_name(&house.compliance, id).await.unwrap().as_deref(), Some(NAME));
    assert!(desk.privacy(&house.compliance, id).await.unwrap().erased().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_was_decided_is_carried_out_by_the_outbox() {
    let house = House::new().await;
    let (id, _) = closed(&house, "APP-1").await;
    house.pass(YEARS_MS);
    let done = house.desk.forget(&house.compliance, id, Basis::PeriodOver, NOTE).await.unwrap();
    // As if the process had died between the record and the key: documents came back from a copy, the work still waits.
    let person = house.path.join("attachments/person").join(id.uuid().simple().to_string());
    std::fs::create_dir_all(&person).unwrap();
    std::fs::write(person.join("0".repeat(64)), b"left over").unwrap();
    let round = house.run_outbox().await;
    assert!(round.done > 0);
    assert!(!person.join("0".repeat(64)).exists());
    let again = house.desk.forget(&house.compliance, id, Basis::Unlawful, NOTE).await.unwrap();
    assert_eq!(again, done, "the first decision stands");
    let records = house.ports.log.read(&mingbai_desk::core::privacy::stream_of(id)).await.unwrap();
    assert_eq!(records.len(), 1);
}
