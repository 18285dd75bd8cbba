//! One loan of the book through the cost engine. Glue only: the terms go in, the engine's figures come out.

use mingbai_core::text::both;
use mingbai_cost::terms::{
    CompoundInterest, DefaultTerms, EarlyRule, FeeItem, FeeNature, OnEarlyRepayment, Party, PlanSpec,
    ProductRef, TermsSpec,
};
use mingbai_cost::{AnnualCost, CostTable, Fen, Terms, Words};

use crate::audit::mapping::{FeeColumn, Mapping};
use crate::audit::reader::{LineError, Loan};

/// What the engine says about one loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// First instalment, principal + interest.
    pub instalment: Fen,
    /// What the book states less what was computed.
    pub difference: Fen,
    /// Interest + fees.
    pub total_cost: Fen,
    /// Annual figures.
    pub annual: AnnualCost,
}

/// Recomputes one loan.
///
/// # Errors
/// [`LineError`] when the figures of the line make no terms.
pub fn recompute(mapping: &Mapping, loan: &Loan) -> Result<(Answer, CostTable), LineError> {
    let terms = Terms::new(spec(mapping, loan)).map_err(|e| refused(loan, e.words()))?;
    let table = mingbai_cost::quote(&terms).map_err(|e| refused(loan, e.words()))?;
    let first = table.instalments.first().map_or(Fen::ZERO, |i| i.principal_fen + i.interest_fen);
    let answer = Answer {
        instalment: first,
        difference: loan.stated - first,
        total_cost: table.total_cost_fen,
        annual: table.annual,
    };
    Ok((answer, table))
}

fn refused(loan: &Loan, why: Words) -> LineError {
    LineError { line: loan.line, column: None, value: loan.id.clone(), why }
}

fn spec(mapping: &Mapping, loan: &Loan) -> TermsSpec {
    let common = &mapping.loan;
    TermsSpec {
        v: 1,
        product: ProductRef { id: "audit".into(), version: "1".into(), name: mapping.name.clone() },
        lender: Party { role: common.lender_role, name: common.lender.clone() },
        principal_fen: loan.principal,
        payout_on: loan.payout_on,
        plan: PlanSpec {
            method: common.method.clone(),
            annual_rate_ppm: loan.annual_rate_ppm,
            periods: loan.periods,
            day_count: common.day_count,
            first_due_on: None,
            grace_periods: 0,
            interest_free_periods: 0,
            rounding: common.rounding,
            residue: common.residue,
        },
        fees: mapping.fees.iter().zip(&loan.fees).map(|(fee, base)| item(fee, *base)).collect(),
        // A book's mapping says nothing about default or early repayment, and the audit shows nothing about them.
        default: DefaultTerms {
            overdue_rate_ppm: 0,
            compound_on_interest: CompoundInterest::NotCharged,
            misuse_rate_ppm: 0,
            grace_days: 0,
            late_fee_fen: Fen::ZERO,
        },
        early: EarlyRule::Free,
    }
}

fn item(fee: &FeeColumn, base: mingbai_cost::terms::Base) -> FeeItem {
    FeeItem {
        key: fee.key.clone(),
        name: both(fee.name.zh.clone(), fee.name.en.clone()),
        nature: FeeNature::Fee,
        payee: Party { role: fee.payee_role, name: fee.payee.clone() },
        timing: fee.timing,
        base,
        collected: fee.collected,
        on_early_repayment: OnEarlyRepayment::NotRefundable,
        cap_fen: None,
    }
}
