//! The zip around a package, as raw bytes: bounded whatever the file says about itself, and a package that is read and written again is the
//! same package.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::package::{self, Limits};
use mingbai_evidence::verify::verify_for;
use mingbai_fuzz::log::LOG;

const LIMITS: Limits =
    Limits { package_bytes: 1 << 18, files: 64, file_bytes: 1 << 16, total_bytes: 1 << 17 };

fuzz_target!(|data: &[u8]| {
    let mut reader = LOG.reader.clone();
    reader.limits = LIMITS;
    let report = verify_for(data, &reader);
    assert!(!report.claims.is_empty(), "every file gets an answer");
    assert!(!report.holds(), "the whole package is larger than what is read here");
    let Ok(read) = package::read(data, &LIMITS) else { return };
    if let Ok(bytes) = package::write(&read) {
        let again = package::read(&bytes, &Limits::default());
        assert_eq!(again.as_ref().map(|p| &p.records), Ok(&read.records));
    }
    let _ = mingbai_core::borrow::audit::loans(read);
});
