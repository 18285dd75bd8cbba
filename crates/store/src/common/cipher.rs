//! The ciphers of the vault: each person's values under her own key (AES-256-GCM), the key wrapped by the master key. Knows
//! bytes only, no database.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use mingbai_desk::ports::KeepError;
use mingbai_evidence::seal::Commitment;
use uuid::Uuid;
use zeroize::{Zeroize as _, Zeroizing};

use crate::keyring::PersonKey;

/// Bytes of a nonce.
pub(crate) const NONCE: usize = NONCE_LEN;

/// The key that wraps the keys of persons, 32 bytes. Zeroed when it is dropped.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes the key over.
    #[must_use]
    pub fn new(mut bytes: [u8; 32]) -> Self {
        let key = MasterKey(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }

    /// A person's key, wrapped.
    pub(crate) fn wrap_here(
        &self,
        subject: Uuid,
        nonce: [u8; NONCE],
        key: &[u8],
    ) -> Result<Vec<u8>, KeepError> {
        encrypt(self.0.as_slice(), nonce, &key_aad(subject), key).ok_or_else(|| broken("a person's key"))
    }

    /// A person's key, opened.
    pub(crate) fn unwrap_here(&self, subject: Uuid, wrapped: &[u8]) -> Result<PersonKey, KeepError> {
        let damaged = || KeepError::Damaged { what: format!("the key of subject {subject}") };
        let key = decrypt(self.0.as_slice(), &key_aad(subject), wrapped).ok_or_else(damaged)?;
        Ok(Zeroizing::new(<[u8; 32]>::try_from(key.as_slice()).map_err(|_| damaged())?))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// A value under its person's key.
pub(crate) fn seal_value(
    key: &[u8],
    nonce: [u8; NONCE],
    (subject, commitment, label): (Uuid, &Commitment, &str),
    plain: &[u8],
) -> Result<Vec<u8>, KeepError> {
    encrypt(key, nonce, &value_aad(subject, commitment, label), plain).ok_or_else(|| broken("a value"))
}

/// The value again, or nothing if anything about it is another one.
pub(crate) fn open_value(
    key: &[u8],
    (subject, commitment, label): (Uuid, &Commitment, &str),
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    decrypt(key, &value_aad(subject, commitment, label), sealed)
}

fn broken(what: &str) -> KeepError {
    KeepError::Io(format!("the cipher failed on {what}"))
}

fn key_of(bytes: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new)
}

/// nonce ‖ ciphertext ‖ tag.
fn encrypt(key: &[u8], nonce: [u8; NONCE_LEN], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let mut out = nonce.to_vec();
    let mut body = plain.to_vec();
    key_of(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .ok()?;
    out.append(&mut body);
    Some(out)
}

fn decrypt(key: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut body = Zeroizing::new(body.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key_of(key)?.open_in_place(nonce, Aad::from(aad), &mut body).ok()?.len();
    body.truncate(length);
    Some(body)
}

/// What a person's wrapped key is bound to.
fn key_aad(subject: Uuid) -> Vec<u8> {
    [b"mingbai/vault-key/v1\n".as_slice(), subject.as_bytes()].concat()
}

/// What a value is bound to: person, commitment and label, so that no value can be moved to another place.
fn value_aad(subject: Uuid, commitment: &Commitment, label: &str) -> Vec<u8> {
    let commitment = commitment.digest();
    [b"mingbai/vault-value/v1\n".as_slice(), subject.as_bytes(), commitment.as_bytes(), label.as_bytes()]
        .concat()
}
