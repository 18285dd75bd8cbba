//! Money as whole fen: arithmetic, rounding, and the three ways a person reads an amount. It must not know loans.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::Words;
use crate::terms::Rounding;

/// An amount of money in fen (1/100 yuan). Negative amounts are differences or money that flows back.
///
/// `+`, `-` and `sum()` saturate at the ends of `i64`: checked terms keep every amount of a loan below 3·10^18 fen, so
/// saturation is never met by a valid loan, and a hostile one cannot make the program panic. Use [`Fen::checked_add`]
/// where amounts come from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

/// Parts per million that make a whole.
pub const PPM: i64 = 1_000_000;

impl Fen {
    /// No money.
    pub const ZERO: Fen = Fen(0);

    /// An amount of `fen` fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Fen(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Fen) -> Option<Fen> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// Difference, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Fen) -> Option<Fen> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// Product with a whole number, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_mul(self, times: i64) -> Option<Fen> {
        match self.0.checked_mul(times) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Fen {
        Fen(self.0.saturating_abs())
    }

    /// Whether nothing is there.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `ppm` parts per million of the amount, rounded once.
    #[must_use]
    pub fn times_ppm(self, ppm: i64, rounding: Rounding) -> Fen {
        self.times_ratio(ppm, PPM, rounding)
    }

    /// The amount times `num / den`, computed in 128 bits, rounded once. `den` must be positive; a result beyond `i64`
    /// saturates.
    #[must_use]
    pub fn times_ratio(self, num: i64, den: i64, rounding: Rounding) -> Fen {
        debug_assert!(den > 0);
        match self.0.checked_mul(num) {
            // The narrow division is several times faster, and almost every real loan fits.
            Some(product) => Fen(divide_narrow(product, den, rounding)),
            None => Fen(divide(i128::from(self.0) * i128::from(num), i128::from(den), rounding)),
        }
    }

    /// Yuan with two decimals and thousands separators: `1,234,567.89`.
    #[must_use]
    pub fn yuan_grouped(self) -> String {
        self.to_string()
    }

    /// Yuan with two decimals and no separators, for machines and spreadsheets: `1234567.89`.
    #[must_use]
    pub fn yuan_plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// Chinese capital amount, as on cheques and contracts: `伍仟元整`.
    #[must_use]
    pub fn upper_zh(self) -> String {
        crate::capital::upper_zh(self)
    }

    /// Reads yuan as a person types them: `12345.6`, `12,345.60`, `￥5,000元`, full-width digits too. Separators must
    /// stand at thousands, at most two decimals.
    ///
    /// # Errors
    /// [`ParseFenError`] says what is wrong with the text.
    pub fn parse_yuan(text: &str) -> Result<Fen, ParseFenError> {
        parse_yuan(text)
    }
}

/// Divides with the given rounding; beyond `i64` it saturates.
#[must_use]
pub(crate) fn divide(num: i128, den: i128, rounding: Rounding) -> i64 {
    debug_assert!(den > 0);
    let quotient = num / den;
    let rest = (num % den).unsigned_abs();
    let away = away_from_zero(
        rest.cmp(&(den.unsigned_abs() - rest)),
        rest != 0,
        quotient % 2 != 0,
        num < 0,
        rounding,
    );
    let step = if num < 0 { -1 } else { 1 };
    let result = if away { quotient + step } else { quotient };
    i64::try_from(result).unwrap_or(if result < 0 { i64::MIN } else { i64::MAX })
}

fn divide_narrow(num: i64, den: i64, rounding: Rounding) -> i64 {
    let quotient = num / den;
    let rest = (num % den).unsigned_abs();
    let away = away_from_zero(
        rest.cmp(&(den.unsigned_abs() - rest)),
        rest != 0,
        quotient % 2 != 0,
        num < 0,
        rounding,
    );
    let step = if num < 0 { -1 } else { 1 };
    if away { quotient.saturating_add(step) } else { quotient }
}

/// Whether the truncated quotient must move one step away from zero. `half` compares the rest with half the divisor.
pub(crate) fn away_from_zero(
    half: std::cmp::Ordering,
    inexact: bool,
    odd: bool,
    negative: bool,
    rounding: Rounding,
) -> bool {
    use std::cmp::Ordering::{Equal, Greater};
    match rounding {
        Rounding::HalfUp => half != std::cmp::Ordering::Less && inexact,
        Rounding::HalfEven => half == Greater || (half == Equal && odd && inexact),
        // "Up" means a larger number: in the lender's favour, so a negative amount moves towards zero.
        Rounding::Up => inexact && !negative,
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let yuan = (fen / 100).to_string();
        let mut grouped = String::with_capacity(yuan.len() + yuan.len() / 3 + 4);
        if self.0 < 0 {
            grouped.push('-');
        }
        for (at, digit) in yuan.char_indices() {
            if at > 0 && (yuan.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let cents = fen % 100;
        grouped.push('.');
        grouped.push(char::from(b'0' + u8::try_from(cents / 10).unwrap_or(0)));
        grouped.push(char::from(b'0' + u8::try_from(cents % 10).unwrap_or(0)));
        // `pad` would cut at a precision; amounts are never cut, only aligned.
        match f.width() {
            Some(width) => write!(f, "{grouped:>width$}"),
            None => f.write_str(&grouped),
        }
    }
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }
}

impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }
}

impl Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(self.0.saturating_neg())
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        *self = *self + other;
    }
}

impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Fen) {
        *self = *self - other;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(iter: I) -> Fen {
        iter.fold(Fen::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Fen> for Fen {
    fn sum<I: Iterator<Item = &'a Fen>>(iter: I) -> Fen {
        iter.copied().sum()
    }
}

/// Why a text is not an amount of yuan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseFenError {
    /// Nothing was typed.
    #[error("the amount is empty; type an amount in yuan, such as 12,345.60")]
    Empty,
    /// A character that does not belong to an amount.
    #[error("the amount contains {0:?}; type digits only, such as 12,345.60")]
    Character(char),
    /// More than two decimals.
    #[error("the amount has more than two decimals; the smallest unit is the fen, 0.01 yuan")]
    TooManyDecimals,
    /// Separators that do not stand at thousands.
    #[error("a comma stands in the wrong place; type 12,345.60 or 12345.60")]
    Grouping,
    /// Beyond what can be stored.
    #[error("the amount is too large; the largest is 92,233,720,368,547,758.07 yuan")]
    TooLarge,
}

impl ParseFenError {
    /// The error in both languages, for the person who typed it.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            ParseFenError::Empty => "没有填写金额；请填写以元为单位的金额，例如 12,345.60".to_owned(),
            ParseFenError::Character(c) => format!("金额里有“{c}”；请只填数字，例如 12,345.60"),
            ParseFenError::TooManyDecimals => "金额的小数超过两位；最小单位是分（0.01 元）".to_owned(),
            ParseFenError::Grouping => "逗号的位置不对；请写成 12,345.60 或 12345.60".to_owned(),
            ParseFenError::TooLarge => "金额太大，无法处理".to_owned(),
        };
        Words { zh, en: self.to_string() }
    }
}

fn parse_yuan(text: &str) -> Result<Fen, ParseFenError> {
    let trimmed = text.trim();
    let trimmed = trimmed.strip_suffix('元').unwrap_or(trimmed).trim_end();
    let (negative, rest) = match trimmed.strip_prefix(['-', '\u{2212}', '\u{FF0D}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, trimmed),
    };
    let rest = rest.strip_prefix(['\u{A5}', '\u{FFE5}']).unwrap_or(rest).trim_start();
    let plain: String = rest.chars().map(half_width).collect();
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    if whole.is_empty() && decimals.is_empty() {
        return Err(ParseFenError::Empty);
    }
    if let Some(bad) = plain.chars().find(|c| !c.is_ascii_digit() && *c != ',' && *c != '.') {
        return Err(ParseFenError::Character(bad));
    }
    if let Some(bad) = decimals.chars().find(|c| !c.is_ascii_digit()) {
        return Err(ParseFenError::Character(bad));
    }
    if decimals.len() > 2 {
        return Err(ParseFenError::TooManyDecimals);
    }
    let grouped_right = !whole.contains(',')
        || whole.split(',').enumerate().all(|(at, group)| match at {
            0 => (1..=3).contains(&group.len()),
            _ => group.len() == 3,
        });
    if !grouped_right {
        return Err(ParseFenError::Grouping);
    }
    let mut fen: i64 = 0;
    let digits = whole.bytes().filter(u8::is_ascii_digit);
    let padded = decimals.bytes().chain(std::iter::repeat_n(b'0', 2 - decimals.len()));
    for digit in digits.chain(padded) {
        fen = fen
            .checked_mul(10)
            .and_then(|fen| fen.checked_add(i64::from(digit - b'0')))
            .ok_or(ParseFenError::TooLarge)?;
    }
    Ok(Fen(if negative { -fen } else { fen }))
}

/// Full-width digits, comma and full stop, as Chinese input methods produce them, in their plain form.
fn half_width(c: char) -> char {
    match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF0C}' | '\u{FF0E}' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_groups_and_signs() {
        assert_eq!(Fen::new(123_456_789).to_string(), "1,234,567.89");
        assert_eq!(Fen::new(-100_005).to_string(), "-1,000.05");
        assert_eq!(Fen::new(7).to_string(), "0.07");
        assert_eq!(format!("{:>10}", Fen::new(7)), "      0.07");
        assert_eq!(Fen::new(-123_456).yuan_plain(), "-1234.56");
        assert_eq!(Fen::new(i64::MIN).to_string(), "-92,233,720,368,547,758.08");
    }

    #[test]
    fn reads_what_people_type() {
        for (text, fen) in [
            ("12,345.6", 1_234_560),
            ("12345", 1_234_500),
            (" \u{A5}5,000元 ", 500_000),
            ("-0.05", -5),
            ("12,000.50", 1_200_050),
            ("\u{FF11}\u{FF12},000.50", 1_200_050),
            (".5", 50),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen::new(fen)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        assert_eq!(Fen::parse_yuan("  "), Err(ParseFenError::Empty));
        assert_eq!(Fen::parse_yuan("12a"), Err(ParseFenError::Character('a')));
        assert_eq!(Fen::parse_yuan("1.2.3"), Err(ParseFenError::Character('.')));
        assert_eq!(Fen::parse_yuan("1.234"), Err(ParseFenError::TooManyDecimals));
        assert_eq!(Fen::parse_yuan("1,23"), Err(ParseFenError::Grouping));
        assert_eq!(Fen::parse_yuan("99999999999999999999"), Err(ParseFenError::TooLarge));
    }

    #[test]
    fn rounds_as_told() {
        let half = |fen: i64, rounding| Fen::new(fen).times_ratio(1, 2, rounding).get();
        assert_eq!(
            [half(5, Rounding::HalfUp), half(5, Rounding::HalfEven), half(5, Rounding::Up)],
            [3, 2, 3]
        );
        assert_eq!(
            [half(7, Rounding::HalfUp), half(7, Rounding::HalfEven), half(4, Rounding::Up)],
            [4, 4, 2]
        );
        assert_eq!(
            [half(-5, Rounding::HalfUp), half(-5, Rounding::HalfEven), half(-5, Rounding::Up)],
            [-3, -2, -2]
        );
        let third = |rounding| Fen::new(10).times_ratio(1, 3, rounding).get();
        assert_eq!([third(Rounding::HalfUp), third(Rounding::HalfEven), third(Rounding::Up)], [3, 3, 4]);
    }

    #[test]
    fn wide_and_narrow_division_agree() {
        for num in -50_i64..50 {
            for den in 1_i64..12 {
                for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up] {
                    let wide = divide(i128::from(num), i128::from(den), rounding);
                    assert_eq!(divide_narrow(num, den, rounding), wide, "{num}/{den} {rounding:?}");
                }
            }
        }
        assert_eq!(Fen::new(i64::MAX).times_ratio(i64::MAX, 1, Rounding::HalfUp), Fen::new(i64::MAX));
    }
}
