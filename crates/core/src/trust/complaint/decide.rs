//! What may be done to a complaint, by whom and when. The same question is asked before an event is written and again when it is folded.

use mingbai_cost::Fen;
use mingbai_evidence::refs::SealedRef;
use uuid::Uuid;

use super::clock::Level;
use super::event::{ComplaintEvent, Draft};
use super::fold::Complaint;
use super::kinds::{AlarmKind, MediationEnd, Paper, Remedy, Right, Way};
use super::refusals::{
    all_ways, answered_first, asked_twice, categorise_first, mediation_runs, no_recheck, not_here,
    not_longer, nothing_waits, over, paid_first, pay_first, recused, second_person, too_late, too_many,
    unknown_code, wrong_refund,
};
use super::stage::{Mediation, Proposal, Stage};
use super::taxonomy::Taxonomy;
use crate::actor::{Actor, Login, StaffRole};
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::text::both;

/// Shortest reason or lesson, in characters.
pub const REASON_MIN: usize = 5;
/// Shortest answer, in characters: one that only says "handled" is none.
pub const TEXT_MIN: usize = 20;
/// Longest text anywhere, in characters.
pub const NOTE_MAX: usize = 4_000;
/// The most records of one complaint that a person may add, so that nobody fills the log.
const MANY: usize = 200;
/// Longest plain text in a record, in characters.
const PLAIN_MAX: usize = 500;

/// What somebody wishes. Texts about a person are sealed before; plain ones must not hold personal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Tell her that it is here.
    Acknowledge,
    /// Say what it is about.
    Categorise {
        /// Cause code.
        cause: String,
        /// Business code.
        business: String,
        /// Right.
        right: Right,
    },
    /// Say which journey it is about.
    Link {
        /// Journey.
        journey: Uuid,
        /// Product and version.
        product: (String, String),
    },
    /// Note what was found.
    Note(SealedRef),
    /// She adds something.
    Add(SealedRef),
    /// A paper is here.
    Hold(Paper),
    /// Ask her for a paper.
    Ask {
        /// Paper.
        paper: Paper,
        /// Why.
        why: String,
    },
    /// Take more time.
    Extend {
        /// To which clock.
        level: Level,
        /// The reason that she is told.
        reason: String,
    },
    /// Approve more time that somebody else asked for.
    ApproveExtension,
    /// Write an answer. Without money it is given at once.
    Answer(Draft),
    /// Give the answer that somebody else wrote.
    Approve {
        /// Record of the draft.
        draft: u64,
    },
    /// Promised money was paid.
    Pay {
        /// How much.
        amount_fen: Fen,
        /// Number of the payment.
        payment: String,
    },
    /// She wants a re-check.
    AskRecheck(SealedRef),
    /// She wants mediation.
    AskMediation,
    /// The mediation ended.
    EndMediation(MediationEnd),
    /// She takes it back.
    Withdraw(Option<SealedRef>),
    /// Close it.
    Close {
        /// Cause that was found.
        root_cause: String,
        /// What is changed because of it.
        lesson: String,
    },
    /// Warn the house.
    Raise(AlarmKind),
}

/// What a decision needs beside the complaint.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Now, unix ms.
    pub now_ms: i64,
    /// The list of causes in force.
    pub taxonomy: &'a Taxonomy,
    /// Staff who acted in the journey: they may not judge it.
    pub involved: &'a [Login],
}

impl Complaint {
    /// What a wish leads to.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn decide(
        &self,
        actor: &Actor,
        command: Command,
        context: &Context<'_>,
    ) -> Result<Vec<ComplaintEvent>, Refusal> {
        if let Actor::Staff(login, _) = actor
            && context.involved.contains(login)
        {
            return Err(recused());
        }
        let event = self.event_of(command, context)?;
        self.admits(actor, context.now_ms, &event)?;
        let gives = matches!(&event, ComplaintEvent::AnswerDrafted(draft) if draft.refund_fen.is_zero());
        let mut events = vec![event];
        // Without money nobody else has to look, except at a re-check, where the writer is somebody else already.
        if let (true, Some(seq)) = (gives, self.head.map(|head| head.seq + 1)) {
            events.push(ComplaintEvent::AnswerGiven { draft: seq });
        }
        Ok(events)
    }

    fn event_of(&self, command: Command, context: &Context<'_>) -> Result<ComplaintEvent, Refusal> {
        let list = context.taxonomy;
        Ok(match command {
            Command::Acknowledge => ComplaintEvent::ComplaintAcknowledged {},
            Command::Categorise { cause, business, right } => {
                list.cause(&cause).and(list.business(&business)).ok_or_else(unknown_code)?;
                ComplaintEvent::ComplaintCategorised { list: list.id.clone(), cause, business, right }
            }
            Command::Link { journey, product } => ComplaintEvent::JourneyLinked { journey, product },
            Command::Note(note) => ComplaintEvent::ComplaintNoted { note },
            Command::Add(text) => ComplaintEvent::ComplaintAdded { text },
            Command::Hold(paper) => ComplaintEvent::PaperHeld { paper: tidy(paper)? },
            Command::Ask { paper, why } => {
                ComplaintEvent::PaperAsked { paper: tidy(paper)?, why: plain(&why, REASON_MIN)? }
            }
            Command::Extend { level, reason } => {
                let reason = plain(&reason, REASON_MIN)?;
                match level {
                    Level::VeryComplex => ComplaintEvent::ExtensionAsked { level, reason },
                    _ => ComplaintEvent::ComplaintExtended { level, reason },
                }
            }
            Command::ApproveExtension => match &self.stage {
                Stage::Open(open) => {
                    let asked = open.asked.as_ref().ok_or_else(nothing_waits)?;
                    ComplaintEvent::ExtensionApproved { asked: asked.seq }
                }
                _ => return Err(nothing_waits()),
            },
            Command::Answer(draft) => ComplaintEvent::AnswerDrafted(draft),
            Command::Approve { draft } => ComplaintEvent::AnswerGiven { draft },
            Command::Pay { amount_fen, payment } => {
                ComplaintEvent::RefundPaid { amount_fen, payment: plain(&payment, 1)? }
            }
            Command::AskRecheck(why) => ComplaintEvent::RecheckAsked { why },
            Command::AskMediation => ComplaintEvent::MediationAsked {},
            Command::EndMediation(end) => ComplaintEvent::MediationEnded { end },
            Command::Withdraw(why) => ComplaintEvent::ComplaintWithdrawn { why },
            Command::Close { root_cause, lesson } => {
                list.cause(&root_cause).ok_or_else(unknown_code)?;
                ComplaintEvent::ComplaintClosed { root_cause, lesson: plain(&lesson, REASON_MIN)? }
            }
            Command::Raise(alarm) => {
                let due_at_ms = self.due_ms().ok_or_else(nothing_waits)?;
                ComplaintEvent::AlarmRaised { alarm, due_at_ms }
            }
        })
    }

    /// Whether an event may stand here: its actor, its moment, its order.
    pub(super) fn admits(&self, actor: &Actor, at_ms: i64, event: &ComplaintEvent) -> Result<(), Refusal> {
        belongs(actor, event)?;
        match event {
            ComplaintEvent::ComplaintReceived(_) => Err(not_here()),
            // The second record or none: later it would end a complaint without an answer.
            ComplaintEvent::ComplaintTakenOver { .. } => {
                let first = self.head.is_none_or(|head| head.seq == 0);
                match first && self.received.channel.is_handed_over() {
                    true => Ok(()),
                    false => Err(not_here()),
                }
            }
            ComplaintEvent::ComplaintAcknowledged {} => match self.acknowledged_at_ms {
                Some(_) => Err(not_here()),
                None => Ok(()),
            },
            // What is added after the end would be read by nobody.
            ComplaintEvent::ComplaintAdded { .. } if matches!(self.stage, Stage::Closed(_)) => Err(over()),
            ComplaintEvent::ComplaintNoted { .. } | ComplaintEvent::ComplaintAdded { .. } => {
                match self.notes.len() < MANY {
                    true => Ok(()),
                    false => Err(too_many()),
                }
            }
            ComplaintEvent::ComplaintCategorised { .. }
            | ComplaintEvent::JourneyLinked { .. }
            | ComplaintEvent::PaperHeld { .. }
            | ComplaintEvent::PaperAsked { .. } => self.admits_handling(event),
            ComplaintEvent::ComplaintExtended { .. }
            | ComplaintEvent::ExtensionAsked { .. }
            | ComplaintEvent::ExtensionApproved { .. } => self.admits_time(actor, at_ms, event),
            ComplaintEvent::AnswerDrafted(draft) => self.admits_draft(actor, draft),
            ComplaintEvent::AnswerGiven { draft } => self.admits_giving(actor, *draft),
            ComplaintEvent::RefundPaid { amount_fen, .. } => {
                match !amount_fen.is_negative() && !amount_fen.is_zero() && *amount_fen <= self.owed_fen() {
                    true => Ok(()),
                    false => Err(wrong_refund()),
                }
            }
            ComplaintEvent::RecheckAsked { .. } => match self.recheck_until_ms() {
                Some(until_ms) if at_ms <= until_ms => Ok(()),
                _ => Err(no_recheck()),
            },
            ComplaintEvent::MediationAsked {} => match &self.stage {
                Stage::Answered(answered) if answered.mediation == Mediation::None => Ok(()),
                _ => Err(answered_first()),
            },
            ComplaintEvent::MediationEnded { .. } => match &self.stage {
                Stage::Answered(answered) if matches!(answered.mediation, Mediation::Asked(_)) => Ok(()),
                _ => Err(nothing_waits()),
            },
            ComplaintEvent::ComplaintWithdrawn { .. } => match &self.stage {
                Stage::Closed(_) => Err(over()),
                // Or what she was promised would be gone with the complaint.
                _ if !self.owed_fen().is_zero() => Err(paid_first(self.owed_fen())),
                _ => Ok(()),
            },
            ComplaintEvent::ComplaintClosed { .. } => self.admits_closing(),
            ComplaintEvent::AlarmRaised { alarm, due_at_ms } => {
                let meant = self.due_ms() == Some(*due_at_ms);
                match meant && !self.alarms.contains(&(*alarm, *due_at_ms)) {
                    true => Ok(()),
                    false => Err(not_here()),
                }
            }
        }
    }

    fn admits_handling(&self, event: &ComplaintEvent) -> Result<(), Refusal> {
        if matches!(self.stage, Stage::Closed(_)) {
            return Err(over());
        }
        if self.held.len() + self.asked.len() >= MANY {
            return Err(too_many());
        }
        match event {
            ComplaintEvent::PaperAsked { paper, .. } if self.has_paper(paper.kind) => Err(asked_twice()),
            ComplaintEvent::PaperAsked { paper, .. } if self.asked.iter().any(|(one, _)| one == paper) => {
                Err(asked_twice())
            }
            _ => Ok(()),
        }
    }

    /// More time: before the clock has run out, upwards only, the last step by two people.
    fn admits_time(&self, actor: &Actor, at_ms: i64, event: &ComplaintEvent) -> Result<(), Refusal> {
        let Stage::Open(open) = &self.stage else { return Err(not_here()) };
        if self.due_ms().is_none_or(|due_ms| at_ms > due_ms) {
            return Err(too_late());
        }
        match event {
            ComplaintEvent::ComplaintExtended { level: Level::Complex, .. }
                if open.level == Level::Simple =>
            {
                Ok(())
            }
            ComplaintEvent::ExtensionAsked { level: Level::VeryComplex, .. }
                if open.level != Level::VeryComplex && open.asked.is_none() =>
            {
                Ok(())
            }
            ComplaintEvent::ExtensionApproved { asked } => match &open.asked {
                Some(waits) if waits.seq == *asked && waits.by != *actor => Ok(()),
                Some(waits) if waits.seq == *asked => Err(second_person()),
                _ => Err(nothing_waits()),
            },
            _ => Err(not_longer()),
        }
    }

    fn admits_draft(&self, actor: &Actor, draft: &Draft) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Open(_) => {}
            // Whoever answered first, or wrote it, does not judge himself.
            Stage::Recheck(again) if again.first.by != *actor && again.first.proposal.by != *actor => {}
            Stage::Recheck(_) => return Err(second_person()),
            Stage::Answered(_) | Stage::Closed(_) => return Err(not_here()),
        }
        if self.category.is_none() {
            return Err(categorise_first());
        }
        let money = !draft.refund_fen.is_zero();
        if draft.refund_fen.is_negative() || money != draft.remedies.contains(&Remedy::Refund) {
            return Err(wrong_refund());
        }
        if Way::ALL.iter().any(|way| !draft.ways.contains(way)) {
            return Err(all_ways());
        }
        Ok(())
    }

    fn admits_giving(&self, actor: &Actor, draft: u64) -> Result<(), Refusal> {
        let waits = self.stage.proposal().filter(|waits| waits.seq == draft);
        let Proposal { by, draft, .. } = waits.ok_or_else(nothing_waits)?;
        if !draft.refund_fen.is_zero() && by == actor {
            return Err(second_person());
        }
        match &self.stage {
            Stage::Recheck(again) if again.first.by == *actor || again.first.proposal.by == *actor => {
                Err(second_person())
            }
            _ => Ok(()),
        }
    }

    fn admits_closing(&self) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Answered(answered) if matches!(answered.mediation, Mediation::Asked(_)) => {
                Err(mediation_runs())
            }
            Stage::Answered(_) if !self.owed_fen().is_zero() => Err(pay_first(self.owed_fen())),
            Stage::Answered(_) => Ok(()),
            Stage::Closed(_) => Err(over()),
            Stage::Open(_) | Stage::Recheck(_) => Err(answered_first()),
        }
    }
}

/// Whose event it is.
fn belongs(actor: &Actor, event: &ComplaintEvent) -> Result<(), Refusal> {
    let compliance = matches!(actor, Actor::Staff(_, StaffRole::Compliance));
    let allowed = match event {
        ComplaintEvent::ComplaintReceived(_) => true,
        ComplaintEvent::ComplaintAcknowledged {} => compliance || *actor == Actor::System,
        ComplaintEvent::AlarmRaised { .. } => *actor == Actor::System,
        ComplaintEvent::ComplaintAdded { .. }
        | ComplaintEvent::RecheckAsked { .. }
        | ComplaintEvent::MediationAsked {}
        | ComplaintEvent::ComplaintWithdrawn { .. } => *actor == Actor::Complainant,
        _ => compliance,
    };
    match allowed {
        true => Ok(()),
        false => Err(Refusal::new(
            RefusalKind::NotYours,
            both("这一步不由您来做。", "This step is not yours."),
            both(
                "投诉由消保岗办理;补充、撤回、申请核查和调解只能由投诉人凭编号和查询码自己提出。",
                "Compliance handles complaints; only the complainant herself adds, withdraws, or asks for a re-check or mediation, with reference and code.",
            ),
        )),
    }
}

fn tidy(paper: Paper) -> Result<Paper, Refusal> {
    Ok(Paper { about: plain(&paper.about, 0)?, ..paper })
}

/// A text that stays in the record for good.
fn plain(text: &str, least: usize) -> Result<String, Refusal> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match (least..=PLAIN_MAX).contains(&text.chars().count()) {
        true => Ok(text),
        false => Err(Refusal::does_not_fit(both(
            format!("请写 {least} 到 {PLAIN_MAX} 字。不要写入个人信息:这段文字会永久留存。"),
            format!(
                "Write {least} to {PLAIN_MAX} characters, without personal data: this text stays for good."
            ),
        ))),
    }
}
