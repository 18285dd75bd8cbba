//! The desk on the real store: one loan through the whole loop, and everybody who tries to go around it.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod after_payout;
mod alerts;
mod campaign;
mod complaint;
mod complaint_files;
mod doors;
mod gate;
mod house;
mod loop_honest;
mod messages;
mod privacy;
mod publishing;
mod recording;
mod redacted;
mod returned;
mod review;
mod ring;
mod stamping;
#[expect(dead_code, reason = "the tests of evidence need more of it")]
#[path = "../../../evidence/tests/it/tsa.rs"]
mod tsa;
mod verify_us;
