//! The days of a complaint. They are taken from the policy pack when it comes in and stand in its first record, so that its clocks can
//! be computed from the evidence alone.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::policy::Pack;
use crate::text::both;

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;
/// China Standard Time, which has no summer time.
const CHINA: Offset = Offset::constant(8);

/// How much time the matter takes. A longer one is an exception that somebody has to justify to her.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Clear facts: the shortest clock. Every complaint begins here.
    #[default]
    Simple,
    /// Complex: with a reason and a notice to her.
    Complex,
    /// Very complex: with the approval of a second person as well.
    VeryComplex,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 3] = [Level::Simple, Level::Complex, Level::VeryComplex];

    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Level::Simple => "simple",
            Level::Complex => "complex",
            Level::VeryComplex => "very_complex",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Level::ALL.into_iter().find(|level| level.key() == key)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Level::Simple => both("事实清楚、情况简单", "clear and simple"),
            Level::Complex => both("情况复杂", "complex"),
            Level::VeryComplex => both("情况特别复杂", "very complex"),
        }
    }
}

/// The days that count for one complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// Simple.
    pub simple_days: u32,
    /// Complex.
    pub complex_days: u32,
    /// Very complex.
    pub extended_days: u32,
    /// Within which she may ask for a re-check after the answer.
    pub recheck_ask_days: u32,
    /// Within which the re-check is answered.
    pub recheck_days: u32,
}

impl Clocks {
    /// As the pack has them.
    #[must_use]
    pub fn of(pack: &Pack) -> Self {
        let rules = pack.complaints();
        Clocks {
            simple_days: rules.simple_days.value,
            complex_days: rules.complex_days.value,
            extended_days: rules.extended_days.value,
            recheck_ask_days: rules.recheck_ask_days.value,
            recheck_days: rules.recheck_days.value,
        }
    }

    /// The days of a level.
    #[must_use]
    pub const fn days(&self, level: Level) -> u32 {
        match level {
            Level::Simple => self.simple_days,
            Level::Complex => self.complex_days,
            Level::VeryComplex => self.extended_days,
        }
    }

    /// The last moment at which an answer is in time.
    #[must_use]
    pub fn due_ms(&self, received_at_ms: i64, level: Level) -> i64 {
        end_of_day_after(received_at_ms, self.days(level))
    }

    /// The last moment at which she may ask for a re-check.
    #[must_use]
    pub fn recheck_until_ms(&self, answered_at_ms: i64) -> i64 {
        end_of_day_after(answered_at_ms, self.recheck_ask_days)
    }

    /// The last moment at which a re-check's answer is in time.
    #[must_use]
    pub fn recheck_due_ms(&self, asked_at_ms: i64) -> i64 {
        end_of_day_after(asked_at_ms, self.recheck_days)
    }
}

/// The day of a moment in China.
pub(super) fn day_of(at_ms: i64) -> Date {
    CHINA.to_datetime(Timestamp::from_millisecond(at_ms).unwrap_or_default()).date()
}

/// The last millisecond of the day that is `days` after the day of `at_ms`: the day of receipt is not counted.
fn end_of_day_after(at_ms: i64, days: u32) -> i64 {
    let last = day_of(at_ms).checked_add(Span::new().days(i64::from(days.min(3_660)) + 1));
    let end = last.ok().and_then(|date| CHINA.to_timestamp(date.at(0, 0, 0, 0)).ok());
    end.map_or(at_ms, |end| end.as_millisecond() - 1)
}
