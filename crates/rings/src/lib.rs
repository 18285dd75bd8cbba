//! Rings of illegal loan intermediaries: what applications share, how common that is, and what an officer should do about it.
//!
//! The log is bipartite: an application on one side, keyed hashes of identifiers on the other. [`Window`] answers while the borrower
//! waits, [`batch`] looks at the whole log at night, and [`judge`](rules::judge) turns evidence into steps that help a customer. Nothing
//! here refuses a loan: in an "AB loan" the borrower is the victim, so the strongest outcome is that a person looks.
//!
//! The crate sees hashes only, and nothing about complaints can reach it: it uses no crate of the house (DESIGN law 11).

pub mod address;
pub mod batch;
mod kind;
pub mod normal;
pub mod rules;
pub mod thresholds;
mod window;
pub mod words;

pub use kind::{Application, Group, Identifier, Kind};
pub use window::{
    Evidence, MOST_IDENTIFIERS, Refused, Shared, Sighting, Window, WindowSpec, commonness_micro,
};
