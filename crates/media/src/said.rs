//! Whether what had to be said was said: the figures and names of a part against what a recogniser of words understood.
//!
//! A recogniser mishears figures, names and dialects, and a person must not be sent back before the camera for that. So this check ends
//! fine or *not known*, never wrong; a person then hears the place that it names. Nor does it ever say what she answered: whose voice it is
//! cannot be told from words, and a "yes" that a machine heard fulfils nothing.

use std::collections::BTreeSet;

use crate::judge::Outcome;
use crate::numbers::{Micro, figures_in, numbers_in, written};
use crate::words::{both, clock};

/// At least so much of the text has to be understood, in percent of its neighbouring pairs of characters. Our own choice.
pub const COVERED_PCT: usize = 50;

/// A line that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Begin, milliseconds from the beginning of the file.
    pub start_ms: i64,
    /// End.
    pub end_ms: i64,
    /// What was understood.
    pub text: String,
}

/// What had to be said in a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The text that is read out, with its figures.
    pub text: String,
    /// Names that must not be missing: the item and who collects it.
    pub names: Vec<String>,
}

/// Compares.
#[must_use]
pub fn compare(wanted: &Wanted, lines: &[Spoken]) -> Outcome {
    if wanted.text.trim().is_empty() {
        return unknown(
            "这一段没有固定的话可比。".to_owned(),
            "There is no fixed text to compare in this part.".to_owned(),
        );
    }
    let heard: String = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    if letters(&heard).is_empty() {
        return unknown(
            "没有识别出任何话,由人听。".to_owned(),
            "No word was understood; a person listens.".to_owned(),
        );
    }
    let said = numbers_in(&heard);
    let missing: Vec<Micro> =
        figures_in(&wanted.text).into_iter().filter(|one| !said.contains(one)).collect();
    if let Some(first) = missing.first() {
        let figures: BTreeSet<Micro> = missing.iter().copied().collect();
        let names: Vec<String> = figures.into_iter().map(written).collect();
        let names = names.join("、");
        let at = place(lines, *first);
        return unknown(
            format!("没有听到这些数:{names}。由人从 {at} 起听。"),
            format!("These figures were not understood: {names}. A person listens from {at} on."),
        );
    }
    let plain = letters(&heard);
    if let Some(name) = wanted.names.iter().find(|name| covered_pct(name, &plain) < 100) {
        return unknown(
            format!("没有听到“{name}”,由人听。"),
            format!("“{name}” was not understood; a person listens."),
        );
    }
    let covered = covered_pct(&wanted.text, &plain);
    if covered < COVERED_PCT {
        return unknown(
            format!("话术只听出 {covered}%,由人听。"),
            format!("Only {covered}% of the text were understood; a person listens."),
        );
    }
    Outcome::Fine
}

fn unknown(zh: String, en: String) -> Outcome {
    Outcome::Unknown { why: both(zh, en) }
}

/// Letters and Han characters; figures are compared apart.
fn letters(text: &str) -> Vec<char> {
    let figure = |c: &char| c.is_ascii_digit() || "零〇一二两三四五六七八九十百千万亿".contains(*c);
    text.chars().filter(|c| c.is_alphanumeric() && !figure(c)).flat_map(char::to_lowercase).collect()
}

/// How many of the text's neighbouring pairs occur in what was heard.
fn covered_pct(text: &str, heard: &[char]) -> usize {
    let wanted = letters(text);
    if wanted.len() < 2 {
        return if wanted.iter().all(|c| heard.contains(c)) { 100 } else { 0 };
    }
    let pairs: BTreeSet<&[char]> = heard.windows(2).collect();
    let found = wanted.windows(2).filter(|pair| pairs.contains(*pair)).count();
    found * 100 / (wanted.len() - 1)
}

/// Where to listen for a figure that was not understood: at the number that is most like it, else at the beginning.
fn place(lines: &[Spoken], figure: Micro) -> String {
    let like = |line: &&Spoken| {
        numbers_in(&line.text).iter().any(|one| written(*one).len() == written(figure).len())
    };
    clock(lines.iter().find(like).or(lines.first()).map_or(0, |line| line.start_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(start_ms: i64, text: &str) -> Spoken {
        Spoken { start_ms, end_ms: start_ms + 1_000, text: text.to_owned() }
    }

    fn wanted() -> Wanted {
        Wanted {
            text: "有一项叫“融资担保费”,由诚信融资担保公司收取,一共 1200.50 元。您知道这一项吗?".to_owned(),
            names: vec!["融资担保费".to_owned(), "诚信融资担保公司".to_owned()],
        }
    }

    fn why(outcome: Outcome) -> String {
        match outcome {
            Outcome::Unknown { why } => why.zh,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn said_in_other_writing_is_said() {
        let lines = [
            line(12_000, "有一项叫融资担保费,由诚信融资担保公司收取,"),
            line(16_000, "一共一千二百块五毛,您知道这一项吗?"),
            line(19_000, "知道。"),
        ];
        assert_eq!(compare(&wanted(), &lines), Outcome::Fine);
    }

    #[test]
    fn another_figure_another_name_and_mumbling_go_to_a_person() {
        let other = [
            line(12_000, "有一项叫融资担保费,由诚信融资担保公司收取"),
            line(16_000, "一共2200.50元,您知道吗"),
        ];
        let found = why(compare(&wanted(), &other));
        assert!(found.contains("1200.5") && found.contains("0:16"), "{found}");
        let name = [line(0, "有一项叫融资服务费由诚信融资担保公司收取一共1200.5元您知道这一项吗")];
        assert!(why(compare(&wanted(), &name)).contains("“融资担保费”"));
        assert!(why(compare(&wanted(), &[line(0, "。。。")])).contains("没有识别"));
        assert!(why(compare(&wanted(), &[])).contains("没有识别"));
        let little =
            Wanted { text: "您随时可以不借,现在就可以说不。".to_owned(), names: vec![] };
        assert!(why(compare(&little, &[line(0, "今天天气不错")])).contains("0%"));
        assert!(why(compare(&Wanted::default(), &[line(0, "你好")])).contains("没有固定"));
    }
}
