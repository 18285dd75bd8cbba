//! A borrower's receipt (C2SP tlog-proof): written as it was read, and never believed about a record that the log does not hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::receipt::Receipt;
use mingbai_evidence::verify::{verify_receipt, verify_receipt_against};
use mingbai_fuzz::log::LOG;

fuzz_target!(|data: &[u8]| {
    let log = &*LOG;
    let read = Receipt::parse(data);
    if let Ok(receipt) = &read {
        assert_eq!(
            receipt.write().as_deref().map(str::as_bytes),
            Ok(data),
            "a receipt is written as it was read"
        );
    }
    let report = verify_receipt(data, &log.reader);
    if report.holds() {
        let record = read.expect("what holds can be read").record;
        assert!(log.package.records.contains(&record), "a record that was never logged is proven");
    }
    if data.first().is_some_and(|b| b % 16 == b'c' % 16) {
        let _ = verify_receipt_against(data, &log.bytes, &log.reader);
    }
});
