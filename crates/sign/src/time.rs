//! Moments as certificates and PDFs write them. No clock: every moment comes from the caller.

use std::time::Duration;

use der::DateTime;
use der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::time::Time;

use crate::words::SignError;

fn refuse(why: impl std::fmt::Display) -> SignError {
    SignError::encoding("moment", why)
}

fn date_time(at_ms: i64) -> Result<DateTime, SignError> {
    let ms = u64::try_from(at_ms).map_err(|_| refuse("it lies before 1970"))?;
    DateTime::from_unix_duration(Duration::from_secs(ms / 1000)).map_err(refuse)
}

/// `D:20261125161740Z` (ISO 32000-1, 7.9.4).
pub(crate) fn pdf_date(at_ms: i64) -> Result<String, SignError> {
    let d = date_time(at_ms)?;
    Ok(format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        d.year(),
        d.month(),
        d.day(),
        d.hour(),
        d.minutes(),
        d.seconds()
    ))
}

/// Reads `D:YYYYMMDDHHmmSS` with `Z`, an offset such as `+08'00'`, or nothing (taken as UTC).
pub(crate) fn read_pdf_date(text: &[u8]) -> Option<i64> {
    let text =
        std::str::from_utf8(text).ok().filter(|t| t.is_ascii() && t.len() <= 32)?.strip_prefix("D:")?;
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| u8::try_from(part(from, from + 2)?).ok();
    let date = DateTime::new(part(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, small(12)?).ok()?;
    let at_s = i64::try_from(date.unix_duration().as_secs()).ok()?;
    let zone = text.get(14..)?;
    let offset_s = match zone.as_bytes().first() {
        None | Some(b'Z') => 0,
        Some(sign @ (b'+' | b'-')) => {
            let hours: i64 = zone.get(1..3)?.parse().ok()?;
            let minutes: i64 = zone.get(4..6).map_or(Some(0), |m| m.parse().ok())?;
            (hours * 3600 + minutes * 60) * if *sign == b'+' { 1 } else { -1 }
        }
        Some(_) => return None,
    };
    at_s.checked_sub(offset_s)?.checked_mul(1000)
}

/// UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5).
pub(crate) fn x509_time(at_ms: i64) -> Result<Time, SignError> {
    let date = date_time(at_ms)?;
    Ok(match date.year() {
        ..=2049 => Time::UtcTime(UtcTime::from_date_time(date).map_err(refuse)?),
        _ => Time::GeneralTime(GeneralizedTime::from_date_time(date)),
    })
}

pub(crate) fn time_ms(time: &Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
}

/// For a person: `2026-11-25 16:17:40 UTC`.
pub(crate) fn readable(at_ms: i64) -> String {
    match date_time(at_ms) {
        Ok(d) => format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
            d.year(),
            d.month(),
            d.day(),
            d.hour(),
            d.minutes(),
            d.seconds()
        ),
        Err(_) => format!("{at_ms} ms"),
    }
}
