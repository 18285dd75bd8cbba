//! Terms of a loan as JSON and the cost table made of them: to the fen the sum of its parts, and the same bytes twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_cost::{CostTable, Fen, Terms, quote};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(terms) = Terms::from_json(text) else { return };
    assert_eq!(terms.json(), text, "the digest is over the text as it came");
    assert_eq!(Terms::new(terms.spec().clone()).map(|again| again.spec().clone()).as_ref(), Ok(terms.spec()));
    let Ok(table) = quote(&terms) else { return };
    let principal: Fen = table.instalments.iter().map(|i| i.principal_fen).fold(Fen::ZERO, |a, b| a + b);
    assert_eq!(principal, table.principal_fen, "the instalments pay back the principal and nothing else");
    let bytes = table.to_json_bytes();
    let again: CostTable = serde_json::from_slice(&bytes).expect("a table can be read again");
    assert_eq!(again.to_json_bytes(), bytes);
});
