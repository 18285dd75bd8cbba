//! Exact decimal numbers from text: no floats, so that 301.15 yuan is 30115 fen and nothing near it.

/// Why a text is not a number that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNumber {
    /// Nothing there (or `NA`).
    Empty,
    /// Not a decimal number.
    NotANumber,
    /// More digits after the point than the unit can hold.
    TooFine,
    /// Outside what the program calculates with.
    TooLarge,
}

impl BadNumber {
    /// What is wrong, in Chinese and English.
    pub const fn told(self) -> (&'static str, &'static str) {
        match self {
            BadNumber::Empty => ("没有值", "there is no value"),
            BadNumber::NotANumber => ("不是数字", "it is not a number"),
            BadNumber::TooFine => ("小数位太多", "it has too many decimals"),
            BadNumber::TooLarge => ("数字太大", "it is too large"),
        }
    }
}

/// Reads `text` as a decimal number times 10^`shift`: `("301.15", 2)` is 30115. Thousands commas, a leading `¥` or `$`
/// and a trailing `%` are understood; trailing zeros beyond the unit are no harm.
pub fn scaled(text: &str, shift: u32) -> Result<i64, BadNumber> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("na") {
        return Err(BadNumber::Empty);
    }
    let text = text.trim_end_matches('%').trim_end();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let text = text.trim_start_matches(['¥', '¥', '$']);
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_commas(whole)?;
    let part = part.trim_end_matches('0');
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty() && !text.contains('0')) || !digits(&whole) || !digits(part) {
        return Err(BadNumber::NotANumber);
    }
    if part.len() > shift as usize {
        return Err(BadNumber::TooFine);
    }
    let zeros = "0".repeat(shift as usize - part.len());
    let joined = format!("0{whole}{part}{zeros}");
    let value: i64 = joined.parse().map_err(|_| BadNumber::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// Takes thousands commas out, where they stand in front of groups of three.
fn without_commas(whole: &str) -> Result<String, BadNumber> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let wrong =
        !rest.is_empty() && (first.is_empty() || first.len() > 3) || rest.iter().any(|g| g.len() != 3);
    if wrong { Err(BadNumber::NotANumber) } else { Ok(first.to_owned() + &rest.concat()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_books_contain() {
        assert_eq!(scaled("301.15", 2), Ok(30_115));
        assert_eq!(scaled(" 1,234,567.5 ", 2), Ok(123_456_750));
        assert_eq!(scaled("5.32%", 4), Ok(53_200));
        assert_eq!(scaled("-0.5", 2), Ok(-50));
        assert_eq!(scaled("¥10", 2), Ok(1_000));
        assert_eq!(scaled("0.00", 2), Ok(0));
        assert_eq!(scaled(".5", 2), Ok(50));
        assert_eq!(scaled("7.100", 2), Ok(710));
        assert_eq!(scaled("NA", 2), Err(BadNumber::Empty));
        assert_eq!(scaled("1.234", 2), Err(BadNumber::TooFine));
        assert_eq!(scaled("99999999999999999999", 2), Err(BadNumber::TooLarge));
        for text in ["abc", "1.2.3", "--1", "1e5", "12,34", ",123", ".", "-", "%", "1 000"] {
            assert_eq!(scaled(text, 2), Err(BadNumber::NotANumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_comes_back(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            let (sign, size) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
            prop_assert_eq!(scaled(&format!("{sign}{}.{:02}", size / 100, size % 100), 2), Ok(fen));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}", shift in 0_u32..8) {
            let _ = scaled(&text, shift);
        }
    }
}
