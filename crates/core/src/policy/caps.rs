//! Caps on the all-in annual cost as the pack writes them, and the reference rates that some of them multiply.

use jiff::civil::Date;
use mingbai_cost::RateBasis;
use mingbai_cost::terms::PartyRole;
use serde::{Deserialize, Serialize};

use super::grade::{Grade, Graded};

/// On which annual figure a cap is measured. When the source does not say, both are shown and the flip is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapBasis {
    /// Compound.
    Compound,
    /// Simple.
    Simple,
    /// The source does not say: both figures are checked.
    NotSaid,
}

impl CapBasis {
    /// The figures to check.
    #[must_use]
    pub const fn figures(self) -> &'static [RateBasis] {
        match self {
            CapBasis::Compound => &[RateBasis::Compound],
            CapBasis::Simple => &[RateBasis::Simple],
            CapBasis::NotSaid => &[RateBasis::Simple, RateBasis::Compound],
        }
    }
}

/// The limit itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CapLimit {
    /// So many ppm a year.
    Fixed {
        /// ppm a year.
        ppm: i64,
    },
    /// So many thousandths of the one-year loan prime rate of the contract's day (4 × = 4000).
    LprMultiple {
        /// Thousandths.
        milli: i64,
    },
}

/// One cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapRule {
    /// Stable id.
    pub id: String,
    /// Kinds of lender that it binds.
    pub lender_roles: Vec<PartyRole>,
    /// Product kind, `any` for all.
    pub product_kind: String,
    /// Shortest term in months, inclusive.
    pub min_term_months: u32,
    /// Longest term in months, inclusive.
    pub max_term_months: u32,
    /// First day.
    pub from: Date,
    /// Day after the last, when it has ended.
    #[serde(default)]
    pub until: Option<Date>,
    /// Limit.
    pub limit: CapLimit,
    /// Basis.
    pub basis: CapBasis,
    /// Source id.
    pub source: String,
    /// Grade.
    pub grade: Grade,
    /// What staff should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// A loan prime rate as published for a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LprQuote {
    /// First day on which it applies.
    pub from: Date,
    /// One-year rate, ppm.
    pub one_year_ppm: Graded<i64>,
}
