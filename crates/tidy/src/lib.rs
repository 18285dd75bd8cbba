//! Checks on the code base itself: layers, sizes, words, colours, commands. Code that checks the code.
//!
//! Every check is a pure function from text to breaches; only `tests/it` reads the repository. It must not know any
//! rule of the product.

pub mod apart;
pub mod layers;
pub mod lexer;
pub mod lines;
pub mod pages;
pub mod words;

/// One place that breaks a rule of the house.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// File, from the root of the repository, or a crate's name.
    pub place: String,
    /// Line, 1-based; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub why: String,
}

impl Breach {
    /// A breach at a line.
    #[must_use]
    pub fn at(place: &str, line: usize, why: impl Into<String>) -> Self {
        Breach { place: place.to_owned(), line, why: why.into() }
    }
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.place, self.why),
            line => write!(f, "{}:{line}: {}", self.place, self.why),
        }
    }
}

/// A file of the repository with its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path from the root, with `/`.
    pub path: String,
    /// Text.
    pub text: String,
}
