//! The text that was written for this project to train the views: `model/own_train.tsv`.

use crate::kind::ScamType;

const TEXT: &str = include_str!("../../model/own_train.tsv");

/// What a training text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A scam of a family.
    Scam(ScamType),
    /// A scam whose family is not told apart.
    AnyScam,
    /// A notice of a bank, shop or office.
    Notice,
    /// A warning or report.
    Warning,
    /// What people write to each other.
    Daily,
}

impl Class {
    /// Reads the first column.
    #[must_use]
    pub fn read(name: &str) -> Option<Class> {
        match name {
            "notice" => Some(Class::Notice),
            "warning" => Some(Class::Warning),
            "legit" => Some(Class::Daily),
            "scam" => Some(Class::AnyScam),
            other => ScamType::ALL.into_iter().find(|t| t.key() == other).map(Class::Scam),
        }
    }

    /// Whether it is a scam.
    #[must_use]
    pub fn is_scam(self) -> bool {
        matches!(self, Class::Scam(_) | Class::AnyScam)
    }
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub struct OwnText {
    /// What it is.
    pub class: Class,
    /// The message.
    pub text: &'static str,
}

/// Every line; lines of an unknown class are left out, and a test says that there are none.
#[must_use]
pub fn own_text() -> Vec<OwnText> {
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(class, text)| Class::read(class).map(|class| OwnText { class, text }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = TEXT.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(own_text().len(), lines);
        for family in ScamType::ALL {
            assert!(own_text().iter().any(|t| t.class == Class::Scam(family)), "{}", family.key());
        }
    }
}
