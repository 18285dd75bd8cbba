//! What came of a campaign: every figure with what it is a part of, and the effect with its interval or "not enough to tell". Nothing is kept:
//! the figures are computed from the log whenever they are looked at, so they can be checked by whoever has it.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_core::actor::StaffRole;
use mingbai_core::learn::campaign::{Arm, Arrived, Attendance, Campaign, CampaignId, Sitting};
use mingbai_evidence::Digest;
use mingbai_learn::attendance::{
    Arrival, Deed, Done, Figures, PersonKey, RETAINED_DAYS, Reported, Session, Way, count, reported,
};
use mingbai_learn::signal::{Judgement, Sorted, judge, skill};
use mingbai_learn::uplift::{self, Attrition, NoFigure, Person, Uplift, attrition, uplift};

use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;

/// What the teaching changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// On what people know (θ).
    pub knowledge: Result<Uplift, NoFigure>,
    /// Who was lost between the tests.
    pub attrition: [Attrition; 2],
    /// On telling real from fake: d′, criterion and what both together say; `None` where nobody sorted messages twice.
    pub skill: Option<(Uplift, Uplift, Judgement)>,
}

/// The figures of a campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignFigures {
    /// The campaign.
    pub campaign: Campaign,
    /// All sessions together.
    pub all: Figures,
    /// City by city; persons of two cities count in both, so cities do not add up.
    pub cities: Vec<(Option<String>, Figures)>,
    /// Session by session.
    pub sessions: Vec<(u32, Figures)>,
    /// What platforms say about themselves.
    pub reported: Option<Reported>,
    /// What the teaching changed.
    pub effect: Effect,
    /// Records of sessions that the rules would not have admitted.
    pub strange: u64,
    /// When the figures were computed, unix ms.
    pub at_ms: i64,
}

type Visits = Vec<(u32, Attendance)>;

impl Desk {
    /// The figures of a campaign.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless consultant, compliance or auditor; [`DeskError::NotFound`].
    pub async fn campaign_figures(
        &self,
        caller: &Caller,
        id: CampaignId,
    ) -> Result<CampaignFigures, DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor])?;
        let campaign = self.load_campaign(id).await?;
        let mut visits: Visits = Vec::new();
        for held in campaign.sessions.iter().filter(|held| held.cancelled.is_none()) {
            let number = held.plan.number;
            visits.push((number, self.load_attendance(id, number).await?));
        }
        let now_ms = self.now_ms();
        let figures = |wanted: &dyn Fn(u32) -> bool| counted(&campaign, &visits, now_ms, wanted);
        let mut cities: BTreeMap<Option<String>, BTreeSet<u32>> = BTreeMap::new();
        for (number, _) in &visits {
            let place = campaign.session(*number).and_then(|session| session.place);
            let city = place.and_then(|at| campaign.plan.places.get(at as usize)).map(|p| p.city.clone());
            cities.entry(city).or_default().insert(*number);
        }
        let said: Vec<u64> = campaign.reported.iter().map(|one| one.figure).collect();
        Ok(CampaignFigures {
            all: figures(&|_| true),
            cities: cities
                .into_iter()
                .map(|(city, numbers)| (city, figures(&|number| numbers.contains(&number))))
                .collect(),
            sessions: visits.iter().map(|(one, _)| (*one, figures(&|number| number == *one))).collect(),
            reported: reported(&said),
            effect: effect(&campaign, &visits),
            strange: visits.iter().map(|(_, here)| here.strange).sum(),
            at_ms: now_ms,
            campaign,
        })
    }
}

fn key(person: &Digest) -> PersonKey {
    PersonKey(*person.as_bytes())
}

fn counted(campaign: &Campaign, visits: &Visits, now_ms: i64, wanted: &dyn Fn(u32) -> bool) -> Figures {
    let (mut sessions, mut arrivals, mut done) = (Vec::new(), Vec::new(), Vec::new());
    let mut taught_last: BTreeMap<PersonKey, i64> = BTreeMap::new();
    for (number, here) in visits.iter().filter(|(number, _)| wanted(*number)) {
        let Some(plan) = campaign.session(*number) else { continue };
        sessions.push(Session { id: *number, scheduled: plan.expected });
        for (person, way) in &here.arrivals {
            let way = match way {
                Arrived::Code {} => Way::Code,
                Arrived::Late { .. } => Way::Late,
                Arrived::Paper { line } => Way::Paper { line: *line },
            };
            arrivals.push(Arrival { session: *number, person: person.as_ref().map(key), way });
            if let Some(person) = person {
                let last = taught_last.entry(key(person)).or_insert(plan.ends_at_ms);
                *last = (*last).max(plan.ends_at_ms);
            }
        }
        done.extend(here.completed.iter().map(|one| Done { person: key(one), deed: Deed::Completed }));
    }
    for test in visits.iter().filter(|(number, _)| wanted(*number)).flat_map(|(_, here)| &here.tests) {
        let person = key(&test.person);
        let deed = match test.sitting {
            Sitting::Before => Deed::TestedBefore,
            Sitting::After => Deed::TestedAfter,
            Sitting::Later => {
                let since = taught_last.get(&person).map_or(0, |last| test.at_ms - last);
                Deed::TestedLater { days: u32::try_from(since.div_euclid(DAY_MS)).unwrap_or(0) }
            }
        };
        done.push(Done { person, deed });
    }
    let waited = i64::from(*RETAINED_DAYS.start()) * DAY_MS;
    let due = taught_last.iter().filter(|(_, last)| now_ms - **last >= waited).map(|(p, _)| *p).collect();
    count(&sessions, &arrivals, &done, &due).0
}

/// Everybody with a key, in the session and group of her first arrival, with both values of an outcome.
fn people(
    campaign: &Campaign,
    visits: &Visits,
    outcome: &dyn Fn(&Digest, Sitting) -> Option<f64>,
) -> Vec<Person> {
    let mut first: BTreeMap<[u8; 32], (u32, Arm, Digest)> = BTreeMap::new();
    for (number, here) in visits {
        let Some(plan) = campaign.session(*number) else { continue };
        for person in here.arrivals.iter().filter_map(|(person, _)| *person) {
            first.entry(*person.as_bytes()).or_insert((*number, plan.arm, person));
        }
    }
    first
        .into_values()
        .map(|(cluster, arm, person)| Person {
            cluster,
            arm: if arm == Arm::Taught { uplift::Arm::Taught } else { uplift::Arm::Waiting },
            before: outcome(&person, Sitting::Before),
            after: outcome(&person, Sitting::After),
        })
        .collect()
}

fn effect(campaign: &Campaign, visits: &Visits) -> Effect {
    let mut thetas: BTreeMap<([u8; 32], Sitting), f64> = BTreeMap::new();
    let mut sorted: BTreeMap<([u8; 32], Sitting), (f64, f64)> = BTreeMap::new();
    for here in visits.iter().map(|(_, here)| here) {
        for test in &here.tests {
            // The first test of a sitting counts, wherever it was taken.
            let at = (*test.person.as_bytes(), test.sitting);
            thetas.entry(at).or_insert(test.mark.theta_milli as f64 / 1000.0);
        }
        for (person, sitting, [hits, fakes, false_alarms, reals]) in &here.sorted {
            let set = Sorted { hits: *hits, fakes: *fakes, false_alarms: *false_alarms, reals: *reals };
            if let Ok(skill) = skill(set) {
                let both = (skill.d_prime, skill.criterion);
                sorted.entry((*person.as_bytes(), *sitting)).or_insert(both);
            }
        }
    }
    let known =
        people(campaign, visits, &|person, sitting| thetas.get(&(*person.as_bytes(), sitting)).copied());
    let told = |pick: fn(&(f64, f64)) -> f64| {
        uplift(&people(campaign, visits, &|person, sitting| {
            sorted.get(&(*person.as_bytes(), sitting)).map(pick)
        }))
    };
    let skill = match (told(|both| both.0), told(|both| both.1)) {
        (Ok(d_prime), Ok(criterion)) => Some((d_prime, criterion, judge(&d_prime, &criterion))),
        _ => None,
    };
    Effect { knowledge: uplift(&known), attrition: attrition(&known), skill }
}
