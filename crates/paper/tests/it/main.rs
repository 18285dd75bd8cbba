//! What a reader of the papers sees, and what a reader of their bytes finds.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod fixture;
mod lint;
mod pages;
mod pool;
mod words;
