//! Counting people and checking codes: nobody twice, nothing lost, every refusal with its reason.

use std::collections::BTreeSet;

use mingbai_learn::attendance::{Arrival, Deed, Done, Outcome, PersonKey, Session, Way, count, reported};
use mingbai_learn::code::{Open, Rule, Sent, Verdict, judge, shown};
use proptest::prelude::*;

fn key(n: u8) -> PersonKey {
    PersonKey([n; 32])
}

fn arrival(session: u32, person: u8, way: Way) -> Arrival {
    Arrival { session, person: (person > 0).then(|| key(person)), way }
}

#[test]
fn nobody_counts_twice_and_every_figure_has_its_denominator() {
    let sessions = [Session { id: 1, scheduled: 50 }, Session { id: 2, scheduled: 30 }];
    let arrivals = [
        arrival(1, 1, Way::Code),
        arrival(1, 1, Way::Late),
        arrival(1, 2, Way::Late),
        arrival(1, 0, Way::Paper { line: 1 }),
        arrival(1, 0, Way::Paper { line: 1 }),
        arrival(1, 1, Way::Paper { line: 2 }),
        arrival(2, 1, Way::Code),
        arrival(2, 3, Way::Code),
        arrival(9, 3, Way::Code),
    ];
    let done = |n, deed| Done { person: key(n), deed };
    let done = [
        done(1, Deed::Completed),
        done(1, Deed::Completed),
        done(1, Deed::TestedBefore),
        done(1, Deed::TestedAfter),
        done(2, Deed::TestedAfter),
        done(1, Deed::TestedLater { days: 29 }),
        done(2, Deed::TestedLater { days: 90 }),
        done(7, Deed::Completed),
    ];
    let due: BTreeSet<_> = [key(1), key(2), key(8)].into();
    let (figures, outcomes) = count(&sessions, &arrivals, &done, &due);
    use Outcome::{Again, Counted, NoSuchSession, SameLine};
    assert_eq!(
        outcomes,
        [Counted, Again, Counted, Counted, SameLine, Again, Counted, Counted, NoSuchSession]
    );
    let share = |s: Option<mingbai_learn::proportion::Share>| s.map(|s| (s.count(), s.of()));
    assert_eq!((figures.scheduled, figures.person_times, figures.persons), (80, 5, 3));
    assert_eq!((figures.late, figures.paper, figures.repeated), (1, 1, 3));
    assert_eq!(share(figures.keyed), Some((4, 5)));
    assert_eq!(share(figures.completed), Some((1, 3)), "somebody who never came does not count");
    assert_eq!(share(figures.linked), Some((1, 3)));
    assert_eq!(share(figures.retained), Some((1, 2)), "29 days are too early, who never came is not due");
    let (empty, _) = count(&[], &[], &[], &due);
    assert_eq!((empty.keyed, empty.retained), (None, None), "there is nothing to divide by");
}

#[test]
fn what_platforms_report_is_a_range_and_never_a_sum() {
    let told = reported(&[620_000, 410_000, 90_000]).expect("figures");
    assert_eq!((told.least, told.most, told.figures), (620_000, 1_120_000, 3));
    assert_eq!(reported(&[]), None);
    assert_eq!(reported(&[u64::MAX, 5]).map(|r| r.most), Some(u64::MAX));
}

const OPEN: Open = Open { from_ms: 1_000_000, to_ms: 1_000_000 + 7_200_000 };
const KEY: &[u8] = b"the campaign's key";

fn told(code: &str, now_ms: u64, sent: Sent) -> Verdict {
    judge(KEY, b"s-1", OPEN, &Rule::USUAL, code, now_ms, sent)
}

#[test]
fn a_code_is_worth_something_now_and_little_later() {
    let now = OPEN.from_ms + 600_000;
    let code = shown(KEY, b"s-1", OPEN, &Rule::USUAL, now).expect("a code");
    assert_eq!(told(&code, now + 5_000, Sent::AtOnce), Verdict::Live);
    assert_eq!(told(&code.to_lowercase().replace('-', " "), now + 119_000, Sent::AtOnce), Verdict::Live);
    assert_eq!(told(&code, now + 180_000, Sent::AtOnce), Verdict::Replayed { since_ms: 60_000 });
    // The phone's clock is a day ahead: the house's window decides, the clock is only told.
    let held = Sent::Held { phone_ms: now + 86_400_000 };
    let late = Verdict::Late { shown_ms: now, phone_ahead_ms: 86_400_000 };
    assert_eq!(told(&code, now + 3_600_000, held), late);
    assert_eq!(told(&code, OPEN.to_ms + Rule::USUAL.late_ms + 1, held), Verdict::TooLate);
    assert!(
        matches!(told(&code, now + 3_600_000, Sent::Held { phone_ms: 0 }), Verdict::Late { phone_ahead_ms, .. } if phone_ahead_ms < 0)
    );
}

#[test]
fn codes_of_others_are_not_ours() {
    let now = OPEN.from_ms + 600_000;
    let code = shown(KEY, b"s-1", OPEN, &Rule::USUAL, now).expect("a code");
    let other =
        |key: &[u8], session: &[u8]| judge(key, session, OPEN, &Rule::USUAL, &code, now, Sent::AtOnce);
    assert_eq!(other(b"another key", b"s-1"), Verdict::NotOurs);
    assert_eq!(other(KEY, b"s-2"), Verdict::NotOurs);
    for text in [
        "",
        "0",
        "00000",
        "不是",
        "0000-00000000",
        &format!("{code}{code}"),
        &"Z".repeat(21),
        "U000-00000000",
    ] {
        assert_eq!(told(text, now, Sent::AtOnce), Verdict::NotOurs, "{text}");
    }
    assert_eq!(shown(KEY, b"s-1", OPEN, &Rule::USUAL, OPEN.from_ms - 1), None);
    assert_eq!(shown(KEY, b"s-1", OPEN, &Rule::USUAL, OPEN.to_ms), None);
    let end = shown(KEY, b"s-1", OPEN, &Rule::USUAL, OPEN.to_ms - 1).expect("a code");
    assert_eq!(told(&end, now, Sent::AtOnce), Verdict::NotOurs, "nobody can have seen a code of the future");
}

proptest! {
    #[test]
    fn every_code_shown_is_taken_for_a_while_and_no_other_text_is(after in 0..7_200_000_u64, wait in 0..90_000_u64, noise in ".{0,24}") {
        let now = OPEN.from_ms + after;
        let code = shown(KEY, b"s-1", OPEN, &Rule::USUAL, now).expect("a code");
        prop_assert_eq!(told(&code, now + wait, Sent::AtOnce), Verdict::Live);
        prop_assert_eq!(told(&noise, now, Sent::AtOnce), Verdict::NotOurs);
    }

    #[test]
    fn counting_loses_nobody(rows in prop::collection::vec((0..4_u32, 0..6_u8, 0..9_u32), 0..60)) {
        let sessions: Vec<_> = (0..3).map(|id| Session { id, scheduled: 10 }).collect();
        let arrivals: Vec<_> = rows
            .iter()
            .map(|(s, p, l)| arrival(*s, *p, match l { 0..3 => Way::Code, 3..5 => Way::Late, line => Way::Paper { line: *line } }))
            .collect();
        let (figures, outcomes) = count(&sessions, &arrivals, &[], &BTreeSet::new());
        prop_assert_eq!(outcomes.len(), arrivals.len());
        let lost = outcomes.iter().filter(|o| **o == Outcome::NoSuchSession).count() as u64;
        prop_assert_eq!(figures.person_times + figures.repeated + lost, arrivals.len() as u64);
        // Sending everything twice changes no figure but the number of repeats.
        let twice: Vec<_> = arrivals.iter().chain(&arrivals).copied().collect();
        let (again, _) = count(&sessions, &twice, &[], &BTreeSet::new());
        let keyed = arrivals.iter().all(|a| a.person.is_some() || matches!(a.way, Way::Paper { .. }));
        if keyed {
            prop_assert_eq!(again.person_times, figures.person_times);
        }
        prop_assert_eq!(again.persons, figures.persons);
    }
}
