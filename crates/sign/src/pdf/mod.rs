//! Just enough of PDF to sign a file and to judge a signed one: values, revisions, pages, and incremental updates with a
//! classic cross-reference table.
//!
//! Own code instead of a PDF library because a library shows one merged document: the verifier needs every revision apart,
//! the exact place of each value, and a refusal where a library would repair.

mod file;
pub(crate) mod object;
mod parse;
mod tree;
mod update;

pub(crate) use file::{Fault, Pdf, Stored, View};
pub(crate) use parse::Parser;
pub(crate) use tree::{Signed, pages, signature_fields};
pub(crate) use update::Update;
