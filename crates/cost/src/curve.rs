//! Flows at any times, with fractions of a period and any pattern of signs. Slower than the dense path in
//! [`crate::solve`], which hands the hard cases to this file.

use crate::exact;
use crate::rate::NoRate;
use crate::solve::{
    Fraction, MAX_FLOWS, MAX_MONTHLY_RATE, MonthlyRate, Shape, TimedFlow, Verdict, newton, whole_power,
};

/// Flows grouped by their fraction of a month, each group in order of time.
pub(crate) struct Curve {
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
    pub(crate) fn new(flows: &[TimedFlow], rule: Fraction) -> Result<Curve, NoRate> {
        let sound = |flow: &TimedFlow| flow.fraction.is_finite() && flow.fraction >= 0.0;
        if !flows.iter().all(sound) {
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
        if sorted.len() > MAX_FLOWS {
            return Err(NoRate::OutOfRange);
        }
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

    pub(crate) fn rate(&self) -> Result<f64, NoRate> {
        match self.shape.verdict()? {
            Verdict::Zero => Ok(0.0),
            Verdict::OneRoot => newton(|i| self.at(i), &self.shape),
            Verdict::ManyRoots => self.nearest_zero(),
        }
    }

    /// The rate with its annual readings. Needs flows at whole months.
    pub(crate) fn monthly(&self) -> Result<MonthlyRate, NoRate> {
        let rate = self.rate()?;
        let Some(group) = self.groups.first().filter(|_| self.groups.len() == 1 && rate > 0.0) else {
            let simple_ppm = exact::plain_ppm(12.0 * rate);
            return Ok(MonthlyRate {
                rate,
                simple_ppm,
                compound_ppm: exact::plain_ppm(exact::compound_of(rate)),
            });
        };
        let rising = self.at(rate).1 >= 0.0;
        let terms = exact::Terms { latest_first: group.terms.iter().copied() };
        Ok(MonthlyRate {
            rate,
            simple_ppm: terms.simple_ppm(rate, rising),
            compound_ppm: terms.compound_ppm(rate, rising),
        })
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
    ///
    /// An interval of 10⁻¹² (10⁻⁵ ppm a year) that cannot be left out counts as a root. Sums that stay near nothing over a long
    /// stretch would cost many intervals, so that width doubles after every 4,096 of them: the search always ends.
    fn first_root(&self, low: f64, high: f64) -> Option<f64> {
        let mut stack = vec![(low, high)];
        let (mut narrow, mut judged) = (1e-12, 0_u32);
        while let Some((low, high)) = stack.pop() {
            judged += 1;
            if judged.is_multiple_of(4_096) {
                narrow *= 2.0;
            }
            match self.judge(low, high) {
                Judgement::NoRoot => {}
                Judgement::OneRoot(rising) => return Some(self.bisect(low, high, rising)),
                Judgement::Unknown if high - low <= narrow => return Some(low + (high - low) / 2.0),
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
