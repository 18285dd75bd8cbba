//! The contract that every store keeps, played against SQLite, PostgreSQL and a folder; and what is true of each alone:
//! reopening, damage, several nodes, lost answers, and processes that are really killed.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod attachments;
mod cluster;
mod complaints_contract;
mod custody;
mod faults;
mod fsck;
mod kill;
mod links_contract;
mod log_contract;
mod memory;
mod moto;
mod nodes;
mod outbox_contract;
mod people_contract;
mod postgres;
mod publishing_contract;
mod recordings_contract;
mod sqlite;
mod stamps_contract;
mod support;
mod traces_contract;
mod unknown;
mod vault_contract;
