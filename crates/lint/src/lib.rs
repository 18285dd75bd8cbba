//! Reads what a lender says about a loan — advertisement, contract, script, training paper — and finds the places that the rules on
//! marketing and contracts do not allow, with the clause and a way to put it right.
//!
//! Pure: text in, findings out. The rules are a dated file (`policies/marketing`), not code; what must be computed (is the yearly rate
//! there, is it the smaller print, does it agree with the daily one) is a named check that the file refers to.
//!
//! **No finding is no approval.** What the rules do not name is not seen; a person reviews the material all the same.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests stop at the first surprise"))]

mod book;
mod check;
mod html;
mod markdown;
mod material;
mod price;
mod report;

pub use book::{Book, BookError, Kind, Severity};
pub use material::{Form, MATERIAL_MAX, Material, Unreadable};
pub use report::{Finding, Place, Report};
