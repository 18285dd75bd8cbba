//! Cosignatures (C2SP tlog-cosignature, `cosignature/v1`): a witness says when it saw a checkpoint and that the log had only grown
//! until then. Holds no private key and no clock.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;

use super::{
    BASE64, KeyTextError, NoteError, NoteSigner, SIGNATURE_MARK, SignatureLine, SignedCheckpoint,
    VerifyingKeyText,
};
use crate::digest::Digest;

/// Type byte of Ed25519 cosignatures in signed notes.
const COSIGNATURE: u8 = 0x04;
/// Bytes of a cosignature after the key id: a time of 8 and a signature of 64.
const BLOB: usize = 72;

/// A witness's public key, written `name+hash+base64` with type 0x04, so that it can never be taken for a log's key.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey(VerifyingKeyText);

impl WitnessKey {
    /// The key `public_key` under `name`.
    ///
    /// # Errors
    /// As [`VerifyingKeyText::new`].
    pub fn new(name: &str, public_key: [u8; 32]) -> Result<Self, KeyTextError> {
        VerifyingKeyText::new(name, public_key).map(WitnessKey)
    }

    /// The name of the witness.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The short id that its signature lines carry.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash = Digest::of_parts(&[self.name().as_bytes(), b"\n", &[COSIGNATURE], &self.0.public_key()]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        [a, b, c, d]
    }

    /// Whether a signature line claims to be by this witness: same name, same key id.
    #[must_use]
    pub fn made(&self, line: &SignatureLine) -> bool {
        line.name() == self.name() && line.id() == self.id()
    }

    /// The time that a line by this witness states, if its signature over `body` holds.
    fn time_of(&self, body: &str, line: &SignatureLine) -> Option<u64> {
        let (time, signature) = line.signature().split_first_chunk::<8>()?;
        let at_s = u64::from_be_bytes(*time);
        self.0.verifies(message(body, at_s).as_bytes(), signature).then_some(at_s)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[COSIGNATURE], self.0.public_key().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name(), hex::encode(self.id()), BASE64.encode(blob))
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({self})")
    }
}

impl FromStr for WitnessKey {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(blob)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyTextError::Form);
        };
        let blob = BASE64.decode(blob).map_err(|_| KeyTextError::Form)?;
        let Some((&COSIGNATURE, key)) = blob.split_first() else { return Err(KeyTextError::Form) };
        let key = WitnessKey::new(name, key.try_into().map_err(|_| KeyTextError::Form)?)?;
        if hex::encode(key.id()) == id { Ok(key) } else { Err(KeyTextError::Id) }
    }
}

/// That a witness cosigned, and when it says it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned<'k> {
    /// The witness.
    pub key: &'k WitnessKey,
    /// Its time, unix seconds.
    pub at_s: u64,
    /// Its signature line, with the line's end, to be put under the checkpoint.
    pub line: String,
}

/// What is signed: the time, then the whole text of the note.
fn message(body: &str, at_s: u64) -> String {
    format!("cosignature/v1\ntime {at_s}\n{body}")
}

/// The signature line of a witness under a checkpoint, ended.
///
/// # Errors
/// [`NoteError::SignerKey`] when the witness's key is not usable, [`NoteError::BadSignature`] when what it signs does not verify.
pub fn cosign(
    note: &SignedCheckpoint,
    witness: &(impl NoteSigner + ?Sized),
    at_s: u64,
) -> Result<String, NoteError> {
    let key = WitnessKey::new(witness.name(), witness.public_key()).map_err(NoteError::SignerKey)?;
    let signature = witness.sign(message(note.body(), at_s).as_bytes());
    let blob = [key.id().as_slice(), &at_s.to_be_bytes(), &signature].concat();
    let line = SignatureLine { name: key.name().to_owned(), id: key.id(), signature: blob[4..].to_vec() };
    match key.time_of(note.body(), &line) {
        Some(_) => Ok(line.text()),
        None => Err(NoteError::BadSignature { name: line.name }),
    }
}

/// The cosignatures of `keys` under a note, each key at most once; lines by others are passed over.
///
/// # Errors
/// [`NoteError::BadSignature`] when a line that claims to be by one of `keys` does not verify.
pub fn cosigners<'k>(
    note: &SignedCheckpoint,
    keys: &'k [WitnessKey],
) -> Result<Vec<Cosigned<'k>>, NoteError> {
    let mut found: Vec<Cosigned<'k>> = Vec::new();
    for line in note.signatures() {
        for key in keys.iter().filter(|key| key.made(line)) {
            let time = (line.signature().len() == BLOB).then(|| key.time_of(note.body(), line)).flatten();
            let at_s = time.ok_or_else(|| NoteError::BadSignature { name: line.name().to_owned() })?;
            if !found.iter().any(|one| one.key == key) {
                found.push(Cosigned { key, at_s, line: line.text() });
            }
        }
    }
    Ok(found)
}

/// A note with more signature lines under it. They are not verified here.
///
/// # Errors
/// [`NoteError`] when the result is no signed checkpoint.
pub fn with_lines(note: &str, lines: &[String]) -> Result<String, NoteError> {
    let whole = format!("{note}{}", lines.concat());
    SignedCheckpoint::parse(&whole)?;
    Ok(whole)
}

impl SignatureLine {
    /// The line as it stands in a note, ended.
    pub(crate) fn text(&self) -> String {
        let blob = [self.id.as_slice(), &self.signature].concat();
        format!("{SIGNATURE_MARK}{} {}\n", self.name, BASE64.encode(blob))
    }
}
