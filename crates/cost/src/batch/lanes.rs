//! The kernel: instalment and rate of `L` level loans side by side, in plain arrays that the compiler turns into vector
//! instructions. Every lane does the same IEEE operations in the same order whatever `L` is, so one lane and eight give the same bits.
//!
//! A result is *certain* when its error bound stays clear of every rounding boundary; the caller redoes the others.

use crate::exact::GUARD_PPM;
use crate::instalment::MONTHLY_SCALE;
use crate::terms::Rounding;

/// Steps of Halley's rule (cubic: three raise the error to its 27th power, between four and five steps of Newton's). A loan that they do not settle is seen by the size of
/// its last step and leaves the kernel; the test below counts them.
const STEPS: usize = 3;
/// Largest last step that is taken as settled: the error left is of the order of its cube.
const SETTLED: f64 = 1e-7;
/// Below this value of months × monthly rate, `1 − v^n` loses too many digits.
const LEAST_EXPONENT: f64 = 1e-3;
/// Highest monthly rate that the kernel vouches for: (1+i)^12 stays below [`crate::exact::MAX_CHECKED_GROWTH`].
const MAX_MONTHLY: f64 = 0.75;
/// Adding and taking away 2⁵² rounds a float of 0 … 2⁵¹ to a whole number without a library call.
const ROUNDER: f64 = 4_503_599_627_370_496.0;

/// Inputs, one array per column.
pub(super) struct Loans<const L: usize> {
    pub(super) principal: [f64; L],
    pub(super) rate_ppm: [f64; L],
    pub(super) periods: [u32; L],
    pub(super) upfront_fee: [f64; L],
    pub(super) period_fee: [f64; L],
}

/// Rates, and whether each may be used.
pub(super) struct Rates<const L: usize> {
    pub(super) monthly: [f64; L],
    pub(super) simple_ppm: [f64; L],
    pub(super) compound_ppm: [f64; L],
    pub(super) certain: [bool; L],
}

/// `base^exponent` in each lane, by the same squarings as [`crate::solve::whole_power`].
#[inline(always)]
fn powers<const L: usize>(mut base: [f64; L], exponents: &[u32; L]) -> [f64; L] {
    let bits = u32::BITS - exponents.iter().fold(0, |all, n| all | n).leading_zeros();
    let mut result = [1.0; L];
    for bit in 0..bits {
        for lane in 0..L {
            let factor = if exponents[lane] >> bit & 1 == 1 { base[lane] } else { 1.0 };
            result[lane] *= factor;
            base[lane] *= base[lane];
        }
    }
    result
}

/// Instalments in whole fen. The error bound is that of `instalment::estimate`.
#[inline(always)]
pub(super) fn instalments<const L: usize>(loans: &Loans<L>, rounding: Rounding) -> ([f64; L], [bool; L]) {
    let mut growth = [0.0; L];
    let mut monthly = [0.0; L];
    for lane in 0..L {
        monthly[lane] = loans.rate_ppm[lane] / MONTHLY_SCALE as f64;
        growth[lane] = 1.0 + monthly[lane];
    }
    let powers = powers(growth, &loans.periods);
    let (mut whole, mut certain) = ([0.0; L], [false; L]);
    for lane in 0..L {
        let discount = 1.0 / powers[lane];
        let rest = 1.0 - discount;
        let value = loans.principal[lane] * monthly[lane] / rest;
        let relative = 4.0 * f64::from(loans.periods[lane]) * discount / rest + 8.0;
        let error = value * relative * (f64::EPSILON / 2.0);
        let nearest = (value + ROUNDER) - ROUNDER;
        let off = value - nearest;
        let size = off.abs();
        (whole[lane], certain[lane]) = match rounding {
            Rounding::Up => (nearest + if off > 0.0 { 1.0 } else { 0.0 }, size > error),
            Rounding::HalfUp | Rounding::HalfEven => (nearest, size + error < 0.5),
        };
        // At rate 0 the quotient is 0 ÷ 0 and every comparison is false.
        certain[lane] &= value < ROUNDER / 2.0;
    }
    (whole, certain)
}

/// Rates of the flows `+(principal − upfront)`, then `−(instalment + fee)` each month.
#[inline(always)]
pub(super) fn rates<const L: usize>(loans: &Loans<L>, instalment: &[f64; L]) -> Rates<L> {
    let (mut net, mut payment, mut months, mut rate) = ([0.0; L], [0.0; L], [0.0; L], [0.0; L]);
    for lane in 0..L {
        net[lane] = loans.principal[lane] - loans.upfront_fee[lane];
        payment[lane] = instalment[lane] + loans.period_fee[lane];
        months[lane] = f64::from(loans.periods[lane]);
        rate[lane] = first_guess(net[lane], payment[lane], months[lane]);
    }
    let mut step = [0.0; L];
    for _ in 0..STEPS {
        let mut discount = [0.0; L];
        for lane in 0..L {
            discount[lane] = 1.0 / (1.0 + rate[lane]);
        }
        let power = powers(discount, &loans.periods);
        for lane in 0..L {
            // g = payment·(1 − v^n) − net·i, with its first two derivatives in i.
            let g = payment[lane] * (1.0 - power[lane]) - net[lane] * rate[lane];
            let bend = payment[lane] * months[lane] * power[lane] * discount[lane];
            let slope = bend - net[lane];
            let curve = -bend * (months[lane] + 1.0) * discount[lane];
            step[lane] = 2.0 * g * slope / (2.0 * slope * slope - g * curve);
            rate[lane] -= step[lane];
        }
    }
    annual(loans, rate, step, net, payment, months)
}

/// From the mean and the second moment: `n·payment ÷ net − 1 = h + (n−1)/(3(n+1))·h² + …` with `h = (n+1)·i/2`.
#[inline(always)]
fn first_guess(net: f64, payment: f64, months: f64) -> f64 {
    let excess = months * payment / net - 1.0;
    let second = 4.0 * (months - 1.0) / (3.0 * (months + 1.0));
    let half = 2.0 * excess / (1.0 + (1.0 + second * excess).sqrt());
    2.0 * half / (months + 1.0)
}

#[inline(always)]
fn annual<const L: usize>(
    loans: &Loans<L>,
    rate: [f64; L],
    step: [f64; L],
    net: [f64; L],
    payment: [f64; L],
    months: [f64; L],
) -> Rates<L> {
    let mut found =
        Rates { monthly: rate, simple_ppm: [0.0; L], compound_ppm: [0.0; L], certain: [false; L] };
    for lane in 0..L {
        let i = rate[lane];
        let square = (1.0 + i) * (1.0 + i);
        let fourth = square * square;
        let growth = fourth * fourth * fourth;
        let simple = i * 12e6;
        let compound = (growth - 1.0) * 1e6;
        let (simple_whole, compound_whole) = ((simple + ROUNDER) - ROUNDER, (compound + ROUNDER) - ROUNDER);
        let clear = |value: f64, whole: f64, guard: f64| (value - whole).abs() + guard < 0.5;
        // Comparisons with NaN are false, so a lane that went astray is never certain. At rate 0 the last instalment differs.
        found.certain[lane] = (step[lane].abs() < SETTLED)
            & (i * months[lane] > LEAST_EXPONENT)
            & (i < MAX_MONTHLY)
            & (net[lane] > 0.0)
            & (months[lane] * payment[lane] > net[lane])
            & (loans.rate_ppm[lane] > 0.0)
            & clear(simple, simple_whole, GUARD_PPM)
            & clear(compound, compound_whole, GUARD_PPM * growth);
        found.simple_ppm[lane] = simple_whole;
        found.compound_ppm[lane] = compound_whole;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loans of 0.5–300 % nominal, 1–120 months, fees up to 20 % at the payout and 2 % a month: how many leave the kernel.
    #[test]
    fn three_steps_settle_ordinary_loans() {
        let (mut all, mut unsettled, mut near_half) = (0_u32, 0_u32, 0_u32);
        for k in 0..200_000_u32 {
            let part = |prime: u32, size: u32| f64::from(k.wrapping_mul(prime) % size);
            let principal = 100_000.0 + part(7_919, 9_900_000);
            let loans = Loans {
                principal: [principal],
                rate_ppm: [5_000.0 + part(104_729, 2_995_000)],
                periods: [1 + k.wrapping_mul(31) % 120],
                upfront_fee: [(principal * part(17, 21) / 100.0).floor()],
                period_fee: [(principal * part(13, 21) / 1_000.0).floor()],
            };
            let (instalment, _) = instalments(&loans, Rounding::HalfUp);
            let found = rates(&loans, &instalment);
            all += 1;
            if !found.certain[0] {
                let rest = (found.simple_ppm[0] - found.monthly[0] * 12e6).abs();
                if rest > 0.49 { near_half += 1 } else { unsettled += 1 }
            }
        }
        println!("{all} loans: {unsettled} not settled, {near_half} near a half ppm");
        assert!(all > 150_000 && unsettled * 400 < all && near_half * 1_000 < all);
    }
}
