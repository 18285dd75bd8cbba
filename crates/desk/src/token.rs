//! Tokens, codes and their hashes. Everything that opens a door is random, long, and stored only as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mingbai_evidence::Digest;
use sha2::Sha256;

/// The most characters a token from outside may have before it is even hashed.
const TOKEN_LIMIT: usize = 200;

/// 32 random bytes as text.
pub(crate) fn text(bytes: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Base64 without padding, for addresses and permit tokens.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads [`encode`]'s form.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The hash under which a token is stored. `None` for a text that cannot be one.
pub(crate) fn hash(domain: &str, token: &str) -> Option<Digest> {
    let fits = (20..=TOKEN_LIMIT).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| Digest::of_parts(&[b"mingbai/", domain.as_bytes(), b"/v1\n", token.as_bytes()]))
}

/// The hash of a link's six digits. The link's own token is part of it, so that a stolen table of hashes does not give the
/// digits away.
pub(crate) fn hash_code(link: &Digest, code: &str) -> Digest {
    Digest::of_parts(&[b"mingbai/link-code/v1\n", link.as_bytes(), code.as_bytes()])
}

/// Six digits from random bytes. The bias of the modulus is below 10^-13.
pub(crate) fn six_digits(bytes: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000)
}

/// The letters of a short code: no I, L, O, U, so that it survives being read aloud and typed (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Twelve letters from random bytes, 60 bits.
pub(crate) fn short_code(bytes: [u8; 12]) -> String {
    letters(&bytes)
}

/// A letter for each random byte, five bits each.
pub(crate) fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(LETTERS.get(usize::from(b % 32)).copied().unwrap_or(b'0'))).collect()
}

/// A short code as somebody typed it: spaces, hyphens and small letters do not matter, and the letters that look like digits
/// are taken for them.
#[must_use]
pub(crate) fn read_short_code(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    read_letters(text, 12)
}

/// So many letters of our alphabet, however they were typed.
#[must_use]
pub(crate) fn read_letters(text: &str, count: usize) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '\u{3000}'))
        .map(|c| match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect();
    let good = plain.len() == count && plain.bytes().all(|b| LETTERS.contains(&b));
    good.then_some(plain)
}

/// Base 32 of RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes in base 32 without padding, as authenticator apps and square codes take them.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(5) {
        let word =
            group.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte)) << (8 * (5 - group.len()));
        let letters = (group.len() * 8).div_ceil(5);
        for place in 0..letters {
            let at = usize::try_from((word >> (35 - 5 * place)) & 31).unwrap_or(0);
            text.push(BASE32.get(at).copied().map_or('A', char::from));
        }
    }
    text
}

/// In groups of four.
#[must_use]
pub(crate) fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// HMAC-SHA-256 (RFC 2104) of `message` under `key`, in hex.
pub(crate) fn hmac_hex(key: &[u8], message: &[&[u8]]) -> String {
    // A key of any length is accepted by HMAC; the error arm cannot be reached and must not sign anything.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    for part in message {
        mac.update(part);
    }
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_codes_survive_typing() {
        let code = short_code([0, 31, 64, 17, 1, 2, 3, 4, 5, 6, 7, 255]);
        assert_eq!(code.len(), 12);
        assert_eq!(read_short_code(&grouped(&code).to_lowercase()), Some(code.clone()));
        assert_eq!(read_short_code("0ILO-1234 5678").as_deref(), Some("011012345678"));
        assert_eq!(read_short_code("1234"), None);
        assert_eq!(read_short_code(&"1".repeat(100)), None);
    }

    #[test]
    fn hmac_is_the_published_one() {
        // RFC 4231, test case 2.
        let found = hmac_hex(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(found, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn codes_are_bound_to_their_link() {
        let (a, b) = (Digest::of(b"a"), Digest::of(b"b"));
        assert_ne!(hash_code(&a, "123456"), hash_code(&b, "123456"));
        assert_eq!(six_digits([0; 8]), "000000");
    }

    /// RFC 4648, section 10.
    #[test]
    fn base_32_is_that_of_the_standard() {
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
    }
}
