//! The whole path from paper to verdict, with programs of others as judges: pdfsig, pyHanko, qpdf, OpenSSL.

mod authority;
mod corpus;
mod kit;
mod oracles;
mod shadow;
mod signing;
mod tamper;
