//! The adaptive test: how long it is, what it asks, that it measures, and that no question is worn out.

use mingbai_learn::adaptive::{Candidate, End, Rule, Step, next};
use mingbai_learn::irt::{Answer, Item};
use proptest::prelude::*;

/// Sixty questions of four topics, difficulties from −3 to 3.
fn bank() -> Vec<Candidate> {
    (0..60)
        .map(|at| Candidate {
            item: Item::at_difficulty(0.9 + 0.05 * f64::from(at % 20), -3.0 + 0.1 * f64::from(at))
                .expect("an item"),
            topic: (at % 4) as u32,
        })
        .collect()
}

/// A test taken by somebody of ability `theta`, whose luck is `seed`.
fn taken(bank: &[Candidate], theta: f64, rule: &Rule, seed: u64) -> (Vec<usize>, End, f64) {
    let mut answers = Vec::new();
    let mut luck = seed | 1;
    loop {
        match next(bank, &answers, rule, seed) {
            Step::Ask(at) => {
                luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let draw = (luck >> 11) as f64 / (1_u64 << 53) as f64;
                let right = draw < bank[at].item.chance(theta);
                answers.push((at, if right { Answer::Right } else { Answer::DontKnow }));
            }
            Step::Stop(end, score) => return (answers.iter().map(|a| a.0).collect(), end, score.theta),
        }
    }
}

#[test]
fn it_asks_eight_to_twelve_and_topics_take_turns() {
    let bank = bank();
    for seed in 0..50 {
        let (asked, end, _) = taken(&bank, f64::from(seed as i32 % 7) - 3.0, &Rule::USUAL, seed);
        assert!((8..=12).contains(&asked.len()), "{}", asked.len());
        assert_ne!(end, End::NoMoreQuestions);
        let mut once = asked.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), asked.len(), "no question twice");
        let by_topic: Vec<usize> =
            (0..4).map(|t| asked.iter().filter(|at| bank[**at].topic == t).count()).collect();
        let (few, many) = (by_topic.iter().min(), by_topic.iter().max());
        assert!(many.zip(few).is_some_and(|(many, few)| many - few <= 1), "{by_topic:?}");
    }
}

#[test]
fn it_measures() {
    let bank = bank();
    let people = 400;
    let mean = |theta: f64| {
        (0..people).map(|seed| taken(&bank, theta, &Rule::USUAL, seed * 7919 + 13).2).sum::<f64>()
            / people as f64
    };
    let (low, middle, high) = (mean(-1.5), mean(0.0), mean(1.5));
    // Scores are drawn towards the prior's mean, so the ends come out nearer; the order and the middle must be right.
    assert!(middle.abs() < 0.1, "{middle}");
    assert!((-1.6..-0.9).contains(&low) && (0.9..1.6).contains(&high), "{low} {high}");
}

#[test]
fn drawing_among_five_spares_the_best_questions() {
    let bank = bank();
    let most_shown = |rule: &Rule| {
        let mut shown = vec![0_u32; bank.len()];
        for seed in 0..500_u64 {
            for at in taken(&bank, (seed % 200) as f64 / 50.0 - 2.0, rule, seed * 31).0 {
                shown[at] += 1;
            }
        }
        (shown.iter().max().copied().unwrap_or_default(), shown.iter().filter(|n| **n > 0).count())
    };
    let (bare, few) = most_shown(&Rule { among: 1, ..Rule::USUAL });
    let (most, used) = most_shown(&Rule::USUAL);
    assert_eq!(bare, 500, "without control the first question is shown to everybody");
    // A topic of fifteen questions from which three are drawn cannot do much better: this is why a bank should be larger.
    assert!(most < 420, "the most shown question was seen by {most} of 500");
    assert!(used > few, "{used} of 60 questions in use, {few} without control");
}

#[test]
fn a_small_bank_ends_by_itself_and_says_so() {
    let bank = &bank()[..3];
    let (asked, end, _) = taken(bank, 0.0, &Rule::USUAL, 1);
    assert_eq!((asked.len(), end), (3, End::NoMoreQuestions));
    assert!(matches!(next(&[], &[], &Rule::USUAL, 1), Step::Stop(End::NoMoreQuestions, _)));
}

proptest! {
    #[test]
    fn any_answers_give_a_step_and_the_same_ones_the_same(
        answers in prop::collection::vec((0_usize..80, 0..3_u8), 0..30), seed: u64,
    ) {
        let bank = bank();
        let answers: Vec<_> = answers
            .into_iter()
            .map(|(at, kind)| (at, [Answer::Right, Answer::Wrong, Answer::DontKnow][usize::from(kind)]))
            .collect();
        let step = next(&bank, &answers, &Rule::USUAL, seed);
        prop_assert_eq!(step, next(&bank, &answers, &Rule::USUAL, seed));
        if let Step::Ask(at) = step {
            prop_assert!(at < bank.len() && answers.iter().all(|(asked, _)| *asked != at));
        }
    }
}
