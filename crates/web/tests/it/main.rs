//! The pages from outside: a small browser against the real router, desk and SQLite store.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod api;
mod borrow;
mod browser;
mod campaign;
mod complain;
mod course;
mod doors;
mod family;
mod guards;
mod hostile;
#[expect(dead_code, reason = "the house of the desk's tests; not every test binary needs all of it")]
#[path = "../../../desk/tests/it/house.rs"]
mod house;
mod learn;
mod log;
mod look;
mod materials;
mod proofs;
mod record;
mod returned;
mod rings;
mod scam;
mod staff;
mod staff_office;
mod trust_desk;
mod uploads;
