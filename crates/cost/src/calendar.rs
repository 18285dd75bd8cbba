//! Due dates and shares of a year. It knows the civil calendar and nothing about money.

use jiff::civil::Date;

use crate::terms::DayCount;

/// Days from 1970-01-01 (negative before), so that a difference of two dates is one subtraction.
#[must_use]
pub fn day_number(date: Date) -> i64 {
    let month = i64::from(date.month());
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    // Counting the year from March puts the leap day last, so no month needs a special case.
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(date.day()) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Whole days from `from` to `to`; negative when `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    day_number(to) - day_number(from)
}

/// `months` after `start`, on `day` or, where the month is shorter, on its last day.
///
/// Counting every due date from the same start lets a loan of the 31st return to the 31st after a short month.
#[must_use]
pub fn months_later(start: Date, months: u32, day: i8) -> Date {
    let index = i64::from(start.year()) * 12 + i64::from(start.month()) - 1 + i64::from(months);
    let year = i16::try_from(index.div_euclid(12)).unwrap_or(i16::MAX);
    let month = i8::try_from(index.rem_euclid(12) + 1).unwrap_or(12);
    // The terms' limits keep the year below 2300; `Date::MAX` only keeps the function total.
    Date::new(year, month, 1).map_or(Date::MAX, |first| {
        let last = first.last_of_month();
        if day >= last.day() { last } else { Date::new(year, month, day).unwrap_or(last) }
    })
}

/// The due dates of a monthly plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDates {
    start: Date,
    offset: u32,
    day: i8,
}

impl DueDates {
    /// Monthly due dates for a payout day and, if agreed, a first due date.
    ///
    /// Without a first due date they fall on the payout's day of the month. With one, they fall on its day; but when it is
    /// the last day of a short month and the payout was on a later day, the payout's day is meant (paid out on 31 January,
    /// first due on 28 February, then on 31 March).
    #[must_use]
    pub fn new(payout_on: Date, first_due_on: Option<Date>) -> Self {
        match first_due_on {
            None => DueDates { start: payout_on, offset: 0, day: payout_on.day() },
            Some(first) => {
                let meant = first == first.last_of_month() && payout_on.day() > first.day();
                let day = if meant { payout_on.day() } else { first.day() };
                DueDates { start: first, offset: 1, day }
            }
        }
    }

    /// Due date of period `n` (1-based).
    #[must_use]
    pub fn due(&self, n: u32) -> Date {
        months_later(self.start, n.saturating_sub(self.offset), self.day)
    }
}

/// A share of a year as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct YearPart {
    /// Numerator.
    pub num: i64,
    /// Denominator, positive.
    pub den: i64,
}

impl YearPart {
    /// No time.
    pub const NONE: YearPart = YearPart { num: 0, den: 1 };
    /// One month of twelve.
    pub const MONTH: YearPart = YearPart { num: 30, den: 360 };

    /// Both shares together.
    #[must_use]
    pub fn plus(self, other: YearPart) -> YearPart {
        if self.num == 0 {
            return other;
        }
        if self.den == other.den {
            return YearPart { num: self.num + other.num, den: self.den };
        }
        let num = i128::from(self.num) * i128::from(other.den) + i128::from(other.num) * i128::from(self.den);
        reduced(num, i128::from(self.den) * i128::from(other.den))
    }

    /// The share times `part / whole`.
    #[must_use]
    pub fn times(self, part: i64, whole: i64) -> YearPart {
        reduced(i128::from(self.num) * i128::from(part), i128::from(self.den) * i128::from(whole.max(1)))
    }

    /// The share in billionths of a year, rounded down; for averages only, never for money due.
    #[must_use]
    pub fn nano_years(self) -> i64 {
        i64::try_from(i128::from(self.num) * 1_000_000_000 / i128::from(self.den)).unwrap_or(i64::MAX)
    }
}

fn reduced(num: i128, den: i128) -> YearPart {
    let (mut a, mut b) = (num.unsigned_abs(), den.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let common = i128::try_from(a.max(1)).unwrap_or(1);
    let fits = |value: i128| i64::try_from(value / common).unwrap_or(i64::MAX);
    YearPart { num: fits(num), den: fits(den).max(1) }
}

/// Share of a year from `from` to `to` for a full or an odd period.
///
/// - per period and 30/360: 30 days for each whole month plus the odd days, over 360;
/// - actual/360 and actual/365: the days over 360 or 365;
/// - actual/actual: the days in each calendar year over that year's own length.
#[must_use]
pub fn year_part(day_count: DayCount, from: Date, to: Date) -> YearPart {
    match day_count {
        DayCount::PerPeriod | DayCount::Thirty360 => {
            let (months, days) = months_and_days(from, to);
            YearPart { num: months * 30 + days.min(30), den: 360 }
        }
        DayCount::Actual360 => YearPart { num: days_between(from, to), den: 360 },
        DayCount::Actual365 => YearPart { num: days_between(from, to), den: 365 },
        DayCount::ActualActual => actual_actual(from, to),
    }
}

/// Share of a year that has passed on day `on` of the period `from` → `to`.
///
/// Daily conventions count the days. Conventions by the month have no days of their own, so the month's interest is spread
/// evenly over the real days of the period; a whole period is then exactly the period.
#[must_use]
pub fn elapsed_part(day_count: DayCount, whole: YearPart, from: Date, to: Date, on: Date) -> YearPart {
    match day_count {
        DayCount::PerPeriod | DayCount::Thirty360 => {
            whole.times(days_between(from, on), days_between(from, to))
        }
        daily => year_part(daily, from, on),
    }
}

/// Share of a year that is left after day `on` of the period `from` → `to`; with [`elapsed_part`] it makes the whole period.
#[must_use]
pub fn remaining_part(day_count: DayCount, whole: YearPart, from: Date, to: Date, on: Date) -> YearPart {
    match day_count {
        DayCount::PerPeriod | DayCount::Thirty360 => {
            whole.times(days_between(on, to), days_between(from, to))
        }
        daily => year_part(daily, on, to),
    }
}

/// Whole months and odd days from `from` to `to` (`from` ≤ `to`); two month ends are whole months apart.
#[must_use]
pub fn months_and_days(from: Date, to: Date) -> (i64, i64) {
    let months = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month())
        - i64::from(from.month());
    if from == from.last_of_month() && to == to.last_of_month() {
        return (months, 0);
    }
    let reach = |months: i64| months_later(from, u32::try_from(months).unwrap_or(0), from.day());
    let whole = if reach(months) > to { months - 1 } else { months };
    if whole < 0 { (0, days_between(from, to).max(0)) } else { (whole, days_between(reach(whole), to)) }
}

/// 365 · 366, the common denominator of days in plain and leap years.
const BOTH_YEARS: i64 = 365 * 366;

fn actual_actual(from: Date, to: Date) -> YearPart {
    let mut num = 0;
    let mut at = from;
    while at < to {
        let next = Date::new(at.year().saturating_add(1), 1, 1).unwrap_or(to).min(to);
        let weight = if at.in_leap_year() { 365 } else { 366 };
        num += days_between(at, next) * weight;
        if next <= at {
            break;
        }
        at = next;
    }
    YearPart { num, den: BOTH_YEARS }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_days_like_the_calendar() {
        assert_eq!(day_number(date(1970, 1, 1)), 0);
        assert_eq!(day_number(date(2000, 3, 1)), 11_017);
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
        assert_eq!(days_between(date(2100, 2, 28), date(2100, 3, 1)), 1);
    }

    #[test]
    fn month_ends_return_to_the_31st() {
        let dates = DueDates::new(date(2027, 1, 31), None);
        let due: Vec<_> = (1..=4).map(|n| dates.due(n)).collect();
        assert_eq!(due, [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]);
        let same = DueDates::new(date(2027, 1, 31), Some(date(2027, 2, 28)));
        assert_eq!((same.due(1), same.due(2)), (date(2027, 2, 28), date(2027, 3, 31)));
        let other = DueDates::new(date(2027, 1, 10), Some(date(2027, 2, 28)));
        assert_eq!(other.due(2), date(2027, 3, 28));
    }

    #[test]
    fn counts_days_by_each_convention() {
        let (from, to) = (date(2023, 12, 16), date(2024, 1, 16));
        let part = |count| year_part(count, from, to);
        assert_eq!(part(DayCount::PerPeriod), YearPart::MONTH);
        assert_eq!(part(DayCount::Actual360), YearPart { num: 31, den: 360 });
        assert_eq!(part(DayCount::Actual365), YearPart { num: 31, den: 365 });
        // 16 days of 2023 over 365 and 15 days of 2024 over 366.
        assert_eq!(part(DayCount::ActualActual), YearPart { num: 16 * 366 + 15 * 365, den: BOTH_YEARS });
    }

    #[test]
    fn splits_a_span_into_months_and_days() {
        assert_eq!(months_and_days(date(2026, 1, 31), date(2026, 2, 28)), (1, 0));
        assert_eq!(months_and_days(date(2026, 1, 10), date(2026, 2, 5)), (0, 26));
        assert_eq!(months_and_days(date(2026, 1, 10), date(2026, 3, 25)), (2, 15));
    }
}
