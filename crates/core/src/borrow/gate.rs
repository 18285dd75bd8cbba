//! The gate is one function (DESIGN law 2). A [`Permit`] has private fields, is bound to the journey's head, cannot be
//! copied, and is used up by issuing it; there is no other way to one.

use mingbai_cost::Fen;
use mingbai_evidence::Digest;

use super::decide::Context;
use super::event::Event;
use super::journey::{Journey, JourneyId};
use super::refusal::{Refusal, RefusalKind};
use super::state::{PermitFate, Stage};
use crate::text::both;

/// Leave to pay out one loan once. Only [`open`] makes one; it is neither `Clone` nor `Copy`.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a permit that is not issued is lost"]
pub struct Permit {
    journey: JourneyId,
    id: String,
    head: Digest,
    terms: Digest,
    amount_fen: Fen,
    external_ref: String,
    issued_at_ms: i64,
    expires_at_ms: i64,
}

/// What a permit says, for the token that the core system receives.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PermitClaims {
    /// Permit id.
    pub permit: String,
    /// Journey.
    pub journey: JourneyId,
    /// Application number in the core system.
    pub external_ref: String,
    /// What may be paid out: the whole principal.
    pub amount_fen: Fen,
    /// Head of the evidence that it is bound to.
    pub head: Digest,
    /// Terms.
    pub terms: Digest,
    /// Issued.
    pub issued_at_ms: i64,
    /// Expires.
    pub expires_at_ms: i64,
}

/// Opens the gate, or says everything that is missing.
///
/// # Errors
/// [`Refusal`] of kind [`RefusalKind::GateShut`] with every missing duty and its next step, or of kind
/// [`RefusalKind::Ended`] / [`RefusalKind::NotNow`] when the journey is over or a permit is already out.
pub fn open(journey: &Journey, context: &Context<'_>) -> Result<Permit, Refusal> {
    match journey.stage() {
        Stage::Ceremony => {}
        Stage::Unopened => return Err(Refusal::ended(both("没有这笔业务。", "There is no such journey."))),
        Stage::Declined => {
            return Err(Refusal::ended(both("借款人已决定不借。", "The borrower decided not to borrow.")));
        }
        Stage::PaidOut | Stage::Closed => {
            return Err(Refusal::ended(both("这笔贷款已经放款。", "This loan is already paid out.")));
        }
    }
    let missing = journey.missing(context.pack);
    let (Some(head), Some(offer), Some(opening)) = (journey.head(), journey.offer(), journey.opening())
    else {
        return Err(shut(missing));
    };
    if !missing.is_empty() {
        return Err(shut(missing));
    }
    if let Some(permit) = journey.permit()
        && permit.fate == PermitFate::Open
        && permit.expires_at_ms > context.now_ms
    {
        return Err(Refusal::not_now(
            both("放款许可已经发出,尚未过期。", "A permit is already out and has not expired."),
            both("请使用已发出的许可,或等它过期后再申请。", "Use it, or ask again when it has expired."),
        ));
    }
    if context.now_ms < journey.last_at_ms() {
        return Err(Refusal::not_now(
            both("服务器时钟早于最近一条记录。", "The clock is behind the last record."),
            both("请检查服务器时间。", "Check the server's clock."),
        ));
    }
    Ok(Permit {
        journey: journey.id(),
        id: super::decide::token_id("permit", head.leaf, context.seed),
        head: head.leaf,
        terms: Digest::new(*offer.digest().as_bytes()),
        amount_fen: offer.table.principal_fen,
        external_ref: opening.external_ref.clone(),
        issued_at_ms: context.now_ms,
        expires_at_ms: context.now_ms + i64::from(context.pack.permit().lifetime_seconds.value) * 1000,
    })
}

fn shut(missing: Vec<super::refusal::Missing>) -> Refusal {
    let zh: Vec<String> = missing.iter().map(|m| m.duty.name().zh).collect();
    let en: Vec<String> = missing.iter().map(|m| m.duty.name().en).collect();
    Refusal {
        kind: RefusalKind::GateShut,
        why: both(
            format!("还不能放款,缺少:{}。", zh.join("、")),
            format!("The gate is shut. Missing: {}.", en.join(", ")),
        ),
        next: both("请按每一项的提示补齐。", "Complete each of them as it says."),
        missing,
    }
}

impl Permit {
    /// What it says.
    #[must_use]
    pub fn claims(&self) -> PermitClaims {
        PermitClaims {
            permit: self.id.clone(),
            journey: self.journey,
            external_ref: self.external_ref.clone(),
            amount_fen: self.amount_fen,
            head: self.head,
            terms: self.terms,
            issued_at_ms: self.issued_at_ms,
            expires_at_ms: self.expires_at_ms,
        }
    }

    /// Uses the permit up: the event that records the issued token.
    pub fn issue(self, token: Digest) -> Event {
        Event::PermitIssued {
            permit: self.id,
            expires_at_ms: self.expires_at_ms,
            head: self.head,
            amount_fen: self.amount_fen,
            token,
        }
    }
}

/// The event that records that the gate stayed shut.
#[must_use]
pub fn refused(refusal: &Refusal) -> Event {
    Event::PermitRefused { missing: refusal.missing.iter().map(|m| m.duty.key().to_owned()).collect() }
}
