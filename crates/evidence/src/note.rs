//! The signed checkpoint: a C2SP tlog-checkpoint (origin, size, root) inside a C2SP signed note with Ed25519.
//! Holds no private key: whoever owns one implements [`NoteSigner`].

pub mod cosignature;
mod error;
mod key;
#[cfg(test)]
mod tests;

pub use error::NoteError;
pub(crate) use key::name_is_valid;
pub use key::{KeyTextError, VerifyingKeyText};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::digest::Digest;
use crate::merkle::SIZE_LIMIT;

/// The most bytes a note may have.
pub const NOTE_LIMIT: usize = 16_384;
/// The most signature lines a note may have.
pub const SIGNATURE_LIMIT: usize = 16;
/// What begins a signature line.
pub(crate) const SIGNATURE_MARK: &str = "\u{2014} ";
/// Type byte of plain Ed25519 signatures in signed notes.
const ED25519: u8 = 0x01;

/// Someone who can sign a note with Ed25519 (RFC 8032) under a name, wherever the key lives.
pub trait NoteSigner {
    /// The name of the key: no white space, no `+`. For a log it is the origin of its checkpoints.
    fn name(&self) -> &str;
    /// The Ed25519 public key.
    fn public_key(&self) -> [u8; 32];
    /// The Ed25519 signature over exactly `message`.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// What a log states: under this origin, the tree over the first `size` records has this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Digest,
}

impl Checkpoint {
    /// A statement about a log.
    ///
    /// # Errors
    /// [`NoteError::Origin`] when the origin is empty, longer than 200 bytes or has white space, control characters
    /// or `+`; [`NoteError::Size`] above [`SIZE_LIMIT`].
    pub fn new(origin: &str, size: u64, root: Digest) -> Result<Self, NoteError> {
        if !key::name_is_valid(origin) {
            return Err(NoteError::Origin);
        }
        if size > SIZE_LIMIT {
            return Err(NoteError::Size);
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root })
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of records in the tree.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Root over these records.
    #[must_use]
    pub const fn root(&self) -> Digest {
        self.root
    }

    /// The text that is signed: three lines, the last one ended.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.as_bytes()))
    }

    /// The signed note with one signature.
    ///
    /// # Errors
    /// [`NoteError::SignerKey`] when the signer's name or public key is not usable, [`NoteError::BadSignature`] when
    /// its signature does not verify under its own public key: such a note must not leave the house.
    pub fn sign(&self, signer: &(impl NoteSigner + ?Sized)) -> Result<String, NoteError> {
        Ok(format!("{}\n{}", self.body(), self.signature_line(signer)?))
    }

    /// The signed note with the signatures of two keys: during a change of keys, so that whoever knows either can read it.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn sign_twice(
        &self,
        signer: &(impl NoteSigner + ?Sized),
        other: &(impl NoteSigner + ?Sized),
    ) -> Result<String, NoteError> {
        Ok(format!("{}{}", self.sign(signer)?, self.signature_line(other)?))
    }

    fn signature_line(&self, signer: &(impl NoteSigner + ?Sized)) -> Result<String, NoteError> {
        signature_line_of(&self.body(), signer)
    }

    /// Reads a note and returns its statement only if one of `keys` signed it.
    ///
    /// # Errors
    /// As [`SignedCheckpoint::parse`] and [`SignedCheckpoint::verify`].
    pub fn open(note: &str, keys: &[VerifyingKeyText]) -> Result<Checkpoint, NoteError> {
        let signed = SignedCheckpoint::parse(note)?;
        signed.verify(keys)?;
        Ok(signed.checkpoint)
    }
}

/// A checkpoint as read, with signatures that nobody has checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    body: String,
    signatures: Vec<SignatureLine>,
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

impl SignatureLine {
    /// The name of the key that the line claims.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id that the line claims.
    pub(crate) const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The signature's bytes, in the form of its algorithm.
    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether the line claims to be by `key`: same name, same key id.
    #[must_use]
    pub fn claims(&self, key: &VerifyingKeyText) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

impl SignedCheckpoint {
    /// Reads a signed note whose text is a checkpoint. Lines after the third are extensions: signed, kept, not
    /// interpreted. Nothing is verified yet.
    ///
    /// # Errors
    /// [`NoteError`] when it is not a well-formed note within [`NOTE_LIMIT`] and [`SIGNATURE_LIMIT`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_LIMIT {
            return Err(NoteError::TooLarge);
        }
        let (body, signatures) = parts(note)?;
        Ok(SignedCheckpoint { checkpoint: statement(body)?, body: body.to_owned(), signatures })
    }

    /// What the note states, whoever signed it.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The text that was signed.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The signature lines in their order.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Checks the signatures by `keys` (strict Ed25519, no malleable forms) and returns the keys that signed. Lines by
    /// other keys are passed over, as the signed-note specification asks.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] when a line that claims to be by one of `keys` does not verify,
    /// [`NoteError::UnknownSigner`] when no line is by any of them.
    pub fn verify<'k>(&self, keys: &'k [VerifyingKeyText]) -> Result<Vec<&'k VerifyingKeyText>, NoteError> {
        let mut signers = Vec::new();
        for line in &self.signatures {
            for key in keys.iter().filter(|key| line.claims(key)) {
                if !key.verifies(self.body.as_bytes(), &line.signature) {
                    return Err(NoteError::BadSignature { name: line.name.clone() });
                }
                if !signers.contains(&key) {
                    signers.push(key);
                }
            }
        }
        if signers.is_empty() { Err(NoteError::UnknownSigner) } else { Ok(signers) }
    }
}

/// The signature line of `signer` under a text, ended.
pub(crate) fn signature_line_of(
    body: &str,
    signer: &(impl NoteSigner + ?Sized),
) -> Result<String, NoteError> {
    let key = VerifyingKeyText::new(signer.name(), signer.public_key()).map_err(NoteError::SignerKey)?;
    let signature = signer.sign(body.as_bytes());
    if !key.verifies(body.as_bytes(), &signature) {
        return Err(NoteError::BadSignature { name: key.name().to_owned() });
    }
    let blob = [key.id().as_slice(), &signature].concat();
    Ok(format!("{SIGNATURE_MARK}{} {}\n", key.name(), BASE64.encode(blob)))
}

/// Text and signature lines of a signed note.
pub(crate) fn parts(note: &str) -> Result<(&str, Vec<SignatureLine>), NoteError> {
    if note.chars().any(|c| c.is_ascii_control() && c != '\n') {
        return Err(NoteError::Malformed);
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (body, rest) = (&note[..=at], &note[at + 2..]);
    let lines = rest.strip_suffix('\n').ok_or(NoteError::Malformed)?;
    let signatures = lines.split('\n').map(signature_line).collect::<Result<Vec<_>, _>>()?;
    if signatures.len() > SIGNATURE_LIMIT {
        return Err(NoteError::TooLarge);
    }
    Ok((body, signatures))
}

fn signature_line(line: &str) -> Result<SignatureLine, NoteError> {
    let rest = line.strip_prefix(SIGNATURE_MARK).ok_or(NoteError::Malformed)?;
    let (name, blob) = rest.split_once(' ').ok_or(NoteError::Malformed)?;
    if !key::name_is_valid(name) {
        return Err(NoteError::Malformed);
    }
    let blob = BASE64.decode(blob).map_err(|_| NoteError::Malformed)?;
    let (id, signature) = blob.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
    if signature.is_empty() {
        return Err(NoteError::Malformed);
    }
    Ok(SignatureLine { name: name.to_owned(), id: *id, signature: signature.to_vec() })
}

fn statement(body: &str) -> Result<Checkpoint, NoteError> {
    let mut lines = body.strip_suffix('\n').ok_or(NoteError::Malformed)?.split('\n');
    let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
        return Err(NoteError::Malformed);
    };
    if lines.any(str::is_empty) {
        return Err(NoteError::Malformed);
    }
    let canonical = size.bytes().all(|b| b.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
    let size =
        if canonical { size.parse().map_err(|_| NoteError::Size)? } else { return Err(NoteError::Size) };
    let root = BASE64.decode(root).map_err(|_| NoteError::Malformed)?;
    let root = Digest::from_slice(&root).map_err(|_| NoteError::Malformed)?;
    Checkpoint::new(origin, size, root)
}
