//! The list of campaigns, the newest first.

use askama::Template;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;

use super::super::nav::{Nav, Place};
use super::at;
use crate::door::{Fail, Staff};
use crate::page::{Frame, show};
use crate::when;

struct Row {
    address: String,
    name: String,
    state: (&'static str, String),
    days: String,
    cities: String,
    sessions: usize,
}

#[derive(Template)]
#[template(path = "staff/campaigns.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
    may: bool,
}

/// The mark of a stage: class and words.
pub(super) fn state(f: &Frame, stage: &str) -> (&'static str, String) {
    match stage {
        "approved" => ("done", format!("✓ {}", f.t("campaign-stage-approved"))),
        "closed" => ("", f.t("campaign-stage-closed")),
        _ => ("todo", format!("○ {}", f.t("campaign-stage-planned"))),
    }
}

/// `GET /staff/campaigns`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    let found = staff.visit.site.desk.campaigns(&staff.caller).await?;
    let f = staff.frame("campaigns-title");
    let row = |one: &mingbai_desk::learn::CampaignRow| {
        let plan = &one.campaign.plan;
        let mut cities: Vec<&str> = plan.places.iter().map(|place| place.city.as_str()).collect();
        cities.dedup();
        Row {
            address: at(one.id),
            name: plan.name.clone(),
            state: state(&f, one.campaign.stage()),
            days: f.ab(
                "campaign-days",
                when::day(plan.from_ms, f.lang()),
                when::day(plan.to_ms - 1, f.lang()),
            ),
            cities: cities.join(&f.t("campaign-comma")),
            sessions: one.campaign.sessions.iter().filter(|held| held.cancelled.is_none()).count(),
        }
    };
    let rows = found.iter().map(row).collect();
    let page =
        ListPage { n: Nav::new(&staff, &f, Place::Campaigns), rows, may: staff.is(StaffRole::Compliance), f };
    show(&page)
}
