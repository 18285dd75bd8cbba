//! What the desk needs from the world, as traits that the outer crates implement. They say what must hold, never how:
//! no database, no HTTP client and no clock is known here.

mod complaints;
mod eyes;
mod factors;
mod keep;
mod links;
mod log;
mod outbox;
mod people;
mod publishing;
mod recording;
mod sheet;
mod signatures;
mod stamps;
mod traces;
mod world;

pub use complaints::{ComplaintFilter, ComplaintRow};
pub use eyes::{EyesError, PICTURE_BYTES, PageSeen, PaperEyes, SquareSeen};
pub use factors::{AppSecret, AskedFor, Factors, KeptPasskey, Question};
pub use keep::{Attachments, Holder, KeepError, Opened, PIECE, Pieces, Vault};
pub use links::{LINK_WIDTH, LINKS_PAGE, LinkRow, Links};
pub use log::{
    APPEND_LIMIT, Append, Appended, CodeRow, Find, JourneyRow, Log, LogError, Logged, PaperKind, RowFilter,
    TreeHead, Written, stage_from_key, stage_key,
};
pub use outbox::{Lane, Outbox, OutboxItem, SentKind, SentRow, Task};
pub use people::{
    Account, Accounts, ApiKey, Link, LinkPurpose, LinkTry, Means, Owner, Place, Session, SignInState,
    Standing, StoreError,
};
pub use publishing::{
    Checkpoints, HighWater, HighWaterError, KeptCheckpoint, KeptCosignature, WitnessAnswer, WitnessCalls,
    WitnessError,
};
pub use recording::{
    AnswerExpected, Asr, AsrError, FileOf, InspectError, Inspection, InspectionWish, NobodyLooks,
    NodeFindings, RecordingInspector, Recordings, SpokenLine, WishedNode,
};
pub use sheet::{DocCall, DocLetter, DocSheet, DocTrail, DocTrailDocument, DocTrailLine, DocTrailSignature};
pub use signatures::{
    ArchivedFile, AuthorityFiles, FileClaim, FileReport, FileSigner, FileVerdict, Ink, InkPoint,
    NationalFiles, SealWish, SignatureError, SignatureWish, Signatures, WaitingArchive, WaitingFile,
};
pub use stamps::{KeptStamp, Stamps, TimeStampError, TimeStamps};
pub use traces::{COMPARED, InkTrace, Traces};
pub use world::{Clock, Dice, DocRequest, Papers, PapersError, Signer, WebhookError, WebhookPost, Webhooks};

use std::sync::Arc;

/// Every port, as one value to build a [`crate::Desk`] from.
#[derive(Clone)]
pub struct Ports {
    /// The evidence log with its projections.
    pub log: Arc<dyn Log>,
    /// Documents by digest.
    pub attachments: Arc<dyn Attachments>,
    /// Personal values.
    pub vault: Arc<dyn Vault>,
    /// The press that makes PDFs.
    pub papers: Arc<dyn Papers>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub dice: Arc<dyn Dice>,
    /// The keys that sign checkpoints and permits.
    pub signer: Arc<dyn Signer>,
    /// Messages to the core system.
    pub webhooks: Arc<dyn Webhooks>,
    /// Accounts, sessions, links and keys.
    pub accounts: Arc<dyn Accounts>,
    /// Work that waits.
    pub outbox: Arc<dyn Outbox>,
}
