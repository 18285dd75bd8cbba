//! Time between two dates as the European and the American rules count it: whole periods back from the later date,
//! then days. Knows calendars only, nothing about money.

use jiff::civil::Date;

/// The period that intervals are counted in. One loan uses one unit throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// 52 to the year.
    Week,
    /// 12 equal months to the year.
    Month,
    /// The year itself.
    Year,
}

impl Unit {
    /// How many of these make a year.
    #[must_use]
    pub const fn per_year(self) -> u32 {
        match self {
            Unit::Week => 52,
            Unit::Month => 12,
            Unit::Year => 1,
        }
    }
}

/// Whole units and the days left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Whole units, counted back from the later date.
    pub whole: u32,
    /// Days between the earlier date and the day that the whole units lead back to (first day excluded, last included).
    pub days: u32,
    /// Length (365 or 366) of the complete year that ends on the last of those days.
    pub year_days: u32,
}

impl Interval {
    /// The interval in years: `whole ÷ units a year + days ÷ length of the year` (EU Directive 2011/90/EU, annex,
    /// part II, remark (c)).
    #[must_use]
    pub fn years(self, unit: Unit) -> f64 {
        let whole = f64::from(self.whole) / f64::from(unit.per_year());
        if self.days == 0 { whole } else { whole + f64::from(self.days) / f64::from(self.year_days) }
    }
}

/// The interval between two dates by Directive 2008/48/EC annex I as amended by 2011/90/EU.
///
/// Whole units are counted backwards from `to`; the days that remain are divided by the length of the complete year
/// which ends on the last of them. Months keep the day of the month; where a month is too short, and between two month
/// ends, its last day stands for that day. `to` before `from` is read the other way round.
#[must_use]
pub fn eu_interval(from: Date, to: Date, unit: Unit) -> Interval {
    let (from, to) = if to < from { (to, from) } else { (from, to) };
    let (whole, days, last) = match unit {
        Unit::Month => months_back(from, to),
        Unit::Year => years_back(from, to),
        Unit::Week => weeks_back(from, to),
    };
    Interval { whole, days, year_days: year_ending_on(last.0, last.1, last.2) }
}

/// Whole months and odd days between two dates (12 CFR 1026 appendix J (b)(5)): for a monthly unit-period the
/// odd days are divided by 30. `to` before `from` is read the other way round.
#[must_use]
pub fn app_j_months(from: Date, to: Date) -> (u32, u32) {
    let (from, to) = if to < from { (to, from) } else { (from, to) };
    let (whole, days, _) = months_back(from, to);
    (whole, days)
}

/// Year, month, day without calendar arithmetic: the inner loop of a dated book runs through here.
type Ymd = (i32, i32, i32);

fn ymd(date: Date) -> Ymd {
    (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
}

const fn is_leap(year: i32) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(crate) const fn month_length(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + is_leap(year) as i32,
        _ => 31,
    }
}

/// 366 when a 29 February lies in the year that ends on this day, else 365.
const fn year_ending_on(year: i32, month: i32, day: i32) -> u32 {
    let after_february_28 = month > 2 || (month == 2 && day > 28);
    365 + is_leap(if after_february_28 { year } else { year - 1 }) as u32
}

/// Whole months back from `to`, the days left, and the day that the months lead back to. Needs `from <= to`.
fn months_back(from: Date, to: Date) -> (u32, u32, Ymd) {
    let (from_year, from_month, from_day) = ymd(from);
    let (to_year, to_month, to_day) = ymd(to);
    let months = (to_year - from_year) * 12 + to_month - from_month;
    let from_length = month_length(from_year, from_month);
    let to_is_end = to_day == month_length(to_year, to_month);
    let whole_months = from_day == to_day || (to_is_end && (from_day == from_length || from_day > to_day));
    if whole_months {
        return (months.unsigned_abs(), 0, (from_year, from_month, from_day));
    }
    if to_day > from_day {
        let day = to_day.min(from_length);
        return (months.unsigned_abs(), (day - from_day).unsigned_abs(), (from_year, from_month, day));
    }
    // The day lies in the month after `from`.
    let (year, month) = if from_month == 12 { (from_year + 1, 1) } else { (from_year, from_month + 1) };
    let day = to_day.min(month_length(year, month));
    ((months - 1).unsigned_abs(), (from_length - from_day + day).unsigned_abs(), (year, month, day))
}

fn years_back(from: Date, to: Date) -> (u32, u32, Ymd) {
    let (from_year, from_month, from_day) = ymd(from);
    let (to_year, to_month, to_day) = ymd(to);
    let (mut years, mut year) = (to_year - from_year, from_year);
    let both_ends =
        to_day == month_length(to_year, to_month) && from_day == month_length(from_year, from_month);
    if to_month == from_month && both_ends {
        return (years.unsigned_abs(), 0, (from_year, from_month, from_day));
    }
    if (to_month, to_day) < (from_month, from_day) {
        (years, year) = (years - 1, year + 1);
    }
    let day = to_day.min(month_length(year, to_month));
    let days = day_number(year, to_month, day) - day_number(from_year, from_month, from_day);
    (years.unsigned_abs(), days.unsigned_abs(), (year, to_month, day))
}

fn weeks_back(from: Date, to: Date) -> (u32, u32, Ymd) {
    let (from_ymd, to_ymd) = (ymd(from), ymd(to));
    let total = day_number(to_ymd.0, to_ymd.1, to_ymd.2) - day_number(from_ymd.0, from_ymd.1, from_ymd.2);
    let (weeks, days) = (total / 7, total % 7);
    let (mut year, mut month, mut day) = (from_ymd.0, from_ymd.1, from_ymd.2 + days);
    let length = month_length(year, month);
    if day > length {
        (day, month) = (day - length, month + 1);
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    (weeks.unsigned_abs(), days.unsigned_abs(), (year, month, day))
}

/// Days since an arbitrary fixed day (proleptic Gregorian calendar, years counted from March).
const fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let century = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    century * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn any_date() -> impl Strategy<Value = Date> {
        (1900_i16..2200, 1_i8..=12, 1_i8..=31)
            .prop_map(|(y, m, d)| date(y, m, 1).with().day(d.min(date(y, m, 1).days_in_month())).build())
            .prop_filter_map("a date", Result::ok)
    }

    proptest! {
        #[test]
        fn day_numbers_agree_with_the_calendar_library(a in any_date(), b in any_date()) {
            let (x, y) = (ymd(a), ymd(b));
            let ours = day_number(y.0, y.1, y.2) - day_number(x.0, x.1, x.2);
            prop_assert_eq!(ours, a.until(b).map(|s| s.get_days()).unwrap_or(i32::MAX));
        }

        #[test]
        fn a_day_of_the_month_kept_is_a_whole_number_of_months(a in any_date(), months in 0_i32..600) {
            let to = a.checked_add(jiff::Span::new().months(months));
            prop_assume!(to.is_ok());
            let found = to.map(|to| eu_interval(a, to, Unit::Month));
            prop_assert_eq!(found.map(|i| (i.whole, i.days)).ok(), Some((months.unsigned_abs(), 0)));
        }

        #[test]
        fn any_unit_is_near_the_plain_day_count(a in any_date(), b in any_date()) {
            let days = a.until(b).map(|s| s.get_days().abs()).unwrap_or(0);
            let plain = f64::from(days) / 365.25;
            for unit in [Unit::Month, Unit::Year, Unit::Week] {
                let slack = 0.02 + plain * 0.004;
                prop_assert!((eu_interval(a, b, unit).years(unit) - plain).abs() < slack);
            }
        }
    }
}
