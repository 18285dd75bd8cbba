//! A refusal: what happened, why, and what to do next. A refusal of the gate lists every missing duty.

use mingbai_cost::Words;
use serde::Serialize;

use super::duty::{Duty, Who};
use crate::text::{Tell, both};

/// What kind of refusal it is; the API and the pages choose their status by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// It is not this actor's to do. Recorded as an attempt.
    NotYours,
    /// Something must come first, or it is too early.
    NotNow,
    /// The journey has ended, or was never opened.
    Ended,
    /// What was sent does not fit the journey (another document, another question, an unknown permit).
    DoesNotFit,
    /// The gate is shut: duties are missing.
    GateShut,
    /// The rules say no, with help offered.
    Paused,
}

/// One missing duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Duty.
    pub duty: Duty,
    /// Why it does not count yet.
    pub why: Words,
    /// What to do next.
    pub next: Words,
    /// Whose move it is.
    pub who: Who,
}

/// Why something may not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{} / {}", .why.zh, .why.en)]
pub struct Refusal {
    /// Kind.
    pub kind: RefusalKind,
    /// What happened and why.
    pub why: Words,
    /// What to do next.
    pub next: Words,
    /// Missing duties, when the gate refused; otherwise empty.
    pub missing: Vec<Missing>,
}

impl Refusal {
    /// A refusal without missing duties.
    #[must_use]
    pub fn new(kind: RefusalKind, why: Words, next: Words) -> Self {
        Refusal { kind, why, next, missing: Vec::new() }
    }

    /// Something else must come first.
    #[must_use]
    pub fn not_now(why: Words, next: Words) -> Self {
        Refusal::new(RefusalKind::NotNow, why, next)
    }

    /// What was sent does not belong here.
    #[must_use]
    pub fn does_not_fit(why: Words) -> Self {
        let next =
            both("请返回上一页,按页面上现有的内容重新操作。", "Go back and use what the page shows now.");
        Refusal::new(RefusalKind::DoesNotFit, why, next)
    }

    /// The journey is over.
    #[must_use]
    pub fn ended(why: Words) -> Self {
        let next =
            both("如需继续,请联系客服重新申请。", "To go on, ask the lender to open a new application.");
        Refusal::new(RefusalKind::Ended, why, next)
    }

    /// It belongs to somebody else.
    #[must_use]
    pub fn not_yours(belongs_to: &Words) -> Self {
        Refusal::new(
            RefusalKind::NotYours,
            both(
                format!("这一步只能由{}本人操作,任何人不得代办。", belongs_to.zh),
                format!("Only the {} may do this; nobody may do it in that person's place.", belongs_to.en),
            ),
            both(
                format!("请让{}用自己的链接或账号操作。本次尝试已记录。", belongs_to.zh),
                format!(
                    "Let the {} do it with their own link or login. This attempt is on record.",
                    belongs_to.en
                ),
            ),
        )
    }
}

impl Tell for Refusal {
    fn words(&self) -> Words {
        both(format!("{}{}", self.why.zh, self.next.zh), format!("{} {}", self.why.en, self.next.en))
    }
}
