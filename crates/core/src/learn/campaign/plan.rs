//! The plan of a campaign and of a session: what must be said beforehand, checked.

use mingbai_cost::{Fen, Words};
use serde::{Deserialize, Serialize};

use super::kinds::{Arm, FocusGroup, PartnerKind, Topic};
use crate::actor::Login;
use crate::text::both;

/// Longest name or place, in characters.
const SHORT: usize = 60;
/// The most places, partners, members of staff or materials of a plan.
const MANY: usize = 60;
/// Longest campaign: a year.
const LONGEST_MS: i64 = 366 * 86_400_000;
/// The most people that one session can expect.
const HALL: u32 = 100_000;

/// Where it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// City.
    pub city: String,
    /// Hall, village or branch.
    pub place: String,
}

/// With whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// What it is.
    pub kind: PartnerKind,
    /// Its name.
    pub name: String,
}

/// A hand-out, slide or poster. Only what passed review may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Title.
    pub title: String,
    /// Number of the review's opinion.
    pub review: String,
}

/// The plan of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Name.
    pub name: String,
    /// What it is about, in one sentence.
    pub theme: String,
    /// What is taught.
    pub topics: Vec<Topic>,
    /// For whom.
    pub groups: Vec<FocusGroup>,
    /// First moment, unix ms.
    pub from_ms: i64,
    /// Last moment, unix ms.
    pub to_ms: i64,
    /// Where; sessions name a place by its index.
    pub places: Vec<Place>,
    /// With whom; may be empty.
    pub partners: Vec<Partner>,
    /// Who of the staff works in it.
    pub roster: Vec<Login>,
    /// Money set aside.
    pub budget_fen: Fen,
    /// What is handed out and shown; may be empty.
    pub materials: Vec<Material>,
}

/// A plan that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPlan {
    /// Field of the form.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub words: Words,
}

fn bad(field: &'static str, zh: &str, en: &str) -> BadPlan {
    BadPlan { field, words: both(zh, en) }
}

fn short(text: &str, field: &'static str) -> Result<(), BadPlan> {
    let good = (1..=SHORT).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control);
    good.then_some(()).ok_or_else(|| bad(field, "请填写,1 到 60 字。", "Fill this in, 1 to 60 characters."))
}

impl Plan {
    /// Checks a plan.
    ///
    /// # Errors
    /// [`BadPlan`] names the first field that cannot be.
    pub fn check(&self) -> Result<(), BadPlan> {
        short(&self.name, "name")?;
        short(&self.theme, "theme")?;
        if self.topics.is_empty() {
            return Err(bad("topics", "请至少选一个主题。", "Choose at least one topic."));
        }
        if self.groups.is_empty() {
            return Err(bad("groups", "请至少选一类人群。", "Choose at least one group of people."));
        }
        if self.to_ms <= self.from_ms || self.to_ms - self.from_ms > LONGEST_MS {
            return Err(bad(
                "to",
                "结束日期不能早于开始日期,最长一年。",
                "The last day cannot be before the first; a campaign lasts a year at most.",
            ));
        }
        if self.places.is_empty() || self.places.len() > MANY {
            return Err(bad(
                "places",
                "请写 1 到 60 个地点,每行一个:城市,地点。",
                "Name 1 to 60 places, one a line: city, place.",
            ));
        }
        for place in &self.places {
            short(&place.city, "places").and_then(|()| short(&place.place, "places"))?;
        }
        for partner in &self.partners {
            short(&partner.name, "partners")?;
        }
        if self.roster.is_empty() || self.roster.len() > MANY {
            return Err(bad(
                "roster",
                "请写出参加的员工账号,每行一个。",
                "Name the staff who take part, one login a line.",
            ));
        }
        if self.budget_fen.is_negative() {
            return Err(bad("budget", "预算不能小于零。", "The budget cannot be below zero."));
        }
        for material in &self.materials {
            short(&material.title, "materials")?;
            short(&material.review, "materials").map_err(|_| {
                bad(
                    "materials",
                    "每份材料都要写审查意见编号:材料名称,编号。没有审查的材料不能用。",
                    "Every material needs the number of its review: title, number. What was not reviewed may not be used.",
                )
            })?;
        }
        match self.partners.len() <= MANY && self.materials.len() <= MANY {
            true => Ok(()),
            false => Err(bad("partners", "太多了,最多 60 个。", "Too many; 60 at most.")),
        }
    }
}

/// A session, planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPlan {
    /// Number within the campaign, from 1.
    pub number: u32,
    /// Index of its place; `None` for a live session.
    pub place: Option<u32>,
    /// Begin, unix ms.
    pub starts_at_ms: i64,
    /// End, unix ms.
    pub ends_at_ms: i64,
    /// People who are expected: registered, or seats.
    pub expected: u32,
    /// Who leads it.
    pub lead: Login,
    /// Taught, or the comparison.
    pub arm: Arm,
}

impl SessionPlan {
    /// Checks a session against its plan.
    ///
    /// # Errors
    /// [`BadPlan`].
    pub fn check(&self, plan: &Plan) -> Result<(), BadPlan> {
        if self.place.is_some_and(|place| plan.places.get(place as usize).is_none()) {
            return Err(bad("place", "请从计划的地点里选。", "Choose a place of the plan."));
        }
        let long = 86_400_000;
        if self.ends_at_ms <= self.starts_at_ms || self.ends_at_ms - self.starts_at_ms > long {
            return Err(bad(
                "ends",
                "结束时间要晚于开始时间,一场最长一天。",
                "The end must come after the begin; a session lasts a day at most.",
            ));
        }
        if self.starts_at_ms < plan.from_ms || self.ends_at_ms > plan.to_ms {
            return Err(bad(
                "starts",
                "时间要在计划的起止日期之内。",
                "The session must lie within the days of the plan.",
            ));
        }
        if !(1..=HALL).contains(&self.expected) {
            return Err(bad(
                "expected",
                "请写预计人数,1 到 100,000。",
                "Say how many people are expected, 1 to 100,000.",
            ));
        }
        match plan.roster.contains(&self.lead) {
            true => Ok(()),
            false => Err(bad(
                "lead",
                "主讲人要在计划的员工名单里。",
                "Who leads it must be on the plan's list of staff.",
            )),
        }
    }
}
