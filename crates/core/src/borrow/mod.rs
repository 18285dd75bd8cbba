//! 用 borrow: one loan from quote to call-back.

pub mod afford;
pub mod callback;
pub mod duty;
pub mod numerals;
pub mod reconcile;
pub mod screen;
pub mod teachback;

mod say;
