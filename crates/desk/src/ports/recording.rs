//! The inspection of a recording by a machine. The desk says what should be in it and hands over its bytes; the inspector says, node
//! by node, what it found and where. It never decides: what its findings come to is a rule of the core.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
pub use mingbai_core::borrow::recording::NodeFindings;
use mingbai_core::borrow::recording::{Check, ManifestChunk, Outcome, Side};
use mingbai_core::text::both;
use mingbai_cost::Lang;

use super::keep::Pieces;
use super::people::StoreError;

/// Whether a node asks for an answer that can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerExpected {
    /// Nothing is asked.
    Nothing,
    /// The borrower says yes, in whatever words.
    Affirmative,
    /// The borrower says something of her own (her name, whose wish it is).
    Anything,
}

/// One stretch of a recorded file in which one node of the script was played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishedNode {
    /// Id of the node in the script; unique within a wish.
    pub id: String,
    /// Begin, milliseconds from the beginning of the file.
    pub start_ms: i64,
    /// End, exclusive; after `start_ms`.
    pub end_ms: i64,
    /// What should have been read out in it, figures filled in.
    pub expected_text: String,
    /// Names that must not be missing in it: the item and who collects it.
    pub names: Vec<String>,
    /// What she was asked for.
    pub answer_expected: AnswerExpected,
}

/// What should be in one file. A recording with redone nodes or two sides is several files and as many wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionWish {
    /// Language of the script.
    pub lang: Lang,
    /// Media type as the browser named it, e.g. `video/webm;codecs=vp8,opus`. Only a hint: the bytes decide.
    pub media: String,
    /// The nodes, in the order of time.
    pub nodes: Vec<WishedNode>,
    /// How many persons should be in the picture.
    pub persons_expected: u32,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Which machine looked, with its version and the settings that matter, for the evidence.
    pub engine: String,
    /// Real length of the file; `None` when nobody could tell.
    pub duration_ms: Option<i64>,
    /// Findings for every wished node, in the order of the wish.
    pub nodes: Vec<NodeFindings>,
    /// Words that were recognised, with where they begin; empty without a recogniser.
    pub transcript: Vec<SpokenLine>,
}

/// A line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenLine {
    /// Begin, milliseconds from the beginning of the file.
    pub start_ms: i64,
    /// End.
    pub end_ms: i64,
    /// What was understood.
    pub text: String,
}

/// Why nothing could be found out at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InspectError {
    /// The machine is not there just now; the outbox tries again.
    #[error("the inspector is not available: {0}; it is tried again")]
    Unavailable(String),
    /// The stored bytes could not be read.
    #[error("the recording cannot be read: {0}")]
    Unreadable(#[from] super::KeepError),
}

/// A machine that looks at recordings.
#[async_trait]
pub trait RecordingInspector: Send + Sync {
    /// Looks at one file. `recording` gives its bytes in order, exactly as the browser made them (WebM without a duration); a file that
    /// cannot be decoded is a finding ([`Check::Decodes`] failed at 0), not an error. Every check that was not made is said to be
    /// [`Outcome::NotChecked`] with the reason.
    ///
    /// # Errors
    /// [`InspectError`].
    async fn inspect(
        &self,
        wish: InspectionWish,
        recording: Box<dyn Pieces>,
    ) -> Result<Inspection, InspectError>;
}

/// The recogniser of words did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AsrError(pub String);

/// A recogniser of words. What it hears is compared with what had to be said; it never answers for anybody.
#[async_trait]
pub trait Asr: Send + Sync {
    /// The words in a WAV file of `length_ms` milliseconds, line by line; moments count from its beginning and lie within it. A
    /// recogniser without moments gives one line over the whole.
    ///
    /// # Errors
    /// [`AsrError`]: nothing is known about the words then, and a person listens.
    async fn words(&self, wav: &[u8], lang: Lang, length_ms: i64) -> Result<Vec<SpokenLine>, AsrError>;
}

/// The inspector of a house without a machine: it reads the bytes, so that a damaged recording is found, and says that nothing else was
/// checked. A person then looks at every node.
#[derive(Clone, Copy, Debug, Default)]
pub struct NobodyLooks;

#[async_trait]
impl RecordingInspector for NobodyLooks {
    async fn inspect(
        &self,
        wish: InspectionWish,
        mut recording: Box<dyn Pieces>,
    ) -> Result<Inspection, InspectError> {
        while recording.next().await?.is_some() {}
        let why = || both("没有配置机器质检,由专人查看", "No machine inspection is set up; a person looks");
        let findings = |node: WishedNode| NodeFindings {
            id: node.id,
            checks: Check::ALL.map(|check| (check, Outcome::NotChecked { why: why() })).into(),
        };
        Ok(Inspection {
            engine: "none".to_owned(),
            duration_ms: None,
            nodes: wish.nodes.into_iter().map(findings).collect(),
            transcript: Vec::new(),
        })
    }
}

/// One file of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOf {
    /// Journey.
    pub journey: JourneyId,
    /// Recording.
    pub recording: String,
    /// Whose.
    pub side: Side,
    /// Number of the file, from 0.
    pub take: u32,
}

/// Which chunks of a recording are here. The bytes lie with the person's documents; this is only what a browser asks after a lost
/// connection, until the file is complete.
#[async_trait]
pub trait Recordings: Send + Sync {
    /// Remembers that the chunk at this place is kept. The first one of a place stays: a chunk is never replaced.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn keep_chunk(&self, file: &FileOf, index: u32, chunk: ManifestChunk) -> Result<(), StoreError>;

    /// The chunks that are here, by place.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn chunks(&self, file: &FileOf) -> Result<Vec<(u32, ManifestChunk)>, StoreError>;

    /// Forgets the chunks of a journey: the person is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn forget_chunks(&self, journey: JourneyId) -> Result<(), StoreError>;
}
