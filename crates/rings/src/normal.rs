//! Identifiers written in one way before they are hashed: the same card typed with and without spaces must give one hash, and nothing that
//! is no identifier ("无", "000000") may join strangers.

use std::net::IpAddr;

use crate::{Kind, address};

/// Longest text that is taken, in characters.
pub const LONGEST: usize = 2_000;
/// Shortest answers that are compared word for word, in characters: "是" is no script.
const SCRIPT_MIN: usize = 30;
/// Shortest address: a town alone would join everybody in it.
const ADDRESS_MIN: usize = 8;

/// Why a text is no identifier of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Empty, or longer than [`LONGEST`].
    #[error("it is empty or too long")]
    Length,
    /// Not what such an identifier looks like.
    #[error("it does not look like one")]
    Form,
    /// Too little to tell two people apart, or a filler.
    #[error("it says too little to tell people apart")]
    TooLittle,
}

/// The one spelling of an identifier. Normalising twice changes nothing.
///
/// # Errors
/// [`Unfit`].
pub fn normalise(kind: Kind, text: &str) -> Result<String, Unfit> {
    if text.chars().count() > LONGEST {
        return Err(Unfit::Length);
    }
    let plain = folded(text);
    if plain.is_empty() {
        return Err(Unfit::Length);
    }
    let found = match kind {
        Kind::Phone | Kind::Contact => phone(&plain)?,
        Kind::Card => card(&plain)?,
        Kind::FeeAccount => solid(&plain, 5)?,
        Kind::Device => solid(&plain, 8)?,
        Kind::Wifi => network(&plain)?,
        Kind::Ip => ip(&plain)?,
        Kind::Introducer | Kind::Employer => solid(&plain, 2)?,
        Kind::Address => long_enough(address::normalise(&plain), ADDRESS_MIN)?,
        Kind::Script => long_enough(plain.chars().filter(|c| c.is_alphanumeric()).collect(), SCRIPT_MIN)?,
    };
    match filler(&found) {
        true => Err(Unfit::TooLittle),
        false => Ok(found),
    }
}

/// Width and case of letters, and what cannot be seen.
fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    let seen = |c: &char| !c.is_control() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    let text: String = text.chars().map(narrow).filter(seen).flat_map(char::to_lowercase).collect();
    text.trim().to_owned()
}

/// Digits of a telephone number without the country's own prefix.
fn phone(plain: &str) -> Result<String, Unfit> {
    let marks = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '.');
    if !plain.chars().all(marks) {
        return Err(Unfit::Form);
    }
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let rest = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    // 86 is also the beginning of numbers: only a whole mobile or a whole line with its area code is left of it.
    let digits = match rest.filter(|rest| rest.len() >= 10) {
        Some(rest) => rest.to_owned(),
        None => digits.clone(),
    };
    if (5..=20).contains(&digits.len()) { Ok(digits) } else { Err(Unfit::Form) }
}

fn card(plain: &str) -> Result<String, Unfit> {
    let digits: String = plain.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let number = digits.bytes().all(|b| b.is_ascii_digit()) && (12..=19).contains(&digits.len());
    if number { Ok(digits) } else { Err(Unfit::Form) }
}

/// Without spaces and marks that people put in and leave out.
fn solid(plain: &str, least: usize) -> Result<String, Unfit> {
    let text = plain.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.' | ':')).collect();
    long_enough(text, least)
}

/// The hardware address of a network, or its name.
fn network(plain: &str) -> Result<String, Unfit> {
    let hex: String = plain.chars().filter(|c| !matches!(c, ':' | '-' | '.' | ' ')).collect();
    if hex.len() == 12 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(hex);
    }
    long_enough(plain.to_owned(), 2)
}

/// One address of version 4, or the network of one household of version 6.
fn ip(plain: &str) -> Result<String, Unfit> {
    let address: IpAddr = plain.parse().map_err(|_| Unfit::Form)?;
    match address.to_canonical() {
        IpAddr::V4(four) if four.is_unspecified() || four.is_loopback() || four.is_private() => {
            Err(Unfit::TooLittle)
        }
        IpAddr::V4(four) => Ok(four.to_string()),
        IpAddr::V6(six) if six.is_unspecified() || six.is_loopback() => Err(Unfit::TooLittle),
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            Ok(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
        }
    }
}

fn long_enough(text: String, least: usize) -> Result<String, Unfit> {
    if text.chars().count() >= least { Ok(text) } else { Err(Unfit::TooLittle) }
}

/// One sign over and over, or a word for "nothing".
fn filler(text: &str) -> bool {
    let mut signs = text.chars();
    let first = signs.next();
    signs.all(|c| Some(c) == first)
        || ["unknown", "null", "none", "无", "没有", "不详", "未知", "本人", "自己", "123456", "12345678"]
            .contains(&text)
}
