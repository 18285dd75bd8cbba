//! Amounts as people write them, in digits and Chinese numerals: what is read is an amount in its range, and reads the same when it is
//! written in each of the house's own ways.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_core::borrow::numerals::parse_amount;
use mingbai_cost::Fen;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(fen) = parse_amount(text) {
        assert!(fen >= Fen::ZERO && fen <= Fen::new(10_000_000_000_000));
        for written in [fen.yuan_grouped(), fen.yuan_plain(), fen.upper_zh()] {
            assert_eq!(parse_amount(&written), Ok(fen), "{text} is written {written}");
        }
    }
    if let Ok(fen) = Fen::parse_yuan(text) {
        assert_eq!(Fen::parse_yuan(&fen.yuan_plain()), Ok(fen));
    }
});
