//! 信 trust: what people can turn to. Nothing of `borrow` may know complaints: whoever complains is treated like everybody else (law 11), and
//! `tidy` proves it.

pub mod bulletin;
pub mod complaint;
mod reference;
pub mod ring;
pub mod scam_report;
