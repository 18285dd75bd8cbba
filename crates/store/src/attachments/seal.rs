//! Documents under a person's key, in pieces: AES-256-GCM, each piece with its number and an end mark in nonce and context, so
//! that none can be changed, moved, repeated or left out at the end. Knows bytes only, no store.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use mingbai_desk::ports::KeepError;
use mingbai_evidence::Digest;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Bytes that the cipher adds to every piece.
pub(super) const TAG: u64 = 16;
/// What a piece's context begins with.
const CONTEXT: &[u8] = b"mingbai/document/v1\n";
/// What the number of a piece can never be; the end note of an upload is sealed under it.
const NOTE: u32 = u32::MAX;

/// What a document's pieces are bound to beside the person: the digest where it was known before, the upload where it was not.
#[derive(Clone, Copy)]
pub(super) enum Bound {
    Digest(Digest),
    Upload(Uuid),
}

impl Bound {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Bound::Digest(digest) => [b"d".as_slice(), digest.as_bytes()].concat(),
            Bound::Upload(upload) => [b"u".as_slice(), upload.as_bytes()].concat(),
        }
    }
}

/// Whether a document ends with this piece.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Goes,
    Ends,
}

/// The name under which a person's document lies. Without her key nobody can tell whether two persons have the same one, or
/// whether she has one whose digest is known.
pub(super) fn name(key: &[u8; 32], digest: Digest) -> Result<String, KeepError> {
    let key = derived(key, &[], b"mingbai/document-name/v1")?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), digest.as_bytes());
    Ok(Digest::from_slice(tag.as_ref()).map_err(|_| broken())?.to_string())
}

/// The key of one document, with what its pieces are bound to.
pub(super) struct Sealer {
    key: LessSafeKey,
    person: Uuid,
    bound: Bound,
}

impl Sealer {
    /// `id` is 16 random bytes that no other document of this person has: each document has its own key, so that the numbers of
    /// its pieces are nonces enough.
    pub(super) fn new(
        person_key: &[u8; 32],
        person: Uuid,
        id: Uuid,
        bound: Bound,
    ) -> Result<Self, KeepError> {
        let key = derived(person_key, id.as_bytes(), b"mingbai/document-key/v1")?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| broken())?;
        Ok(Sealer { key: LessSafeKey::new(key), person, bound })
    }

    /// Seals a piece in its own place.
    pub(super) fn seal(&self, number: u32, end: End, piece: &mut Vec<u8>) -> Result<(), KeepError> {
        if number == NOTE {
            return Err(broken());
        }
        self.seal_at(number, end, piece)
    }

    /// The piece again, if it is this one, or nothing.
    pub(super) fn open(&self, number: u32, end: End, sealed: Vec<u8>) -> Option<Vec<u8>> {
        (number != NOTE).then_some(())?;
        self.open_at(number, end, sealed)
    }

    /// Seals what an upload came to: its length.
    pub(super) fn seal_length(&self, length: u64) -> Result<Vec<u8>, KeepError> {
        let mut note = length.to_be_bytes().to_vec();
        self.seal_at(NOTE, End::Ends, &mut note)?;
        Ok(note)
    }

    pub(super) fn open_length(&self, note: Vec<u8>) -> Option<u64> {
        let note = self.open_at(NOTE, End::Ends, note)?;
        Some(u64::from_be_bytes(note.try_into().ok()?))
    }

    fn seal_at(&self, number: u32, end: End, piece: &mut Vec<u8>) -> Result<(), KeepError> {
        let context = self.context(number, end);
        self.key.seal_in_place_append_tag(nonce(number, end), Aad::from(context), piece).map_err(|_| broken())
    }

    fn open_at(&self, number: u32, end: End, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let context = self.context(number, end);
        let length = self.key.open_in_place(nonce(number, end), Aad::from(context), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }

    fn context(&self, number: u32, end: End) -> Vec<u8> {
        let end = [u8::from(end == End::Ends)];
        [CONTEXT, self.person.as_bytes(), &self.bound.bytes(), &number.to_be_bytes(), &end].concat()
    }
}

/// Seven zero bytes, the number, the end mark.
fn nonce(number: u32, end: End) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[7..11].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(end == End::Ends);
    Nonce::assume_unique_for_key(bytes)
}

fn derived(key: &[u8; 32], salt: &[u8], what: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeepError> {
    let mut out = Zeroizing::new([0; 32]);
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(key);
    let info = [what];
    let okm = prk.expand(&info, hkdf::HKDF_SHA256).map_err(|_| broken())?;
    okm.fill(out.as_mut_slice()).map_err(|_| broken())?;
    Ok(out)
}

fn broken() -> KeepError {
    KeepError::Io("the cipher failed on a document".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(key: u8, person: u128, id: u128, bound: Bound) -> Sealer {
        let (person, id) = (Uuid::from_u128(person), Uuid::from_u128(id));
        Sealer::new(&[key; 32], person, id, bound).unwrap_or_else(|e| panic!("{e}"))
    }

    fn sealed(by: &Sealer, number: u32, end: End, text: &[u8]) -> Vec<u8> {
        let mut piece = text.to_vec();
        by.seal(number, end, &mut piece).unwrap_or_else(|e| panic!("{e}"));
        piece
    }

    #[test]
    fn a_piece_opens_in_its_own_place_only() {
        let upload = Bound::Upload(Uuid::from_u128(9));
        let own = sealer(1, 2, 9, upload);
        let piece = sealed(&own, 3, End::Goes, b"voice");
        assert_eq!(own.open(3, End::Goes, piece.clone()).as_deref(), Some(b"voice".as_slice()));
        assert!(own.open(4, End::Goes, piece.clone()).is_none(), "moved");
        assert!(own.open(3, End::Ends, piece.clone()).is_none(), "cut off after it");
        for other in [
            sealer(7, 2, 9, upload),
            sealer(1, 7, 9, upload),
            sealer(1, 2, 7, upload),
            sealer(1, 2, 9, Bound::Upload(Uuid::from_u128(7))),
            sealer(1, 2, 9, Bound::Digest(Digest::of(b"voice"))),
        ] {
            assert!(other.open(3, End::Goes, piece.clone()).is_none());
        }
        for at in 0..piece.len() {
            let mut changed = piece.clone();
            changed[at] ^= 1;
            assert!(own.open(3, End::Goes, changed).is_none(), "byte {at}");
        }
    }

    #[test]
    fn the_note_of_the_length_is_no_piece() {
        let own = sealer(1, 2, 9, Bound::Upload(Uuid::from_u128(9)));
        let note = own.seal_length(77).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(own.open_length(note.clone()), Some(77));
        assert!(own.open(NOTE, End::Ends, note).is_none());
        let piece = sealed(&own, 0, End::Ends, &77_u64.to_be_bytes());
        assert_eq!(own.open_length(piece), None);
    }

    #[test]
    fn names_do_not_show_equality_between_persons() {
        let name =
            |key: u8, text: &[u8]| name(&[key; 32], Digest::of(text)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(name(1, b"contract"), name(1, b"contract"));
        assert_ne!(name(1, b"contract"), name(2, b"contract"));
        assert_ne!(name(1, b"contract"), name(1, b"other"));
        assert_ne!(name(1, b"contract"), Digest::of(b"contract").to_string());
    }
}
