//! The engine against slow and obvious twins of itself.
#![allow(clippy::unwrap_used)]

mod address;
mod batch;
mod normal;
mod rules;
mod window;
