//! Early repayment, prepayment, rescheduling, late payment and the fee rules that go with them.

use jiff::civil::date;
use mingbai_cost::early::{self, AfterPrepayment, ChangeError, Reschedule};
use mingbai_cost::table::ItemKind;
use mingbai_cost::terms::{Base, Collected, EarlyRule, FeeNature, Method, OnEarlyRepayment, Timing};
use mingbai_cost::{Fen, Terms, TermsSpec, quote};

use crate::common::{fee, guaranteed, plain};

fn terms(spec: TermsSpec) -> Terms {
    Terms::new(spec).unwrap()
}

#[test]
fn settling_on_the_last_day_changes_nothing() {
    let terms = terms(guaranteed());
    let table = quote(&terms).unwrap();
    let (settlement, changed) = early::settle(&terms, table.final_due_on).unwrap();
    assert_eq!(changed.table, table);
    assert_eq!((settlement.payoff_fen, settlement.saved_fen), (Fen::ZERO, Fen::ZERO));
}

#[test]
fn settling_on_a_due_date_is_the_early_row() {
    let mut spec = guaranteed();
    spec.early = EarlyRule::PercentOfPrincipal { ppm: 10_000, until_period: 12 };
    let terms = terms(spec);
    let table = quote(&terms).unwrap();
    for n in [12, 13] {
        let row = table.early[n - 1];
        let (settlement, changed) = early::settle(&terms, row.on).unwrap();
        assert_eq!(settlement.payoff_fen, row.payoff_fen);
        assert_eq!(settlement.saved_fen, row.saved_fen);
        let expected = if n == 12 {
            row.balance_fen.times_ppm(10_000, mingbai_cost::terms::Rounding::HalfUp)
        } else {
            Fen::ZERO
        };
        assert_eq!(row.fee_fen, expected);
        assert_eq!(changed.difference.cost_fen, -row.saved_fen);
        assert_eq!(changed.table.instalments.len(), n + 1);
    }
}

#[test]
fn mid_period_interest_is_by_the_day_and_the_running_fee_is_due() {
    let terms = terms(guaranteed());
    // 15 of the 30 days of September: half of the first month's 500.00.
    let settlement = early::settlement(&terms, date(2026, 9, 16)).unwrap();
    assert_eq!(settlement.accrued_interest_fen, Fen::new(25_000));
    assert_eq!(settlement.running_fees_fen, Fen::new(80_000));
    assert_eq!(settlement.payoff_fen, Fen::new(10_105_000));
}

#[test]
fn fees_and_deposits_come_back_by_time() {
    let mut spec = plain(1_200_000, 120_000, 12);
    let mut insurance = fee("insurance", Timing::AtPayout, Base::Fixed(Fen::new(36_500)));
    insurance.on_early_repayment = OnEarlyRepayment::RefundedByTime;
    let mut deposit = fee("deposit", Timing::AtPayout, Base::OriginalPrincipal(100_000));
    deposit.nature = FeeNature::Deposit;
    deposit.collected = Collected::DeductedFromPayout;
    spec.fees = vec![insurance, deposit];
    let terms = terms(spec);
    let table = quote(&terms).unwrap();
    assert_eq!(table.net_payout_fen, Fen::new(1_080_000));
    assert_eq!(table.items[2].kind, ItemKind::Deposit);
    assert_eq!(table.items[2].total_fen, Fen::ZERO);
    assert_eq!(table.instalments[11].fees_fen, Fen::new(-120_000));
    assert_eq!(table.total_fees_fen, Fen::new(36_500));
    // 365 days; repaid after 30 of them, 335 are unused: 335.00 of 365.00, and the deposit.
    let (settlement, changed) = early::settle(&terms, date(2026, 10, 1)).unwrap();
    assert_eq!(settlement.refund_fen, Fen::new(33_500 + 120_000));
    assert_eq!(changed.table.total_fees_fen, Fen::new(3_000));
}

#[test]
fn a_prepayment_shortens_or_lightens() {
    let terms = terms(guaranteed());
    let table = quote(&terms).unwrap();
    let on = table.instalments[11].due_on;
    let shorter = early::prepay(&terms, on, Fen::new(3_000_000), AfterPrepayment::LessTime).unwrap();
    let lighter = early::prepay(&terms, on, Fen::new(3_000_000), AfterPrepayment::LessPayment).unwrap();
    assert!(shorter.difference.final_due_after < table.final_due_on);
    assert_eq!(shorter.difference.next_payment_after_fen, shorter.difference.next_payment_before_fen);
    assert_eq!(lighter.difference.final_due_after, table.final_due_on);
    assert!(lighter.difference.next_payment_after_fen < lighter.difference.next_payment_before_fen);
    assert!(shorter.difference.cost_fen < lighter.difference.cost_fen);
    assert!(lighter.difference.cost_fen < Fen::ZERO);
    let sum: Fen = lighter.table.instalments.iter().map(|row| row.principal_fen).sum();
    assert_eq!(sum, Fen::new(10_000_000));
}

#[test]
fn a_prepayment_on_any_day_works_for_every_method() {
    for method in [
        Method::EqualInstalment,
        Method::EqualPrincipal,
        Method::FlatInterest,
        Method::CardInstalment { fee_per_period_ppm: 6_000 },
        Method::InterestOnly,
        Method::Bullet,
    ] {
        let rate = if matches!(method, Method::CardInstalment { .. }) { 0 } else { 120_000 };
        let mut spec = plain(1_200_000, rate, 12);
        spec.plan.method = method.clone();
        let terms = terms(spec);
        let on = date(2027, 1, 17);
        let lighter = early::prepay(&terms, on, Fen::new(100_000), AfterPrepayment::LessPayment).unwrap();
        assert!(lighter.difference.cost_fen <= Fen::ZERO, "{method:?} {:?}", lighter.difference);
        let shorter = early::prepay(&terms, on, Fen::new(100_000), AfterPrepayment::LessTime);
        match method {
            Method::InterestOnly | Method::Bullet => assert_eq!(shorter, Err(ChangeError::NothingToShorten)),
            _ => assert!(shorter.unwrap().difference.cost_fen <= Fen::ZERO, "{method:?}"),
        }
    }
}

#[test]
fn rescheduling_stretches_the_rest() {
    let terms = terms(guaranteed());
    let longer = Reschedule { after_period: 12, periods: 36, annual_rate_ppm: Some(50_000) };
    let changed = early::reschedule(&terms, &longer).unwrap();
    assert_eq!(changed.table.instalments.len(), 48);
    assert_eq!(changed.difference.instalments, 12);
    assert!(changed.difference.next_payment_after_fen < changed.difference.next_payment_before_fen);
    assert!(changed.table.items[0].standard.zh.contains("第 13 期起年利率 5.00%"));
    let same = Reschedule { after_period: 12, periods: 24, annual_rate_ppm: None };
    let same = early::reschedule(&terms, &same).unwrap();
    // Only the rounding of the instalment may differ.
    assert!(same.difference.cost_fen.abs() <= Fen::new(36), "{:?}", same.difference);
}

#[test]
fn a_late_month_is_worked_out() {
    let terms = terms(guaranteed());
    let table = quote(&terms).unwrap();
    let example = table.default_costs.late_example;
    // Overdue 9 %: 30 days of principal 2,542.19 and of interest 500.00, over 360.
    assert_eq!(
        (example.overdue_interest_fen, example.compound_interest_fen),
        (Fen::new(1_907), Fen::new(375))
    );
    let late = early::late_payment(&terms, 1, 30).unwrap();
    assert_eq!(late.example, example);
    assert_eq!(late.paid_on, date(2026, 10, 31));
    assert_eq!(early::late_payment(&terms, 37, 1), Err(ChangeError::NoSuchInstalment { n: 37, last: 36 }));
}

#[test]
fn refused_changes_say_why() {
    let terms = terms(guaranteed());
    let before = early::settlement(&terms, date(2026, 8, 31));
    assert!(matches!(before, Err(ChangeError::BeforePayout { .. })));
    let after = early::settlement(&terms, date(2029, 9, 2));
    assert!(matches!(after, Err(ChangeError::AfterEnd { .. })));
    let all = early::prepay(&terms, date(2026, 9, 1), Fen::new(10_000_000), AfterPrepayment::LessTime);
    assert!(matches!(all, Err(ChangeError::Amount { .. })));
    assert!(after.unwrap_err().words().zh.contains("最后还款日"));
}
