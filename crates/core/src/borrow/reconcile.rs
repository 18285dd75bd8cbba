//! Does a reported charge stand in the table? What no row explains is a violation, with the amount to give
//! back.
//!
//! It compares reports with the one table. It must not know how a charge is collected or who reported it.

mod late;
mod lines;
mod words;

use jiff::civil::Date;
use mingbai_cost::{CostTable, Fen, Words};
use serde::{Deserialize, Serialize};

use super::say;
use crate::text::both;

/// A charge as the core system reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedCharge {
    /// The core system's own reference, unique per charge.
    pub reference: String,
    /// `principal`, `interest`, `instalment` (principal, interest and the fees due with them),
    /// `early_payoff`,
    /// `overdue_interest`, `compound_interest`, `late_fee`, or the key of a fee item. When empty, `name_text`
    /// must be
    /// the very name of a row.
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
    /// `principal`, `interest`, a fee key, `early_payoff`, `overdue_interest`, `compound_interest` or
    /// `late_fee`.
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

/// Most characters in any text of a reported charge.
const MAX_TEXT: usize = 200;

/// Checks one charge against the table and what was accepted before. To the fen: there is no tolerance on
/// other people's
/// money. A late collection of something that fell due earlier is no fault; a part payment is none either.
#[must_use]
pub fn check(table: &CostTable, accepted_so_far: &[AcceptedCharge], charge: &ReportedCharge) -> Finding {
    let texts = [&charge.reference, &charge.item_key, &charge.name_text, &charge.payee];
    if charge.amount_fen.get() <= 0 || texts.iter().any(|text| text.chars().count() > MAX_TEXT) {
        return violation(table, charge, ViolationKind::Malformed, Fen::ZERO, Vec::new());
    }
    if accepted_so_far.iter().any(|known| known.reference == charge.reference) {
        return violation(table, charge, ViolationKind::Duplicate, charge.amount_fen, Vec::new());
    }
    let Some(target) = lines::target(table, charge) else {
        return violation(table, charge, ViolationKind::Unlisted, charge.amount_fen, Vec::new());
    };
    let room = match target {
        lines::Target::Rows(rows) => lines::room(table, accepted_so_far, charge.on, &rows),
        lines::Target::Late(item) => late::room(table, accepted_so_far, charge.on, item),
        lines::Target::EarlyPayoff => lines::early_room(table, accepted_so_far, charge.on),
    };
    let (parts, left) = lines::allocate(&room.open, charge.amount_fen);
    if left.is_zero() {
        return Finding::Explained { parts };
    }
    let kind = if parts.is_empty() { room.when_empty } else { ViolationKind::TooLarge };
    violation(table, charge, kind, left, parts)
}

fn violation(
    table: &CostTable,
    charge: &ReportedCharge,
    kind: ViolationKind,
    refund_fen: Fen,
    explained: Vec<Part>,
) -> Finding {
    let words = words::violation(table, charge, kind, refund_fen);
    Finding::Violation { kind, refund_fen, explained, words }
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

/// Checks the payout against the principal. A deduction that the table disclosed is named, and is still a
/// short payout:
/// the borrower would pay interest on money that never arrived.
#[must_use]
pub fn check_payout(table: &CostTable, paid: Fen) -> PayoutFinding {
    let by = table.principal_fen.get().saturating_sub(paid.get());
    let (principal, arrived) = (say::yuan(table.principal_fen), say::yuan(paid));
    if by == 0 {
        return PayoutFinding::Match;
    }
    let difference = say::yuan(Fen::new(by.saturating_abs()));
    if by < 0 {
        let words = both(
            format!(
                "合同本金 {},实际到账 {},多付了 {};请与借款人核对,不得多计息。",
                principal.zh, arrived.zh, difference.zh
            ),
            format!(
                "The contract says {}, {} arrived: {} too much. Clear it up with the borrower; no interest on it.",
                principal.en, arrived.en, difference.en
            ),
        );
        return PayoutFinding::Over { by: Fen::new(by.saturating_neg()), words };
    }
    let disclosed = table.upfront_deduction.as_ref().map_or(0, |deduction| deduction.amount_fen.get());
    let words = both(
        format!(
            "合同本金 {},实际只到账 {},少了 {}(砍头息)。应当补给借款人,或者按实际到账的钱计算本金和利息(民法典第670条)。",
            principal.zh, arrived.zh, difference.zh
        ),
        format!(
            "The contract says {}, only {} arrived: {} short. Pay the difference to the borrower, or compute principal \
             and interest on what arrived (Civil Code, article 670).",
            principal.en, arrived.en, difference.en
        ),
    );
    PayoutFinding::Short { by: Fen::new(by), disclosed_deduction_fen: Fen::new(disclosed.min(by)), words }
}

#[cfg(test)]
mod tests;
