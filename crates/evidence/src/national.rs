//! The second signature of a checkpoint, with the national algorithms SM2 and SM3 (GB/T 32918, GB/T 32905), for counterparties who
//! ask for it. It stands in a note of its own beside the first, so that nobody who does not know SM2 is disturbed by it. The
//! arithmetic is that of the crate `sm2` of RustCrypto: not audited and not a certified cryptographic module; whoever must use
//! one gives another [`Seal`].

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use der::asn1::UintRef;
use der::{Decode as _, Encode as _};
use sm2::dsa::signature::Verifier as _;
use sm2::dsa::{Signature, VerifyingKey};

use crate::digest::Digest;
use crate::note::{Checkpoint, KeyTextError, NoteError, SIGNATURE_MARK, SignedCheckpoint, name_is_valid};

/// The distinguishing id under which everybody signs who has not agreed on another one (GM/T 0009).
pub const SM2_ID: &str = "1234567812345678";
/// How the key's type is named in a signed note: 0xff and a name, as C2SP asks for types without a number of their own.
const KIND: &[u8] = b"\xffmingbai/sm2-sm3";
/// An uncompressed point.
const POINT: usize = 65;
/// SubjectPublicKeyInfo of an SM2 key up to the point: id-ecPublicKey, curve 1.2.156.10197.1.301.
const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81,
    0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
];

/// Someone who can sign with SM2 over SM3 under the id [`SM2_ID`], wherever the key lives: a file, a certified module, a service.
pub trait Seal {
    /// The name of the key; for a log, the origin of its checkpoints.
    fn name(&self) -> &str;
    /// The public key: 0x04, x, y.
    fn public_key(&self) -> [u8; POINT];
    /// The signature over `message`: r and s, 32 bytes each; `None` when the module refuses.
    fn sign(&self, message: &[u8]) -> Option<[u8; 64]>;
}

/// A named SM2 public key that can be written down and compared.
#[derive(Clone)]
pub struct Sm2Key {
    name: String,
    point: [u8; POINT],
    key: VerifyingKey,
}

impl PartialEq for Sm2Key {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.point) == (&other.name, other.point)
    }
}

impl Eq for Sm2Key {}

impl Sm2Key {
    /// The key `point` (0x04, x, y) under `name`.
    ///
    /// # Errors
    /// [`KeyTextError::Name`] or [`KeyTextError::Key`].
    pub fn new(name: &str, point: [u8; POINT]) -> Result<Self, KeyTextError> {
        if !name_is_valid(name) {
            return Err(KeyTextError::Name);
        }
        let key = VerifyingKey::from_sec1_bytes(SM2_ID, &point).map_err(|_| KeyTextError::Key)?;
        Ok(Sm2Key { name: name.to_owned(), point, key })
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short id that signature lines carry.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let digest = Digest::of_parts(&[self.name.as_bytes(), b"\n", KIND, &self.point]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        [a, b, c, d]
    }

    /// The key as `openssl pkeyutl -pubin` reads it.
    #[must_use]
    pub fn pem(&self) -> String {
        let base64 = BASE64.encode([SPKI.as_slice(), &self.point].concat());
        let (first, rest) = base64.split_at(64);
        format!("-----BEGIN PUBLIC KEY-----\n{first}\n{rest}\n-----END PUBLIC KEY-----\n")
    }

    /// Whether `signature` (DER, as everybody exchanges them) is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        numbers(signature).is_some_and(|signature| {
            Signature::from_slice(&signature).is_ok_and(|s| self.key.verify(message, &s).is_ok())
        })
    }
}

/// r and s out of DER, nothing else around them.
fn numbers(der: &[u8]) -> Option<[u8; 64]> {
    let two: [UintRef<'_>; 2] = <[UintRef<'_>; 2]>::from_der(der).ok()?;
    let mut fixed = [0; 64];
    for (number, place) in two.iter().zip(fixed.chunks_exact_mut(32)) {
        let bytes = number.as_bytes();
        let start = place.len().checked_sub(bytes.len())?;
        place[start..].copy_from_slice(bytes);
    }
    Some(fixed)
}

fn der(signature: &[u8; 64]) -> Option<Vec<u8>> {
    let (r, s) = signature.split_at(32);
    [UintRef::new(r).ok()?, UintRef::new(s).ok()?].to_der().ok()
}

/// The checkpoint with the second signature, as a note of its own.
///
/// # Errors
/// [`NoteError::SignerKey`]; [`NoteError::BadSignature`] when the seal refuses or its signature does not verify under its own
/// key: such a note must not leave the house.
pub fn sign(checkpoint: &Checkpoint, seal: &(impl Seal + ?Sized)) -> Result<String, NoteError> {
    let key = Sm2Key::new(seal.name(), seal.public_key()).map_err(NoteError::SignerKey)?;
    let body = checkpoint.body();
    let signature = seal.sign(body.as_bytes()).as_ref().and_then(der);
    let signature = signature.filter(|signature| key.verifies(body.as_bytes(), signature));
    let signature = signature.ok_or_else(|| NoteError::BadSignature { name: key.name().to_owned() })?;
    let blob = [key.id().as_slice(), &signature].concat();
    Ok(format!("{body}\n{SIGNATURE_MARK}{} {}\n", key.name(), BASE64.encode(blob)))
}

/// Whether one of `keys` signed the note, and which.
///
/// # Errors
/// [`NoteError::BadSignature`] when a line that claims to be by one of `keys` does not verify, [`NoteError::UnknownSigner`] when
/// none claims so.
pub fn verify<'k>(note: &SignedCheckpoint, keys: &'k [Sm2Key]) -> Result<&'k Sm2Key, NoteError> {
    let mut signer = None;
    for line in note.signatures() {
        for key in keys.iter().filter(|key| key.name() == line.name() && key.id() == line.id()) {
            if !key.verifies(note.body().as_bytes(), line.signature()) {
                return Err(NoteError::BadSignature { name: line.name().to_owned() });
            }
            signer.get_or_insert(key);
        }
    }
    signer.ok_or(NoteError::UnknownSigner)
}

impl fmt::Display for Sm2Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [KIND, self.point.as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), BASE64.encode(blob))
    }
}

impl fmt::Debug for Sm2Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm2Key({self})")
    }
}

impl FromStr for Sm2Key {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(blob)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyTextError::Form);
        };
        let blob = BASE64.decode(blob).map_err(|_| KeyTextError::Form)?;
        let point =
            blob.strip_prefix(KIND).and_then(|point| point.try_into().ok()).ok_or(KeyTextError::Form)?;
        let key = Sm2Key::new(name, point)?;
        if hex::encode(key.id()) == id { Ok(key) } else { Err(KeyTextError::Id) }
    }
}
