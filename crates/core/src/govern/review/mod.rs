//! 消保审查 of materials: an advertisement, a page, a contract, a script or a training paper is handed in, held against dated rules by a
//! machine and against a checklist by a person, answered point by point by whoever wants to use it, handed in again in its final form,
//! and released by a second person for days, regions and channels. The stream `review/<number>` holds all of it.
//!
//! What is released are **bytes**: a material with one other character has another digest and is not released.

pub mod checklist;
mod decide;
mod event;
mod fold;
mod kinds;
mod lookup;
mod rules;

pub use decide::{Command, Context};
pub use event::{
    Answer, FinalCheck, Finding, Ground, Judged, Judgement, MachineFinding, MachinePlace, MachineReading,
    MachineReport, MaterialFile, Opinion, Release, Reply, ReviewEvent, Ruling, Submission, Weight,
};
pub use fold::{Answered, Final, FoldError, Issued, Released, Review, Stage, Stamp};
pub use kinds::{Channel, MaterialKind, Risk, Verdict};
pub use lookup::{EVERYWHERE, Place, Usable, usable};

use crate::numbered::numbered;

/// Most files of one review.
pub const FILES_LIMIT: usize = 10;
/// Shortest reason, in characters.
pub const REASON_MIN: usize = 5;
/// Shortest opinion as a whole, in characters: never only a signature.
pub const OPINION_MIN: usize = 20;
/// Longest text anywhere, in characters.
pub const TEXT_MAX: usize = 2_000;
/// Most regions that a release names.
pub const REGIONS_LIMIT: usize = 40;
/// Longest time for which a material is released, in days: a year, then it is looked at again.
pub const RELEASE_DAYS_LIMIT: i64 = 366;

numbered! {
    /// The number of a review.
    ReviewId in "review"
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
