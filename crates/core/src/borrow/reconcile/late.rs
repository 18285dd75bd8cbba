//! What being late may cost, from the default-case costs that the table disclosed. Nothing is late before its
//! day.

use jiff::civil::Date;
use mingbai_cost::terms::{CompoundInterest, Rounding};
use mingbai_cost::{CostTable, Fen};

use super::lines::{INTEREST, LateItem, PRINCIPAL, Room, days};
use super::{AcceptedCharge, Part, ViolationKind};

/// How much of one late item may still be taken on a day, over all instalments that were or are late.
pub(super) fn room(table: &CostTable, accepted: &[AcceptedCharge], on: Date, item: LateItem) -> Room {
    let mut open = Vec::new();
    let mut ever_late = false;
    for row in table.instalments.iter().filter(|row| row.due_on < on) {
        let due = [(PRINCIPAL, row.principal_fen), (INTEREST, row.interest_fen)];
        let principal = fen_days(accepted, table, on, row.n, row.due_on, due[0]);
        let interest = fen_days(accepted, table, on, row.n, row.due_on, due[1]);
        let late = principal > 0 || interest > 0;
        ever_late |= late;
        let most = match item {
            LateItem::OverdueInterest => overdue(table, principal),
            LateItem::CompoundInterest => match table.default_costs.compound_on_interest {
                CompoundInterest::Charged => overdue(table, interest),
                CompoundInterest::NotCharged => Fen::ZERO,
            },
            LateItem::LateFee if late => table.default_costs.late_fee_fen,
            LateItem::LateFee => Fen::ZERO,
        };
        let left = most - super::lines::taken(accepted, item.key(), row.n);
        if left.get() > 0 {
            open.push(Part { item: item.key().to_owned(), period: row.n, amount_fen: left });
        }
    }
    let when_empty = if ever_late { ViolationKind::Duplicate } else { ViolationKind::TooEarly };
    Room { open, when_empty }
}

/// Fen × days that one line was late until `on`. Each part paid late counts to the day on which it was paid.
fn fen_days(
    accepted: &[AcceptedCharge],
    table: &CostTable,
    on: Date,
    period: u32,
    due_on: Date,
    (item, amount): (&str, Fen),
) -> i128 {
    let counted = |day: Date| {
        let late = days(due_on, day);
        if late > i64::from(table.default_costs.grace_days) { i128::from(late) } else { 0 }
    };
    let mut unpaid = amount;
    let mut sum = 0;
    for charge in accepted.iter().filter(|charge| charge.on <= on) {
        for part in charge.parts.iter().filter(|part| part.item == item && part.period == period) {
            sum += i128::from(part.amount_fen.get()) * counted(charge.on);
            unpaid -= part.amount_fen;
        }
    }
    sum + i128::from(unpaid.get().max(0)) * counted(on)
}

/// Overdue cost of so many fen-days, rounded up: a fen of rounding is nobody's violation.
fn overdue(table: &CostTable, fen_days: i128) -> Fen {
    let yearly = i128::from(table.default_costs.overdue_rate_ppm) * fen_days;
    let per = i128::from(year_days(table)) * 1_000_000;
    i64::try_from((yearly + per - 1) / per).map_or(Fen::ZERO, Fen::new)
}

/// 360 or 365 days a year: the table's own worked example tells which.
fn year_days(table: &CostTable) -> i64 {
    let example = &table.default_costs.late_example;
    let Some(row) = table.instalments.iter().find(|row| row.n == example.n) else { return 365 };
    let off = |year: i64| {
        let per = year * 1_000_000;
        let whole = row.principal_fen.times_ratio(
            table.default_costs.overdue_rate_ppm.saturating_mul(i64::from(example.days)),
            per,
            Rounding::HalfUp,
        );
        (whole.get() - example.overdue_interest_fen.get()).abs()
    };
    if off(360) < off(365) { 360 } else { 365 }
}
