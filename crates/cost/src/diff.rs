//! What changed between two cost tables, row by row, for the page that shows a borrower changed terms. It compares values
//! and judges each only by whether the borrower is worse off.

use serde::{Deserialize, Serialize};

use crate::table::{CostItem, CostTable, EarlyRow, UpfrontDeduction};
use crate::terms::CompoundInterest;
use crate::words::{self, pct, rate_value, yuan};
use crate::{Fen, RateFigure, RateValue, Words};

/// What a change does to the borrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// She pays more, receives less, or is bound longer.
    Worse,
    /// She pays less, receives more, or is free earlier.
    Better,
    /// Neither follows from the change alone.
    Neutral,
}

impl Effect {
    /// The effect in words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Effect::Worse => Words::new("对您不利", "worse for you"),
            Effect::Better => Words::new("对您有利", "better for you"),
            Effect::Neutral => Words::new("有变化", "changed"),
        }
    }

    /// More is worse.
    fn of_more<T: Ord>(before: T, after: T) -> Effect {
        match after.cmp(&before) {
            std::cmp::Ordering::Greater => Effect::Worse,
            std::cmp::Ordering::Less => Effect::Better,
            std::cmp::Ordering::Equal => Effect::Neutral,
        }
    }

    fn turned(self) -> Effect {
        match self {
            Effect::Worse => Effect::Better,
            Effect::Better => Effect::Worse,
            Effect::Neutral => Effect::Neutral,
        }
    }
}

/// One thing that is no longer as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What changed.
    pub field: Words,
    /// As it was shown.
    pub before: Words,
    /// As it is now.
    pub after: Words,
    /// For the borrower.
    pub worse_for_borrower: Effect,
}

/// Every difference that a borrower can see, in the order of the table; empty when nothing differs. The terms digest and
/// the product's version are not compared: they are references, not conditions.
#[must_use]
pub fn changes(old: &CostTable, new: &CostTable) -> Vec<Change> {
    let mut out = Changes(Vec::new());
    parties(&mut out, old, new);
    payout(&mut out, old, new);
    items(&mut out, old, new);
    totals(&mut out, old, new);
    plan(&mut out, old, new);
    default_costs(&mut out, old, new);
    early(&mut out, old, new);
    out.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, field: Words, before: Words, after: Words, worse_for_borrower: Effect) {
        if before != after {
            self.0.push(Change { field, before, after, worse_for_borrower });
        }
    }

    /// An amount of which more is worse.
    fn cost(&mut self, zh: &str, en: &str, before: Fen, after: Fen) {
        self.add(Words::new(zh, en), yuan(before), yuan(after), Effect::of_more(before, after));
    }

    /// A rate of which more is worse.
    fn rate(&mut self, zh: &str, en: &str, before: i64, after: i64) {
        let shown = |ppm| Words::new(pct(ppm), pct(ppm));
        self.add(Words::new(zh, en), shown(before), shown(after), Effect::of_more(before, after));
    }

    fn text(&mut self, zh: &str, en: &str, before: Words, after: Words, effect: Effect) {
        self.add(Words::new(zh, en), before, after, effect);
    }
}

fn parties(out: &mut Changes, old: &CostTable, new: &CostTable) {
    out.text("产品", "Product", old.product.name.clone(), new.product.name.clone(), Effect::Neutral);
    let lender = |table: &CostTable| {
        let role = words::role(table.lender.role);
        let name = &table.lender.name;
        Words::new(format!("{}（{}）", name.zh, role.zh), format!("{} ({})", name.en, role.en))
    };
    out.text("贷款人", "Lender", lender(old), lender(new), Effect::Neutral);
}

fn payout(out: &mut Changes, old: &CostTable, new: &CostTable) {
    let (before, after) = (old.principal_fen, new.principal_fen);
    out.text("合同本金", "Principal", yuan(before), yuan(after), Effect::Neutral);
    let (before, after) = (old.net_payout_fen, new.net_payout_fen);
    // Less money in hand is worse unless the principal fell with it.
    let effect = match (before - old.principal_fen).cmp(&(after - new.principal_fen)) {
        std::cmp::Ordering::Equal => Effect::Neutral,
        _ => Effect::of_more(before - old.principal_fen, after - new.principal_fen).turned(),
    };
    out.text("到手金额", "Money you receive", yuan(before), yuan(after), effect);
    let kept =
        |upfront: &Option<UpfrontDeduction>| upfront.as_ref().map_or(Fen::ZERO, |upfront| upfront.amount_fen);
    let (before, after) = (kept(&old.upfront_deduction), kept(&new.upfront_deduction));
    out.cost("放款时扣下的钱", "Kept back at the payout", before, after);
    let date = |date: jiff::civil::Date| Words::new(date.to_string(), date.to_string());
    out.text("放款日", "Payout day", date(old.payout_on), date(new.payout_on), Effect::Neutral);
    let (before, after) = (words::method(&old.method), words::method(&new.method));
    out.text("还款方式", "Repayment method", before, after, Effect::Neutral);
    out.rate("合同年利率", "Contract rate a year", old.nominal_rate_ppm, new.nominal_rate_ppm);
}

fn items(out: &mut Changes, old: &CostTable, new: &CostTable) {
    let find = |table: &CostTable, key: &str| table.items.iter().position(|item| item.key == key);
    for item in &old.items {
        let twin = find(new, &item.key).and_then(|at| new.items.get(at));
        match twin {
            Some(twin) => same_item(out, item, twin),
            None => {
                let effect = if item.total_fen > Fen::ZERO { Effect::Better } else { Effect::Neutral };
                out.add(item.name.clone(), item_words(item), Words::new("取消", "dropped"), effect);
            }
        }
    }
    for item in new.items.iter().filter(|item| find(old, &item.key).is_none()) {
        let field = Words::new(format!("新增：{}", item.name.zh), format!("New: {}", item.name.en));
        let effect = if item.charges.is_empty() { Effect::Neutral } else { Effect::Worse };
        out.add(field, Words::new("没有", "none"), item_words(item), effect);
    }
}

/// An item's standard, payee and total in one line.
fn item_words(item: &CostItem) -> Words {
    let (standard, payee) = (&item.standard, &item.payee.name);
    Words::new(
        format!("{}；收取方 {}；共 {} 元", standard.zh, payee.zh, item.total_fen),
        format!("{}; to {}; {} yuan in all", standard.en, payee.en, item.total_fen),
    )
}

fn same_item(out: &mut Changes, old: &CostItem, new: &CostItem) {
    let field =
        |zh: &str, en: &str| Words::new(format!("{}：{zh}", old.name.zh), format!("{}: {en}", old.name.en));
    let more = Effect::of_more(old.total_fen, new.total_fen);
    out.add(field("名称", "name"), old.name.clone(), new.name.clone(), Effect::Neutral);
    out.add(field("收取方", "payee"), old.payee.name.clone(), new.payee.name.clone(), Effect::Neutral);
    out.add(field("收费标准", "standard"), old.standard.clone(), new.standard.clone(), more);
    let (before, after) = (words::collected(old.collected), words::collected(new.collected));
    out.add(field("收取方式", "how it is collected"), before, after, Effect::Neutral);
    out.add(field("合计", "total"), yuan(old.total_fen), yuan(new.total_fen), more);
}

fn totals(out: &mut Changes, old: &CostTable, new: &CostTable) {
    out.cost("费用合计", "All fees", old.total_fees_fen, new.total_fees_fen);
    out.cost("总成本", "What it costs", old.total_cost_fen, new.total_cost_fen);
    out.cost("一共要还", "Everything you pay", old.total_repayable_fen, new.total_repayable_fen);
    out.cost("每借一万元多付", "Cost for every 10,000 borrowed", old.cost_per_10k_fen, new.cost_per_10k_fen);
    for (before, after) in
        [(old.annual.simple, new.annual.simple), (old.annual.compound, new.annual.compound)]
    {
        let basis = words::basis_short(before.basis);
        let field = Words::new(
            format!("年化综合融资成本（{}）", basis.zh),
            format!("Annual all-in cost ({})", basis.en),
        );
        out.add(field, rate_value(before.value), rate_value(after.value), rate_effect(before, after));
    }
}

fn rate_effect(before: RateFigure, after: RateFigure) -> Effect {
    match (before.value, after.value) {
        (RateValue::Ppm(before), RateValue::Ppm(after)) => Effect::of_more(before, after),
        _ => Effect::Neutral,
    }
}

fn plan(out: &mut Changes, old: &CostTable, new: &CostTable) {
    let count = |table: &CostTable| {
        Words::new(format!("{} 期", table.instalments.len()), format!("{}", table.instalments.len()))
    };
    out.text("期数", "Number of instalments", count(old), count(new), Effect::Neutral);
    let end = |table: &CostTable| Words::new(table.final_due_on.to_string(), table.final_due_on.to_string());
    let later = Effect::of_more(old.final_due_on, new.final_due_on);
    out.text("最后还款日", "Last due date", end(old), end(new), later);
    let most =
        |table: &CostTable| table.instalments.iter().map(|row| row.total_fen).max().unwrap_or(Fen::ZERO);
    out.cost("最多的一期", "Highest instalment", most(old), most(new));
    let pairs = || old.instalments.iter().zip(&new.instalments);
    let differing = pairs().filter(|(a, b)| (a.due_on, a.total_fen) != (b.due_on, b.total_fen)).count();
    if let Some((before, after)) = pairs().find(|(a, b)| (a.due_on, a.total_fen) != (b.due_on, b.total_fen)) {
        let field = Words::new(
            format!("还款计划：从第 {} 期起有 {differing} 期不同", before.n),
            format!("Plan: {differing} instalments differ, from number {}", before.n),
        );
        let shown = |row: &crate::table::Instalment| {
            Words::new(
                format!("{} 还 {} 元", row.due_on, row.total_fen),
                format!("{} yuan on {}", row.total_fen, row.due_on),
            )
        };
        out.add(field, shown(before), shown(after), Effect::of_more(before.total_fen, after.total_fen));
    }
}

fn default_costs(out: &mut Changes, old: &CostTable, new: &CostTable) {
    let (before, after) = (&old.default_costs, &new.default_costs);
    out.rate("逾期罚息（年）", "Overdue interest a year", before.overdue_rate_ppm, after.overdue_rate_ppm);
    out.rate("挪用罚息（年）", "Misuse interest a year", before.misuse_rate_ppm, after.misuse_rate_ppm);
    let charged = |costs: &crate::table::DefaultCosts| match costs.compound_on_interest {
        CompoundInterest::Charged => (1, Words::new("计收", "charged")),
        CompoundInterest::NotCharged => (0, Words::new("不计收", "not charged")),
    };
    let ((rank_before, words_before), (rank_after, words_after)) = (charged(before), charged(after));
    let effect = Effect::of_more(rank_before, rank_after);
    out.text("未还利息的复利", "Interest on unpaid interest", words_before, words_after, effect);
    let days = |days: u32| Words::new(format!("{days} 天"), format!("{days} days"));
    let effect = Effect::of_more(before.grace_days, after.grace_days).turned();
    out.text("逾期宽限", "Days late without cost", days(before.grace_days), days(after.grace_days), effect);
    out.cost("每次逾期另收", "Fee for each delay", before.late_fee_fen, after.late_fee_fen);
}

fn early(out: &mut Changes, old: &CostTable, new: &CostTable) {
    let fees = |table: &CostTable| -> Fen { table.early.iter().map(|row: &EarlyRow| row.fee_fen).sum() };
    let effect = Effect::of_more(fees(old), fees(new));
    out.text("提前还款", "Repaying early", old.early_rule.clone(), new.early_rule.clone(), effect);
}
