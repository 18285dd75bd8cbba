//! The parts of a journey's state, as the fold builds them. Nothing here can be set from outside the crate.

use std::collections::BTreeMap;

use mingbai_cost::{CostTable, Terms, TermsDigest};
use mingbai_evidence::Digest;

use super::event::{
    AffordOutcome, AttachmentRef, Channel, Choice, HumanDecision, Purpose, ScreenResult, Sealed,
    ViolationKind,
};
use super::screen::ScreenKey;
use crate::actor::Actor;

/// Who did it, when, and the record that says so. No tick is shown without a link to its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Actor.
    pub actor: Actor,
    /// Unix time in milliseconds.
    pub at_ms: i64,
    /// Position in the journey's stream.
    pub seq: u64,
    /// Leaf hash of the record.
    pub leaf: Digest,
}

/// How the journey began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Product id.
    pub product_id: String,
    /// Product version.
    pub product_version: String,
    /// Policy pack id.
    pub pack_id: String,
    /// Policy pack digest.
    pub pack_digest: Digest,
    /// Way.
    pub channel: Channel,
    /// Name, sealed.
    pub borrower: Sealed,
    /// Phone, sealed.
    pub phone: Sealed,
    /// Application number in the core system.
    pub external_ref: String,
    /// Affordability limit, ppm.
    pub afford_limit_ppm: i64,
    /// When and by whom.
    pub mark: Mark,
}

/// Terms on the table, with the one table computed from them.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Terms.
    pub terms: Terms,
    /// Table.
    pub table: CostTable,
    /// The table's stored bytes.
    pub table_ref: AttachmentRef,
    /// What she must be able to answer about this table, in order.
    pub questions: Vec<super::teachback::QuestionKind>,
    /// When and by whom.
    pub mark: Mark,
}

impl Offer {
    /// Digest that evidence must name.
    #[must_use]
    pub fn digest(&self) -> TermsDigest {
        self.terms.digest()
    }
}

/// One reading section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionState {
    /// Opened last at (server's clock).
    pub opened_at_ms: Option<i64>,
    /// Read to the end, long enough.
    pub read: Option<Mark>,
    /// Time spent.
    pub dwell_ms: i64,
}

/// A question that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    /// Id.
    pub id: String,
    /// Kind key.
    pub kind: String,
    /// Variant.
    pub variant: u32,
    /// Seed.
    pub seed: u64,
}

/// How far one kind of question has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindState {
    /// Asked so often.
    pub asked: u32,
    /// Not right so often since a person last explained.
    pub wrong: u32,
    /// Right.
    pub right: Option<Mark>,
}

/// Teach-back as far as it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeachState {
    /// Waiting for an answer.
    pub open: Option<OpenQuestion>,
    /// The question before, when it was not answered right: its explanation is shown.
    pub explain: Option<OpenQuestion>,
    /// By kind key.
    pub kinds: BTreeMap<String, KindState>,
}

/// Evidence for the current terms. Replaced by an empty one when terms change (law 3).
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    pub(super) reviewed: Option<Mark>,
    pub(super) afford: Option<(Mark, AffordOutcome, Option<i64>)>,
    pub(super) afford_human: Option<(Mark, HumanDecision)>,
    pub(super) screen: Option<(Mark, ScreenResult, Vec<ScreenKey>)>,
    pub(super) screen_human: Option<(Mark, HumanDecision)>,
    pub(super) shown: Option<Mark>,
    pub(super) sections: BTreeMap<String, SectionState>,
    pub(super) teach: TeachState,
    pub(super) identified: Option<Mark>,
    pub(super) consents: BTreeMap<Purpose, (Choice, Mark)>,
    pub(super) signature: Option<(Mark, AttachmentRef)>,
    pub(super) signature_confirmed: Option<Mark>,
    pub(super) signing: super::signing::Signing,
    pub(super) recorded: Option<Mark>,
    pub(super) recording: Option<super::recording::Recording>,
    /// She agreed to be recorded in the browser: what a consultant attests no longer stands in for it.
    pub(super) records_in_browser: bool,
    pub(super) notice: Option<(Mark, AttachmentRef)>,
    pub(super) notice_acknowledged: Option<Mark>,
    pub(super) confirmed: Option<Mark>,
    pub(super) refused_to_confirm: Option<Mark>,
}

/// A permit as the evidence knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermitState {
    /// Id.
    pub id: String,
    /// Valid until.
    pub expires_at_ms: i64,
    /// Issued.
    pub mark: Mark,
    /// Used, or made void by what came after.
    pub fate: PermitFate,
}

/// What became of a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitFate {
    /// May be used once until it expires.
    Open,
    /// Used by a payout.
    Used,
    /// Void, because something changed afterwards.
    Void,
}

/// A payout as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Amount.
    pub amount_fen: mingbai_cost::Fen,
    /// Day, ISO.
    pub on: String,
    /// Reference.
    pub reference: String,
    /// Record.
    pub mark: Mark,
}

/// A charge as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeState {
    /// The report.
    pub charge: super::reconcile::ReportedCharge,
    /// Rows that explain it.
    pub explained: Vec<super::reconcile::Part>,
    /// Record.
    pub mark: Mark,
}

/// A violation and what was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViolationState {
    /// Kind.
    pub kind: ViolationKind,
    /// Reference of the payout or charge.
    pub reference: String,
    /// To give back.
    pub refund_fen: mingbai_cost::Fen,
    /// Given back so far.
    pub refunded_fen: mingbai_cost::Fen,
    /// In words.
    pub words: mingbai_cost::Words,
    /// Record.
    pub mark: Mark,
}

/// The call-back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackState {
    /// Seed of its questions.
    pub seed: u64,
    /// Link expires.
    pub expires_at_ms: i64,
    /// Result code once answered.
    pub code: Option<super::callback::ResultCode>,
    /// Opened.
    pub mark: Mark,
}

/// A case for a human.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemedyState {
    /// Why.
    pub reason: String,
    /// Due.
    pub due_at_ms: i64,
    /// Opened.
    pub mark: Mark,
    /// Closed with this outcome.
    pub closed: Option<(Mark, String)>,
}

/// A ring that asked for a protective call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RingState {
    /// Its number.
    pub(super) ring: uuid::Uuid,
    /// Whether a person has let the journey go on since.
    pub(super) lifted: bool,
}

/// An attempt that was denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedAttempt {
    /// What was tried.
    pub command: String,
    /// To whom it belongs.
    pub belongs_to: String,
    /// By whom, when.
    pub mark: Mark,
}

/// Where a journey stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// No record yet.
    Unopened,
    /// Between opening and payout.
    Ceremony,
    /// The borrower said no.
    Declined,
    /// Money is out.
    PaidOut,
    /// Repaid and reconciled.
    Closed,
}
