//! The rest of a loan over a new number of periods, perhaps at a new rate. It knows no early repayment.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Before, ChangeError, Changed, continued};
use crate::calendar::{DueDates, YearPart, year_part};
use crate::schedule::{Course, Level, Plan, Repays, Slot};
use crate::terms::{DayCount, Method, TermsSpec};
use crate::{Terms, check, words};

/// New conditions for the rest of a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reschedule {
    /// The last instalment that is still paid as before; 0 = from the start.
    pub after_period: u32,
    /// Number of monthly periods from there on.
    pub periods: u32,
    /// New nominal rate, ppm a year; `None` keeps the old one.
    pub annual_rate_ppm: Option<i64>,
}

/// Gives the rest of a loan a new number of periods, and perhaps a new rate, from a due date on.
///
/// # Errors
/// [`ChangeError`] for a method without a rule, or numbers outside the limits.
pub fn reschedule(terms: &Terms, new: &Reschedule) -> Result<Changed, ChangeError> {
    let before = Before::of(terms)?;
    let spec = terms.spec();
    if matches!(spec.plan.method, Method::Custom { .. } | Method::Bullet) {
        return Err(ChangeError::NoRule);
    }
    let last = spec.plan.periods;
    if new.after_period >= last {
        return Err(ChangeError::NoSuchInstalment { n: new.after_period, last: last - 1 });
    }
    if new.periods == 0 || new.after_period.saturating_add(new.periods) > check::MAX_PERIODS {
        return Err(ChangeError::Periods(new.periods));
    }
    let rate_ppm = new.annual_rate_ppm.unwrap_or(spec.plan.annual_rate_ppm);
    let card = matches!(spec.plan.method, Method::CardInstalment { .. });
    if !(0..=check::MAX_RATE_PPM).contains(&rate_ppm) || (card && rate_ppm != 0) {
        return Err(ChangeError::Rate(rate_ppm));
    }
    let kept = new.after_period as usize;
    let head = before.plan.rows.get(..kept).unwrap_or(&[]);
    let balance = head.last().map_or(spec.principal_fen, |row| row.balance_fen);
    let slots = new_slots(spec, new, head.last().map_or(spec.payout_on, |row| row.due_on));
    let course = Course {
        method: &spec.plan.method,
        rate_ppm,
        principal: balance,
        flat_base: balance,
        rounding: spec.plan.rounding,
        residue: spec.plan.residue,
        level: Level::Solve,
        principals: Vec::new(),
    };
    let (rest, level_fen) = course.run(&slots);
    let past = before.plan.slots.iter().take(kept).copied();
    let plan = Plan {
        rows: head.iter().copied().chain(rest).collect(),
        level_fen,
        rate_ppm,
        slots: past.chain(slots.iter().copied()).collect(),
    };
    let mut table = continued(terms, &before, &plan, &[])?;
    if rate_ppm != spec.plan.annual_rate_ppm
        && let Some(interest) = table.items.first_mut()
    {
        words::add_new_rate(&mut interest.standard, new.after_period + 1, rate_ppm);
    }
    Ok(before.changed(table, head.last().map_or(spec.payout_on, |row| row.due_on)))
}

fn new_slots(spec: &TermsSpec, new: &Reschedule, start: Date) -> Vec<Slot> {
    let dates = DueDates::new(spec.payout_on, spec.plan.first_due_on);
    let mut from = start;
    (1..=new.periods)
        .map(|i| {
            let period = new.after_period + i;
            let due_on = dates.due(period);
            let regular = period > 1 || spec.plan.first_due_on.is_none();
            let part = match spec.plan.day_count {
                DayCount::PerPeriod | DayCount::Thirty360 if regular => YearPart::MONTH,
                count => year_part(count, from, due_on),
            };
            let slot =
                Slot { period, month: period, from, due_on, part, bears: part, repays: Repays::Principal };
            from = due_on;
            slot
        })
        .collect()
}
