//! What can stand in the evidence of one loan. An event says what happened and no more; what it means is computed by
//! the fold in [`super::journey`].

use std::collections::BTreeMap;

use mingbai_cost::{Fen, Lang};
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use super::afford::AffordOutcome;
use super::callback::{FactAnswer, FactKey, ResultCode};
use super::reconcile::{self, Part, ReportedCharge};
pub use super::screen::ScreenAnswer as YesNo;
use super::screen::ScreenKey;
use super::teachback::QuestionId;

/// A document or other large thing that the evidence names by its hash, and a personal value that is kept in the vault:
/// here stand only their digest and salted commitment (DESIGN law 6), in the shapes that the package verifier looks for.
pub use mingbai_evidence::refs::{AttachmentRef, SealedRef as Sealed};

/// The way the borrower came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 网点.
    Branch,
    /// 线上.
    Online,
    /// 购物付款页分期.
    Checkout,
}

/// Where the table was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// Page on the borrower's own device.
    Screen,
    /// Paper.
    Paper,
    /// A shop's order page.
    Checkout,
}

/// Size of type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeSize {
    /// Normal.
    #[default]
    Normal,
    /// 长辈版.
    Large,
}

/// An identity document that a consultant looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证.
    ResidentIdCard,
    /// 护照.
    Passport,
    /// 其他法定证件.
    OtherLegal,
}

/// How the identity was established. More ways come with later work; each says exactly what was done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum IdentityPath {
    /// The named consultant (the record's actor) compared the person with her document, face to face.
    InPerson {
        /// Document.
        document: DocumentKind,
        /// Its number, sealed.
        number: Sealed,
    },
}

/// How the signature was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum SignaturePath {
    /// In ink on paper, in the sight of the named consultant (the record's actor). It counts only together with the
    /// borrower's own confirmation from her own link.
    InkInPerson {
        /// The printed document.
        document: AttachmentRef,
    },
}

/// How the recording was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum RecordingPath {
    /// The named consultant (the record's actor) recorded on the branch's own device and attests to it. Nothing here
    /// inspected the recording.
    AttestedInPerson {
        /// Number of the recording in the branch's system.
        recording_number: String,
        /// Its length.
        seconds: u32,
    },
}

/// A purpose for which consent is asked, apart from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 处理个人信息以办理本笔贷款 — necessary.
    LoanProcessing,
    /// 查询征信 — necessary.
    CreditReport,
    /// 向表内收款方(担保、保险等)提供必要信息 — necessary when the table has such a payee.
    SharePayees,
    /// 营销 — optional; refusing it changes nothing.
    Marketing,
}

/// A choice that nobody made for her.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 同意.
    Agreed,
    /// 不同意.
    Declined,
}

/// How an answer to a teach-back question was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Right.
    Right,
    /// Wrong.
    Wrong,
    /// She said that she is not sure. Counts as not yet understood, without blame.
    NotSure,
    /// Words like 清楚 that show nothing.
    Empty,
}

/// What a human reviewer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HumanDecision {
    /// May go on.
    Allowed,
    /// May not.
    Upheld,
}

/// What the screening answers lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenResult {
    /// Nothing found.
    Clear,
    /// Paused, with help offered. Never a silent rejection.
    Paused,
}

/// What is wrong with a payout or a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// Paid out less than the table promised.
    ShortPayout,
    /// Paid out more than agreed.
    OverPayout,
    /// Paid out without a valid permit.
    NoPermit,
    /// No row of the table explains the charge.
    Unlisted,
    /// Larger than the row.
    TooLarge,
    /// Earlier than the row.
    TooEarly,
    /// Charged twice.
    Duplicate,
    /// Not a charge that could be right.
    Malformed,
}

impl From<reconcile::ViolationKind> for ViolationKind {
    fn from(kind: reconcile::ViolationKind) -> Self {
        match kind {
            reconcile::ViolationKind::Unlisted => ViolationKind::Unlisted,
            reconcile::ViolationKind::TooLarge => ViolationKind::TooLarge,
            reconcile::ViolationKind::TooEarly => ViolationKind::TooEarly,
            reconcile::ViolationKind::Duplicate => ViolationKind::Duplicate,
            reconcile::ViolationKind::Malformed => ViolationKind::Malformed,
        }
    }
}

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
    /// A recording, as far as the path proves it.
    Recorded(RecordingPath),
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
        serde_json::from_value(serde_json::json!({ "kind": kind, "body": body }))
            .map_err(|e| NotAnEvent { kind: kind.to_owned(), why: e.to_string() })
    }
}
