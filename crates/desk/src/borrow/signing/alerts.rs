//! One device or one hand in several cases: a copy is refused, what is only close is put before compliance.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::ink::{Ink, Shape};
use mingbai_core::borrow::signing::{SigningAlert, Trouble};
use mingbai_core::text::both;
use mingbai_evidence::Digest;

use super::Browser;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::InkTrace;

impl Desk {
    /// Refuses handwriting that is, point for point and millisecond for millisecond, that of another case.
    pub(super) async fn check_copy(
        &self,
        caller: &Caller,
        id: JourneyId,
        challenge: Digest,
        ink: &Ink,
    ) -> Result<(), DeskError> {
        let (Some(traces), Some(trace)) = (&self.traces, ink.trace()) else { return Ok(()) };
        let cases = traces.cases_of_trace(trace).await?;
        if cases.iter().all(|case| *case == id) {
            return Ok(());
        }
        self.note_trouble(caller, id, challenge, Trouble::InkCopied).await?;
        Err(DeskError::invalid(
            "ink",
            both(
                "这份手写签名与另一笔业务里的一模一样,不能使用。请亲手重新签写。",
                "This handwriting is an exact copy of one in another case and cannot be used. Write it again by hand.",
            ),
        ))
    }

    /// Keeps the traces of this signing, and tells compliance when others share them.
    pub(super) async fn watch(
        &self,
        id: JourneyId,
        browser: Browser,
        ink: Option<&Ink>,
    ) -> Result<(), DeskError> {
        let Some(traces) = &self.traces else { return Ok(()) };
        let now_ms = self.now_ms();
        traces.keep_device(browser.0, id, now_ms).await?;
        let cases = traces.cases_of_device(browser.0).await?;
        let others = self.other_people(id, cases).await?;
        self.alert(id, SigningAlert::SharedDevice, others).await?;
        let (Some(shape), Some(trace)) = (ink.and_then(Ink::shape), ink.and_then(Ink::trace)) else {
            return Ok(());
        };
        let known = traces.inks().await?;
        let close = known.into_iter().filter(|kept| {
            kept.journey != id && Shape::from_bytes(&kept.shape).is_some_and(|other| other.is_similar(&shape))
        });
        let cases = close.map(|kept| kept.journey).collect();
        let others = self.other_people(id, cases).await?;
        self.alert(id, SigningAlert::SimilarInk, others).await?;
        let kept = InkTrace { journey: id, trace, shape: shape.to_bytes(), kept_at_ms: now_ms };
        Ok(traces.keep_ink(kept).await?)
    }

    /// How many of these cases are other people's: somebody who borrows twice uses the same telephone.
    async fn other_people(&self, id: JourneyId, cases: Vec<JourneyId>) -> Result<u32, DeskError> {
        let own = self.phone_of(id).await?;
        let mut others = 0;
        for case in cases.into_iter().filter(|case| *case != id).take(100) {
            if own.is_none() || self.phone_of(case).await? != own {
                others += 1;
            }
        }
        Ok(others)
    }

    /// Her registered telephone as digits, while the vault still has it.
    async fn phone_of(&self, id: JourneyId) -> Result<Option<String>, DeskError> {
        let loaded = self.load(id).await?;
        let Some(opening) = loaded.journey.opening() else { return Ok(None) };
        let opened = self.ports.vault.open(id.uuid(), &opening.phone.sealed).await?;
        let digits = |value: Vec<u8>| value.into_iter().filter(u8::is_ascii_digit).map(char::from).collect();
        Ok(opened.map(|opened| digits(opened.value)))
    }

    async fn alert(&self, id: JourneyId, alert: SigningAlert, others: u32) -> Result<(), DeskError> {
        let loaded = self.load(id).await?;
        let said = loaded.journey.signing_alerts().iter().any(|(_, kind, n)| *kind == alert && *n >= others);
        if others == 0 || said {
            return Ok(());
        }
        self.act(&Caller::system(), id, Command::AlertSigning { alert, others }).await.map(|_| ())
    }
}
