//! Where a loan stands on a day: what is owed, accrued, refunded and charged if everything is repaid then. It looks at one
//! plan and changes none.

use jiff::civil::Date;

use crate::Fen;
use crate::calendar::{YearPart, days_between, elapsed_part};
use crate::money::PPM;
use crate::quote::Priced;
use crate::schedule::{Plan, RowKind, interest};
use crate::table::Instalment;
use crate::terms::{EarlyRule, FeeNature, OnEarlyRepayment, TermsSpec, Timing};

/// The loan on one day, instalments due up to and including that day being paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Rows of the plan that are paid.
    pub paid_rows: usize,
    /// Principal owed.
    pub balance_fen: Fen,
    /// Interest since the last row.
    pub accrued_interest_fen: Fen,
    /// Fees of the period that is running, by item.
    pub running: Vec<(String, Fen)>,
    /// Their sum.
    pub running_fees_fen: Fen,
    /// Early-repayment fee on the whole balance.
    pub early_fee_fen: Fen,
    /// Refunds by item, positive.
    pub refunds: Vec<(String, Fen)>,
    /// Their sum.
    pub refund_fen: Fen,
}

impl Standing {
    /// What must be paid that day to be free.
    pub(crate) fn payoff(&self) -> Fen {
        self.balance_fen + self.accrued_interest_fen + self.running_fees_fen + self.early_fee_fen
            - self.refund_fen
    }
}

/// `totals[k]` = everything due in rows after the first `k`.
pub(crate) fn totals_after(rows: &[Instalment]) -> Vec<Fen> {
    let mut after = vec![Fen::ZERO; rows.len() + 1];
    for at in (0..rows.len()).rev() {
        after[at] = after[at + 1] + rows[at].total_fen;
    }
    after
}

/// Where the loan stands on `on`.
pub(crate) fn standing(spec: &TermsSpec, plan: &Plan, fees: &[Priced], on: Date) -> Standing {
    let paid_rows = plan.rows.partition_point(|row| row.due_on <= on);
    let balance_fen = match paid_rows.checked_sub(1).and_then(|at| plan.rows.get(at)) {
        Some(row) => row.balance_fen,
        None => spec.principal_fen,
    };
    let mut standing = Standing {
        paid_rows,
        balance_fen,
        accrued_interest_fen: accrued(spec, plan, paid_rows, on),
        running: Vec::new(),
        running_fees_fen: Fen::ZERO,
        early_fee_fen: early_fee(spec, plan, balance_fen, on),
        refunds: Vec::new(),
        refund_fen: Fen::ZERO,
    };
    if paid_rows >= plan.rows.len() {
        return standing;
    }
    for priced in fees {
        let running = running_fee(spec, plan, priced, paid_rows, on);
        let refund = refund(spec, plan, priced, paid_rows, on);
        if !running.is_zero() {
            standing.running_fees_fen += running;
            standing.running.push((priced.fee.key.clone(), running));
        }
        if !refund.is_zero() {
            standing.refund_fen += refund;
            standing.refunds.push((priced.fee.key.clone(), refund));
        }
    }
    standing
}

/// The share of a year that has borne interest since the last paid row.
pub(crate) fn borne(spec: &TermsSpec, plan: &Plan, paid_rows: usize, on: Date) -> YearPart {
    let Some(row) = plan.rows.get(paid_rows) else { return YearPart::NONE };
    // Slots are in order, so the running ones are found without a walk through the whole plan.
    let first = plan.slots.partition_point(|slot| slot.from < row.from);
    let slots = plan.slots.iter().skip(first).take_while(|slot| slot.from < on && slot.due_on <= row.due_on);
    slots.fold(YearPart::NONE, |sum, slot| {
        if slot.bears.num == 0 {
            sum
        } else if slot.due_on <= on {
            sum.plus(slot.bears)
        } else {
            sum.plus(elapsed_part(spec.plan.day_count, slot.bears, slot.from, slot.due_on, on))
        }
    })
}

fn accrued(spec: &TermsSpec, plan: &Plan, paid_rows: usize, on: Date) -> Fen {
    let Some(row) = plan.rows.get(paid_rows) else { return Fen::ZERO };
    interest(row.base_fen, row.rate_ppm, borne(spec, plan, paid_rows, on), spec.plan.rounding)
}

/// The period that a day belongs to: the one that ends on it, or is running.
pub(crate) fn period_of(plan: &Plan, on: Date) -> u32 {
    let at = plan.slots.partition_point(|slot| slot.due_on < on);
    plan.slots.get(at).or(plan.slots.last()).map_or(1, |slot| slot.period)
}

/// The fee for repaying `amount` of principal early on `on`; nothing on the last due date.
pub(crate) fn early_fee(spec: &TermsSpec, plan: &Plan, amount: Fen, on: Date) -> Fen {
    if plan.final_due_on().is_none_or(|last| on >= last) {
        return Fen::ZERO;
    }
    match spec.early {
        EarlyRule::Free => Fen::ZERO,
        EarlyRule::PercentOfPrincipal { ppm, until_period } => {
            if until_period == 0 || period_of(plan, on) <= until_period {
                amount.times_ppm(ppm, spec.plan.rounding)
            } else {
                Fen::ZERO
            }
        }
        EarlyRule::MonthsOfInterest { months } => {
            amount.times_ratio(plan.rate_ppm * i64::from(months), 12 * PPM, spec.plan.rounding)
        }
    }
}

/// The fee of the running period, when a period has begun and is not over. A fee that is refunded by time is taken for the
/// days used, any other in full: only fees of later periods fall away.
fn running_fee(spec: &TermsSpec, plan: &Plan, priced: &Priced, paid_rows: usize, on: Date) -> Fen {
    let (Some(row), Timing::EachPeriod) = (plan.rows.get(paid_rows), priced.fee.timing) else {
        return Fen::ZERO;
    };
    if priced.fee.nature == FeeNature::Deposit || row.kind == RowKind::Extra {
        return Fen::ZERO;
    }
    // After an extra repayment the running period began before its row does.
    let from = plan.slots.iter().filter(|slot| slot.period == row.period).map(|slot| slot.from).min();
    let from = from.map_or(row.from, |from| from.min(row.from));
    if on <= from {
        return Fen::ZERO;
    }
    let period = u32::try_from(paid_rows + 1).unwrap_or(u32::MAX);
    let full: Fen = priced.charges.iter().filter(|c| c.period == period).map(|c| c.amount_fen).sum();
    match priced.fee.on_early_repayment {
        OnEarlyRepayment::NotRefundable => full,
        OnEarlyRepayment::RefundedByTime => full.times_ratio(
            days_between(from, on),
            days_between(from, row.due_on).max(1),
            spec.plan.rounding,
        ),
    }
}

/// What comes back of one item: a deposit whole, a fee refunded by time for the days from `on` to the plan's end over the
/// days that it was taken for. Fees per period are used up with their period.
pub(crate) fn refund(spec: &TermsSpec, plan: &Plan, priced: &Priced, paid_rows: usize, on: Date) -> Fen {
    let last = plan.final_due_on().unwrap_or(on);
    let taken = priced.charges.iter().filter(|c| c.period as usize <= paid_rows && c.amount_fen > Fen::ZERO);
    if priced.fee.nature == FeeNature::Deposit {
        return taken.map(|charge| charge.amount_fen).sum();
    }
    match (priced.fee.on_early_repayment, priced.fee.timing) {
        (OnEarlyRepayment::NotRefundable, _) | (_, Timing::EachPeriod | Timing::AtEnd) => Fen::ZERO,
        (OnEarlyRepayment::RefundedByTime, Timing::AtPayout | Timing::WithPeriod(_)) => taken
            .map(|charge| {
                let (unused, whole) = (days_between(on, last), days_between(charge.on, last));
                if whole <= 0 {
                    Fen::ZERO
                } else {
                    charge.amount_fen.times_ratio(unused, whole, spec.plan.rounding)
                }
            })
            .sum(),
    }
}
