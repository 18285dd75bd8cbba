//! The form of a plan: a new one, or one that is changed and has to be approved again.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::numerals::parse_amount;
use mingbai_desk::core::learn::campaign::{
    CampaignId, Command, FocusGroup, Material, Partner, PartnerKind, Place as Where, Plan, Topic,
};
use mingbai_desk::core::text::Tell as _;

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::{at, lines, logins, named, typed_day};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// A box to tick.
struct Tick {
    name: String,
    label: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "staff/campaign_plan.html")]
struct PlanPage {
    f: Frame,
    n: Nav,
    form: FormState,
    here: String,
    topics: Vec<Tick>,
    groups: Vec<Tick>,
    kinds: String,
}

fn page(
    staff: &Staff,
    form: FormState,
    status: StatusCode,
    changed: Option<CampaignId>,
) -> Result<Response, Fail> {
    if !staff.is(StaffRole::Compliance) {
        return Err(Fail::of(Kind::Forbidden));
    }
    let f = staff.frame(if changed.is_some() { "campaign-change-title" } else { "campaign-new-title" });
    let kinds: Vec<String> = PartnerKind::ALL.iter().map(|kind| f.w(kind.name())).collect();
    let tick = |name: String, label: String| Tick { on: form.chose(&name, "yes"), name, label };
    let page = PlanPage {
        n: Nav::new(staff, &f, Place::Campaigns),
        here: changed.map_or_else(|| "/staff/campaigns/new".to_owned(), |id| format!("{}/change", at(id))),
        topics: Topic::ALL.iter().map(|one| tick(format!("topic-{}", one.key()), f.w(one.name()))).collect(),
        groups: FocusGroup::ALL
            .iter()
            .map(|one| tick(format!("group-{}", one.key()), f.w(one.name())))
            .collect(),
        kinds: kinds.join(&f.t("campaign-comma")),
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/campaigns/new`.
pub(super) async fn ask(staff: Staff) -> Result<Response, Fail> {
    page(&staff, FormState::empty(), StatusCode::OK, None)
}

/// `GET /staff/campaigns/{id}/change`: the form filled with the plan in force.
pub(super) async fn ask_change(Path(id): Path<String>, staff: Staff) -> Result<Response, Fail> {
    let id = named(&id)?;
    let plan = staff.visit.site.desk.campaign(&staff.caller, id).await?.plan;
    let f = staff.titled("");
    let fields = Fields::of(filled(&f, &plan)).unwrap_or_default();
    page(&staff, FormState::typed(fields), StatusCode::OK, Some(id))
}

fn filled(f: &Frame, plan: &Plan) -> Vec<(String, String)> {
    let rows = |all: Vec<String>| all.join("\n");
    let budget = plan.budget_fen.get();
    let mut pairs = vec![
        ("name", plan.name.clone()),
        ("theme", plan.theme.clone()),
        ("from", when::today(plan.from_ms).to_string()),
        ("to", when::today(plan.to_ms - 1).to_string()),
        ("places", rows(plan.places.iter().map(|p| format!("{},{}", p.city, p.place)).collect())),
        (
            "partners",
            rows(plan.partners.iter().map(|p| format!("{},{}", f.w(p.kind.name()), p.name)).collect()),
        ),
        ("roster", rows(plan.roster.iter().map(ToString::to_string).collect())),
        ("budget", format!("{}.{:02}", budget / 100, budget % 100)),
        ("materials", rows(plan.materials.iter().map(|m| format!("{},{}", m.title, m.review)).collect())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect::<Vec<_>>();
    pairs.extend(plan.topics.iter().map(|one| (format!("topic-{}", one.key()), "yes".to_owned())));
    pairs.extend(plan.groups.iter().map(|one| (format!("group-{}", one.key()), "yes".to_owned())));
    pairs
}

/// What was typed, as a plan; what cannot be read is marked at its field.
fn read(staff: &Staff, fields: &Fields) -> Result<Plan, FormState> {
    let mut form = FormState::typed(fields.clone());
    let text = |name: &str| fields.get(name).trim().to_owned();
    let say = |key: &str| staff.visit.say(key);
    let days = (typed_day(fields.get("from")), typed_day(fields.get("to")));
    if days.0.is_none() {
        form.mark("from", say("campaign-day-wrong"));
    }
    if days.1.is_none() {
        form.mark("to", say("campaign-day-wrong"));
    }
    let pair = |parts: &Vec<String>| Some((parts.first()?.clone(), parts.get(1)?.clone()));
    let pairs = |name: &str| lines(fields.get(name)).iter().map(pair).collect::<Option<Vec<_>>>();
    let places = pairs("places");
    let partners = pairs("partners").and_then(|all| {
        all.into_iter()
            .map(|(kind, name)| Some(Partner { kind: kind_of(&kind)?, name }))
            .collect::<Option<Vec<_>>>()
    });
    let materials = pairs("materials");
    let roster = logins(fields.get("roster"));
    for (field, wrong, key) in [
        ("places", places.is_none(), "campaign-places-wrong"),
        ("partners", partners.is_none(), "campaign-partners-wrong"),
        ("materials", materials.is_none(), "campaign-materials-wrong"),
        ("roster", roster.is_none(), "campaign-roster-wrong"),
    ] {
        if wrong {
            form.mark(field, say(key));
        }
    }
    let budget = parse_amount(&text("budget"));
    if let Err(error) = &budget {
        form.mark("budget", error.tell(staff.visit.look.lang));
    }
    let (Some(from), Some(to), Some(places), Some(partners), Some(materials), Some(roster), Ok(budget_fen)) =
        (days.0, days.1, places, partners, materials, roster, budget)
    else {
        return Err(form);
    };
    Ok(Plan {
        name: text("name"),
        theme: text("theme"),
        topics: Topic::ALL
            .iter()
            .copied()
            .filter(|one| fields.get(&format!("topic-{}", one.key())) == "yes")
            .collect(),
        groups: FocusGroup::ALL
            .iter()
            .copied()
            .filter(|one| fields.get(&format!("group-{}", one.key())) == "yes")
            .collect(),
        from_ms: from.0,
        to_ms: to.1,
        places: places.into_iter().map(|(city, place)| Where { city, place }).collect(),
        partners,
        roster,
        budget_fen,
        materials: materials.into_iter().map(|(title, review)| Material { title, review }).collect(),
    })
}

/// A kind of partner by its key or by its name in either language.
fn kind_of(text: &str) -> Option<PartnerKind> {
    let same = |kind: &PartnerKind| {
        let name = kind.name();
        kind.key() == text || name.zh == text || name.en == text
    };
    PartnerKind::ALL.iter().copied().find(same)
}

/// `POST /staff/campaigns/new`.
pub(super) async fn plan(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let plan = match read(staff, &wish.fields) {
        Ok(plan) => plan,
        Err(form) => return page(staff, form, StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    match staff.visit.site.desk.plan_campaign(&staff.caller, plan).await {
        Ok(id) => Ok(see_other(&at(id))),
        Err(error) => {
            let Back { status, form } = back::form(&staff.titled(""), &wish.fields, "name", error)?;
            page(staff, form, status, None)
        }
    }
}

/// `POST /staff/campaigns/{id}/change`.
pub(super) async fn change(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let (id, staff) = (named(&id)?, &wish.staff);
    let plan = match read(staff, &wish.fields) {
        Ok(plan) => plan,
        Err(form) => return page(staff, form, StatusCode::UNPROCESSABLE_ENTITY, Some(id)),
    };
    let command = Command::Change(Box::new(plan));
    match staff.visit.site.desk.act_on_campaign(&staff.caller, id, command).await {
        Ok(_) => Ok(see_other(&at(id))),
        Err(error) => {
            let Back { status, form } = back::form(&staff.titled(""), &wish.fields, "name", error)?;
            page(staff, form, status, Some(id))
        }
    }
}
