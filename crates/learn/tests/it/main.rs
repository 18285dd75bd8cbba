//! The measuring engine against published figures, against properties, and against itself.

mod adaptive;
mod irt;
mod lsat;
