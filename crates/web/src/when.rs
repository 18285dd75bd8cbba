//! Moments as people read them: China Standard Time, which has no summer time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use mingbai_desk::cost::Lang;

fn local(at_ms: i64) -> DateTime {
    Offset::constant(8).to_datetime(Timestamp::from_millisecond(at_ms).unwrap_or_default())
}

/// To the minute, for people.
#[must_use]
pub fn shown(at_ms: i64, lang: Lang) -> String {
    let at = local(at_ms);
    let (year, month, day) = (at.year(), at.month(), at.day());
    let (hour, minute) = (at.hour(), at.minute());
    match lang {
        Lang::Zh => format!("{year}年{month}月{day}日 {hour:02}:{minute:02}"),
        Lang::En => format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"),
    }
}

/// The day, for people.
#[must_use]
pub fn day(at_ms: i64, lang: Lang) -> String {
    let at = local(at_ms).date();
    match lang {
        Lang::Zh => format!("{}年{}月{}日", at.year(), at.month(), at.day()),
        Lang::En => at.to_string(),
    }
}

/// To the second, for lists and time lines.
#[must_use]
pub fn exact(at_ms: i64) -> String {
    local(at_ms).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Today in China.
#[must_use]
pub fn today(now_ms: i64) -> jiff::civil::Date {
    local(now_ms).date()
}

/// A day as it is typed into a form, as the first moment of it in China.
#[must_use]
pub fn typed_day(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    let start = jiff::tz::Offset::constant(8).to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(start.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_typed_in_one_way() {
        assert_eq!(typed_day("1970-01-01"), Some(-8 * 3_600_000));
        for bad in ["", "2026-02-30", "2026-13-01", "x", "99999-01-01"] {
            assert_eq!(typed_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn midnight_in_china_is_four_in_the_afternoon_in_utc() {
        let at_ms = 1_796_083_200_000 - 8 * 3_600_000;
        assert_eq!(shown(at_ms, Lang::Zh), "2026年12月1日 00:00");
        assert_eq!(exact(at_ms), "2026-12-01 00:00:00");
    }
}
