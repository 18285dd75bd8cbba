//! How far the files of a recording have come on their way here, so that a browser goes on where it stopped; and her choice to be recorded.

use std::collections::BTreeSet;

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::Choice;
use mingbai_core::borrow::recording::{Agreed, Recording, Side, TAKES_LIMIT, Wish};

use super::gone;
use crate::borrow::write::{Acted, Loaded};
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::FileOf;

/// A file that was begun and never completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Its number.
    pub take: u32,
    /// The places of the chunks that are here.
    pub chunks: Vec<u32>,
}

/// The files of one side of the current recording, as a browser needs to know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The number that the next file gets. No file that anything is known of has it.
    pub next_take: u32,
    /// What was begun and is not complete.
    pub unfinished: Vec<Unfinished>,
}

impl Desk {
    /// Which files of a side are on their way, and the number of the next one.
    ///
    /// # Errors
    /// As [`Desk::keep_chunk`].
    pub async fn recording_files(
        &self,
        caller: &Caller,
        id: JourneyId,
        side: Side,
    ) -> Result<Files, DeskError> {
        let port = self.recordings()?;
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        let recording = journey.recording().filter(|one| one.is_agreed()).ok_or_else(gone)?;
        if !super::is_side_of(recording, &caller.actor(), side) {
            return Err(crate::caller::forbidden());
        }
        let named = named_takes(recording, side);
        let mut files = Files { next_take: named.last().map_or(0, |take| take + 1), unfinished: Vec::new() };
        for take in 0..TAKES_LIMIT {
            let closed = recording.takes.contains_key(&(side, take));
            let file = FileOf { journey: id, recording: recording.id().to_owned(), side, take };
            let here = if closed { Vec::new() } else { port.chunks(&file).await? };
            if !here.is_empty() {
                files.next_take = files.next_take.max(take + 1);
                let chunks = here.into_iter().map(|(place, _)| place).collect();
                files.unfinished.push(Unfinished { take, chunks });
            } else if !closed && take >= files.next_take {
                // Files are numbered without gaps: behind the first unknown number there is nothing.
                break;
            }
        }
        Ok(files)
    }

    /// Borrower: may I be recorded? The exact text that she saw is kept.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] without the text; [`DeskError::NotFound`] when no recording was begun; as [`Desk::act`].
    pub async fn agree_to_recording(
        &self,
        caller: &Caller,
        id: JourneyId,
        choice: Choice,
        text: &str,
    ) -> Result<Acted, DeskError> {
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        let recording = journey.recording().ok_or_else(gone)?.id().to_owned();
        let text = self.keep_consent_text(id, text).await?;
        let agreed = Agreed { recording, choice, text };
        Box::pin(self.act(caller, id, Command::Recording(Box::new(Wish::Agree(agreed))))).await
    }
}

/// Numbers of the files that the evidence knows: complete ones, and those that a node was answered in.
fn named_takes(recording: &Recording, side: Side) -> BTreeSet<u32> {
    let closed = recording.takes.keys().filter(|(of, _)| *of == side).map(|(_, take)| *take);
    let played = recording.states.iter().filter(|(node, _)| Recording::side_of(node) == side);
    let played = played.filter_map(|(_, state)| state.played.as_ref().map(|(_, played)| played.take));
    closed.chain(played).collect()
}
