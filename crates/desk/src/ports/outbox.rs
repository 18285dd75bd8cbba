//! Work that waits: written in the transaction of the evidence that causes it, done afterwards, repeated until done.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::complaint::ComplaintId;
use mingbai_core::trust::scam_report::ScamReportId;
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LinkPurpose;
use super::people::StoreError;
use crate::trust::News;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "task")]
pub enum Task {
    /// Tell the core system something.
    Webhook {
        /// Event name, e.g. `permit.issued`.
        event: String,
        /// The body, as the bytes that are signed and sent.
        payload: String,
    },
    /// Open the call-back and send its link.
    OpenCallback {
        /// Journey.
        journey: JourneyId,
    },
    /// Make a link and let the core system send it to the borrower. It is made when it is sent, so that no usable link
    /// ever lies in the outbox.
    SendLink {
        /// Journey.
        journey: JourneyId,
        /// What the link is for.
        purpose: LinkPurpose,
    },
    /// Make the six digits for a link and let the core system send them to the borrower's own phone.
    SendCode {
        /// Journey.
        journey: JourneyId,
        /// Hash of the link's token.
        link: Digest,
    },
    /// Make the six digits for a wish to sign and let the core system send them, with the figures, to the borrower's own phone.
    SendSigningDigits {
        /// Journey.
        journey: JourneyId,
        /// What the digits are for.
        challenge: Digest,
    },
    /// Put the lender's seal behind the borrower's signature, and what a verifier needs when the authority is gone.
    SealContract {
        /// Journey.
        journey: JourneyId,
    },
    /// Put a time stamp over the sealed contract, and another before that one's authority ends.
    RenewSignatures {
        /// Journey.
        journey: JourneyId,
    },
    /// Destroy the key of a person whose erasure was decided, and clear her documents away.
    Erase {
        /// Journey.
        journey: JourneyId,
    },
    /// Look at a recording by machine.
    InspectRecording {
        /// Journey.
        journey: JourneyId,
        /// Recording.
        recording: String,
    },
    /// Tell her, or the house, something about a complaint. The text is made when it is sent.
    ComplaintMessage {
        /// Complaint.
        complaint: ComplaintId,
        /// What.
        news: News,
    },
    /// Destroy the key of a report about a scam whose days are over.
    EraseScamReport {
        /// Report.
        report: ScamReportId,
    },
    /// Ask the time-stamping authority to stamp the log as it stands.
    TimeStamp,
}

/// Which worker does it. Work that takes minutes has a line of its own, so that no message and no digits wait behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Seconds at most.
    Quick,
    /// Minutes: the inspection of recordings.
    Slow,
}

impl Task {
    /// The line in which it waits.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Task::InspectRecording { .. } => Lane::Slow,
            _ => Lane::Quick,
        }
    }
}

/// A piece of work with its place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    /// Number; receivers use it to recognise a repetition.
    pub id: Uuid,
    /// Not before, unix ms.
    pub due_at_ms: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// What.
    pub task: Task,
}

/// What a message to a person was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentKind {
    /// A link.
    Link,
    /// The digits that open a link.
    Digits,
    /// The digits for one wish to sign.
    Signing,
    /// News about a complaint.
    Complaint,
}

impl SentKind {
    /// Every one.
    pub const ALL: [SentKind; 4] = [SentKind::Link, SentKind::Digits, SentKind::Signing, SentKind::Complaint];

    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            SentKind::Link => "link",
            SentKind::Digits => "digits",
            SentKind::Signing => "signing",
            SentKind::Complaint => "complaint",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        SentKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A message that was sent, as it can be recognised. Holds nothing about a person but the ending of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRow {
    /// Hash of its code.
    pub code: Digest,
    /// Kind.
    pub kind: SentKind,
    /// When it was handed over, unix ms.
    pub sent_at_ms: i64,
    /// Last two digits of the number that it went to; may be empty.
    pub ending: String,
    /// Digest of the Chinese text without spaces; `None` when there was none.
    pub zh: Option<Digest>,
    /// Digest of the English text without spaces.
    pub en: Option<Digest>,
}

/// The queue.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Adds work that no evidence causes.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn put(&self, item: OutboxItem) -> Result<(), StoreError>;

    /// Takes at most `limit` pieces of this line that are due, oldest first, and hides them for `lease_ms`: a worker that dies leaves
    /// them to the next one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn take_due(
        &self,
        lane: Lane,
        now_ms: i64,
        lease_ms: i64,
        limit: u32,
    ) -> Result<Vec<OutboxItem>, StoreError>;

    /// It is done.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn done(&self, id: Uuid, now_ms: i64) -> Result<(), StoreError>;

    /// It failed and is due again at `at_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn retry_at(&self, id: Uuid, at_ms: i64, why: &str) -> Result<(), StoreError>;

    /// It failed for good; it stays visible to staff.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn give_up(&self, id: Uuid, now_ms: i64, why: &str) -> Result<(), StoreError>;

    /// Keeps what a message can be recognised by, before it goes out; a second try of the same message replaces the row.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn note_sent(&self, row: SentRow) -> Result<(), StoreError>;

    /// The message whose code has this hash.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sent(&self, code: Digest) -> Result<Option<SentRow>, StoreError>;

    /// Forgets messages that were sent before this moment; how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn forget_sent(&self, before_ms: i64) -> Result<u64, StoreError>;

    /// Work that was given up, newest first, with the last reason.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn given_up(&self, limit: u32) -> Result<Vec<(OutboxItem, String)>, StoreError>;
}
