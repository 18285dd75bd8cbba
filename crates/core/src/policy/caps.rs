//! Reference rates as the pack writes them. The caps themselves are `mingbai_cost::cap::CapRule`, read as
//! they stand.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::grade::Graded;

/// A loan prime rate as published for a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LprQuote {
    /// First day on which it applies.
    pub from: Date,
    /// One-year rate, ppm.
    pub one_year_ppm: Graded<i64>,
}
