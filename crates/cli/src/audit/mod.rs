//! The loan-book audit: a mapping says what the columns mean, a reader makes loans of lines, the cost engine recomputes
//! them, a report streams the answers. No rule of cost lives here.

pub mod compute;
pub mod decimal;
pub mod mapping;
pub mod reader;
pub mod report;
pub mod tally;
