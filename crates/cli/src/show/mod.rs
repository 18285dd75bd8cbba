//! Values from below as text in the terminal. Nothing here computes a figure.

pub mod caps;
pub mod table;
