//! Signatures inside a PDF, as the desk needs them: a certificate for a key that somebody else holds, a file with a gap, the gap
//! filled, the lender's seal behind it. How a PDF and a certificate look is the provider's affair; whose key it is, is not: the
//! borrower's private key never comes here (DESIGN law 7).

use async_trait::async_trait;
pub use mingbai_core::borrow::ink::{Ink, InkPoint};
use mingbai_cost::Words;
use mingbai_evidence::Digest;

/// A signature could not be made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// What came from the borrower's browser cannot be used: request, handwriting or signature.
    #[error("{} / {}", .0.zh, .0.en)]
    Refused(Words),
    /// The authority or the file is at fault.
    #[error("{} / {}", .0.zh, .0.en)]
    Fault(Words),
}

/// A wish for a signature by a key in the borrower's browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureWish {
    /// The document, exactly as she was shown it.
    pub pdf: Vec<u8>,
    /// Her name, as the certificate and the field say it.
    pub signer: String,
    /// Number of the case, part of the certificate's subject.
    pub case: String,
    /// What a screen reader says at the field.
    pub label: String,
    /// Why she signs.
    pub reason: String,
    /// PKCS#10 request in DER, signed by the new key.
    pub request: Vec<u8>,
    /// What she wrote on the pad; it is drawn, it is not the signature.
    pub ink: Option<Ink>,
    /// Now, unix ms.
    pub now_ms: i64,
    /// Random, for the certificate's number.
    pub serial: [u8; 16],
}

/// A file that waits for her signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFile {
    /// The document with an empty signature field behind it. The document itself is its beginning, byte for byte.
    pub pdf: Vec<u8>,
    /// Her certificate in DER, valid for one day.
    pub certificate: Vec<u8>,
    /// SHA-256 of the file without the gap: what the signature's `message-digest` says.
    pub digest: [u8; 32],
    /// Where the gap is: two byte offsets, the `<` included and the `>` included.
    pub gap: (usize, usize),
    /// The signed attributes in DER: what the key signs. The browser makes them itself and compares.
    pub attributes: Vec<u8>,
}

/// What a seal or closing revision needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealWish {
    /// The file that the borrower signed.
    pub pdf: Vec<u8>,
    /// What a screen reader says at the field.
    pub label: String,
    /// Why it is sealed.
    pub reason: String,
    /// Now, unix ms.
    pub now_ms: i64,
}

/// A file that waits for a time stamp over all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingArchive {
    /// The file with its gap.
    pub pdf: Vec<u8>,
    /// What the stamp must be over: SHA-256 of everything but the gap.
    pub imprint: Digest,
}

/// A file with a time stamp over all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedFile {
    /// The file.
    pub pdf: Vec<u8>,
    /// What the stamp proves, unix ms.
    pub proven_at_ms: i64,
    /// Until when the authority's certificates vouch for it, unix ms.
    pub vouched_until_ms: i64,
}

/// The authority's own documents, in DER. Public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityFiles {
    /// The root's certificate: what a verifier trusts.
    pub root: Vec<u8>,
    /// The issuing authority's certificate.
    pub issuing: Vec<u8>,
    /// The certificate of the lender's seal.
    pub seal: Vec<u8>,
    /// The newest revocation list of the issuing authority.
    pub revocations: Vec<u8>,
    /// The newest revocation list of the root, which may be a year old: its key is offline.
    pub root_revocations: Vec<u8>,
    /// Of the second seal, where the house has one.
    pub national: Option<NationalFiles>,
}

/// What a reader of the second seal (SM2 over SM3) needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NationalFiles {
    /// The national root's certificate.
    pub root: Vec<u8>,
    /// Its newest revocation list.
    pub revocations: Vec<u8>,
}

/// What is said about one signed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileVerdict {
    /// Proven.
    Holds,
    /// Neither proven nor contradicted.
    NotKnown,
    /// Contradicted.
    Contradicted,
}

/// One claim about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileClaim {
    /// Which signature field; `None` = the file as a whole.
    pub field: Option<String>,
    /// What is claimed.
    pub claim: Words,
    /// The answer.
    pub verdict: FileVerdict,
    /// Why.
    pub why: Words,
}

/// A file was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// How many revisions it has.
    pub revisions: usize,
    /// Names of those who signed, in order, with the moment they claim (unix ms) and the one that is proven.
    pub signers: Vec<FileSigner>,
    /// Claim by claim.
    pub claims: Vec<FileClaim>,
    /// SHA-256 of the paper before anybody signed it, without and with a line end behind it; nothing when it cannot be read.
    pub paper: Vec<Digest>,
}

/// Somebody who signed a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSigner {
    /// Field.
    pub field: String,
    /// Name as the certificate says it; empty for a time stamp.
    pub name: String,
    /// SHA-256 of the certificate; nothing for a time stamp.
    pub certificate: Option<Digest>,
    /// When, as the file claims.
    pub claimed_at_ms: Option<i64>,
    /// When at the latest, as a time stamp proves.
    pub proven_at_ms: Option<i64>,
}

/// Makes and reads signatures inside PDFs. Work of milliseconds and more: a provider keeps it off the threads that answer pages.
#[async_trait]
pub trait Signatures: Send + Sync {
    /// Issues a certificate for the request's key and prepares the file.
    ///
    /// # Errors
    /// [`SignatureError`].
    async fn prepare(&self, wish: SignatureWish) -> Result<WaitingFile, SignatureError>;

    /// Fills the gap with the signature: 64 bytes r ‖ s as WebCrypto gives them, over `attributes`. With an RFC 3161 token
    /// over the DER signature value the file is of level B-T, without of level B-B. A time-stamping authority's whole answer is
    /// taken too.
    ///
    /// # Errors
    /// [`SignatureError::Refused`] when it is not the certificate's signature over this file.
    async fn finish(
        &self,
        waiting: WaitingFile,
        signature: Vec<u8>,
        time_stamp: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, SignatureError>;

    /// A file that was prepared before, from its kept bytes and its certificate.
    ///
    /// # Errors
    /// [`SignatureError::Fault`] when it is not one that waits for this certificate's signature.
    async fn reopen(&self, pdf: Vec<u8>, certificate: Vec<u8>) -> Result<WaitingFile, SignatureError>;

    /// The DER form of a raw signature, whose SHA-256 a time stamp is over.
    ///
    /// # Errors
    /// [`SignatureError::Refused`].
    fn signature_value(&self, signature: &[u8]) -> Result<Vec<u8>, SignatureError>;

    /// The lender's seal as the next revision.
    ///
    /// # Errors
    /// [`SignatureError`].
    async fn seal(&self, wish: SealWish) -> Result<Vec<u8>, SignatureError>;

    /// Puts in what a verifier needs when the authority is gone: certificates and revocation list (B-LT).
    ///
    /// # Errors
    /// [`SignatureError`].
    async fn close(&self, pdf: Vec<u8>, now_ms: i64) -> Result<Vec<u8>, SignatureError>;

    /// Until when the certificates of the file's newest time stamp vouch for it, unix ms; `None` when no time stamp covers the whole
    /// file.
    ///
    /// # Errors
    /// [`SignatureError::Fault`] when the file contradicts itself: a new time stamp would only dress it up.
    async fn vouched_until_ms(&self, pdf: Vec<u8>, now_ms: i64) -> Result<Option<i64>, SignatureError>;

    /// Appends what a verifier of the stamps so far needs, and the place for a time stamp over the whole file (B-LTA).
    ///
    /// # Errors
    /// As [`Signatures::vouched_until_ms`].
    async fn prepare_archive(&self, pdf: Vec<u8>, now_ms: i64) -> Result<WaitingArchive, SignatureError>;

    /// Puts a time-stamping authority's answer, or its token, in that place.
    ///
    /// # Errors
    /// [`SignatureError::Fault`] when it is over another file, or by an authority that this house does not trust.
    async fn finish_archive(
        &self,
        waiting: WaitingArchive,
        answer: Vec<u8>,
    ) -> Result<ArchivedFile, SignatureError>;

    /// The authority's public documents.
    ///
    /// # Errors
    /// [`SignatureError::Fault`].
    async fn authority(&self, now_ms: i64) -> Result<AuthorityFiles, SignatureError>;

    /// Judges any file at this moment, trusting this house's root. Never an error: a file that cannot be read is a verdict.
    async fn inspect(&self, pdf: Vec<u8>, at_ms: i64) -> FileReport;
}
