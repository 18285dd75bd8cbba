//! What a person sees at the command line, kept as goldens; and what scripts rely on: exit codes and whole files.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod audit;
mod complaints;
mod demo;
mod forger;
mod frame;
mod http;
mod keep;
#[expect(dead_code, reason = "the tests of the sign crate need more of it")]
#[path = "../../../sign/tests/it/kit.rs"]
mod kit;
mod lint;
mod lint_paper;
#[path = "../../../store/tests/it/moto.rs"]
mod moto;
mod played;
mod postgres;
mod privacy;
mod renew;
mod rings;
mod rotate;
mod run;
mod scam;
mod serve;
mod signed;
mod stamps;
mod storage;
#[expect(dead_code, reason = "the tests of evidence need more of it")]
#[path = "../../../evidence/tests/it/tsa.rs"]
mod tsa;
mod witness;
