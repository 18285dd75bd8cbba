//! Rounding a solved rate to whole ppm as if the root were known exactly. Knows the discounted sum only as terms; the
//! solver tells it where the root roughly is.
//!
//! A float that lies within [`GUARD_PPM`] of a half is not trusted: the discounted sum is evaluated at that half itself
//! with about 31 digits (two floats per number), and its sign says on which side the root lies. A sum that vanishes
//! within those digits means that the root *is* the half, which goes up. So two ways of finding a root give the same ppm,
//! and so do two machines whose `ln` and `exp` differ in the last bit.

/// How near to a half a float must be before it is checked, in ppm a year. The solver's error is below a thousandth of it.
pub(crate) const GUARD_PPM: f64 = 1e-4;
/// Above this annual growth factor the compound figure is rounded from the float alone, to about 10 digits.
pub(crate) const MAX_CHECKED_GROWTH: f64 = 1_000.0;

/// An unevaluated sum of two floats, the second below the last place of the first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    high: f64,
    low: f64,
}

impl Double {
    pub(crate) const fn from(value: f64) -> Double {
        Double { high: value, low: 0.0 }
    }

    fn normal(high: f64, low: f64) -> Double {
        let sum = high + low;
        Double { high: sum, low: low - (sum - high) }
    }

    fn plus(self, other: Double) -> Double {
        let sum = self.high + other.high;
        let shift = sum - self.high;
        let error = (self.high - (sum - shift)) + (other.high - shift);
        Double::normal(sum, error + self.low + other.low)
    }

    fn times(self, other: Double) -> Double {
        let product = self.high * other.high;
        let error = self.high.mul_add(other.high, -product);
        Double::normal(product, error + (self.high * other.low + self.low * other.high))
    }

    fn over(self, divisor: Double) -> Double {
        let first = self.high / divisor.high;
        let rest = self.plus(divisor.times(Double::from(-first)));
        let second = rest.high / divisor.high;
        let rest = rest.plus(divisor.times(Double::from(-second)));
        Double::normal(first, second).plus(Double::from(rest.high / divisor.high))
    }

    fn power(self, mut exponent: u32) -> Double {
        let (mut base, mut result) = (self, Double::from(1.0));
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.times(base);
            }
            base = base.times(base);
            exponent >>= 1;
        }
        result
    }

    /// The twelfth root of a number of 1 or more: one Newton step doubles the digits of the float's root.
    fn twelfth_root(self) -> Double {
        let near = Double::from(self.high.powf(1.0 / 12.0));
        let excess = near.power(12).plus(Double { high: -self.high, low: -self.low });
        let slope = 12.0 * near.power(11).high;
        near.plus(Double::from(-excess.high / slope))
    }
}

/// A discounted sum in the form that Horner's rule eats: latest flow first, each with the months back from the flow
/// before it in that order. The way from the earliest flow to time 0 only scales the sum and is left out.
pub(crate) struct Terms<I> {
    pub(crate) latest_first: I,
}

impl<I: Iterator<Item = (u32, f64)> + Clone> Terms<I> {
    /// Sign of the sum at discount factor `v`, 0 when it cannot be told from nothing.
    fn sign_at(&self, v: Double) -> i32 {
        let (mut sum, mut size) = (Double::from(0.0), 0.0_f64);
        let mut count = 8.0_f64;
        for (gap, amount) in self.latest_first.clone() {
            if gap > 0 {
                let power = v.power(gap);
                sum = sum.times(power);
                size *= power.high;
            }
            sum = sum.plus(Double::from(amount));
            size += amount.abs();
            count += 4.0 + f64::from(32 - gap.leading_zeros());
        }
        // Each operation errs by less than 2⁻¹⁰⁰ of the size.
        let bound = size * count * 2.0_f64.powi(-100);
        if sum.high.abs() <= bound { 0 } else { sum.high.signum() as i32 }
    }

    /// 12·rate in whole ppm, half-up. `rising`: the sum goes from negative to positive at the root as the rate grows.
    pub(crate) fn simple_ppm(&self, rate: f64, rising: bool) -> i64 {
        let ppm = rate * 12e6;
        round(ppm, GUARD_PPM, |half| {
            let v = Double::from(12e6).over(Double::from(12e6).plus(Double::from(half)));
            self.root_is_below(v, rising)
        })
    }

    /// (1+rate)^12 − 1 in whole ppm, half-up.
    pub(crate) fn compound_ppm(&self, rate: f64, rising: bool) -> i64 {
        let growth = compound_growth(rate);
        if growth.is_nan() || growth > MAX_CHECKED_GROWTH {
            return plain_ppm(growth - 1.0);
        }
        let ppm = (growth - 1.0) * 1e6;
        round(ppm, GUARD_PPM * growth, |half| {
            let year = Double::from(1e6).plus(Double::from(half)).over(Double::from(1e6));
            self.root_is_below(Double::from(1.0).over(year.twelfth_root()), rising)
        })
    }

    fn root_is_below(&self, v: Double, rising: bool) -> bool {
        let sign = self.sign_at(v);
        if rising { sign > 0 } else { sign < 0 }
    }
}

/// A rate as a fraction in whole ppm, half-up from the float alone.
pub(crate) fn plain_ppm(rate: f64) -> i64 {
    // A cast to an integer saturates and maps NaN to 0; the solver gives neither.
    (rate * 1e6 + 0.5).floor() as i64
}

/// `(1+r)^12 − 1` without losing the small digits of `r`.
pub(crate) fn compound_of(monthly: f64) -> f64 {
    (12.0 * monthly.ln_1p()).exp_m1()
}

/// (1+rate)^12 by squaring.
fn compound_growth(rate: f64) -> f64 {
    crate::solve::whole_power(1.0 + rate, 12)
}

/// Half-up, asking `below_half` when the float is too near to a half to say.
fn round(ppm: f64, guard: f64, below_half: impl Fn(f64) -> bool) -> i64 {
    let floor = ppm.floor();
    let half = floor + 0.5;
    let up = if (ppm - half).abs() > guard { ppm > half } else { !below_half(half) };
    (floor as i64).saturating_add(i64::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn double_numbers_carry_thirty_digits() {
        let third = Double::from(1.0).over(Double::from(3.0));
        let rest = third.times(Double::from(3.0)).plus(Double::from(-1.0));
        assert!(rest.high.abs() < 1e-31, "{rest:?}");
        let two = Double::from(2.0).twelfth_root().power(12).plus(Double::from(-2.0));
        assert!(two.high.abs() < 1e-29, "{two:?}");
    }
}
