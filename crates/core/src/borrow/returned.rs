//! A paper that came back signed by hand: what a machine saw on the picture, who compared the figures, and which second person
//! confirmed or refused it. Folded from the stream `paper/<journey>`. It fulfils no duty: the notice counts by the consultant's
//! hand-over and the borrower's own word, the signature in ink by the consultant's attestation; a returned paper shows what was
//! really signed, and a difference here is what a second person, an auditor or a court asks about.

use mingbai_cost::Words;
use mingbai_evidence::{Digest, Record};
use serde::{Deserialize, Serialize};

use super::event::AttachmentRef;
use super::refusal::{Refusal, RefusalKind};
use crate::actor::{Actor, Login, StaffRole};
use crate::text::both;

mod rules;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;

pub use rules::{may_compare, may_decide, may_return};

/// Kind of the record of a picture that was handed in.
pub const RETURNED: &str = "paper_returned";
/// Kind of the record of a person's comparison.
pub const COMPARED: &str = "paper_compared";
/// Kind of the record of the second person's decision.
pub const DECIDED: &str = "paper_decided";
/// Kind of the record of a picture that was turned away: nothing can be said about it, so its bytes are not kept.
pub const TURNED_AWAY: &str = "paper_turned_away";
/// Most places that one record names: more help nobody.
pub const PLACES_LIMIT: usize = 24;
/// Longest note, in characters.
pub const NOTE_LIMIT: usize = 500;
/// Shortest reason where one is asked for, in characters.
pub const REASON_MIN: usize = 5;

/// True, false, or not known. Not known is never a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Looked at, and it holds.
    Holds,
    /// The picture is not good enough to say.
    NotKnown,
    /// False; the places say where.
    Contradicted,
}

/// What is claimed of a paper that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperClaim {
    /// It is a page of the kept document.
    ExpectedPage,
    /// No ink outside the places to write that was not printed.
    NothingAdded,
    /// Everything printed is there and says the same.
    NothingChanged,
    /// The borrower's place holds ink.
    Signed,
}

impl PaperClaim {
    /// Every claim, in order.
    pub const ALL: [PaperClaim; 4] =
        [PaperClaim::ExpectedPage, PaperClaim::NothingAdded, PaperClaim::NothingChanged, PaperClaim::Signed];
}

/// A place on the page, in tenths of a millimetre from its upper left corner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenPlace {
    /// Left, top, width, height.
    pub at_dmm: [u32; 4],
    /// What was printed there; empty where nothing was.
    pub printed: String,
    /// What is different, in words.
    pub words: Words,
}

/// One claim and what the machine says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenClaim {
    /// Which.
    pub claim: PaperClaim,
    /// Its answer.
    pub answer: Answer,
    /// Why, and what to do next.
    pub reason: Words,
    /// Where.
    pub places: Vec<SeenPlace>,
}

/// Ink in a place to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenInk {
    /// The place's name in the document, such as `sign-borrower`.
    pub place: String,
    /// Ink in it, in hundredths of a square millimetre of full black.
    pub ink_cmm2: u32,
}

/// Who read the figures on the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Figures {
    /// Nobody yet: no reader is set up, or it gave no answer. A person compares them on the split screen.
    Person {
        /// Why no reader did.
        why: Words,
    },
    /// A reader outside. Where it is sure of another figure, the page is contradicted; where it agrees, a person compares all the same.
    Reader {
        /// Its name and version as it says itself.
        name: String,
        /// Pieces of print whose figures it read as they were printed.
        same: u32,
        /// Where it is sure of another figure, at most [`PLACES_LIMIT`].
        differing: Vec<ReadPlace>,
        /// Pieces of print that it could not read surely.
        unsure: u32,
        /// The first of them, at most [`PLACES_LIMIT`].
        unsure_at: Vec<ReadPlace>,
    },
}

/// What a reader read at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadPlace {
    /// Left, top, width, height in tenths of a millimetre from the upper left corner.
    pub at_dmm: [u32; 4],
    /// What was printed.
    pub printed: String,
    /// What it read; empty when it read nothing.
    pub read: String,
    /// How sure it was, in parts per million.
    pub sure_ppm: u32,
}

/// A picture that was handed in, held against the document that its square code names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperReturned {
    /// The document that was issued.
    pub document: Digest,
    /// Its short code, plain.
    pub code: String,
    /// The file that was handed in, as it was.
    pub picture: AttachmentRef,
    /// The page as it should look, for the split screen.
    pub expected: AttachmentRef,
    /// The page as it came back, laid on the expected one.
    pub laid: AttachmentRef,
    /// Which page, from 1; nothing when it could not be laid on any.
    pub page: Option<u32>,
    /// What the machine says.
    pub claims: Vec<SeenClaim>,
    /// Ink in the places to write.
    pub ink: Vec<SeenInk>,
    /// Who read the figures.
    pub figures: Figures,
    /// The machine and its version.
    pub eyes: String,
}

impl PaperReturned {
    /// The worst of the machine's answers.
    #[must_use]
    pub fn answer(&self) -> Answer {
        PaperClaim::ALL.into_iter().map(|claim| self.of(claim)).max().unwrap_or(Answer::NotKnown)
    }

    /// What it says of one claim; not known when it says nothing.
    #[must_use]
    pub fn of(&self, claim: PaperClaim) -> Answer {
        let seen = self.claims.iter().filter(|c| c.claim == claim).map(|c| c.answer).max();
        let read_otherwise =
            matches!(&self.figures, Figures::Reader { differing, .. } if !differing.is_empty());
        match claim {
            PaperClaim::NothingChanged if read_otherwise => Answer::Contradicted,
            _ => seen.unwrap_or(Answer::NotKnown),
        }
    }
}

/// Why a picture was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No JPEG, PNG or PDF.
    NotAPicture,
    /// More bytes than are taken.
    TooLarge,
    /// Damaged, or it shows no code of ours, or several.
    Unreadable,
    /// Its code leads to somebody else's address.
    ForeignHost,
    /// Its code belongs to no paper of this loan.
    OtherPaper,
    /// The terms were changed after it was printed.
    EarlierTerms,
}

/// A file that was handed in and turned away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperTurnedAway {
    /// SHA-256 of the file; whoever still has it can show that it is the one.
    pub file_sha256: Digest,
    /// Its size.
    pub file_bytes: u64,
    /// Why.
    pub fault: Fault,
    /// What she was told.
    pub words: Words,
    /// The machine and its version.
    pub eyes: String,
}

/// What a person found on the split screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Every figure is the same.
    Same,
    /// Something is different.
    Different,
}

/// A person compared the figures by eye.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperCompared {
    /// Leaf of the record of the picture.
    pub returned: Digest,
    /// What she found.
    pub found: Found,
    /// What she wants to say about it.
    pub note: String,
}

/// The second person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperDecision {
    /// This is the paper that was printed, signed.
    Confirmed,
    /// It is not, or it cannot be told.
    Refused,
}

/// A second person decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperDecided {
    /// Leaf of the record of the picture.
    pub returned: Digest,
    /// What.
    pub decision: PaperDecision,
    /// Why; needed for a refusal and where the machine could not tell.
    pub note: String,
}

/// Who, when, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// Who.
    pub by: Login,
    /// When, unix ms.
    pub at_ms: i64,
    /// What.
    pub what: T,
}

/// One picture with everything that was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedPaper {
    /// Leaf of its record: its name in what follows.
    pub leaf: Digest,
    /// Position in its stream: its number on pages.
    pub seq: u64,
    /// Terms that the document shows.
    pub terms: Option<Digest>,
    /// Who handed it in, and what the machine saw.
    pub returned: Said<PaperReturned>,
    /// Who compared.
    pub compared: Option<Said<PaperCompared>>,
    /// Who decided.
    pub decided: Option<Said<PaperDecided>>,
}

impl ReturnedPaper {
    /// Whether a second person confirmed it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.decided.as_ref().is_some_and(|said| said.what.decision == PaperDecision::Confirmed)
    }
}

/// Every picture of a stream, in order. Counts only what the rules allow, also when it was written past them.
#[must_use]
pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<ReturnedPaper> {
    let mut papers: Vec<ReturnedPaper> = Vec::new();
    for record in records {
        let Some(actor) = Actor::from_text(record.actor()) else { continue };
        let at_ms = record.at_ms();
        match record.kind() {
            RETURNED => {
                let (Ok(by), Some(what)) = (may_return(&actor), read::<PaperReturned>(record)) else {
                    continue;
                };
                papers.push(ReturnedPaper {
                    leaf: record.leaf(),
                    seq: record.seq(),
                    terms: record.terms(),
                    returned: Said { by, at_ms, what },
                    compared: None,
                    decided: None,
                });
            }
            COMPARED => {
                let Some(what) = read::<PaperCompared>(record) else { continue };
                let Some(paper) = papers.iter_mut().find(|paper| paper.leaf == what.returned) else {
                    continue;
                };
                if let Ok(by) = may_compare(paper, &actor, &what) {
                    paper.compared = Some(Said { by, at_ms, what });
                }
            }
            DECIDED => {
                let Some(what) = read::<PaperDecided>(record) else { continue };
                let Some(paper) = papers.iter_mut().find(|paper| paper.leaf == what.returned) else {
                    continue;
                };
                if let Ok(by) = may_decide(paper, &actor, &what) {
                    paper.decided = Some(Said { by, at_ms, what });
                }
            }
            _ => {}
        }
    }
    papers
}

/// Every picture that was turned away, in order.
#[must_use]
pub fn turned_away<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Said<PaperTurnedAway>> {
    let said = |record: &Record| {
        let by = may_return(&Actor::from_text(record.actor())?).ok()?;
        Some(Said { by, at_ms: record.at_ms(), what: read::<PaperTurnedAway>(record)? })
    };
    records.into_iter().filter(|record| record.kind() == TURNED_AWAY).filter_map(said).collect()
}

fn read<T: for<'de> Deserialize<'de>>(record: &Record) -> Option<T> {
    serde_json::from_value(record.body().clone()).ok()
}

/// Consultant or compliance with her own login.
fn staff(actor: &Actor) -> Result<Login, Refusal> {
    match actor {
        Actor::Staff(login, StaffRole::Consultant | StaffRole::Compliance) => Ok(login.clone()),
        _ => Err(Refusal::new(
            RefusalKind::NotYours,
            both(
                "交回的纸只能由顾问或消保岗用自己的账号上传、核对和确认。",
                "A returned paper is handed in, compared and decided by consultants and compliance, each with her own login.",
            ),
            both("请让同事用自己的账号办理。", "Let a colleague do it with her own login."),
        )),
    }
}
