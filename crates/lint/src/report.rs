//! What was found.

use std::ops::Range;

use mingbai_core::policy::Grade;
use mingbai_cost::Words;

use crate::book::Severity;

/// Where something stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the file.
    pub bytes: Range<usize>,
    /// Line, from one.
    pub line: usize,
    /// Column in characters, from one.
    pub column: usize,
    /// The file's own words.
    pub words: String,
}

/// One place that the rules do not allow, or something that they ask for and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// What follows.
    pub severity: Severity,
    /// The right that it touches, R1 to R8.
    pub right: String,
    /// What is wrong.
    pub title: Words,
    /// What was computed, where something was.
    pub detail: Option<Words>,
    /// What to do instead.
    pub suggest: Words,
    /// The source behind it.
    pub clause: Words,
    /// How sure we are of that source.
    pub grade: Grade,
    /// Where; nothing when the whole material lacks something.
    pub place: Option<Place>,
}

/// The answer about one material. No finding is no approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// In the order of the file; what is lacking comes last.
    pub findings: Vec<Finding>,
    /// How many rules were applied.
    pub rules: usize,
}

impl Report {
    /// Whether something must be changed before the material may be used.
    #[must_use]
    pub fn must_change(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Change)
    }
}
