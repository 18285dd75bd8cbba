//! Fit, fairness and linking of questions on simulated answers whose truth is known.

use mingbai_learn::calibrate::{Effort, Errors, Model, Responses, calibrate};
use mingbai_learn::fit::fit;
use mingbai_learn::irt::{Item, logistic};
use mingbai_learn::link::{Link, NotLinked, mean_sigma, stocking_lord};
use proptest::prelude::*;

use crate::calibrate::simulated;
use crate::luck::Luck;

#[test]
fn true_curves_fit_and_a_question_that_half_the_people_guess_does_not() {
    let slopes = vec![1.3; 12];
    let intercepts: Vec<f64> = (0..12).map(|at| f64::from(at) * 0.3 - 1.6).collect();
    let quick = Effort { errors: Errors::None, ..Effort::USUAL };
    let (mut small, mut all) = (0, 0);
    for seed in 0..8 {
        let mut rows = simulated(2000, &slopes, &intercepts, seed + 300);
        let mut luck = Luck::new(seed);
        // Everybody guesses at one question of four choices unless she knows.
        for row in &mut rows {
            row[3] = row[3].map(|right| right || luck.unit() < 0.25);
            row[2] = Some(luck.unit() < 0.3 + 0.4 * logistic(12.0 * (luck.unit() - 0.5)));
        }
        let mut builder = Responses::builder(12).expect("items");
        rows.iter().for_each(|row| builder.add(row, 1).expect("a row"));
        let responses = builder.finish().expect("answers");
        let calibration = calibrate(&responses, Model::OneSlope, &quick).expect("settles");
        let fits = fit(&responses, &calibration);
        let noise = fits[2].expect("a fit");
        assert!(noise.p < 1e-6 && noise.people == 2000, "noise has no slope of its own: {noise:?}");
        let free = calibrate(&responses, Model::OwnSlopes, &quick).expect("settles");
        for (_, fit) in fit(&responses, &free).iter().enumerate().filter(|(at, _)| ![2, 3].contains(at)) {
            all += 1;
            small += u32::from(fit.expect("a fit").p < 0.05);
        }
    }
    // 80 true curves: about 4 small by luck, 12 or more in one of 2,000 cases.
    assert!(small < 12, "{small} of {all}");
}

#[test]
fn rows_with_gaps_are_left_out_of_the_fit_and_counted() {
    let mut builder = Responses::builder(5).expect("items");
    for row in simulated(400, &[1.0; 5], &[0.0; 5], 8) {
        builder.add(&row, 1).expect("a row");
        builder.add(&[row[0], row[1], None, row[3], row[4]], 1).expect("a row");
    }
    let responses = builder.finish().expect("answers");
    let told = calibrate(&responses, Model::OwnSlopes, &Effort::USUAL).expect("settles");
    let fits = fit(&responses, &told);
    assert!(fits.iter().flatten().all(|f| f.people == 400), "{fits:?}");
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    prop::collection::vec((0.5..2.5_f64, -2.0..2.0_f64), 5..12).prop_map(|all| {
        let shift = |at: usize| 0.01 * at as f64;
        all.iter()
            .enumerate()
            .map(|(at, (a, b))| Item::at_difficulty(*a, b + shift(at)).expect("in range"))
            .collect()
    })
}

proptest! {
    #[test]
    fn a_link_is_found_again_by_both_ways(olds in items(), stretch in 0.6..1.6_f64, shift in -1.0..1.0_f64) {
        let truth = Link { stretch, shift };
        let back = Link { stretch: 1.0 / stretch, shift: -shift / stretch };
        let pairs: Vec<(Item, Item)> =
            olds.iter().map(|old| (back.item(*old).expect("in range"), *old)).collect();
        for found in [mean_sigma(&pairs).expect("a link"), stocking_lord(&pairs).expect("a link")] {
            prop_assert!((found.stretch - truth.stretch).abs() < 1e-6 && (found.shift - shift).abs() < 1e-6, "{:?}", found);
        }
        let (new, old) = pairs[0];
        prop_assert!((new.chance(0.4) - old.chance(truth.ability(0.4))).abs() < 1e-9);
    }
}

#[test]
fn one_bad_anchor_moves_the_curves_less_than_the_difficulties() {
    let olds: Vec<Item> =
        (0..8).map(|at| Item::at_difficulty(1.2, f64::from(at) * 0.4 - 1.4).expect("in range")).collect();
    let mut pairs: Vec<(Item, Item)> = olds.iter().map(|old| (*old, *old)).collect();
    pairs[7].0 = Item::at_difficulty(0.3, 5.0).expect("in range");
    let (rough, fine) = (mean_sigma(&pairs).expect("a link"), stocking_lord(&pairs).expect("a link"));
    assert!((fine.shift).abs() < rough.shift.abs(), "{fine:?} {rough:?}");
}

#[test]
fn too_few_or_equal_anchors_are_refused() {
    let item = Item::new(1.0, 0.0).expect("an item");
    assert_eq!(stocking_lord(&[(item, item)]), Err(NotLinked::TooFew(1)));
    assert_eq!(mean_sigma(&[(item, item), (item, item)]), Err(NotLinked::Flat));
}
