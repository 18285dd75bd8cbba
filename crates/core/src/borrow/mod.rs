//! 用 borrow: one loan from quote to call-back.

pub mod afford;
mod after_payout;
pub mod audit;
pub mod callback;
pub mod checker;
pub mod command;
pub mod decide;
pub mod duty;
pub mod event;
pub mod fold;
pub mod gate;
pub mod ink;
pub mod journey;
mod may;
pub mod numerals;
mod pressure;
pub mod reading;
pub mod reconcile;
pub mod recording;
pub mod refusal;
pub mod returned;
pub mod screen;
pub mod script;
pub mod signing;
pub mod sim;
pub mod state;
pub mod status;
pub mod teachback;

#[cfg(test)]
pub(crate) mod fixture;
mod say;

pub use decide::Context;
pub use journey::{Journey, JourneyId};
pub use may::Belongs;
