//! What a check found, for people and programs.

use crate::words::Words;

/// One of three values; a later one outweighs an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Proven.
    Holds,
    /// Neither proven nor refuted with what is here.
    NotKnown,
    /// Refuted.
    Contradicted,
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// The file as such.
    Structure,
    /// What was changed afterwards.
    Changes,
    /// Which bytes are covered.
    Coverage,
    /// Those bytes are the signed ones.
    Digest,
    /// The key signed this digest and named its certificate.
    Signature,
    /// The certificate leads to a trusted root and was valid.
    Chain,
    /// The key was meant for this.
    KeyUsage,
    /// When it was signed.
    Time,
    /// The certificate was not revoked.
    Revocation,
}

/// One claim with its verdict and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// About what.
    pub kind: ClaimKind,
    /// Verdict.
    pub verdict: Verdict,
    /// Reason.
    pub reason: Words,
}

impl Claim {
    pub(crate) fn new(kind: ClaimKind, verdict: Verdict, reason: Words) -> Self {
        Claim { kind, verdict, reason }
    }

    pub(crate) fn holds(kind: ClaimKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Claim::new(kind, Verdict::Holds, Words::new(zh, en))
    }

    pub(crate) fn unknown(kind: ClaimKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Claim::new(kind, Verdict::NotKnown, Words::new(zh, en))
    }

    pub(crate) fn wrong(kind: ClaimKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Claim::new(kind, Verdict::Contradicted, Words::new(zh, en))
    }
}

/// What stands in a signature field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A person's or the lender's signature.
    Signature,
    /// A time stamp over the whole document.
    DocumentTimeStamp,
    /// Something else, which is not judged.
    Other,
}

/// One signature field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldReport {
    /// Name in the form.
    pub name: String,
    /// What it is.
    pub kind: FieldKind,
    /// Revision that it signs, 1-based.
    pub revision: usize,
    /// Subject of the signer's certificate.
    pub signed_by: Option<String>,
    /// The common name in it, as a person reads it.
    pub signer_name: Option<String>,
    /// Serial number of that certificate.
    pub serial: Option<Vec<u8>>,
    /// SHA-256 of that certificate.
    pub certificate: Option<[u8; 32]>,
    /// When the file says it was signed, Unix milliseconds: a claim.
    pub claimed_at_ms: Option<i64>,
    /// When it provably existed, Unix milliseconds.
    pub proven_at_ms: Option<i64>,
    /// Until when the authority's certificate vouches for that moment, Unix milliseconds.
    pub proven_until_ms: Option<i64>,
    /// The time-stamp token: the field's own content, or the one over its signature.
    pub time_stamp: Option<Vec<u8>>,
    /// What that token must be over: SHA-256 of the covered bytes, or of the signature value.
    pub stamped: Option<[u8; 32]>,
    /// SHA-256 of the covered bytes.
    pub digest: Option<[u8; 32]>,
    /// Claims.
    pub claims: Vec<Claim>,
}

impl FieldReport {
    /// The heaviest verdict of its claims.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.claims.iter().map(|c| c.verdict).max().unwrap_or(Verdict::NotKnown)
    }

    /// The heaviest verdict of its claims of one kind.
    #[must_use]
    pub fn of(&self, kind: ClaimKind) -> Option<Verdict> {
        self.claims.iter().filter(|c| c.kind == kind).map(|c| c.verdict).max()
    }

    /// Whether this is a sound document time stamp over what stood at `revision` (0-based).
    pub(crate) fn proves_time_of(&self, revision: usize) -> bool {
        self.kind == FieldKind::DocumentTimeStamp
            && self.revision > revision + 1
            && self.verdict() == Verdict::Holds
    }
}

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Number of revisions; 0 when the file could not be read.
    pub revisions: usize,
    /// Claims about the file as such.
    pub document: Vec<Claim>,
    /// Signature fields in the form's order.
    pub fields: Vec<FieldReport>,
}

impl Report {
    /// The heaviest verdict of all claims. [`Verdict::Holds`] needs at least one signature.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let claims =
            self.document.iter().map(|c| c.verdict).chain(self.fields.iter().map(FieldReport::verdict));
        let found = self.fields.iter().any(|f| f.kind == FieldKind::Signature);
        let worst = claims.max().unwrap_or(Verdict::NotKnown);
        if found { worst } else { worst.max(Verdict::NotKnown) }
    }

    /// Every claim that does not hold, the document's first.
    #[must_use]
    pub fn doubts(&self) -> Vec<&Claim> {
        let all = self.document.iter().chain(self.fields.iter().flat_map(|f| &f.claims));
        all.filter(|c| c.verdict != Verdict::Holds).collect()
    }
}
