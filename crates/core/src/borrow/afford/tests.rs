//! Tests of the affordability rule, at its limit and beyond.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::borrow::fixture;

const RULE: AffordRule = AffordRule { max_ratio_ppm: 500_000 };

fn declared(income: i64, debt: i64) -> Declared {
    Declared::new(Fen::new(income), Fen::new(debt)).unwrap()
}

#[test]
fn the_limit_itself_is_within_and_a_fen_less_income_is_over() {
    let table = fixture::loaded();
    let highest = table.instalments.iter().map(|row| row.total_fen.get()).max().unwrap();
    let at = assess(RULE, declared(highest * 2, 0), &table);
    assert_eq!((at.outcome, at.ratio_ppm), (AffordOutcome::Within, Some(500_000)));
    let under = assess(RULE, declared(highest * 2 - 1, 0), &table);
    assert_eq!((under.outcome, under.ratio_ppm), (AffordOutcome::Over, Some(500_001)));
    assert!(
        under.reasons.zh.contains("50.01%"),
        "a refusal must not read as equal to the limit: {}",
        under.reasons.zh
    );
    assert!(under.next.zh.contains("人工复核"));
}

#[test]
fn fees_and_other_debts_count() {
    let table = fixture::loaded();
    let first = &table.instalments[0];
    let bare = (first.principal_fen + first.interest_fen).get();
    assert_eq!(assess(RULE, declared(bare * 2, 0), &table).outcome, AffordOutcome::Over);
    let enough = first.total_fen.get() * 2;
    assert_eq!(assess(RULE, declared(enough, 1), &table).outcome, AffordOutcome::Over);
}

#[test]
fn no_income_is_an_answer_not_a_division() {
    let nothing = assess(RULE, declared(0, 0), &fixture::honest());
    assert_eq!((nothing.outcome, nothing.ratio_ppm), (AffordOutcome::Over, None));
}

#[test]
fn impossible_declarations_cannot_be_made() {
    assert_eq!(Declared::new(Fen::new(-1), Fen::ZERO), Err(BadDeclaration::Income));
    assert_eq!(Declared::new(Fen::ZERO, Fen::new(i64::MAX)), Err(BadDeclaration::Debt));
    let json = r#"{"monthly_income_fen":-1,"monthly_debt_fen":0}"#;
    assert!(serde_json::from_str::<Declared>(json).is_err());
}
