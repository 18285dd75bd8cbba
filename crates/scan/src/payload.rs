//! What the square code on a paper says: the address with its short code and 160 bits of a digest behind it, in upper case, which
//! needs fewer and larger squares. Papers of an older form carry the address alone.

use serde::Serialize;

use crate::words::Words;

/// Bytes of a digest that fit into a code: 160 bits.
pub const DIGEST_BYTES: usize = 20;
/// Characters of a short code.
const SHORT_CODE: usize = 12;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The address in a paper's code, taken apart. Whether the host is ours is for the caller to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperCode {
    /// Host in lower case.
    pub host: String,
    /// Short code in upper case, without separators.
    pub short_code: String,
    /// First 160 bits of the SHA-256 that the paper binds itself to; papers of the older form carry none.
    pub digest: Option<[u8; DIGEST_BYTES]>,
}

impl PaperCode {
    /// Reads `https://HOST/c/CODE` or `HTTPS://HOST/C/CODE/DIGEST`, in any case.
    ///
    /// # Errors
    /// The sentence for the person who scanned something else.
    pub fn read(text: &str) -> Result<PaperCode, Words> {
        let foreign = || {
            Words::new(
                "二维码不是本机构纸质文件上的码。请确认拍的是要交回的那一页,不要扫描别处的码。",
                "The code is not one that our papers carry. Make sure that this is the page to hand in; do not scan a code from elsewhere.",
            )
        };
        let upper = text.trim().to_ascii_uppercase();
        let rest = upper.strip_prefix("HTTPS://").or_else(|| upper.strip_prefix("HTTP://"));
        let mut parts = rest.ok_or_else(foreign)?.split('/');
        let host = parts.next().filter(|h| is_host(h)).ok_or_else(foreign)?;
        let folders: Vec<&str> = parts.collect();
        let at = folders.iter().rposition(|part| matches!(*part, "C" | "V")).ok_or_else(foreign)?;
        let code = folders.get(at + 1).map(|code| code.replace('-', "")).unwrap_or_default();
        if code.len() != SHORT_CODE || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(foreign());
        }
        let digest = match folders.get(at + 2..).unwrap_or_default() {
            [] => None,
            [digest] => Some(from_base32(digest).ok_or_else(foreign)?),
            _ => return Err(foreign()),
        };
        Ok(PaperCode { host: host.to_ascii_lowercase(), short_code: code, digest })
    }

    /// The upper-case form: 32 characters of Base32 behind the code, alphanumeric for the QR encoder. Hosts of up to 34 characters fit
    /// into version 4 at level M, of up to 66 into version 5.
    #[must_use]
    pub fn upper_case(host: &str, short_code: &str, digest: &[u8; DIGEST_BYTES]) -> String {
        format!("HTTPS://{}/C/{short_code}/{}", host, to_base32(digest)).to_ascii_uppercase()
    }
}

fn is_host(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    !text.is_empty() && text.len() <= 80 && text.bytes().all(plain)
}

/// RFC 4648, without padding: 20 bytes are exactly 32 characters.
#[must_use]
pub fn to_base32(digest: &[u8; DIGEST_BYTES]) -> String {
    let mut text = String::with_capacity(32);
    for five in digest.chunks_exact(5) {
        let bits = five.iter().fold(0u64, |bits, b| bits << 8 | u64::from(*b));
        text.extend((0..8).rev().map(|i| char::from(BASE32[(bits >> (5 * i) & 31) as usize])));
    }
    text
}

fn from_base32(text: &str) -> Option<[u8; DIGEST_BYTES]> {
    let mut digest = [0; DIGEST_BYTES];
    if text.len() != 32 {
        return None;
    }
    for (chunk, five) in text.as_bytes().chunks_exact(8).zip(digest.chunks_exact_mut(5)) {
        let mut bits = 0u64;
        for b in chunk {
            bits = bits << 5 | BASE32.iter().position(|c| c == b)? as u64;
        }
        five.copy_from_slice(&bits.to_be_bytes()[3..]);
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_nothing_else() {
        let old = PaperCode::read("https://mingbai.example/c/k7qx2m9d4t3w");
        assert!(old.is_ok_and(|c| c.short_code == "K7QX2M9D4T3W"
            && c.host == "mingbai.example"
            && c.digest.is_none()));
        let digest = [7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 255];
        let text = PaperCode::upper_case("mingbai.example", "K7QX2M9D4T3W", &digest);
        assert_eq!(text.len(), 8 + 15 + 3 + 12 + 1 + 32);
        assert!(PaperCode::read(&text).is_ok_and(|c| c.digest == Some(digest)));
        for foreign in [
            "",
            "WIFI:S:x;;",
            "https://",
            "https://shop.example/",
            "https://pay.example/c/",
            "https://m.example/c/K7QX2M9D4T3W/short",
            "https://m.example/c/K7QX2M9D4T3W/MZXW6YTBOI2DKNRXHA4TQMJSGM2DKNR1",
            "https://m.example/c/K7QX2M9D4T3W/MZXW6YTBOI2DKNRXHA4TQMJSGM2DKNRX/2/3",
            "https://m.exa mple/c/K7QX2M9D4T3W",
            "https://m.example/c/K7QX2M9D",
        ] {
            assert!(PaperCode::read(foreign).is_err(), "{foreign}");
        }
    }
}
