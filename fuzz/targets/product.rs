//! Product files (TOML): a file that is read gives terms and a cost table at every corner of what it offers.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_cost::quote;
use mingbai_desk::product::{Ask, Product};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(product) = Product::parse(text) else { return };
    assert_eq!(product.text(), text);
    assert!(product.stream().is_ok(), "a parsed product has a stream");
    let file = product.file();
    let payout_on = jiff::civil::date(2026, 8, 31);
    for principal_fen in [file.amount.min_fen, file.amount.max_fen] {
        let Some(periods) = file.term.periods.last().copied() else { return };
        let terms = product.terms_for(Ask { principal_fen, periods, payout_on, method: None });
        let terms = terms.expect("the corners were tried when the file was read");
        if let Ok(table) = quote(&terms) {
            assert_eq!(table.principal_fen, principal_fen);
        }
    }
});
