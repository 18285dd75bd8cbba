//! Tests of reading amounts: examples, refusals, and a writer that the reader must undo.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use proptest::prelude::*;

#[test]
fn reads_what_people_write() {
    let cases = [
        ("3042.19", 304_219),
        ("3,042.19", 304_219),
        ("¥3,042", 304_200),
        ("\u{ffe5} 3042", 304_200),
        ("3042元1角9分", 304_219),
        ("3042 元", 304_200),
        ("3.8万", 3_800_000),
        ("3.8 万元", 3_800_000),
        ("三点八万", 3_800_000),
        ("1万2", 1_200_000),
        ("一万二", 1_200_000),
        ("1万2千", 1_200_000),
        ("1万2000", 1_200_000),
        ("一千二百元", 120_000),
        ("三千零四十二块一毛九", 304_219),
        ("三千零四十二点一九", 304_219),
        ("十二万三千", 12_300_000),
        ("十二万三", 12_300_000),
        ("两千", 200_000),
        ("壹万贰仟元整", 1_200_000),
        ("人民币伍仟元正", 500_000),
        ("\u{ff13}\u{ff10}\u{ff14}\u{ff12}\u{ff0e}\u{ff11}\u{ff19}", 304_219),
        ("每月3842.19元", 384_219),
        ("一百二", 12_000),
        ("一百零二", 10_200),
        ("十", 1_000),
        ("十五块五", 1_550),
        ("五毛", 50),
        ("九分", 9),
        ("零", 0),
        ("一亿零三十万", 10_030_000_000),
        ("1.2亿", 12_000_000_000),
        ("一万零二百", 1_020_000),
        ("一万零二", 1_000_200),
        ("三千五百块钱", 350_000),
        ("叁仟零肆拾贰元零玖分", 304_209),
    ];
    for (text, fen) in cases {
        assert_eq!(parse_amount(text), Ok(Fen::new(fen)), "{text}");
    }
}

#[test]
fn refuses_with_a_reason() {
    let cases = [
        ("", AmountError::Empty),
        ("  ", AmountError::Empty),
        ("清楚", AmountError::NotAnAmount),
        ("明白了", AmountError::NotAnAmount),
        ("约3000", AmountError::NotExact),
        ("三千左右", AmountError::NotExact),
        ("三千多", AmountError::NotExact),
        ("-300", AmountError::Negative),
        ("负三百", AmountError::Negative),
        ("3,04", AmountError::Commas),
        ("38,00.5", AmountError::Commas),
        ("3.042,19", AmountError::Commas),
        ("3042.195", AmountError::TooFine),
        ("3000 1000", AmountError::Ambiguous),
        ("1万200", AmountError::Ambiguous),
        ("三零四二", AmountError::Ambiguous),
        ("一千二万", AmountError::Ambiguous),
        ("3.8万500", AmountError::Ambiguous),
        ("3042.", AmountError::NotAnAmount),
        (".5", AmountError::NotAnAmount),
        ("1.2.3", AmountError::NotAnAmount),
        ("万", AmountError::NotAnAmount),
        ("一百二百", AmountError::NotAnAmount),
        ("元", AmountError::NotAnAmount),
        ("3元4元", AmountError::NotAnAmount),
        ("3元19", AmountError::NotAnAmount),
        ("3.5元1角", AmountError::NotAnAmount),
        ("10000亿", AmountError::TooLarge),
        ("1234567890123456", AmountError::TooLarge),
    ];
    for (text, error) in cases {
        assert_eq!(parse_amount(text), Err(error), "{text}");
    }
    assert_eq!(parse_amount(&"1".repeat(65)), Err(AmountError::TooLong));
}

/// Writes plain Chinese numerals; separate from the reader, so that the two check each other.
fn han(fen: i64) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: i64| DIGITS[usize::try_from(value).unwrap()];
    let group = |value: i64| {
        let mut out = String::new();
        let mut gap = false;
        for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let d = value / unit % 10;
            if d == 0 {
                gap = !out.is_empty();
                continue;
            }
            if gap {
                out.push('零');
                gap = false;
            }
            out.push(digit(d));
            out.push_str(name);
        }
        out
    };
    let yuan = fen / 100;
    let mut out = String::new();
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let part = yuan / unit % if unit == 100_000_000 { 1_000_000 } else { 10_000 };
        if part == 0 {
            continue;
        }
        if !out.is_empty() && part < 1000 {
            out.push('零');
        }
        out.push_str(&group(part));
        out.push_str(name);
    }
    if out.is_empty() {
        out.push('零');
    }
    out.push('元');
    let (jiao, cents) = (fen / 10 % 10, fen % 10);
    match (jiao, cents) {
        (0, 0) => {}
        (0, cents) => out.push_str(&format!("零{}分", digit(cents))),
        (jiao, 0) => out.push_str(&format!("{}角", digit(jiao))),
        (jiao, cents) => out.push_str(&format!("{}角{}分", digit(jiao), digit(cents))),
    }
    out
}

proptest! {
    #[test]
    fn chinese_numerals_round_trip(fen in prop_oneof![0..1_000_000_i64, 0..999_999_999_999_i64]) {
        prop_assert_eq!(parse_amount(&han(fen)), Ok(Fen::new(fen)), "{}", han(fen));
    }

    #[test]
    fn capital_and_grouped_forms_round_trip(fen in prop_oneof![1..1_000_000_i64, 1..999_999_999_999_i64]) {
        let fen = Fen::new(fen);
        prop_assert_eq!(parse_amount(&fen.upper_zh()), Ok(fen), "{}", fen.upper_zh());
        prop_assert_eq!(parse_amount(&fen.yuan_grouped()), Ok(fen));
        prop_assert_eq!(parse_amount(&fen.yuan_plain()), Ok(fen));
    }

    #[test]
    fn nothing_panics(text in ".{0,80}") {
        let _ = parse_amount(&text);
    }

    #[test]
    fn no_mix_of_amount_characters_panics_or_escapes_the_limit(
        text in "[0-9.,零一二两三十百千万亿元块角毛分点壹贰整¥ ]{0,70}",
    ) {
        if let Ok(fen) = parse_amount(&text) {
            prop_assert!((0..=10_000_000_000_000).contains(&fen.get()));
        }
    }
}
