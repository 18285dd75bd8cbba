//! The verifier never panics, whatever it is given: random bytes, mutated signed files, deep nesting, cycles, huge numbers.

use std::sync::OnceLock;

use mingbai_sign::{Certificate, Crl, Prepared, SigningRequest, Verdict, boxes, prepare, verify};
use proptest::prelude::*;

use crate::kit::*;

fn seed() -> &'static (House, Vec<u8>) {
    static SEED: OnceLock<(House, Vec<u8>)> = OnceLock::new();
    SEED.get_or_init(|| {
        let house = House::new();
        let one = sign(&house, prepare(&small_paper(), &field("borrower")).unwrap(), 3, 3);
        let two = sign(&house, prepare(&one, &field("lender")).unwrap(), 4, 4);
        let closed = mingbai_sign::add_validation(&two, &house.validation(NOW_MS, Vec::new())).unwrap();
        (house, closed)
    })
}

/// Runs every door on the bytes.
fn knock(bytes: &[u8]) -> Verdict {
    let (house, _) = seed();
    let _ = boxes(bytes);
    let _ = prepare(bytes, &field("x"));
    let _ = Prepared::open(bytes.to_vec());
    let _ = Certificate::parse(bytes);
    let _ = Crl::parse(bytes);
    let _ = SigningRequest::parse(bytes);
    verify(bytes, std::slice::from_ref(&house.root), NOW_MS + HOUR_MS).verdict()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn random_bytes_never_hold(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_ne!(knock(&bytes), Verdict::Holds);
    }

    #[test]
    fn spliced_files_never_hold(cuts in proptest::collection::vec((any::<u32>(), any::<u32>(), any::<u8>()), 1..6)) {
        let (_, original) = seed();
        let mut bytes = original.clone();
        for (from, length, what) in cuts {
            let at = from as usize % bytes.len();
            let end = (at + length as usize % 64 + 1).min(bytes.len());
            match what % 4 {
                0 => { bytes.drain(at..end); }
                1 => { let copy = bytes[at..end].to_vec(); bytes.splice(at..at, copy); }
                2 => { bytes.splice(at..at, [what; 3]); }
                _ => { let tail = bytes.split_off(at); let n = tail.len() / 2; bytes.extend(&tail[n..]); }
            }
            if bytes.is_empty() { bytes.push(what); }
        }
        if &bytes != original {
            prop_assert_ne!(knock(&bytes), Verdict::Holds);
        }
    }

    #[test]
    fn exchanged_tokens_never_hold(which in any::<u16>(), token in prop::sample::select(vec![
        "-1", "99999999999", "9223372036854775808", "<<", ">>", "[", "(", "<", "0 R", "1 0 R", "null", "/V", "%", "1e9", "..", "--1",
    ])) {
        let (_, original) = seed();
        let text: Vec<usize> = original.iter().enumerate().filter(|(_, b)| **b == b' ').map(|(i, _)| i).collect();
        let at = text[which as usize % text.len()];
        let mut bytes = original.clone();
        bytes.splice(at..at, format!(" {token} ").bytes());
        let context = String::from_utf8_lossy(&bytes[at.saturating_sub(40)..(at + 60).min(bytes.len())]).into_owned();
        prop_assert_ne!(knock(&bytes), Verdict::Holds, "{}", context);
    }
}

#[test]
fn nesting_cycles_and_huge_numbers_end_quickly() {
    let with = |third: &str, fourth: &str| {
        write_pdf(&[
            "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            "<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]>>",
            third,
            fourth,
            "<</Keywords()>>",
        ])
    };
    let deep = "[".repeat(100_000);
    let deep_dict = "<</A".repeat(50_000);
    for bytes in [
        with(&deep, "<<>>"),
        with(&deep_dict, "<<>>"),
        with("<</Kids[3 0 R]/V 3 0 R/ByteRange[0 1 2 3]>>", "<</Fields[3 0 R 4 0 R 3 0 R]/Kids[4 0 R]>>"),
        with(
            "<</Type/Pages/Kids[2 0 R]>>",
            "<</Fields[4 0 R]/T(x)/V 4 0 R/ByteRange[0 9223372036854775807 9223372036854775807 9223372036854775807]/Contents<00>>>",
        ),
        with("<</Length 9223372036854775807>>\nstream\n\nendstream", "<<>>"),
        with("<</Length 3 0 R>>\nstream\n\nendstream", "<<>>"),
    ] {
        assert_ne!(knock(&bytes), Verdict::Holds);
    }
    let table =
        |body: &str| format!("%PDF-1.7\nxref\n{body}trailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF");
    for body in
        ["0 99999999999999\n", "4294967295 2\n", "0 1\n0000000000 65535 n\r\n", "18446744073709551615 1\n"]
    {
        assert_ne!(knock(table(body).as_bytes()), Verdict::Holds);
    }
    let own_tail = "%PDF-1.7\nxref\n0 0\ntrailer\n<</Prev 9/Size 1>>\nstartxref\n9\n%%EOF";
    assert_ne!(knock(own_tail.as_bytes()), Verdict::Holds);
    assert_ne!(knock(&vec![b' '; 33 * 1024 * 1024]), Verdict::Holds, "too large");
}
