//! Amounts as people write and say them: `3,042.19`, `3.8万`, `1万2`, `三千零四十二块一毛九`, `壹万贰仟元整`.
//!
//! What is ambiguous is refused with a hint: a wrong guess about money is worse than a question. No locale,
//! no table.

mod lex;

use mingbai_cost::{Fen, Words};

use self::lex::{SCALE, Token};
use crate::text::{Tell, both};

/// Longest text that is read, in characters.
const MAX_CHARS: usize = 64;
/// Largest amount in fen; the same limit as for a loan's principal.
const MAX_FEN: i128 = 10_000_000_000_000;

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was written.
    #[error("nothing was written; write the amount, for example 3042.19 or 三千零四十二元")]
    Empty,
    /// More than 64 characters.
    #[error("the text is too long for an amount; write the number only, for example 3042.19")]
    TooLong,
    /// It has something that belongs to no amount.
    #[error("this is not an amount; write digits or Chinese numerals, for example 3042.19 or 三千零四十二元")]
    NotAnAmount,
    /// "About", "more or less".
    #[error("one exact amount is needed, without “about” or “more than”; for example 3042.19")]
    NotExact,
    /// Below zero.
    #[error("an amount here cannot be negative; write it without the minus sign")]
    Negative,
    /// It can be read in two ways.
    #[error(
        "this can be read in two ways; write all digits, for example 12000 instead of 1万2 and 10200 instead of 1万200"
    )]
    Ambiguous,
    /// Commas that do not separate thousands.
    #[error("the commas do not separate thousands; write it without commas, for example 3042.19")]
    Commas,
    /// Parts of a fen.
    #[error("the smallest unit is one fen (two decimals); for example 3042.19")]
    TooFine,
    /// More than 100 billion yuan.
    #[error("the amount is larger than 100 billion yuan; check the number of zeros")]
    TooLarge,
}

impl Tell for AmountError {
    fn words(&self) -> Words {
        let zh = match self {
            AmountError::Empty => "还没有填。请写金额,例如 3042.19 或 三千零四十二元",
            AmountError::TooLong => "太长了。只写金额就行,例如 3042.19",
            AmountError::NotAnAmount => "看不出是多少钱。请写数字或中文数字,例如 3042.19 或 三千零四十二元",
            AmountError::NotExact => "请写一个准确的数,不要写“大约”“左右”“多”,例如 3042.19",
            AmountError::Negative => "金额不能是负数,请去掉负号",
            AmountError::Ambiguous => {
                "这样写可能有两种意思,请把数字写全,例如写 12000,不写 1万2;写 10200,不写 1万200"
            }
            AmountError::Commas => "逗号的位置不对,请不要写逗号,例如 3042.19",
            AmountError::TooFine => "最小到分(两位小数),例如 3042.19",
            AmountError::TooLarge => "超过了一千亿元,请检查是不是多写了零",
        };
        both(zh, self.to_string())
    }
}

/// Reads an amount of money.
///
/// # Errors
/// [`AmountError`] says what is wrong and how to write it.
pub fn parse_amount(text: &str) -> Result<Fen, AmountError> {
    if text.chars().count() > MAX_CHARS {
        return Err(AmountError::TooLong);
    }
    let bare = lex::strip(text)?;
    let tokens = lex::tokens(&bare)?;
    let fen = match tokens.iter().position(|token| *token == Token::Yuan) {
        Some(at) => {
            let whole = number(&tokens[..at])?;
            let small = small_change(&tokens[at + 1..], BareDigit::IsJiao)?;
            if small > 0 && whole % SCALE != 0 {
                return Err(AmountError::NotAnAmount);
            }
            to_fen(whole)? + small
        }
        None if tokens.iter().any(|token| matches!(token, Token::Jiao | Token::Fen)) => {
            small_change(&tokens, BareDigit::Refused)?
        }
        None => to_fen(number(&tokens)?)?,
    };
    if fen > MAX_FEN {
        return Err(AmountError::TooLarge);
    }
    i64::try_from(fen).map(Fen::new).map_err(|_| AmountError::TooLarge)
}

fn to_fen(scaled: i128) -> Result<i128, AmountError> {
    let fen = scaled * 100;
    if fen % SCALE == 0 { Ok(fen / SCALE) } else { Err(AmountError::TooFine) }
}

/// Whether a digit without a unit may stand there: `三块五` is 3.50, but `五` alone is five yuan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BareDigit {
    IsJiao,
    Refused,
}

/// What follows 元: `1角9分`, `一毛九`, `五`, `零九分`.
fn small_change(tokens: &[Token], bare: BareDigit) -> Result<i128, AmountError> {
    let digit = |token: &Token| match token {
        Token::Han(value) => Some(i128::from(*value)),
        Token::Arabic { scaled, digits: 1 } => Some(scaled / SCALE),
        _ => None,
    };
    let read = match tokens {
        [] => Some(0),
        [jiao] if bare == BareDigit::IsJiao => digit(jiao).map(|jiao| jiao * 10),
        [jiao, Token::Jiao] => digit(jiao).map(|jiao| jiao * 10),
        [fen, Token::Fen] | [Token::Han(0), fen, Token::Fen] => digit(fen),
        [jiao, Token::Jiao, fen] | [jiao, Token::Jiao, fen, Token::Fen] => {
            digit(jiao).zip(digit(fen)).map(|(jiao, fen)| jiao * 10 + fen)
        }
        _ => None,
    };
    read.ok_or(AmountError::NotAnAmount)
}

/// Units of a whole number, largest first.
const UNITS: [i128; 5] = [100_000_000, 10_000, 1_000, 100, 10];

/// A number of yuan, times [`SCALE`].
fn number(tokens: &[Token]) -> Result<i128, AmountError> {
    if let Some(at) = tokens.iter().position(|token| *token == Token::Point) {
        return spoken_decimal(&tokens[..at], &tokens[at + 1..]);
    }
    match tokens {
        [Token::Arabic { scaled, .. }] => Ok(*scaled),
        [Token::Arabic { scaled, .. }, Token::Unit(unit)] => Ok(scaled * unit),
        [Token::Arabic { scaled, .. }, ..] if scaled % SCALE != 0 => Err(AmountError::Ambiguous),
        _ => whole(tokens, &UNITS, Place::End).map(|value| value * SCALE),
    }
}

/// `三点八万`, `三千零四十二点一九`.
fn spoken_decimal(left: &[Token], right: &[Token]) -> Result<i128, AmountError> {
    let (digits, unit) = match right {
        [digits @ .., Token::Unit(unit)] => (digits, *unit),
        digits => (digits, 1),
    };
    if digits.is_empty() || digits.len() > 6 {
        return Err(AmountError::NotAnAmount);
    }
    if unit > 1 && left.iter().any(|token| matches!(token, Token::Unit(inner) if *inner >= unit)) {
        return Err(AmountError::Ambiguous);
    }
    let mut scaled = whole(left, &UNITS, Place::Inside)? * SCALE;
    let mut place = SCALE;
    for token in digits {
        let Token::Han(digit) = token else { return Err(AmountError::NotAnAmount) };
        place /= 10;
        scaled += i128::from(*digit) * place;
    }
    Ok(scaled * unit)
}

/// Whether the tokens reach to the end of the number. Only there does `一万二` mean 12 000.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Inside,
    End,
}

/// Splits at the largest unit, reads what stands before and after it with the smaller ones.
fn whole(tokens: &[Token], units: &[i128], place: Place) -> Result<i128, AmountError> {
    let Some((unit, smaller)) = units.split_first() else { return leaf(tokens) };
    let Some(at) = tokens.iter().position(|token| *token == Token::Unit(*unit)) else {
        return whole(tokens, smaller, place);
    };
    let (before, after) = (&tokens[..at], &tokens[at + 1..]);
    let times = match before {
        [] if *unit == 10 => 1,
        before => whole(before, smaller, Place::Inside)?,
    };
    if times == 0 {
        return Err(AmountError::NotAnAmount);
    }
    let rest = match after {
        [] => 0,
        [Token::Han(0), Token::Han(0), rest @ ..] | [Token::Han(0), rest @ ..] if *unit > 10 => {
            whole(rest, smaller, Place::Inside)?
        }
        [Token::Han(digit)] => short_digit(i128::from(*digit), *unit, place)?,
        [Token::Arabic { scaled, digits }] => {
            if scaled % SCALE != 0 {
                return Err(AmountError::Ambiguous);
            }
            match digits {
                1 => short_digit(scaled / SCALE, *unit, place)?,
                // `1万2000` fills every place below 万; `1万200` could be a slip for it.
                digits if 10_i128.pow(*digits) == *unit => scaled / SCALE,
                _ => return Err(AmountError::Ambiguous),
            }
        }
        rest => whole(rest, smaller, place)?,
    };
    if rest >= *unit { Err(AmountError::NotAnAmount) } else { Ok(times * unit + rest) }
}

/// The digit right after a unit: `十二` is 12, `一万二` at the end is 12 000.
fn short_digit(digit: i128, unit: i128, place: Place) -> Result<i128, AmountError> {
    match (unit, place) {
        (10, _) if digit > 0 => Ok(digit),
        (_, Place::End) if digit > 0 => Ok(digit * (unit / 10)),
        (_, Place::Inside) => Err(AmountError::Ambiguous),
        _ => Err(AmountError::NotAnAmount),
    }
}

fn leaf(tokens: &[Token]) -> Result<i128, AmountError> {
    match tokens {
        [Token::Han(digit)] => Ok(i128::from(*digit)),
        [Token::Arabic { scaled, .. }] if scaled % SCALE == 0 => Ok(scaled / SCALE),
        [Token::Han(_), Token::Han(_), ..] => Err(AmountError::Ambiguous),
        _ => Err(AmountError::NotAnAmount),
    }
}

#[cfg(test)]
mod tests;
