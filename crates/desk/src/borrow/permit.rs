//! The permit as a token: `mbp1.<claims>.<signature>`. The gate in `core` decides; here its permit is written down, signed and
//! put on record. A core system checks a token with [`verify`] and the published key.

use mingbai_core::actor::Actor;
use mingbai_core::borrow::event::Event;
use mingbai_core::borrow::gate::{self, PermitClaims};
use mingbai_core::borrow::refusal::RefusalKind;
use mingbai_core::borrow::state::PermitFate;
use mingbai_core::borrow::{Context, JourneyId};
use mingbai_core::text::both;
use mingbai_cost::{Fen, Words};
use mingbai_evidence::Digest;
use mingbai_evidence::note::VerifyingKeyText;
use serde::{Deserialize, Serialize};

use super::write::{Along, Batch, Loaded, REFOLDS};
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::LogError;
use crate::token;

/// What begins a token.
const PREFIX: &str = "mbp1";
/// The most bytes a token may have.
pub const TOKEN_LIMIT: usize = 4096;

/// What a token says. Compact JSON with these keys in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Permit id; the payout report names it.
    pub permit: String,
    /// Journey.
    pub journey: JourneyId,
    /// Application number in the core system.
    pub external_ref: String,
    /// What must be paid out, all of it.
    pub amount_fen: Fen,
    /// To whom: the borrower, by the commitment to her name.
    pub payee: String,
    /// Head of the evidence that it is bound to.
    pub head: Digest,
    /// Terms.
    pub terms: Digest,
    /// Issued, unix seconds.
    pub iat: i64,
    /// Not after, unix seconds.
    pub exp: i64,
    /// The core system that it was issued to.
    pub aud: String,
}

/// A permit that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPermit {
    /// The token.
    pub token: String,
    /// What it says.
    pub claims: Claims,
}

/// Why a token is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token.
    #[error("this is not a permit token; ask for the permit again")]
    Form,
    /// Not signed by the key.
    #[error("the permit is not signed by this key; do not pay out")]
    Signature,
    /// For another core system.
    #[error("the permit was issued to another system; do not pay out")]
    Audience,
    /// Too late.
    #[error("the permit has expired; ask for a new one")]
    Expired,
}

impl TokenError {
    /// In both languages.
    #[must_use]
    pub fn words(self) -> Words {
        let zh = match self {
            Self::Form => "这不是放款许可;请重新申请。",
            Self::Signature => "放款许可的签名不对;不要放款。",
            Self::Audience => "这个放款许可是发给别的系统的;不要放款。",
            Self::Expired => "放款许可已过期;请重新申请。",
        };
        both(zh, self.to_string())
    }
}

/// Checks a token the way a core system does: form, signature, audience, time. Single use is checked by Mingbai when the
/// payout is reported.
///
/// # Errors
/// [`TokenError`].
pub fn verify(text: &str, key: &VerifyingKeyText, aud: &str, now_ms: i64) -> Result<Claims, TokenError> {
    if text.len() > TOKEN_LIMIT {
        return Err(TokenError::Form);
    }
    let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Form)?;
    let (prefix, claims) = signed.split_once('.').ok_or(TokenError::Form)?;
    let signature = token::decode(signature).ok_or(TokenError::Form)?;
    if prefix != PREFIX {
        return Err(TokenError::Form);
    }
    if !key.verifies(signed.as_bytes(), &signature) {
        return Err(TokenError::Signature);
    }
    let bytes = token::decode(claims).ok_or(TokenError::Form)?;
    let claims: Claims = serde_json::from_slice(&bytes).map_err(|_| TokenError::Form)?;
    if claims.aud != aud {
        return Err(TokenError::Audience);
    }
    if now_ms >= claims.exp.saturating_mul(1000) {
        return Err(TokenError::Expired);
    }
    Ok(claims)
}

impl Desk {
    /// Asks the gate for leave to pay out. A refusal lists every missing duty and is put on record once. Asking again while a
    /// permit is out gives the same token again, so that a lost answer costs nothing.
    ///
    /// # Errors
    /// [`DeskError::Refused`]; [`DeskError::Forbidden`] unless the caller is a core system.
    pub async fn permit(&self, caller: &Caller, id: JourneyId) -> Result<IssuedPermit, DeskError> {
        let Some(aud) = caller.login().filter(|_| caller.is_core()) else { return Err(forbidden()) };
        for _ in 0..=REFOLDS {
            match self.try_permit(caller, id, aud.as_str()).await {
                Err(DeskError::Log(LogError::Conflict { .. })) => {}
                outcome => return outcome,
            }
        }
        Err(DeskError::Busy(both("这笔业务正在变化,请再试一次。", "The journey is changing; try again.")))
    }

    async fn try_permit(&self, caller: &Caller, id: JourneyId, aud: &str) -> Result<IssuedPermit, DeskError> {
        let loaded = self.load_for(caller, id).await?;
        let now_ms = self.time_after(&loaded.journey);
        let context = Context { pack: &loaded.pack, now_ms, seed: self.seed() };
        let permit = match gate::open(&loaded.journey, &context) {
            Ok(permit) => permit,
            Err(refusal) => {
                if let Some(again) = self.same_permit(&loaded, aud, now_ms) {
                    return Ok(again);
                }
                self.record_refusal(caller, loaded, now_ms, &refusal).await?;
                return Err(refusal.into());
            }
        };
        let issued = self.sign(&permit.claims(), &loaded, aud)?;
        let event = permit.issue(Digest::of(issued.token.as_bytes()));
        let mut batch = Batch::on(loaded.journey, loaded.pack, now_ms);
        batch.write(self, &Actor::System, event)?;
        self.commit(batch, Along::default()).await?;
        Ok(issued)
    }

    async fn record_refusal(
        &self,
        caller: &Caller,
        loaded: Loaded,
        now_ms: i64,
        refusal: &mingbai_core::borrow::refusal::Refusal,
    ) -> Result<(), DeskError> {
        if refusal.kind != RefusalKind::GateShut {
            return Ok(());
        }
        let event = gate::refused(refusal);
        // A core system that asks every second must not fill the stream: the same refusal in a row is written once.
        let (kind, body) = event.to_parts();
        let last = loaded.logged.last().map(|logged| &logged.record);
        if last.is_some_and(|last| last.kind() == kind && *last.body() == body) {
            return Ok(());
        }
        let mut batch = Batch::on(loaded.journey, loaded.pack, now_ms);
        batch.write(self, &caller.actor(), event)?;
        self.commit(batch, Along::default()).await.map(|_| ())
    }

    fn sign(&self, permit: &PermitClaims, loaded: &Loaded, aud: &str) -> Result<IssuedPermit, DeskError> {
        let payee = loaded.journey.opening().map(|opening| opening.borrower.sealed);
        let claims = Claims {
            permit: permit.permit.clone(),
            journey: permit.journey,
            external_ref: permit.external_ref.clone(),
            amount_fen: permit.amount_fen,
            payee: payee.map_or_else(String::new, |digest| format!("borrower:{digest}")),
            head: permit.head,
            terms: permit.terms,
            iat: permit.issued_at_ms.div_euclid(1000),
            exp: permit.expires_at_ms.div_euclid(1000),
            aud: aud.to_owned(),
        };
        let json = serde_json::to_vec(&claims).map_err(|e| DeskError::Fault(e.to_string()))?;
        let signed = format!("{PREFIX}.{}", token::encode(&json));
        let signature = self.ports.signer.permits().sign(signed.as_bytes());
        let token = format!("{signed}.{}", token::encode(&signature));
        let key = self.permit_key()?;
        // A token that does not verify must not leave the house.
        if !key.verifies(signed.as_bytes(), &signature) {
            return Err(DeskError::Fault(
                "the permit key signs what its public half does not verify".to_owned(),
            ));
        }
        Ok(IssuedPermit { token, claims })
    }

    /// The key that core systems check permits with.
    ///
    /// # Errors
    /// [`DeskError::Fault`] when the signer's key is not usable.
    pub fn permit_key(&self) -> Result<VerifyingKeyText, DeskError> {
        let signer = self.ports.signer.permits();
        VerifyingKeyText::new(signer.name(), signer.public_key()).map_err(|e| DeskError::Fault(e.to_string()))
    }

    /// The token of a permit that is out and still good, made again. Ed25519 is deterministic, so it is the same token; its
    /// digest in the evidence proves that.
    fn same_permit(&self, loaded: &Loaded, aud: &str, now_ms: i64) -> Option<IssuedPermit> {
        let out = loaded.journey.permit()?;
        if out.fate != PermitFate::Open || out.expires_at_ms <= now_ms {
            return None;
        }
        let record = loaded.logged.iter().find(|logged| logged.record.seq() == out.mark.seq)?;
        let event = Event::from_parts(record.record.kind(), record.record.body()).ok()?;
        let Event::PermitIssued { permit, expires_at_ms, head, amount_fen, token } = event else {
            return None;
        };
        let claims = PermitClaims {
            permit,
            journey: loaded.journey.id(),
            external_ref: loaded.journey.opening()?.external_ref.clone(),
            amount_fen,
            head,
            terms: record.record.terms()?,
            issued_at_ms: record.record.at_ms(),
            expires_at_ms,
        };
        let issued = self.sign(&claims, loaded, aud).ok()?;
        (Digest::of(issued.token.as_bytes()) == token).then_some(issued)
    }
}
