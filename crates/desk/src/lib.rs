//! Use cases: who may do what, in which order things are read, decided and written (DESIGN §3, "a request's way").
//! Async, but without IO of its own: everything outside comes through the traits in [`ports`].

pub mod ports;

pub use mingbai_core as core;
pub use mingbai_cost as cost;
pub use mingbai_evidence as evidence;
