//! Who holds a signing key. The authority only ever asks for a signature; whether the key is in memory, in a file behind a
//! password or in a device behind PKCS#11 is the provider's affair.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

use crate::suite::{SM2_ID, Suite, sm2_der};
use crate::words::SignError;

/// Holds one key, of P-256 unless it says otherwise.
///
/// A provider promises: `public_key` always gives the same key as an uncompressed SEC 1 point (65 bytes beginning with 4);
/// `sign` gives the DER signature of its suite over exactly these bytes, or an error and no signature. Neither may block on a
/// person. The key never leaves.
pub trait KeyCustody {
    /// The algorithms that the key is for.
    fn suite(&self) -> Suite {
        Suite::P256
    }

    /// The public half.
    fn public_key(&self) -> [u8; 65];

    /// Signs the suite's digest of `bytes`.
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

/// An SM2 key in memory, for those who need no certified module (GM/T 0028). The arithmetic is that of the crate `sm2`, not audited.
pub struct Sm2SoftwareKey(sm2::dsa::SigningKey);

impl Sm2SoftwareKey {
    /// From 32 secret random bytes, which are the key.
    ///
    /// # Errors
    /// For the few values that are no key: draw again.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, SignError> {
        let why = || SignError::Custody { why: "these 32 bytes are no SM2 key; draw again".to_owned() };
        let secret = sm2::SecretKey::from_slice(secret).map_err(|_| why())?;
        sm2::dsa::SigningKey::new(SM2_ID, &secret).map(Sm2SoftwareKey).map_err(|_| why())
    }
}

impl KeyCustody for Sm2SoftwareKey {
    fn suite(&self) -> Suite {
        Suite::Sm2
    }

    fn public_key(&self) -> [u8; 65] {
        use sm2::elliptic_curve::sec1::ToSec1Point as _;
        let mut out = [0; 65];
        out.copy_from_slice(self.0.verifying_key().as_affine().to_sec1_point(false).as_bytes());
        out
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        use sm2::dsa::signature::Signer as _;
        let failed = || SignError::Custody { why: "the SM2 key gave no signature".to_owned() };
        let signature: sm2::dsa::Signature = self.0.try_sign(bytes).map_err(|_| failed())?;
        signature.to_bytes().as_slice().try_into().ok().as_ref().and_then(sm2_der).ok_or_else(failed)
    }
}

impl std::fmt::Debug for Sm2SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sm2SoftwareKey(secret)")
    }
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SoftwareKey(secret)")
    }
}
