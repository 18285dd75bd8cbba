//! The PDF reader and the verifier of signed files: no bytes make them panic or hang, no change of a signed file holds, and what is prepared
//! for signing begins with the file that was given.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_fuzz::kit::{HOUR_MS, NOW_MS, field};
use mingbai_fuzz::papers::SIGNED;
use mingbai_sign::{Prepared, Validation, Verdict, add_validation, boxes, prepare, verify};

fuzz_target!(|data: &[u8]| {
    let signed = &*SIGNED;
    let report = verify(data, std::slice::from_ref(&signed.house.root), NOW_MS + HOUR_MS);
    if report.verdict() == Verdict::Holds {
        // The seeds are all that was ever signed. Beside the signed bytes stand the signature itself, with certificates that may be there
        // twice, and what was appended as material for checking; both are judged by what is in them.
        assert!(same_but_the_signature(data, &signed.once), "a changed file holds");
    }
    let _ = boxes(data);
    if let Ok(prepared) = prepare(data, &field("x")) {
        assert!(prepared.bytes().starts_with(data), "signing changed what was there");
        assert!(Prepared::open(prepared.bytes().to_vec()).is_ok_and(|again| again == prepared));
    }
    let none = Validation { certificates: Vec::new(), crls: Vec::new() };
    if let Ok(more) = add_validation(data, &none) {
        assert!(more.starts_with(data));
    }
});

/// Whether `data` begins as `signed` does, apart from the signature's own place.
fn same_but_the_signature(data: &[u8], signed: &[u8]) -> bool {
    let mark = b"/Contents <";
    let start = signed.windows(mark.len()).rposition(|window| window == mark).expect("a signature");
    let end = start + signed[start..].iter().position(|b| *b == b'>').expect("its end");
    data.starts_with(&signed[..start]) && data.get(end..).is_some_and(|rest| rest.starts_with(&signed[end..]))
}
