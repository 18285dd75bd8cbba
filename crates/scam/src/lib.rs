//! Reads a message and says which known pattern of fraud it follows, by which words, and what to do now. Pure: text in, answer out.
//!
//! A message is folded ([`fold`]), the reviewed lexicon says who is claimed, what is demanded and which hook is used ([`lexicon`]), two
//! linear views assist ([`model`]), and everything is weighed into one score whose parts can be shown ([`evidence`]). The answer
//! ([`verdict`]) is a known pattern, nothing on record, or not enough to tell. It is never "safe".
//!
//! ```
//! use mingbai_scam::{Checker, Scratch, verdict::Verdict};
//! let answer = Checker::shipped().check("我是公安局的,把钱转到安全账户,不要告诉家人", &mut Scratch::default())?;
//! assert!(matches!(answer.verdict, Verdict::KnownPattern { .. }));
//! # Ok::<(), mingbai_scam::TooLong>(())
//! ```

pub mod advice;
mod checker;
pub mod evidence;
pub mod fold;
mod han;
pub mod kind;
pub mod lexicon;
pub mod model;
pub mod verdict;

pub use checker::{Answer, Checker, MESSAGE_MAX, Score, Scratch, TooLong};
pub use kind::ScamType;
