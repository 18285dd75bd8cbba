//! Labelled sets, splits and figures over classes.

use std::collections::BTreeMap;

use mingbai_scam::model::Dice;

use crate::groups::group;

/// A labelled set.
pub struct Set {
    pub name: String,
    pub classes: Vec<String>,
    pub rows: Vec<(String, usize)>,
}

impl Set {
    /// Reads `FOLDER/NAME.jsonl`: rows with `text` and `label` (or `fraud_type`).
    pub fn read(folder: &str, name: &str) -> Set {
        let path = format!("{folder}/{name}.jsonl");
        let file = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut labelled = Vec::new();
        for line in file.lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{path}: {e}"));
            let label = row["label"].as_str().or(row["fraud_type"].as_str());
            if let (Some(text), Some(label)) = (row["text"].as_str(), label) {
                labelled.push((text.to_owned(), label.to_owned()));
            }
        }
        let names: BTreeMap<String, ()> = labelled.iter().map(|(_, label)| (label.clone(), ())).collect();
        let classes: Vec<String> = names.into_keys().collect();
        let number = |label: &str| classes.iter().position(|c| c == label).unwrap_or(0);
        let rows = labelled.iter().map(|(text, label)| (text.clone(), number(label))).collect();
        Set { name: name.to_owned(), rows, classes }
    }

    /// Whether a class is a scam: every class of tft5 but `normal`, the FR classes of FBS, the kinds of fraud of the dialogues.
    pub fn scam(&self, class: usize) -> bool {
        let name = self.classes.get(class).map_or("", String::as_str);
        match self.name.as_str() {
            "tft5" => name != "normal",
            "fbs" => name.starts_with("FR"),
            _ => name.ends_with("诈骗") || name == "身份盗窃" || name == "scam",
        }
    }
}

/// Four fifths to train, one to test.
pub struct Split {
    pub train: Vec<usize>,
    pub test: Vec<usize>,
}

impl Split {
    /// A fifth of every class.
    pub fn at_random(set: &Set, seed: u64) -> Split {
        let mut dice = Dice(seed);
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for class in 0..set.classes.len() {
            let mut own: Vec<usize> = (0..set.rows.len()).filter(|i| set.rows[*i].1 == class).collect();
            dice.shuffle(&mut own);
            let cut = own.len() / 5;
            test.extend(&own[..cut]);
            train.extend(&own[cut..]);
        }
        Split { train, test }
    }

    /// Whole groups of near duplicates stand on one side.
    pub fn by_group(set: &Set, seed: u64) -> Split {
        let groups = group(&set.rows.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>());
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, group) in groups.iter().enumerate() {
            members.entry(*group).or_default().push(row);
        }
        let mut order: Vec<Vec<usize>> = members.into_values().collect();
        Dice(seed).shuffle(&mut order);
        let mut left: Vec<usize> =
            (0..set.classes.len()).map(|c| set.rows.iter().filter(|r| r.1 == c).count() / 5).collect();
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for group in order {
            let class = set.rows[group[0]].1;
            if left[class] >= group.len() {
                left[class] -= group.len();
                test.extend(group);
            } else {
                train.extend(group);
            }
        }
        Split { train, test }
    }

    /// Writes both sides, class and text parted by a tab, for other programs.
    pub fn write(&self, set: &Set, path: &str) {
        for (side, rows) in [("train", &self.train), ("test", &self.test)] {
            let lines: String = rows
                .iter()
                .map(|i| {
                    let (text, class) = &set.rows[*i];
                    format!("{class}\t{}\n", text.replace(['\t', '\n', '\r'], " "))
                })
                .collect();
            let path = format!("{path}.{side}.tsv");
            std::fs::write(&path, lines).unwrap_or_else(|e| panic!("{path}: {e}"));
        }
    }
}

/// The mean over the classes of the harmonic mean of precision and recall, in per cent. A class that is neither there nor guessed is left out.
pub fn macro_f1(pairs: &[(usize, usize)], classes: usize) -> f64 {
    let (mut sum, mut counted) = (0.0, 0);
    for class in 0..classes {
        let there = pairs.iter().filter(|p| p.0 == class).count();
        let guessed = pairs.iter().filter(|p| p.1 == class).count();
        let right = pairs.iter().filter(|p| p.0 == class && p.1 == class).count();
        if there + guessed > 0 {
            sum += 2.0 * right as f64 / (there + guessed) as f64;
            counted += 1;
        }
    }
    100.0 * sum / counted.max(1) as f64
}

/// Mean over the seeds, lowest and highest.
pub fn mean_and_spread(figures: &[f64]) -> String {
    let mean = figures.iter().sum::<f64>() / figures.len().max(1) as f64;
    let low = figures.iter().copied().fold(f64::MAX, f64::min);
    let high = figures.iter().copied().fold(f64::MIN, f64::max);
    format!("{mean:.2} ({low:.2}–{high:.2})")
}
