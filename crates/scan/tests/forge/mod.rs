//! A press room of our own for tests: dice that repeat, a pen, a forger, and a camera. Everything is drawn on the page at 300 dpi
//! and then photographed, so that a forgery goes through the same lens as an honest page.
#![allow(clippy::needless_range_loop, reason = "a matrix reads best by index")]
#![allow(dead_code, reason = "the corpus and the tests use different parts")]

pub mod camera;
pub mod dice;
pub mod forger;
pub mod pen;

/// Pixels of the drawn page in one millimetre: 300 dpi.
pub const MASTER_PX_PER_MM: f64 = 300.0 / 25.4;
/// Resolution of the drawn page.
pub const MASTER_DPI: f64 = 300.0;
