//! A SHA-256 digest and its one textual form. Knows nothing about what was hashed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::text::Bilingual;

/// A SHA-256 digest (FIPS 180-4), 32 bytes. Its text is exactly 64 lower-case hex digits, so that one digest has one
/// spelling in records, file names and pages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// SHA-256 of `bytes`, without any prefix. This is what `sha256sum` prints.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// SHA-256 over the concatenation of `parts`, without separators: the caller makes the parts unambiguous.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Digest(hasher.finalize().into())
    }

    /// A digest that was computed elsewhere, for instance read from a column.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Digest(bytes)
    }

    /// A digest from a slice that must be 32 bytes long, such as a database value.
    ///
    /// # Errors
    /// [`DigestTextError::Length`] when it is not.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DigestTextError> {
        let bytes = bytes.try_into().map_err(|_| DigestTextError::Length { found: bytes.len() * 2 })?;
        Ok(Digest(bytes))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = DigestTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 64 {
            return Err(DigestTextError::Length { found: text.len() });
        }
        if !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(DigestTextError::Character);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| DigestTextError::Character)?;
        Ok(Digest(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a text is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestTextError {
    /// It has the wrong number of characters.
    #[error("a SHA-256 digest has 64 hex digits and this one has {found}; copy it again in full")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// It contains something other than `0-9` and `a-f`.
    #[error("a SHA-256 digest has only the characters 0-9 and a-f (lower case); copy it again")]
    Character,
}

impl Bilingual for DigestTextError {
    fn zh(&self) -> String {
        match self {
            Self::Length { found } => {
                format!("SHA-256 摘要应为 64 位十六进制字符,这里是 {found} 位;请完整地重新复制。")
            }
            Self::Character => "SHA-256 摘要只含 0-9 和小写 a-f;请重新复制。".to_owned(),
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_the_fips_example() {
        let digest = Digest::of(b"abc").to_string();
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(Digest::of_parts(&[b"a", b"bc"]).to_string(), digest);
    }

    #[test]
    fn one_digest_has_one_spelling() {
        let text = Digest::of(b"abc").to_string();
        assert_eq!(text.parse::<Digest>(), Ok(Digest::of(b"abc")));
        assert_eq!(text.to_uppercase().parse::<Digest>(), Err(DigestTextError::Character));
        assert_eq!(text[1..].parse::<Digest>(), Err(DigestTextError::Length { found: 63 }));
    }
}
