//! What people are told about a charge that does not stand in the table.

use mingbai_cost::{CostTable, Fen, Words};

use super::{ReportedCharge, ViolationKind};
use crate::borrow::say;
use crate::text::both;

/// Names that come from outside are cut: the sentence is ours.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn name(table: &CostTable, charge: &ReportedCharge) -> Words {
    let row = table.items.iter().find(|item| item.key == charge.item_key.trim());
    let outside = if charge.name_text.trim().is_empty() { &charge.item_key } else { &charge.name_text };
    let known = match charge.item_key.trim() {
        "principal" => Some(both("本金", "principal")),
        "instalment" => Some(both("分期还款", "instalment")),
        "early_payoff" => Some(both("提前结清", "early payoff")),
        "overdue_interest" => Some(both("逾期罚息", "overdue interest")),
        "compound_interest" => Some(both("复利", "interest on interest")),
        "late_fee" => Some(both("逾期固定费用", "late fee")),
        _ => None,
    };
    row.map(|item| item.name.clone()).or(known).unwrap_or_else(|| both(short(outside), short(outside)))
}

pub(super) fn violation(
    table: &CostTable,
    charge: &ReportedCharge,
    kind: ViolationKind,
    refund: Fen,
) -> Words {
    let (name, day) = (name(table, charge), say::day(charge.on));
    let (taken, back) = (say::yuan(charge.amount_fen), say::yuan(refund));
    let (zh, en) = match kind {
        ViolationKind::Unlisted => {
            ("不在成本表里,谁都不能收", "is not in the cost table; nobody may charge it")
        }
        ViolationKind::TooLarge => ("超过了成本表写明的数", "is more than the cost table says"),
        ViolationKind::TooEarly => ("还没有到该收的时候", "was taken before it was due"),
        ViolationKind::Duplicate => ("重复收取", "was taken twice"),
        ViolationKind::Malformed => {
            return both(
                "扣款报告有误:金额必须大于零,文字不超过 200 个字;请核对后重新报告。",
                "The charge report is malformed: the amount must be above zero and texts at most 200 characters; correct \
                 it and report again.",
            );
        }
    };
    both(
        format!("{}收取的“{}”{} {zh}。应当退还借款人 {}。", day.zh, name.zh, taken.zh, back.zh),
        format!(
            "“{}” of {}, taken on {}, {en}. Give back {} to the borrower.",
            name.en, taken.en, day.en, back.en
        ),
    )
}
