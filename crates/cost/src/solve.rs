//! The one solver: from dated or numbered cash flows to the rate per month, or to the reason why there is none.
//! Knows nothing of loans, fees or currencies; floats live here and nowhere else.
//!
//! # Root rule
//! The rate is the **positive root nearest zero** of the discounted sum (FCA handbook, MCOB 10.3). Flows that add up
//! to nothing have rate 0. Flows `[1000, −2300, 1320]` have the roots 10 % and 20 %: the rate is 10 %.
//!
//! # How it is found
//! With one change of sign in order of time there is at most one root (Descartes), and Newton steps kept inside a
//! bracket find it. With more changes, intervals of the rate are searched from zero upwards; an interval is left out only when
//! bounds on the sum, widened by its rounding error, prove that it holds no root.
//!
//! # Error
//! With `u = 2⁻⁵³`, `n` flows and `S` the sum of the discounted amounts' absolute values, an evaluation is wrong by at most
//! `(2n + 8)·u·S`, and so the rate by that over the slope. For a level loan of 600 months this stays below 10⁻¹⁴ a
//! month, 10⁻⁷ ppm a year.

use crate::curve::Curve;
use crate::exact;
use crate::rate::NoRate;

/// Highest rate per month that is searched: 10,000 % a year as simple interest.
pub const MAX_MONTHLY_RATE: f64 = 100.0 / 12.0;

/// How a fraction of a month is discounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fraction {
    /// `(1+i)^(t+f)`: European annual percentage rate.
    Compound,
    /// `(1+f·i)·(1+i)^t`: US Regulation Z appendix J, general equation.
    Linear,
}

/// One flow at `whole + fraction` unit periods after the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedFlow {
    /// Whole unit periods.
    pub whole: u32,
    /// Fraction of a unit period, 0 or more, finite.
    pub fraction: f64,
    /// Amount; + to the borrower.
    pub amount_fen: i64,
}

/// The rate per unit period of flows at times with fractions. Order does not matter. Flows whose fraction is not a
/// finite number of 0 or more, or more than [`MAX_FLOWS`] distinct times, have no rate ([`NoRate::OutOfRange`]).
///
/// # Errors
/// [`NoRate`] says why there is no rate.
pub fn timed_rate(flows: &[TimedFlow], rule: Fraction) -> Result<f64, NoRate> {
    Curve::new(flows, rule)?.rate()
}

/// The monthly rate of flows at whole months, in any order; fractions are not looked at.
pub(crate) fn numbered_rate(flows: &[TimedFlow]) -> Result<MonthlyRate, NoRate> {
    Curve::new(flows, Fraction::Compound)?.monthly()
}

/// Most distinct times in one call; 600 months have at most 601 on any one calendar.
pub const MAX_FLOWS: usize = 2_000;

/// A monthly internal rate with its two annual readings (PBOC 公告〔2021〕第3号).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthlyRate {
    /// Rate per month, as a fraction.
    pub rate: f64,
    /// 12·rate in ppm a year: the exact root rounded half-up.
    pub simple_ppm: i64,
    /// (1+rate)^12 − 1 in ppm a year: the exact root rounded half-up up to 100,000 %, beyond that to about ten digits.
    pub compound_ppm: i64,
}

impl MonthlyRate {
    pub(crate) const ZERO: MonthlyRate = MonthlyRate { rate: 0.0, simple_ppm: 0, compound_ppm: 0 };
}

/// The monthly internal rate of flows numbered by their index: `flows[0]` at the payout, `flows[k]` in month k.
///
/// ```
/// use mingbai_cost::solve::monthly_rate;
/// // The central bank's example: 100,000 less a fee of 1,000, twelve instalments of 8,833.30.
/// let mut flows = [-883_330; 13];
/// flows[0] = 9_900_000;
/// let found = monthly_rate(&flows)?;
/// assert_eq!((found.simple_ppm, found.compound_ppm), (128_038, 135_826));
/// # Ok::<(), mingbai_cost::NoRate>(())
/// ```
///
/// # Errors
/// [`NoRate`] says why there is no rate.
pub fn monthly_rate(flows: &[i64]) -> Result<MonthlyRate, NoRate> {
    dense_rate(flows)
}

/// Anything that carries an amount, so that flows with dates need no copy.
pub(crate) trait Amount {
    fn fen(&self) -> i64;
}

impl Amount for i64 {
    fn fen(&self) -> i64 {
        *self
    }
}

pub(crate) fn dense_rate<T: Amount>(flows: &[T]) -> Result<MonthlyRate, NoRate> {
    if flows.len() > MAX_FLOWS {
        return Err(NoRate::OutOfRange);
    }
    let in_order = || flows.iter().enumerate().map(|(k, flow)| (k as f64, flow.fen()));
    let shape = Shape::of_plain_loan(flows).unwrap_or_else(|| Shape::of(in_order()));
    match shape.verdict()? {
        Verdict::Zero => Ok(MonthlyRate::ZERO),
        Verdict::OneRoot => {
            let rate = newton(|i| dense_at(flows, i), &shape)?;
            let latest_first =
                flows.iter().rev().enumerate().map(|(k, flow)| (u32::from(k > 0), flow.fen() as f64));
            let terms = exact::Terms { latest_first };
            let rising = shape.last_sign < 0;
            Ok(MonthlyRate {
                rate,
                simple_ppm: terms.simple_ppm(rate, rising),
                compound_ppm: terms.compound_ppm(rate, rising),
            })
        }
        Verdict::ManyRoots => {
            let timed: Vec<TimedFlow> = flows
                .iter()
                .enumerate()
                .map(|(k, flow)| TimedFlow { whole: k as u32, fraction: 0.0, amount_fen: flow.fen() })
                .collect();
            Curve::new(&timed, Fraction::Compound)?.monthly()
        }
    }
}

/// The rate of a first flow at time 0 and further flows at `first`, `first + 1`, … unit periods, by the compound rule.
/// `None` for flows other than one payout and repayments: those take the general way.
pub(crate) fn odd_first_rate<T: Amount>(flows: &[T], first: f64) -> Option<Result<f64, NoRate>> {
    if flows.len() > MAX_FLOWS {
        return None;
    }
    let mut shape = Shape::of_plain_loan(flows)?;
    let (payout, rest) = (flows[0].fen() as f64, &flows[1..]);
    let shift = first - 1.0;
    let [sum, by_time, by_square] = shape.paid;
    shape.paid = [sum, by_time + shift * sum, by_square + 2.0 * shift * by_time + shift * shift * sum];
    let at = |i: f64| {
        let factor = (-first * i.ln_1p()).exp();
        let (value, slope) = dense_at(rest, i);
        (payout + factor * value, factor * (slope - first / (1.0 + i) * value))
    };
    Some(match shape.verdict() {
        Err(reason) => Err(reason),
        Ok(Verdict::Zero) => Ok(0.0),
        Ok(Verdict::OneRoot | Verdict::ManyRoots) => newton(at, &shape),
    })
}

/// What can be said about flows before anything is solved.
pub(crate) struct Shape {
    pub(crate) total: i128,
    positive: bool,
    negative: bool,
    sign_changes: u32,
    pub(crate) last_sign: i64,
    /// Absolute sums and their time moments, separately for the two signs: (Σa, Σat, Σat²).
    received: [f64; 3],
    paid: [f64; 3],
}

pub(crate) enum Verdict {
    Zero,
    OneRoot,
    ManyRoots,
}

impl Shape {
    /// Flows must come in order of time.
    pub(crate) fn of(flows: impl Iterator<Item = (f64, i64)>) -> Shape {
        let mut shape = Shape {
            total: 0,
            positive: false,
            negative: false,
            sign_changes: 0,
            last_sign: 0,
            received: [0.0; 3],
            paid: [0.0; 3],
        };
        for (time, amount) in flows {
            shape.add(time, amount);
        }
        shape
    }

    #[inline]
    fn add(&mut self, time: f64, amount: i64) {
        let sign = amount.signum();
        if sign == 0 {
            return;
        }
        self.sign_changes += u32::from(sign == -self.last_sign);
        self.last_sign = sign;
        self.total += i128::from(amount);
        let size = (amount as f64).abs();
        let side = if sign > 0 { &mut self.received } else { &mut self.paid };
        side[0] += size;
        side[1] += size * time;
        side[2] += size * time * time;
        self.positive |= sign > 0;
        self.negative |= sign < 0;
    }

    pub(crate) fn verdict(&self) -> Result<Verdict, NoRate> {
        if !self.positive || !self.negative {
            return Err(NoRate::OneSided);
        }
        if self.total == 0 {
            return Ok(Verdict::Zero);
        }
        if self.sign_changes > 1 {
            return Ok(Verdict::ManyRoots);
        }
        // One change: a positive root exists only if the later side is the larger one.
        let later_is_larger = (self.total < 0) == (self.last_sign < 0);
        if later_is_larger { Ok(Verdict::OneRoot) } else { Err(NoRate::NegativeOnly) }
    }

    /// The shape of the commonest flows, one payout and then repayments only, one a month; `None` for any others. Four
    /// sums run side by side.
    fn of_plain_loan<T: Amount>(flows: &[T]) -> Option<Shape> {
        let (first, rest) = flows.split_first()?;
        let mut sums = [[0.0_f64; 4]; 3];
        let mut times = [1.0, 2.0, 3.0, 4.0];
        let (mut total, mut strange) = (first.fen(), first.fen() <= 0);
        for block in rest.chunks(4) {
            for (lane, flow) in block.iter().enumerate() {
                let fen = flow.fen();
                let size = -(fen as f64);
                strange |= fen > 0;
                total = total.wrapping_add(fen);
                sums[0][lane] += size;
                sums[1][lane] += size * times[lane];
                sums[2][lane] += size * times[lane] * times[lane];
                times[lane] += 4.0;
            }
        }
        let paid = sums.map(|sum| (sum[0] + sum[1]) + (sum[2] + sum[3]));
        // Up to here the whole-number total has not wrapped.
        if strange || paid[0] > 9e18 {
            return None;
        }
        let received = [first.fen() as f64, 0.0, 0.0];
        let negative = paid[0] > 0.0;
        let total = i128::from(total);
        Some(Shape { total, positive: true, negative, sign_changes: 1, last_sign: -1, received, paid })
    }

    /// A first guess from the means and the spread of the two sides' times.
    fn guess(&self) -> f64 {
        let (early, late) =
            if self.last_sign < 0 { (&self.received, &self.paid) } else { (&self.paid, &self.received) };
        let mean = |side: &[f64; 3]| side[1] / side[0];
        let spread = |side: &[f64; 3]| (side[2] / side[0] - mean(side) * mean(side)).max(0.0);
        let distance = mean(late) - mean(early);
        let growth = (late[0] / early[0]).ln();
        let root = (distance * distance - 2.0 * (spread(late) - spread(early)) * growth).max(0.0).sqrt();
        let guess = (2.0 * growth / (distance + root)).exp_m1();
        if guess.is_finite() { guess.clamp(0.0, MAX_MONTHLY_RATE) } else { 0.0 }
    }
}

/// Newton steps inside a bracket, for flows with exactly one positive root. `at` gives value and slope.
#[inline]
pub(crate) fn newton(at: impl Fn(f64) -> (f64, f64), shape: &Shape) -> Result<f64, NoRate> {
    // After the flip the function is negative at 0 and positive beyond the root.
    let flip = if shape.last_sign < 0 { 1.0 } else { -1.0 };
    let (mut low, mut high) = (0.0_f64, MAX_MONTHLY_RATE);
    let mut rate = shape.guess();
    for _ in 0..200 {
        let (value, slope) = at(rate);
        let (value, slope) = (value * flip, slope * flip);
        if value == 0.0 {
            return Ok(rate);
        }
        if value < 0.0 {
            low = rate;
        } else {
            high = rate;
        }
        let next = rate - value / slope;
        // At a step this small the error left is its square times half the mean time: below 10⁻¹⁵.
        if (next - rate).abs() <= 1e-9 && (0.0..=MAX_MONTHLY_RATE).contains(&next) {
            return Ok(next);
        }
        let inside = next > low && next < high;
        let next = if inside { next } else { low + (high - low) / 2.0 };
        if next <= low || next >= high {
            break;
        }
        rate = next;
    }
    if high >= MAX_MONTHLY_RATE && at(MAX_MONTHLY_RATE).0 * flip <= 0.0 {
        return Err(NoRate::OutOfRange);
    }
    Ok(low + (high - low) / 2.0)
}

/// Value and slope of a dense sum at rate `i`, by four interleaved Horner chains so that no chain waits for another.
#[inline]
fn dense_at<T: Amount>(flows: &[T], i: f64) -> (f64, f64) {
    let v = 1.0 / (1.0 + i);
    let v2 = v * v;
    let v4 = v2 * v2;
    let (mut h, mut d) = ([0.0_f64; 4], [0.0_f64; 4]);
    let blocks = flows.chunks_exact(4);
    let tail = blocks.remainder();
    for (lane, amount) in tail.iter().enumerate() {
        h[lane] = amount.fen() as f64;
    }
    for block in blocks.rev() {
        for lane in 0..4 {
            d[lane] = d[lane] * v4 + h[lane];
            h[lane] = h[lane] * v4 + block[lane].fen() as f64;
        }
    }
    // Σ v^lane·h_lane(v⁴); its derivative in v follows from the chain rule.
    let value = (h[0] + v * h[1]) + v2 * (h[2] + v * h[3]);
    let outer = h[1] + v * (2.0 * h[2] + 3.0 * v * h[3]);
    let inner = (d[0] + v * d[1]) + v2 * (d[2] + v * d[3]);
    let by_v = outer + 4.0 * v2 * v * inner;
    (value, -by_v * v2)
}

/// `base^exponent` by squaring.
#[must_use]
pub(crate) fn whole_power(mut base: f64, mut exponent: u32) -> f64 {
    let mut result = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_nearest_zero_is_taken() {
        let rate = monthly_rate(&[100_000, -230_000, 132_000]).map_or(f64::NAN, |found| found.rate);
        assert!((rate - 0.1).abs() < 1e-12, "{rate}");
        let rate = monthly_rate(&[-100_000, 230_000, -132_000]).map_or(f64::NAN, |found| found.rate);
        assert!((rate - 0.1).abs() < 1e-12, "{rate}");
    }

    #[test]
    fn no_rate_is_an_answer() {
        assert_eq!(monthly_rate(&[]), Err(NoRate::OneSided));
        assert_eq!(monthly_rate(&[0, 0]), Err(NoRate::OneSided));
        assert_eq!(monthly_rate(&[100, 100]), Err(NoRate::OneSided));
        assert_eq!(monthly_rate(&[100, -50]), Err(NoRate::NegativeOnly));
        assert_eq!(monthly_rate(&[1, -1_000]), Err(NoRate::OutOfRange));
        assert_eq!(monthly_rate(&[100, -50, -50]), Ok(MonthlyRate::ZERO));
    }

    #[test]
    fn the_central_bank_example() {
        let mut flows = vec![9_900_000];
        flows.extend([-883_330; 12]);
        let rate = monthly_rate(&flows).map_or(f64::NAN, |found| found.rate);
        assert!((12.0 * rate - 0.128_038_02).abs() < 1e-7, "{rate}");
    }
}
