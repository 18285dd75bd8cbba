//! What a comparison says: four claims, each true, false or not known, with places and reasons. Not known is never a pass.

use serde::Serialize;

use crate::figures::Laid;
use crate::page::PlaceMm;
use crate::payload::PaperCode;
use crate::words::Words;

/// True, false, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The claim was looked at and holds.
    Holds,
    /// The picture is not good enough to say. Photograph again, or let a person look at the paper.
    NotKnown,
    /// The claim is false; the places say where.
    Contradicted,
}

/// What is claimed of a paper that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimKind {
    /// It is the page that was expected.
    ExpectedPage,
    /// There is no ink outside the boxes that was not printed.
    NothingAdded,
    /// Everything printed is still there and says the same.
    NothingChanged,
    /// The borrower's box holds ink.
    Signed,
}

/// What was found at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A printed character looks like another one.
    Changed,
    /// Ink that was not printed.
    Added,
    /// Print that is gone.
    Missing,
    /// Print under the signature, which only a person can compare.
    UnderInk,
    /// A part of the page that cannot be compared.
    Unreadable,
}

/// One place on the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Where, from the upper left corner of the printed page.
    pub place: PlaceMm,
    /// What was printed there; empty where nothing was.
    pub printed: String,
    /// In words.
    pub words: Words,
}

/// One claim and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    /// Which.
    pub kind: ClaimKind,
    /// True, false, or not known.
    pub answer: Answer,
    /// Why, and what to do next.
    pub reason: Words,
    /// Where, at most [`PLACES_LIMIT`], the clearest first.
    pub findings: Vec<Finding>,
}

/// Most places named for one claim: more help nobody.
pub const PLACES_LIMIT: usize = 20;

/// How good the picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quality {
    /// Lowest resolution on the page in dots per inch.
    pub least_dpi: f64,
    /// Share of the printed page that the picture shows, from 0 to 1.
    pub inside_share: f64,
    /// Share of the printed patches that were found in their place.
    pub found_share: f64,
    /// How bright paper is in the darkest tenth, 1 is white.
    pub paper: f64,
    /// Darkness of ink against paper, 1 is black on white.
    pub contrast: f64,
    /// Spread of the noise, in shares of the contrast.
    pub noise: f64,
    /// How clearly the two most similar digits of the page would differ in this picture; below 1 a changed digit could be missed.
    pub power: f64,
}

/// Everything about one picture of one page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The code's text as read; `None` when no code could be read.
    pub code_text: Option<String>,
    /// The same taken apart, when it is one of ours.
    pub code: Option<PaperCode>,
    /// The page it was compared with, from 0.
    pub page_index: Option<usize>,
    /// The four claims, in the order of [`ClaimKind`].
    pub claims: Vec<Claim>,
    /// How good the picture is; zeros when no page was found.
    pub quality: Quality,
    /// Ink in each place to write, in square millimetres of full black; empty when no page was found.
    pub ink: Vec<BoxInk>,
    /// Both sides of a person's split screen.
    #[serde(skip)]
    pub sides: Sides,
    /// Where the figures lie in the picture, for a reader beside ours; nothing when the page was not found in its place.
    #[serde(skip)]
    pub laid: Option<Laid>,
}

/// Ink in a place to write.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoxInk {
    /// Its name, such as `sign-borrower`.
    pub name: String,
    /// Square millimetres of full black.
    pub ink_mm2: f64,
}

/// The page as it should look and as it came back, one on the other's place, findings framed on both. Empty when no page was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// As printed, PNG.
    pub expected_png: Vec<u8>,
    /// As it came back, JPEG.
    pub laid_jpeg: Vec<u8>,
}

impl Verdict {
    /// The worst of all answers: a paper passes only if every claim holds. Even then a second person confirms.
    #[must_use]
    pub fn answer(&self) -> Answer {
        self.claims.iter().map(|c| c.answer).max().unwrap_or(Answer::NotKnown)
    }

    /// One claim.
    #[must_use]
    pub fn claim(&self, kind: ClaimKind) -> Option<&Claim> {
        self.claims.iter().find(|c| c.kind == kind)
    }

    /// Nothing could be compared, for one reason.
    pub(crate) fn none(code_text: Option<String>, answer: Answer, reason: &Words) -> Verdict {
        let claim = |kind| Claim {
            kind,
            answer: if kind == ClaimKind::ExpectedPage { answer } else { Answer::NotKnown },
            reason: reason.clone(),
            findings: Vec::new(),
        };
        Verdict {
            code: code_text.as_deref().and_then(|t| PaperCode::read(t).ok()),
            code_text,
            page_index: None,
            claims: KINDS.map(claim).to_vec(),
            quality: Quality::default(),
            ink: Vec::new(),
            sides: Sides::default(),
            laid: None,
        }
    }
}

pub(crate) const KINDS: [ClaimKind; 4] =
    [ClaimKind::ExpectedPage, ClaimKind::NothingAdded, ClaimKind::NothingChanged, ClaimKind::Signed];
