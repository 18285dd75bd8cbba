//! A campaign out of its records. What the rules would not have admitted changes nothing.

use mingbai_cost::Words;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::{Record, StreamHead};

use super::CampaignId;
use super::event::CampaignEvent;
use super::plan::{Plan, SessionPlan};
use crate::actor::Actor;
use crate::text::{Tell, both};

/// A stream that is no campaign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// It does not begin with one.
    #[error("the stream of campaign {0} does not begin with a plan")]
    NoBeginning(CampaignId),
    /// A record that this program does not understand.
    #[error("record {seq} of campaign {id} cannot be read: {why}; use a newer program or restore the log")]
    Unreadable {
        /// Campaign.
        id: CampaignId,
        /// Place.
        seq: u64,
        /// What the reader said.
        why: String,
    },
}

impl Tell for FoldError {
    fn words(&self) -> Words {
        both(
            "这项活动的存证读不出来;请用更新的程序,或恢复日志。",
            "The evidence of this campaign cannot be read; use a newer program or restore the log.",
        )
    }
}

/// A session and whether it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// As planned.
    pub plan: SessionPlan,
    /// Why it is not held.
    pub cancelled: Option<String>,
}

/// What a platform says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Platform.
    pub platform: String,
    /// As it says.
    pub figure: u64,
    /// Where it says so.
    pub source: String,
    /// When it was put on record, unix ms.
    pub at_ms: i64,
}

/// A campaign, computed from its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    pub(super) id: CampaignId,
    pub(super) head: Option<StreamHead>,
    pub(super) last_at_ms: i64,
    /// The plan in force.
    pub plan: Plan,
    /// Record of it.
    pub plan_seq: u64,
    /// Who wrote it.
    pub planned_by: Actor,
    /// Key of people and codes, in the vault.
    pub key: SealedRef,
    /// Who approved the plan in force, and when.
    pub approved: Option<(Actor, i64)>,
    /// Sessions, by number.
    pub sessions: Vec<Held>,
    /// Self-reported figures.
    pub reported: Vec<Reported>,
    /// When it ended, and what is done differently next time.
    pub closed: Option<(i64, String)>,
}

impl Campaign {
    /// Folds a stream.
    ///
    /// # Errors
    /// [`FoldError`].
    pub fn fold<'a>(
        id: CampaignId,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Self, FoldError> {
        let mut found: Option<Campaign> = None;
        for record in records {
            let event = CampaignEvent::from_parts(record.kind(), record.body())
                .map_err(|error| FoldError::Unreadable { id, seq: record.seq(), why: error.to_string() })?;
            let actor = Actor::from_text(record.actor()).unwrap_or(Actor::System);
            let campaign = match found.take() {
                Some(campaign) => match campaign.admits(&actor, record.at_ms(), &event) {
                    Ok(()) => campaign.after(actor, record, event),
                    Err(_) => campaign,
                },
                None => Campaign::begun(id, actor, record, event)?,
            };
            found = Some(Campaign { head: Some(record.head()), last_at_ms: record.at_ms(), ..campaign });
        }
        found.ok_or(FoldError::NoBeginning(id))
    }

    fn begun(
        id: CampaignId,
        planned_by: Actor,
        record: &Record,
        event: CampaignEvent,
    ) -> Result<Self, FoldError> {
        let CampaignEvent::CampaignPlanned { plan, key } = event else {
            return Err(FoldError::NoBeginning(id));
        };
        Ok(Campaign {
            id,
            head: None,
            last_at_ms: record.at_ms(),
            plan: *plan,
            plan_seq: record.seq(),
            planned_by,
            key,
            approved: None,
            sessions: Vec::new(),
            reported: Vec::new(),
            closed: None,
        })
    }

    fn after(mut self, actor: Actor, record: &Record, event: CampaignEvent) -> Self {
        let at_ms = record.at_ms();
        match event {
            CampaignEvent::CampaignPlanned { .. } => {}
            CampaignEvent::PlanChanged { plan } => {
                (self.plan, self.plan_seq, self.planned_by) = (*plan, record.seq(), actor);
                self.approved = None;
            }
            CampaignEvent::CampaignApproved { .. } => self.approved = Some((actor, at_ms)),
            CampaignEvent::SessionPlanned { session } => {
                self.sessions.push(Held { plan: session, cancelled: None });
            }
            CampaignEvent::SessionCancelled { number, why } => {
                for held in self.sessions.iter_mut().filter(|held| held.plan.number == number) {
                    held.cancelled = Some(why.clone());
                }
            }
            CampaignEvent::FigureReported { platform, figure, source } => {
                self.reported.push(Reported { platform, figure, source, at_ms });
            }
            CampaignEvent::CampaignClosed { lesson } => self.closed = Some((at_ms, lesson)),
        }
        self
    }

    /// Number.
    #[must_use]
    pub const fn id(&self) -> CampaignId {
        self.id
    }

    /// Last record of the stream.
    #[must_use]
    pub const fn head(&self) -> Option<StreamHead> {
        self.head
    }

    /// Time of the last record.
    #[must_use]
    pub const fn last_at_ms(&self) -> i64 {
        self.last_at_ms
    }

    /// A session that is held.
    #[must_use]
    pub fn session(&self, number: u32) -> Option<&SessionPlan> {
        self.sessions
            .iter()
            .find(|held| held.plan.number == number && held.cancelled.is_none())
            .map(|held| &held.plan)
    }

    /// Number of the next session.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        u32::try_from(self.sessions.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Key of where it stands: `planned`, `approved` or `closed`.
    #[must_use]
    pub fn stage(&self) -> &'static str {
        match (&self.closed, &self.approved) {
            (Some(_), _) => "closed",
            (None, Some(_)) => "approved",
            (None, None) => "planned",
        }
    }
}
