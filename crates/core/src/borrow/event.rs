//! What can stand in the evidence of one loan. An event says what happened and no more; what it means is computed by
//! the fold in [`super::journey`].

mod named;
mod parts;

use std::collections::BTreeMap;

use mingbai_cost::{Fen, Lang};
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use super::afford::AffordOutcome;
use super::callback::{FactAnswer, FactKey, ResultCode};
use super::reconcile::{Part, ReportedCharge};
use super::recording;
pub use super::screen::ScreenAnswer as YesNo;
use super::screen::ScreenKey;
use super::signing::{SigningAlert, SigningDevice, SigningFactor, Trouble};
use super::teachback::QuestionId;

/// A document or other large thing that the evidence names by its hash, and a personal value that is kept in the vault:
/// here stand only their digest and salted commitment (DESIGN law 6), in the shapes that the package verifier looks for.
pub use mingbai_evidence::refs::{AttachmentRef, SealedRef as Sealed};
pub use named::{
    Channel, Choice, DocumentKind, HumanDecision, IdentityPath, Judged, Purpose, RecordingPath, ScreenResult,
    SignaturePath, Surface, TypeSize, ViolationKind,
};

/// One event of a journey. The variant's name in snake case is the record's `kind`, its fields are the record's `body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body")]
pub enum Event {
    /// A journey begins.
    Opened {
        /// Product id.
        product_id: String,
        /// Product version.
        product_version: String,
        /// Policy pack in force for this journey, by id.
        pack_id: String,
        /// … and by digest.
        pack_digest: Digest,
        /// Way.
        channel: Channel,
        /// Name, sealed.
        borrower: Sealed,
        /// Phone, sealed.
        phone: Sealed,
        /// Number of the application in the core system.
        external_ref: String,
        /// Highest share of the income that instalments may take, ppm, from the product.
        afford_limit_ppm: i64,
    },
    /// Terms are on the table (again). Evidence for other terms stops counting.
    TermsOffered {
        /// The terms, as the bytes that were hashed.
        terms_json: String,
        /// The cost table's bytes.
        table: AttachmentRef,
    },
    /// The released review of exactly this product version.
    ReviewCited {
        /// Stream of the release.
        release_stream: String,
        /// Leaf of the release record.
        release: Digest,
        /// Digest of the released material.
        material: Digest,
    },
    /// Affordability computed from what she declared.
    AffordAssessed {
        /// Monthly income, sealed.
        income: Sealed,
        /// Monthly debt payments, sealed.
        debts: Sealed,
        /// (debts + highest instalment) ÷ income, ppm; `None` without income.
        ratio_ppm: Option<i64>,
        /// Limit, ppm.
        limit_ppm: i64,
        /// Outcome.
        outcome: AffordOutcome,
    },
    /// A person looked at an affordability refusal.
    AffordReviewed {
        /// Decision.
        decision: HumanDecision,
        /// Reason, in words.
        reason: String,
    },
    /// Screening answered.
    ScreenAnswered {
        /// Answer by question key.
        answers: BTreeMap<ScreenKey, YesNo>,
        /// Result.
        result: ScreenResult,
        /// Keys of the answers that made it pause.
        hits: Vec<ScreenKey>,
    },
    /// A person talked with her and let the journey go on, or not.
    ScreenReviewed {
        /// Decision.
        decision: HumanDecision,
        /// Reason.
        reason: String,
    },
    /// What she shares with other applications asks for a protective call before payout. It pauses, whatever the terms, until a person
    /// talked with her; what is shared stands in the ring's own stream.
    RingAlerted {
        /// Number of the ring.
        ring: Uuid,
    },
    /// The table was shown.
    TableShown {
        /// Where.
        surface: Surface,
        /// Digest of the table's bytes.
        table: Digest,
        /// Language.
        lang: Lang,
        /// Size.
        size: TypeSize,
    },
    /// A section was opened for reading; the record's time is the server's.
    SectionOpened {
        /// Section key from the pack.
        section: String,
    },
    /// A section was read to its end.
    SectionRead {
        /// Section key.
        section: String,
        /// Time between opening and finishing, by the server's clock.
        dwell_ms: i64,
    },
    /// A teach-back question was put.
    QuestionAsked {
        /// Id.
        question: String,
        /// Kind key.
        question_kind: String,
        /// 1 = first wording, 2 and more after a mistake.
        variant: u32,
        /// Seed it was made from, so that anyone can make it again.
        seed: u64,
    },
    /// A teach-back question was answered.
    QuestionAnswered {
        /// Id.
        question: String,
        /// Kind key.
        question_kind: String,
        /// What she answered, as text.
        answer: String,
        /// Judgement.
        judged: Judged,
    },
    /// A person explained after repeated mistakes; the questions open again.
    ExplainedInPerson {
        /// Kinds that were explained.
        question_kinds: Vec<String>,
    },
    /// Identity established.
    Identified(IdentityPath),
    /// She let somebody of her family look at the cost pages. A look is all it is: it satisfies no duty.
    FamilyInvited {},
    /// She ended that.
    FamilyEnded {},
    /// A consent given or refused.
    ConsentRecorded {
        /// Purpose.
        purpose: Purpose,
        /// Choice.
        choice: Choice,
        /// Digest of the exact text that she saw.
        text: Digest,
    },
    /// A signature, as far as the path proves it.
    Signed(SignaturePath),
    /// She confirms from her own link that she signed herself.
    SignatureConfirmed {
        /// Digest of the document.
        document: Digest,
    },
    /// She opened the contract that is to be signed.
    ContractShown {
        /// The document.
        document: AttachmentRef,
    },
    /// She asked to sign exactly this document; digits went to her telephone for this wish alone.
    SigningBegun {
        /// The document.
        document: Digest,
        /// Used once.
        nonce: Digest,
        /// The principal that she is told she signs for.
        amount_fen: Fen,
        /// Binds the four above.
        challenge: Digest,
        /// Whose device.
        device: SigningDevice,
        /// The browser, as a digest for this journey only.
        browser: Digest,
        /// Over at.
        expires_at_ms: i64,
    },
    /// The digits for this challenge were right.
    SigningApproved {
        /// Challenge.
        challenge: Digest,
        /// What showed it.
        factor: SigningFactor,
    },
    /// Her browser's new key has a certificate, and the file waits for the signature.
    SignaturePrepared {
        /// Challenge.
        challenge: Digest,
        /// The document with an empty signature field. The signed file is the same with the field filled, so it is not kept for
        /// good.
        file: Digest,
        /// Certificate in DER.
        certificate: AttachmentRef,
        /// Raw points of the handwriting; `None` when she chose not to write.
        ink: Option<AttachmentRef>,
    },
    /// Her browser said that it has let the key go.
    SigningKeyDropped {
        /// The certificate of that key.
        certificate: Digest,
    },
    /// Something went wrong while she signed.
    SigningTrouble {
        /// Challenge.
        challenge: Digest,
        /// What.
        trouble: Trouble,
    },
    /// The lender's seal stands behind her signature.
    ContractSealed {
        /// The file that she signed.
        signed: Digest,
        /// The same with the seal.
        document: AttachmentRef,
    },
    /// Something about the signature that compliance should look at.
    SigningAlerted {
        /// What.
        alert: SigningAlert,
        /// How many other borrowers it touches; who they are is not said here.
        others: u32,
    },
    /// A recording, as far as the path proves it.
    Recorded(RecordingPath),
    /// A recording begins, led by the consultant who acts.
    RecordingBegun(recording::Begun),
    /// She agrees to be recorded, or not.
    RecordingAgreed(recording::Agreed),
    /// A part was read out and answered.
    RecordingNode(recording::Played),
    /// A file is complete: one chain head and a count for all its chunks.
    RecordingTake(recording::Take),
    /// A consultant explained after a doubt; that part is recorded again.
    RecordingExplained(recording::Explained),
    /// Everything is played.
    RecordingEnded(recording::Ended),
    /// A machine looked.
    RecordingInspected(recording::Inspection),
    /// A person looked.
    RecordingReviewed(recording::Reviewed),
    /// Somebody who was there says that the machine is wrong.
    RecordingAppealed(recording::Appealed),
    /// The paper notice was handed over.
    NoticeHanded {
        /// The document.
        document: AttachmentRef,
    },
    /// She has it in her hands.
    NoticeAcknowledged {
        /// Digest of the document.
        document: Digest,
    },
    /// The last look, alone: it is her own wish.
    Confirmed {
        /// "Is this your own wish?"
        own_wish: YesNo,
        /// "Is anybody telling you what to answer?"
        being_told: YesNo,
        /// Table she confirmed.
        table: Digest,
    },
    /// A permit left the gate.
    PermitIssued {
        /// Id.
        permit: String,
        /// Valid until.
        expires_at_ms: i64,
        /// Head of the journey that it is bound to.
        head: Digest,
        /// What may be paid out.
        amount_fen: Fen,
        /// SHA-256 of the token.
        token: Digest,
    },
    /// The gate stayed shut.
    PermitRefused {
        /// Keys of the missing duties.
        missing: Vec<String>,
    },
    /// The core system reported the payout.
    Disbursed {
        /// Permit it names.
        permit: String,
        /// Amount that reached the borrower.
        amount_fen: Fen,
        /// Day, ISO.
        on: String,
        /// Core system's reference.
        reference: String,
    },
    /// The core system reported a charge.
    ChargeReported {
        /// The report.
        charge: ReportedCharge,
        /// The rows of the table that explain it; empty = nothing does.
        explained: Vec<Part>,
    },
    /// Something was charged or paid that the table does not explain.
    ViolationFound {
        /// Kind.
        violation: ViolationKind,
        /// Reference of the payout or charge.
        reference: String,
        /// To give back.
        refund_fen: Fen,
        /// In words, zh.
        zh: String,
        /// In words, en.
        en: String,
    },
    /// A refund was reported.
    RefundReported {
        /// Reference of the charge.
        reference: String,
        /// Amount.
        amount_fen: Fen,
    },
    /// Call-back questions went out.
    CallbackOpened {
        /// Seed of the questions.
        seed: u64,
        /// Link expires.
        expires_at_ms: i64,
    },
    /// Call-back answered.
    CallbackAnswered {
        /// What she said about who did what.
        facts: BTreeMap<FactKey, FactAnswer>,
        /// Her numbers, judged.
        numbers: BTreeMap<QuestionId, Judged>,
        /// Result code.
        code: ResultCode,
    },
    /// A case for a named human, with a clock.
    RemedyOpened {
        /// Why.
        reason: String,
        /// Due.
        due_at_ms: i64,
    },
    /// The case was closed by a person.
    RemedyClosed {
        /// How.
        outcome: String,
    },
    /// The borrower said no: a right used, not a failure.
    Declined {
        /// Her reason, if she gave one.
        reason: String,
    },
    /// Somebody tried to do what is not theirs to do.
    AttemptDenied {
        /// What was tried.
        command: String,
        /// Who would have had to do it.
        belongs_to: String,
    },
    /// The loan is repaid and every charge reconciled.
    Closed {},
}

/// A record's kind and body are not an event of a journey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record kind {kind:?} with this body is not an event of a journey: {why}")]
pub struct NotAnEvent {
    /// The record's kind.
    pub kind: String,
    /// What did not fit.
    pub why: String,
}

impl Event {
    /// Splits an event into the record's `kind` and `body`.
    #[must_use]
    pub fn to_parts(&self) -> (String, Value) {
        // Serialising plain data with string keys cannot fail; an empty object would be refused by `from_parts`.
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        let kind = whole.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = whole.get_mut("body").map(Value::take).unwrap_or_default();
        (kind, body)
    }

    /// Reads a record's `kind` and `body` back.
    ///
    /// # Errors
    /// [`NotAnEvent`] when the kind is unknown or the body has another shape.
    pub fn from_parts(kind: &str, body: &Value) -> Result<Self, NotAnEvent> {
        Event::deserialize(parts::Parts { kind, body })
            .map_err(|e| NotAnEvent { kind: kind.to_owned(), why: e.to_string() })
    }
}
