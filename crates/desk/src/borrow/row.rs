//! A journey as one row of the staff list, and what its events lead to outside: messages and the call-back.

use mingbai_core::borrow::Journey;
use mingbai_core::borrow::event::{Event, ScreenResult, SignaturePath, YesNo};
use mingbai_core::policy::Pack;
use serde_json::{Value, json};

use crate::desk::{DAY_MS, Desk};
use crate::ports::{JourneyRow, OutboxItem, Task, stage_key};

/// The row; `None` before the journey is opened.
pub(crate) fn row_of(journey: &Journey, pack: &Pack, branch: Option<String>) -> Option<JourneyRow> {
    let opening = journey.opening()?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let owed = journey.violations().iter().filter(|v| v.refunded_fen < v.refund_fen).count();
    let before_payout = journey.payout().is_none();
    let missing = if before_payout { journey.missing(pack) } else { Vec::new() };
    // What is on the table is what the product of the current terms is, which may be newer than the opening's.
    let product = journey.terms().map(|terms| terms.spec().product.clone());
    Some(JourneyRow {
        journey: journey.id(),
        external_ref: opening.external_ref.clone(),
        product_id: product.as_ref().map_or_else(|| opening.product_id.clone(), |p| p.id.clone()),
        product_version: product.map_or_else(|| opening.product_version.clone(), |p| p.version),
        principal_fen: journey.table().map(|table| table.principal_fen),
        stage: stage_key(journey.stage()).to_owned(),
        missing: missing.iter().map(|m| m.duty.key().to_owned()).collect(),
        violations_open: count(owed),
        remedies_open: count(journey.remedies().iter().filter(|case| case.closed.is_none()).count()),
        denied: count(journey.denied_attempts().len()),
        branch,
        opened_at_ms: opening.mark.at_ms,
        updated_at_ms: journey.last_at_ms(),
    })
}

impl Desk {
    /// Work that the events lead to, written in the same transaction.
    pub(crate) fn consequences(
        &self,
        journey: &Journey,
        pack: &Pack,
        events: &[Event],
        now_ms: i64,
    ) -> Vec<OutboxItem> {
        let mut work = Vec::new();
        for event in events {
            if let Event::Disbursed { .. } = event {
                let days = i64::from(pack.callback().days_after_payout.value);
                let task = Task::OpenCallback { journey: journey.id() };
                work.push(self.queued(now_ms, now_ms + days * DAY_MS, task));
            }
            if let Event::Signed(SignaturePath::OwnKey { .. }) = event {
                let task = Task::SealContract { journey: journey.id() };
                work.push(self.queued(now_ms, now_ms, task));
            }
            if let Event::ContractSealed { .. } = event {
                let task = Task::RenewSignatures { journey: journey.id() };
                work.push(self.queued(now_ms, now_ms, task));
            }
            if let Event::RecordingEnded(_) | Event::RecordingTake(_) = event
                && let Some(open) = journey.recording()
                && open.ended.is_some()
                && !open.needs_consultant_side()
            {
                let recording = open.id().to_owned();
                let task = Task::InspectRecording { journey: journey.id(), recording };
                work.push(self.queued(now_ms, now_ms, task));
            }
            if self.settings.webhook.is_some()
                && let Some((name, data)) = told_outside(event)
            {
                let event = name.to_owned();
                let payload = self.payload(journey, name, &data, now_ms);
                work.push(self.queued(now_ms, now_ms, Task::Webhook { event, payload }));
            }
        }
        work
    }

    /// The body of a message. It names the journey and carries no personal data.
    pub(crate) fn payload(&self, journey: &Journey, event: &str, data: &Value, now_ms: i64) -> String {
        let external_ref = journey.opening().map(|opening| opening.external_ref.as_str());
        json!({
            "v": 1,
            "event": event,
            "at_ms": now_ms,
            "journey": journey.id(),
            "external_ref": external_ref,
            "data": data,
        })
        .to_string()
    }
}

/// What the core system is told about an event, if anything.
fn told_outside(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::TermsOffered { .. } => ("terms.offered", json!({})),
        Event::Confirmed { own_wish: YesNo::Yes, being_told: YesNo::No, .. } => {
            ("journey.confirmed", json!({}))
        }
        // Why is not said: the message may be read by the people who press her.
        Event::Confirmed { .. }
        | Event::RingAlerted { .. }
        | Event::ScreenAnswered { result: ScreenResult::Paused, .. } => {
            ("journey.needs_person", json!({"who": "compliance"}))
        }
        Event::Declined { .. } => ("journey.declined", json!({})),
        Event::Signed(SignaturePath::OwnKey { .. }) => ("contract.signed", json!({})),
        Event::ContractSealed { .. } => ("contract.sealed", json!({})),
        Event::SigningAlerted { alert, others } => {
            ("signing.alert", json!({"alert": alert, "others": others}))
        }
        Event::PermitIssued { permit, expires_at_ms, amount_fen, .. } => (
            "permit.issued",
            json!({"permit": permit, "expires_at_ms": expires_at_ms, "amount_fen": amount_fen}),
        ),
        Event::PermitRefused { missing } => ("permit.refused", json!({"missing": missing})),
        Event::ViolationFound { violation, reference, refund_fen, zh, en } => (
            "violation.found",
            json!({"violation": violation, "reference": reference, "refund_fen": refund_fen, "zh": zh, "en": en}),
        ),
        Event::RemedyOpened { reason, due_at_ms } => {
            ("remedy.opened", json!({"reason": reason, "due_at_ms": due_at_ms}))
        }
        Event::RemedyClosed { .. } => ("remedy.closed", json!({})),
        Event::CallbackAnswered { code, .. } => ("callback.answered", json!({"code": code})),
        Event::Closed {} => ("journey.closed", json!({})),
        _ => return None,
    })
}
