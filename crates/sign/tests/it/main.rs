//! The whole path from paper to verdict, with programs of others as judges: pdfsig, pyHanko, qpdf, OpenSSL.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod agreement;
mod authority;
mod corpus;
mod kit;
mod later;
mod national;
mod oracles;
mod shadow;
mod signing;
mod tamper;
