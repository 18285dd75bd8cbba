//! The simulator: no journey may get a permit that the independent checker would deny, and none that it allows may be
//! denied. `mingbai simulate` plays far more than this test does.

use mingbai_core::borrow::sim::{Tally, play};
use mingbai_core::cost::Terms;
use mingbai_core::policy::Pack;

use crate::common::TERMS;

fn offers() -> Vec<Terms> {
    [TERMS.to_owned(), TERMS.replace("8000", "9000"), TERMS.replace("\"periods\":36", "\"periods\":12")]
        .iter()
        .map(|json| Terms::from_json(json).unwrap())
        .collect()
}

#[test]
fn gate_and_checker_agree_on_random_journeys() {
    let (pack, offers) = (Pack::embedded(), offers());
    let mut total = Tally::default();
    for number in 0..1_500 {
        match play(20_260_801, number, &pack, &offers) {
            Ok(tally) => total.add(&tally),
            Err(failure) => panic!("{failure}\n{}", failure.story.join("\n")),
        }
    }
    // A simulator that never reaches the gate would prove nothing.
    assert!(total.permits > 100, "{total:?}");
    assert!(total.payouts > 50, "{total:?}");
    assert!(total.forged > 500, "{total:?}");
    assert!(total.refused > 1_000, "{total:?}");
}

#[test]
fn a_seed_plays_the_same_journey_again() {
    let (pack, offers) = (Pack::embedded(), offers());
    assert_eq!(play(5, 17, &pack, &offers), play(5, 17, &pack, &offers));
}
