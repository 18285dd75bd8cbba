//! Repayment plans: two published ones, and every method's shape.

use jiff::civil::date;
use mingbai_cost::schedule::{Plan, plan};
use mingbai_cost::terms::{CustomRow, DayCount, Method, Residue, Rounding};
use mingbai_cost::{Fen, Terms, TermsSpec};
use serde::Deserialize;

use crate::common::plain;

/// Two schedules of apache/fineract's own tests (Apache-2.0); the file names its source.
const FINERACT: &str = include_str!("../fixtures/fineract_schedules.json");

#[derive(Deserialize)]
struct Published {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    rate: f64,
    days: String,
    rows: Vec<[f64; 4]>,
}

fn fen(yuan: f64) -> Fen {
    Fen::new((yuan * 100.0).round() as i64)
}

fn plan_of(spec: TermsSpec) -> Plan {
    plan(&Terms::new(spec).unwrap())
}

#[test]
fn fineract_schedules_to_the_cent() {
    let published: Published = serde_json::from_str(FINERACT).unwrap();
    assert_eq!(published.cases.len(), 2);
    for case in published.cases {
        let mut spec = plain(10_000, (case.rate * 10_000.0).round() as i64, 6);
        spec.payout_on = date(2024, 1, 1);
        spec.plan.day_count = match case.days.as_str() {
            "ACTUAL/365" => DayCount::Actual365,
            "30/360" => DayCount::Thirty360,
            other => panic!("{other}"),
        };
        let rows = plan_of(spec).rows;
        assert_eq!(rows.len(), case.rows.len(), "{}", case.id);
        for (row, [emi, interest, principal, balance]) in rows.iter().zip(case.rows) {
            let got =
                [row.principal_fen + row.interest_fen, row.interest_fen, row.principal_fen, row.balance_fen];
            assert_eq!(got, [emi, interest, principal, balance].map(fen), "{} {}", case.id, row.due_on);
        }
    }
}

fn with(method: Method) -> TermsSpec {
    let mut spec = plain(1_200_000, 120_000, 12);
    spec.plan.method = method;
    spec
}

fn parts(plan: &Plan) -> Vec<(i64, i64)> {
    plan.rows.iter().map(|row| (row.principal_fen.get(), row.interest_fen.get())).collect()
}

#[test]
fn each_method_has_its_shape() {
    let equal = parts(&plan_of(with(Method::EqualPrincipal)));
    assert_eq!((equal[0], equal[11]), ((100_000, 12_000), (100_000, 1_000)));
    let flat = parts(&plan_of(with(Method::FlatInterest)));
    assert!(flat.iter().all(|row| *row == (100_000, 12_000)));
    let interest_only = parts(&plan_of(with(Method::InterestOnly)));
    assert_eq!((interest_only[0], interest_only[11]), ((0, 12_000), (1_200_000, 12_000)));
    assert_eq!(parts(&plan_of(with(Method::Bullet))), [(1_200_000, 144_000)]);
    let mut revolving = with(Method::Revolving);
    revolving.plan.day_count = DayCount::Actual360;
    // September has 30 days, October 31: 1,200,000 · 12 % · days / 360.
    assert_eq!(parts(&plan_of(revolving))[..2], [(0, 12_000), (0, 12_400)]);
    let rows = vec![
        CustomRow { due_on: date(2027, 3, 1), principal_fen: Fen::new(200_000) },
        CustomRow { due_on: date(2027, 9, 1), principal_fen: Fen::new(1_000_000) },
    ];
    let mut custom = with(Method::Custom { rows });
    custom.plan.periods = 2;
    let plan = plan_of(custom);
    assert_eq!(parts(&plan), [(200_000, 72_000), (1_000_000, 60_000)]);
    assert_eq!(plan.rows.iter().map(|row| row.month).collect::<Vec<_>>(), [6, 12]);
}

#[test]
fn grace_and_interest_free_periods() {
    let mut spec = with(Method::EqualInstalment);
    spec.plan.grace_periods = 3;
    spec.plan.interest_free_periods = 1;
    let rows = parts(&plan_of(spec));
    assert_eq!(rows[..3], [(0, 0), (0, 12_000), (0, 12_000)]);
    assert_eq!(rows[3..].iter().map(|row| row.0).sum::<i64>(), 1_200_000);
    assert_eq!(rows[3].0 + rows[3].1, rows[4].0 + rows[4].1);
}

#[test]
fn an_odd_first_period_costs_its_days() {
    let mut spec = with(Method::InterestOnly);
    spec.plan.first_due_on = Some(date(2026, 10, 16));
    let rows = plan_of(spec).rows;
    // One month and 15 days of 30: 12,000 · 1.5.
    assert_eq!(rows[0].interest_fen, Fen::new(18_000));
    assert_eq!(rows[1].due_on, date(2026, 11, 16));
    assert_eq!(rows[1].interest_fen, Fen::new(12_000));
}

#[test]
fn the_residue_goes_where_the_product_says() {
    for (method, rounding) in [
        (Method::EqualPrincipal, Rounding::HalfUp),
        (Method::EqualInstalment, Rounding::HalfUp),
        (Method::EqualInstalment, Rounding::Up),
    ] {
        let mut spec = plain(10_000_001, 60_000, 36);
        spec.plan.method = method;
        spec.plan.rounding = rounding;
        let last = plan_of(spec.clone());
        spec.plan.residue = Residue::First;
        let first = plan_of(spec.clone());
        let total = |plan: &Plan, at: usize| plan.rows[at].principal_fen + plan.rows[at].interest_fen;
        match spec.plan.method {
            Method::EqualPrincipal => {
                assert_eq!(first.rows[35].principal_fen, first.rows[1].principal_fen);
                assert_ne!(last.rows[35].principal_fen, last.rows[1].principal_fen);
            }
            _ => {
                assert_ne!(total(&last, 35), total(&last, 1), "{rounding:?}");
                assert!((total(&first, 35) - total(&first, 1)).abs() <= Fen::new(2), "{rounding:?}");
            }
        }
    }
}
