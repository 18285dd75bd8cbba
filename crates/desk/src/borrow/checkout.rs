//! What a loan would cost, before there is any journey: the product page, and the fragment on a shop's payment page.

use jiff::civil::Date;
use mingbai_cost::{CostTable, Fen, Terms, quote};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::product::Ask;

/// A wish without a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteRequest {
    /// Product.
    pub product_id: String,
    /// Version; `None` = the one on offer.
    pub product_version: Option<String>,
    /// Principal.
    pub principal_fen: Fen,
    /// Periods.
    pub periods: u32,
    /// Day of the payout.
    pub payout_on: Date,
    /// Method; `None` = the usual one.
    pub method: Option<usize>,
}

/// The answer: terms and the one table. Nothing is stored.
#[derive(Clone, Debug)]
pub struct Quote {
    /// Terms.
    pub terms: Terms,
    /// Table.
    pub table: CostTable,
}

impl Desk {
    /// Computes a table. Needs no caller: what a loan costs is no secret.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for an unknown product, [`DeskError::Product`] outside its bounds.
    pub fn quote(&self, request: &QuoteRequest) -> Result<Quote, DeskError> {
        let product = self.product(&request.product_id, request.product_version.as_deref())?;
        let terms = product.terms_for(Ask {
            principal_fen: request.principal_fen,
            periods: request.periods,
            payout_on: request.payout_on,
            method: request.method,
        })?;
        let table = quote(&terms)?;
        Ok(Quote { terms, table })
    }
}
