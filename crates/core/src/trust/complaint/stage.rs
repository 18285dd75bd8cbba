//! Where a complaint stands. Each stage is a type of its own, and every step consumes the stage before it: an answered complaint cannot be
//! answered again by mistake, because there is no open one left to answer.

use mingbai_cost::{Fen, Words};

use super::clock::Level;
use super::event::Draft;
use super::kinds::{Elsewhere, MediationEnd};
use crate::actor::Actor;
use crate::text::both;

/// A draft with its record and its writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Record.
    pub seq: u64,
    /// Writer.
    pub by: Actor,
    /// When, unix ms.
    pub at_ms: i64,
    /// What it says.
    pub draft: Draft,
}

/// More time that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Record.
    pub seq: u64,
    /// Who asked.
    pub by: Actor,
    /// To which clock.
    pub level: Level,
    /// Why.
    pub reason: String,
}

/// Being worked on; the clock runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The clock that counts.
    pub level: Level,
    /// More time that waits for approval.
    pub asked: Option<Asked>,
    /// The newest draft.
    pub proposal: Option<Proposal>,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The draft that it was.
    pub proposal: Proposal,
    /// Who gave it.
    pub by: Actor,
    /// When, unix ms.
    pub at_ms: i64,
    /// The last moment at which it was in time, unix ms.
    pub due_ms: i64,
}

impl Answer {
    /// Whether it came too late.
    #[must_use]
    pub const fn is_late(&self) -> bool {
        self.at_ms > self.due_ms
    }

    /// Money that it promises.
    #[must_use]
    pub const fn promised_fen(&self) -> Fen {
        self.proposal.draft.refund_fen
    }
}

/// Answered; she may go on, or it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The answer that counts.
    pub answer: Answer,
    /// The one before a re-check.
    pub before: Option<Answer>,
    /// Whether a third party looks at it.
    pub mediation: Mediation,
}

/// Whether a third party looks at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mediation {
    /// No.
    #[default]
    None,
    /// Since, unix ms.
    Asked(i64),
    /// It ended.
    Ended(MediationEnd),
}

/// Somebody else looks at it again; a clock of its own runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recheck {
    /// The first answer.
    pub first: Answer,
    /// Asked, unix ms.
    pub asked_at_ms: i64,
    /// The newest draft of the second answer.
    pub proposal: Option<Proposal>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With an answer.
    Answered(Box<Answered>),
    /// She took it back. The answers that she had by then, the first one first: they stay hers to read.
    Withdrawn(Vec<Answer>),
    /// Another system had answered it before it came here.
    Elsewhere(Elsewhere),
}

/// Over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How.
    pub end: End,
    /// When, unix ms.
    pub at_ms: i64,
    /// Cause that was found; empty when she took it back.
    pub root_cause: String,
    /// What is changed because of it.
    pub lesson: String,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being worked on.
    Open(Open),
    /// Answered.
    Answered(Answered),
    /// Looked at again.
    Recheck(Recheck),
    /// Over.
    Closed(Closed),
}

impl Open {
    /// The answer in force is the newest draft.
    pub(super) fn answer(self, proposal: Proposal, by: Actor, at_ms: i64, due_ms: i64) -> Answered {
        let answer = Answer { proposal, by, at_ms, due_ms };
        Answered { answer, before: None, mediation: Mediation::None }
    }
}

impl Recheck {
    pub(super) fn answer(self, proposal: Proposal, by: Actor, at_ms: i64, due_ms: i64) -> Answered {
        let answer = Answer { proposal, by, at_ms, due_ms };
        Answered { answer, before: Some(self.first), mediation: Mediation::None }
    }
}

impl Answered {
    pub(super) fn recheck(self, asked_at_ms: i64) -> Recheck {
        Recheck { first: self.answer, asked_at_ms, proposal: None }
    }

    pub(super) fn close(self, at_ms: i64, root_cause: String, lesson: String) -> Closed {
        Closed { end: End::Answered(Box::new(self)), at_ms, root_cause, lesson }
    }
}

impl Stage {
    /// Key in lists and addresses.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Stage::Open(_) => "open",
            Stage::Answered(Answered { mediation: Mediation::Asked(_), .. }) => "mediation",
            Stage::Answered(_) => "answered",
            Stage::Recheck(_) => "recheck",
            Stage::Closed(Closed { end: End::Withdrawn(_), .. }) => "withdrawn",
            Stage::Closed(Closed { end: End::Elsewhere(_), .. }) => "elsewhere",
            Stage::Closed(_) => "closed",
        }
    }

    /// Every key.
    pub const KEYS: [&'static str; 7] =
        ["open", "recheck", "mediation", "answered", "closed", "withdrawn", "elsewhere"];

    /// A key in words; one that is none as it stands.
    #[must_use]
    pub fn name_of(key: &str) -> Words {
        match key {
            "open" => both("办理中", "being worked on"),
            "recheck" => both("核查中", "being re-checked"),
            "mediation" => both("调解中", "in mediation"),
            "answered" => both("已答复", "answered"),
            "closed" => both("已结案", "closed"),
            "withdrawn" => both("已撤回", "taken back"),
            "elsewhere" => both("原系统已答复", "answered by another system"),
            other => both(other, other),
        }
    }

    /// The newest draft that was not given yet.
    #[must_use]
    pub const fn proposal(&self) -> Option<&Proposal> {
        match self {
            Stage::Open(open) => open.proposal.as_ref(),
            Stage::Recheck(again) => again.proposal.as_ref(),
            Stage::Answered(_) | Stage::Closed(_) => None,
        }
    }

    /// The answer that counts, if there is one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Stage::Open(_) => None,
            // What was taken back has no answer that counts any more, whatever she was told before.
            Stage::Closed(Closed { end: End::Withdrawn(_) | End::Elsewhere(_), .. }) => None,
            Stage::Answered(answered) => Some(&answered.answer),
            Stage::Recheck(again) => Some(&again.first),
            Stage::Closed(Closed { end: End::Answered(answered), .. }) => Some(&answered.answer),
        }
    }

    /// Every answer that was given, the first one first.
    #[must_use]
    pub fn answers(&self) -> Vec<&Answer> {
        match self {
            Stage::Open(_) | Stage::Closed(Closed { end: End::Elsewhere(_), .. }) => Vec::new(),
            Stage::Recheck(again) => vec![&again.first],
            Stage::Answered(answered) => answered.before.iter().chain([&answered.answer]).collect(),
            Stage::Closed(Closed { end: End::Answered(answered), .. }) => {
                answered.before.iter().chain([&answered.answer]).collect()
            }
            Stage::Closed(Closed { end: End::Withdrawn(answers), .. }) => answers.iter().collect(),
        }
    }

    /// The stage after a draft was written; `None` where none can be.
    pub(super) fn drafted(self, proposal: Proposal) -> Stage {
        match self {
            Stage::Open(open) => Stage::Open(Open { proposal: Some(proposal), ..open }),
            Stage::Recheck(again) => Stage::Recheck(Recheck { proposal: Some(proposal), ..again }),
            other => other,
        }
    }
}
