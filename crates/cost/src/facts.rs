//! The eight key facts of a loan, in the order that every surface shows them. It reads the cost table and computes nothing
//! that is not in it.

use serde::Serialize;

use crate::table::{CostTable, Instalment, ItemKind};
use crate::words::{pct2, rate_figure, yuan};
use crate::{Fen, Words};

/// One of the eight rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Stable key, for anchors and tests.
    pub key: &'static str,
    /// What it is.
    pub label: Words,
    /// The answer for this loan.
    pub value: Words,
    /// What it means, in plain words.
    pub means: Words,
}

impl Fact {
    fn new(key: &'static str, label: (&str, &str), value: Words, means: Words) -> Fact {
        Fact { key, label: Words::new(label.0, label.1), value, means }
    }
}

/// The eight key facts: money in hand, each instalment, all repayments, all cost, annual cost, who charges what, a month
/// late, repaying early.
#[must_use]
pub fn key_facts(table: &CostTable) -> [Fact; 8] {
    [
        in_hand(table),
        each_instalment(table),
        all_repayments(table),
        all_cost(table),
        annual_cost(table),
        who_charges_what(table),
        month_late(table),
        repaying_early(table),
    ]
}

fn in_hand(table: &CostTable) -> Fact {
    let paid_apart: Fen = table
        .items
        .iter()
        .filter(|item| item.collected == crate::terms::Collected::PaidApart)
        .flat_map(|item| &item.charges)
        .filter(|charge| charge.period == 0)
        .map(|charge| charge.amount_fen)
        .sum();
    let mut means = match &table.upfront_deduction {
        Some(upfront) => Words::new(
            format!(
                "合同写的是 {} 元，放款时先扣下 {} 元。您要按 {} 元还本金。",
                table.principal_fen, upfront.amount_fen, table.principal_fen
            ),
            format!(
                "The contract says {} yuan, and {} yuan are kept back at the payout. You repay {} yuan of principal.",
                table.principal_fen, upfront.amount_fen, table.principal_fen
            ),
        ),
        None => Words::new(
            "合同写多少，就到账多少，放款时没有从中扣钱。",
            "You receive what the contract says; nothing is kept back at the payout.",
        ),
    };
    if !paid_apart.is_zero() {
        means.zh.push_str(&format!("放款时您还要另外付 {paid_apart} 元。"));
        means.en.push_str(&format!(" At the payout you also pay {paid_apart} yuan apart."));
    }
    Fact::new("in_hand", ("到手金额", "Money you receive"), yuan(table.net_payout_fen), means)
}

fn each_instalment(table: &CostTable) -> Fact {
    let rows = &table.instalments;
    let count = rows.len();
    let value = match (rows.first(), rows.last()) {
        (Some(only), Some(_)) if count == 1 => Words::new(
            format!("{} 一次还 {} 元", only.due_on, only.total_fen),
            format!("{} yuan at once on {}", only.total_fen, only.due_on),
        ),
        (Some(first), Some(last)) if all_but_last_equal(rows) => {
            let mut value = Words::new(
                format!("每期 {} 元，共 {count} 期", first.total_fen),
                format!("{} yuan each time, {count} times", first.total_fen),
            );
            if last.total_fen != first.total_fen {
                value.zh.push_str(&format!("（最后一期 {} 元）", last.total_fen));
                value.en.push_str(&format!(" (the last one {} yuan)", last.total_fen));
            }
            value
        }
        (Some(first), Some(last)) => {
            let most = rows.iter().map(|row| row.total_fen).max().unwrap_or(first.total_fen);
            Words::new(
                format!(
                    "第 1 期 {} 元，最后一期 {} 元，最多的一期 {most} 元，共 {count} 期",
                    first.total_fen, last.total_fen
                ),
                format!(
                    "first {} yuan, last {} yuan, highest {most} yuan, {count} times",
                    first.total_fen, last.total_fen
                ),
            )
        }
        _ => Words::new("没有还款", "no instalment"),
    };
    let first_due = rows.first().map_or(table.final_due_on, |row| row.due_on);
    let means = Words::new(
        format!(
            "这是每次要从您账户里付出的全部钱，本金、利息和费用都在内。第一次 {first_due}，最后一次 {}。",
            table.final_due_on
        ),
        format!(
            "All the money that leaves your account each time: principal, interest and fees. First on {first_due}, last \
             on {}.",
            table.final_due_on
        ),
    );
    Fact::new("each_instalment", ("每期还款", "Each instalment"), value, means)
}

fn all_but_last_equal(rows: &[Instalment]) -> bool {
    rows.split_last()
        .is_some_and(|(_, head)| head.windows(2).all(|pair| pair[0].total_fen == pair[1].total_fen))
}

fn all_repayments(table: &CostTable) -> Fact {
    let means = Words::new(
        format!("借 {} 元，前前后后一共要付出 {} 元。", table.principal_fen, table.total_repayable_fen),
        format!(
            "For {} yuan borrowed you part with {} yuan in all.",
            table.principal_fen, table.total_repayable_fen
        ),
    );
    Fact::new("all_repayments", ("一共要还", "Everything you pay"), yuan(table.total_repayable_fen), means)
}

fn all_cost(table: &CostTable) -> Fact {
    let value = Words::new(
        format!("{} 元；每借一万元多付 {} 元", table.total_cost_fen, table.cost_per_10k_fen),
        format!("{} yuan; {} yuan for every 10,000 borrowed", table.total_cost_fen, table.cost_per_10k_fen),
    );
    let means = Words::new(
        format!("利息 {} 元，费用 {} 元。", table.total_interest_fen, table.total_fees_fen),
        format!("Interest {} yuan, fees {} yuan.", table.total_interest_fen, table.total_fees_fen),
    );
    Fact::new("all_cost", ("总成本", "What it costs"), value, means)
}

fn annual_cost(table: &CostTable) -> Fact {
    let (simple, compound) = (rate_figure(&table.annual.simple), rate_figure(&table.annual.compound));
    let value =
        Words::new(format!("{} · {}", simple.zh, compound.zh), format!("{} · {}", simple.en, compound.en));
    let nominal = pct2(table.nominal_rate_ppm);
    let means = Words::new(
        format!(
            "把利息和所有费用都算进去，一年的成本。合同利率 {nominal} 不包括费用。比较两笔贷款，请看同一种口径。"
        ),
        format!(
            "The cost of a year with interest and every fee. The contract rate of {nominal} leaves fees out. Compare loans \
             by the same kind of figure."
        ),
    );
    Fact::new("annual_cost", ("年化综合融资成本", "Annual all-in cost"), value, means)
}

fn who_charges_what(table: &CostTable) -> Fact {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for item in table.items.iter().filter(|item| !item.charges.is_empty()) {
        let taken: Fen = item.charges.iter().map(|c| c.amount_fen).filter(|amount| *amount > Fen::ZERO).sum();
        let (back_zh, back_en) = match item.kind {
            ItemKind::Deposit => ("（最后一期退还）", " (given back at the end)"),
            ItemKind::Interest | ItemKind::Fee => ("", ""),
        };
        zh.push(format!("{}收{} {taken} 元{back_zh}", item.payee.name.zh, item.name.zh));
        en.push(format!("{}: {} {taken} yuan{back_en}", item.payee.name.en, item.name.en));
    }
    let value = match zh.is_empty() {
        true => Words::new("没有人收费", "nobody charges anything"),
        false => Words::new(zh.join("；"), en.join("; ")),
    };
    let means = Words::new(
        format!("{}别人以这笔贷款的名义再收钱，请拒绝并投诉。", table.nothing_else.zh),
        format!(
            "{} If anyone asks for more in this loan's name, refuse and complain.",
            table.nothing_else.en
        ),
    );
    Fact::new("who_charges_what", ("谁收什么费", "Who charges what"), value, means)
}

fn month_late(table: &CostTable) -> Fact {
    let costs = &table.default_costs;
    let example = &costs.late_example;
    let value = Words::new(
        format!("第 {} 期晚还 {} 天，多付 {} 元", example.n, example.days, example.extra_fen),
        format!(
            "instalment {} paid {} days late costs {} yuan more",
            example.n, example.days, example.extra_fen
        ),
    );
    let mut means = Words::new(
        format!("逾期的本金按年利率 {} 计罚息。", pct2(costs.overdue_rate_ppm)),
        format!("Overdue principal bears {} a year.", pct2(costs.overdue_rate_ppm)),
    );
    if costs.compound_on_interest == crate::terms::CompoundInterest::Charged {
        means.zh.push_str("没还的利息也要计息。");
        means.en.push_str(" Unpaid interest bears interest too.");
    }
    if !costs.late_fee_fen.is_zero() {
        means.zh.push_str(&format!("每次逾期另收 {} 元。", costs.late_fee_fen));
        means.en.push_str(&format!(" Each delay costs {} yuan besides.", costs.late_fee_fen));
    }
    if costs.grace_days > 0 {
        means.zh.push_str(&format!("晚 {} 天以内不收。", costs.grace_days));
        means.en.push_str(&format!(" Up to {} days late nothing is charged.", costs.grace_days));
    }
    Fact::new("month_late", ("晚还一个月", "A month late"), value, means)
}

fn repaying_early(table: &CostTable) -> Fact {
    let value = table.early_rule.clone();
    // The middle of the loan is an example that says something for every length.
    let means = match table.early.get((table.early.len() / 2).saturating_sub(1)) {
        Some(row) if row.balance_fen > Fen::ZERO => {
            let saved = if row.saved_fen.is_negative() {
                Words::new(format!("多付 {} 元", -row.saved_fen), format!("{} yuan more", -row.saved_fen))
            } else {
                Words::new(format!("少付 {} 元", row.saved_fen), format!("{} yuan less", row.saved_fen))
            };
            Words::new(
                format!(
                    "例如 {}（第 {} 期还款日）全部还清，当天另付 {} 元（其中费用 {} 元），比按计划还{}。",
                    row.on, row.n, row.payoff_fen, row.fee_fen, saved.zh
                ),
                format!(
                    "For example on {} (instalment {}): {} yuan beside the instalment, {} of them fees, and {} than by the \
                     plan.",
                    row.on, row.n, row.payoff_fen, row.fee_fen, saved.en
                ),
            )
        }
        _ => Words::new("这笔贷款只有一期。", "This loan has one instalment only."),
    };
    Fact::new("repaying_early", ("提前还款", "Repaying early"), value, means)
}
