//! Product files: good ones, broken ones, and what the messages say.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use mingbai_core::text::Tell as _;

use super::*;

const GOOD: &str = r#"
v = 1
id = "plain-loan"
version = "2026.1"
name = { zh = "明白贷", en = "Plain loan" }
summary = { zh = "只收利息。", en = "Interest and nothing else." }
lender = { role = "bank", name = { zh = "示例银行", en = "Example Bank" } }
afford_limit_ppm = 500000
early = "free"

[amount]
min_fen = 100000
max_fen = 20000000

[term]
periods = [6, 12, 36]

[plan]
methods = ["equal_instalment", "equal_principal"]
annual_rate_ppm = 80000
day_count = "per_period"
rounding = "half_up"
residue = "last"

[[fee]]
key = "guarantee"
name = { zh = "担保费", en = "Guarantee fee" }
nature = "fee"
payee = { role = "guarantor", name = { zh = "示例担保公司", en = "Example Guarantee" } }
timing = "each_period"
base = { original_principal = 8000 }
collected = "paid_apart"
on_early_repayment = "not_refundable"

[default]
overdue_rate_ppm = 120000
compound_on_interest = "not_charged"
misuse_rate_ppm = 160000
"#;

fn day() -> Date {
    jiff::civil::date(2026, 12, 1)
}

#[test]
fn turns_a_wish_into_terms() {
    let product = Product::parse(GOOD).unwrap();
    let terms = product.terms(Fen::new(5_000_000), 12, day()).unwrap();
    assert_eq!(terms.spec().plan.method, Method::EqualInstalment);
    assert_eq!(terms.spec().product.version, "2026.1");
    assert_eq!(product.digest(), Digest::of(GOOD.as_bytes()));
    assert_eq!(product.stream().unwrap().as_str(), "product/plain-loan@2026.1");
    let ask = Ask { principal_fen: Fen::new(5_000_000), periods: 12, payout_on: day(), method: Some(1) };
    assert_eq!(product.terms_for(ask).unwrap().spec().plan.method, Method::EqualPrincipal);
}

#[test]
fn refuses_wishes_outside_its_bounds() {
    let product = Product::parse(GOOD).unwrap();
    assert!(matches!(product.terms(Fen::new(99_999), 12, day()), Err(ProductError::Amount { .. })));
    assert!(matches!(product.terms(Fen::new(100_000), 7, day()), Err(ProductError::Periods { .. })));
    let ask = Ask { principal_fen: Fen::new(100_000), periods: 6, payout_on: day(), method: Some(2) };
    assert!(matches!(product.terms_for(ask), Err(ProductError::Method { .. })));
}

#[test]
fn says_where_and_what() {
    let unknown = GOOD.replace("summary =", "sumary =");
    let Err(ProductError::Toml { line, column, .. }) = Product::parse(&unknown) else { panic!("accepted") };
    assert_eq!((line, column), (6, 1));
    let broken = [
        GOOD.replace("v = 1", "v = 2"),
        GOOD.replace("\"plain-loan\"", "\"Plain loan\""),
        GOOD.replace("[6, 12, 36]", "[12, 6]"),
        GOOD.replace("min_fen = 100000", "min_fen = 0"),
        GOOD.replace("afford_limit_ppm = 500000", "afford_limit_ppm = 0"),
        GOOD.replace("[\"equal_instalment\", \"equal_principal\"]", "[]"),
        GOOD.replace("annual_rate_ppm = 80000", "annual_rate_ppm = -1"),
        GOOD.replace("key = \"guarantee\"", "key = \"interest\""),
        GOOD.replace("zh = \"明白贷\"", "zh = \"\""),
        "x".repeat(FILE_LIMIT + 1),
    ];
    for text in broken {
        let error = Product::parse(&text).unwrap_err();
        assert!(!error.words().zh.is_empty() && !error.words().en.is_empty());
    }
}

proptest::proptest! {
    #[test]
    fn never_panics(cut in 0..GOOD.len(), put in "[\\x00-\\x7f]{0,6}") {
        let at = GOOD.char_indices().map(|(i, _)| i).take_while(|i| *i <= cut).last().unwrap_or(0);
        let rest = GOOD[at..].chars().skip(put.len()).collect::<String>();
        let _ = Product::parse(&format!("{}{put}{rest}", &GOOD[..at]));
    }
}
