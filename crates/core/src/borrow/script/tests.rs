//! Scripts that are taken and scripts that are refused.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use super::*;
use crate::borrow::fixture::loaded as sample_table;

const FEES: &str = include_str!("../../../../../examples/scripts/fees-2026.toml");

#[test]
fn the_example_names_every_figure_of_the_table_in_both_languages() {
    let script = Script::parse(FEES).unwrap();
    let table = sample_table();
    let spoken = script.fill(&table);
    let covered: BTreeSet<String> = spoken.iter().flat_map(|node| node.covers.clone()).collect();
    assert!(topics(&table).iter().all(|topic| covered.contains(topic)), "{covered:?}");
    let all_zh: String = spoken.iter().map(|node| node.text.zh.as_str()).collect();
    let all_en: String = spoken.iter().map(|node| node.text.en.as_str()).collect();
    for text in [&all_zh, &all_en] {
        assert!(!text.contains(['{', '}']), "{text}");
        assert!(text.contains(&table.principal_fen.to_string()));
        assert!(text.contains(&table.instalments[0].total_fen.to_string()));
        assert!(text.contains(&table.default_costs.late_example.extra_fen.to_string()));
        assert!(text.contains(&table.total_repayable_fen.to_string()));
    }
    for item in &table.items {
        assert!(all_zh.contains(&item.payee.name.zh) && all_zh.contains(&item.total_fen.to_string()));
    }
}

#[test]
fn a_script_that_leaves_something_out_is_refused() {
    for (from, to, topic) in [
        ("{late_extra} 元", "一些钱", "late"),
        ("collects it, {item_total} yuan", "collects it", "item"),
        ("kind = \"confirm\"", "kind = \"question\"", "wish"),
        ("{early_payoff} yuan", "some yuan", "early"),
    ] {
        let error = Script::parse(&FEES.replace(from, to)).unwrap_err();
        assert_eq!(error, ScriptError::Uncovered { topic }, "{from}");
    }
}

#[test]
fn what_cannot_be_filled_in_is_refused() {
    let unknown = Script::parse(&FEES.replace("{payout}", "{pay_out}")).unwrap_err();
    assert!(matches!(unknown, ScriptError::Variable { ref name, .. } if name == "pay_out"), "{unknown}");
    let item = Script::parse(&FEES.replace("{lender}", "{payee}")).unwrap_err();
    assert!(matches!(item, ScriptError::Variable { .. }), "{item}");
    let twice = Script::parse(&FEES.replace("id = \"late\"", "id = \"early\"")).unwrap_err();
    assert!(matches!(twice, ScriptError::Twice { .. }), "{twice}");
    let taken = Script::parse(&FEES.replace("id = \"late\"", "id = \"consultant\"")).unwrap_err();
    assert!(matches!(taken, ScriptError::Twice { .. }), "{taken}");
    let broken = Script::parse(&FEES.replace("[[node]]", "[[node]")).unwrap_err();
    assert!(matches!(broken, ScriptError::Toml { line: 9, .. }), "{broken}");
    assert!(matches!(Script::parse(""), Err(ScriptError::Toml { .. })));
}
