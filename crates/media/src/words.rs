//! Two languages for every sentence that a person reads.

/// A sentence in Chinese and in English.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Both languages.
pub(crate) fn both(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

/// A moment as a person finds it in a player: minutes and seconds.
pub(crate) fn clock(ms: i64) -> String {
    let s = ms.max(0) / 1_000;
    format!("{}:{:02}", s / 60, s % 60)
}

/// Hundredths as a decimal number with one place.
pub(crate) fn tenths(hundredths: i32) -> String {
    let tenths = (hundredths + hundredths.signum() * 5) / 10;
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!((clock(0), clock(61_999), clock(-5)), ("0:00".into(), "1:01".into(), "0:00".into()));
        assert_eq!([tenths(-2_304), tenths(-4), tenths(5), tenths(-96)], ["-23.0", "0.0", "0.1", "-1.0"]);
    }
}
