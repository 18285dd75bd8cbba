//! A lender's own templates: the text that replaces a built-in template of one kind, with the digest under which it was reviewed.
//! Who reads them from where is the caller's business; they reach nothing but `house.typ`, `parts.typ` and the view.

use std::collections::BTreeMap;

use crate::{DocKind, PaperError};

/// Largest template, in bytes.
pub const TEMPLATE_LIMIT: usize = 256 * 1024;

/// One template of a lender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    digest: String,
}

impl Template {
    /// A template and the digest (hex) of its bytes, which is printed into the keywords of every file made from it.
    ///
    /// # Errors
    /// [`PaperError::Template`] when it is larger than [`TEMPLATE_LIMIT`] or its digest is no hex text.
    pub fn new(text: impl Into<String>, digest: impl Into<String>) -> Result<Self, PaperError> {
        let (text, digest) = (text.into(), digest.into());
        if text.len() > TEMPLATE_LIMIT {
            return Err(PaperError::Template { why: format!("{} > {TEMPLATE_LIMIT} bytes", text.len()) });
        }
        if digest.is_empty() || digest.len() > 128 || !digest.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(PaperError::Template { why: format!("digest {digest:?}") });
        }
        Ok(Template { text, digest })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// The templates of a lender by kind; a kind that is not there uses the built-in one.
pub type Templates = BTreeMap<DocKind, Template>;
