//! The signature inside a signed PDF (CMS): nothing but the borrower's own may hold in her file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_fuzz::kit::{HOUR_MS, NOW_MS};
use mingbai_fuzz::papers::SIGNED;
use mingbai_sign::{Verdict, assemble, finish, verify};

fuzz_target!(|data: &[u8]| {
    let signed = &*SIGNED;
    let Ok(file) = finish(signed.prepared.clone(), data) else { return };
    let report = verify(&file, std::slice::from_ref(&signed.house.root), NOW_MS + HOUR_MS);
    if report.verdict() == Verdict::Holds {
        assert!(file == signed.once, "another signature holds than the one that was made");
    }
    let _ = assemble(data, data, &[signed.house.issuing.der().to_vec()], Some(data));
});
