//! What may be done to a campaign, by whom and when: asked before an event is written and again when it is folded.

use super::event::CampaignEvent;
use super::fold::Campaign;
use super::plan::{Plan, SessionPlan};
use super::refusals::{
    approve_first, bad_plan, not_here, not_yours, over, say_why, second_person, still_to_come, too_many,
};
use crate::actor::{Actor, StaffRole};
use crate::borrow::refusal::Refusal;

/// The most sessions or figures of a campaign.
const MANY: usize = 500;
/// Longest plain text, in characters.
const TEXT: usize = 200;

/// What somebody wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Change the plan.
    Change(Box<Plan>),
    /// Approve the plan that stands at this record.
    Approve {
        /// Record of the plan.
        plan: u64,
    },
    /// Plan a session; its number is given by the rules.
    AddSession(SessionPlan),
    /// Do not hold a session.
    Cancel {
        /// Which.
        number: u32,
        /// Why.
        why: String,
    },
    /// Put on record what a platform says about itself.
    Report {
        /// Platform.
        platform: String,
        /// As it says.
        figure: u64,
        /// Where it says so.
        source: String,
    },
    /// End it.
    Close {
        /// What is done differently next time.
        lesson: String,
    },
}

impl Campaign {
    /// What a wish leads to.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn decide(&self, actor: &Actor, command: Command, now_ms: i64) -> Result<CampaignEvent, Refusal> {
        let event = match command {
            Command::Change(plan) => CampaignEvent::PlanChanged { plan },
            Command::Approve { plan } => CampaignEvent::CampaignApproved { plan },
            Command::AddSession(session) => CampaignEvent::SessionPlanned {
                session: SessionPlan { number: self.next_number(), ..session },
            },
            Command::Cancel { number, why } => {
                CampaignEvent::SessionCancelled { number, why: why.trim().to_owned() }
            }
            Command::Report { platform, figure, source } => CampaignEvent::FigureReported {
                platform: platform.trim().to_owned(),
                figure,
                source: source.trim().to_owned(),
            },
            Command::Close { lesson } => CampaignEvent::CampaignClosed { lesson: lesson.trim().to_owned() },
        };
        self.admits(actor, now_ms, &event)?;
        Ok(event)
    }

    /// Whether an event may stand here.
    pub(super) fn admits(&self, actor: &Actor, at_ms: i64, event: &CampaignEvent) -> Result<(), Refusal> {
        if !matches!(actor, Actor::Staff(_, StaffRole::Compliance)) {
            return Err(not_yours());
        }
        if self.closed.is_some() {
            return Err(over());
        }
        match event {
            CampaignEvent::CampaignPlanned { .. } => Err(not_here()),
            CampaignEvent::PlanChanged { plan } => {
                plan.check().map_err(bad_plan)?;
                // Sessions name their place by its index, so a plan with sessions keeps its places.
                match self.sessions.is_empty() || plan.places.starts_with(&self.plan.places) {
                    true => Ok(()),
                    false => Err(not_here()),
                }
            }
            CampaignEvent::CampaignApproved { plan } if *plan != self.plan_seq || self.approved.is_some() => {
                Err(not_here())
            }
            CampaignEvent::CampaignApproved { .. } if self.planned_by == *actor => Err(second_person()),
            CampaignEvent::CampaignApproved { .. } => Ok(()),
            CampaignEvent::SessionPlanned { session } => {
                if self.approved.is_none() {
                    return Err(approve_first());
                }
                if self.sessions.len() >= MANY || session.number != self.next_number() {
                    return Err(too_many());
                }
                session.check(&self.plan).map_err(bad_plan)
            }
            CampaignEvent::SessionCancelled { number, why } => {
                said(why)?;
                let ahead = self.session(*number).is_some_and(|session| at_ms < session.starts_at_ms);
                ahead.then_some(()).ok_or_else(not_here)
            }
            CampaignEvent::FigureReported { platform, source, .. } => {
                said(platform).and_then(|()| said(source))?;
                (self.reported.len() < MANY).then_some(()).ok_or_else(too_many)
            }
            CampaignEvent::CampaignClosed { lesson } => {
                said(lesson)?;
                let open = |held: &&super::Held| held.cancelled.is_none() && held.plan.ends_at_ms > at_ms;
                match self.sessions.iter().find(open) {
                    Some(_) => Err(still_to_come()),
                    None => Ok(()),
                }
            }
        }
    }
}

fn said(text: &str) -> Result<(), Refusal> {
    let good = (2..=TEXT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    good.then_some(()).ok_or_else(say_why)
}
