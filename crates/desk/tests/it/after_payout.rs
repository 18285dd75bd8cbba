//! Charges that the table does not explain, short payouts, and the money that must come back.

use mingbai_desk::ErrorKind;
use mingbai_desk::core::borrow::event::ViolationKind;
use mingbai_desk::core::borrow::reconcile::ReportedCharge;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::cost::Fen;

use crate::house::{House, kind};

fn charge(reference: &str, item_key: &str, fen: i64) -> ReportedCharge {
    ReportedCharge {
        reference: reference.to_owned(),
        item_key: item_key.to_owned(),
        name_text: "咨询服务费".to_owned(),
        amount_fen: Fen::new(fen),
        on: jiff::civil::date(2027, 1, 2),
        payee: "某咨询公司".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlisted_charge_is_a_violation_with_the_amount_to_give_back() {
    let house = House::new().await;
    let (id, _) = house.paid_out("APP-1").await;
    let desk = &house.desk;
    let acted = desk.report_charge(&house.core, id, charge("C-9", "consulting", 49_900)).await.unwrap();
    let found = &acted.view.journey.violations()[0];
    assert_eq!((found.kind, found.refund_fen), (ViolationKind::Unlisted, Fen::new(49_900)));
    assert!(
        desk.report_charge(&house.core, id, charge("C-9", "consulting", 49_900))
            .await
            .unwrap()
            .receipt
            .is_none()
    );
    house.run_outbox().await;
    assert_eq!(house.told("violation.found")[0]["data"]["refund_fen"], 49_900);
    let row = desk.list(&house.compliance, Default::default()).await.unwrap().remove(0);
    assert_eq!((row.violations_open, row.remedies_open, row.stage.as_str()), (1, 1, "paid_out"));

    let too_much = desk.report_refund(&house.core, id, "C-9", Fen::new(49_901)).await;
    assert_eq!(kind(too_much), ErrorKind::Refused(RefusalKind::DoesNotFit));
    let acted = desk.report_refund(&house.core, id, "C-9", Fen::new(49_900)).await.unwrap();
    assert_eq!(acted.view.journey.violations()[0].refunded_fen, Fen::new(49_900));
    assert_eq!(desk.list(&house.compliance, Default::default()).await.unwrap()[0].violations_open, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_payout_is_a_violation() {
    let house = House::new().await;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    house.ceremony(&borrower, id).await;
    let permit = house.desk.permit(&house.core, id).await.unwrap().claims;
    let day = jiff::civil::date(2026, 12, 2);
    let short = permit.amount_fen - Fen::new(250_000);
    let acted = house.desk.report_payout(&house.core, id, &permit.permit, short, day, "PAY-1").await.unwrap();
    let found = &acted.view.journey.violations()[0];
    assert_eq!((found.kind, found.refund_fen), (ViolationKind::ShortPayout, Fen::new(250_000)));
    // The permit is used up.
    let again =
        house.desk.report_payout(&house.core, id, &permit.permit, permit.amount_fen, day, "PAY-2").await;
    assert_eq!(kind(again), ErrorKind::Refused(RefusalKind::Ended));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_cannot_be_are_refused_without_a_trace() {
    let house = House::new().await;
    let (id, _) = house.paid_out("APP-1").await;
    let (desk, core) = (&house.desk, &house.core);
    let before = house.ports.log.head().await.unwrap();
    let day = jiff::civil::date(2026, 12, 2);
    assert_eq!(kind(desk.report_charge(core, id, charge("", "x", 1)).await), ErrorKind::Invalid);
    assert_eq!(
        kind(desk.report_charge(core, id, charge("C", &"x".repeat(201), 1)).await),
        ErrorKind::Invalid
    );
    assert_eq!(kind(desk.report_refund(core, id, "C", Fen::ZERO).await), ErrorKind::Invalid);
    assert_eq!(kind(desk.report_payout(core, id, "p", Fen::new(-1), day, "r").await), ErrorKind::Invalid);
    assert!(desk.report_charge(core, id, charge("C", "x", 0)).await.is_err());
    assert_eq!(house.ports.log.head().await.unwrap(), before);
}
