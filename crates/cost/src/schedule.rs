//! The repayment plan: which principal and interest fall due when. It knows methods and calendars, and no fee.

use jiff::civil::Date;

use crate::annuity::equal_instalment;
use crate::calendar::{DueDates, YearPart, months_and_days, year_part};
use crate::instalment::level_instalment;
use crate::money::PPM;
use crate::terms::{Method, PlanSpec, Residue, Rounding, TermsSpec};
use crate::{Fen, Terms};

/// Whether principal is repaid with a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repays {
    /// It is.
    Principal,
    /// Interest only (宽限期).
    Nothing,
}

/// One period of the calendar, before any money is put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub period: u32,
    pub month: u32,
    pub from: Date,
    pub due_on: Date,
    pub part: YearPart,
    /// The share that bears interest: all of it, or none in an interest-free period (免息期).
    pub bears: YearPart,
    pub repays: Repays,
}

/// Where a row of a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// An instalment of the plan.
    Regular,
    /// A repayment before its time.
    Extra,
}

/// One row of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Where it comes from.
    pub kind: RowKind,
    /// Number of the period that it closes, or (for an extra row) falls into.
    pub period: u32,
    /// Months since the payout, for rates by the month.
    pub month: u32,
    /// Start of the time that its interest is for.
    pub from: Date,
    /// Due date.
    pub due_on: Date,
    /// That time as a share of a year.
    pub part: YearPart,
    /// Nominal annual rate in force, ppm.
    pub rate_ppm: i64,
    /// Amount that bears interest (the original principal for flat interest).
    pub base_fen: Fen,
    /// Principal owed before.
    pub opening_fen: Fen,
    /// Principal part.
    pub principal_fen: Fen,
    /// Interest part.
    pub interest_fen: Fen,
    /// Principal owed afterwards.
    pub balance_fen: Fen,
}

/// A repayment plan without fees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Rows in order of date.
    pub rows: Vec<PlanRow>,
    /// The level amount of the method: the instalment for 等额本息, the principal part for 等额本金, 等本等息 and card
    /// instalments; `None` for the others.
    pub level_fen: Option<Fen>,
    /// Nominal annual rate in force at the end, ppm.
    pub rate_ppm: i64,
    pub(crate) slots: Vec<Slot>,
}

impl Plan {
    /// Last due date.
    #[must_use]
    pub fn final_due_on(&self) -> Option<Date> {
        self.rows.last().map(|row| row.due_on)
    }
}

/// The plan of checked terms.
#[must_use]
pub fn plan(terms: &Terms) -> Plan {
    plan_of(terms.spec())
}

pub(crate) fn plan_of(spec: &TermsSpec) -> Plan {
    let slots = slots(spec);
    let principals = match &spec.plan.method {
        Method::Custom { rows } => rows.iter().map(|row| row.principal_fen).collect(),
        _ => Vec::new(),
    };
    let course = Course {
        method: &spec.plan.method,
        rate_ppm: spec.plan.annual_rate_ppm,
        principal: spec.principal_fen,
        flat_base: spec.principal_fen,
        rounding: spec.plan.rounding,
        residue: spec.plan.residue,
        level: Level::Solve,
        principals,
    };
    let (rows, level_fen) = course.run(&slots);
    Plan { rows, level_fen, rate_ppm: spec.plan.annual_rate_ppm, slots }
}

/// The calendar of a spec's periods.
pub(crate) fn slots(spec: &TermsSpec) -> Vec<Slot> {
    let plan = &spec.plan;
    let dates = DueDates::new(spec.payout_on, plan.first_due_on);
    let mut from = spec.payout_on;
    (1..=plan.periods)
        .map(|n| {
            let (due_on, month) = match &plan.method {
                Method::Custom { rows } => {
                    let due_on = rows.get(n as usize - 1).map_or(from, |row| row.due_on);
                    (due_on, nearest_month(spec.payout_on, due_on))
                }
                _ => (dates.due(n), n),
            };
            let regular =
                !matches!(plan.method, Method::Custom { .. }) && (n > 1 || plan.first_due_on.is_none());
            let slot = slot(plan, n, month, from, due_on, regular);
            from = due_on;
            slot
        })
        .collect()
}

/// One slot. A regular month counts as a twelfth by the month, whatever its days.
fn slot(plan: &PlanSpec, n: u32, month: u32, from: Date, due_on: Date, regular: bool) -> Slot {
    use crate::terms::DayCount::{PerPeriod, Thirty360};
    let part = match plan.day_count {
        PerPeriod | Thirty360 if regular => YearPart::MONTH,
        count => year_part(count, from, due_on),
    };
    let bears = if n <= plan.interest_free_periods { YearPart::NONE } else { part };
    let repays = if n <= plan.grace_periods { Repays::Nothing } else { Repays::Principal };
    Slot { period: n, month, from, due_on, part, bears, repays }
}

/// Months from the payout to a day, to the nearest whole month, at least one.
pub(crate) fn nearest_month(payout_on: Date, on: Date) -> u32 {
    let (months, days) = months_and_days(payout_on, on);
    u32::try_from(months + i64::from(days >= 15)).unwrap_or(0).max(1)
}

/// What fixes the size of the instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Work it out so that the plan ends with its last period.
    Solve,
    /// Keep this amount, and end when nothing is owed.
    Keep(Fen),
}

/// Everything that turns a calendar into rows.
pub(crate) struct Course<'a> {
    pub method: &'a Method,
    pub rate_ppm: i64,
    pub principal: Fen,
    pub flat_base: Fen,
    pub rounding: Rounding,
    pub residue: Residue,
    pub level: Level,
    /// Principal by slot, for a custom plan.
    pub principals: Vec<Fen>,
}

impl Course<'_> {
    /// Rows for the slots, and the level amount.
    pub(crate) fn run(&self, slots: &[Slot]) -> (Vec<PlanRow>, Option<Fen>) {
        match self.method {
            Method::EqualInstalment => self.equal_instalment(slots),
            Method::EqualPrincipal | Method::FlatInterest | Method::CardInstalment { .. } => {
                self.level_principal(slots)
            }
            Method::InterestOnly | Method::Revolving => {
                let last = slots.len().saturating_sub(1);
                (self.rows(slots, |at, _, balance| if at == last { balance } else { Fen::ZERO }), None)
            }
            Method::Bullet => (self.rows(&merged(slots), |_, _, balance| balance), None),
            Method::Custom { .. } => {
                let part = |at: usize| self.principals.get(at).copied().unwrap_or(Fen::ZERO);
                (self.rows(slots, |at, _, balance| part(at).min(balance)), None)
            }
        }
    }

    fn interest(&self, base: Fen, part: YearPart) -> Fen {
        interest(base, self.rate_ppm, part, self.rounding)
    }

    /// Builds rows; `principal(index, interest, balance)` says what is repaid with each. The last row takes what is left,
    /// which is what makes the principal parts add up to the fen.
    fn rows(&self, slots: &[Slot], principal: impl Fn(usize, Fen, Fen) -> Fen) -> Vec<PlanRow> {
        let flat = matches!(self.method, Method::FlatInterest | Method::CardInstalment { .. });
        let mut balance = self.principal;
        let mut rows = Vec::with_capacity(slots.len());
        for (at, slot) in slots.iter().enumerate() {
            let base = if flat { self.flat_base } else { balance };
            let interest = self.interest(base, slot.bears);
            let wanted = match slot.repays {
                Repays::Nothing => Fen::ZERO,
                Repays::Principal => principal(at, interest, balance).max(Fen::ZERO).min(balance),
            };
            let repaid = if at + 1 == slots.len() { balance } else { wanted };
            let opening = balance;
            balance -= repaid;
            rows.push(PlanRow {
                kind: RowKind::Regular,
                period: slot.period,
                month: slot.month,
                from: slot.from,
                due_on: slot.due_on,
                part: slot.part,
                rate_ppm: if slot.bears.num == 0 { 0 } else { self.rate_ppm },
                base_fen: base,
                opening_fen: opening,
                principal_fen: repaid,
                interest_fen: interest,
                balance_fen: balance,
            });
            if balance.is_zero() && matches!(self.level, Level::Keep(_)) {
                break;
            }
        }
        rows
    }

    fn level_principal(&self, slots: &[Slot]) -> (Vec<PlanRow>, Option<Fen>) {
        let first = slots.iter().position(|slot| slot.repays == Repays::Principal).unwrap_or(0);
        let count = i64::try_from(slots.len() - first.min(slots.len())).unwrap_or(1).max(1);
        let level = match self.level {
            Level::Keep(level) => level,
            Level::Solve => self.principal.times_ratio(1, count, self.rounding),
        };
        let others = level.checked_mul(count - 1).unwrap_or(self.principal);
        let opening = match (self.residue, self.level) {
            (Residue::First, Level::Solve) => (self.principal - others).max(Fen::ZERO),
            _ => level,
        };
        (self.rows(slots, |at, _, _| if at == first { opening } else { level }), Some(level))
    }

    fn equal_instalment(&self, slots: &[Slot]) -> (Vec<PlanRow>, Option<Fen>) {
        let first = slots.iter().position(|slot| slot.repays == Repays::Principal).unwrap_or(0);
        let level = match self.level {
            Level::Keep(level) => level,
            Level::Solve => self.solve_instalment(slots.get(first..).unwrap_or(&[])),
        };
        let rows = self.rows(slots, |_, interest, _| level - interest);
        let rows = match (self.residue, self.level) {
            (Residue::First, Level::Solve) if slots.len() > first + 1 => {
                self.residue_first(slots, first, level, rows)
            }
            _ => rows,
        };
        (rows, Some(level))
    }

    /// Whole months take the exactly rounded closed formula; days, odd periods and interest-free ones are discounted one by
    /// one. A test holds both ways to the same answer.
    fn solve_instalment(&self, slots: &[Slot]) -> Fen {
        let months = u32::try_from(slots.len()).unwrap_or(u32::MAX);
        if slots.iter().all(|slot| slot.bears == YearPart::MONTH) {
            return level_instalment(self.principal, self.rate_ppm, months, self.rounding);
        }
        equal_instalment(self.principal, slots.iter().map(|slot| (self.rate_ppm, slot.bears)), self.rounding)
    }

    /// Moves the residue of equal instalments into the first repaying one. A fen in the first row grows until the last, so
    /// the exact place is found in a few steps; what whole fen cannot place (a fen or two) stays in the last row.
    fn residue_first(&self, slots: &[Slot], first: usize, level: Fen, start: Vec<PlanRow>) -> Vec<PlanRow> {
        let off = |rows: &[PlanRow]| {
            rows.last().map_or(Fen::ZERO, |row| row.principal_fen + row.interest_fen - level)
        };
        let Some(base) = start.get(first).map(|row| row.principal_fen) else { return start };
        let mut shift = Fen::ZERO;
        let mut best = start;
        for _ in 0..8 {
            let missing = off(&best);
            if missing.is_zero() {
                break;
            }
            let growth = slots.iter().skip(first + 1).fold(PPM, |growth, slot| {
                growth.saturating_add(
                    interest(Fen::new(growth), self.rate_ppm, slot.bears, Rounding::HalfUp).get(),
                )
            });
            let step = missing.times_ratio(PPM, growth, Rounding::HalfUp);
            if step.is_zero() {
                break;
            }
            let tried = shift + step;
            let rows =
                self.rows(slots, |at, interest, _| if at == first { base + tried } else { level - interest });
            if off(&rows).abs() >= missing.abs() {
                break;
            }
            shift = tried;
            best = rows;
        }
        best
    }
}

/// Interest on `base` for a share of a year, rounded once.
pub(crate) fn interest(base: Fen, rate_ppm: i64, part: YearPart, rounding: Rounding) -> Fen {
    if rate_ppm == 0 || part.num == 0 {
        return Fen::ZERO;
    }
    match (rate_ppm.checked_mul(part.num), part.den.checked_mul(PPM)) {
        (Some(num), Some(den)) => base.times_ratio(num, den, rounding),
        _ => {
            let reduced = part.times(1, 1);
            base.times_ppm(rate_ppm, rounding).times_ratio(reduced.num, reduced.den, rounding)
        }
    }
}

/// One slot for the whole time, for a loan that is repaid at once.
fn merged(slots: &[Slot]) -> Vec<Slot> {
    let (Some(first), Some(last)) = (slots.first(), slots.last()) else { return Vec::new() };
    let part = slots.iter().fold(YearPart::NONE, |sum, slot| sum.plus(slot.part));
    let bears = slots.iter().fold(YearPart::NONE, |sum, slot| sum.plus(slot.bears));
    let whole = Slot { period: 1, from: first.from, part, bears, ..*last };
    vec![whole]
}
