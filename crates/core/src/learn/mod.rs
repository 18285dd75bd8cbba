//! 学 learn: what is taught to everybody and what is asked. Lessons and questions are files of the institution or of this program; reading and
//! checking them is here, scoring answers is the engine's, pages are the web's.

pub mod bank;
mod error;
pub mod lesson;
pub mod library;
mod shipped;
pub mod text;

pub use error::LearnError;
pub use library::{File, Library};
