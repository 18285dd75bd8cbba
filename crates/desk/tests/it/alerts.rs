//! Reports about scams, kept with consent and for a time, and bulletins, written by one and released by another.

use mingbai_desk::ErrorKind;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::core::text::both;
use mingbai_desk::core::trust::bulletin::{BulletinText, Group};
use mingbai_desk::core::trust::scam_report::{Handling, Harm, KEEP_DAYS};
use mingbai_desk::trust::{ReportWish, signs_of};

use crate::house::{DAY_MS, House, kind, member};

const POLICE: &str = "我是公安局的,您名下银行卡涉嫌洗钱,请把资金转到安全账户,不要告诉家人";

fn wish() -> ReportWish {
    ReportWish {
        message: POLICE.to_owned(),
        harm: Harm::Paid,
        facts: "昨天下午转了五千,对方尾号 1234".to_owned(),
        contact: "138 0000 0042".to_owned(),
    }
}

#[tokio::test]
async fn a_report_is_sealed_looked_at_and_gone_after_its_days() {
    let house = House::new().await;
    let made = house.desk.report_scam(wish()).await.unwrap();
    let listed = house.desk.scam_reports(&house.auditor).await.unwrap();
    assert_eq!((listed.len(), listed[0].reported.families[0].as_str()), (1, "fake-police"));
    let file = house.desk.scam_report(&house.compliance, made.id).await.unwrap();
    assert_eq!((file.message.as_deref(), file.contact.as_deref()), (Some(POLICE), Some("138 0000 0042")));
    for item in house.ports.log.read(&made.id.stream()).await.unwrap() {
        let bytes = String::from_utf8_lossy(item.record.bytes()).into_owned();
        assert!(!bytes.contains("安全账户") && !bytes.contains("138") && !bytes.contains("1234"), "{bytes}");
    }
    let handle =
        async |caller| house.desk.handle_report(caller, made.id, (Handling::Called, "已电话提醒")).await;
    assert_eq!(kind(handle(&house.li).await), ErrorKind::Forbidden);
    handle(&house.compliance).await.unwrap();
    house.pass(i64::from(KEEP_DAYS) * DAY_MS - 1);
    house.run_outbox().await;
    assert!(house.desk.scam_report(&house.auditor, made.id).await.unwrap().message.is_some());
    house.pass(1);
    house.run_outbox().await;
    let file = house.desk.scam_report(&house.auditor, made.id).await.unwrap();
    assert_eq!((file.message, file.contact, file.notes), (None, None, vec![None]));
    assert!(file.report.erased.is_some());
    assert!(handle(&house.compliance).await.is_err());
}

#[tokio::test]
async fn she_takes_her_consent_back_and_it_is_gone_at_once() {
    let house = House::new().await;
    let made = house.desk.report_scam(wish()).await.unwrap();
    assert_eq!(kind(house.desk.erase_report(&house.auditor, made.id).await), ErrorKind::Forbidden);
    house.desk.erase_report(&house.compliance, made.id).await.unwrap();
    assert_eq!(house.desk.scam_report(&house.auditor, made.id).await.unwrap().message, None);
    assert!(house.desk.erase_report(&house.compliance, made.id).await.is_err());
    house.pass(i64::from(KEEP_DAYS) * DAY_MS);
    assert_eq!(house.run_outbox().await.waiting, 0, "the timer finds nothing left to do");
}

fn bulletin(house: &House, family: &str) -> BulletinText {
    BulletinText {
        title: both("AB 贷:钱给别人用,债是您还", "AB loans: the money is theirs, the debt is yours"),
        text: both("有人让您贷款给他用,请停下。", "If somebody wants you to borrow for him, stop."),
        region: "成都".to_owned(),
        group: Group::All,
        families: vec![family.to_owned()],
        until_ms: house.desk.now_ms() + 30 * DAY_MS,
    }
}

#[tokio::test]
async fn a_bulletin_is_public_when_another_person_released_it() {
    let house = House::new().await;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let desk = &house.desk;
    let public = async |region| desk.public_bulletins(region, None).await.unwrap();
    let id = desk.draft_bulletin(&house.compliance, None, bulletin(&house, "ab-loan")).await.unwrap();
    assert!(public("").await.is_empty());
    assert!(desk.release_bulletin(&house.compliance, id, 0).await.is_err());
    assert_eq!(kind(desk.release_bulletin(&house.li, id, 0).await), ErrorKind::Forbidden);
    desk.release_bulletin(&wu, id, 0).await.unwrap();
    assert_eq!((public("").await.len(), public("成都").await.len(), public("绵阳").await.len()), (1, 1, 0));

    // The signs of an answer lead to it, others do not.
    let about = async |key| desk.bulletins_about(signs_of(key)).await.unwrap().len();
    assert_eq!((about(ScreenKey::ForOther).await, about(ScreenKey::AskedCode).await), (1, 0));
    desk.end_bulletin(&house.compliance, id, "有错字").await.unwrap();
    assert!(public("").await.is_empty());

    let wrong = BulletinText { until_ms: 0, ..bulletin(&house, "ab-loan") };
    assert_eq!(kind(desk.draft_bulletin(&wu, None, wrong).await), ErrorKind::Invalid);
    let unknown = bulletin(&house, "no-such-family");
    assert_eq!(kind(desk.draft_bulletin(&wu, None, unknown).await), ErrorKind::Invalid);
    let one = desk.draft_bulletin(&wu, None, bulletin(&house, "ab-loan")).await.unwrap();
    desk.release_bulletin(&house.compliance, one, 0).await.unwrap();
    assert_eq!(public("").await.len(), 1);
    house.pass(31 * DAY_MS);
    assert!(public("").await.is_empty(), "a stale warning is not shown");
}
