//! Scores: the published tables of expected a posteriori scores, and what must hold for any answers.

use mingbai_learn::irt::{Answer, Item, Prior, score};
use proptest::prelude::*;

use crate::lsat::{bits, numbers, section};

#[test]
fn the_published_score_tables_come_out() {
    for name in ["LSAT6", "LSAT7"] {
        let section = section(name);
        let slopes = numbers(&section.told["twopl"]["a"]);
        let intercepts = numbers(&section.told["twopl"]["d"]);
        let items: Vec<Item> =
            slopes.iter().zip(&intercepts).map(|(a, d)| Item::new(*a, *d).expect("an item")).collect();
        let table = section.told["eap"].as_object().expect("eap");
        assert!(table.len() >= 30);
        for (pattern, told) in table {
            let answers: Vec<_> = items
                .iter()
                .zip(bits(pattern))
                .map(|(item, right)| (*item, if right { Answer::Right } else { Answer::Wrong }))
                .collect();
            let got = score(&answers, Prior::STANDARD);
            let told = numbers(told);
            // The table was made from parameters with more digits than it prints.
            assert!((got.theta - told[0]).abs() < 3e-4, "{name} {pattern}: {} for {}", got.theta, told[0]);
            assert!((got.error - told[1]).abs() < 3e-4, "{name} {pattern}: {} for {}", got.error, told[1]);
        }
    }
}

#[test]
fn without_answers_the_score_is_the_prior() {
    let got = score(&[], Prior::new(0.5, 2.0).expect("a prior"));
    assert!((got.theta - 0.5).abs() < 1e-9 && (got.error - 2.0).abs() < 1e-6, "{got:?}");
    assert_eq!(got.asked(), 0);
}

#[test]
fn not_knowing_is_scored_as_not_right_and_told_apart() {
    let item = Item::new(1.0, 0.0).expect("an item");
    let wrong = score(&[(item, Answer::Wrong)], Prior::STANDARD);
    let unsure = score(&[(item, Answer::DontKnow)], Prior::STANDARD);
    assert_eq!(wrong.theta.to_bits(), unsure.theta.to_bits());
    assert_eq!((wrong.wrong, wrong.dont_know, unsure.wrong, unsure.dont_know), (1, 0, 0, 1));
}

#[test]
fn a_question_that_measures_backwards_is_refused() {
    for (a, d) in [(0.0, 0.0), (-1.0, 0.0), (f64::NAN, 0.0), (11.0, 0.0), (1.0, f64::INFINITY), (1.0, 21.0)] {
        assert!(Item::new(a, d).is_err(), "{a} {d}");
    }
}

fn item() -> impl Strategy<Value = Item> {
    (0.2..3.0_f64, -4.0..4.0_f64).prop_map(|(a, b)| Item::at_difficulty(a, b).expect("in range"))
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![Just(Answer::Right), Just(Answer::Wrong), Just(Answer::DontKnow)]
}

proptest! {
    #[test]
    fn scores_are_numbers_and_their_order_of_answers_does_not_matter(
        mut answers in prop::collection::vec((item(), answer()), 0..40),
    ) {
        let one = score(&answers, Prior::STANDARD);
        prop_assert!(one.theta.is_finite() && one.error > 0.0 && one.error <= 1.0 + 1e-6);
        answers.reverse();
        let two = score(&answers, Prior::STANDARD);
        prop_assert!((one.theta - two.theta).abs() < 1e-9 && (one.error - two.error).abs() < 1e-9);
    }

    #[test]
    fn a_right_answer_more_never_lowers_the_score(
        mut answers in prop::collection::vec((item(), answer()), 1..20), at in any::<prop::sample::Index>(),
    ) {
        let at = at.index(answers.len());
        answers[at].1 = Answer::Wrong;
        let low = score(&answers, Prior::STANDARD).theta;
        answers[at].1 = Answer::Right;
        prop_assert!(score(&answers, Prior::STANDARD).theta > low);
    }

    #[test]
    fn information_is_largest_at_the_difficulty(item in item(), off in -3.0..3.0_f64) {
        let top = item.information(item.difficulty());
        prop_assert!(item.information(item.difficulty() + off) <= top + 1e-12);
        prop_assert!((top - item.slope().powi(2) / 4.0).abs() < 1e-9);
    }
}
