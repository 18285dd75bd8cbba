//! LSAT sections 6 and 7 (Bock & Lieberman 1970): counts and estimates that the literature agrees on, kept in `fixtures/lsat.json` with source.

use serde_json::Value;

/// One section.
pub struct Section {
    /// Rows of answers with how many people gave them.
    pub patterns: Vec<(Vec<bool>, u32)>,
    /// The fixture's object.
    pub told: Value,
}

/// `LSAT6` or `LSAT7`.
pub fn section(name: &str) -> Section {
    let all: Value = serde_json::from_str(include_str!("fixtures/lsat.json")).expect("the fixture is JSON");
    let told = all["datasets"][name].clone();
    let patterns = told["patterns"]
        .as_array()
        .expect("patterns")
        .iter()
        .map(|p| (bits(p["u"].as_str().expect("u")), p["freq"].as_u64().expect("freq") as u32))
        .collect();
    Section { patterns, told }
}

/// "01101" as answers.
pub fn bits(text: &str) -> Vec<bool> {
    text.chars().map(|c| c == '1').collect()
}

/// A list of numbers of the fixture.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
}
