//! A public key as text: the C2SP verifier key `name+hash+base64`, which a lender publishes and a verifier pins.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use ed25519_dalek::{Signature, VerifyingKey};

use super::{BASE64, ED25519};
use crate::digest::Digest;
use crate::text::Bilingual;

/// The most bytes a key's name may have.
const NAME_LIMIT: usize = 200;

/// A named Ed25519 public key that can be written down and compared.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKeyText {
    name: String,
    key: VerifyingKey,
}

impl VerifyingKeyText {
    /// The key `public_key` under `name`.
    ///
    /// # Errors
    /// [`KeyTextError::Name`] or [`KeyTextError::Key`] (not a point of the curve, or one of small order, with which
    /// one signature would fit many messages).
    pub fn new(name: &str, public_key: [u8; 32]) -> Result<Self, KeyTextError> {
        if !name_is_valid(name) {
            return Err(KeyTextError::Name);
        }
        let key = VerifyingKey::from_bytes(&public_key).map_err(|_| KeyTextError::Key)?;
        if key.is_weak() {
            return Err(KeyTextError::Key);
        }
        Ok(VerifyingKeyText { name: name.to_owned(), key })
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The short id that signature lines carry: the first 4 bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = *self.fingerprint().as_bytes();
        [a, b, c, d]
    }

    /// The whole hash of which [`Self::id`] is the beginning: what people compare with a published one.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        Digest::of_parts(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()])
    }

    /// The fingerprint in groups of four hex digits, for reading aloud or comparing with paper.
    #[must_use]
    pub fn fingerprint_text(&self) -> String {
        let hex = self.fingerprint().to_string();
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join(" ")
    }

    /// Whether `signature` is this key's signature over `message`, by the strict rules.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|s| self.key.verify_strict(message, &s).is_ok())
    }
}

impl fmt::Display for VerifyingKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), BASE64.encode(blob))
    }
}

impl fmt::Debug for VerifyingKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKeyText({self})")
    }
}

impl FromStr for VerifyingKeyText {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The base64 part may itself contain `+`, the name may not.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(blob)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyTextError::Form);
        };
        let blob = BASE64.decode(blob).map_err(|_| KeyTextError::Form)?;
        let Some((&ED25519, key)) = blob.split_first() else { return Err(KeyTextError::Form) };
        let key = VerifyingKeyText::new(name, key.try_into().map_err(|_| KeyTextError::Form)?)?;
        if hex::encode(key.id()) == id { Ok(key) } else { Err(KeyTextError::Id) }
    }
}

/// Whether a key or an origin may have this name.
pub(crate) fn name_is_valid(name: &str) -> bool {
    let bad = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    !name.is_empty() && name.len() <= NAME_LIMIT && !name.chars().any(bad)
}

/// Why a text is not a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Not of the form `name+hash+base64`.
    #[error("a public key is written as name+hash+base64 and this is not; copy it again as one line")]
    Form,
    /// The name is empty, too long or has white space or `+`.
    #[error("the name of a key has 1 to 200 bytes without white space and `+`; correct the name")]
    Name,
    /// The key id does not belong to name and key.
    #[error("the hash in the public key does not belong to its name and key; it was mistyped, copy it again")]
    Id,
    /// The bytes are not a usable Ed25519 public key.
    #[error("the bytes are not a usable Ed25519 public key; ask the lender for the published one")]
    Key,
}

impl Bilingual for KeyTextError {
    fn zh(&self) -> String {
        let text = match self {
            Self::Form => "公钥应写成“名称+校验+base64”一行,这里不是;请整行重新复制。",
            Self::Name => "密钥名称应为 1 至 200 字节,不含空白和加号;请更正。",
            Self::Id => "公钥中的校验码与名称、密钥不符,可能抄错了;请重新复制。",
            Self::Key => "这不是可用的 Ed25519 公钥;请向贷款机构索取其公布的公钥。",
        };
        text.to_owned()
    }

    fn en(&self) -> String {
        self.to_string()
    }
}
