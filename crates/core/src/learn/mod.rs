//! 学 learn: what is taught to everybody, what is asked, and what came of it. Lessons and questions are files of the institution or of this
//! program; reading and checking them is here, and what a campaign may put on record. Scoring answers and computing figures is the
//! measuring engine's (`mingbai-learn`), pages are the web's.

pub mod bank;
pub mod campaign;
mod error;
pub mod lesson;
pub mod library;
mod shipped;
pub mod text;

pub use error::LearnError;
pub use library::{File, Library};
