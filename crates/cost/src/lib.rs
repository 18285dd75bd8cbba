//! What a loan really costs: money, calendars, repayment methods, fee standards, the one cost table
//! (综合融资成本明示表) and its annualised figures.
//!
//! Pure: no clock, no dice, no network, no disk. Everything a page, a PDF, a contract, a spoken script or a
//! reconciliation shows about cost is read from one [`table::CostTable`] value made here.

pub mod annual;
mod annuity;
pub mod batch;
pub mod calendar;
pub mod cap;
mod capital;
pub mod check;
mod curve;
pub mod diff;
pub mod early;
mod exact;
pub mod facts;
pub mod fees;
pub mod instalment;
pub mod interval;
pub mod money;
pub mod quote;
pub mod rate;
pub mod schedule;
mod settle;
pub mod solve;
pub mod table;
pub mod terms;
pub mod words;

pub use annual::{Flow, annual_cost};
pub use check::TermsError;
pub use instalment::level_instalment;
pub use money::{Fen, ParseFenError};
pub use quote::{CostError, quote};
pub use rate::{AnnualCost, NoRate, RateBasis, RateFigure, RateValue};
pub use table::CostTable;
pub use terms::{Terms, TermsDigest, TermsSpec};
pub use words::{Lang, Words};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
