//! What some papers need beside the cost table: the trail of a loan for its certificate, the call-back's questions for its card, and an
//! answer for its letter. Typed lists of finished texts; where they come from is the caller's business.

use crate::PaperError;

/// What a paper prints beside the cost table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sheet {
    /// Nothing: the cost table says it all.
    #[default]
    None,
    /// For [`crate::DocKind::Certificate`].
    Trail(Trail),
    /// For [`crate::DocKind::CallbackCard`].
    Call(CallCard),
    /// For [`crate::DocKind::Letter`].
    Letter(Letter),
}

/// What happened, when, by whom; which documents and signatures there are; and where the log stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trail {
    /// How the loan stands, in a few words.
    pub standing: String,
    /// Every record, in order.
    pub lines: Vec<TrailLine>,
    /// Every document that was made, in order.
    pub documents: Vec<DocumentLine>,
    /// Every electronic signature, in order.
    pub signatures: Vec<SignatureLine>,
    /// Number of records in the whole log at that moment.
    pub log_size: u64,
    /// Root hash of the log of that size, in hex.
    pub log_root: String,
}

/// One record of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrailLine {
    /// Position in the loan's own sequence, from 0.
    pub seq: u64,
    /// Position in the whole log, from 0.
    pub index: u64,
    /// When, as printed.
    pub at: String,
    /// Who, as printed.
    pub who: String,
    /// What happened, as printed.
    pub what: String,
    /// Hash of the record, in hex.
    pub hash: String,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentLine {
    /// Its name.
    pub name: String,
    /// When it was made, as printed.
    pub at: String,
    /// Short code that checks it.
    pub code: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// One electronic signature.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignatureLine {
    /// Who signed.
    pub signer: String,
    /// When, as printed.
    pub at: String,
    /// Serial number of the certificate.
    pub serial: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// Digest of the document as it was signed, in hex.
    pub digest: String,
}

/// The card for the call-back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CallCard {
    /// Our number, as printed: the one to call when in doubt.
    pub number: String,
    /// Everything that will be asked, in order.
    pub questions: Vec<String>,
    /// The code that a caller of ours can say.
    pub code: String,
}

/// The written answer to a complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Letter {
    /// Who answers.
    pub from: String,
    /// What identifies the complaint: label and value.
    pub facts: Vec<(String, String)>,
    /// How it finds, in a few words.
    pub outcome: String,
    /// The answer, by paragraph.
    pub text: Vec<String>,
    /// What is done, in order.
    pub remedies: Vec<String>,
    /// How she can go on, in order.
    pub ways: Vec<String>,
}

/// Most records, documents and signatures on a certificate.
const LINE_LIMIT: usize = 2_000;
/// Most questions on a card.
const QUESTION_LIMIT: usize = 12;
/// Longest text of one cell, in characters.
const CELL_LIMIT: usize = 600;
/// Most paragraphs or points of a letter.
const POINT_LIMIT: usize = 200;
/// Longest text of a letter, in characters.
const LETTER_LIMIT: usize = 4_000;

impl Sheet {
    /// Refuses what no page could hold.
    pub(crate) fn check(&self) -> Result<(), PaperError> {
        match self {
            Sheet::None => Ok(()),
            Sheet::Trail(trail) => trail.check(),
            Sheet::Call(card) => {
                rows("sheet.questions", card.questions.len(), QUESTION_LIMIT)?;
                card.questions.iter().chain([&card.number, &card.code]).try_for_each(|text| cell(text))
            }
            Sheet::Letter(letter) => letter.check(),
        }
    }
}

impl Trail {
    fn check(&self) -> Result<(), PaperError> {
        rows("sheet.lines", self.lines.len(), LINE_LIMIT)?;
        rows("sheet.documents", self.documents.len(), LINE_LIMIT)?;
        rows("sheet.signatures", self.signatures.len(), LINE_LIMIT)?;
        let lines = self.lines.iter().flat_map(|l| [&l.at, &l.who, &l.what, &l.hash]);
        let documents = self.documents.iter().flat_map(|d| [&d.name, &d.at, &d.code, &d.sha256]);
        let signatures =
            self.signatures.iter().flat_map(|s| [&s.signer, &s.at, &s.serial, &s.issuer, &s.digest]);
        let rest = [&self.standing, &self.log_root];
        lines.chain(documents).chain(signatures).chain(rest).try_for_each(|text| cell(text))
    }
}

impl Letter {
    fn check(&self) -> Result<(), PaperError> {
        for (field, length) in [
            ("letter.facts", self.facts.len()),
            ("letter.text", self.text.len()),
            ("letter.remedies", self.remedies.len()),
            ("letter.ways", self.ways.len()),
        ] {
            rows(field, length, POINT_LIMIT)?;
        }
        let length = self.text.iter().map(|text| text.chars().count()).sum();
        if length > LETTER_LIMIT {
            return Err(PaperError::TextTooLong { field: "letter.text", length, limit: LETTER_LIMIT });
        }
        let facts = self.facts.iter().flat_map(|(label, value)| [label, value]);
        let rest = self.remedies.iter().chain(&self.ways).chain([&self.from, &self.outcome]);
        facts.chain(rest).try_for_each(|text| cell(text))
    }
}

fn rows(field: &'static str, length: usize, limit: usize) -> Result<(), PaperError> {
    if length > limit { Err(PaperError::TooManyRows { field, length, limit }) } else { Ok(()) }
}

fn cell(text: &str) -> Result<(), PaperError> {
    let (field, length, limit) = ("a text of the sheet", text.chars().count(), CELL_LIMIT);
    if length > limit { Err(PaperError::TextTooLong { field, length, limit }) } else { Ok(()) }
}

/// The first 16 hex digits of a digest in groups of four: what two people compare on the telephone.
#[must_use]
pub fn digest_code(hex: &str) -> String {
    let head: Vec<char> = hex.chars().take(16).collect();
    head.chunks(4).map(|part| part.iter().collect::<String>().to_uppercase()).collect::<Vec<_>>().join(" ")
}
