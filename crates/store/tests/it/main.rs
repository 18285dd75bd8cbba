//! The contract that every store keeps, played against SQLite and a folder; and what is true of this store alone: reopening,
//! damage, and a process that is really killed.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod attachments;
mod kill;
mod log_contract;
mod outbox_contract;
mod people_contract;
mod sqlite;
mod support;
mod vault_contract;
