//! Small words that the rules of `borrow` share: money, percentages, dates. Must not decide anything.

use jiff::civil::Date;
use mingbai_cost::{Fen, Words};

use crate::text::both;

/// `3,842.19 元` and `CNY 3,842.19`.
pub(crate) fn yuan(amount: Fen) -> Words {
    let digits = amount.yuan_grouped();
    both(format!("{digits} 元"), format!("CNY {digits}"))
}

/// Two decimals, half up, of a non-negative ppm figure.
pub(crate) fn percent(ppm: i64) -> String {
    hundredths((i128::from(ppm) + 50).div_euclid(100))
}

/// Two decimals, rounded up, so that a figure just over a limit never reads as equal to it.
pub(crate) fn percent_up(ppm: i64) -> String {
    hundredths((i128::from(ppm) + 99).div_euclid(100))
}

fn hundredths(value: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}%", value.unsigned_abs() / 100, value.unsigned_abs() % 100)
}

/// `2027年3月5日` and `2027-03-05`.
pub(crate) fn day(on: Date) -> Words {
    both(format!("{}年{}月{}日", on.year(), on.month(), on.day()), on.to_string())
}
