//! Signatures inside PDFs for the desk: the built-in authority of this house over crate `sign`. The borrower's key is never here;
//! what is here signs certificates, revocation lists and the lender's seal.

mod adapter;
mod archive;
mod authority;
pub mod custody;
mod figures;
pub mod folder;
mod lists;
pub mod national;
pub mod report;
mod stamps;
pub mod token;

pub use adapter::Pen;
pub use authority::{BuiltIn, CaPlan};

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod custody_tests;
#[cfg(test)]
mod national_tests;
#[cfg(test)]
mod tests;
