//! What happens to a loan when life changes it: repaid early in full or in part, rescheduled, or paid late. Each answer is
//! a new table beside the old one. It changes no terms: a new table binds nobody until new terms are disclosed.

mod refusal;
mod rescheduling;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{YearPart, days_between, elapsed_part, remaining_part};
use crate::quote::{self, Priced};
use crate::schedule::{self, Course, Level, Plan, PlanRow, RowKind, Slot};
use crate::settle::{self, Standing};
use crate::table::{Charge, CostTable, LateExample};
use crate::terms::{Base, Collected, FeeItem, FeeNature, Method, OnEarlyRepayment, TermsSpec, Timing};
use crate::{Fen, Terms, words};

pub use refusal::ChangeError;
pub use rescheduling::{Reschedule, reschedule};

/// Key of the item that an early repayment adds to the table.
pub const EARLY_FEE: &str = "early_repayment_fee";
/// Longest delay that is worked out, in days.
pub const MAX_LATE_DAYS: u32 = 3_660;

/// What repaying everything on a day takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The day; an instalment due that day is paid beside it.
    pub on: Date,
    /// Rows of the plan paid up to and including that day.
    pub instalments_paid: u32,
    /// Principal owed.
    pub balance_fen: Fen,
    /// Interest since the last due date.
    pub accrued_interest_fen: Fen,
    /// Fees of the period that is running.
    pub running_fees_fen: Fen,
    /// Fee for repaying early.
    pub early_fee_fen: Fen,
    /// Refunds of fees and deposits.
    pub refund_fen: Fen,
    /// To pay that day: balance + interest + running fees + early fee − refund.
    pub payoff_fen: Fen,
    /// Saved against following the plan to the end.
    pub saved_fen: Fen,
}

/// A changed loan: its new table over the whole life, and the difference.
///
/// The table's digest is that of the original terms, and its instalments begin with those already past. A repayment out of
/// turn is a row of its own on its day. Rates by the month put it at the nearest month; the dated rate is exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The new table.
    pub table: CostTable,
    /// Against the old one.
    pub difference: Difference,
}

/// New less old; negative amounts are savings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Total cost.
    pub cost_fen: Fen,
    /// Total repayable.
    pub repayable_fen: Fen,
    /// Rows of the plan.
    pub instalments: i64,
    /// What was due next by the old plan after the day of the change; nothing if that was the end.
    pub next_payment_before_fen: Fen,
    /// What is due next by the new plan after that day.
    pub next_payment_after_fen: Fen,
    /// Last due date before.
    pub final_due_before: Date,
    /// Last due date now.
    pub final_due_after: Date,
}

/// What a partial prepayment shortens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterPrepayment {
    /// The instalment stays, the loan ends earlier.
    LessTime,
    /// The end stays, the instalments are lower.
    LessPayment,
}

/// A late payment worked out. Default-case costs stay apart from the normal cost, so the plan and its table do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatePayment {
    /// Day of the payment.
    pub paid_on: Date,
    /// Every part of the extra cost.
    pub example: LateExample,
    /// Total repayable with it.
    pub total_repayable_fen: Fen,
}

/// A loan and its table as they were, from which each change is worked out.
struct Before {
    plan: Plan,
    fees: Vec<Priced>,
    table: CostTable,
}

impl Before {
    fn of(terms: &Terms) -> Result<Before, ChangeError> {
        let plan = schedule::plan_of(terms.spec());
        let fees = quote::priced(terms.spec(), &plan);
        let table = quote::assemble(terms, &plan, &fees, &[])?;
        Ok(Before { plan, fees, table })
    }

    fn standing(&self, spec: &TermsSpec, on: Date) -> Result<Standing, ChangeError> {
        if on < spec.payout_on {
            return Err(ChangeError::BeforePayout { on, payout_on: spec.payout_on });
        }
        if on > self.table.final_due_on {
            return Err(ChangeError::AfterEnd { on, final_due_on: self.table.final_due_on });
        }
        Ok(settle::standing(spec, &self.plan, &self.fees, on))
    }

    fn changed(&self, table: CostTable, on: Date) -> Changed {
        let next = |table: &CostTable| {
            table.instalments.iter().find(|row| row.due_on > on).map_or(Fen::ZERO, |row| row.total_fen)
        };
        let count = |table: &CostTable| i64::try_from(table.instalments.len()).unwrap_or(i64::MAX);
        let difference = Difference {
            cost_fen: table.total_cost_fen - self.table.total_cost_fen,
            repayable_fen: table.total_repayable_fen - self.table.total_repayable_fen,
            instalments: count(&table) - count(&self.table),
            next_payment_before_fen: next(&self.table),
            next_payment_after_fen: next(&table),
            final_due_before: self.table.final_due_on,
            final_due_after: table.final_due_on,
        };
        Changed { table, difference }
    }
}

/// What it takes to repay everything on `on`, any day from the payout to the last due date.
///
/// # Errors
/// [`ChangeError`] for a day outside the loan.
pub fn settlement(terms: &Terms, on: Date) -> Result<Settlement, ChangeError> {
    let before = Before::of(terms)?;
    let standing = before.standing(terms.spec(), on)?;
    Ok(settlement_of(&before, &standing, on))
}

fn settlement_of(before: &Before, standing: &Standing, on: Date) -> Settlement {
    let after = settle::totals_after(&before.table.instalments);
    let remaining = after.get(standing.paid_rows).copied().unwrap_or(Fen::ZERO);
    Settlement {
        on,
        instalments_paid: u32::try_from(standing.paid_rows).unwrap_or(u32::MAX),
        balance_fen: standing.balance_fen,
        accrued_interest_fen: standing.accrued_interest_fen,
        running_fees_fen: standing.running_fees_fen,
        early_fee_fen: standing.early_fee_fen,
        refund_fen: standing.refund_fen,
        payoff_fen: standing.payoff(),
        saved_fen: remaining - standing.payoff(),
    }
}

/// Repays everything on `on`. On the last due date this is the plan itself.
///
/// # Errors
/// [`ChangeError`] for a day outside the loan.
pub fn settle(terms: &Terms, on: Date) -> Result<(Settlement, Changed), ChangeError> {
    let before = Before::of(terms)?;
    let spec = terms.spec();
    let standing = before.standing(spec, on)?;
    let settlement = settlement_of(&before, &standing, on);
    if standing.balance_fen.is_zero() && standing.paid_rows == before.plan.rows.len() {
        let table = before.table.clone();
        return Ok((settlement, before.changed(table, on)));
    }
    let mut rows: Vec<PlanRow> = before.plan.rows.iter().take(standing.paid_rows).copied().collect();
    rows.push(extra_row(spec, &before.plan, &standing, on, standing.balance_fen));
    let slots = before.plan.slots.iter().filter(|slot| slot.due_on <= on).copied().collect();
    let plan = Plan { rows, slots, ..before.plan.clone() };
    let n = settlement.instalments_paid + 1;
    let fees: Vec<Priced> = before.fees.iter().map(|priced| settled_fee(priced, &standing, n, on)).collect();
    let more = early_fee_item(spec, standing.early_fee_fen, n, on);
    let table = quote::assemble(terms, &plan, &fees, &more)?;
    Ok((settlement, before.changed(table, on)))
}

/// The charges of one item when the loan is settled with row `n`.
fn settled_fee(priced: &Priced, standing: &Standing, n: u32, on: Date) -> Priced {
    let of = |list: &[(String, Fen)]| -> Fen {
        list.iter().filter(|(key, _)| *key == priced.fee.key).map(|(_, amount)| *amount).sum()
    };
    let paid = |charge: &&Charge| (charge.period as usize) <= standing.paid_rows;
    let mut charges: Vec<Charge> = priced.charges.iter().filter(paid).copied().collect();
    for amount_fen in [of(&standing.running), -of(&standing.refunds)] {
        if !amount_fen.is_zero() {
            charges.push(Charge { period: n, on, amount_fen });
        }
    }
    Priced { fee: priced.fee.clone(), charges }
}

/// The row of a repayment out of turn: `amount` of principal with the interest accrued since the last row.
fn extra_row(spec: &TermsSpec, plan: &Plan, standing: &Standing, on: Date, amount: Fen) -> PlanRow {
    let running = plan.rows.get(standing.paid_rows);
    let from = running.map_or(spec.payout_on, |row| row.from);
    PlanRow {
        kind: RowKind::Extra,
        period: settle::period_of(plan, on),
        month: month_at(spec, plan, on),
        from,
        due_on: on,
        part: if on > from { time_part(spec, plan, from, on) } else { YearPart::NONE },
        rate_ppm: running.map_or(0, |row| row.rate_ppm),
        base_fen: running.map_or(standing.balance_fen, |row| row.base_fen),
        opening_fen: standing.balance_fen,
        principal_fen: amount,
        interest_fen: standing.accrued_interest_fen,
        balance_fen: standing.balance_fen - amount,
    }
}

/// Share of a year between two days of a plan, whole periods counting as such.
fn time_part(spec: &TermsSpec, plan: &Plan, from: Date, on: Date) -> YearPart {
    let slots = plan.slots.iter().filter(|slot| slot.from >= from && slot.from < on);
    slots.fold(YearPart::NONE, |sum, slot| {
        let whole = slot.due_on <= on;
        let elapsed = || elapsed_part(spec.plan.day_count, slot.part, slot.from, slot.due_on, on);
        sum.plus(if whole { slot.part } else { elapsed() })
    })
}

/// The number of months that stands for a day in rates by the month: the nearest due date's, at least one after the payout.
fn month_at(spec: &TermsSpec, plan: &Plan, on: Date) -> u32 {
    if on <= spec.payout_on {
        return 0;
    }
    let mut before = 0;
    for slot in &plan.slots {
        if slot.due_on >= on {
            let late_half = days_between(slot.from, on) * 2 >= days_between(slot.from, slot.due_on);
            return if late_half { slot.month } else { before.max(1) };
        }
        before = slot.month;
    }
    before.max(1)
}

fn early_fee_item(spec: &TermsSpec, amount_fen: Fen, period: u32, on: Date) -> Vec<Priced> {
    if amount_fen.is_zero() {
        return Vec::new();
    }
    let fee = FeeItem {
        key: EARLY_FEE.to_owned(),
        name: words::early_fee_name(),
        nature: FeeNature::Fee,
        payee: spec.lender.clone(),
        timing: Timing::WithPeriod(period),
        base: Base::Fixed(amount_fen),
        collected: Collected::PaidApart,
        on_early_repayment: OnEarlyRepayment::NotRefundable,
        cap_fen: None,
    };
    vec![Priced { fee, charges: vec![Charge { period, on, amount_fen }] }]
}

/// Repays `amount` of principal on `on`, with the interest accrued on the whole balance until then, and goes on with less
/// time or less payment. Flat interest goes on on the same share of its base as remains of the principal.
///
/// # Errors
/// [`ChangeError`] for a day outside the loan, an amount that is no part of the balance, or a method that cannot be
/// shortened.
pub fn prepay(terms: &Terms, on: Date, amount: Fen, after: AfterPrepayment) -> Result<Changed, ChangeError> {
    let before = Before::of(terms)?;
    let spec = terms.spec();
    let standing = before.standing(spec, on)?;
    let balance = standing.balance_fen;
    if amount <= Fen::ZERO || amount >= balance {
        return Err(ChangeError::Amount { amount, balance });
    }
    let left = balance - amount;
    let slots = remaining_slots(spec, &before.plan, on);
    let level = match (after, before.plan.level_fen, &spec.plan.method) {
        (AfterPrepayment::LessPayment, ..) => Level::Solve,
        (AfterPrepayment::LessTime, Some(level), _) => Level::Keep(level),
        // A custom plan's last rows fall away; `Keep` ends it when nothing is owed.
        (AfterPrepayment::LessTime, None, Method::Custom { .. }) => Level::Keep(Fen::ZERO),
        (AfterPrepayment::LessTime, None, _) => return Err(ChangeError::NothingToShorten),
    };
    let course = Course {
        method: &spec.plan.method,
        rate_ppm: spec.plan.annual_rate_ppm,
        principal: left,
        flat_base: spec.principal_fen.times_ratio(left.get(), balance.get(), spec.plan.rounding),
        rounding: spec.plan.rounding,
        residue: spec.plan.residue,
        level,
        principals: custom_rest(spec, standing.paid_rows, balance, left, after),
    };
    let (rest, _) = course.run(&slots);
    let extra = extra_row(spec, &before.plan, &standing, on, amount);
    let fee = settle::early_fee(spec, &before.plan, amount, on);
    let more = early_fee_item(spec, fee, u32::try_from(standing.paid_rows + 1).unwrap_or(u32::MAX), on);
    let head = before.plan.rows.iter().take(standing.paid_rows).copied();
    let past = before.plan.slots.iter().filter(|slot| slot.due_on <= on).copied();
    let plan = Plan {
        rows: head.chain([extra]).chain(rest).collect(),
        slots: past.chain(slots.iter().copied()).collect(),
        ..before.plan.clone()
    };
    let table = continued(terms, &before, &plan, &more)?;
    Ok(before.changed(table, on))
}

/// Principal of a custom plan's remaining rows after a prepayment: by their share, or the first ones as they were.
fn custom_rest(spec: &TermsSpec, paid: usize, balance: Fen, left: Fen, after: AfterPrepayment) -> Vec<Fen> {
    let Method::Custom { rows } = &spec.plan.method else { return Vec::new() };
    let rest = rows.iter().skip(paid).map(|row| row.principal_fen);
    match after {
        AfterPrepayment::LessTime => rest.collect(),
        AfterPrepayment::LessPayment => {
            rest.map(|part| part.times_ratio(left.get(), balance.get(), spec.plan.rounding)).collect()
        }
    }
}

/// The periods after `on`; the running one begins that day.
fn remaining_slots(spec: &TermsSpec, plan: &Plan, on: Date) -> Vec<Slot> {
    let rest = plan.slots.iter().filter(|slot| slot.due_on > on);
    rest.map(|slot| {
        if on <= slot.from {
            return *slot;
        }
        let part = remaining_part(spec.plan.day_count, slot.part, slot.from, slot.due_on, on);
        let bears = if slot.bears.num == 0 { slot.bears } else { part };
        Slot { from: on, part, bears, ..*slot }
    })
    .collect()
}

/// The table of a plan that goes on after a change. Fees follow the new plan; one refunded by time comes back in part with
/// the last row when the loan now ends earlier.
fn continued(terms: &Terms, before: &Before, plan: &Plan, more: &[Priced]) -> Result<CostTable, ChangeError> {
    let spec = terms.spec();
    let mut fees = quote::priced(spec, plan);
    if let (Some(end), Some(old_end)) = (plan.final_due_on(), before.plan.final_due_on())
        && end < old_end
    {
        let paid = before.plan.rows.partition_point(|row| row.due_on <= end);
        let period = u32::try_from(plan.rows.len()).unwrap_or(u32::MAX);
        for (new, old) in
            fees.iter_mut().zip(&before.fees).filter(|(new, _)| new.fee.nature == FeeNature::Fee)
        {
            let refund = settle::refund(spec, &before.plan, old, paid, end);
            if !refund.is_zero() {
                new.charges.push(Charge { period, on: end, amount_fen: -refund });
            }
        }
    }
    Ok(quote::assemble(terms, plan, &fees, more)?)
}

/// What paying instalment `n` `days` late costs.
///
/// # Errors
/// [`ChangeError`] when there is no such instalment, or the delay is longer than [`MAX_LATE_DAYS`].
pub fn late_payment(terms: &Terms, n: u32, days: u32) -> Result<LatePayment, ChangeError> {
    let before = Before::of(terms)?;
    let last = u32::try_from(before.table.instalments.len()).unwrap_or(u32::MAX);
    let row = (n as usize).checked_sub(1).and_then(|at| before.table.instalments.get(at));
    let Some(row) = row else { return Err(ChangeError::NoSuchInstalment { n, last }) };
    if days > MAX_LATE_DAYS {
        return Err(ChangeError::Days(days));
    }
    let example = quote::late(terms.spec(), row, days);
    let span = jiff::Span::new().days(i64::from(days));
    let paid_on = row.due_on.checked_add(span).map_err(|_| ChangeError::Days(days))?;
    let total_repayable_fen = before.table.total_repayable_fen + example.extra_fen;
    Ok(LatePayment { paid_on, example, total_repayable_fen })
}
