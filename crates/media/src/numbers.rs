//! Numbers in running text, however they are written: `3,042.19`, `三千零四十二点一九`, `三千零四十二块一毛九`, `10万`, `百分之十八点二五`,
//! `二零二六`. A recogniser of words writes now one and now the other, and none of it is wrong.
//!
//! This is not the reading of an amount that somebody typed, where doubt is a question to her: here every number that could be meant counts,
//! and it is only compared with the figures that had to be said.

/// A number in millionths, so that `3042.19` and `三千零四十二点一九` are equal.
pub type Micro = i128;

/// One.
pub const ONE: Micro = 1_000_000;
/// More digits than any figure of a loan has.
const DIGITS_LIMIT: u32 = 18;
/// Larger than any of them; what is larger still is no number here.
const LARGEST: i128 = 1_000_000_000_000_000_000;

/// Every number in a text, in order.
#[must_use]
pub fn numbers_in(text: &str) -> Vec<Micro> {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    let (mut at, mut all) = (0, Vec::new());
    while at < chars.len() {
        let rest = chars.get(at..).unwrap_or_default();
        if let Some(skip) = part_of(rest) {
            at += skip;
        } else if let Some((value, length)) = number(rest) {
            all.push(value);
            at += length.max(1);
        } else {
            at += 1;
        }
    }
    all
}

/// Numbers that stand in a text as digits: the figures that were filled into a script. Words such as 一共 or 第一次 are none.
#[must_use]
pub fn figures_in(text: &str) -> Vec<Micro> {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    let (mut at, mut all) = (0, Vec::new());
    while at < chars.len() {
        match digits(chars.get(at..).unwrap_or_default()) {
            Some((value, length)) => {
                all.push(value);
                at += length.max(1);
            }
            None => at += 1,
        }
    }
    all
}

/// A number as a person writes it.
#[must_use]
pub fn written(value: Micro) -> String {
    let (whole, part) = (value / ONE, value % ONE);
    if part == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{part:06}");
    text.trim_end_matches('0').to_owned()
}

/// Full-width digits and signs are digits and signs.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// `百分之`, `千分之`: what follows is the number.
fn part_of(rest: &[char]) -> Option<usize> {
    matches!(rest, ['百' | '千' | '万', '分', '之', ..]).then_some(3)
}

fn number(rest: &[char]) -> Option<(Micro, usize)> {
    let (mut value, mut length) = digits(rest).or_else(|| han(rest))?;
    while let Some(unit) = rest.get(length).and_then(|c| unit(*c)) {
        // `10万`, `1.5亿`.
        value = value.checked_mul(unit).filter(|value| *value <= LARGEST * ONE)?;
        length += 1;
    }
    if matches!(rest.get(length), Some('元' | '块' | '圆')) {
        let (change, more) = small_change(rest.get(length + 1..).unwrap_or_default());
        return Some((value + change, length + 1 + more));
    }
    Some((value, length))
}

/// `3,042.19`. A comma stands between groups of three, or it belongs to the sentence.
fn digits(rest: &[char]) -> Option<(Micro, usize)> {
    let digit = |at: usize| rest.get(at).and_then(|c| c.to_digit(10));
    let (mut value, mut length, mut count): (i128, usize, u32) = (0, 0, 0);
    loop {
        if let Some(one) = digit(length) {
            count += 1;
            if count > DIGITS_LIMIT {
                return None;
            }
            value = value * 10 + i128::from(one);
            length += 1;
        } else if length > 0
            && rest.get(length) == Some(&',')
            && (1..=3).all(|ahead| digit(length + ahead).is_some())
            && digit(length + 4).is_none()
        {
            length += 1;
        } else {
            break;
        }
    }
    if length == 0 {
        return None;
    }
    value *= ONE;
    if rest.get(length) == Some(&'.') && digit(length + 1).is_some() {
        let mut place = ONE;
        length += 1;
        while let Some(one) = digit(length) {
            place /= 10;
            value += i128::from(one) * place;
            length += 1;
        }
    }
    Some((value, length))
}

fn han_digit(c: char) -> Option<i128> {
    let at = "零一二三四五六七八九".chars().position(|one| one == c);
    let other = match c {
        '〇' => Some(0),
        '两' => Some(2),
        '壹' => Some(1),
        '贰' => Some(2),
        '叁' => Some(3),
        '肆' => Some(4),
        '伍' => Some(5),
        '陆' => Some(6),
        '柒' => Some(7),
        '捌' => Some(8),
        '玖' => Some(9),
        _ => None,
    };
    at.and_then(|at| i128::try_from(at).ok()).or(other)
}

fn unit(c: char) -> Option<i128> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1_000),
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }
}

/// `三千零四十二点一九`, `二零二六`.
fn han(rest: &[char]) -> Option<(Micro, usize)> {
    let run = rest.iter().take(40).take_while(|c| han_digit(**c).is_some() || unit(**c).is_some()).count();
    // A run that goes on with 分之 ends before: 一百分之 is nothing anybody says.
    let run = (1..=run).rev().find(|end| part_of(rest.get(end - 1..).unwrap_or_default()).is_none())?;
    let part = rest.get(..run)?;
    let mut value =
        if part.iter().any(|c| unit(*c).is_some()) { positional(part)? } else { row(part)? } * ONE;
    let mut length = run;
    if rest.get(length) == Some(&'点') {
        let after = rest.get(length + 1..).unwrap_or_default();
        let mut place = ONE;
        for one in after.iter().map_while(|c| han_digit(*c)).take(6) {
            place /= 10;
            value += one * place;
            length += 1;
        }
        length += usize::from(place < ONE);
    }
    Some((value, length))
}

/// Digit after digit.
fn row(part: &[char]) -> Option<i128> {
    (part.len() <= DIGITS_LIMIT as usize)
        .then(|| part.iter().filter_map(|c| han_digit(*c)).fold(0, |value, one| value * 10 + one))
}

/// By units; `一万二` is 12 000, as it is spoken.
fn positional(part: &[char]) -> Option<i128> {
    let (mut total, mut section, mut digit, mut last): (i128, i128, Option<i128>, i128) = (0, 0, None, 1);
    for c in part {
        match (han_digit(*c), unit(*c)) {
            (Some(0), _) => (digit, last) = (None, 1),
            (Some(one), _) => digit = Some(one),
            (None, Some(unit)) if unit >= 10_000 => {
                let here = section + digit.take().unwrap_or(0);
                // `一亿二千万`: what stands before 亿 is not multiplied by the 万 that follows.
                total = if unit > 10_000 {
                    (total + here).checked_mul(unit)?
                } else {
                    total + here.checked_mul(unit)?
                };
                if total > LARGEST {
                    return None;
                }
                (section, last) = (0, unit);
            }
            (None, Some(unit)) => {
                section += digit.take().unwrap_or(1) * unit;
                last = unit;
            }
            (None, None) => return None,
        }
    }
    let rest = digit.map_or(0, |one| if last >= 100 { one * (last / 10) } else { one });
    Some(total + section + rest)
}

/// What follows 元: `一毛九`, `1角9分`, `一角`.
fn small_change(rest: &[char]) -> (Micro, usize) {
    let digit = |c: &char| c.to_digit(10).map(i128::from).or_else(|| han_digit(*c));
    let (jiao, fen) = (ONE / 10, ONE / 100);
    match rest {
        [a, '角' | '毛', b, tail @ ..] if digit(a).is_some() && digit(b).is_some() => {
            let value = digit(a).unwrap_or(0) * jiao + digit(b).unwrap_or(0) * fen;
            (value, 3 + usize::from(tail.first() == Some(&'分')))
        }
        [a, '角' | '毛', ..] if digit(a).is_some() => (digit(a).unwrap_or(0) * jiao, 2),
        ['零' | '〇', a, '分', ..] if digit(a).is_some() => (digit(a).unwrap_or(0) * fen, 3),
        [a, '分', ..] if digit(a).is_some() => (digit(a).unwrap_or(0) * fen, 2),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<String> {
        numbers_in(text).into_iter().map(written).collect()
    }

    #[test]
    fn the_same_number_in_every_writing() {
        for text in [
            "3042.19",
            "3,042.19 元",
            "3042元1角9分",
            "三千零四十二点一九元",
            "三千零四十二元一角九分",
            "三千零四十二块一毛九",
            "叁仟零肆拾贰元壹角玖分",
            "３０４２．１９",
        ] {
            assert_eq!(all(text), ["3042.19"], "{text}");
        }
        for (text, numbers) in [
            ("您借款十万元,也就是10万", &["100000", "100000"][..]),
            ("百分之十八点二五,即18.25%", &["18.25", "18.25"]),
            ("二零二六年九月十五日", &["2026", "9", "15"]),
            ("2026-09-15", &["2026", "9", "15"]),
            (
                "一万二、三千五、一百零五、十二、二十、一亿二千万",
                &["12000", "3500", "105", "12", "20", "120000000"],
            ),
            ("一共还 36 次", &["1", "36"]),
            ("借1,000,还1,100.5", &["1000", "1100.5"]),
            ("零点五", &["0.5"]),
            ("三块零五分", &["3.05"]),
            ("没有数", &[]),
            ("点", &[]),
        ] {
            assert_eq!(all(text), numbers, "{text}");
        }
    }

    #[test]
    fn figures_of_a_script_are_those_in_digits() {
        let text = "一共还 36 次,第一次在 2026-09-15,还 3042.19 元。有一项叫“担保费”,一共 1,200.00 元。";
        let found: Vec<_> = figures_in(text).into_iter().map(written).collect();
        assert_eq!(found, ["36", "2026", "9", "15", "3042.19", "1200"]);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in "\\PC{0,80}|[0-9零一二三四五六七八九十百千万亿点元角分块毛,.之]{0,60}") {
            let _numbers = numbers_in(&text);
            let _figures = figures_in(&text);
        }

        #[test]
        fn what_is_written_is_read(fen in 0_i64..100_000_000_000) {
            let text = format!("{}.{:02}", fen / 100, fen % 100);
            prop_assert_eq!(numbers_in(&text), [i128::from(fen) * ONE / 100]);
        }
    }
}
