//! One campaign: its plan, its sessions, and what compliance does to it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::core::learn::campaign::{Arm, Campaign, CampaignId, Command, Held, SessionPlan};

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::super::say;
use super::{at, list, named, typed_moment};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};
use crate::when;

const ACTS: [&str; 5] = ["approve", "session", "cancel", "report", "close"];

struct Row {
    number: u32,
    address: String,
    place: String,
    when: String,
    expected: String,
    lead: String,
    arm: String,
    cancelled: Option<String>,
}

struct Choice {
    key: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/campaign.html")]
struct OnePage {
    f: Frame,
    n: Nav,
    form: FormState,
    here: String,
    state: (&'static str, String),
    facts: Vec<(String, String)>,
    plan_seq: u64,
    rows: Vec<Row>,
    reported: Vec<(String, String, String)>,
    places: Vec<Choice>,
    leads: Vec<Choice>,
    arms: Vec<Choice>,
    /// Whose move it is: approve, or work on it.
    approves: bool,
    works: bool,
    changes: bool,
}

pub(super) fn place_of(f: &Frame, campaign: &Campaign, session: &SessionPlan) -> String {
    let place = session.place.and_then(|at| campaign.plan.places.get(at as usize));
    place.map_or_else(|| f.t("campaign-live"), |place| f.ab("staff-stamp", &place.city, &place.place))
}

fn row(f: &Frame, campaign: &Campaign, held: &Held) -> Row {
    let plan = &held.plan;
    Row {
        number: plan.number,
        address: format!("{}/{}", at(campaign.id()), plan.number),
        place: place_of(f, campaign, plan),
        when: f.ab("campaign-days", when::exact(plan.starts_at_ms), when::exact(plan.ends_at_ms)),
        expected: grouped(u64::from(plan.expected)),
        lead: plan.lead.to_string(),
        arm: f.w(plan.arm.name()),
        cancelled: held.cancelled.clone(),
    }
}

/// A count with its digits in groups of three.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn facts(f: &Frame, campaign: &Campaign) -> Vec<(String, String)> {
    let plan = &campaign.plan;
    let comma = f.t("campaign-comma");
    let named = |all: Vec<String>| if all.is_empty() { f.t("staff-none") } else { all.join(&comma) };
    let mut facts = vec![
        (f.t("campaign-theme"), plan.theme.clone()),
        (f.t("campaign-topics"), named(plan.topics.iter().map(|one| f.w(one.name())).collect())),
        (f.t("campaign-groups"), named(plan.groups.iter().map(|one| f.w(one.name())).collect())),
        (
            f.t("campaign-when"),
            f.ab("campaign-days", when::day(plan.from_ms, f.lang()), when::day(plan.to_ms - 1, f.lang())),
        ),
        (
            f.t("campaign-places"),
            named(plan.places.iter().map(|p| f.ab("staff-stamp", &p.city, &p.place)).collect()),
        ),
        (
            f.t("campaign-partners"),
            named(plan.partners.iter().map(|p| f.ab("staff-stamp", f.w(p.kind.name()), &p.name)).collect()),
        ),
        (f.t("campaign-roster"), named(plan.roster.iter().map(Login::to_string).collect())),
        (f.t("campaign-budget"), f.yuan(&plan.budget_fen)),
        (
            f.t("campaign-materials"),
            named(plan.materials.iter().map(|m| f.ab("staff-stamp", &m.title, &m.review)).collect()),
        ),
        (f.t("campaign-planned-by"), say::actor(f, &campaign.planned_by)),
    ];
    if let Some((by, at_ms)) = &campaign.approved {
        facts.push((f.t("campaign-approved-by"), say::stamp(f, by, *at_ms)));
    }
    if let Some((at_ms, lesson)) = &campaign.closed {
        facts.push((f.t("campaign-lesson"), f.ab("staff-stamp", when::exact(*at_ms), lesson)));
    }
    facts
}

async fn page(staff: &Staff, id: CampaignId, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let campaign = staff.visit.site.desk.campaign(&staff.caller, id).await?;
    let f = staff.titled(campaign.plan.name.clone());
    let compliance = staff.is(StaffRole::Compliance);
    let stage = campaign.stage();
    let choice =
        |name: &str, key: String, label: String| Choice { chosen: form.chose(name, &key), key, label };
    let places = campaign.plan.places.iter().enumerate();
    let mut places: Vec<Choice> = places
        .map(|(at, p)| choice("place", at.to_string(), f.ab("staff-stamp", &p.city, &p.place)))
        .collect();
    places.push(choice("place", "live".to_owned(), f.t("campaign-live")));
    let page = OnePage {
        n: Nav::new(staff, &f, Place::Campaigns),
        here: at(id),
        state: list::state(&f, stage),
        facts: facts(&f, &campaign),
        plan_seq: campaign.plan_seq,
        rows: campaign.sessions.iter().map(|held| row(&f, &campaign, held)).collect(),
        reported: campaign
            .reported
            .iter()
            .map(|one| (one.platform.clone(), grouped(one.figure), one.source.clone()))
            .collect(),
        places,
        leads: campaign
            .plan
            .roster
            .iter()
            .map(|login| choice("lead", login.to_string(), login.to_string()))
            .collect(),
        arms: Arm::ALL.iter().map(|arm| choice("arm", arm.key().to_owned(), f.w(arm.name()))).collect(),
        approves: compliance && stage == "planned" && campaign.planned_by != staff.caller.actor(),
        works: compliance && stage == "approved",
        changes: compliance && stage != "closed",
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/campaigns/{id}`.
pub(super) async fn show(Path(id): Path<String>, staff: Staff) -> Result<Response, Fail> {
    page(&staff, named(&id)?, FormState::empty(), StatusCode::OK).await
}

/// `POST /staff/campaigns/{id}/do/{act}`.
pub(super) async fn act(Path((id, act)): Path<(String, String)>, wish: StaffMove) -> Result<Response, Fail> {
    let (id, staff) = (named(&id)?, &wish.staff);
    let which = ACTS.into_iter().find(|one| *one == act).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let command = match read(which, &wish.fields) {
        Ok(command) => command,
        Err((field, key)) => {
            let mut form = FormState::typed(wish.fields.clone());
            form.mark(field, staff.visit.say(key));
            return page(staff, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match staff.visit.site.desk.act_on_campaign(&staff.caller, id, command).await {
        Ok(_) => Ok(see_other(&at(id))),
        Err(error) => {
            let Back { status, form } = back::form(&staff.titled(""), &wish.fields, which, error)?;
            page(staff, id, form, status).await
        }
    }
}

fn read(act: &'static str, fields: &Fields) -> Result<Command, (&'static str, &'static str)> {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let whole = |name: &'static str, key| {
        let plain: String =
            fields.get(name).chars().filter(|c| !matches!(c, ',' | ' ' | '\u{ff0c}')).collect();
        plain.parse::<u64>().map_err(|_| (name, key))
    };
    Ok(match act {
        "approve" => {
            Command::Approve { plan: fields.get("plan").parse().map_err(|_| ("approve", "choose-one"))? }
        }
        "session" => {
            let place = match fields.get("place") {
                "live" => None,
                at => Some(at.parse().map_err(|_| ("place", "choose-one"))?),
            };
            let expected = whole("expected", "campaign-expected-wrong")?;
            Command::AddSession(SessionPlan {
                number: 0,
                place,
                starts_at_ms: typed_moment(fields.get("starts"))
                    .ok_or(("starts", "campaign-moment-wrong"))?,
                ends_at_ms: typed_moment(fields.get("ends")).ok_or(("ends", "campaign-moment-wrong"))?,
                expected: u32::try_from(expected).map_err(|_| ("expected", "campaign-expected-wrong"))?,
                lead: Login::new(text("lead")).map_err(|_| ("lead", "choose-one"))?,
                arm: Arm::from_key(fields.get("arm")).ok_or(("arm", "choose-one"))?,
            })
        }
        "cancel" => Command::Cancel {
            number: fields.get("number").parse().map_err(|_| ("cancel", "choose-one"))?,
            why: text("why"),
        },
        "report" => Command::Report {
            platform: text("platform"),
            figure: whole("figure", "campaign-figure-wrong")?,
            source: text("source"),
        },
        _ => Command::Close { lesson: text("lesson") },
    })
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn counts_are_grouped() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), text);
        }
    }
}
