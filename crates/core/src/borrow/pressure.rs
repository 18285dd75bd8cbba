//! What she answers about somebody who presses or coaches her, decided: a "yes" pauses, and only a person lifts the pause.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::event::{Event, ScreenResult, YesNo};
use super::journey::Journey;
use super::refusal::Refusal;
use super::screen::{self, ScreenKey};
use crate::text::both;

/// "Somebody is making me borrow", said quietly: the same record as that answer to the screening question.
pub(super) fn call_for_help() -> Event {
    Event::ScreenAnswered {
        answers: BTreeMap::from([(ScreenKey::Forced, YesNo::Yes)]),
        result: ScreenResult::Paused,
        hits: vec![ScreenKey::Forced],
    }
}

impl Journey {
    /// A ring is told once: whoever was let go on after a talk is not stopped again because another one joined.
    pub(super) fn decide_ring_alert(&self, ring: Uuid) -> Vec<Event> {
        match &self.ring {
            Some(_) => Vec::new(),
            None => vec![Event::RingAlerted { ring }],
        }
    }

    pub(super) fn decide_screening(
        &self,
        answers: BTreeMap<ScreenKey, YesNo>,
    ) -> Result<Vec<Event>, Refusal> {
        let outcome = screen::assess(&answers).map_err(|unanswered| {
            let first = unanswered.missing.first().map(|key| key.question()).unwrap_or_else(|| both("", ""));
            Refusal::does_not_fit(both(
                format!("还有问题没有回答:{}", first.zh),
                format!("A question is still open: {}", first.en),
            ))
        })?;
        let (result, hits) = match outcome {
            screen::ScreenOutcome::Clear => (ScreenResult::Clear, Vec::new()),
            screen::ScreenOutcome::Pause { hits } => {
                (ScreenResult::Paused, hits.iter().map(|hit| hit.key).collect())
            }
        };
        let waits = matches!(self.proofs.screen, Some((_, ScreenResult::Paused, _)));
        if waits && result == ScreenResult::Clear && self.proofs.screen_human.is_none() {
            return Err(Refusal::not_now(
                both(
                    "您之前的回答说有情况,要由专人先和您谈一谈;再回答一次不能取消。",
                    "An earlier answer said that something is wrong; a person talks with you first, and answering again does \
                     not take it back.",
                ),
                both("请等机构的专人单独联系您。", "Please wait until a person of the lender calls you."),
            ));
        }
        Ok(vec![Event::ScreenAnswered { answers, result, hits }])
    }
}
