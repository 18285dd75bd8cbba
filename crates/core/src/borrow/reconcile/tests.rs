//! Tests of reconciliation: whole plans, wrong charges, and any order of reports.

#![expect(clippy::unwrap_used, reason = "tests")]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::borrow::fixture;

fn charge(key: &str, fen: i64, on: Date) -> ReportedCharge {
    ReportedCharge {
        reference: format!("{key}-{on}-{fen}"),
        item_key: key.to_owned(),
        name_text: String::new(),
        amount_fen: Fen::new(fen),
        on,
        payee: String::new(),
    }
}

fn accept(log: &mut Vec<AcceptedCharge>, charge: &ReportedCharge, finding: &Finding) {
    let (Finding::Explained { parts } | Finding::Violation { explained: parts, .. }) = finding;
    log.push(AcceptedCharge { reference: charge.reference.clone(), on: charge.on, parts: parts.clone() });
}

fn kind(finding: &Finding) -> Option<(ViolationKind, i64)> {
    match finding {
        Finding::Explained { .. } => None,
        Finding::Violation { kind, refund_fen, .. } => Some((*kind, refund_fen.get())),
    }
}

#[test]
fn the_whole_plan_is_explained_and_nothing_more() {
    let table = fixture::loaded();
    let mut log = Vec::new();
    for row in &table.instalments {
        let due = charge("instalment", row.total_fen.get(), row.due_on);
        let finding = check(&table, &log, &due);
        assert_eq!(kind(&finding), None, "{finding:?}");
        accept(&mut log, &due, &finding);
    }
    let taken: Fen = log.iter().flat_map(|known| &known.parts).map(|part| part.amount_fen).sum();
    let deducted = table.upfront_deduction.as_ref().unwrap().amount_fen;
    assert_eq!(taken + deducted, table.total_repayable_fen);
    for key in ["principal", "interest", "guarantee", "insurance", "instalment", "service"] {
        let again = charge(key, 100, date(2028, 1, 1));
        assert_eq!(kind(&check(&table, &log, &again)), Some((ViolationKind::Duplicate, 100)), "{key}");
    }
}

#[test]
fn an_unlisted_fee_is_given_back_whole() {
    let table = fixture::loaded();
    let mut bad = charge("account_fee", 19_900, date(2027, 1, 5));
    bad.name_text = "账户管理费".to_owned();
    let finding = check(&table, &[], &bad);
    assert_eq!(kind(&finding), Some((ViolationKind::Unlisted, 19_900)));
    let Finding::Violation { words, .. } = finding else { panic!("it is a violation") };
    assert_eq!(
        words.zh,
        "2027年1月5日收取的“账户管理费”199.00 元 不在成本表里,谁都不能收。应当退还借款人 199.00 元。"
    );
}

#[test]
fn the_excess_the_early_and_the_second_are_told_apart() {
    let table = fixture::loaded();
    let due = table.instalments[0].due_on;
    let more = check(&table, &[], &charge("guarantee", 96_001, due));
    assert_eq!(kind(&more), Some((ViolationKind::TooLarge, 1)));
    let early = check(&table, &[], &charge("guarantee", 96_000, due.yesterday().unwrap()));
    assert_eq!(kind(&early), Some((ViolationKind::TooEarly, 96_000)));
    let mut log = Vec::new();
    let first = charge("guarantee", 96_000, due);
    let finding = check(&table, &log, &first);
    accept(&mut log, &first, &finding);
    assert_eq!(
        kind(&check(&table, &log, &first)),
        Some((ViolationKind::Duplicate, 96_000)),
        "same reference"
    );
    let second = charge("guarantee", 96_000, due.tomorrow().unwrap());
    assert_eq!(kind(&check(&table, &log, &second)), Some((ViolationKind::Duplicate, 96_000)));
    let name_only = ReportedCharge { item_key: String::new(), name_text: "担保费".to_owned(), ..first };
    assert_eq!(kind(&check(&table, &[], &name_only)), None);
    assert_eq!(kind(&check(&table, &[], &charge("guarantee", 0, due))), Some((ViolationKind::Malformed, 0)));
}

#[test]
fn late_costs_stay_within_what_was_disclosed() {
    let table = fixture::honest();
    let row = &table.instalments[0];
    let example = &table.default_costs.late_example;
    let thirty = row.due_on.checked_add(jiff::Span::new().days(30)).unwrap();
    let extra = example.overdue_interest_fen.get();
    assert!(extra > 0);
    assert_eq!(kind(&check(&table, &[], &charge("overdue_interest", extra, thirty))), None);
    let over = check(&table, &[], &charge("overdue_interest", extra + 100, thirty));
    assert!(matches!(kind(&over), Some((ViolationKind::TooLarge, 99..=100))), "{over:?}");
    let in_grace = row.due_on.checked_add(jiff::Span::new().days(3)).unwrap();
    let early = check(&table, &[], &charge("overdue_interest", 1, in_grace));
    assert_eq!(kind(&early), Some((ViolationKind::TooEarly, 1)));
    let paid = charge("instalment", row.total_fen.get(), row.due_on);
    let mut log = Vec::new();
    let finding = check(&table, &log, &paid);
    accept(&mut log, &paid, &finding);
    let never_late = check(&table, &log, &charge("overdue_interest", extra, thirty));
    assert!(matches!(kind(&never_late), Some((_, refund)) if refund == extra), "{never_late:?}");
    assert!(kind(&check(&table, &[], &charge("late_fee", 100, thirty))).is_some(), "none was disclosed");
}

#[test]
fn paying_off_early_closes_the_plan() {
    let table = fixture::honest();
    let row = table.early[3];
    let all = charge("early_payoff", row.payoff_fen.get(), row.on);
    let mut log = Vec::new();
    for row in &table.instalments[..4] {
        let due = charge("instalment", row.total_fen.get(), row.due_on);
        let finding = check(&table, &log, &due);
        accept(&mut log, &due, &finding);
    }
    let finding = check(&table, &log, &all);
    assert_eq!(kind(&finding), None);
    accept(&mut log, &all, &finding);
    let later = &table.instalments[5];
    let again = check(&table, &log, &charge("interest", later.interest_fen.get(), later.due_on));
    assert_eq!(kind(&again), Some((ViolationKind::Duplicate, later.interest_fen.get())));
    let more = check(&table, &[], &charge("early_payoff", row.payoff_fen.get() + 1, row.on));
    assert_eq!(kind(&more), Some((ViolationKind::TooLarge, 1)));
}

#[test]
fn a_payout_short_of_the_principal_is_short_even_when_disclosed() {
    let table = fixture::loaded();
    assert_eq!(check_payout(&table, table.principal_fen), PayoutFinding::Match);
    let PayoutFinding::Short { by, disclosed_deduction_fen, .. } = check_payout(&table, table.net_payout_fen)
    else {
        panic!("2 % are missing")
    };
    assert_eq!((by.get(), disclosed_deduction_fen.get()), (240_000, 240_000));
    let over = check_payout(&table, table.principal_fen + Fen::new(1));
    assert!(matches!(over, PayoutFinding::Over { by, .. } if by.get() == 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is reported, no more is ever explained than the table allows, and every fen is explained or
    /// given back.
    #[test]
    fn nobody_takes_more_than_the_table(
        reports in proptest::collection::vec((0..7_usize, 1..2_000_000_i64, 0..420_i64), 1..30),
    ) {
        let table = fixture::loaded();
        let keys = ["principal", "interest", "instalment", "guarantee", "insurance", "service", "gift"];
        let mut log = Vec::new();
        for (index, (key, fen, day)) in reports.into_iter().enumerate() {
            let on = table.payout_on.checked_add(jiff::Span::new().days(day)).unwrap();
            let mut report = charge(keys[key], fen, on);
            report.reference = index.to_string();
            let finding = check(&table, &log, &report);
            let before = log.len();
            accept(&mut log, &report, &finding);
            let explained: i64 = log[before].parts.iter().map(|part| part.amount_fen.get()).sum();
            let refund = kind(&finding).map_or(0, |(_, refund)| refund);
            prop_assert_eq!(explained + refund, fen);
        }
        for line in lines::lines(&table) {
            prop_assert!(lines::taken(&log, &line.item, line.period) <= line.amount_fen);
        }
    }
}
