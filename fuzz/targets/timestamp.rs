//! RFC 3161 answers and root files (DER, CMS, X.509, PEM). The seed is a stamp by an authority whose key nobody has any more: whatever is
//! accepted must state what that authority stated.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::Digest;
use mingbai_evidence::timestamp::{Roots, Stamp, Stated, verify};

const REPLY: &[u8] = include_bytes!("../../crates/evidence/tests/data/timestamp/reply.tsr");
const ROOT: &str = include_str!("../../crates/evidence/tests/data/timestamp/root.pem");

struct Known {
    imprint: Digest,
    nonce: u64,
    roots: Roots,
    stated: Stated,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let (imprint, nonce) = (Digest::of(b"lender.example/log\n42\nroot\n"), 0xfedc_ba98_7654_3210);
    let roots = Roots::from_pem(ROOT).expect("the root of the seed");
    let stated = verify(REPLY, &imprint, nonce, &roots).expect("the seed holds").stated().clone();
    Known { imprint, nonce, roots, stated }
});

fuzz_target!(|data: &[u8]| {
    let known = &*KNOWN;
    if let Ok(stamp) = Stamp::open(data, &known.imprint) {
        let _ = (stamp.authority(), stamp.answers(known.nonce));
    }
    if let Ok(stamp) = verify(data, &known.imprint, known.nonce, &known.roots) {
        assert_eq!(*stamp.stated(), known.stated, "a forged time stamp was accepted");
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(roots) = Roots::from_pem(text)
    {
        assert!(!roots.subjects().is_empty(), "a file without a root was accepted");
    }
});
