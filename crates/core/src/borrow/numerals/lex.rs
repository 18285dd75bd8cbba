//! From characters to tokens of an amount. Must not know what the tokens mean together.

use super::AmountError;

/// Numbers are kept as yuan × 10⁶, so that `3.8万` stays whole.
pub(super) const SCALE: i128 = 1_000_000;
/// Most digits before the decimal point.
const MAX_DIGITS: usize = 15;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number in digits: its value × [`SCALE`], and how many digits stand before the point.
    Arabic { scaled: i128, digits: u32 },
    /// One Chinese digit.
    Han(u8),
    /// 十 百 千 万 亿.
    Unit(i128),
    /// 元.
    Yuan,
    /// 角.
    Jiao,
    /// 分.
    Fen,
    /// 点.
    Point,
}

/// Words that only introduce an amount.
const BEFORE: [&str; 10] = ["人民币", "RMB", "CNY", "¥", "每个月", "每月", "每期", "一共", "总共", "共"];
/// Words that only close it.
const AFTER: [&str; 7] = ["人民币", "RMB", "CNY", "整", "正", "钱", "。"];
/// Words that make a number vague.
const VAGUE: [&str; 12] =
    ["约", "左右", "大概", "差不多", "多", "几", "上下", "以上", "以下", "以内", "来块", "来元"];

/// Half width, upper case, no spaces, no words around the amount.
pub(super) fn strip(text: &str) -> Result<String, AmountError> {
    let wide: Vec<char> = text.trim().chars().map(half_width).collect();
    let mut bare = String::new();
    for (index, c) in wide.iter().enumerate() {
        if c.is_whitespace() {
            let digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
            // "3000 1000" may be two amounts, and joining them would make a third.
            if index > 0 && digit(wide.get(index - 1)) && digit(wide.get(index + 1)) {
                return Err(AmountError::Ambiguous);
            }
        } else {
            bare.push(c.to_ascii_uppercase());
        }
    }
    if bare.starts_with('-') || bare.starts_with('负') {
        return Err(AmountError::Negative);
    }
    if VAGUE.iter().any(|word| bare.contains(word)) {
        return Err(AmountError::NotExact);
    }
    let mut rest = bare.as_str();
    while let Some(shorter) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    while let Some(shorter) = AFTER.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = shorter;
    }
    if rest.starts_with('-') {
        return Err(AmountError::Negative);
    }
    if rest.is_empty() { Err(AmountError::Empty) } else { Ok(rest.to_owned()) }
}

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ffe5}' => '¥',
        '\u{2212}' | '\u{2013}' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Cuts the text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, AmountError> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if c.is_ascii_digit() {
            let run = chars[at..].iter().take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).count();
            out.push(arabic(&chars[at..at + run])?);
            at += run;
        } else {
            out.push(han(*c).ok_or(AmountError::NotAnAmount)?);
            at += 1;
        }
    }
    Ok(out)
}

fn arabic(run: &[char]) -> Result<Token, AmountError> {
    let mut parts = run.split(|c| *c == '.');
    let (whole, fraction) = match (parts.next(), parts.next(), parts.next()) {
        (Some(whole), None, None) => (whole, None),
        (Some(whole), Some(fraction), None) => (whole, Some(fraction)),
        _ => return Err(AmountError::NotAnAmount),
    };
    let groups: Vec<&[char]> = whole.split(|c| *c == ',').collect();
    let grouped = groups.len() > 1;
    let even = groups.iter().enumerate().all(|(index, group)| match index {
        0 => (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    });
    if grouped && !even {
        return Err(AmountError::Commas);
    }
    let count: usize = groups.iter().map(|group| group.len()).sum();
    if count > MAX_DIGITS {
        return Err(AmountError::TooLarge);
    }
    let fold = |sum: i128, c: &char| sum * 10 + i128::from(c.to_digit(10).unwrap_or(0));
    let mut scaled = groups.iter().flat_map(|group| group.iter()).fold(0, fold) * SCALE;
    if let Some(fraction) = fraction {
        if fraction.is_empty() {
            return Err(AmountError::NotAnAmount);
        }
        if fraction.contains(&',') {
            return Err(AmountError::Commas);
        }
        let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        if places > 6 {
            return Err(AmountError::TooFine);
        }
        scaled += fraction.iter().fold(0, fold) * 10_i128.pow(6 - places);
    }
    Ok(Token::Arabic { scaled, digits: u32::try_from(count).unwrap_or(u32::MAX) })
}

fn han(c: char) -> Option<Token> {
    Some(match c {
        '零' | '〇' => Token::Han(0),
        '一' | '壹' => Token::Han(1),
        '二' | '两' | '贰' | '貳' | '兩' => Token::Han(2),
        '三' | '叁' | '參' => Token::Han(3),
        '四' | '肆' => Token::Han(4),
        '五' | '伍' => Token::Han(5),
        '六' | '陆' | '陸' => Token::Han(6),
        '七' | '柒' => Token::Han(7),
        '八' | '捌' => Token::Han(8),
        '九' | '玖' => Token::Han(9),
        '十' | '拾' => Token::Unit(10),
        '百' | '佰' => Token::Unit(100),
        '千' | '仟' => Token::Unit(1_000),
        '万' | '萬' => Token::Unit(10_000),
        '亿' | '億' => Token::Unit(100_000_000),
        '元' | '块' | '圆' | '圓' | '塊' => Token::Yuan,
        '角' | '毛' => Token::Jiao,
        '分' => Token::Fen,
        '点' | '點' => Token::Point,
        _ => return None,
    })
}
