//! Policy packs (TOML): read or refused with a reason, the same twice, and what is read can be used.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_core::borrow::duty::Duty;
use mingbai_core::policy::Pack;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(pack) = Pack::parse(text) else { return };
    assert_eq!(pack.text(), text, "journeys name a pack by the digest of its text");
    assert_eq!(Pack::parse(text).map(|again| again.digest()), Ok(pack.digest()));
    for duty in Duty::BEFORE_PAYOUT {
        let _ = (pack.duty(duty), pack.clauses_of(duty).count());
    }
    let _ = (pack.reading().seconds_for(u32::MAX), pack.reference_rates(), pack.unverified().count());
});
