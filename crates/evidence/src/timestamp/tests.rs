//! The reader against bytes that nobody meant to be a time stamp, and against one real answer that needs no openssl to check.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use proptest::prelude::*;

use super::*;

/// Made with OpenSSL 3.0 (`openssl ts -reply`, P-256) for [`NOTE`] and [`NONCE`]; the certificates end in 2049.
const REPLY: &[u8] = include_bytes!("../../tests/data/timestamp/reply.tsr");
const ROOT: &str = include_str!("../../tests/data/timestamp/root.pem");
const NOTE: &[u8] = b"lender.example/log\n42\nroot\n";
const NONCE: u64 = 0xfedc_ba98_7654_3210;

fn judge(bytes: &[u8]) -> Result<Stamp, StampError> {
    verify(bytes, &Digest::of(NOTE), NONCE, &Roots::from_pem(ROOT).unwrap())
}

#[test]
fn a_stored_answer_holds_for_decades() {
    let stamp = judge(REPLY).unwrap();
    assert_eq!(stamp.authority(), "CN=tsa");
    assert_eq!(stamp.stated().policy, "1.2.3.4.1");
}

#[test]
fn a_nonce_is_a_positive_number() {
    for (nonce, der) in [
        (0, &[2, 1, 0][..]),
        (0x7f, &[2, 1, 0x7f]),
        (0x80, &[2, 2, 0, 0x80]),
        (u64::MAX, &[2, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
    ] {
        assert_eq!(nonce_number(nonce).unwrap().to_der().unwrap(), der);
    }
}

#[test]
fn every_cut_answer_is_refused() {
    for length in 0..REPLY.len() {
        assert!(judge(&REPLY[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn roots_are_certificates() {
    assert_eq!(Roots::from_pem("no certificate"), Err(StampError::NoRoots));
    let twice = format!("words before\n{ROOT}words between\n{ROOT}");
    assert_eq!(Roots::from_pem(&twice).unwrap().subjects(), ["CN=root", "CN=root"]);
    let cut = ROOT.replace("-----END", "-----");
    assert!(matches!(Roots::from_pem(&cut), Err(StampError::Malformed { .. })));
    let broken = ROOT.replacen("MII", "AII", 1);
    assert!(Roots::from_pem(&broken).is_err());
    assert_eq!(Roots::from_pem(&ROOT.repeat(65)), Err(StampError::TooLarge));
}

#[test]
fn every_error_speaks_both_languages() {
    use crate::text::Bilingual as _;
    let subject = || "CN=x".to_owned();
    let errors = [
        StampError::TooLarge,
        StampError::Malformed { what: "x", why: subject() },
        StampError::NotGranted { status: 2 },
        StampError::Imprint,
        StampError::Nonce,
        StampError::Signers { found: 2 },
        StampError::NoCertificate,
        StampError::Attribute { name: "x" },
        StampError::MessageDigest,
        StampError::Binding,
        StampError::Signature,
        StampError::Unsupported { what: subject() },
        StampError::CriticalExtension { oid: subject(), subject: subject() },
        StampError::Usage { subject: subject() },
        StampError::Expired { subject: subject() },
        StampError::NotAuthority { subject: subject() },
        StampError::ChainSignature { subject: subject() },
        StampError::UnknownIssuer { issuer: subject() },
        StampError::NoRoots,
    ];
    let mut seen = std::collections::BTreeSet::new();
    for error in errors {
        assert!(error.zh().chars().any(|c| c > '\u{4e00}') && error.zh().ends_with('。'), "{error:?}");
        assert!(error.en().contains(' ') && error.en() == error.to_string(), "{error:?}");
        assert!(seen.insert(error.en()), "{error:?} says what another one says");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(judge(&bytes).is_err());
        let _ = Roots::from_pem(&String::from_utf8_lossy(&bytes));
        let _ = cert::Cert::parse(&bytes);
        let _ = Info::parse(&bytes);
    }

    #[test]
    fn arbitrary_elements_never_panic(
        tags in proptest::collection::vec((0_u8..=255, proptest::collection::vec(any::<u8>(), 0..40)), 0..12),
    ) {
        // Well-formed DER with any tags and contents: gets past the outer shape, unlike random bytes.
        let inside: Vec<u8> = tags
            .iter()
            .flat_map(|(tag, value)| [&[*tag, u8::try_from(value.len()).unwrap()][..], value].concat())
            .collect();
        let length = u16::try_from(inside.len()).unwrap().to_be_bytes();
        let whole = [&[0x30, 0x82][..], &length, &inside].concat();
        prop_assert!(judge(&whole).is_err());
        let _ = Info::parse(&whole);
        let _ = cert::Cert::parse(&whole);
    }

    #[test]
    fn spoilt_answers_never_panic_and_never_hold(
        spots in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = REPLY.to_vec();
        for (spot, value) in spots {
            let at = spot.index(bytes.len());
            bytes[at] = value;
        }
        prop_assert!(bytes == REPLY || judge(&bytes).is_err());
    }
}
