//! The two families of algorithms that signatures here are made with: ECDSA on P-256 over SHA-256, which every PDF program checks, and
//! the national SM2 over SM3 (GB/T 32918, GB/T 32905), which hardly any does and some counterparties ask for.

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use sm3::Sm3;
use spki::SubjectPublicKeyInfoOwned;

use crate::ca::Broken;

/// The distinguishing id under which everybody signs who has not agreed on another one (GM/T 0009).
pub(crate) const SM2_ID: &str = "1234567812345678";
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Algorithms that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// ECDSA P-256 with SHA-256.
    P256,
    /// SM2 with SM3.
    Sm2,
}

impl Suite {
    /// Name of the signature algorithm.
    pub(crate) fn signature_oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Suite::P256 => "1.2.840.10045.4.3.2",
            Suite::Sm2 => "1.2.156.10197.1.501",
        })
    }

    /// Name of the digest.
    pub(crate) fn digest_oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Suite::P256 => "2.16.840.1.101.3.4.2.1",
            Suite::Sm2 => "1.2.156.10197.1.401",
        })
    }

    /// Name of the curve.
    pub(crate) fn curve_oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Suite::P256 => "1.2.840.10045.3.1.7",
            Suite::Sm2 => "1.2.156.10197.1.301",
        })
    }

    /// The digest of these pieces, one after the other.
    pub(crate) fn digest(self, pieces: &[&[u8]]) -> [u8; 32] {
        match self {
            Suite::P256 => {
                pieces.iter().fold(Sha256::new(), |hash, piece| hash.chain_update(piece)).finalize().into()
            }
            Suite::Sm2 => {
                pieces.iter().fold(Sm3::new(), |hash, piece| hash.chain_update(piece)).finalize().into()
            }
        }
    }

    /// What kind of key this is.
    pub(crate) fn of_key(key: &SubjectPublicKeyInfoOwned) -> Result<Suite, Broken> {
        let curve = key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
        let named = |suite: &Suite| key.algorithm.oid == EC_PUBLIC_KEY && curve == Some(suite.curve_oid());
        let known = [Suite::P256, Suite::Sm2].into_iter().find(named);
        known.ok_or(Broken::Unknown("its key is of another kind than P-256 and SM2"))
    }

    /// Whether these bytes are a point of the curve, as keys are written: 0x04, x, y.
    pub(crate) fn is_point(self, point: &[u8]) -> bool {
        match self {
            Suite::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Suite::Sm2 => sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_ID, point).is_ok(),
        }
    }

    /// Checks a signature in DER over these bytes.
    pub(crate) fn verify(self, point: &[u8], bytes: &[u8], signature_der: &[u8]) -> Result<(), Broken> {
        const POINT: Broken = Broken::Wrong("its key is no point of the curve");
        const FORM: Broken = Broken::Wrong("a signature is written wrongly");
        const UNFIT: Broken = Broken::Wrong("a signature does not fit its key");
        match self {
            Suite::P256 => {
                use p256::ecdsa::signature::Verifier as _;
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| POINT)?;
                let signature = p256::ecdsa::Signature::from_der(signature_der).map_err(|_| FORM)?;
                key.verify(bytes, &signature).map_err(|_| UNFIT)
            }
            Suite::Sm2 => {
                use sm2::dsa::signature::Verifier as _;
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_ID, point).map_err(|_| POINT)?;
                let raw = numbers(signature_der).ok_or(FORM)?;
                let signature = sm2::dsa::Signature::from_slice(&raw).map_err(|_| FORM)?;
                key.verify(bytes, &signature).map_err(|_| UNFIT)
            }
        }
    }
}

/// r and s out of DER, nothing else around them.
fn numbers(der: &[u8]) -> Option<[u8; 64]> {
    let two = <[UintRef<'_>; 2]>::from_der(der).ok()?;
    let mut fixed = [0; 64];
    for (number, place) in two.iter().zip(fixed.chunks_exact_mut(32)) {
        let start = place.len().checked_sub(number.as_bytes().len())?;
        place[start..].copy_from_slice(number.as_bytes());
    }
    Some(fixed)
}

/// 64 bytes r ‖ s as the SEQUENCE of two INTEGERs that CMS and X.509 want.
pub(crate) fn sm2_der(raw: &[u8; 64]) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at(32);
    [UintRef::new(r).ok()?, UintRef::new(s).ok()?].to_der().ok()
}
