//! Calibration: the published estimates come out, simulated ones are found again, and bad answers are refused.

use mingbai_learn::calibrate::{
    BadResponses, Calibration, Effort, Errors, Model, NotCalibrated, Responses, calibrate, compare,
};
use mingbai_learn::irt::logistic;

use crate::lsat::{numbers, section};
use crate::luck::Luck;

fn packed(rows: &[(Vec<bool>, u32)]) -> Responses {
    let mut builder = Responses::builder(rows[0].0.len()).expect("items");
    for (row, times) in rows {
        let row: Vec<Option<bool>> = row.iter().map(|b| Some(*b)).collect();
        builder.add(&row, *times).expect("a row");
    }
    builder.finish().expect("answers")
}

fn near(got: f64, told: f64, by: f64, what: &str) {
    assert!((got - told).abs() <= by, "{what}: {got} for {told}");
}

fn both(name: &str) -> (Calibration, Calibration) {
    let responses = packed(&section(name).patterns);
    assert_eq!(responses.people(), 1000);
    let run = |model| calibrate(&responses, model, &Effort::USUAL).expect("calibrates");
    (run(Model::OneSlope), run(Model::OwnSlopes))
}

#[test]
fn the_published_estimates_of_both_sections_come_out() {
    for name in ["LSAT6", "LSAT7"] {
        let told = section(name).told;
        let (one, own) = both(name);
        near(own.loglik, told["twopl"]["loglik"].as_f64().expect("a number"), 1e-3, name);
        near(one.loglik, told["onepl"]["loglik"].as_f64().expect("a number"), 1e-3, name);
        let lists = ["a", "d", "b"].map(|key| numbers(&told["twopl"][key]));
        for (at, e) in own.estimates.iter().enumerate() {
            near(e.slope, lists[0][at], 2e-3, name);
            near(e.intercept, lists[1][at], 2e-3, name);
            near(e.difficulty(), lists[2][at], 5e-3, name);
        }
        let intercepts = numbers(&told["onepl"]["d"]);
        for (e, d) in one.estimates.iter().zip(&intercepts) {
            near(e.slope, told["onepl"]["a_common"].as_f64().expect("a number"), 1e-3, name);
            near(e.intercept, *d, 1e-3, name);
        }
    }
}

#[test]
fn equal_slopes_are_accepted_on_one_section_and_rejected_on_the_other() {
    let (one, own) = both("LSAT6");
    let test = compare(&one, &own).expect("two models of one set");
    assert_eq!(test.degrees, 4);
    near(test.chi2, 2.0 * (2466.938 - 2466.653), 2e-3, "LSAT6");
    assert!(test.p > 0.9, "{test:?}");
    let (one, own) = both("LSAT7");
    let test = compare(&one, &own).expect("two models of one set");
    near(test.chi2, 2.0 * (2664.901 - 2658.805), 2e-3, "LSAT7");
    assert!((0.01..0.02).contains(&test.p), "{test:?}");
    assert_eq!(compare(&own, &one), None);
}

/// `people` answering `slopes.len()` questions.
pub fn simulated(people: usize, slopes: &[f64], intercepts: &[f64], seed: u64) -> Vec<Vec<Option<bool>>> {
    let mut luck = Luck::new(seed);
    (0..people)
        .map(|_| {
            let theta = luck.normal();
            slopes.iter().zip(intercepts).map(|(a, d)| Some(luck.unit() < logistic(a * theta + d))).collect()
        })
        .collect()
}

fn form() -> (Vec<f64>, Vec<f64>) {
    let slopes: Vec<f64> = (0..13).map(|at| 0.7 + 0.1 * f64::from(at)).collect();
    let intercepts: Vec<f64> = (0..13).map(|at| 0.35 * f64::from((at * 5) % 13 - 6)).collect();
    (slopes, intercepts)
}

fn from(rows: &[Vec<Option<bool>>]) -> Responses {
    let mut builder = Responses::builder(rows[0].len()).expect("items");
    rows.iter().for_each(|row| builder.add(row, 1).expect("a row"));
    builder.finish().expect("answers")
}

#[test]
fn simulated_curves_are_found_again_within_their_errors() {
    let (slopes, intercepts) = form();
    let responses = from(&simulated(5000, &slopes, &intercepts, 11));
    let observed = calibrate(&responses, Model::OwnSlopes, &Effort::USUAL).expect("calibrates");
    let quick = Effort { errors: Errors::CrossProducts, ..Effort::USUAL };
    let crossed = calibrate(&responses, Model::OwnSlopes, &quick).expect("calibrates");
    let mut off = 0.0;
    for (at, e) in observed.estimates.iter().enumerate() {
        let (a, d) = (e.slope_error.expect("asked for"), e.intercept_error.expect("asked for"));
        off += ((e.slope - slopes[at]) / a).powi(2) + ((e.intercept - intercepts[at]) / d).powi(2);
        let other = crossed.estimates[at].slope_error.expect("asked for");
        near(other / a, 1.0, 0.1, "the two ways to an error");
    }
    // A sum of 26 squares of standard normals lies here in 999 of 1,000 cases.
    assert!((7.0..55.0).contains(&off), "{off}");
}

#[test]
fn questions_that_were_not_asked_do_not_bias() {
    let (slopes, intercepts) = form();
    let mut rows = simulated(6000, &slopes, &intercepts, 12);
    let mut luck = Luck::new(3);
    for row in &mut rows {
        row.iter_mut().for_each(|answer| *answer = answer.filter(|_| luck.unit() < 0.7));
    }
    let got = calibrate(&from(&rows), Model::OwnSlopes, &Effort::USUAL).expect("calibrates");
    for (at, e) in got.estimates.iter().enumerate() {
        near(e.slope, slopes[at], 4.5 * e.slope_error.expect("asked for"), "slope");
        near(e.intercept, intercepts[at], 4.5 * e.intercept_error.expect("asked for"), "intercept");
    }
}

#[test]
fn a_row_that_contradicts_itself_a_hundredfold_does_not_underflow() {
    // Sixty easy steep questions wrong and sixty hard ones right: the product of chances is far below the smallest number.
    let (slopes, intercepts): (Vec<f64>, Vec<f64>) =
        (0..120).map(|at| (2.5, if at < 60 { 4.0 } else { -4.0 })).unzip();
    let mut rows = simulated(1500, &slopes, &intercepts, 5);
    rows.extend((0..3).map(|_| (0..120).map(|at| Some(at >= 60)).collect()));
    let effort = Effort { errors: Errors::None, tolerance: 1e-4, ..Effort::USUAL };
    let got = calibrate(&from(&rows), Model::OneSlope, &effort).expect("calibrates");
    assert!(got.loglik.is_finite());
    assert!((2.0..3.0).contains(&got.estimates[0].slope), "{}", got.estimates[0].slope);
}

#[test]
fn what_cannot_be_calibrated_is_refused_with_the_reason() {
    assert_eq!(Responses::builder(1).err(), Some(BadResponses::Items(1)));
    let mut builder = Responses::builder(3).expect("items");
    assert_eq!(builder.add(&[Some(true)], 1), Err(BadResponses::Length { expected: 3, got: 1 }));
    builder.add(&[None, None, None], 5).expect("a row");
    assert_eq!(builder.finish().err(), Some(BadResponses::Empty));
    let all_right = packed(&[(vec![true, true, false], 5), (vec![true, false, true], 5)]);
    let refused = calibrate(&all_right, Model::OwnSlopes, &Effort::USUAL);
    assert_eq!(refused.err(), Some(NotCalibrated::Constant(0)));
    let hurried = Effort { rounds: 2, ..Effort::USUAL };
    let refused = calibrate(&packed(&section("LSAT7").patterns), Model::OwnSlopes, &hurried);
    assert!(matches!(refused, Err(NotCalibrated::NotSettled { .. })), "{refused:?}");
}

#[test]
fn a_question_keyed_wrongly_is_found_out() {
    let (slopes, intercepts) = form();
    let mut rows = simulated(3000, &slopes, &intercepts, 21);
    rows.iter_mut().for_each(|row| row[4] = row[4].map(|right| !right));
    let got = calibrate(&from(&rows), Model::OwnSlopes, &Effort::USUAL).expect("calibrates");
    assert!(got.estimates[4].item().is_err() && got.estimates[5].item().is_ok());
}
