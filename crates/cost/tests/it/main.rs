//! Integration tests of the cost engine: published figures, whole books, hostile flows. One binary, one module a subject.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod batch;
mod changes;
mod common;
mod hostile;
mod intervals;
mod laws;
mod lending_club;
mod plans;
mod quote;
mod shown;
mod vectors;
