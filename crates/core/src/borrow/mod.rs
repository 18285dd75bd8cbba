//! 用 borrow: one loan from quote to call-back.

pub mod duty;
