//! The recording: begun by a consultant, kept chunk by chunk, closed with one chain head for each file. The bytes are the person's
//! documents, sealed under her key; the log names their hashes.

mod look;
mod play;
mod progress;

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::recording::{
    CHUNKS_LIMIT, Manifest, ManifestChunk, Mode, NodeMark, Recording, Side, Take, Wish,
};
use mingbai_core::borrow::script::{Script, Spoken, spoken_json};
use mingbai_core::text::both;
use mingbai_evidence::Digest;

use super::holder;
use super::write::{Acted, Loaded};
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{FileOf, Recordings};

pub use look::Findings;
pub use play::{Played, RecordingFile, Viewed};
pub use progress::{Files, Unfinished};

/// The most bytes of one chunk: two seconds of a good picture are less than a tenth of it.
pub const CHUNK_LIMIT: usize = 4 << 20;

/// A file that is complete, as its browser says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedFile {
    /// Number of chunks.
    pub chunks: u32,
    /// How long it recorded.
    pub length_ms: i64,
    /// The chain's head as the browser computed it.
    pub head: Digest,
    /// Media type.
    pub media: String,
}

fn gone() -> DeskError {
    DeskError::NotFound(both("没有这段双录。", "There is no such recording."))
}

impl Desk {
    fn recordings(&self) -> Result<&dyn Recordings, DeskError> {
        let none = || both("本机构没有开启在线双录。", "This house does not record in the browser.");
        self.recordings.as_ref().map(|port| port.as_ref()).ok_or_else(|| DeskError::NotFound(none()))
    }

    /// The reviewed script of this journey's product; `None` when the product names none.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the product or the script that it names is not loaded.
    pub fn script_of(&self, loaded: &mingbai_core::borrow::Journey) -> Result<Option<&Script>, DeskError> {
        let Some(terms) = loaded.terms() else { return Ok(None) };
        let of = &terms.spec().product;
        let product = self.product(&of.id, Some(&of.version))?;
        let Some(wanted) = product.file().script else { return Ok(None) };
        let found = self.scripts.iter().find(|script| script.digest() == wanted);
        found.map(Some).ok_or_else(|| {
            DeskError::NotFound(both(
                "产品所指的双录话术没有加载。请检查话术文件夹。",
                "The script that the product names is not loaded; look at the folder of scripts.",
            ))
        })
    }

    /// Consultant: begins a recording.
    ///
    /// # Errors
    /// [`DeskError::Refused`] without a valid certificate, or before it was understood; [`DeskError::NotFound`] without a script.
    pub async fn begin_recording(
        &self,
        caller: &Caller,
        id: JourneyId,
        mode: Mode,
    ) -> Result<Acted, DeskError> {
        self.recordings()?;
        let Some(login) = caller.login().filter(|_| caller.role() == Some(StaffRole::Consultant)) else {
            return Err(forbidden());
        };
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        let (Some(script), Some(table), Some(terms)) =
            (self.script_of(&journey)?, journey.table(), journey.terms_digest())
        else {
            return Err(DeskError::NotFound(both(
                "这个产品没有经审查的双录话术。请用登记方式,或由消保岗审查话术。",
                "This product has no reviewed script. Attest the branch's own recording, or let compliance review a script.",
            )));
        };
        let filled = script.fill(table);
        let bytes = spoken_json(&script.digest(), &terms, &filled);
        let spoken = self.ports.attachments.put(holder(id), bytes, "application/json").await?;
        let nodes = filled.into_iter();
        let mark = |node: Spoken| NodeMark { id: node.id, expects: node.expects, covers: node.covers };
        let wish = Wish::Begin {
            script: script.digest(),
            spoken,
            mode,
            certificate: self.trained(login).await?.map(|trained| trained.certificate),
            nodes: nodes.map(mark).collect(),
        };
        Box::pin(self.act(caller, id, Command::Recording(Box::new(wish)))).await
    }

    /// What is read out, with the figures of the current terms, as the recording named it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when no recording was begun.
    pub async fn spoken(&self, caller: &Caller, id: JourneyId) -> Result<Vec<Spoken>, DeskError> {
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        let document = journey.spoken().ok_or_else(gone)?;
        let bytes = self.ports.attachments.get(holder(id), document.sha256).await?.ok_or_else(gone)?;
        let broken = |e: serde_json::Error| DeskError::Fault(format!("the filled script: {e}"));
        let mut whole: serde_json::Value = serde_json::from_slice(&bytes).map_err(broken)?;
        serde_json::from_value(whole["nodes"].take()).map_err(broken)
    }

    /// Keeps one chunk. Durable when it returns; sending it again changes nothing, another chunk in its place is refused.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for somebody else's side; [`DeskError::Invalid`] for a chunk that is not what its sender announced, or has
    /// no place; [`DeskError::NotFound`] when this recording is not going on.
    pub async fn keep_chunk(
        &self,
        caller: &Caller,
        file: &FileOf,
        (index, bytes, announced): (u32, Vec<u8>, Digest),
    ) -> Result<(), DeskError> {
        let port = self.recordings()?;
        let closed = self.may_record(caller, file).await?;
        if bytes.is_empty() || bytes.len() > CHUNK_LIMIT || index >= CHUNKS_LIMIT {
            let words = both("录像块为空、太大或太多。", "The chunk is empty, too large, or one too many.");
            return Err(DeskError::invalid("chunk", words));
        }
        let wrong = || {
            let words = both(
                "这一块收到的内容与发送的不同,请重发。",
                "This chunk arrived with other bytes than were sent; send it again.",
            );
            DeskError::invalid("chunk", words)
        };
        if Digest::of(&bytes) != announced {
            return Err(wrong());
        }
        // Behind a complete file nothing is kept: bytes that no record names would lie there for nobody.
        if closed.is_some_and(|chunks| index >= chunks) {
            let words =
                both("这个录像文件已经完成,不能再加。", "This file is complete; nothing is added to it.");
            return Err(DeskError::invalid("chunk", words));
        }
        let kept =
            self.ports.attachments.put(holder(file.journey), bytes, "application/octet-stream").await?;
        port.keep_chunk(file, index, ManifestChunk { sha256: kept.sha256, bytes: kept.bytes }).await?;
        let here = port.chunks(file).await?;
        match here.iter().find(|(place, _)| *place == index) {
            Some((_, chunk)) if chunk.sha256 == announced => Ok(()),
            _ => Err(wrong()),
        }
    }

    /// Which chunks of a file are here, by place: what a browser asks after a lost connection.
    ///
    /// # Errors
    /// As [`Desk::keep_chunk`].
    pub async fn kept_chunks(&self, caller: &Caller, file: &FileOf) -> Result<Vec<u32>, DeskError> {
        let port = self.recordings()?;
        self.may_record(caller, file).await?;
        Ok(port.chunks(file).await?.into_iter().map(|(place, _)| place).collect())
    }

    /// A file is complete. The chain is computed again from what is here; only when the head is the browser's, the file counts.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when chunks are missing or the heads differ; as [`Desk::keep_chunk`].
    pub async fn close_file(
        &self,
        caller: &Caller,
        file: &FileOf,
        closed: ClosedFile,
    ) -> Result<Acted, DeskError> {
        let port = self.recordings()?;
        self.may_record(caller, file).await?;
        let here = port.chunks(file).await?;
        let gap = here.iter().zip(0_u32..).find(|((place, _), wanted)| place != wanted);
        if gap.is_some() || u32::try_from(here.len()) != Ok(closed.chunks) {
            let words = both("录像还没有传完。", "Not every chunk has arrived.");
            return Err(DeskError::invalid("chunks", words));
        }
        let media: String = closed.media.chars().filter(|c| c.is_ascii_graphic()).take(80).collect();
        let manifest = Manifest {
            v: 1,
            recording: file.recording.clone(),
            side: file.side,
            take: file.take,
            media,
            chunks: here.into_iter().map(|(_, chunk)| chunk).collect(),
        };
        if manifest.head() != closed.head {
            let words = both(
                "录像链与浏览器算出的不同,这个文件不算数,请重录。",
                "The chain is not the one that the browser computed; this file does not count. Record again.",
            );
            return Err(DeskError::invalid("head", words));
        }
        let (head, bytes) = (manifest.head(), manifest.bytes());
        let manifest =
            self.ports.attachments.put(holder(file.journey), manifest.to_json(), "application/json").await?;
        let take = Take {
            recording: file.recording.clone(),
            side: file.side,
            take: file.take,
            chunks: closed.chunks,
            bytes,
            length_ms: closed.length_ms,
            head,
            manifest,
        };
        let wish = Command::Recording(Box::new(Wish::Keep(take)));
        Box::pin(self.act(caller, file.journey, wish)).await
    }

    /// Whether this caller may add to this file now; the number of its chunks when it is complete.
    async fn may_record(&self, caller: &Caller, file: &FileOf) -> Result<Option<u32>, DeskError> {
        let Loaded { journey, .. } = self.load_for(caller, file.journey).await?;
        let recording = journey.recording().filter(|one| one.id() == file.recording && one.is_agreed());
        let recording = recording.ok_or_else(gone)?;
        if !is_side_of(recording, &caller.actor(), file.side) {
            return Err(forbidden());
        }
        Ok(recording.takes.get(&(file.side, file.take)).map(|(_, take)| take.chunks))
    }
}

/// Nobody records another one's side.
fn is_side_of(recording: &Recording, actor: &Actor, side: Side) -> bool {
    match side {
        Side::Borrower => *actor == Actor::Borrower,
        Side::Consultant => *actor == recording.mark.actor && recording.begun.mode == Mode::Remote,
    }
}
