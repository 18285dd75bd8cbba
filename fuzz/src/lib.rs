//! What the fuzz targets share: samples of valid input, so that a target can say more than "it did not panic". The samples are those of
//! the crates' own tests, and the loan book's reader is the program's own source, taken in here because the program has no library.

#![allow(dead_code, missing_docs, clippy::all, reason = "shared sources of tests and of the program")]

#[path = "../../crates/evidence/tests/it/sample.rs"]
pub mod sample;

#[path = "../../crates/sign/tests/it/kit.rs"]
pub mod kit;

#[path = "../../crates/cli/src/fail.rs"]
pub mod fail;

pub mod audit;
pub mod log;
pub mod papers;
pub mod story;
