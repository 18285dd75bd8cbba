//! The equal instalment (等额本息) in whole-number arithmetic, so that no machine's floating point can move a fen.

use crate::Fen;
use crate::calendar::YearPart;
use crate::money::{PPM, away_from_zero};
use crate::terms::Rounding;

/// Binary places of the discount factors. 2^80 leaves room for the largest principal (44 bits) in 128 bits.
const PLACES: u32 = 80;

/// The instalment that repays `principal` over periods with the given annual rates (ppm) and shares of a year: principal ÷
/// Σ v_k, where v_k discounts by 1 + rate · share for each period up to k. Rounded once.
///
/// The factors carry 80 binary places; a quotient within 2^-24 fen of a whole or half fen counts as being there, so that
/// the last bit of the factors cannot push an exact instalment up.
pub(crate) fn equal_instalment(
    principal: Fen,
    periods: impl Iterator<Item = (i64, YearPart)>,
    rounding: Rounding,
) -> Fen {
    let mut factor: u128 = 1 << PLACES;
    let mut sum: u128 = 0;
    for (rate_ppm, part) in periods {
        let growth = |ppm: i64| {
            (i128::from(part.den) * i128::from(PPM) + i128::from(ppm) * i128::from(part.num)).unsigned_abs()
        };
        let (before, after) = (growth(0), growth(rate_ppm).max(1));
        factor = scale_down(factor, before, after);
        sum += factor;
    }
    if sum == 0 {
        return principal;
    }
    let whole = u128::from(principal.get().unsigned_abs()) << PLACES;
    divide_snapped(whole, sum, rounding)
}

/// `factor · before ÷ after` for `before ≤ after`.
fn scale_down(factor: u128, before: u128, after: u128) -> u128 {
    if before == after {
        return factor;
    }
    match factor.checked_mul(before) {
        Some(product) => product / after,
        // Only a share of a year with a huge denominator gets here; a few lost bits at 2^-64 do not matter.
        None => ((factor >> 16) * (before >> 16) / (after >> 16).max(1)) << 16,
    }
}

fn divide_snapped(whole: u128, sum: u128, rounding: Rounding) -> Fen {
    let near = sum >> 24;
    let (mut quotient, mut rest) = (whole / sum, whole % sum);
    if rest >= sum - near {
        quotient += 1;
        rest = 0;
    } else if rest <= near {
        rest = 0;
    }
    let other = sum - rest;
    let half = if rest.abs_diff(other) <= near * 2 { std::cmp::Ordering::Equal } else { rest.cmp(&other) };
    if away_from_zero(half, rest != 0, quotient % 2 == 1, false, rounding) {
        quotient += 1;
    }
    Fen::new(i64::try_from(quotient).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monthly(principal: i64, rate_ppm: i64, n: usize, rounding: Rounding) -> i64 {
        equal_instalment(Fen::new(principal), std::iter::repeat_n((rate_ppm, YearPart::MONTH), n), rounding)
            .get()
    }

    #[test]
    fn known_instalments() {
        assert_eq!(monthly(10_000_000, 60_000, 36, Rounding::HalfUp), 304_219);
        assert_eq!(monthly(1_000_000, 120_000, 12, Rounding::HalfUp), 88_849);
        assert_eq!(monthly(1_200_000, 0, 12, Rounding::Up), 100_000);
        assert_eq!(monthly(1_000, 0, 3, Rounding::Up), 334);
        assert_eq!(monthly(1_000, 0, 16, Rounding::HalfEven), 62);
        assert_eq!(monthly(1_000, 0, 16, Rounding::HalfUp), 63);
    }

    #[test]
    fn an_exact_instalment_is_not_rounded_up() {
        // One month at 12 %: 100.00 + 1.00, exactly.
        assert_eq!(monthly(10_000, 120_000, 1, Rounding::Up), 10_100);
        // Two yearly instalments at 100 %: 300 ÷ (1/2 + 1/4) = 400, exactly.
        let years = std::iter::repeat_n((1_000_000, YearPart { num: 1, den: 1 }), 2);
        assert_eq!(equal_instalment(Fen::new(300), years, Rounding::Up), Fen::new(400));
    }

    #[test]
    fn agrees_with_the_closed_formula() {
        use crate::instalment::level_instalment;
        for principal in [1, 99, 1_000_000, 123_456_789, 10_000_000_000_000] {
            for rate in [1, 31_700, 60_000, 240_000, 1_000_000] {
                for n in [1_u32, 2, 12, 37, 600] {
                    for rounding in [Rounding::HalfUp, Rounding::Up, Rounding::HalfEven] {
                        let closed = level_instalment(Fen::new(principal), rate, n, rounding).get();
                        assert_eq!(
                            monthly(principal, rate, n as usize, rounding),
                            closed,
                            "{principal} {rate} {n}"
                        );
                    }
                }
            }
        }
    }
}
