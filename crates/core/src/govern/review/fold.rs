//! A review out of its records. A record that the rules would not have admitted changes nothing, so nobody releases a material by
//! slipping a record into the log.

use std::collections::BTreeMap;

use mingbai_cost::Words;
use mingbai_evidence::{Digest, Record, StreamHead};

use super::ReviewId;
use super::event::{
    Answer, Ground, Judgement, MachineReport, MaterialFile, Opinion, Release, Reply, ReviewEvent, Ruling,
    Submission, Weight,
};
use super::kinds::Verdict;
use crate::actor::{Actor, Login};
use crate::text::{Tell, both};

/// A stream that is no review.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// It does not begin with one.
    #[error("the stream of review {0} does not begin with a material")]
    NoBeginning(ReviewId),
    /// A record that this program does not understand.
    #[error("record {seq} of review {id} cannot be read: {why}; use a newer program or restore the log")]
    Unreadable {
        /// Review.
        id: ReviewId,
        /// Place.
        seq: u64,
        /// What the reader said.
        why: String,
    },
}

impl Tell for FoldError {
    fn words(&self) -> Words {
        both(
            "这次审查的存证读不出来;请用更新的程序,或恢复日志。",
            "The evidence of this review cannot be read; use a newer program or restore the log.",
        )
    }
}

/// Who and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub by: Login,
    /// When, unix ms.
    pub at_ms: i64,
}

/// What the business and somebody above said to one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The reply.
    pub reply: Reply,
    /// By whom and when.
    pub stamp: Stamp,
    /// The ruling on a refusal.
    pub ruling: Option<(Ruling, Stamp)>,
}

impl Answered {
    /// Whether nothing is left to do about the point.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        match (&self.reply, &self.ruling) {
            (Reply::Adopted { .. }, _) | (Reply::Declined { .. }, Some((Ruling::Waived { .. }, _))) => true,
            (Reply::Declined { .. }, _) => false,
        }
    }
}

/// The opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// What it says as a whole.
    pub verdict: Verdict,
    /// In words.
    pub summary: String,
    /// Its points.
    pub points: Vec<Opinion>,
    /// By whom and when.
    pub stamp: Stamp,
    /// Answers by number of the point.
    pub answers: BTreeMap<u32, Answered>,
}

/// The final material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Final {
    /// Files.
    pub files: Vec<MaterialFile>,
    /// What the machine says of them.
    pub machine: MachineReport,
    /// By whom and when.
    pub stamp: Stamp,
}

/// A release with its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// What was released.
    pub release: Release,
    /// By whom and when.
    pub stamp: Stamp,
    /// Taken out of use: why, by whom and when.
    pub recalled: Option<(String, Stamp)>,
}

/// How far a review is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A person answers the questions.
    Judging,
    /// The business answers the points and hands the final material in.
    Answering(Box<Issued>),
    /// Released, perhaps recalled.
    Released(Box<Issued>, Box<Released>),
    /// Not passed.
    Failed(Box<Issued>),
    /// Taken back by the business.
    Withdrawn(String, Stamp),
}

impl Stage {
    /// Every key, in order.
    pub const KEYS: [&'static str; 6] =
        ["judging", "answering", "released", "recalled", "failed", "withdrawn"];

    /// Key in words and addresses.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Stage::Judging => "judging",
            Stage::Answering(_) => "answering",
            Stage::Released(_, released) if released.recalled.is_some() => "recalled",
            Stage::Released(..) => "released",
            Stage::Failed(_) => "failed",
            Stage::Withdrawn(..) => "withdrawn",
        }
    }
}

/// A review, computed from its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub(super) id: ReviewId,
    pub(super) head: Option<StreamHead>,
    pub(super) last_at_ms: i64,
    /// What was handed in.
    pub submission: Submission,
    /// By whom and when.
    pub submitted: Stamp,
    /// Answers by code.
    pub items: BTreeMap<String, Answer>,
    /// Judgements by number of the machine's finding.
    pub judged: BTreeMap<u32, Judgement>,
    /// Everybody who answered questions.
    pub reviewers: Vec<Login>,
    /// The final material.
    pub last: Option<Final>,
    /// Where it stands.
    pub stage: Stage,
}

impl Review {
    /// Folds a stream.
    ///
    /// # Errors
    /// [`FoldError`].
    pub fn fold<'a>(id: ReviewId, records: impl IntoIterator<Item = &'a Record>) -> Result<Self, FoldError> {
        let mut found: Option<Review> = None;
        for record in records {
            let event = ReviewEvent::from_parts(record.kind(), record.body())
                .map_err(|error| FoldError::Unreadable { id, seq: record.seq(), why: error.to_string() })?;
            let actor = Actor::from_text(record.actor()).unwrap_or(Actor::System);
            let at_ms = record.at_ms();
            let review = match (found.take(), &actor) {
                (None, Actor::Staff(login, _)) => {
                    Review::begun(id, Stamp { by: login.clone(), at_ms }, event)?
                }
                (None, _) => return Err(FoldError::NoBeginning(id)),
                (Some(review), Actor::Staff(login, _)) if review.admits(&actor, at_ms, &event).is_ok() => {
                    review.after(Stamp { by: login.clone(), at_ms }, event)
                }
                (Some(review), _) => review,
            };
            found = Some(Review { head: Some(record.head()), last_at_ms: at_ms, ..review });
        }
        found.ok_or(FoldError::NoBeginning(id))
    }

    fn begun(id: ReviewId, stamp: Stamp, event: ReviewEvent) -> Result<Self, FoldError> {
        let ReviewEvent::MaterialSubmitted(submission) = event else {
            return Err(FoldError::NoBeginning(id));
        };
        Ok(Review {
            id,
            head: None,
            last_at_ms: stamp.at_ms,
            submission: *submission,
            submitted: stamp,
            items: BTreeMap::new(),
            judged: BTreeMap::new(),
            reviewers: Vec::new(),
            last: None,
            stage: Stage::Judging,
        })
    }

    /// The review after an event that [`Review::admits`].
    fn after(mut self, stamp: Stamp, event: ReviewEvent) -> Self {
        match event {
            ReviewEvent::MaterialSubmitted(_) => {}
            ReviewEvent::MaterialJudged { items, machine } => {
                self.items.extend(items);
                self.judged.extend(machine);
                if !self.reviewers.contains(&stamp.by) {
                    self.reviewers.push(stamp.by);
                }
            }
            ReviewEvent::OpinionIssued { verdict, summary, points } => {
                let issued = Box::new(Issued { verdict, summary, points, stamp, answers: BTreeMap::new() });
                self.stage = match verdict {
                    Verdict::Failed => Stage::Failed(issued),
                    Verdict::Passed | Verdict::Conditional => Stage::Answering(issued),
                };
            }
            ReviewEvent::FinalHandedIn { files, machine } => {
                self.last = Some(Final { files, machine, stamp });
            }
            ReviewEvent::MaterialWithdrawn { why } => self.stage = Stage::Withdrawn(why, stamp),
            event => self.stage = moved(self.stage, stamp, event),
        }
        self
    }

    /// Number.
    #[must_use]
    pub fn id(&self) -> ReviewId {
        self.id
    }

    /// Where its stream stands.
    #[must_use]
    pub fn head(&self) -> Option<StreamHead> {
        self.head
    }

    /// Its last record, unix ms.
    #[must_use]
    pub fn last_at_ms(&self) -> i64 {
        self.last_at_ms
    }

    /// The opinion, once it is given.
    #[must_use]
    pub fn issued(&self) -> Option<&Issued> {
        match &self.stage {
            Stage::Answering(issued) | Stage::Released(issued, _) | Stage::Failed(issued) => Some(issued),
            Stage::Judging | Stage::Withdrawn(..) => None,
        }
    }

    /// Points that follow from the answers as they stand now, numbered from one.
    #[must_use]
    pub fn points(&self) -> Vec<Opinion> {
        let of_items = self
            .submission
            .items
            .iter()
            .filter(|code| matches!(self.items.get(*code), Some(Answer::NotMet { .. })));
        let of_machine = self.judged.iter().filter(|(_, judged)| **judged == Judgement::Upheld);
        let grounds =
            of_items.cloned().map(Ground::Item).chain(of_machine.map(|(no, _)| Ground::Machine(*no)));
        grounds.zip(1..).map(|(ground, no)| Opinion { no, ground }).collect()
    }

    /// Codes of questions that nobody answered yet.
    #[must_use]
    pub fn unanswered(&self) -> Vec<&str> {
        let missing = |code: &&String| !self.items.contains_key(*code);
        self.submission.items.iter().filter(missing).map(String::as_str).collect()
    }

    /// Numbers of the machine's findings that somebody has to judge before an opinion.
    #[must_use]
    pub fn unjudged(&self) -> Vec<u32> {
        let all = self.submission.machine.findings.iter().zip(0..);
        all.filter(|(finding, no)| finding.weight == Weight::Change && !self.judged.contains_key(no))
            .map(|(_, no)| no)
            .collect()
    }

    /// Whether a finding was set aside by a person with a reason: dismissed by the reviewer, or waived by somebody above.
    fn set_aside(&self, no: u32) -> bool {
        if matches!(self.judged.get(&no), Some(Judgement::Dismissed { .. })) {
            return true;
        }
        let Some(issued) = self.issued() else { return false };
        let point = issued.points.iter().find(|point| point.ground == Ground::Machine(no));
        let answered = point.and_then(|point| issued.answers.get(&point.no));
        answered.is_some_and(|a| matches!(a.ruling, Some((Ruling::Waived { .. }, _))))
    }

    /// Findings of weight in the final material that nobody set aside: what was to be changed and was not, or what is new.
    #[must_use]
    pub fn left_in_final(&self) -> Vec<u32> {
        let Some(last) = &self.last else { return Vec::new() };
        let first = self.submission.machine.findings.iter().zip(0..);
        let aside: Vec<_> = first.filter(|(_, no)| self.set_aside(*no)).map(|(f, _)| f.likeness()).collect();
        let all = last.machine.findings.iter().zip(0..);
        all.filter(|(f, _)| f.weight == Weight::Change && !aside.contains(&f.likeness()))
            .map(|(_, no)| no)
            .collect()
    }

    /// Whether the final files are, byte for byte, those that were reviewed.
    #[must_use]
    pub fn final_is_reviewed(&self) -> bool {
        let digests = |files: &[MaterialFile]| files.iter().map(|f| f.file.sha256).collect::<Vec<Digest>>();
        self.last.as_ref().is_some_and(|last| digests(&last.files) == digests(&self.submission.files))
    }
}

/// The stage after an event about points or a release.
fn moved(stage: Stage, stamp: Stamp, event: ReviewEvent) -> Stage {
    match (stage, event) {
        (Stage::Answering(mut issued), ReviewEvent::OpinionAnswered { no, reply }) => {
            issued.answers.insert(no, Answered { reply, stamp, ruling: None });
            Stage::Answering(issued)
        }
        (Stage::Answering(mut issued), ReviewEvent::DeclineRuled { no, ruling }) => {
            if let Some(answered) = issued.answers.get_mut(&no) {
                answered.ruling = Some((ruling, stamp));
            }
            Stage::Answering(issued)
        }
        (Stage::Answering(issued), ReviewEvent::MaterialReleased(release)) => {
            Stage::Released(issued, Box::new(Released { release, stamp, recalled: None }))
        }
        (Stage::Released(issued, mut released), ReviewEvent::MaterialRecalled { why }) => {
            released.recalled = Some((why, stamp));
            Stage::Released(issued, released)
        }
        (stage, _) => stage,
    }
}
