//! What the core system reports after the permit: payout, charges, refunds. Each is held against the one table by `core`.

use jiff::civil::Date;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::reconcile::ReportedCharge;
use mingbai_core::text::both;
use mingbai_cost::Fen;

use super::write::Acted;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;

/// Longest reference of a payout or charge, in characters.
const REFERENCE_LIMIT: usize = 100;

impl Desk {
    /// The core system paid out. Less than the principal, or no valid permit, becomes a violation.
    ///
    /// # Errors
    /// As [`Desk::act`]; [`DeskError::Invalid`] for an empty reference or an amount below zero.
    pub async fn report_payout(
        &self,
        caller: &Caller,
        id: JourneyId,
        permit: &str,
        amount_fen: Fen,
        on: Date,
        reference: &str,
    ) -> Result<Acted, DeskError> {
        check_reference(reference)?;
        if amount_fen <= Fen::ZERO {
            return Err(above_zero());
        }
        let (permit, reference) = (permit.to_owned(), reference.to_owned());
        self.act(caller, id, Command::ReportPayout { permit, amount_fen, on, reference }).await
    }

    /// The core system charged the borrower. What no row of the table explains becomes a violation with the amount to give
    /// back.
    ///
    /// # Errors
    /// As [`Desk::act`]; [`DeskError::Invalid`].
    pub async fn report_charge(
        &self,
        caller: &Caller,
        id: JourneyId,
        charge: ReportedCharge,
    ) -> Result<Acted, DeskError> {
        check_reference(&charge.reference)?;
        let texts =
            [("item_key", &charge.item_key), ("name_text", &charge.name_text), ("payee", &charge.payee)];
        for (field, text) in texts {
            if text.chars().count() > 200 || text.chars().any(char::is_control) {
                let words =
                    both("最多 200 个字,不含控制字符。", "At most 200 characters, no control characters.");
                return Err(DeskError::invalid(field, words));
            }
        }
        self.act(caller, id, Command::ReportCharge(charge)).await
    }

    /// The core system gave back what a violation had taken.
    ///
    /// # Errors
    /// As [`Desk::act`]; [`DeskError::Invalid`].
    pub async fn report_refund(
        &self,
        caller: &Caller,
        id: JourneyId,
        reference: &str,
        amount_fen: Fen,
    ) -> Result<Acted, DeskError> {
        check_reference(reference)?;
        if amount_fen <= Fen::ZERO {
            return Err(above_zero());
        }
        let reference = reference.to_owned();
        self.act(caller, id, Command::ReportRefund { reference, amount_fen }).await
    }

    /// Everything is repaid and reconciled. Called by timers and the command line.
    ///
    /// # Errors
    /// As [`Desk::act`].
    pub async fn close_journey(&self, caller: &Caller, id: JourneyId) -> Result<Acted, DeskError> {
        self.act(caller, id, Command::Close).await
    }
}

fn check_reference(reference: &str) -> Result<(), DeskError> {
    let count = reference.trim().chars().count();
    if (1..=REFERENCE_LIMIT).contains(&count) && !reference.chars().any(char::is_control) {
        return Ok(());
    }
    let words = both(
        format!("流水号应为 1 到 {REFERENCE_LIMIT} 个字。"),
        format!("A reference has 1 to {REFERENCE_LIMIT} characters."),
    );
    Err(DeskError::invalid("reference", words))
}

fn above_zero() -> DeskError {
    DeskError::invalid("amount_fen", both("金额要大于零。", "The amount must be above zero."))
}
