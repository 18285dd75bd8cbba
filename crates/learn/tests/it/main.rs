//! The measuring engine against published figures, against properties, and against itself.

mod adaptive;
mod calibrate;
mod irt;
mod lsat;
mod luck;
