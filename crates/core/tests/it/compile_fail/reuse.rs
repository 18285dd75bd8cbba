//! Issuing uses the permit up; the same permit cannot be issued again.
use mingbai_core::borrow::gate::Permit;
use mingbai_core::evidence::Digest;

fn twice(permit: Permit) {
    let _first = permit.issue(Digest::of(b"one"));
    let _second = permit.issue(Digest::of(b"two"));
}

fn main() {}
