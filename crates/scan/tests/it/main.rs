//! Papers that come back: honest ones, forged ones, and files that are no papers at all. The full corpus is
//! `examples/corpus.rs`; here runs a little of it.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

#[path = "../forge/mod.rs"]
mod forge;
mod hostile;
mod papers;
mod round;
