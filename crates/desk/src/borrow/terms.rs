//! Offering terms, first or again: the table is computed, kept as bytes, and the product's released review is cited for it.
//! When terms change, evidence for the old ones stops counting by itself (DESIGN law 3).

use jiff::civil::Date;
use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::text::both;
use mingbai_cost::{Fen, Terms, quote};

use super::holder;
use super::write::{Acted, Along, Batch, Loaded};
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::product::{Ask, Product};

/// Other terms for a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsRequest {
    /// Product and version; `None` = those of the present terms.
    pub product: Option<(String, String)>,
    /// Principal.
    pub principal_fen: Fen,
    /// Periods.
    pub periods: u32,
    /// Day of the payout.
    pub payout_on: Date,
    /// Method; `None` = the product's usual one.
    pub method: Option<usize>,
}

impl Desk {
    /// Changes the terms of a journey. The borrower reads, answers and confirms anew.
    ///
    /// # Errors
    /// As [`Desk::open_journey`], and [`DeskError::Refused`] after the payout or her refusal.
    pub async fn change_terms(
        &self,
        caller: &Caller,
        id: JourneyId,
        request: TermsRequest,
    ) -> Result<Acted, DeskError> {
        if !(caller.is_core() || caller.role() == Some(StaffRole::Consultant)) {
            return Err(forbidden());
        }
        let Loaded { journey, pack, .. } = self.load_for(caller, id).await?;
        let now_ms = self.time_after(&journey);
        let product = match (&request.product, journey.terms()) {
            (Some((id, version)), _) => self.product(id, Some(version))?.clone(),
            (None, Some(terms)) => {
                let of = &terms.spec().product;
                self.product(&of.id, Some(&of.version))?.clone()
            }
            (None, None) => return Err(DeskError::no_journey()),
        };
        let ask = Ask {
            principal_fen: request.principal_fen,
            periods: request.periods,
            payout_on: request.payout_on,
            method: request.method,
        };
        let terms = product.terms_for(ask)?;
        let mut batch = Batch::on(journey, pack, now_ms);
        self.offer(&mut batch, &caller.actor(), &product, terms).await?;
        self.commit(batch, Along::default()).await
    }

    /// Takes terms into a batch: table, offer, citation. Terms that are on the table already lead to nothing.
    pub(crate) async fn offer(
        &self,
        batch: &mut Batch,
        actor: &Actor,
        product: &Product,
        terms: Terms,
    ) -> Result<(), DeskError> {
        let release = self.release_of(product).await?.ok_or_else(not_released)?;
        let bytes = quote(&terms)?.to_json_bytes();
        let table = self.ports.attachments.put(holder(batch.journey.id()), bytes, "application/json").await?;
        let before = batch.journey.terms_digest();
        batch.decide(self, actor, Command::OfferTerms { terms: Box::new(terms), table })?;
        if batch.journey.terms_digest() == before {
            return Ok(());
        }
        let cite = Command::CiteReview {
            release_stream: release.stream.as_str().to_owned(),
            release: release.leaf,
            material: release.material,
        };
        batch.decide(self, &Actor::System, cite)
    }
}

fn not_released() -> DeskError {
    mingbai_core::borrow::refusal::Refusal::not_now(
        both(
            "这个产品版本还没有通过消保审查,或审查之后文件被改动过,不能用于办理业务。",
            "This product version has no released review, or its file was changed after the review; it cannot be used.",
        ),
        both(
            "请消保岗审查并发布这个版本;改动过的文件要用新的版本号。",
            "Let compliance review and release it; a changed file needs a new version.",
        ),
    )
    .into()
}
