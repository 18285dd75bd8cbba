//! Reads a message and says which known pattern of fraud it follows.
pub mod checker;
pub mod evidence;
pub mod fold;
mod han;
pub mod kind;
pub mod lexicon;
pub mod model;
pub mod verdict;
pub use checker::*;
pub use kind::ScamType;
