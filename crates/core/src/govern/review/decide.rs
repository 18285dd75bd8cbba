//! What may be done to a review, by whom and when. The same question is asked before an event is written and again when it is folded.

use std::collections::BTreeMap;

use super::event::{
    Answer, FinalCheck, Judgement, MachineReport, MaterialFile, Opinion, Release, Reply, ReviewEvent, Ruling,
};
use super::fold::{Issued, Review, Stage};
use super::kinds::{Channel, Verdict};
use super::rules;
use super::{OPINION_MIN, REASON_MIN};
use crate::actor::{Actor, Login, StaffRole};
use crate::borrow::refusal::Refusal;

/// What somebody wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Answer questions and judge findings.
    Judge {
        /// By code.
        items: BTreeMap<String, Answer>,
        /// By number.
        machine: BTreeMap<u32, Judgement>,
    },
    /// Give the opinion; its points follow from the answers.
    Issue {
        /// As a whole.
        verdict: Verdict,
        /// In words.
        summary: String,
    },
    /// Answer a point.
    Reply {
        /// Number.
        no: u32,
        /// What.
        reply: Reply,
    },
    /// Rule on a refusal.
    Rule {
        /// Number.
        no: u32,
        /// What.
        ruling: Ruling,
    },
    /// Hand the final material in.
    HandIn {
        /// Files.
        files: Vec<MaterialFile>,
        /// What the machine says of them.
        machine: MachineReport,
    },
    /// Release it.
    Release {
        /// First moment, unix ms.
        from_ms: i64,
        /// First moment after it, unix ms.
        until_ms: i64,
        /// Regions.
        regions: Vec<String>,
        /// Ways.
        channels: Vec<Channel>,
        /// What a person compared, where the final bytes are others.
        compared: String,
    },
    /// Take it back.
    Withdraw(String),
    /// Take it out of use.
    Recall(String),
}

/// What a decision needs beside the review.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Now, unix ms.
    pub now_ms: i64,
}

impl Review {
    /// What a wish leads to.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn decide(&self, actor: &Actor, command: Command, context: Context) -> Result<ReviewEvent, Refusal> {
        let event = self.event_of(command);
        self.admits(actor, context.now_ms, &event)?;
        Ok(event)
    }

    fn event_of(&self, command: Command) -> ReviewEvent {
        match command {
            Command::Judge { items, machine } => ReviewEvent::MaterialJudged { items, machine },
            Command::Issue { verdict, summary } => ReviewEvent::OpinionIssued {
                verdict,
                summary: summary.trim().to_owned(),
                points: self.points(),
            },
            Command::Reply { no, reply } => ReviewEvent::OpinionAnswered { no, reply },
            Command::Rule { no, ruling } => ReviewEvent::DeclineRuled { no, ruling },
            Command::HandIn { files, machine } => ReviewEvent::FinalHandedIn { files, machine },
            Command::Release { from_ms, until_ms, regions, channels, compared } => {
                let check = if self.final_is_reviewed() {
                    FinalCheck::SameBytes
                } else {
                    FinalCheck::Compared { note: compared.trim().to_owned() }
                };
                ReviewEvent::MaterialReleased(Release { from_ms, until_ms, regions, channels, check })
            }
            Command::Withdraw(why) => ReviewEvent::MaterialWithdrawn { why: why.trim().to_owned() },
            Command::Recall(why) => ReviewEvent::MaterialRecalled { why: why.trim().to_owned() },
        }
    }

    /// Whether an event may stand here: its actor, its moment, its order.
    pub(super) fn admits(&self, actor: &Actor, at_ms: i64, event: &ReviewEvent) -> Result<(), Refusal> {
        let who = Who::of(actor)?;
        match event {
            ReviewEvent::MaterialSubmitted(_) => Err(rules::not_here()),
            ReviewEvent::MaterialJudged { items, machine } => self.may_judge(&who, items, machine),
            ReviewEvent::OpinionIssued { verdict, summary, points } => {
                self.may_issue(&who, *verdict, summary, points)
            }
            ReviewEvent::OpinionAnswered { no, reply } => self.may_reply(&who, *no, reply),
            ReviewEvent::DeclineRuled { no, ruling } => self.may_rule(&who, *no, ruling),
            ReviewEvent::FinalHandedIn { files, .. } => {
                let issued = self.answering()?;
                who.is_business(issued)?;
                rules::files(files)?;
                rules::all_settled(issued)
            }
            ReviewEvent::MaterialReleased(release) => self.may_release(&who, at_ms, release),
            ReviewEvent::MaterialWithdrawn { why } => {
                if !matches!(self.stage, Stage::Judging | Stage::Answering(_)) {
                    return Err(rules::over());
                }
                if who.login != &self.submitted.by {
                    return Err(rules::only_submitter());
                }
                rules::text(why, REASON_MIN)
            }
            ReviewEvent::MaterialRecalled { why } => {
                who.is(StaffRole::Compliance)?;
                let Stage::Released(_, released) = &self.stage else { return Err(rules::not_here()) };
                if released.recalled.is_some() {
                    return Err(rules::over());
                }
                rules::text(why, REASON_MIN)
            }
        }
    }

    fn answering(&self) -> Result<&Issued, Refusal> {
        match &self.stage {
            Stage::Answering(issued) => Ok(issued),
            Stage::Judging => Err(rules::opinion_first()),
            Stage::Released(..) | Stage::Failed(_) | Stage::Withdrawn(..) => Err(rules::over()),
        }
    }

    /// Compliance, and not whoever handed it in.
    fn is_reviewer(&self, who: &Who<'_>) -> Result<(), Refusal> {
        who.is(StaffRole::Compliance)?;
        if who.login == &self.submitted.by { Err(rules::second_person()) } else { Ok(()) }
    }

    fn may_judge(
        &self,
        who: &Who<'_>,
        items: &BTreeMap<String, Answer>,
        machine: &BTreeMap<u32, Judgement>,
    ) -> Result<(), Refusal> {
        self.is_reviewer(who)?;
        if self.stage != Stage::Judging {
            return Err(rules::over());
        }
        if items.is_empty() && machine.is_empty() {
            return Err(rules::nothing_said());
        }
        for (code, answer) in items {
            if !self.submission.items.contains(code) {
                return Err(rules::not_here());
            }
            rules::answer(code, answer)?;
        }
        for (no, judged) in machine {
            let known = usize::try_from(*no).is_ok_and(|no| no < self.submission.machine.findings.len());
            if !known {
                return Err(rules::not_here());
            }
            if let Judgement::Dismissed { reason } = judged {
                rules::text(reason, REASON_MIN)?;
            }
        }
        Ok(())
    }

    fn may_issue(
        &self,
        who: &Who<'_>,
        verdict: Verdict,
        summary: &str,
        points: &[Opinion],
    ) -> Result<(), Refusal> {
        self.is_reviewer(who)?;
        if self.stage != Stage::Judging {
            return Err(rules::over());
        }
        let (unanswered, unjudged) = (self.unanswered(), self.unjudged());
        if !unanswered.is_empty() || !unjudged.is_empty() {
            return Err(rules::not_through(&unanswered, unjudged.len()));
        }
        rules::text(summary, OPINION_MIN)?;
        if points != self.points() {
            return Err(rules::not_here());
        }
        match (verdict, points.is_empty()) {
            (Verdict::Passed, false) => Err(rules::not_passed_with_points(points.len())),
            (Verdict::Conditional | Verdict::Failed, true) => Err(rules::no_point()),
            _ => Ok(()),
        }
    }

    fn may_reply(&self, who: &Who<'_>, no: u32, reply: &Reply) -> Result<(), Refusal> {
        let issued = self.answering()?;
        who.is_business(issued)?;
        if !issued.points.iter().any(|point| point.no == no) {
            return Err(rules::not_here());
        }
        // A waived point is over; anything else may be answered again, above all after the opinion was upheld.
        if issued
            .answers
            .get(&no)
            .is_some_and(|answered| matches!(answered.ruling, Some((Ruling::Waived { .. }, _))))
        {
            return Err(rules::over());
        }
        match reply {
            Reply::Adopted { how } => rules::text(how, REASON_MIN),
            Reply::Declined { reason } => rules::text(reason, REASON_MIN),
        }
    }

    /// 不采纳须上级批准: by the administrator, who is neither the one who declined nor the one who handed the material in.
    fn may_rule(&self, who: &Who<'_>, no: u32, ruling: &Ruling) -> Result<(), Refusal> {
        who.is(StaffRole::Admin)?;
        let issued = self.answering()?;
        let waits = issued
            .answers
            .get(&no)
            .filter(|answered| matches!(answered.reply, Reply::Declined { .. }) && answered.ruling.is_none());
        let Some(answered) = waits else { return Err(rules::not_here()) };
        if who.login == &answered.stamp.by || who.login == &self.submitted.by {
            return Err(rules::second_person());
        }
        match ruling {
            Ruling::Stands { reason } | Ruling::Waived { reason } => rules::text(reason, REASON_MIN),
        }
    }

    fn may_release(&self, who: &Who<'_>, at_ms: i64, release: &Release) -> Result<(), Refusal> {
        self.is_reviewer(who)?;
        let issued = self.answering()?;
        if who.login == &issued.stamp.by {
            return Err(rules::second_person());
        }
        rules::all_settled(issued)?;
        let last = self.last.as_ref().ok_or_else(rules::final_first)?;
        if who.login == &last.stamp.by {
            return Err(rules::second_person());
        }
        // Whoever answered a point after the final material came has changed what that material had to be.
        if issued.answers.values().any(|answered| answered.stamp.at_ms > last.stamp.at_ms) {
            return Err(rules::final_first());
        }
        let left = self.left_in_final();
        if !left.is_empty() {
            return Err(rules::left_in_final(left.len()));
        }
        match (&release.check, self.final_is_reviewed()) {
            (FinalCheck::SameBytes, true) => {}
            (FinalCheck::Compared { note }, false) => rules::compared(note)?,
            _ => return Err(rules::not_here()),
        }
        rules::release(release, at_ms)
    }
}

/// A member of staff.
struct Who<'a> {
    login: &'a Login,
    role: StaffRole,
}

impl<'a> Who<'a> {
    fn of(actor: &'a Actor) -> Result<Self, Refusal> {
        match actor {
            Actor::Staff(login, role) => Ok(Who { login, role: *role }),
            _ => Err(rules::staff_only()),
        }
    }

    fn is(&self, role: StaffRole) -> Result<(), Refusal> {
        if self.role == role { Ok(()) } else { Err(rules::other_role(role)) }
    }

    /// Whoever speaks for the business: may hand in, and did not give the opinion.
    fn is_business(&self, issued: &Issued) -> Result<(), Refusal> {
        if self.role == StaffRole::Auditor {
            return Err(rules::staff_only());
        }
        if self.login == &issued.stamp.by { Err(rules::second_person()) } else { Ok(()) }
    }
}
