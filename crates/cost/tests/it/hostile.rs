//! Flows that nobody should send: no panic, no NaN, and what is answered is a root and the one nearest zero.

use jiff::civil::{Date, date};
use mingbai_cost::solve::{Fraction, MAX_MONTHLY_RATE, TimedFlow, monthly_rate, timed_rate};
use mingbai_cost::{Fen, Flow, NoRate, annual_cost};
use proptest::prelude::*;

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => -100_000_i64..100_000,
        1 => Just(0_i64),
        1 => any::<i64>(),
        1 => prop::sample::select(vec![i64::MIN, i64::MAX, 1, -1]),
    ]
}

/// The discounted sum and the sum of its absolute values.
fn sum_at(flows: &[i64], rate: f64) -> (f64, f64) {
    let v = 1.0 / (1.0 + rate);
    let mut factor = 1.0;
    let (mut sum, mut size) = (0.0, 0.0);
    for amount in flows {
        sum += *amount as f64 * factor;
        size += (*amount as f64).abs() * factor;
        factor *= v;
    }
    (sum, size)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_flows_get_an_answer_that_holds(flows in prop::collection::vec(amount(), 0..40)) {
        match monthly_rate(&flows) {
            Ok(found) => {
                prop_assert!((0.0..=MAX_MONTHLY_RATE).contains(&found.rate));
                // The sum changes sign, or vanishes within its rounding error, across a sliver around the root.
                let (low, size) = sum_at(&flows, (found.rate - 2e-12).max(0.0));
                let (high, _) = sum_at(&flows, found.rate + 2e-12);
                prop_assert!(low.signum() != high.signum() || low.abs().min(high.abs()) <= size * 1e-9);
            }
            Err(NoRate::OneSided) => {
                prop_assert!(flows.iter().all(|a| *a >= 0) || flows.iter().all(|a| *a <= 0));
            }
            Err(NoRate::NegativeOnly | NoRate::OutOfRange) => {
                // No change of sign on a fine grid.
                let signs: Vec<bool> = (0..2_000)
                    .map(|k| sum_at(&flows, MAX_MONTHLY_RATE * (f64::from(k) / 2_000.0).powi(3)).0 > 0.0)
                    .collect();
                prop_assert!(signs.iter().all(|sign| *sign == signs[0]));
            }
        }
    }

    #[test]
    fn no_sign_change_lies_nearer_to_zero(flows in prop::collection::vec(-1_000_i64..1_000, 2..12)) {
        if let Ok(found) = monthly_rate(&flows) {
            prop_assume!(found.rate > 0.0);
            let first = sum_at(&flows, 0.0).0 > 0.0;
            for k in 0..1_000 {
                let rate = (found.rate - 1e-9) * f64::from(k) / 1_000.0;
                let (sum, size) = sum_at(&flows, rate);
                prop_assert!((sum > 0.0) == first || sum.abs() <= size * 1e-12, "{} at {}", found.rate, rate);
            }
        }
    }

    #[test]
    fn two_known_roots_give_the_smaller_one(a in 1_i64..800, gap in 1_i64..800) {
        // (1 − (1+a)v)(1 − (1+b)v) with a < b in thousandths, scaled to whole fen.
        let (x, y) = (1_000 + a, 1_000 + a + gap);
        let found = monthly_rate(&[1_000_000, -1_000 * (x + y), x * y]).unwrap();
        prop_assert!((found.rate - a as f64 / 1_000.0).abs() < 1e-9, "{} for {a}", found.rate);
        prop_assert_eq!(found.simple_ppm, 12_000 * a);
    }

    #[test]
    fn a_touching_root_is_found(a in 1_i64..800) {
        let x = 1_000 + a;
        let found = monthly_rate(&[1_000_000, -2_000 * x, x * x]).unwrap();
        prop_assert!((found.rate - a as f64 / 1_000.0).abs() < 1e-6, "{} for {a}", found.rate);
    }

    #[test]
    fn any_dated_flows_get_an_answer(
        rows in prop::collection::vec((any::<u32>(), -800_000_i32..800_000, amount()), 0..20),
        payout in -800_000_i32..800_000,
        additive in any::<i64>(),
    ) {
        let day = |offset: i32| date(2000, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap_or(Date::ZERO);
        let flows: Vec<Flow> = rows
            .iter()
            .map(|(period, on, fen)| Flow { period: *period, on: day(*on), amount_fen: Fen::new(*fen) })
            .collect();
        let found = annual_cost(&flows, day(payout), additive);
        for figure in [found.compound, found.simple, found.dated_eu, found.us_appendix_j] {
            prop_assert!(figure.value.ppm().is_none_or(|ppm| ppm >= 0));
        }
    }
}

#[test]
fn times_that_are_no_times_have_no_rate() {
    for fraction in [f64::NAN, f64::INFINITY, -0.5] {
        let flows = [
            TimedFlow { whole: 0, fraction: 0.0, amount_fen: 100 },
            TimedFlow { whole: 1, fraction, amount_fen: -110 },
        ];
        assert_eq!(timed_rate(&flows, Fraction::Compound), Err(NoRate::OutOfRange));
    }
}

#[test]
fn a_long_row_of_sign_changes_ends() {
    for n in [100_usize, 601] {
        let flows: Vec<i64> =
            (0..n).map(|k| if k % 2 == 0 { 1_000 + k as i64 } else { -1_000 - k as i64 }).collect();
        let _ = monthly_rate(&flows);
        let pascal: Vec<i64> = (0..n).map(|k| [1_000_000, -2_050_000, 1_050_000][k % 3]).collect();
        let _ = monthly_rate(&pascal);
    }
}
