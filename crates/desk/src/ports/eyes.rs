//! Who looks at the picture of a paper that came back: reads its square code, lays it on the page that was printed, and says what is
//! different. The desk decides which document that is and what a person makes of it.

use async_trait::async_trait;
use mingbai_core::borrow::returned::{Figures, SeenClaim, SeenInk};
use mingbai_cost::Words;

/// Largest file of a picture, in bytes: a telephone's photograph, or one page of a scanner at 300 dpi.
pub const PICTURE_BYTES: usize = 16 * 1024 * 1024;

/// What the square code on a picture says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SquareSeen {
    /// Host in its address, in lower case, with a port where it has one.
    pub host: String,
    /// Short code, plain.
    pub code: String,
    /// The digest behind it, as written; papers of an older form have none.
    pub mark: Option<String>,
}

/// What comparing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSeen {
    /// Which page, from 1; nothing when the picture could not be laid on any.
    pub page: Option<u32>,
    /// The claims.
    pub claims: Vec<SeenClaim>,
    /// Ink in the places to write.
    pub ink: Vec<SeenInk>,
    /// Who read the figures.
    pub figures: Figures,
    /// The page as it should look, as PNG.
    pub expected_png: Vec<u8>,
    /// The page as it came back, laid on the expected one, as JPEG.
    pub laid_jpeg: Vec<u8>,
}

/// A picture or a document cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EyesError {
    /// The file that was handed in: what is wrong with it, why, and what to do.
    #[error("{} / {}", .0.zh, .0.en)]
    Picture(Words),
    /// The document, or the machine itself.
    #[error("{} / {}", .0.zh, .0.en)]
    Broken(Words),
}

/// Looks at pictures of papers. Says what it sees and never what follows.
#[async_trait]
pub trait PaperEyes: Send + Sync {
    /// Name and version, as evidence names it.
    fn name(&self) -> String;

    /// Reads the square code of a picture (PNG, JPEG, or a PDF of one page).
    ///
    /// # Errors
    /// [`EyesError::Picture`] when the file is none, or shows no code of ours or several.
    async fn square(&self, picture: &[u8]) -> Result<SquareSeen, EyesError>;

    /// Holds the picture against the document.
    ///
    /// # Errors
    /// [`EyesError`].
    async fn compare(&self, picture: &[u8], pdf: &[u8]) -> Result<PageSeen, EyesError>;
}
