//! Reading an answer. "清楚" is not an answer; a number in any usual spelling is.

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use super::{Answer, Question};

/// What an answer was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Right.
    Correct,
    /// Wrong.
    Wrong,
    /// "I am not sure": explained again, no blame.
    NotSure,
    /// "清楚", "明白", "知道了": said by rote, tells nothing.
    Rote,
    /// Could not be read; the same question stays.
    Unreadable,
}

impl Verdict {
    /// Whether the question is answered rightly.
    #[must_use]
    pub const fn is_correct(self) -> bool {
        matches!(self, Verdict::Correct)
    }

    /// Whether it leads to an explanation, a new variant, and at last to a human. Only a slip of the keyboard does not.
    #[must_use]
    pub const fn counts_as_wrong(self) -> bool {
        matches!(self, Verdict::Wrong | Verdict::NotSure | Verdict::Rote)
    }
}

/// A graded answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grading {
    /// What it was.
    pub verdict: Verdict,
    /// How we read the answer, told back to the borrower.
    pub understood_as: Words,
    /// What to tell next; `None` after a right answer.
    pub explain: Option<Words>,
}

/// Grades an answer.
#[must_use]
pub fn grade(question: &Question, answer: &Answer) -> Grading {
    let _ = (question, answer);
    Grading { verdict: Verdict::Unreadable, understood_as: crate::text::both("", ""), explain: None }
}
