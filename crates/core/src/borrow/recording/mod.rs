//! 双录: the recording of the confirmation, node by node. A consultant with a valid certificate begins it; the borrower agrees to be
//! recorded, apart from every other consent; every node is read out and answered by her on her own page; the bytes are chained while
//! they are recorded; a machine looks at every node, and a person at what the machine could not tell. An answer that is not the
//! expected one stops everything until a consultant has explained, and then only that node is played again.
//!
//! The log holds one chain head and a count for each file, not an event for each of its thousand chunks.

mod chain;
mod count;
mod decide;
mod findings;
mod standing;

use std::collections::BTreeMap;

use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

pub use chain::{Chain, Manifest, ManifestChunk, ManifestError};
pub use findings::{Check, NodeFindings, Outcome, Verdict};
pub use standing::{NodeStanding, NodeState, Recording};

pub(super) use count::count;
pub(super) use decide::{attest, decide};

use super::event::{AttachmentRef, Choice};
use super::script::Expected;
use crate::actor::Actor;

/// The consultant's own side of a remote recording, as a node: her file is one stretch without a script.
pub const CONSULTANT_NODE: &str = "consultant";
/// The most nodes of one recording, those for each item included.
pub const NODES_LIMIT: usize = 120;
/// The longest stretch of one node.
pub const NODE_MS: i64 = 10 * 60_000;
/// The most chunks of one file: five hours of one second each.
pub const CHUNKS_LIMIT: u32 = 18_000;
/// The most files of one side: every redone node is one.
pub const TAKES_LIMIT: u32 = 60;

/// Who sits where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One device, two persons in the picture.
    OnSite,
    /// Two devices, one person in each picture; they talk by telephone. Each browser records its own side.
    Remote,
}

impl Mode {
    /// How many persons belong into the picture of a side.
    #[must_use]
    pub const fn persons(self) -> u32 {
        match self {
            Mode::OnSite => 2,
            Mode::Remote => 1,
        }
    }
}

/// Whose browser made a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The device with the borrower's page.
    Borrower,
    /// The consultant's device, in a remote recording.
    Consultant,
}

impl Side {
    /// Key in addresses and chains.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Side::Borrower => "borrower",
            Side::Consultant => "consultant",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Side::Borrower, Side::Consultant].into_iter().find(|side| side.key() == key)
    }
}

/// What she answered at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// "I doubt it", "I do not understand": never to her disadvantage.
    Doubt,
}

impl Answer {
    /// Whether the recording goes on with it.
    #[must_use]
    pub const fn fits(self, expected: Expected) -> bool {
        matches!((self, expected), (Answer::Yes, Expected::Yes) | (Answer::No, Expected::No))
    }
}

/// Until when a consultant is trained to lead, as compliance put it on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Certificate {
    /// Leaf of the record that says so.
    pub record: Digest,
    /// Valid before this moment.
    pub valid_until_ms: i64,
}

/// A node of this recording: what it names and which answer it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeMark {
    /// Id.
    pub id: String,
    /// The answer with which it goes on.
    pub expects: Expected,
    /// What it names.
    pub covers: Vec<String>,
}

/// A recording begins; what was recorded before for these terms counts no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Id of the recording.
    pub recording: String,
    /// Digest of the reviewed script.
    pub script: Digest,
    /// The script with the figures of these terms, as it is read out.
    pub spoken: AttachmentRef,
    /// Who sits where.
    pub mode: Mode,
    /// The lead's certificate.
    pub certificate: Certificate,
    /// The nodes in order.
    pub nodes: Vec<NodeMark>,
}

/// She agrees to be recorded, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Recording.
    pub recording: String,
    /// Her choice.
    pub choice: Choice,
    /// Digest of the exact text that she saw.
    pub text: Digest,
}

/// A node was played and answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// Recording.
    pub recording: String,
    /// Node.
    pub node: String,
    /// File of the borrower's side, from 0.
    pub take: u32,
    /// Begin, milliseconds from the beginning of the file.
    pub start_ms: i64,
    /// End.
    pub end_ms: i64,
    /// First chunk of the file that it lies in …
    pub first_chunk: u32,
    /// … and the last.
    pub last_chunk: u32,
    /// Her answer.
    pub answer: Answer,
}

/// A file is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// Recording.
    pub recording: String,
    /// Whose.
    pub side: Side,
    /// Number of the file on that side, from 0.
    pub take: u32,
    /// How many chunks.
    pub chunks: u32,
    /// How many bytes.
    pub bytes: u64,
    /// How long the browser recorded.
    pub length_ms: i64,
    /// Head of the chain over all chunks.
    pub head: Digest,
    /// Digest and size of every chunk, in order: anyone can compute the head again from it.
    pub manifest: AttachmentRef,
}

/// A consultant explained after a doubt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Recording.
    pub recording: String,
    /// Node.
    pub node: String,
}

/// Everything is played; the inspection may begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Recording.
    pub recording: String,
}

/// What a machine found about a node, in short. The whole lies in the findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeVerdict {
    /// Node.
    pub node: String,
    /// The file it looked at.
    pub take: u32,
    /// What it comes to.
    pub verdict: Verdict,
    /// What failed, and the moment to look at, milliseconds from the beginning of the file.
    pub failed: Vec<(Check, i64)>,
    /// What was not checked.
    pub not_checked: Vec<Check>,
}

/// A file as it was inspected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspected {
    /// Whose.
    pub side: Side,
    /// Number.
    pub take: u32,
    /// SHA-256 of the whole file, as `sha256sum` computes it.
    pub sha256: Digest,
    /// Real length; `None` when the machine could not tell.
    pub duration_ms: Option<i64>,
}

/// A machine looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Recording.
    pub recording: String,
    /// Which machine; `none` = the bytes were read and nothing was looked at.
    pub engine: String,
    /// The files.
    pub files: Vec<Inspected>,
    /// Node by node.
    pub nodes: Vec<NodeVerdict>,
    /// Every finding, and the transcript if there is one.
    pub findings: AttachmentRef,
}

/// What a person decided about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeDecision {
    /// It shows what it should.
    Accepted,
    /// It has to be recorded again.
    Redo,
}

/// A person looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Recording.
    pub recording: String,
    /// Node by node.
    pub nodes: BTreeMap<String, NodeDecision>,
    /// Why, never only a signature.
    pub reason: String,
}

/// Somebody who was there says that the machine is wrong about a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appealed {
    /// Recording.
    pub recording: String,
    /// Node.
    pub node: String,
    /// Why.
    pub reason: String,
}

/// A wish about a recording.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Consultant: begin. `None` = no certificate is on record.
    Begin {
        /// Digest of the reviewed script.
        script: Digest,
        /// The filled script.
        spoken: AttachmentRef,
        /// Who sits where.
        mode: Mode,
        /// The consultant's certificate.
        certificate: Option<Certificate>,
        /// The nodes.
        nodes: Vec<NodeMark>,
    },
    /// Borrower: may I be recorded?
    Agree(Agreed),
    /// Borrower: a node was played.
    Play(Played),
    /// Whose browser it is: a file is complete.
    Keep(Take),
    /// Consultant: explained.
    Explain(Explained),
    /// Borrower: everything is played.
    End(Ended),
    /// System: a machine looked.
    Inspect(Inspection),
    /// Compliance: a person looked.
    Review(Reviewed),
    /// Borrower or consultant: the machine is wrong.
    Appeal(Appealed),
}

impl Wish {
    /// Whether it is this actor's to wish.
    pub(super) fn belongs_to(&self) -> super::may::Belongs {
        use super::may::Belongs;
        match self {
            Wish::Begin { .. } | Wish::Explain(_) => Belongs::Consultant,
            Wish::Agree(_) | Wish::Play(_) | Wish::End(_) => Belongs::Borrower,
            Wish::Keep(take) if take.side == Side::Consultant => Belongs::Consultant,
            Wish::Keep(_) => Belongs::Borrower,
            Wish::Inspect(_) => Belongs::System,
            Wish::Review(_) => Belongs::Compliance,
            Wish::Appeal(_) => Belongs::BorrowerOrConsultant,
        }
    }

    /// Short stable name.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Wish::Begin { .. } => "begin_recording",
            Wish::Agree(_) => "agree_recording",
            Wish::Play(_) => "play_node",
            Wish::Keep(_) => "keep_recording",
            Wish::Explain(_) => "explain_node",
            Wish::End(_) => "end_recording",
            Wish::Inspect(_) => "inspect_recording",
            Wish::Review(_) => "review_recording",
            Wish::Appeal(_) => "appeal_recording",
        }
    }
}

fn is_consultant(actor: &Actor) -> bool {
    matches!(actor, Actor::Staff(_, crate::actor::StaffRole::Consultant))
}

#[cfg(test)]
mod tests;
