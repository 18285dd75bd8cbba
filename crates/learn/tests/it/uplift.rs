//! Effects: what is found, what is honestly not found, who was lost, and how many people it would take.

use mingbai_learn::power::{BadPlan, Plan, chance, need};
use mingbai_learn::signal::{BadSet, Judgement, Sorted, judge, skill};
use mingbai_learn::uplift::{Arm, Design, Finding, NoFigure, Person, Why, attrition, uplift};
use proptest::prelude::*;

use crate::luck::Luck;

/// Villages of twelve people, every second one taught.
fn villages(villages: u32, gain: f64, alike: f64, seed: u64) -> Vec<Person> {
    let mut luck = Luck::new(seed);
    let mut people = Vec::new();
    for village in 0..villages {
        let arm = if village % 2 == 0 { Arm::Taught } else { Arm::Waiting };
        let shared = alike * luck.normal();
        for _ in 0..12 {
            let before = luck.normal();
            let after =
                0.6 * before + 0.8 * luck.normal() + shared + if arm == Arm::Taught { gain } else { 0.0 };
            people.push(Person { cluster: village, arm, before: Some(before), after: Some(after) });
        }
    }
    people
}

#[test]
fn equal_villages_have_the_degrees_of_a_comparison_of_village_means() {
    let mut people = villages(10, 0.3, 0.2, 4);
    // With the same first tests in every village the adjustment takes nothing from the comparison of 5 with 5.
    for (at, person) in people.iter_mut().enumerate() {
        person.before = Some((at % 12) as f64);
    }
    let got = uplift(&people).expect("a figure");
    assert!((got.degrees - 8.0).abs() < 1e-6, "{}", got.degrees);
    assert_eq!((got.taught, got.waiting, got.clusters), (60, 60, 10));
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say_and_no_effect_is_rarely_claimed() {
    let rounds = 600;
    let (mut held, mut claimed, mut claimed_by_cr1) = (0, 0, 0);
    for seed in 0..rounds {
        let got = uplift(&villages(12, 0.4, 0.3, seed)).expect("a figure");
        held += u32::from(got.low <= 0.4 && 0.4 <= got.high);
        let none = uplift(&villages(12, 0.0, 0.3, seed + 100_000)).expect("a figure");
        claimed += u32::from(matches!(none.finding, Finding::Gain | Finding::Loss));
        claimed_by_cr1 += u32::from((none.difference / none.cr1_error).abs() > 1.96);
    }
    let share = |n: u32| f64::from(n) / rounds as f64;
    assert!((0.925..0.975).contains(&share(held)), "{}", share(held));
    assert!(share(claimed) < 0.075, "{}", share(claimed));
    assert!(claimed_by_cr1 > claimed, "the simple way claims more: {claimed_by_cr1} and {claimed}");
}

#[test]
fn a_large_gain_is_found_and_a_small_event_is_not_enough() {
    let got = uplift(&villages(40, 0.8, 0.2, 1)).expect("a figure");
    assert_eq!((got.finding, got.design), (Finding::Gain, Design::Compared));
    assert!((got.effect_size - got.difference / got.deviation).abs() < 1e-12);
    let small = uplift(&villages(4, 0.8, 0.2, 1)).expect("a figure");
    assert_eq!(small.finding, Finding::NotEnough(Why::FewClusters), "{small:?}");
    let none = uplift(&villages(20, 0.0, 0.2, 2)).expect("a figure");
    assert_eq!(none.finding, Finding::NotEnough(Why::MayBeNothing));
}

#[test]
fn what_gives_no_figure_says_why() {
    let one = |cluster, arm, before, after| Person { cluster, arm, before, after };
    assert_eq!(uplift(&[]), Err(NoFigure::NobodyTested));
    assert_eq!(uplift(&[one(1, Arm::Waiting, Some(1.0), Some(1.0))]), Err(NoFigure::NobodyTested));
    let single = [one(1, Arm::Taught, Some(1.0), Some(2.0)), one(1, Arm::Taught, Some(2.0), Some(2.0))];
    assert_eq!(uplift(&single), Err(NoFigure::OneCluster));
    let flat: Vec<Person> = (0..8)
        .map(|at| one(at, if at % 2 == 0 { Arm::Taught } else { Arm::Waiting }, Some(1.0), Some(1.0)))
        .collect();
    assert_eq!(uplift(&flat), Err(NoFigure::NoSpread));
    assert_eq!(uplift(&[one(1, Arm::Taught, Some(f64::NAN), Some(2.0))]), Err(NoFigure::NotANumber));
}

#[test]
fn the_table_of_the_lost_shows_when_the_weak_stayed_away() {
    let mut people = villages(10, 0.0, 0.0, 9);
    for person in people.iter_mut().filter(|p| p.arm == Arm::Taught) {
        person.after = person.after.filter(|_| person.before > Some(0.0));
    }
    people.push(Person { cluster: 0, arm: Arm::Taught, before: None, after: Some(1.0) });
    let [taught, waiting] = attrition(&people);
    assert_eq!((taught.people, taught.before, taught.only_after), (61, 60, 1));
    assert!(taught.both < 60 && taught.mean_left < Some(0.0) && taught.mean_stayed > Some(0.0));
    assert_eq!((waiting.both, waiting.mean_left), (60, None));
}

#[test]
fn who_calls_everything_fake_has_no_skill() {
    let all = skill(Sorted { hits: 10, fakes: 10, false_alarms: 10, reals: 10 }).expect("a skill");
    assert!(all.d_prime.abs() < 1e-9 && all.criterion < -1.0, "{all:?}");
    let able = skill(Sorted { hits: 10, fakes: 10, false_alarms: 0, reals: 10 }).expect("a skill");
    assert!(able.d_prime > 3.0 && able.d_prime.is_finite() && able.criterion.abs() < 1e-9, "{able:?}");
    assert_eq!(skill(Sorted { hits: 1, fakes: 2, false_alarms: 0, reals: 0 }), Err(BadSet::OneKind));
    assert_eq!(skill(Sorted { hits: 3, fakes: 2, false_alarms: 0, reals: 1 }), Err(BadSet::Counts));
}

/// Twenty messages before and after; the campaign moves the criterion and the skill by so much.
fn messages(skill_gain: f64, leaning: f64) -> Judgement {
    let mut luck = Luck::new(77);
    let (mut skills, mut criteria) = (Vec::new(), Vec::new());
    for village in 0..30_u32 {
        let arm = if village % 2 == 0 { Arm::Taught } else { Arm::Waiting };
        for _ in 0..12 {
            let able = 1.2 + 0.4 * luck.normal();
            let mut sort = |able: f64, shift: f64| {
                let mut count = |mean: f64| (0..10).filter(|_| mean + luck.normal() > shift).count() as u32;
                let (hits, false_alarms) = (count(able / 2.0), count(-able / 2.0));
                skill(Sorted { hits, fakes: 10, false_alarms, reals: 10 }).expect("a skill")
            };
            let taught = if arm == Arm::Taught { 1.0 } else { 0.0 };
            let (before, after) = (sort(able, 0.0), sort(able + skill_gain * taught, leaning * taught));
            let person = |b, a| Person { cluster: village, arm, before: Some(b), after: Some(a) };
            skills.push(person(before.d_prime, after.d_prime));
            criteria.push(person(before.criterion, after.criterion));
        }
    }
    judge(&uplift(&skills).expect("a figure"), &uplift(&criteria).expect("a figure"))
}

#[test]
fn a_campaign_that_only_makes_people_refuse_everything_is_shown_as_such() {
    assert_eq!(messages(0.0, -0.8), Judgement::OnlyMoreSuspicious);
    assert_eq!(messages(0.0, 0.8), Judgement::OnlyMoreTrusting);
    assert_eq!(messages(0.8, 0.0), Judgement::Sharper);
    assert_eq!(messages(0.8, -0.5), Judgement::Sharper);
    assert_eq!(messages(-0.8, 0.0), Judgement::Blunter);
    assert_eq!(messages(0.0, 0.0), Judgement::NotEnough);
}

const PLAN: Plan = Plan {
    effect: 0.3,
    power: 0.8,
    alpha: 0.05,
    session_size: 30.0,
    alikeness: 0.05,
    test_correlation: 0.5,
    loss: 0.2,
};

#[test]
fn teaching_in_sessions_and_losing_people_takes_more_of_them() {
    let sessions = need(&PLAN).expect("a plan");
    let alone = need(&Plan { session_size: 1.0, ..PLAN }).expect("a plan");
    assert!((sessions.design_effect - (1.0 + 23.0 * 0.05)).abs() < 1e-12, "{}", sessions.design_effect);
    assert!(
        sessions.tested > 2 * alone.tested - 2 && sessions.invited as f64 >= sessions.tested as f64 / 0.8
    );
    assert!(sessions.sessions * 24 >= sessions.tested);
    for (plan, told) in [
        (Plan { effect: 0.0, ..PLAN }, BadPlan::Effect),
        (Plan { power: 1.0, ..PLAN }, BadPlan::Chances),
        (Plan { loss: 1.0, ..PLAN }, BadPlan::Shares),
        (Plan { session_size: f64::NAN, ..PLAN }, BadPlan::Shares),
        (Plan { effect: 1e-4, ..PLAN }, BadPlan::TooMany),
    ] {
        assert_eq!(need(&plan), Err(told), "{plan:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_results_give_a_finite_figure_or_a_reason(
        rows in prop::collection::vec(
            (0..6_u32, any::<bool>(), prop::option::of(-1e6..1e6_f64), prop::option::of(-1e6..1e6_f64)), 0..60),
    ) {
        let people: Vec<Person> = rows
            .into_iter()
            .map(|(cluster, taught, before, after)| Person {
                cluster, arm: if taught { Arm::Taught } else { Arm::Waiting }, before, after,
            })
            .collect();
        if let Ok(got) = uplift(&people) {
            prop_assert!(got.low <= got.difference && got.difference <= got.high);
            prop_assert!(got.error.is_finite() && (0.0..=1.0).contains(&got.p));
        }
        let [taught, waiting] = attrition(&people);
        prop_assert_eq!(taught.people + waiting.people, people.len());
    }

    #[test]
    fn more_people_find_more(effect in 0.05..1.0_f64, n in 5..500_u64) {
        let (few, many) = (chance(effect, 0.05, n), chance(effect, 0.05, n + 5));
        prop_assert!(many > few - 1e-9 && (0.0..=1.0 + 1e-9).contains(&many), "{} {}", few, many);
    }
}
