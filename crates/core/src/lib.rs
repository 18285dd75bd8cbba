//! Nouns and rules of the house: duties, the journey as a fold of evidence, the gate, and the rules of learn, borrow
//! and trust.
//!
//! Pure: it knows no clock, no dice, no network, no disk, no page and no database. Time and randomness are arguments.

pub mod actor;
pub mod borrow;
pub mod govern;
mod keyed;
pub mod learn;
mod numbered;
pub mod policy;
pub mod privacy;
pub mod text;
pub mod trust;

pub use mingbai_cost as cost;
pub use mingbai_evidence as evidence;
