//! What the verifier answers: claims with one of three verdicts each, and what follows from them together.

use serde::Serialize;

use crate::digest::Digest;
use crate::text::Words;

/// The answer to one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It follows from the bytes and the trusted keys.
    Proven,
    /// Nothing here shows it, and nothing speaks against it.
    NotProven,
    /// The bytes speak against it.
    Contradicted,
}

/// What a claim is about. The text form (snake case) is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKey {
    /// The file is a zip that can be read within the limits.
    Readable,
    /// The zip is byte for byte what the writer makes of its content.
    Container,
    /// There are no files without a role.
    Files,
    /// The README is the standard text.
    Readme,
    /// The verifying page inside is the one of this version.
    Page,
    /// Every record is well formed, and no two have the same id.
    Records,
    /// A stream runs from its first record without gap or replacement.
    Chain,
    /// Whether the package has every record that the stream had at the checkpoint.
    StreamEnd,
    /// A record of which only place and leaf are shown.
    WithheldRecord,
    /// The checkpoint is well formed.
    Checkpoint,
    /// The checkpoint is unchanged since it was signed.
    Signature,
    /// The signer is someone whom the reader trusts.
    Signer,
    /// Signatures by keys that the reader did not give.
    OtherSignatures,
    /// The checkpoint is also signed with the national algorithms. Only where it was asked for.
    SecondSignature,
    /// The key that signed follows from one that the reader pinned. Only where a key was changed.
    KeyChange,
    /// A witness cosigned the checkpoint. Only for witnesses that the reader named.
    Witness,
    /// The receipt can be read, and its record is in the package that it was held against. Only for receipts.
    Receipt,
    /// Since when the log existed as it is, by an outsider's clock.
    TimeStamp,
    /// The time-stamping authority is one that the reader trusts. Only where the reader named a root.
    TimeAuthority,
    /// Every record is in the tree of the checkpoint.
    Inclusion,
    /// Every attachment is the document to which a record refers.
    Attachments,
    /// A document to which a record refers and which is not in the package.
    Withheld,
    /// Every opened value is the one that was sealed.
    Disclosures,
    /// Sealed values that were not opened.
    Sealed,
    /// A value or a document that is gone by a decision on record, with its legal basis.
    Erased,
    /// Every reference in a record can be followed.
    References,
}

/// What it means for the whole when a claim is not proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// The package may have been changed.
    Integrity,
    /// It is not known whose word it is.
    Identity,
    /// The package says less than there is, which its holder may choose.
    Scope,
}

impl ClaimKey {
    /// What it means when a claim of this kind is not proven.
    #[must_use]
    pub const fn bearing(self) -> Bearing {
        match self {
            Self::Signer | Self::SecondSignature | Self::TimeAuthority | Self::Witness => Bearing::Identity,
            // A wrong stamp is contradicted and fails everything; a missing one only says less.
            Self::TimeStamp
            | Self::StreamEnd
            | Self::OtherSignatures
            | Self::Withheld
            | Self::WithheldRecord
            | Self::Sealed => Bearing::Scope,
            _ => Bearing::Integrity,
        }
    }
}

/// One claim with its verdict and its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// What it is about.
    pub key: ClaimKey,
    /// The file, stream or key concerned; empty for the whole package.
    pub subject: String,
    /// The answer.
    pub verdict: Verdict,
    /// Why, in both languages.
    pub reason: Words,
}

/// What the package says about itself, for a headline. Believe it as far as the claims go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Name of the log.
    pub origin: Option<String>,
    /// Records in the log at the checkpoint.
    pub log_size: Option<u64>,
    /// Root of the log's tree.
    pub root: Option<Digest>,
    /// The key under which the signature was checked, as `name+hash+base64`.
    pub key: Option<String>,
    /// Its fingerprint in groups of four.
    pub fingerprint: Option<String>,
    /// Well-formed records in the package.
    pub records: usize,
    /// Names of the streams.
    pub streams: Vec<String>,
    /// Attachments in the package.
    pub attachments: usize,
}

/// All claims together. A command line exits with a different code for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that bears on integrity and identity is proven.
    Holds,
    /// Nothing is contradicted, but something that matters is not proven.
    NotProven,
    /// Something is contradicted.
    Contradicted,
}

/// The verifier's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Every claim, in the order of checking. What holds for all files of a kind is one claim; what fails is named
    /// one by one.
    pub claims: Vec<Claim>,
    /// What the package says about itself.
    pub facts: Facts,
}

impl Report {
    /// What follows from all claims. With [`super::Trust::OnFirstUse`] the best answer is [`Outcome::NotProven`],
    /// because anyone can make a package that fits a key of their own.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let open = |c: &Claim| c.verdict == Verdict::NotProven && c.key.bearing() != Bearing::Scope;
        if self.any(Verdict::Contradicted) {
            Outcome::Contradicted
        } else if self.claims.is_empty() || self.claims.iter().any(open) {
            Outcome::NotProven
        } else {
            Outcome::Holds
        }
    }

    /// Whether everything holds: the only case for exit code 0.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.outcome() == Outcome::Holds
    }

    /// Whether the package is unchanged since the key named in [`Facts::key`] signed it, whoever owns that key.
    #[must_use]
    pub fn intact(&self) -> bool {
        let open = |c: &Claim| c.verdict == Verdict::NotProven && c.key.bearing() == Bearing::Integrity;
        !self.claims.is_empty() && !self.any(Verdict::Contradicted) && !self.claims.iter().any(open)
    }

    fn any(&self, verdict: Verdict) -> bool {
        self.claims.iter().any(|claim| claim.verdict == verdict)
    }

    /// Whether a claim of this kind is proven.
    pub(super) fn any_proven(&self, key: ClaimKey) -> bool {
        self.claims.iter().any(|claim| claim.key == key && claim.verdict == Verdict::Proven)
    }

    /// Whether a claim of this kind already failed, so that the summary of the kind must not say "all".
    pub(super) fn failed(&self, key: ClaimKey) -> bool {
        self.claims.iter().any(|claim| claim.key == key && claim.verdict != Verdict::Proven)
    }

    pub(super) fn proven(&mut self, key: ClaimKey, subject: &str, reason: Words) {
        self.push(key, subject, Verdict::Proven, reason);
    }

    pub(super) fn not_proven(&mut self, key: ClaimKey, subject: &str, reason: Words) {
        self.push(key, subject, Verdict::NotProven, reason);
    }

    pub(super) fn contradicted(&mut self, key: ClaimKey, subject: &str, reason: Words) {
        self.push(key, subject, Verdict::Contradicted, reason);
    }

    fn push(&mut self, key: ClaimKey, subject: &str, verdict: Verdict, reason: Words) {
        self.claims.push(Claim { key, subject: subject.to_owned(), verdict, reason });
    }
}
