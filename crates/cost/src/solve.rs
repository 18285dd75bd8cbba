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
/// finite number of 0 or more, or more than 10,000 of them, have no rate ([`NoRate::OutOfRange`]).
///
/// # Errors
/// [`NoRate`] says why there is no rate.
pub fn timed_rate(flows: &[TimedFlow], rule: Fraction) -> Result<f64, NoRate> {
    Curve::new(flows, rule)?.rate()
}

/// Most flows that one call takes.
pub const MAX_FLOWS: usize = 10_000;

/// The monthly internal rate of flows numbered by their index: `flows[0]` at the payout, `flows[k]` in month k.
///
/// # Errors
/// [`NoRate`] says why there is no rate.
pub fn monthly_rate(flows: &[i64]) -> Result<f64, NoRate> {
    let shape = Shape::of(flows.iter().enumerate().map(|(k, a)| (k as f64, *a)));
    match shape.verdict()? {
        Verdict::Zero => Ok(0.0),
        Verdict::OneRoot => newton(|i| dense_at(flows, i), &shape),
        Verdict::ManyRoots => {
            let timed: Vec<TimedFlow> = flows
                .iter()
                .enumerate()
                .map(|(k, a)| TimedFlow { whole: k as u32, fraction: 0.0, amount_fen: *a })
                .collect();
            Curve::new(&timed, Fraction::Compound)?.rate()
        }
    }
}

/// What can be said about flows before anything is solved.
struct Shape {
    total: i128,
    positive: bool,
    negative: bool,
    sign_changes: u32,
    last_sign: i64,
    /// Absolute sums and their time moments, separately for the two signs: (Σa, Σat, Σat²).
    received: [f64; 3],
    paid: [f64; 3],
}

enum Verdict {
    Zero,
    OneRoot,
    ManyRoots,
}

impl Shape {
    /// Flows must come in order of time.
    fn of(flows: impl Iterator<Item = (f64, i64)>) -> Shape {
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

    fn verdict(&self) -> Result<Verdict, NoRate> {
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
fn newton(at: impl Fn(f64) -> (f64, f64), shape: &Shape) -> Result<f64, NoRate> {
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
fn dense_at(flows: &[i64], i: f64) -> (f64, f64) {
    let v = 1.0 / (1.0 + i);
    let v2 = v * v;
    let v4 = v2 * v2;
    let (mut h, mut d) = ([0.0_f64; 4], [0.0_f64; 4]);
    let blocks = flows.chunks_exact(4);
    let tail = blocks.remainder();
    for (lane, amount) in tail.iter().enumerate() {
        h[lane] = *amount as f64;
    }
    for block in blocks.rev() {
        for lane in 0..4 {
            d[lane] = d[lane] * v4 + h[lane];
            h[lane] = h[lane] * v4 + block[lane] as f64;
        }
    }
    // Σ v^lane·h_lane(v⁴); its derivative in v follows from the chain rule.
    let value = (h[0] + v * h[1]) + v2 * (h[2] + v * h[3]);
    let outer = h[1] + v * (2.0 * h[2] + 3.0 * v * h[3]);
    let inner = (d[0] + v * d[1]) + v2 * (d[2] + v * d[3]);
    let by_v = outer + 4.0 * v2 * v * inner;
    (value, -by_v * v2)
}

/// Flows grouped by their fraction of a month, each group in order of time.
struct Curve {
    rule: Fraction,
    groups: Vec<Group>,
    shape: Shape,
    count: usize,
}

struct Group {
    fraction: f64,
    /// (months since the group's term before, amount), latest first; the last step leads to time 0.
    terms: Vec<(u32, f64)>,
    first: u32,
}

/// Value and slope of both sides at one rate: received and paid, as positive amounts.
#[derive(Clone, Copy)]
struct Sides {
    received: (f64, f64),
    paid: (f64, f64),
}

impl Curve {
    fn new(flows: &[TimedFlow], rule: Fraction) -> Result<Curve, NoRate> {
        let sound = |flow: &TimedFlow| flow.fraction.is_finite() && flow.fraction >= 0.0;
        if flows.len() > MAX_FLOWS || !flows.iter().all(sound) {
            return Err(NoRate::OutOfRange);
        }
        let time = |flow: &TimedFlow| f64::from(flow.whole) + flow.fraction;
        let mut sorted: Vec<TimedFlow> = flows.iter().copied().filter(|flow| flow.amount_fen != 0).collect();
        if !sorted.is_sorted_by(|a, b| time(a) <= time(b)) {
            sorted.sort_by(|a, b| time(a).total_cmp(&time(b)));
        }
        sorted.dedup_by(|next, kept| {
            let sum = kept.amount_fen.checked_add(next.amount_fen);
            let same = next.whole == kept.whole && next.fraction == kept.fraction && sum.is_some();
            if let (true, Some(sum)) = (same, sum) {
                kept.amount_fen = sum;
            }
            same
        });
        let shape = Shape::of(sorted.iter().map(|flow| (time(flow), flow.amount_fen)));
        let mut groups: Vec<Group> = Vec::with_capacity(2);
        for flow in sorted.iter().rev() {
            let amount = flow.amount_fen as f64;
            match groups.iter_mut().find(|group| group.fraction == flow.fraction) {
                Some(group) => {
                    group.terms.push((group.first.saturating_sub(flow.whole), amount));
                    group.first = flow.whole;
                }
                None => {
                    let mut terms = Vec::with_capacity(sorted.len());
                    terms.push((0, amount));
                    groups.push(Group { fraction: flow.fraction, terms, first: flow.whole });
                }
            }
        }
        Ok(Curve { rule, groups, shape, count: sorted.len() })
    }

    fn rate(&self) -> Result<f64, NoRate> {
        match self.shape.verdict()? {
            Verdict::Zero => Ok(0.0),
            Verdict::OneRoot => newton(|i| self.at(i), &self.shape),
            Verdict::ManyRoots => self.nearest_zero(),
        }
    }

    /// The factor for a fraction of a month and its derivative over itself.
    fn fraction_factor(&self, fraction: f64, i: f64) -> (f64, f64) {
        if fraction == 0.0 {
            return (1.0, 0.0);
        }
        match self.rule {
            Fraction::Compound => ((-fraction * i.ln_1p()).exp(), -fraction / (1.0 + i)),
            Fraction::Linear => (1.0 / (1.0 + fraction * i), -fraction / (1.0 + fraction * i)),
        }
    }

    fn at(&self, i: f64) -> (f64, f64) {
        self.fold(i, |amount| amount)
    }

    fn sides(&self, i: f64) -> Sides {
        Sides { received: self.fold(i, |a| a.max(0.0)), paid: self.fold(i, |a| (-a).max(0.0)) }
    }

    fn fold(&self, i: f64, part: impl Fn(f64) -> f64) -> (f64, f64) {
        let v = 1.0 / (1.0 + i);
        let (mut value, mut slope) = (0.0, 0.0);
        for group in &self.groups {
            // h = Σ a·v^k, d = dh/dv.
            let (mut h, mut d) = (0.0_f64, 0.0_f64);
            for (gap, amount) in &group.terms {
                (h, d) = step(h, d, v, *gap);
                h += part(*amount);
            }
            (h, d) = step(h, d, v, group.first);
            let (factor, relative) = self.fraction_factor(group.fraction, i);
            value += factor * h;
            slope += factor * (relative * h - d * v * v);
        }
        (value, slope)
    }

    /// The root nearest zero when there may be several.
    fn nearest_zero(&self) -> Result<f64, NoRate> {
        let mut low = 0.0;
        let mut high = 1.0 / 64.0;
        while low < MAX_MONTHLY_RATE {
            if let Some(root) = self.first_root(low, high) {
                return Ok(root);
            }
            (low, high) = (high, (high * 2.0).min(MAX_MONTHLY_RATE));
        }
        Err(if self.shape.total > 0 { NoRate::NegativeOnly } else { NoRate::OutOfRange })
    }

    /// The first root in `[low, high]`, by bisection with proof. The stack is bounded by the depth.
    fn first_root(&self, low: f64, high: f64) -> Option<f64> {
        /// An interval this narrow that cannot be left out counts as a root: 10⁻⁵ ppm a year.
        const NARROW: f64 = 1e-12;
        let mut stack = vec![(low, high)];
        while let Some((low, high)) = stack.pop() {
            match self.judge(low, high) {
                Judgement::NoRoot => {}
                Judgement::OneRoot(rising) => return Some(self.bisect(low, high, rising)),
                Judgement::Unknown if high - low <= NARROW => return Some(low + (high - low) / 2.0),
                Judgement::Unknown => {
                    let middle = low + (high - low) / 2.0;
                    stack.push((middle, high));
                    stack.push((low, middle));
                }
            }
        }
        None
    }

    /// Both sides fall, and their slopes rise towards zero, as the rate grows: that bounds sum and slope in between.
    fn judge(&self, low: f64, high: f64) -> Judgement {
        let (a, b) = (self.sides(low), self.sides(high));
        let unit = f64::EPSILON * (2.0 * self.count as f64 + 8.0);
        let error = unit * (a.received.0 + a.paid.0);
        let slope_error = unit * (a.received.1 + a.paid.1).abs();
        if b.received.0 - a.paid.0 > error || a.received.0 - b.paid.0 < -error {
            return Judgement::NoRoot;
        }
        let slope_low = a.received.1 - b.paid.1 - slope_error;
        let slope_high = b.received.1 - a.paid.1 + slope_error;
        let (value_low, value_high) = (a.received.0 - a.paid.0, b.received.0 - b.paid.0);
        if slope_low > 0.0 || slope_high < 0.0 {
            let rising = slope_low > 0.0;
            let (first, last) = if rising { (value_low, value_high) } else { (-value_low, -value_high) };
            if first > error || last < -error {
                return Judgement::NoRoot;
            }
            if first < -error && last > error {
                return Judgement::OneRoot(rising);
            }
        }
        // Mean value: the sum cannot fall or rise faster than the slope's bounds from either end.
        let width = high - low;
        let (steepest_down, steepest_up) = (slope_low.min(0.0), slope_high.max(0.0));
        if value_low > 0.0 && value_high > 0.0 && value_low + steepest_down * width > error {
            return Judgement::NoRoot;
        }
        if value_low < 0.0 && value_high < 0.0 && value_low + steepest_up * width < -error {
            return Judgement::NoRoot;
        }
        Judgement::Unknown
    }

    fn bisect(&self, mut low: f64, mut high: f64, rising: bool) -> f64 {
        for _ in 0..200 {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                break;
            }
            if (self.at(middle).0 < 0.0) == rising {
                low = middle;
            } else {
                high = middle;
            }
        }
        low + (high - low) / 2.0
    }
}

enum Judgement {
    NoRoot,
    OneRoot(bool),
    Unknown,
}

/// (h·v^gap, its derivative in v).
#[inline]
fn step(h: f64, d: f64, v: f64, gap: u32) -> (f64, f64) {
    match gap {
        0 => (h, d),
        1 => (h * v, d * v + h),
        _ => {
            let power = whole_power(v, gap - 1);
            (h * power * v, d * power * v + h * power * f64::from(gap))
        }
    }
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
        let rate = monthly_rate(&[100_000, -230_000, 132_000]).unwrap_or(f64::NAN);
        assert!((rate - 0.1).abs() < 1e-12, "{rate}");
        let rate = monthly_rate(&[-100_000, 230_000, -132_000]).unwrap_or(f64::NAN);
        assert!((rate - 0.1).abs() < 1e-12, "{rate}");
    }

    #[test]
    fn no_rate_is_an_answer() {
        assert_eq!(monthly_rate(&[]), Err(NoRate::OneSided));
        assert_eq!(monthly_rate(&[0, 0]), Err(NoRate::OneSided));
        assert_eq!(monthly_rate(&[100, 100]), Err(NoRate::OneSided));
        assert_eq!(monthly_rate(&[100, -50]), Err(NoRate::NegativeOnly));
        assert_eq!(monthly_rate(&[1, -1_000]), Err(NoRate::OutOfRange));
        assert_eq!(monthly_rate(&[100, -50, -50]), Ok(0.0));
    }

    #[test]
    fn the_central_bank_example() {
        let mut flows = vec![9_900_000];
        flows.extend([-883_330; 12]);
        let rate = monthly_rate(&flows).unwrap_or(f64::NAN);
        assert!((12.0 * rate - 0.128_038_02).abs() < 1e-7, "{rate}");
    }
}
