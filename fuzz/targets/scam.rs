//! Messages that somebody pastes: whatever they are, the check answers, its parts add up to its score, and no span cuts a character.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_desk::scam::{Checker, MESSAGE_MAX, Scratch};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut scratch = Scratch::default();
    let Ok(answer) = Checker::shipped().check(&text, &mut scratch) else {
        assert!(text.len() > MESSAGE_MAX);
        return;
    };
    let sum: f64 = answer.evidence.iter().map(|part| part.weight).sum();
    assert!((sum - answer.score.log_odds).abs() < 1e-6, "{sum} is not {}", answer.score.log_odds);
    for part in &answer.evidence {
        assert!(text.get(part.from..part.to).is_some(), "{part:?}");
    }
});
