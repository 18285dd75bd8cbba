//! A witness with a memory: what it saw of each log lies on the disk before it signs anything, so that neither a crash nor a
//! restart makes it sign a smaller or another tree. Decides nothing itself: `mingbai_evidence::witness` does.

pub mod memory;
pub mod server;
