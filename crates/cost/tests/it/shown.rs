//! What a person is shown: key facts, differences, caps, and words.

use jiff::civil::date;
use mingbai_cost::cap::{self, CapBasis, CapOutcome, CapRule, CapSubject, ReferenceRate};
use mingbai_cost::diff::{self, Effect};
use mingbai_cost::terms::{Base, Collected, Timing};
use mingbai_cost::words::{self, key_facts, pct, pct2, three_ways};
use mingbai_cost::{Fen, Terms, quote};

use crate::common::{fee, guaranteed, plain};

#[test]
fn eight_facts_in_plain_words() {
    let facts = key_facts(&quote(&Terms::new(guaranteed()).unwrap()).unwrap());
    let shown: Vec<String> =
        facts.iter().map(|fact| format!("{}|{}", fact.label.zh, fact.value.zh)).collect();
    assert_eq!(
        shown,
        [
            "到手金额|100,000.00 元",
            "每期还款|每期 3,842.19 元，共 36 期（最后一期 3,842.36 元）",
            "一共要还|138,319.01 元",
            "总成本|38,319.01 元；每借一万元多付 3,831.90 元",
            "年化综合融资成本|22.45%（单利） · 24.91%（复利）",
            "谁收什么费|测试银行收利息 9,519.01 元；测试担保公司收guarantee 28,800.00 元",
            "晚还一个月|第 1 期晚还 30 天，多付 22.82 元",
            "提前还款|可以随时提前还款，不收违约金",
        ]
    );
    assert!(facts.iter().all(|fact| !fact.means.zh.is_empty() && !fact.means.en.is_empty()));
}

#[test]
fn a_deduction_is_said_in_the_first_fact() {
    let mut spec = plain(1_000_000, 120_000, 12);
    let mut service = fee("service", Timing::AtPayout, Base::Fixed(Fen::new(50_000)));
    service.collected = Collected::DeductedFromPayout;
    spec.fees.push(service);
    let table = quote(&Terms::new(spec).unwrap()).unwrap();
    assert_eq!(table.items[1].standard.zh, "500.00 元，放款时一次收取，从放款中直接扣除");
    let facts = key_facts(&table);
    assert_eq!(facts[0].value.zh, "9,500.00 元");
    assert!(facts[0].means.zh.contains("先扣下 500.00 元"));
}

#[test]
fn the_same_table_has_no_changes_and_a_new_fee_is_worse() {
    let old = quote(&Terms::new(plain(10_000_000, 60_000, 36)).unwrap()).unwrap();
    let new = quote(&Terms::new(guaranteed()).unwrap()).unwrap();
    assert_eq!(diff::changes(&old, &old), []);
    let changes = diff::changes(&old, &new);
    let added = changes.iter().find(|change| change.field.zh.contains("guarantee")).unwrap();
    assert_eq!(added.worse_for_borrower, Effect::Worse);
    assert_eq!(added.before.zh, "没有");
    assert!(added.after.zh.contains("原始本金的 0.80%，每期收取"));
    assert!(changes.iter().all(|change| change.worse_for_borrower == Effect::Worse), "{changes:#?}");
    let back = diff::changes(&new, &old);
    assert_eq!(back.len(), changes.len());
    assert!(back.iter().all(|change| change.worse_for_borrower == Effect::Better));
}

fn rule(limit: &str, basis: CapBasis) -> CapRule {
    let json = format!(
        r#"{{"id": "line", "lender_roles": ["bank"], "product_kind": "any", "min_term_months": 1, "max_term_months": 600,
            "from": "2025-10-01", "limit": {limit}, "basis": "not_said", "source": "test", "grade": "second_hand"}}"#
    );
    CapRule { basis, ..serde_json::from_str(&json).unwrap() }
}

/// REGULATION §8: the 24 % line flips with the basis.
#[test]
fn the_24_per_cent_line_flips_with_the_basis() {
    let table = quote(&Terms::new(guaranteed()).unwrap()).unwrap();
    let subject = CapSubject::of(&table, "consumer");
    assert_eq!(subject.term_months, 36);
    for (basis, outcome) in [
        (CapBasis::NotSaid, CapOutcome::DependsOnBasis),
        (CapBasis::Simple, CapOutcome::Within),
        (CapBasis::Compound, CapOutcome::Exceeded),
    ] {
        let findings = cap::check(&[rule(r#"{"fixed": {"ppm": 240000}}"#, basis)], &[], &subject);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].outcome, outcome);
        assert!(findings[0].flips_with_basis());
        assert!(findings[0].words().zh.contains("结论就会相反"), "{}", findings[0].words().zh);
    }
}

#[test]
fn a_multiple_of_an_unknown_rate_is_not_known() {
    let table = quote(&Terms::new(guaranteed()).unwrap()).unwrap();
    let subject = CapSubject::of(&table, "consumer");
    let rules = [rule(r#"{"lpr_multiple": {"milli": 4000}}"#, CapBasis::Simple)];
    assert_eq!(cap::check(&rules, &[], &subject)[0].outcome, CapOutcome::NotKnown);
    let rates = [
        ReferenceRate { from: date(2026, 1, 1), ppm: 30_000 },
        ReferenceRate { from: date(2027, 1, 1), ppm: 90_000 },
    ];
    let finding = &cap::check(&rules, &rates, &subject)[0];
    assert_eq!((finding.limit_ppm, finding.outcome), (Some(120_000), CapOutcome::Exceeded));
    let early = CapSubject { contract_on: date(2025, 9, 30), ..subject };
    assert_eq!(cap::check(&rules, &rates, &early), []);
}

#[test]
fn rates_and_money_as_text() {
    assert_eq!([pct2(224_537), pct2(-50), pct2(10_000_000)], ["22.45%", "-0.01%", "1000.00%"]);
    assert_eq!([pct(8_000), pct(850), pct(60_000), pct(365)], ["0.80%", "0.085%", "6.00%", "0.0365%"]);
    let money = three_ways(Fen::new(500_000), Some((Fen::new(44_100), 12)));
    assert_eq!(money.figures.zh, "5,000.00 元");
    assert_eq!(money.capitals_zh, "伍仟元整");
    assert_eq!(money.in_parts.unwrap().zh, "每期 441.00 元，共 12 期");
    assert!(words::additive_explained().en.contains("ignores"));
}
