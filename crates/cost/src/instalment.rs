//! The level instalment (等额本息), rounded exactly: a lender that rounds up must not take a fen more because of a float.
//! Knows one formula, nothing of dates, fees or schedules.

use std::cmp::Ordering;

use crate::Fen;
use crate::terms::Rounding;

/// Months in a year times parts in a million: the nominal annual rate in ppm over this is the rate per month.
pub(crate) const MONTHLY_SCALE: u64 = 12_000_000;
/// Largest principal, in fen (the limit of [`crate::TermsSpec`]).
pub const MAX_PRINCIPAL_FEN: i64 = 10_000_000_000_000;
/// Highest nominal annual rate, in ppm (10,000 %).
pub const MAX_ANNUAL_RATE_PPM: i64 = 100_000_000;
/// Most periods (the limit of [`crate::terms::PlanSpec`]).
pub const MAX_PERIODS: u32 = 600;

/// The instalment that repays `principal_fen` in `periods` equal months at `annual_rate_ppm` (nominal, a twelfth a month):
/// `P·i·(1+i)^n ÷ ((1+i)^n − 1)`, or `P ÷ n` at rate 0, rounded to the fen by `rounding`.
///
/// The result is the rounding of the exact quotient. Floats give the first answer with a bound on their error; whenever the
/// bound reaches a rounding boundary, whole-number arithmetic decides.
///
/// Domain: principal 0 … [`MAX_PRINCIPAL_FEN`], rate 0 … [`MAX_ANNUAL_RATE_PPM`], periods 1 … [`MAX_PERIODS`], which checked
/// terms and checked book columns guarantee. Outside it there is no instalment and the answer is [`Fen::ZERO`].
///
/// ```
/// use mingbai_cost::{Fen, instalment::level_instalment, terms::Rounding};
/// // 10,000 dollars, 5.32 %, 36 months: LendingClub published 301.15.
/// assert_eq!(level_instalment(Fen::new(1_000_000), 53_200, 36, Rounding::Up), Fen::new(30_115));
/// ```
#[must_use]
pub fn level_instalment(principal_fen: Fen, annual_rate_ppm: i64, periods: u32, rounding: Rounding) -> Fen {
    let in_domain = (0..=MAX_PRINCIPAL_FEN).contains(&principal_fen.get())
        && (0..=MAX_ANNUAL_RATE_PPM).contains(&annual_rate_ppm)
        && (1..=MAX_PERIODS).contains(&periods);
    if !in_domain || principal_fen == Fen::ZERO {
        return Fen::ZERO;
    }
    let (principal, rate) = (principal_fen.get().unsigned_abs(), annual_rate_ppm.unsigned_abs());
    if rate == 0 {
        return Fen::new(divide(principal, u64::from(periods), rounding).cast_signed());
    }
    let (estimate, error) = estimate(principal as f64, rate as f64, periods);
    let fen = match round_with_bound(estimate, error, rounding) {
        Some(fen) => fen,
        None => Exact::new(principal, rate, periods).round(estimate, rounding),
    };
    Fen::new(fen.cast_signed())
}

/// `dividend ÷ divisor` rounded.
fn divide(dividend: u64, divisor: u64, rounding: Rounding) -> u64 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    let half = (rest * 2).cmp(&divisor);
    quotient + u64::from(goes_up(rest.cmp(&0), half, quotient, rounding))
}

/// Whether a quotient with this rest goes up: `rest` against nothing, `half` = rest against one half.
fn goes_up(rest: Ordering, half: Ordering, floor: u64, rounding: Rounding) -> bool {
    match rounding {
        Rounding::Up => rest == Ordering::Greater,
        Rounding::HalfUp => half != Ordering::Less,
        Rounding::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && floor % 2 == 1),
    }
}

/// The instalment before rounding, and a bound on the float's error.
///
/// `(1+i)^n` by squaring is off by at most `4n·u` relative (`u = 2⁻⁵³`); the subtraction magnifies that by
/// `v^n/(1−v^n)`; the other operations add less than `8u`.
fn estimate(principal: f64, rate_ppm: f64, periods: u32) -> (f64, f64) {
    let monthly = rate_ppm / MONTHLY_SCALE as f64;
    let discount = 1.0 / crate::solve::whole_power(1.0 + monthly, periods);
    let instalment = principal * monthly / (1.0 - discount);
    let relative = 4.0 * f64::from(periods) * discount / (1.0 - discount) + 8.0;
    (instalment, instalment * relative * (f64::EPSILON / 2.0))
}

/// The rounded value when the error bound stays clear of every rounding boundary.
fn round_with_bound(value: f64, error: f64, rounding: Rounding) -> Option<u64> {
    let boundary_at = match rounding {
        Rounding::Up => 0.0,
        Rounding::HalfUp | Rounding::HalfEven => 0.5,
    };
    let shifted = value - boundary_at;
    let floor = shifted.floor();
    let clear = shifted - floor > error && floor + 1.0 - shifted > error;
    clear.then_some((floor + 1.0) as u64)
}

/// The exact quotient, `P·R·a^n ÷ (q·(a^n − q^n))` with `q = 12,000,000` and `a = q + R`.
struct Exact {
    /// 2·P·R·a^n: twice the dividend.
    twice: Wide,
    /// q·a^n.
    grown: Wide,
    /// q·q^n.
    scale: Wide,
}

impl Exact {
    fn new(principal: u64, rate: u64, periods: u32) -> Exact {
        let shared = gcd(MONTHLY_SCALE, rate);
        let (q, r) = (MONTHLY_SCALE / shared, rate / shared);
        let mut grown = Wide::from(1);
        let mut scale = Wide::from(1);
        for _ in 0..periods {
            grown.multiply(q + r);
            scale.multiply(q);
        }
        let mut twice = grown.clone();
        twice.multiply(2 * r);
        twice.multiply(principal);
        grown.multiply(q);
        scale.multiply(q);
        Exact { twice, grown, scale }
    }

    /// Twice the quotient against `halves`.
    fn compare(&self, halves: u64) -> Ordering {
        // 2·P·R·a^n against halves·(q·a^n − q·q^n), without a subtraction.
        let (mut left, mut right) = (self.scale.clone(), self.grown.clone());
        left.multiply(halves);
        left.add(&self.twice);
        right.multiply(halves);
        left.cmp(&right)
    }

    fn round(&self, estimate: f64, rounding: Rounding) -> u64 {
        // The estimate is off by a few fen at most, so these loops are short.
        let mut floor = estimate as u64;
        while floor > 0 && self.compare(2 * floor) == Ordering::Less {
            floor -= 1;
        }
        while self.compare(2 * floor + 2) != Ordering::Less {
            floor += 1;
        }
        let (rest, half) = (self.compare(2 * floor), self.compare(2 * floor + 1));
        floor + u64::from(goes_up(rest, half, floor, rounding))
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A whole number of any size, least digit first, without leading zeros.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Wide(Vec<u64>);

impl From<u64> for Wide {
    fn from(value: u64) -> Self {
        Wide(if value == 0 { Vec::new() } else { vec![value] })
    }
}

impl Wide {
    fn multiply(&mut self, factor: u64) {
        let mut carry = 0_u128;
        for digit in &mut self.0 {
            let product = u128::from(*digit) * u128::from(factor) + carry;
            *digit = product as u64;
            carry = product >> 64;
        }
        if carry > 0 {
            self.0.push(carry as u64);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn add(&mut self, other: &Wide) {
        let mut carry = 0_u128;
        let length = self.0.len().max(other.0.len());
        self.0.resize(length, 0);
        for (index, digit) in self.0.iter_mut().enumerate() {
            let sum = u128::from(*digit) + u128::from(other.0.get(index).copied().unwrap_or(0)) + carry;
            *digit = sum as u64;
            carry = sum >> 64;
        }
        if carry > 0 {
            self.0.push(carry as u64);
        }
    }

    fn cmp(&self, other: &Wide) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Rounding; 3] = [Rounding::HalfUp, Rounding::Up, Rounding::HalfEven];

    #[test]
    fn an_exact_instalment_is_not_rounded_up() {
        // One month at 12 %: exactly 1 % interest.
        for rounding in ALL {
            assert_eq!(level_instalment(Fen::new(10_000), 120_000, 1, rounding), Fen::new(10_100));
        }
        // Two months at 1200 %: 1 + i = 2, the instalment is 4/3 of the principal.
        for rounding in ALL {
            assert_eq!(level_instalment(Fen::new(300), 12_000_000, 2, rounding), Fen::new(400));
        }
    }

    #[test]
    fn a_half_fen_follows_the_rounding() {
        // 50 fen for a month at 12 %: 50.5 fen. 150 fen: 151.5.
        let rounded = |principal| ALL.map(|r| level_instalment(Fen::new(principal), 120_000, 1, r).get());
        assert_eq!(rounded(50), [51, 51, 50]);
        assert_eq!(rounded(150), [152, 152, 152]);
        let interest_free = |p, n| ALL.map(|r| level_instalment(Fen::new(p), 0, n, r).get());
        assert_eq!(interest_free(5, 2), [3, 3, 2]);
        assert_eq!(interest_free(1_000, 3), [333, 334, 333]);
        assert_eq!(interest_free(1_200, 12), [100, 100, 100]);
    }

    #[test]
    fn outside_the_domain_there_is_no_instalment() {
        for (principal, rate, periods) in
            [(-1, 1, 1), (1, -1, 1), (1, 1, 0), (1, 1, 601), (i64::MAX, i64::MAX, u32::MAX), (0, 1, 1)]
        {
            assert_eq!(level_instalment(Fen::new(principal), rate, periods, Rounding::Up), Fen::ZERO);
        }
    }

    proptest! {
        #[test]
        fn the_fast_answer_is_the_exact_one(
            principal in prop_oneof![1_u64..100, 1_u64..10_000, 1_u64..1_000_000_000, 1_u64..=10_000_000_000_000],
            rate in prop_oneof![1_u64..1_000, 1_u64..400_000, 1_u64..=100_000_000],
            periods in prop_oneof![1_u32..4, 1_u32..60, 1_u32..=600],
        ) {
            let exact = Exact::new(principal, rate, periods);
            let (guess, error) = estimate(principal as f64, rate as f64, periods);
            for rounding in ALL {
                if let Some(fast) = round_with_bound(guess, error, rounding) {
                    prop_assert_eq!(fast, exact.round(guess, rounding));
                }
            }
            let up = level_instalment(Fen::new(principal.cast_signed()), rate.cast_signed(), periods, Rounding::Up);
            prop_assert!(exact.compare(2 * up.get().unsigned_abs()) != Ordering::Greater);
            prop_assert!(exact.compare(2 * up.get().unsigned_abs() - 2) == Ordering::Greater);
        }
    }
}
