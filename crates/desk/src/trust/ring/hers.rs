//! Her side of a ring: why her loan waits, in friendly and true words, and her appeal (反电信网络诈骗法第三十二条). She never learns who
//! else is in it, nor what exactly is shared: whoever stands beside her would learn it too.

use mingbai_core::actor::Actor;
use mingbai_core::trust::ring::{Appeal, Appealed, Command, Context, Notice, Ring, RingId, notice};
use mingbai_evidence::refs::SealedRef;

use super::act::long_enough;
use super::no_ring;
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;

/// Shortest appeal, in characters.
const APPEAL_MIN: usize = 5;
const LABEL: &str = "ring.appeal";

/// An appeal of hers, with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HerAppeal {
    /// When, unix ms.
    pub at_ms: i64,
    /// What she said.
    pub text: String,
    /// How it was decided, when (unix ms), and what she is told.
    pub answer: Option<(Appealed, i64, String)>,
}

/// What she is told.
#[derive(Clone, Debug)]
pub struct HerRing {
    /// Reason, ways to appeal, what helps.
    pub notice: Notice,
    /// Whether her loan still waits because of it.
    pub waits: bool,
    /// Her appeals, the first one first.
    pub appeals: Vec<HerAppeal>,
}

impl HerRing {
    /// Whether she can write one now.
    #[must_use]
    pub fn may_appeal(&self) -> bool {
        self.waits && self.appeals.iter().all(|one| one.answer.is_some())
    }
}

impl Desk {
    /// What she is told about the pause; `None` when no ring ever asked for a call.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anybody but the borrower.
    pub async fn her_ring(&self, caller: &Caller) -> Result<Option<HerRing>, DeskError> {
        let id = caller.journey().ok_or_else(forbidden)?;
        let journey = Box::pin(self.load_for(caller, id)).await?.journey;
        let Some(ring) = journey.ring().map(RingId::new) else { return Ok(None) };
        let waits = journey.ring_waits();
        let ring = self.load_ring(ring).await?.ring;
        let mut appeals = Vec::new();
        for appeal in ring.appeals.iter().filter(|one| one.journey == id.uuid()) {
            appeals.push(self.her_appeal(&ring, appeal).await?);
        }
        Ok(Some(HerRing { notice: notice(), waits, appeals }))
    }

    async fn her_appeal(&self, ring: &Ring, appeal: &Appeal) -> Result<HerAppeal, DeskError> {
        let text = self.ring_text(ring.id(), &appeal.text).await?.unwrap_or_default();
        let answer = match &appeal.decided {
            Some((how, _, at_ms, answer)) => {
                Some((*how, *at_ms, self.ring_text(ring.id(), answer).await?.unwrap_or_default()))
            }
            None => None,
        };
        Ok(HerAppeal { at_ms: appeal.at_ms, text, answer })
    }

    pub(super) async fn ring_text(
        &self,
        id: RingId,
        sealed: &SealedRef,
    ) -> Result<Option<String>, DeskError> {
        let opened = self.ports.vault.open(id.uuid(), &sealed.sealed).await?;
        Ok(opened.map(|opened| String::from_utf8_lossy(&opened.value).into_owned()))
    }

    /// She appeals.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anybody but the borrower; [`DeskError::NotFound`] when nothing waits; [`DeskError::Invalid`];
    /// [`DeskError::Refused`] while an appeal of hers is open.
    pub async fn appeal_against_ring(&self, caller: &Caller, text: &str) -> Result<(), DeskError> {
        let journey = caller.journey().ok_or_else(forbidden)?;
        let loaded = Box::pin(self.load_for(caller, journey)).await?.journey;
        let ring = loaded.ring().filter(|_| loaded.ring_waits()).map(RingId::new).ok_or_else(no_ring)?;
        let text = long_enough(text, APPEAL_MIN)?;
        let context = Context { waiting: &[], pressed: &[] };
        let make = |text| Command::Appeal { journey: journey.uuid(), text };
        let blank = mingbai_evidence::seal::commit(LABEL, b"", &mingbai_evidence::seal::Salt::new([0; 32]));
        let blank = SealedRef { sealed: blank, label: LABEL.to_owned() };
        self.load_ring(ring).await?.ring.decide(&Actor::Borrower, make(blank), &context)?;
        let text = self.seal_for_ring(ring, LABEL, &text).await?;
        let decide = |ring: &Ring| ring.decide(&Actor::Borrower, make(text.clone()), &context);
        self.decide_ring(ring, &Actor::Borrower.to_string(), decide).await.map(|_| ())
    }
}
