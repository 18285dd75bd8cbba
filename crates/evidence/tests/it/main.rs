//! One binary for all integration tests of the crate: packages written, read, damaged, forged and verified.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod attacks;
mod damage;
mod national;
mod package;
mod page;
mod receipts;
mod sample;
mod stamped;
mod timestamp;
mod tsa;
mod verify;
mod zips;
