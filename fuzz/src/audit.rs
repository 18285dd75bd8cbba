//! The reader of `mingbai audit`: the very files of the program.

#[path = "../../crates/cli/src/audit/compute.rs"]
pub mod compute;
#[path = "../../crates/cli/src/audit/decimal.rs"]
pub mod decimal;
#[path = "../../crates/cli/src/audit/mapping.rs"]
pub mod mapping;
#[path = "../../crates/cli/src/audit/reader.rs"]
pub mod reader;
