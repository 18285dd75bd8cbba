//! Planning a campaign, having it approved, adding sessions, ending it.

use std::collections::BTreeSet;

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::learn::campaign::{
    BadPlan, Campaign, CampaignEvent, CampaignId, Command, Plan, SessionPlan,
};
use mingbai_core::text::both;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::Salt;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Sheet, index};
use crate::borrow::write::REFOLDS;
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{LogError, Standing};

/// A plan as compliance writes it.
pub type PlanWish = Plan;
/// A session as compliance writes it; the number is given by the rules.
pub type SessionWish = SessionPlan;

const LABEL: &str = "campaign.key";
const KIND: &str = "campaign_named";

/// Who may look at campaigns.
const LOOKS: [StaffRole; 3] = [StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor];

/// A line of the list of campaigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Number.
    pub id: CampaignId,
    /// The campaign.
    pub campaign: Campaign,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    campaign: Uuid,
}

fn invalid(bad: BadPlan) -> DeskError {
    DeskError::invalid(bad.field, bad.words)
}

impl Desk {
    /// Every campaign, the newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless consultant, compliance or auditor.
    pub async fn campaigns(&self, caller: &Caller) -> Result<Vec<CampaignRow>, DeskError> {
        caller.needs(&LOOKS)?;
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for item in self.ports.log.read(&index()?).await?.iter().rev() {
            let Ok(named) = serde_json::from_value::<Named>(item.record.body().clone()) else { continue };
            let id = CampaignId::new(named.campaign);
            if !seen.insert(named.campaign) {
                continue;
            }
            match self.load_campaign(id).await {
                Ok(campaign) => found.push(CampaignRow { id, campaign }),
                // Its planning was cut off between the two records.
                Err(DeskError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// One campaign.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless consultant, compliance or auditor; [`DeskError::NotFound`].
    pub async fn campaign(&self, caller: &Caller, id: CampaignId) -> Result<Campaign, DeskError> {
        caller.needs(&LOOKS)?;
        self.load_campaign(id).await
    }

    /// Compliance plans a campaign.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for everybody else; [`DeskError::Invalid`] names the field.
    pub async fn plan_campaign(&self, caller: &Caller, plan: PlanWish) -> Result<CampaignId, DeskError> {
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        plan.check().map_err(invalid)?;
        self.known_staff(&plan.roster).await?;
        let now_ms = self.now_ms();
        let id = CampaignId::new(self.new_id(now_ms));
        self.name_campaign(&caller.actor(), id).await?;
        let secret: [u8; 32] = self.random();
        let sealed = self.ports.vault.seal(id.uuid(), LABEL, &secret, Salt::new(self.random())).await?;
        let key = SealedRef { sealed, label: LABEL.to_owned() };
        let event = CampaignEvent::CampaignPlanned { plan: Box::new(plan), key };
        let actor = caller.actor();
        let sheet = Sheet { stream: id.stream(), head: None, last_at_ms: now_ms, actor: &actor };
        self.put(sheet, vec![event.to_parts()]).await?;
        Ok(id)
    }

    /// Whoever is on the list must be a member of staff with an open account.
    async fn known_staff(&self, roster: &[Login]) -> Result<(), DeskError> {
        for login in roster {
            let account = self.ports.accounts.account(login).await?;
            if account.is_none_or(|account| account.standing != Standing::Active) {
                return Err(DeskError::invalid(
                    "roster",
                    both(
                        format!("没有账号“{login}”,或已停用。请核对员工名单。"),
                        format!("There is no open account {login}; check the list of staff."),
                    ),
                ));
            }
        }
        Ok(())
    }

    async fn name_campaign(&self, actor: &Actor, id: CampaignId) -> Result<(), DeskError> {
        let body = serde_json::to_value(Named { campaign: id.uuid() })
            .map_err(|error| DeskError::Fault(error.to_string()))?;
        for _ in 0..=REFOLDS {
            let logged = self.ports.log.read(&index()?).await?;
            let last = logged.last().map(|item| &item.record);
            let sheet = Sheet {
                stream: index()?,
                head: last.map(mingbai_evidence::Record::head),
                last_at_ms: last.map_or(i64::MIN, mingbai_evidence::Record::at_ms),
                actor,
            };
            match self.put(sheet, vec![(KIND.to_owned(), body.clone())]).await {
                Err(DeskError::Log(LogError::Conflict { .. })) => {}
                done => return done,
            }
        }
        Err(super::busy())
    }

    /// Compliance works on a campaign.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for other roles; [`DeskError::Refused`] with why and what next; [`DeskError::NotFound`];
    /// [`DeskError::Invalid`] names a field of a plan or session.
    pub async fn act_on_campaign(
        &self,
        caller: &Caller,
        id: CampaignId,
        command: Command,
    ) -> Result<Campaign, DeskError> {
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        let actor = caller.actor();
        for _ in 0..=REFOLDS {
            let campaign = self.load_campaign(id).await?;
            match &command {
                Command::Change(plan) => {
                    plan.check().map_err(invalid)?;
                    self.known_staff(&plan.roster).await?;
                }
                Command::AddSession(session) if campaign.approved.is_some() => {
                    session.check(&campaign.plan).map_err(invalid)?;
                }
                _ => {}
            }
            let last_at_ms = campaign.last_at_ms();
            let event = campaign.decide(&actor, command.clone(), self.now_ms().max(last_at_ms))?;
            let sheet = Sheet { stream: id.stream(), head: campaign.head(), last_at_ms, actor: &actor };
            match self.put(sheet, vec![event.to_parts()]).await {
                Err(DeskError::Log(LogError::Conflict { .. })) => {}
                Err(error) => return Err(error),
                Ok(()) => return self.load_campaign(id).await,
            }
        }
        Err(DeskError::Busy(both(
            "有人同时在修改这项活动,请再试一次。",
            "Somebody else is working on this campaign; try again.",
        )))
    }
}
