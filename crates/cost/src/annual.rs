//! All annual figures of one loan from its cash flows. Knows flows and dates only: which charge a flow came from is
//! the fee standard's business.

use jiff::civil::Date;

use crate::Fen;
use crate::exact;
use crate::interval::{self, Unit};
use crate::rate::{AnnualCost, NoRate, RateBasis, RateFigure, RateValue};
use crate::solve::{self, Amount, Fraction, MonthlyRate, TimedFlow};

/// One movement of money between the borrower and everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flow {
    /// Number of the period; 0 is the payout.
    pub period: u32,
    /// Day of the movement.
    pub on: Date,
    /// + to the borrower, − from her.
    pub amount_fen: Fen,
}

/// Every annual figure of the flows, each with its basis.
///
/// - compound `(1+r)^12 − 1` and simple `12·r` from the monthly internal rate `r` on period numbers (PBOC 公告〔2021〕第3号);
/// - dated: Directive 2008/48/EC annex I on the real dates, counted in months and days;
/// - US Regulation Z appendix J, unit period one month, odd days over 30;
/// - additive: `additive_ppm` as passed in, labelled.
///
/// Flows may come in any order; flows of one day or period are netted. Dates are counted from `payout_on`, or from the
/// earliest flow if that is before it. Never panics; every figure that does not exist says why.
#[must_use]
pub fn annual_cost(flows: &[Flow], payout_on: Date, additive_ppm: i64) -> AnnualCost {
    let monthly = numbered(flows);
    AnnualCost {
        compound: figure(RateBasis::Compound, monthly.map(|found| found.compound_ppm)),
        simple: figure(RateBasis::Simple, monthly.map(|found| found.simple_ppm)),
        dated_eu: figure(RateBasis::DatedEu, dated_eu(flows, payout_on)),
        us_appendix_j: figure(RateBasis::UsAppendixJ, us_appendix_j(flows, payout_on)),
        additive: RateFigure { basis: RateBasis::Additive, value: RateValue::Ppm(additive_ppm) },
    }
}

impl Amount for Flow {
    fn fen(&self) -> i64 {
        self.amount_fen.get()
    }
}

/// The monthly rate on period numbers.
fn numbered(flows: &[Flow]) -> Result<MonthlyRate, NoRate> {
    if flows.iter().zip(0_u32..).all(|(flow, number)| flow.period == number) {
        return solve::dense_rate(flows);
    }
    let timed = |flow: &Flow| TimedFlow { whole: flow.period, fraction: 0.0, amount_fen: flow.fen() };
    solve::numbered_rate(&flows.iter().map(timed).collect::<Vec<_>>())
}

/// Whether the flows after the first fall on one day of consecutive months. Up to the 27th no month's end can interfere, so
/// the interval of the first of them fixes all others.
fn monthly_after_first(flows: &[Flow]) -> bool {
    let month = |flow: &Flow| i32::from(flow.on.year()) * 12 + i32::from(flow.on.month());
    let Some((first, rest)) = flows.get(1..).and_then(<[Flow]>::split_first) else { return false };
    first.on.day() <= 27
        && rest
            .iter()
            .zip(1..)
            .all(|(flow, k)| flow.on.day() == first.on.day() && month(flow) == month(first) + k)
}

/// The effective annual rate by the European interval rule alone, in ppm; see [`annual_cost`].
///
/// # Errors
/// [`NoRate`] says why there is no rate.
pub fn dated_eu(flows: &[Flow], payout_on: Date) -> Result<i64, NoRate> {
    let origin = origin(flows, payout_on);
    if monthly_after_first(flows) && flows[0].on == origin {
        let first = interval::eu_interval(origin, flows[1].on, Unit::Month);
        if (first.whole, first.days) == (1, 0) {
            return solve::dense_rate(flows).map(|found| found.compound_ppm);
        }
        let months = 12.0 * first.years(Unit::Month);
        if let Some(found) = solve::odd_first_rate(flows, months).filter(|_| first.days > 0) {
            return found.map(|monthly| exact::plain_ppm(exact::compound_of(monthly)));
        }
    }
    let timed: Vec<TimedFlow> = flows
        .iter()
        .map(|flow| {
            let interval = interval::eu_interval(origin, flow.on, Unit::Month);
            let fraction = 12.0 * f64::from(interval.days) / f64::from(interval.year_days);
            TimedFlow { whole: interval.whole, fraction, amount_fen: flow.amount_fen.get() }
        })
        .collect();
    if timed.iter().all(|flow| flow.fraction == 0.0) {
        return solve::numbered_rate(&timed).map(|found| found.compound_ppm);
    }
    solve::timed_rate(&timed, Fraction::Compound).map(|monthly| exact::plain_ppm(exact::compound_of(monthly)))
}

/// Twelve times the unit-period rate of appendix J's general equation, in ppm.
fn us_appendix_j(flows: &[Flow], payout_on: Date) -> Result<i64, NoRate> {
    let origin = origin(flows, payout_on);
    let timed: Vec<TimedFlow> = flows
        .iter()
        .map(|flow| {
            let (whole, days) = interval::app_j_months(origin, flow.on);
            TimedFlow { whole, fraction: f64::from(days) / 30.0, amount_fen: flow.amount_fen.get() }
        })
        .collect();
    if timed.iter().all(|flow| flow.fraction == 0.0) {
        return solve::numbered_rate(&timed).map(|found| found.simple_ppm);
    }
    solve::timed_rate(&timed, Fraction::Linear).map(|monthly| exact::plain_ppm(12.0 * monthly))
}

fn origin(flows: &[Flow], payout_on: Date) -> Date {
    flows.iter().map(|flow| flow.on).fold(payout_on, Date::min)
}

fn figure(basis: RateBasis, ppm: Result<i64, NoRate>) -> RateFigure {
    RateFigure { basis, value: ppm.map_or_else(RateValue::None, RateValue::Ppm) }
}
