//! The signatures that time-stamping authorities use: RSA PKCS#1 v1.5 with 2048 to 4096 bits, ECDSA on P-256 and P-384, each
//! over SHA-256, 384 or 512. Everything else is "not known", never "wrong".

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode as _, Tag};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::StampError;
use super::asn1::one;

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// Sizes of RSA keys, in bits. Below is breakable; above, nobody issues time stamps and every check would cost more.
const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=4096;

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of this algorithm identifier. Its parameters are absent or NULL.
    pub fn of(algorithm: &AlgorithmIdentifierOwned) -> Result<Self, StampError> {
        no_parameters(algorithm)?;
        match algorithm.oid {
            SHA_256 => Ok(Hash::Sha256),
            SHA_384 => Ok(Hash::Sha384),
            SHA_512 => Ok(Hash::Sha512),
            oid => Err(unsupported("digest", &oid)),
        }
    }

    /// The digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(bytes).to_vec(),
            Hash::Sha384 => Sha384::digest(bytes).to_vec(),
            Hash::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// The algorithm identifier of SHA-256, as a request carries it.
pub(super) fn sha_256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: SHA_256, parameters: Some(der::Any::null()) }
}

fn unsupported(kind: &str, oid: &ObjectIdentifier) -> StampError {
    StampError::Unsupported { what: format!("{kind} {oid}") }
}

fn no_parameters(algorithm: &AlgorithmIdentifierOwned) -> Result<(), StampError> {
    match &algorithm.parameters {
        Some(parameters) if !parameters.is_null() => Err(StampError::Malformed {
            what: "algorithm",
            why: "it has parameters that it must not have".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Which family a signature algorithm belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Rsa,
    Ec,
}

/// Family and hash of a signature algorithm. Plain `rsaEncryption` (and `id-ecPublicKey`), which CMS allows, say nothing about
/// the hash; then it is the one that stands beside it.
fn scheme(algorithm: &AlgorithmIdentifierOwned, beside: Option<Hash>) -> Result<(Family, Hash), StampError> {
    no_parameters(algorithm)?;
    let (family, hash) = match algorithm.oid {
        RSA_SHA_256 => (Family::Rsa, Some(Hash::Sha256)),
        RSA_SHA_384 => (Family::Rsa, Some(Hash::Sha384)),
        RSA_SHA_512 => (Family::Rsa, Some(Hash::Sha512)),
        ECDSA_SHA_256 => (Family::Ec, Some(Hash::Sha256)),
        ECDSA_SHA_384 => (Family::Ec, Some(Hash::Sha384)),
        ECDSA_SHA_512 => (Family::Ec, Some(Hash::Sha512)),
        RSA => (Family::Rsa, None),
        oid => return Err(unsupported("signature algorithm", &oid)),
    };
    match (hash, beside) {
        (Some(hash), Some(beside)) if hash != beside => Err(StampError::Malformed {
            what: "signature algorithm",
            why: "it names another digest than the one beside it".to_owned(),
        }),
        (Some(hash), _) | (None, Some(hash)) => Ok((family, hash)),
        (None, None) => Err(unsupported("signature algorithm", &RSA)),
    }
}

/// Checks `signature` over `message` under `key`.
///
/// # Errors
/// [`StampError::Signature`] when it does not verify; [`StampError::Unsupported`] or [`StampError::Malformed`].
pub(super) fn check(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    beside: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), StampError> {
    let (family, hash) = scheme(algorithm, beside)?;
    let digest = hash.digest(message);
    let bits = key.subject_public_key.as_bytes().ok_or_else(|| broken_key("bits left over"))?;
    match (key.algorithm.oid, family) {
        (RSA, Family::Rsa) => rsa(bits, hash, &digest, signature),
        (EC, Family::Ec) => ecdsa(key, bits, &digest, signature),
        (RSA | EC, _) => Err(StampError::Malformed {
            what: "signature algorithm",
            why: "it does not fit the key".to_owned(),
        }),
        (oid, _) => Err(unsupported("key", &oid)),
    }
}

fn broken_key(why: &str) -> StampError {
    StampError::Malformed { what: "public key", why: why.to_owned() }
}

/// Two unsigned integers in a sequence: an RSA key, or an ECDSA signature. Big-endian, without leading zeros.
fn two_numbers<'a>(bytes: &'a [u8], what: &'static str) -> Result<(&'a [u8], &'a [u8]), StampError> {
    let parts = one(bytes, what)?.inside(Tag::Sequence, what)?;
    match parts.as_slice() {
        [a, b] => Ok((a.read::<UintRef<'_>>(what)?.as_bytes(), b.read::<UintRef<'_>>(what)?.as_bytes())),
        _ => Err(super::asn1::wrong_tag(what)),
    }
}

fn rsa(bits: &[u8], hash: Hash, digest: &[u8], signature: &[u8]) -> Result<(), StampError> {
    let (n, e) = two_numbers(bits, "public key")?;
    let size = bit_length(n);
    if !RSA_BITS.contains(&size) || e.len() > 4 {
        return Err(StampError::Unsupported { what: format!("RSA with {size} bits") });
    }
    let number = |bytes: &[u8], bits| {
        BoxedUint::from_be_slice(bytes, bits).map_err(|_| broken_key("a number that is too large"))
    };
    let room = size.next_multiple_of(64);
    let key = PublicKey::new(number(n, room)?, number(e, 64)?).map_err(|e| broken_key(&e.to_string()))?;
    let padding = match hash {
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    };
    key.verify(padding, digest, signature).map_err(|_| StampError::Signature)
}

fn bit_length(number: &[u8]) -> u32 {
    let zeros = number.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(number.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(zeros)
}

fn ecdsa(
    key: &SubjectPublicKeyInfoOwned,
    bits: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), StampError> {
    let curve = key.algorithm.parameters.as_ref().ok_or_else(|| broken_key("no curve"))?;
    let curve: ObjectIdentifier = curve.decode_as().map_err(|_| broken_key("no named curve"))?;
    let (r, s) = two_numbers(signature, "signature").map_err(|_| StampError::Signature)?;
    match curve {
        P_256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(bits)
                .map_err(|_| broken_key("not a point of the curve"))?;
            let (r, s) = (fixed::<32>(r)?, fixed::<32>(s)?);
            let signature = p256::ecdsa::Signature::from_scalars(r, s).map_err(|_| StampError::Signature)?;
            key.verify_prehash(digest, &signature).map_err(|_| StampError::Signature)
        }
        P_384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(bits)
                .map_err(|_| broken_key("not a point of the curve"))?;
            let (r, s) = (fixed::<48>(r)?, fixed::<48>(s)?);
            let signature = p384::ecdsa::Signature::from_scalars(r, s).map_err(|_| StampError::Signature)?;
            key.verify_prehash(digest, &signature).map_err(|_| StampError::Signature)
        }
        oid => Err(unsupported("curve", &oid)),
    }
}

/// A number as `N` big-endian bytes.
fn fixed<const N: usize>(number: &[u8]) -> Result<[u8; N], StampError> {
    let mut bytes = [0; N];
    let start = N.checked_sub(number.len()).ok_or(StampError::Signature)?;
    bytes[start..].copy_from_slice(number);
    Ok(bytes)
}

/// The object identifier inside `bytes`, for parts that are not worth a type.
pub(super) fn oid(bytes: &[u8], what: &'static str) -> Result<ObjectIdentifier, StampError> {
    ObjectIdentifier::from_der(bytes).map_err(|e| super::asn1::malformed(what, &e))
}
