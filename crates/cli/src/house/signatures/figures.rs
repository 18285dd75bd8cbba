//! The figures that a person reads on a paper against the table that a machine reads out of the same file.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_core::borrow::audit::adds_up;
use mingbai_core::text::both;
use mingbai_cost::{CostTable, Fen, Words};
use mingbai_desk::ports::FileVerdict;
use mingbai_sign::Paper;
use serde_json::Value;

/// Name of the embedded table.
const DATA: &str = "data.json";
/// Most figures that an answer names.
const NAMED: usize = 5;

/// Whether every amount on the pages stands in the table or is the total of one of its columns, and the two that matter most stand on the pages.
pub fn compared(paper: &Paper) -> (FileVerdict, Words) {
    let unknown = |zh: &str, en: &str| (FileVerdict::NotKnown, both(zh, en));
    let Some((_, data)) = paper.files.iter().find(|(name, _)| name == DATA) else {
        return unknown(
            "文件里没有附数据,无从比对",
            "the file carries no data, so there is nothing to compare",
        );
    };
    let parsed =
        serde_json::from_slice::<CostTable>(data).and_then(|t| Ok((t, serde_json::from_slice(data)?)));
    let Ok((table, value)) = parsed else {
        return unknown(
            "附的数据不是本系统的费用表,不会比对",
            "the data is no cost table of this system and cannot be compared",
        );
    };
    if !(adds_up(&table) && items_add_up(&table)) {
        return (
            FileVerdict::Contradicted,
            both(
                "附的数据自己就加不起来:合计不是各行之和",
                "the data does not add up: its totals are not the sums of its rows",
            ),
        );
    }
    let Some(pages) = &paper.pages else {
        return unknown(
            "页面不是本系统排的,文字读不出来",
            "the pages were not set by this system, and their text cannot be read",
        );
    };
    let shown: BTreeSet<String> = pages.iter().flat_map(|page| amounts(page)).collect();
    let mut known = BTreeSet::new();
    collect(&value, &mut known);
    let strange: Vec<&String> = shown.iter().filter(|figure| !known.contains(*figure)).collect();
    if !strange.is_empty() {
        let list = strange.iter().take(NAMED).map(|s| s.as_str()).collect::<Vec<_>>().join(" · ");
        return (
            FileVerdict::Contradicted,
            both(
                format!("页面上有数据里没有的金额:{list}"),
                format!("the pages show amounts that the data does not have: {list}"),
            ),
        );
    }
    let needed = [table.principal_fen, table.total_repayable_fen].map(|fen| fen.to_string());
    match needed.iter().find(|figure| !shown.contains(*figure)) {
        None => (
            FileVerdict::Holds,
            both(
                format!("页面上的 {} 个金额都在数据里,本金和总还款额都印出来了", shown.len()),
                format!(
                    "all {} amounts on the pages stand in the data, principal and total repayable among them",
                    shown.len()
                ),
            ),
        ),
        Some(figure) => (
            FileVerdict::Contradicted,
            both(
                format!("数据里的 {figure} 没有印在页面上"),
                format!("{figure} of the data is not on the pages"),
            ),
        ),
    }
}

/// Whether each item's total is the sum of its charges.
fn items_add_up(table: &CostTable) -> bool {
    let sum = |item: &mingbai_cost::table::CostItem| {
        item.charges.iter().map(|charge| charge.amount_fen).sum::<Fen>()
    };
    table.items.iter().all(|item| item.total_fen == sum(item))
}

/// Every amount of the table, as it is printed.
fn collect(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_i64() {
                    Some(fen) if key.ends_with("_fen") => {
                        out.insert(Fen::new(fen.saturating_abs()).to_string());
                    }
                    _ => collect(value, out),
                }
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| collect(item, out));
            column_totals(items, out);
        }
        _ => {}
    }
}

/// A plan prints the totals of its columns, which the data leaves to be added up.
fn column_totals(rows: &[Value], out: &mut BTreeSet<String>) {
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for (key, value) in
        rows.iter().filter_map(Value::as_object).flatten().filter(|(key, _)| key.ends_with("_fen"))
    {
        let total = totals.entry(key).or_default();
        *total = total.saturating_add(value.as_i64().unwrap_or(0));
    }
    out.extend(totals.values().map(|fen| Fen::new(fen.saturating_abs()).to_string()));
}

/// The amounts in a text: digits with two decimals, in groups, that are no rate.
fn amounts(text: &str) -> Vec<String> {
    let figure = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = &rest[at..];
        let end = tail.find(|c: char| !figure(c)).unwrap_or(tail.len());
        let (word, behind) = tail.split_at(end);
        let word = word.trim_end_matches([',', '.']);
        let rate = behind.trim_start().starts_with(['%', '％', '‰']);
        if !rate && is_amount(word) {
            found.push(word.to_owned());
        }
        rest = behind;
    }
    found
}

fn is_amount(word: &str) -> bool {
    let Some((yuan, cents)) = word.split_once('.') else { return false };
    cents.len() == 2 && cents.bytes().all(|b| b.is_ascii_digit()) && !yuan.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_from_rates_days_and_versions() {
        let text = "5,000.00 元\n8.00%\n2026-11-30\n15,000.00,\n第 12 期 441.5 3.14.15 0.05";
        assert_eq!(amounts(text), ["5,000.00", "15,000.00", "0.05"]);
    }
}
