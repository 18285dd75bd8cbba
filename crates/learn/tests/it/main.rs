//! The measuring engine against published figures, against programs of others, against properties, and against itself.

mod adaptive;
mod calibrate;
mod counting;
mod irt;
mod lsat;
mod luck;
mod peers;
mod questions;
mod uplift;
