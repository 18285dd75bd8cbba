//! What some papers need beside the cost table, and the letter that has none, as finished texts in the paper's language.

use mingbai_core::borrow::event::TypeSize;
use mingbai_cost::Lang;

/// What a paper prints beside the cost table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DocSheet {
    /// Nothing.
    #[default]
    None,
    /// For [`super::PaperKind::Certificate`].
    Trail(Box<DocTrail>),
    /// For [`super::PaperKind::CallbackCard`].
    Call(DocCall),
}

/// The journey so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocTrail {
    /// How the loan stands.
    pub standing: String,
    /// Every record.
    pub lines: Vec<DocTrailLine>,
    /// Every paper that was issued.
    pub documents: Vec<DocTrailDocument>,
    /// Every electronic signature.
    pub signatures: Vec<DocTrailSignature>,
    /// Size of the log.
    pub log_size: u64,
    /// Its root, in hex.
    pub log_root: String,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocTrailLine {
    /// Position in the journey, from 0.
    pub seq: u64,
    /// Position in the log, from 0.
    pub index: u64,
    /// When (China Standard Time).
    pub at: String,
    /// Who.
    pub who: String,
    /// What happened.
    pub what: String,
    /// Leaf hash, in hex.
    pub hash: String,
}

/// One paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocTrailDocument {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub at: String,
    /// Short code in groups of four.
    pub code: String,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// One electronic signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocTrailSignature {
    /// Who signed.
    pub signer: String,
    /// When it was recorded.
    pub at: String,
    /// Serial number of the certificate, in hex.
    pub serial: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// Digest of the document that was shown before signing, in hex.
    pub digest: String,
}

/// The call-back's card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocCall {
    /// Our number.
    pub number: String,
    /// Everything that will be asked.
    pub questions: Vec<String>,
    /// The code that a caller of ours can say.
    pub code: String,
}

/// The written answer to a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocLetter {
    /// Language.
    pub lang: Lang,
    /// Size of type.
    pub size: TypeSize,
    /// Reference of the complaint in groups of four.
    pub reference: String,
    /// Where it is followed, for the QR code.
    pub follow_url: String,
    /// Her name, if the vault still has it.
    pub to: Option<String>,
    /// Who answers.
    pub from: String,
    /// Telephone for questions.
    pub phone: String,
    /// Telephone for complaints.
    pub complaint_phone: String,
    /// When it was given, as printed (China Standard Time).
    pub prepared_at: String,
    /// The same in unix ms.
    pub prepared_at_ms: i64,
    /// Seal of the answer's text, which the evidence has.
    pub seal: String,
    /// What identifies the complaint: label and value.
    pub facts: Vec<(String, String)>,
    /// How it finds.
    pub outcome: String,
    /// The answer, by paragraph.
    pub text: Vec<String>,
    /// What is done.
    pub remedies: Vec<String>,
    /// How she can go on.
    pub ways: Vec<String>,
}
