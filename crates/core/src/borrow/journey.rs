//! A journey is a fold of evidence (DESIGN law 1): nothing is stored beside the records, everything is computed from
//! them. This file holds the value and what may be asked of it; [`super::fold`] builds it, [`super::decide`] extends it.

use std::fmt;

use mingbai_cost::diff::{Change, changes};
use mingbai_cost::{CostTable, Terms};
use mingbai_evidence::{Digest, StreamHead, StreamId};
use uuid::Uuid;

use super::event::{AttachmentRef, Choice, Purpose, ScreenResult};
use super::screen::ScreenKey;
use super::state::{
    CallbackState, ChargeState, DeniedAttempt, Mark, Offer, Opening, Payout, PermitState, Proofs,
    RemedyState, RingState, SectionState, Stage, TeachState, ViolationState,
};

/// Number of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct JourneyId(Uuid);

impl JourneyId {
    /// Wraps a number.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        JourneyId(id)
    }

    /// The number.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// Reads the text form; hyphens, spaces and capitals do not matter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        Uuid::try_parse(&plain).ok().map(JourneyId)
    }

    /// The evidence stream of this journey.
    #[must_use]
    pub fn stream(self) -> StreamId {
        StreamId::of_uuid("borrow", self.0)
    }

    /// The number as a person reads it aloud: the last sixteen digits in groups of four.
    #[must_use]
    pub fn reference(self) -> String {
        let hex = self.0.simple().to_string().to_uppercase();
        let tail = &hex[16..];
        format!("{} {} {} {}", &tail[..4], &tail[4..8], &tail[8..12], &tail[12..])
    }
}

impl fmt::Display for JourneyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// One loan, computed from its evidence.
#[derive(Clone, Debug)]
pub struct Journey {
    pub(super) id: JourneyId,
    pub(super) head: Option<StreamHead>,
    pub(super) last_at_ms: i64,
    pub(super) stage: Stage,
    pub(super) opening: Option<Opening>,
    pub(super) offer: Option<Offer>,
    pub(super) earlier: Vec<Offer>,
    pub(super) proofs: Proofs,
    pub(super) permit: Option<PermitState>,
    pub(super) gate_refusals: u32,
    pub(super) payout: Option<Payout>,
    pub(super) charges: Vec<ChargeState>,
    pub(super) violations: Vec<ViolationState>,
    pub(super) callback: Option<CallbackState>,
    pub(super) remedies: Vec<RemedyState>,
    pub(super) denied: Vec<DeniedAttempt>,
    /// Parts that were played in any recording, repetitions included.
    pub(super) plays: usize,
    pub(super) recordings: std::collections::BTreeMap<String, mingbai_evidence::Digest>,
    pub(super) declined: Option<(Mark, String)>,
    pub(super) ring: Option<RingState>,
}

impl Journey {
    /// A journey of which nothing is known yet.
    #[must_use]
    pub fn unopened(id: JourneyId) -> Self {
        Journey {
            id,
            head: None,
            last_at_ms: i64::MIN,
            stage: Stage::Unopened,
            opening: None,
            offer: None,
            earlier: Vec::new(),
            proofs: Proofs::default(),
            permit: None,
            gate_refusals: 0,
            payout: None,
            charges: Vec::new(),
            violations: Vec::new(),
            callback: None,
            remedies: Vec::new(),
            denied: Vec::new(),
            plays: 0,
            recordings: std::collections::BTreeMap::new(),
            declined: None,
            ring: None,
        }
    }

    /// Number.
    #[must_use]
    pub fn id(&self) -> JourneyId {
        self.id
    }

    /// Last record of the stream.
    #[must_use]
    pub fn head(&self) -> Option<StreamHead> {
        self.head
    }

    /// Time of the last record; the next may not be earlier.
    #[must_use]
    pub fn last_at_ms(&self) -> i64 {
        self.last_at_ms
    }

    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// How it began.
    #[must_use]
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// The current offer.
    #[must_use]
    pub fn offer(&self) -> Option<&Offer> {
        self.offer.as_ref()
    }

    /// Offers before the current one, oldest first.
    #[must_use]
    pub fn earlier_offers(&self) -> &[Offer] {
        &self.earlier
    }

    /// Current terms.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        self.offer.as_ref().map(|offer| &offer.terms)
    }

    /// The one table.
    #[must_use]
    pub fn table(&self) -> Option<&CostTable> {
        self.offer.as_ref().map(|offer| &offer.table)
    }

    /// Where the table's bytes lie.
    #[must_use]
    pub fn table_ref(&self) -> Option<&AttachmentRef> {
        self.offer.as_ref().map(|offer| &offer.table_ref)
    }

    /// What changed since the offer before, row by row; empty when nothing was offered before.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        match (self.earlier.last(), &self.offer) {
            (Some(old), Some(new)) => changes(&old.table, &new.table),
            _ => Vec::new(),
        }
    }

    /// When the borrower was shown the current table on any surface.
    #[must_use]
    pub fn shown(&self) -> Option<&Mark> {
        self.proofs.shown.as_ref()
    }

    /// Reading state of a section.
    #[must_use]
    pub fn section(&self, key: &str) -> Option<&SectionState> {
        self.proofs.sections.get(key)
    }

    /// Teach-back state.
    #[must_use]
    pub fn teach(&self) -> &TeachState {
        &self.proofs.teach
    }

    /// Consents by purpose.
    pub fn consents(&self) -> impl Iterator<Item = (Purpose, Choice)> + '_ {
        self.proofs.consents.iter().map(|(purpose, (choice, _))| (*purpose, *choice))
    }

    /// Keys of the screening answers that paused the journey.
    #[must_use]
    pub fn screening_hits(&self) -> &[ScreenKey] {
        self.proofs.screen.as_ref().map_or(&[], |(_, _, hits)| hits.as_slice())
    }

    /// The ring that asked for a protective call, whether or not a person has talked with her since.
    #[must_use]
    pub fn ring(&self) -> Option<Uuid> {
        self.ring.as_ref().map(|state| state.ring)
    }

    /// Whether a person must still talk with her because of a ring.
    #[must_use]
    pub fn ring_waits(&self) -> bool {
        self.ring.as_ref().is_some_and(|state| !state.lifted)
    }

    /// Whether her own answers ask for a talk that nobody has had with her yet.
    #[must_use]
    pub fn answers_wait(&self) -> bool {
        let paused = matches!(&self.proofs.screen, Some((_, ScreenResult::Paused, _)));
        paused && self.proofs.screen_human.is_none()
    }

    /// Affordability ratio in ppm of income, once assessed.
    #[must_use]
    pub fn afford_ratio_ppm(&self) -> Option<i64> {
        self.proofs.afford.as_ref().and_then(|(_, _, ratio)| *ratio)
    }

    /// The document that was signed in ink, once attested.
    #[must_use]
    pub fn signed_document(&self) -> Option<&AttachmentRef> {
        self.proofs.signature.as_ref().map(|(_, document)| document)
    }

    /// Who attested the signature.
    #[must_use]
    pub fn signature_attested(&self) -> Option<&Mark> {
        self.proofs.signature.as_ref().map(|(mark, _)| mark)
    }

    /// The notice that was handed over.
    #[must_use]
    pub fn notice(&self) -> Option<&AttachmentRef> {
        self.proofs.notice.as_ref().map(|(_, document)| document)
    }

    /// She said at the last look that it is not her own wish, or that somebody tells her what to answer.
    #[must_use]
    pub fn refused_to_confirm(&self) -> Option<&Mark> {
        self.proofs.refused_to_confirm.as_ref()
    }

    /// The last permit.
    #[must_use]
    pub fn permit(&self) -> Option<&PermitState> {
        self.permit.as_ref()
    }

    /// How often the gate stayed shut.
    #[must_use]
    pub fn gate_refusals(&self) -> u32 {
        self.gate_refusals
    }

    /// The payout.
    #[must_use]
    pub fn payout(&self) -> Option<&Payout> {
        self.payout.as_ref()
    }

    /// Reported charges, in order.
    #[must_use]
    pub fn charges(&self) -> &[ChargeState] {
        &self.charges
    }

    /// Violations, in order.
    #[must_use]
    pub fn violations(&self) -> &[ViolationState] {
        &self.violations
    }

    /// The call-back.
    #[must_use]
    pub fn callback(&self) -> Option<&CallbackState> {
        self.callback.as_ref()
    }

    /// Cases for a human.
    #[must_use]
    pub fn remedies(&self) -> &[RemedyState] {
        &self.remedies
    }

    /// Attempts that were denied.
    #[must_use]
    pub fn denied_attempts(&self) -> &[DeniedAttempt] {
        &self.denied
    }

    /// Her refusal, with the reason if she gave one.
    #[must_use]
    pub fn declined(&self) -> Option<(&Mark, &str)> {
        self.declined.as_ref().map(|(mark, reason)| (mark, reason.as_str()))
    }

    /// Digest that evidence for the current terms carries.
    #[must_use]
    pub fn terms_digest(&self) -> Option<Digest> {
        self.offer.as_ref().map(|offer| Digest::new(*offer.digest().as_bytes()))
    }
}
