//! Public keys of passkeys: read from the authenticator's COSE form (RFC 9052), kept as SubjectPublicKeyInfo, which every other
//! program can read. COSE is not parsed: authenticators write it in one canonical way (CTAP 2, section 8), so each kind of key
//! has one fixed frame, and bytes that do not fit a frame are no key.

use p256::ecdsa::signature::Verifier as _;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use sha2::{Digest as _, Sha256};

/// ES256: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
const COSE_P256: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
const COSE_P256_Y: [u8; 3] = [0x22, 0x58, 0x20];
/// EdDSA: {1: 1, 3: -8, -1: 6, -2: x}.
const COSE_ED25519: [u8; 10] = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
/// RS256 with 2048 bits: {1: 3, 3: -257, -1: n, -2: 65537}.
const COSE_RSA: [u8; 11] = [0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00];
const COSE_RSA_E: [u8; 5] = [0x21, 0x43, 0x01, 0x00, 0x01];
const RSA_BYTES: usize = 256;

/// SubjectPublicKeyInfo up to the key itself.
const SPKI_P256: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
const SPKI_ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const SPKI_RSA: [u8; 33] = [
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
    0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00,
];
const SPKI_RSA_E: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// The public key of a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyKey(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// x and y.
    P256([u8; 64]),
    Ed25519([u8; 32]),
    /// The modulus; the exponent is 65537.
    Rsa(Box<[u8; RSA_BYTES]>),
}

impl PasskeyKey {
    /// From the authenticator's own form. What follows the key (extensions) is not looked at.
    #[must_use]
    pub fn from_cose(bytes: &[u8]) -> Option<Self> {
        if let Some(rest) = bytes.strip_prefix(&COSE_P256) {
            let (x, rest) = rest.split_first_chunk::<32>()?;
            let (y, _) = rest.strip_prefix(&COSE_P256_Y)?.split_first_chunk::<32>()?;
            return PasskeyKey::p256([*x, *y].concat().try_into().ok()?);
        }
        if let Some(rest) = bytes.strip_prefix(&COSE_ED25519) {
            return PasskeyKey::ed25519(*rest.first_chunk()?);
        }
        let (n, rest) = bytes.strip_prefix(&COSE_RSA)?.split_first_chunk::<RSA_BYTES>()?;
        rest.starts_with(&COSE_RSA_E).then_some(n).and_then(PasskeyKey::rsa)
    }

    /// From SubjectPublicKeyInfo as [`PasskeyKey::spki`] writes it.
    #[must_use]
    pub fn from_spki(bytes: &[u8]) -> Option<Self> {
        if let Some(point) = bytes.strip_prefix(&SPKI_P256) {
            return PasskeyKey::p256(point.try_into().ok()?);
        }
        if let Some(key) = bytes.strip_prefix(&SPKI_ED25519) {
            return PasskeyKey::ed25519(key.try_into().ok()?);
        }
        let (n, rest) = bytes.strip_prefix(&SPKI_RSA)?.split_first_chunk::<RSA_BYTES>()?;
        (rest == SPKI_RSA_E).then_some(n).and_then(PasskeyKey::rsa)
    }

    /// As SubjectPublicKeyInfo in DER (RFC 5280), the form in which it is kept and put into evidence.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        match &self.0 {
            Kind::P256(point) => [SPKI_P256.as_slice(), point].concat(),
            Kind::Ed25519(key) => [SPKI_ED25519.as_slice(), key].concat(),
            Kind::Rsa(n) => [SPKI_RSA.as_slice(), n.as_slice(), &SPKI_RSA_E].concat(),
        }
    }

    fn p256(point: [u8; 64]) -> Option<Self> {
        // A point that is not on the curve is no key: said when it is read, not when somebody wants to come in with it.
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed(&point)).ok()?;
        Some(PasskeyKey(Kind::P256(point)))
    }

    fn ed25519(key: [u8; 32]) -> Option<Self> {
        ed25519_dalek::VerifyingKey::from_bytes(&key).ok()?;
        Some(PasskeyKey(Kind::Ed25519(key)))
    }

    fn rsa(n: &[u8; RSA_BYTES]) -> Option<Self> {
        // Shorter numbers would be written in another way, and are too short.
        n.first().is_some_and(|byte| byte & 0x80 != 0).then(|| PasskeyKey(Kind::Rsa(Box::new(*n))))
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Kind::P256(point) => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed(point));
                let signature = p256::ecdsa::Signature::from_der(signature);
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
            }
            Kind::Ed25519(key) => {
                let key = ed25519_dalek::VerifyingKey::from_bytes(key);
                let signature = ed25519_dalek::Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(s)) if key.verify_strict(message, &s).is_ok())
            }
            Kind::Rsa(n) => {
                let key = BoxedUint::from_be_slice(n.as_slice(), 2048)
                    .ok()
                    .and_then(|n| PublicKey::new(n, BoxedUint::from_be_slice(&[1, 0, 1], 64).ok()?).ok());
                let padding = Pkcs1v15Sign::new::<Sha256>();
                key.is_some_and(|key| key.verify(padding, &Sha256::digest(message), signature).is_ok())
            }
        }
    }
}

fn uncompressed(point: &[u8; 64]) -> [u8; 65] {
    let mut bytes = [4; 65];
    bytes[1..].copy_from_slice(point);
    bytes
}
