//! Salted commitments (law 6): evidence names a personal value without containing it. The value and its salt sit in a
//! vault; without the salt nobody can find the value by trying, and destroying both breaks no proof.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq as _;

use crate::digest::{Digest, DigestTextError};

/// What separates these hashes from every other use of SHA-256 in this system.
const DOMAIN: &[u8] = b"mingbai/evidence/seal/v1\0";

/// 32 random bytes that belong to one value. Whoever makes it takes them from a cryptographic source, never twice.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// A salt from 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Salt(bytes)
    }

    /// The bytes, for the vault and for a disclosure that the holder chose to make.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A salt in a log file would open the commitment to guessing.
        f.write_str("Salt(…)")
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Digest::new(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Digest::deserialize(deserializer).map(|digest| Salt(*digest.as_bytes()))
    }
}

/// What a record carries instead of a personal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(Digest);

impl Commitment {
    /// A commitment that was made earlier and stored.
    #[must_use]
    pub const fn from_digest(digest: Digest) -> Self {
        Commitment(digest)
    }

    /// Its digest.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.0
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Commitment {
    type Err = DigestTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Commitment)
    }
}

/// Commits to `value` under `label` (which says what the value is, such as `borrower.name`):
/// SHA-256(domain ‖ length of label as 8 bytes big-endian ‖ label ‖ salt ‖ value).
#[must_use]
pub fn commit(label: &str, value: &[u8], salt: &Salt) -> Commitment {
    let length = (label.len() as u64).to_be_bytes();
    Commitment(Digest::of_parts(&[DOMAIN, &length, label.as_bytes(), &salt.0, value]))
}

/// Whether `label`, `value` and `salt` open `commitment`. Takes the same time whether they do or not.
#[must_use]
pub fn opens(commitment: &Commitment, label: &str, value: &[u8], salt: &Salt) -> bool {
    let made = commit(label, value, salt);
    made.0.as_bytes().ct_eq(commitment.0.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_with_exactly_what_was_committed() {
        let salt = Salt::new([7; 32]);
        let made = commit("borrower.name", "张三".as_bytes(), &salt);
        assert!(opens(&made, "borrower.name", "张三".as_bytes(), &salt));
        assert!(!opens(&made, "borrower.name", "李四".as_bytes(), &salt));
        assert!(!opens(&made, "borrower.phone", "张三".as_bytes(), &salt));
        assert!(!opens(&made, "borrower.name", "张三".as_bytes(), &Salt::new([8; 32])));
    }

    #[test]
    fn moving_bytes_between_label_and_value_changes_the_commitment() {
        let salt = Salt::new([0; 32]);
        assert_ne!(commit("ab", b"c", &salt), commit("a", b"bc", &salt));
    }

    #[test]
    fn the_formula_is_the_written_one() {
        let bytes = [DOMAIN, &[0, 0, 0, 0, 0, 0, 0, 1], b"l", &[9; 32], b"v"].concat();
        assert_eq!(commit("l", b"v", &Salt::new([9; 32])).digest(), Digest::of(&bytes));
    }

    #[test]
    fn a_salt_does_not_show_itself() {
        assert_eq!(format!("{:?}", Salt::new([1; 32])), "Salt(…)");
    }
}
