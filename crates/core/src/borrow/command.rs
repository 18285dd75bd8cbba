//! What somebody may want to do in a journey, as typed values. A command that exists is well-formed; whether it may be
//! done now, by this actor, is decided in [`super::journey`].

use std::collections::BTreeMap;

use mingbai_cost::{Fen, Lang, Terms};
use mingbai_evidence::Digest;

use super::afford::Declared;
use super::callback::{FactAnswer, FactKey};
use super::event::{
    AttachmentRef, Channel, Choice, DocumentKind, HumanDecision, Purpose, Sealed, Surface, TypeSize, YesNo,
};
use super::reconcile::ReportedCharge;
use super::recording::Wish;
use super::screen::ScreenKey;
use super::signing::{SignatureTime, SigningAlert, SigningDevice, SigningFactor, Trouble};
use super::teachback::{Answer, QuestionId};

/// A wish to change a journey.
#[derive(Clone, Debug)]
pub enum Command {
    /// Core system or consultant: begin.
    Open {
        /// Product id.
        product_id: String,
        /// Product version.
        product_version: String,
        /// Way.
        channel: Channel,
        /// Name, sealed.
        borrower: Sealed,
        /// Phone, sealed.
        phone: Sealed,
        /// Application number in the core system.
        external_ref: String,
        /// Product's affordability limit, ppm of income.
        afford_limit_ppm: i64,
    },
    /// Core system or consultant: offer terms, or change them.
    OfferTerms {
        /// Checked terms.
        terms: Box<Terms>,
        /// Where the table's bytes lie.
        table: AttachmentRef,
    },
    /// System: cite the released review of this product version.
    CiteReview {
        /// Release stream.
        release_stream: String,
        /// Release record.
        release: Digest,
        /// Released material.
        material: Digest,
    },
    /// Borrower: income and debts.
    DeclareIncome {
        /// What she declares.
        declared: Declared,
        /// Sealed income.
        income: Sealed,
        /// Sealed debts.
        debts: Sealed,
    },
    /// Compliance: look at an affordability refusal.
    ReviewAffordability {
        /// Decision.
        decision: HumanDecision,
        /// Reason.
        reason: String,
    },
    /// Borrower: screening answers by key.
    AnswerScreening {
        /// Answers.
        answers: BTreeMap<ScreenKey, YesNo>,
    },
    /// Borrower, at any time and without a word on the page that follows: "somebody is making me borrow". It pauses like the same answer
    /// to the screening question, and only a person lifts it.
    AskForHelp,
    /// Borrower: somebody of her family may look at the cost pages.
    InviteFamily,
    /// Borrower: nobody may look any longer.
    EndFamily,
    /// Compliance: after talking with her.
    ReviewScreening {
        /// Decision.
        decision: HumanDecision,
        /// Reason.
        reason: String,
    },
    /// System: what she shares with others asks for a protective call.
    AlertRing {
        /// Number of the ring.
        ring: uuid::Uuid,
    },
    /// Borrower: the table page was shown to her (own device), or the consultant handed it on paper.
    ShowTable {
        /// Where.
        surface: Surface,
        /// Language.
        lang: Lang,
        /// Size.
        size: TypeSize,
    },
    /// Borrower: open a section.
    OpenSection {
        /// Key.
        section: String,
    },
    /// Borrower: finish a section.
    FinishSection {
        /// Key.
        section: String,
    },
    /// Borrower: put the next question to me.
    AskQuestion,
    /// Borrower: answer the open question.
    AnswerQuestion {
        /// Id of the open question.
        question: String,
        /// Answer.
        answer: Answer,
    },
    /// Consultant: explained face to face after repeated mistakes.
    ExplainInPerson,
    /// Consultant: compared person and document.
    AttestIdentity {
        /// Document.
        document: DocumentKind,
        /// Number, sealed.
        number: Sealed,
    },
    /// Borrower: one consent.
    Consent {
        /// Purpose.
        purpose: Purpose,
        /// Choice.
        choice: Choice,
        /// Digest of the text shown.
        text: Digest,
    },
    /// Consultant: saw her sign the printed document in ink.
    AttestSignature {
        /// Document.
        document: AttachmentRef,
    },
    /// Borrower: I signed this myself.
    ConfirmSignature {
        /// Document.
        document: Digest,
    },
    /// Borrower: the contract was shown to her.
    ShowContract {
        /// Document.
        document: AttachmentRef,
    },
    /// Borrower: I want to sign this document on this device.
    BeginSigning {
        /// Document.
        document: Digest,
        /// Used once.
        nonce: Digest,
        /// Whose device.
        device: SigningDevice,
        /// The browser.
        browser: Digest,
    },
    /// Borrower: the digits were right.
    ApproveSigning {
        /// Challenge.
        challenge: Digest,
        /// The browser.
        browser: Digest,
        /// What showed it.
        factor: SigningFactor,
    },
    /// Borrower: here is my key; the file waits for its signature.
    PrepareSignature {
        /// Challenge.
        challenge: Digest,
        /// The browser.
        browser: Digest,
        /// File with an empty field.
        file: Digest,
        /// Certificate.
        certificate: AttachmentRef,
        /// Raw points, if she wrote.
        ink: Option<AttachmentRef>,
    },
    /// Borrower: signed.
    SignWithKey {
        /// Challenge.
        challenge: Digest,
        /// The browser.
        browser: Digest,
        /// The signed file.
        document: AttachmentRef,
        /// Who says when.
        time: SignatureTime,
    },
    /// Borrower: the key is gone.
    DropKey {
        /// Its certificate.
        certificate: Digest,
    },
    /// Borrower: something went wrong while signing.
    NoteTrouble {
        /// Challenge.
        challenge: Digest,
        /// What.
        trouble: Trouble,
    },
    /// System: the lender's seal is behind her signature.
    SealContract {
        /// What she signed.
        signed: Digest,
        /// The same with the seal.
        document: AttachmentRef,
    },
    /// System: compliance should look at it.
    AlertSigning {
        /// What.
        alert: SigningAlert,
        /// How many other borrowers.
        others: u32,
    },
    /// Consultant: recorded on the branch's device.
    AttestRecording {
        /// Number.
        recording_number: String,
        /// Length.
        seconds: u32,
    },
    /// Anything about the recording in the browser.
    Recording(Box<Wish>),
    /// Consultant or system: the notice was handed over or sent.
    HandNotice {
        /// Document.
        document: AttachmentRef,
    },
    /// Borrower: I have it.
    AcknowledgeNotice {
        /// Document.
        document: Digest,
    },
    /// Borrower: the last look.
    Confirm {
        /// Own wish?
        own_wish: YesNo,
        /// Is anybody telling you what to answer?
        being_told: YesNo,
    },
    /// Core system: report the payout.
    ReportPayout {
        /// Permit.
        permit: String,
        /// Amount.
        amount_fen: Fen,
        /// Day, ISO.
        on: jiff::civil::Date,
        /// Reference.
        reference: String,
    },
    /// Core system: report a charge.
    ReportCharge(ReportedCharge),
    /// Core system: report a refund of a violating charge.
    ReportRefund {
        /// Reference of the charge.
        reference: String,
        /// Amount.
        amount_fen: Fen,
    },
    /// System: open the call-back.
    OpenCallback {
        /// Link expires.
        expires_at_ms: i64,
    },
    /// Borrower: answer the call-back.
    AnswerCallback {
        /// Who did what.
        facts: BTreeMap<FactKey, FactAnswer>,
        /// Numbers, by question.
        numbers: BTreeMap<QuestionId, Answer>,
    },
    /// Compliance: close a remedy case.
    CloseRemedy {
        /// How it ended.
        outcome: String,
    },
    /// Borrower: no, thank you.
    Decline {
        /// Reason, may be empty.
        reason: String,
    },
    /// System: everything is repaid and reconciled.
    Close,
}
