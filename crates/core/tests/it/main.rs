//! Integration tests of `mingbai-core`: one binary.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod agreement;
mod ceremony;
mod common;
mod permit;
mod recording;
mod sim;
