//! How far the borrower has come, in words and as a bar. A help for orientation, not a rule.

use crate::page::Frame;

/// A part of the path as she sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// What this is.
    About,
    /// Income and debts.
    Income,
    /// Scam questions.
    Safety,
    /// Key facts, table, plan, late and early.
    Cost,
    /// Reading.
    Read,
    /// Teach-back.
    Answer,
    /// Consents.
    Consent,
    /// In person.
    Person,
    /// Signature and notice.
    Paper,
    /// The last look.
    Final,
}

impl Steps {
    const ALL: [(Steps, &'static str); 10] = [
        (Steps::About, "step-about"),
        (Steps::Income, "step-income"),
        (Steps::Safety, "step-safety"),
        (Steps::Cost, "step-cost"),
        (Steps::Read, "step-read"),
        (Steps::Answer, "step-answer"),
        (Steps::Consent, "step-consent"),
        (Steps::Person, "step-person"),
        (Steps::Paper, "step-paper"),
        (Steps::Final, "step-final"),
    ];

    /// Position from 1.
    #[must_use]
    pub fn number(self) -> usize {
        Steps::ALL.iter().position(|(step, _)| *step == self).map_or(1, |at| at + 1)
    }

    /// Its words.
    #[must_use]
    pub fn label(self, f: &Frame) -> String {
        let key = Steps::ALL.iter().find(|(step, _)| *step == self).map_or("step-about", |(_, key)| key);
        f.t(key)
    }

    /// Number of all parts.
    #[must_use]
    pub fn count() -> usize {
        Steps::ALL.len()
    }

    /// Number of all parts, for templates.
    #[must_use]
    pub fn all(self) -> usize {
        Steps::count()
    }
}
