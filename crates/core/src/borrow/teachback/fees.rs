//! Questions about fees: who takes them and how much. A table without fees has none to ask.

use mingbai_cost::table::{CostItem, ItemKind};
use mingbai_cost::terms::Timing;
use mingbai_cost::{CostTable, Fen, Words};

use super::ask::{self, Text};
use super::{Question, QuestionId};
use crate::borrow::say::{self, yuan};
use crate::text::both;

/// Items beside interest that really take money.
fn fees(table: &CostTable) -> Vec<&CostItem> {
    let takes = |item: &&CostItem| {
        item.kind != ItemKind::Interest && item.charges.iter().any(|charge| charge.amount_fen.get() > 0)
    };
    table.items.iter().filter(takes).collect()
}

fn explain(item: &CostItem) -> Words {
    let total = yuan(item.total_fen);
    both(
        format!(
            "“{}”由“{}”收取;收费标准:{};全程一共 {}。",
            item.name.zh, item.payee.name.zh, item.standard.zh, total.zh
        ),
        format!(
            "“{}” goes to “{}”; standard: {}; {} over the whole loan.",
            item.name.en, item.payee.name.en, item.standard.en, total.en
        ),
    )
}

/// The fee that takes most: it is the one that must not be missed.
pub(super) fn fee_amount(table: &CostTable, id: QuestionId) -> Option<Question> {
    let items = fees(table);
    let item = *items.iter().max_by_key(|item| item.total_fen)?;
    let charge = item.charges.iter().find(|charge| charge.amount_fen.get() > 0)?;
    let right = charge.amount_fen;
    let taken: i128 = item.charges.iter().map(|charge| i128::from(charge.amount_fen.get()).max(0)).sum();
    let interest =
        table.instalments.iter().find(|row| row.n == charge.period.max(1)).map(|row| row.interest_fen);
    let wrong: Vec<Fen> = [
        Some(Fen::ZERO),
        i64::try_from(taken).ok().map(Fen::new),
        interest,
        Some(Fen::new(right.get() / 2)),
        Some(Fen::new(right.get().saturating_mul(2))),
        items
            .iter()
            .filter(|other| other.key != item.key)
            .flat_map(|other| &other.charges)
            .map(|c| c.amount_fen)
            .next(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let when = when(item, charge.period, charge.on);
    let prompts = [
        both(
            format!("除了利息,还有一项“{}”,{}收多少钱?", item.name.zh, when.zh),
            format!("Beside interest there is “{}”: how much is taken {}?", item.name.en, when.en),
        ),
        both(
            format!("“{}”这项费用,{}要从您这里收走多少元?", item.name.zh, when.zh),
            format!("How many yuan does “{}” take from you {}?", item.name.en, when.en),
        ),
    ];
    ask::money(id, Text { prompts, explain: explain(item) }, right, &wrong)
}

fn when(item: &CostItem, period: u32, on: jiff::civil::Date) -> Words {
    let amounts = item.charges.iter().map(|charge| charge.amount_fen);
    let level = amounts.clone().max() == amounts.min();
    let day = say::day(on);
    match item.timing {
        Timing::EachPeriod if level && item.charges.len() > 1 => both("每一期", "with each instalment"),
        Timing::AtPayout => both("放款的时候", "at the payout"),
        _ => both(format!("第 {period} 期({})", day.zh), format!("with instalment {period} ({})", day.en)),
    }
}

/// Who receives a fee. The seed says which fee; every variant of a seed keeps it.
pub(super) fn fee_collector(table: &CostTable, id: QuestionId) -> Option<Question> {
    let items = fees(table);
    let count = u64::try_from(items.len()).ok().filter(|count| *count > 0)?;
    let item = *items.get(usize::try_from(id.seed % count).ok()?)?;
    let payees = table.items.iter().map(|other| &other.payee).chain([&table.lender]);
    let mut wrong: Vec<Words> = payees.map(|party| party.name.clone()).collect();
    wrong.retain(|name| *name != item.payee.name);
    wrong.dedup();
    wrong.truncate(2);
    wrong.extend([
        both("带我办理的顾问或中介个人", "The consultant or broker in person"),
        both("没有人收,没有这项费用", "Nobody: there is no such fee"),
        both("国家税务部门", "The tax office"),
    ]);
    let prompts = [
        both(format!("“{}”是谁收的?", item.name.zh), format!("Who receives the “{}”?", item.name.en)),
        both(
            format!("您付的“{}”,最后进了谁的账?", item.name.zh),
            format!("Into whose account does your “{}” go?", item.name.en),
        ),
    ];
    ask::choices(id, Text { prompts, explain: explain(item) }, item.payee.name.clone(), wrong)
}
