//! More forms of the same texts. Our own lines are single sentences with numbers in words; what people paste has figures, several sentences,
//! and warnings quote the very words that callers use. Nothing is added to what is said, only to how it stands on the screen.

use super::own::{Class, OwnText};
use super::svm::Dice;

/// A text made from ours, and how much it counts.
pub(super) struct Grown {
    pub(super) class: Class,
    pub(super) text: String,
    pub(super) weight: f64,
}

/// How much a made text counts beside a written one.
const MADE: f64 = 0.5;
const SEED: u64 = 20_261_127;

/// What stands before and behind the words that a warning quotes. Ours; the kinds of words are those of any police notice.
const QUOTING: [(&str, &str); 8] = [
    ("骗子会说“", "”。"),
    ("接到电话称“", "”,"),
    ("对方声称“", "”,"),
    ("网上有人说“", "”,"),
    ("看到“", "”这样的广告,"),
    ("“", "”?"),
    ("听到“", "”就要当心,"),
    ("有人发来“", "”,"),
];

/// The texts themselves and what is made of them.
pub(super) fn grow(texts: &[OwnText]) -> Vec<Grown> {
    let mut dice = Dice(SEED);
    let mut all: Vec<Grown> =
        texts.iter().map(|t| Grown { class: t.class, text: t.text.to_owned(), weight: 1.0 }).collect();
    let mut order: Vec<OwnText> = texts.to_vec();
    dice.shuffle(&mut order);
    let mut put = |class, text: String| {
        if let Some(figures) = in_figures(&text) {
            all.push(Grown { class, text: figures, weight: MADE });
        } else if text.contains('。') {
            all.push(Grown { class, text, weight: MADE });
        }
    };
    for text in texts {
        put(text.class, text.text.to_owned());
    }
    for (i, text) in order.iter().enumerate() {
        let mut after = order.iter().skip(i + 1).chain(order.iter().take(i));
        if let Some(next) = after.clone().find(|other| other.class == text.class) {
            put(text.class, format!("{}。{}。", text.text, next.text));
        }
        if text.class == Class::Warning
            && let Some(scam) = after.find(|other| other.class.is_scam())
        {
            let at = dice.below(QUOTING.len());
            let (before, behind) = QUOTING.get(at).copied().unwrap_or_default();
            put(Class::Warning, format!("{before}{}{behind}{}。", scam.text, text.text));
        }
    }
    all
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/// What a number in front of it counts.
const COUNTED: &str = "元块万天个点岁次期月年日号折倍位分小单笔条张人份组只家套";

fn digit(c: char) -> Option<u64> {
    let plain = if c == '两' { '二' } else { c };
    DIGITS.iter().position(|d| *d == plain).map(|d| d as u64)
}

fn power(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// The text with numbers in figures, if it has any in words: 三百元 → 300元, 百分之二十 → 20%.
fn in_figures(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut changed) = (0, false);
    while let Some(c) = chars.get(at) {
        let share = chars.get(at..at + 3) == Some(&['百', '分', '之']);
        let from = if share { at + 3 } else { at };
        let run =
            chars.iter().skip(from).take_while(|c| digit(**c).is_some() || power(**c).is_some()).count();
        let number = chars.get(from..from + run).and_then(value);
        let counts = share || run > 1 || chars.get(from + run).is_some_and(|c| COUNTED.contains(*c));
        match number {
            Some(number) if counts => {
                out.push_str(&number.to_string());
                out.push_str(if share { "%" } else { "" });
                (at, changed) = (from + run, true);
            }
            _ => {
                out.push(*c);
                at += 1;
            }
        }
    }
    changed.then_some(out)
}

/// What a run of numerals is worth; none for what is no number (一个, 千万别).
fn value(run: &[char]) -> Option<u64> {
    let first = *run.first()?;
    if matches!(run, ['一' | '两' | '百' | '千' | '零']) || matches!(first, '百' | '千') {
        return None;
    }
    let (mut sum, mut last, mut unit) = (0, None, 0);
    for c in run {
        if let Some(d) = digit(*c) {
            // 一二三四 is a row of digits, 两千八 is 2800.
            if let Some(before) = last {
                last = Some(before * 10 + d);
            } else {
                last = Some(d);
            }
        } else {
            unit = power(*c)?;
            sum += last.take().unwrap_or(1) * unit;
        }
    }
    let rest = last.unwrap_or(0);
    let abridged = unit > 10 && rest > 0 && rest < 10 && !run.contains(&'零');
    Some(sum + if abridged { rest * unit / 10 } else { rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_figures() {
        for (words, figures) in [
            ("先交三百元", Some("先交300元")),
            ("百分之二十的税", Some("20%的税")),
            ("三千八百五十元", Some("3850元")),
            ("两千八,十天", Some("2800,10天")),
            ("卖三万八", Some("卖3万八")),
            ("尾号一二三四", Some("尾号1234")),
            ("一千零五", Some("1005")),
            ("千万别信,一个人", None),
            ("第三方", None),
        ] {
            assert_eq!(in_figures(words).as_deref(), figures, "{words}");
        }
    }

    #[test]
    fn every_text_grows_and_the_same_way_each_time() {
        let texts = super::super::own::own_text();
        let (once, again) = (grow(&texts), grow(&texts));
        assert!(once.len() > 2 * texts.len());
        assert!(once.iter().zip(&again).all(|(a, b)| a.text == b.text));
        assert!(once.iter().any(|g| g.class == Class::Warning && g.text.contains('“')));
    }
}
