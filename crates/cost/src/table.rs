//! The cost table (综合融资成本明示表): computed once, rendered everywhere (DESIGN law 4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rate::AnnualCost;
use crate::terms::{Base, Collected, Method, Party, ProductRef, TermsDigest, Timing};
use crate::{Fen, Words};

/// What kind of money an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// 利息.
    Interest,
    /// 费用.
    Fee,
    /// 保证金, comes back.
    Deposit,
}

/// One charge that will be made, to the fen and the day. Nothing that is not listed may be charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Charge {
    /// 0 = at the payout, otherwise the instalment's number.
    pub period: u32,
    /// Day.
    pub on: Date,
    /// Amount.
    pub amount_fen: Fen,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostItem {
    /// `interest`, or the fee item's key.
    pub key: String,
    /// Kind.
    pub kind: ItemKind,
    /// Name.
    pub name: Words,
    /// Who receives it.
    pub payee: Party,
    /// When it is taken.
    pub timing: Timing,
    /// What it is measured on; `None` for interest.
    pub base: Option<Base>,
    /// Deducted or paid apart.
    pub collected: Collected,
    /// 收费标准, in words made from the fields above (one function, every surface).
    pub standard: Words,
    /// Item total ÷ (average outstanding principal × years), ppm a year.
    pub annual_level_ppm: i64,
    /// Everything this item takes over the whole loan (0 for a deposit that comes back in full).
    pub total_fen: Fen,
    /// Every single charge.
    pub charges: Vec<Charge>,
}

/// One line of the repayment plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Instalment {
    /// 1-based number.
    pub n: u32,
    /// Due date.
    pub due_on: Date,
    /// Principal part.
    pub principal_fen: Fen,
    /// Interest part.
    pub interest_fen: Fen,
    /// All fees due with it (deposits that come back are negative).
    pub fees_fen: Fen,
    /// What leaves the borrower's account that day.
    pub total_fen: Fen,
    /// Principal left afterwards.
    pub balance_fen: Fen,
}

/// Money kept back from the principal (砍头息), flagged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpfrontDeduction {
    /// Amount kept back.
    pub amount_fen: Fen,
    /// Keys of the items that do it.
    pub item_keys: Vec<String>,
}

/// What repaying everything right after instalment `n` falls due would cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EarlyRow {
    /// On the due date of this instalment.
    pub n: u32,
    /// That day.
    pub on: Date,
    /// Principal still owed after the instalment.
    pub balance_fen: Fen,
    /// Interest that has accrued since the last instalment: nothing on a due date, months of it in a loan that is repaid at
    /// once at the end.
    pub accrued_interest_fen: Fen,
    /// Early-repayment fee.
    pub fee_fen: Fen,
    /// Refunds of fees and deposits.
    pub refund_fen: Fen,
    /// To pay that day to be free, beside the instalment: balance + accrued interest + fee − refund.
    pub payoff_fen: Fen,
    /// Saved against following the plan to the end.
    pub saved_fen: Fen,
}

/// A worked example: the given instalment paid thirty days late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LateExample {
    /// Which instalment.
    pub n: u32,
    /// Days late.
    pub days: u32,
    /// Overdue interest on principal.
    pub overdue_interest_fen: Fen,
    /// Interest on unpaid interest.
    pub compound_interest_fen: Fen,
    /// Fixed late fee.
    pub late_fee_fen: Fen,
    /// All extra cost.
    pub extra_fen: Fen,
    /// What is due that day in all.
    pub due_fen: Fen,
}

/// Default-case costs, apart from the normal cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DefaultCosts {
    /// 逾期罚息 ppm a year.
    pub overdue_rate_ppm: i64,
    /// 挪用罚息 ppm a year.
    pub misuse_rate_ppm: i64,
    /// Whether unpaid interest bears interest.
    pub compound_on_interest: crate::terms::CompoundInterest,
    /// Days without overdue cost.
    pub grace_days: u32,
    /// Fixed late fee.
    pub late_fee_fen: Fen,
    /// One month late, worked out.
    pub late_example: LateExample,
}

/// The one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostTable {
    /// Format version, 1.
    pub v: u32,
    /// Terms that it was computed from.
    pub terms_digest: TermsDigest,
    /// Product.
    pub product: ProductRef,
    /// Lender.
    pub lender: Party,
    /// Contract principal.
    pub principal_fen: Fen,
    /// What reaches the borrower.
    pub net_payout_fen: Fen,
    /// Set when anything is kept back from the principal.
    pub upfront_deduction: Option<UpfrontDeduction>,
    /// Payout day.
    pub payout_on: Date,
    /// Last due day.
    pub final_due_on: Date,
    /// Method.
    pub method: Method,
    /// Nominal annual rate, ppm: what the advertisement says.
    pub nominal_rate_ppm: i64,
    /// Interest first, then every fee and deposit in the order of the fee standard.
    pub items: Vec<CostItem>,
    /// All interest.
    pub total_interest_fen: Fen,
    /// All fees (deposits that come back are not cost).
    pub total_fees_fen: Fen,
    /// Interest + fees.
    pub total_cost_fen: Fen,
    /// Principal + interest + fees: everything she parts with.
    pub total_repayable_fen: Fen,
    /// Cost per 10,000 yuan borrowed ("每借一万元多还"), rounded half-up.
    pub cost_per_10k_fen: Fen,
    /// Annual figures.
    pub annual: AnnualCost,
    /// Plan.
    pub instalments: Vec<Instalment>,
    /// Default-case costs.
    pub default_costs: DefaultCosts,
    /// What repaying early costs by the terms, in a sentence.
    pub early_rule: Words,
    /// Early repayment after each period.
    pub early: Vec<EarlyRow>,
    /// 除上述项目外不收取任何其他费用, with its English twin.
    pub nothing_else: Words,
}

impl CostTable {
    /// The table's bytes, written once and hashed as they are: what is stored, embedded in the PDF and handed out.
    #[must_use]
    pub fn to_json_bytes(&self) -> Vec<u8> {
        // Plain data with string keys always serialises; nothing can be hidden behind the default.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
