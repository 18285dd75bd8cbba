//! What a machine can find out about a recording: whether picture and sound of each part can be played, whether the picture is black,
//! frozen, too small or blurred, whether somebody can be heard, neither too softly nor cut off, and whether a part lasted long enough
//! for its text; and, where somebody recognises words, whether the figures and names that had to be said were said.
//!
//! ffmpeg decodes, as a child process without environment, network or files, with bounds on time, pictures, memory and words
//! ([`run`]). What it says is read as numbers ([`parse`]), and what the numbers come to is a pure function with stated
//! thresholds ([`judge()`]). Each outcome is fine, wrong with the moment to look at, or not known: what could not be measured never passes.
//!
//! It does not know loans or journeys, has no clock and speaks to nobody: the request to a recogniser of words is made here as bytes ([`asr`])
//! and sent elsewhere.

pub mod asr;
mod guard;
pub mod hear;
pub mod judge;
pub mod loudness;
pub mod measured;
pub mod numbers;
pub mod parse;
pub mod run;
pub mod said;
pub mod tool;
mod words;

pub use hear::{Heard, wav};
pub use judge::{Check, Judged, Outcome, Part, Thresholds, judge, unknown};
pub use measured::{Ending, Measured, Picture, Span, Trouble, Window};
pub use run::{Container, Limits, LookError, Looked, look};
pub use said::{Spoken, Wanted};
pub use tool::{Tool, ToolError};
pub use words::Words;
