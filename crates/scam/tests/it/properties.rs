//! For every text: no panic, spans on the borders of characters, and parts that add up to the score.

use mingbai_scam::fold::Folded;
use mingbai_scam::lexicon::{Lexicon, Slot};
use mingbai_scam::model::Model;
use mingbai_scam::{Checker, MESSAGE_MAX, Scratch, TooLong};
use proptest::prelude::*;

const PIECES: [&str; 24] = [
    "转账",
    "安全账户",
    "验证码",
    "请勿",
    "不要告诉",
    "家人",
    "征信",
    "修复",
    "。",
    ",",
    "刷单",
    "佣金",
    "都是诈骗",
    "我行",
    "尾号",
    "an quan",
    "賬戶",
    "贝长",
    "1️⃣",
    "\u{200B}",
    "http://a.top/x",
    "😀",
    "养老",
    "返利",
];

fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|parts| parts.concat()),
        "\\PC{0,80}",
        prop::collection::vec(any::<char>(), 0..80).prop_map(|chars| chars.into_iter().collect()),
    ]
}

proptest! {
    #[test]
    fn the_parts_add_up(text in message()) {
        let mut scratch = Scratch::default();
        let answer = Checker::shipped().check(&text, &mut scratch).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let sum: f64 = answer.evidence.iter().map(|part| part.weight).sum();
        prop_assert!((sum - answer.score.log_odds).abs() < 1e-9, "{sum} is not {}", answer.score.log_odds);
        for part in &answer.evidence {
            // What the lexicon calls a demand never speaks against a scam, and a warning or notice never for one.
            if let Some(entry) = part.source.entry(Lexicon::shipped()) {
                let against = matches!(entry.slot, Slot::Counter | Slot::Notice) || part.covered;
                prop_assert!(if against { part.weight <= 0.0 } else { part.weight >= 0.0 }, "{}: {part:?}", entry.id);
            }
            prop_assert!(text.get(part.from..part.to).is_some(), "{part:?} cuts a character");
        }
        // The buffer of one message leaves nothing behind for the next.
        let again = Checker::shipped().check(&text, &mut scratch).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(answer, again);
    }

    #[test]
    fn a_folded_text_stays_as_it_is(text in message()) {
        let once = Folded::of(&text);
        let mut end = 0;
        for unit in &once.units {
            prop_assert!(unit.from >= end || unit.from <= unit.to);
            end = unit.from;
        }
    }
}

#[test]
fn a_message_beyond_all_measure_is_refused() {
    let long = "转".repeat(10 * 1024 * 1024 / 3);
    let answer = Checker::shipped().check(&long, &mut Scratch::default());
    assert_eq!(answer, Err(TooLong { bytes: long.len() }));
    let most = "转".repeat(MESSAGE_MAX / 3);
    assert!(Checker::shipped().check(&most, &mut Scratch::default()).is_ok());
}

#[test]
fn the_lexicon_is_complete() {
    let lexicon = Lexicon::shipped();
    assert!(lexicon.entries().len() >= 100, "{lexicon:?}");
    for entry in lexicon.entries() {
        assert!(lexicon.sources().contains_key(&entry.source), "{}", entry.id);
    }
}

#[test]
fn the_model_is_read_back_as_it_was_written_and_a_broken_file_is_refused() {
    let bytes = Model::shipped_bytes();
    assert_eq!(Model::shipped().to_bytes(), bytes);
    for end in [0, 4, 8, 20, bytes.len() / 2, bytes.len() - 1] {
        assert!(Model::from_bytes(&bytes[..end]).is_err());
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(Model::from_bytes(&longer).is_err());
}

/// Whoever pastes the same words again and again may not make the check slow. Counted in time, since the work has no other measure; the bar is
/// four times what is expected of sixteen times the text, and a quarter of what a square would cost.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test of time needs the real clock")]
fn sixteen_times_the_text_costs_about_sixteen_times_as_much() {
    for piece in [
        "不要转账,",
        "谨防刷单都是诈骗。",
        "先交保证金",
        "转到安全账户不要告诉家人",
        "z h u a n",
        "贝",
        "“",
        "a1 ",
    ] {
        let mut scratch = Scratch::default();
        let mut least = |bytes: usize| {
            let text = piece.repeat(bytes / piece.len());
            let run = |scratch: &mut Scratch| {
                let start = std::time::Instant::now();
                assert!(Checker::shipped().check(&text, scratch).is_ok());
                start.elapsed().as_secs_f64()
            };
            (0..5).map(|_| run(&mut scratch)).fold(f64::MAX, f64::min)
        };
        let (short, long) = (least(MESSAGE_MAX / 16), least(MESSAGE_MAX));
        assert!(long < 64.0 * short + 0.02, "{piece}: {short} s, {long} s");
    }
}
