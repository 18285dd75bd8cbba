//! Whole journeys with events cut, repeated, exchanged and altered: the fold, the claims of the verifier, and the gate against the checker
//! that was written apart from it. Never may the gate open where the checker objects, or stay shut where it does not.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mingbai_core::borrow::fold::Stamped;
use mingbai_core::borrow::{Context, Journey, audit, checker, gate};
use mingbai_core::policy::Pack;
use mingbai_fuzz::story;

static PACK: LazyLock<Pack> = LazyLock::new(Pack::embedded);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let records = story::records(text);
    let checks = audit::recheck(story::id(), &PACK, &records);
    assert!(!checks.is_empty());
    let Ok(journey) = Journey::fold(story::id(), &PACK, &records) else { return };
    let told: Vec<Stamped> = records.iter().filter_map(|record| Stamped::read(record).ok()).collect();
    assert_eq!(told.len(), records.len(), "what folds is all readable");
    let now_ms = journey.last_at_ms() + 1;
    let opened = gate::open(&journey, &Context { pack: &PACK, now_ms, seed: 1 });
    let against = checker::objections(&told, &PACK, now_ms);
    assert_eq!(opened.is_ok(), against.is_empty(), "the gate says {opened:?}, the checker {against:?}");
});
