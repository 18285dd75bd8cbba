//! 双录: the recording of the confirmation, node by node.

mod findings;

pub use findings::{Check, NodeFindings, Outcome, Verdict};
