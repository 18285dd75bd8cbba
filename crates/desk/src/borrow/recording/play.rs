//! Looking at a recording: who may, what is handed out, and the record that somebody looked. Files are put together from their chunks
//! while they are read; a range decrypts only the chunks that it touches.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::recording::{Manifest, ManifestChunk, Recording, Side};
use mingbai_core::text::both;
use mingbai_evidence::{Draft, Record, StreamId};
use serde_json::json;

use super::gone;
use crate::borrow::holder;
use crate::borrow::write::Loaded;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Attachments, KeepError, Pieces};

/// A complete file, to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingFile {
    /// Whose.
    pub side: Side,
    /// Number.
    pub take: u32,
    /// Media type.
    pub media: String,
    /// Bytes.
    pub bytes: u64,
}

/// A file, opened.
pub struct Played {
    /// What it is.
    pub file: RecordingFile,
    /// Its bytes, or those of the range.
    pub pieces: Box<dyn Pieces>,
}

/// Somebody looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// Who.
    pub actor: String,
    /// When, unix ms.
    pub at_ms: i64,
}

/// Reads chunk after chunk.
struct Joined {
    attachments: Arc<dyn Attachments>,
    journey: JourneyId,
    total: u64,
    /// Chunks to come, with what is wanted of each.
    left: VecDeque<(ManifestChunk, Range<usize>)>,
}

#[async_trait]
impl Pieces for Joined {
    fn total(&self) -> u64 {
        self.total
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, KeepError> {
        let Some((chunk, part)) = self.left.pop_front() else { return Ok(None) };
        let damaged = || KeepError::Damaged { what: format!("chunk {}", chunk.sha256) };
        let bytes = self.attachments.get(holder(self.journey), chunk.sha256).await?.ok_or_else(damaged)?;
        bytes.get(part).map(|part| Some(part.to_vec())).ok_or_else(damaged)
    }
}

impl Desk {
    pub(super) async fn manifest(
        &self,
        id: JourneyId,
        open: &Recording,
        side: Side,
        take: u32,
    ) -> Result<Manifest, DeskError> {
        let (_, file) = open.takes.get(&(side, take)).ok_or_else(gone)?;
        let kept = self.ports.attachments.get(holder(id), file.manifest.sha256).await?.ok_or_else(gone)?;
        let manifest = Manifest::from_json(&kept).map_err(|e| DeskError::Fault(e.to_string()))?;
        if manifest.head() != file.head {
            return Err(DeskError::Fault(format!(
                "the manifest of a recording of {} does not lead to the head on record",
                id.stream()
            )));
        }
        Ok(manifest)
    }

    pub(super) fn file_pieces(
        &self,
        journey: JourneyId,
        manifest: Manifest,
        part: Option<Range<u64>>,
    ) -> Box<dyn Pieces> {
        let total = manifest.bytes();
        let part = part.unwrap_or(0..total);
        let mut at = 0;
        let mut left = VecDeque::new();
        for chunk in manifest.chunks {
            let (from, to) = (part.start.max(at), part.end.min(at + chunk.bytes));
            if from < to {
                let inside = |offset: u64| usize::try_from(offset - at).unwrap_or(usize::MAX);
                left.push_back((chunk, inside(from)..inside(to)));
            }
            at += chunk.bytes;
        }
        Box::new(Joined { attachments: self.ports.attachments.clone(), journey, total, left })
    }

    /// The complete files of the current recording. Who asks is put on record first: looking at a person's face and voice leaves a trace.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless consultant, compliance or auditor; [`DeskError::NotFound`].
    pub async fn view_recording(
        &self,
        caller: &Caller,
        id: JourneyId,
    ) -> Result<Vec<RecordingFile>, DeskError> {
        let (journey, _) = self.may_view(caller, id).await?;
        let open = journey.recording().ok_or_else(gone)?;
        self.put_view_on_record(caller, id, open.id()).await?;
        let mut files = Vec::new();
        for (side, take) in open.takes.keys() {
            let manifest = self.manifest(id, open, *side, *take).await?;
            let bytes = manifest.bytes();
            files.push(RecordingFile { side: *side, take: *take, media: manifest.media, bytes });
        }
        Ok(files)
    }

    /// The bytes of a file, or of a range of it. Only who has opened the player is served, so that no byte leaves without a record.
    ///
    /// # Errors
    /// As [`Desk::view_recording`].
    pub async fn play_recording(
        &self,
        caller: &Caller,
        id: JourneyId,
        (side, take): (Side, u32),
        part: Option<Range<u64>>,
    ) -> Result<Played, DeskError> {
        let (journey, views) = self.may_view(caller, id).await?;
        let me = caller.actor().to_string();
        if !views.iter().any(|view| view.actor == me) {
            return Err(DeskError::Forbidden(both(
                "请先打开双录播放页,查看会留下记录。",
                "Open the player first; looking leaves a record.",
            )));
        }
        let open = journey.recording().ok_or_else(gone)?;
        let manifest = self.manifest(id, open, side, take).await?;
        let file = RecordingFile { side, take, media: manifest.media.clone(), bytes: manifest.bytes() };
        Ok(Played { file, pieces: self.file_pieces(id, manifest, part) })
    }

    /// Who looked at the recordings of a journey, oldest first.
    ///
    /// # Errors
    /// As [`Desk::view_recording`].
    pub async fn recording_views(&self, caller: &Caller, id: JourneyId) -> Result<Vec<Viewed>, DeskError> {
        Ok(self.may_view(caller, id).await?.1)
    }

    async fn may_view(
        &self,
        caller: &Caller,
        id: JourneyId,
    ) -> Result<(mingbai_core::borrow::Journey, Vec<Viewed>), DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor])?;
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        let logged = self.ports.log.read(&stream_of(id)?).await?;
        let view = |record: &Record| Viewed { actor: record.actor().to_owned(), at_ms: record.at_ms() };
        Ok((journey, logged.iter().map(|item| view(&item.record)).collect()))
    }

    async fn put_view_on_record(
        &self,
        caller: &Caller,
        id: JourneyId,
        recording: &str,
    ) -> Result<(), DeskError> {
        let stream = stream_of(id)?;
        for _ in 0..=crate::borrow::write::REFOLDS {
            let logged = self.ports.log.read(&stream).await?;
            let before = logged.last().map(|item| &item.record);
            let head = before.map(Record::head);
            let at_ms = self.now_ms().max(before.map_or(i64::MIN, Record::at_ms));
            let record = Record::write(Draft {
                id: self.new_id(at_ms),
                stream: stream.clone(),
                seq: head.map_or(0, |head| head.seq + 1),
                prev: head.map(|head| head.leaf),
                at_ms,
                actor: caller.actor().to_string(),
                kind: "recording_viewed".to_owned(),
                terms: None,
                body: json!({ "recording": recording }),
            })?;
            match self.ports.log.append(Append::of(stream.clone(), head, vec![record])).await {
                Err(crate::ports::LogError::Conflict { .. }) => {}
                outcome => return Ok(outcome.map(|_| ())?),
            }
        }
        Err(DeskError::Busy(both("有人同时在操作,请再试一次。", "Somebody else is at it; try again.")))
    }
}

/// The access log of a journey's recordings: a stream of its own, because a journey's ends and its recordings are looked at for years.
fn stream_of(id: JourneyId) -> Result<StreamId, DeskError> {
    StreamId::new(&format!("viewed/{}", id.uuid())).map_err(|e| DeskError::Fault(e.to_string()))
}
