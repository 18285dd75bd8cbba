//! Does a reported charge stand in the table? What no row explains is a violation, with the amount to give back.
//!
//! It compares reports with the one table. It must not know how a charge is collected or who reported it.

use jiff::civil::Date;
use mingbai_cost::{CostTable, Fen, Words};
use serde::{Deserialize, Serialize};

use crate::text::both;

/// A charge as the core system reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedCharge {
    /// The core system's own reference, unique per charge.
    pub reference: String,
    /// `principal`, `interest`, `instalment`, `early_payoff`, `overdue_interest`, `compound_interest`, `late_fee`, or
    /// the key of a fee item.
    pub item_key: String,
    /// The name that the borrower saw on her statement.
    pub name_text: String,
    /// Amount taken from the borrower; positive.
    pub amount_fen: Fen,
    /// Day.
    pub on: Date,
    /// Who received it.
    pub payee: String,
}

/// Part of an accepted charge: which row of the table it was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `principal`, `interest`, a fee key, `early_payoff` or `late`.
    pub item: String,
    /// Period; 0 = at the payout.
    pub period: u32,
    /// Amount.
    pub amount_fen: Fen,
}

/// A charge that was explained earlier, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedCharge {
    /// The core system's reference.
    pub reference: String,
    /// Day.
    pub on: Date,
    /// What it was for.
    pub parts: Vec<Part>,
}

/// What is wrong with a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// No row of the table names it.
    Unlisted,
    /// More than the table says.
    TooLarge,
    /// Before its day, or a late charge while nothing is late.
    TooEarly,
    /// Taken before.
    Duplicate,
    /// Not a positive amount, or a text beyond its limit.
    Malformed,
}

/// Result of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Rows of the table explain all of it.
    Explained {
        /// Which rows.
        parts: Vec<Part>,
    },
    /// They do not.
    Violation {
        /// What is wrong.
        kind: ViolationKind,
        /// What the borrower gets back.
        refund_fen: Fen,
        /// The part that rows do explain (when only the excess is wrong).
        explained: Vec<Part>,
        /// What to tell people.
        words: Words,
    },
}

/// Checks one charge against the table and what was accepted before.
#[must_use]
pub fn check(table: &CostTable, accepted_so_far: &[AcceptedCharge], charge: &ReportedCharge) -> Finding {
    let _ = (table, accepted_so_far);
    Finding::Violation {
        kind: ViolationKind::Unlisted,
        refund_fen: charge.amount_fen,
        explained: Vec::new(),
        words: both("", ""),
    }
}

/// A reported payout against the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutFinding {
    /// The principal arrived in full.
    Match,
    /// Less arrived than the principal.
    Short {
        /// Principal − paid: what the borrower must get, or what must come off the debt (民法典 670).
        by: Fen,
        /// The part of it that the table disclosed as kept back; disclosed or not, it shortens the principal.
        disclosed_deduction_fen: Fen,
        /// What to tell people.
        words: Words,
    },
    /// More arrived than was agreed.
    Over {
        /// Paid − principal.
        by: Fen,
        /// What to tell people.
        words: Words,
    },
}

/// Checks the payout.
#[must_use]
pub fn check_payout(table: &CostTable, paid: Fen) -> PayoutFinding {
    let _ = (table, paid);
    PayoutFinding::Match
}
