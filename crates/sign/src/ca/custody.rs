//! Who holds a signing key. The authority only ever asks for a signature; whether the key is in memory, in a file behind a
//! password or in a device behind PKCS#11 is the provider's affair.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

use crate::words::SignError;

/// Holds one ECDSA P-256 key.
///
/// A provider promises: `public_key` always gives the same key as an uncompressed SEC 1 point (65 bytes beginning with 4);
/// `sign` gives the DER signature over SHA-256 of exactly these bytes, or an error and no signature. Neither may block on a
/// person. The key never leaves.
pub trait KeyCustody {
    /// The public half.
    fn public_key(&self) -> [u8; 65];

    /// Signs SHA-256 of `bytes`.
    ///
    /// # Errors
    /// [`SignError::Custody`] with the provider's reason.
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// A key in memory, wiped when dropped.
pub struct SoftwareKey(SigningKey);

impl SoftwareKey {
    /// From 32 secret random bytes, which are the key.
    ///
    /// # Errors
    /// For the few values that are no key (zero, and those above the group's order): draw again.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, SignError> {
        SigningKey::from_slice(secret)
            .map(SoftwareKey)
            .map_err(|_| SignError::Custody { why: "these 32 bytes are no P-256 key; draw again".to_owned() })
    }
}

impl KeyCustody for SoftwareKey {
    fn public_key(&self) -> [u8; 65] {
        let point = self.0.verifying_key().to_sec1_point(false);
        let mut out = [0; 65];
        out.copy_from_slice(point.as_bytes());
        out
    }

    /// Deterministic (RFC 6979): no randomness that could repeat and give the key away.
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature: Signature = self.0.sign(bytes);
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SoftwareKey(secret)")
    }
}
