//! What a person sees at the command line, kept as goldens; and what scripts rely on: exit codes and whole files.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod audit;
mod demo;
mod frame;
mod keep;
mod rotate;
mod run;
mod serve;
mod stamps;
#[expect(dead_code, reason = "the tests of evidence need more of it")]
#[path = "../../../evidence/tests/it/tsa.rs"]
mod tsa;
