//! Codes of authenticator apps: RFC 6238 over RFC 4226, six digits, half a minute, SHA-1, which is what every app can do. SHA-1's
//! weakness is collisions; a keyed hash does not rest on there being none (RFC 6151 says so of its elder sister).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// How long a code is shown, in milliseconds.
const STEP_MS: i64 = 30_000;
/// Digits of a code.
pub(super) const DIGITS: usize = 6;
/// A secret, 160 bits as RFC 4226 recommends.
pub(super) const SECRET: usize = 20;

/// The half minute of a moment.
pub(super) fn step_of(now_ms: i64) -> i64 {
    now_ms.div_euclid(STEP_MS)
}

/// The half minute whose code this is: now, the one before for a slow hand, the one after for a clock that is ahead.
pub(super) fn matching_step(secret: &[u8], code: &str, now_ms: i64) -> Option<i64> {
    let now = step_of(now_ms);
    [now, now - 1, now + 1].into_iter().find(|step| {
        let right = code_at(secret, *step);
        bool::from(subtle::ConstantTimeEq::ct_eq(right.as_bytes(), code.as_bytes()))
    })
}

/// The code of a half minute.
fn code_at(secret: &[u8], step: i64) -> String {
    // A key of any length is a key for HMAC.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let from = usize::from(hash.last().copied().unwrap_or(0) & 15);
    let word = hash.iter().skip(from).take(4).fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the last six of eight digits.
    #[test]
    fn the_published_codes_come_out() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, step_of(seconds * 1000)), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_for_a_minute_and_a_half_and_no_longer() {
        let secret = b"12345678901234567890";
        let now_ms = 1_111_111_111_000;
        let code = code_at(secret, step_of(now_ms));
        for (later_ms, found) in
            [(-60_000, false), (-30_000, true), (0, true), (30_000, true), (60_000, false)]
        {
            assert_eq!(matching_step(secret, &code, now_ms + later_ms).is_some(), found, "{later_ms}");
        }
        assert_eq!(matching_step(secret, "", now_ms), None);
        assert_eq!(matching_step(secret, &format!("{code}0"), now_ms), None);
    }
}
