//! The list: journeys with what is missing before disbursement in the first column.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::borrow::ListRequest;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::state::Stage;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::Lang;
use mingbai_desk::ports::{JourneyRow, stage_from_key, stage_key};
use serde::Deserialize;

use super::nav::{Nav, Place};
use super::{at, say};
use crate::door::{Fail, Staff};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// Rows on one page.
const ROWS: u32 = 50;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    before: String,
}

/// What a row's first column says.
struct Missing {
    /// Class of its mark.
    state: &'static str,
    text: String,
    names: String,
}

struct Row {
    missing: Missing,
    address: String,
    reference: String,
    external_ref: String,
    product: String,
    principal: String,
    stage: String,
    /// Things to look at, each in words.
    alarms: Vec<String>,
    branch: String,
    updated: String,
}

/// One choice of the stage.
struct Choice {
    key: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/list.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    form: FormState,
    stages: Vec<Choice>,
    rows: Vec<Row>,
    next: Option<String>,
    may_open: bool,
}

/// `GET /staff`.
pub(super) async fn list(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    if staff.is(StaffRole::Admin) {
        return Ok(see_other("/staff/accounts"));
    }
    let desk = &staff.visit.site.desk;
    let mut form = FormState::empty();
    let mut status = StatusCode::OK;
    if !asked.q.trim().is_empty() {
        match desk.find_journey(&staff.caller, &asked.q).await {
            Ok(id) => return Ok(see_other(&at(id, ""))),
            Err(error @ DeskError::NotFound(_)) => {
                let typed = Fields::of(vec![("q".to_owned(), asked.q.clone())]).unwrap_or_default();
                form = FormState::typed(typed);
                form.mark("q", error.tell(staff.visit.look.lang));
                status = StatusCode::NOT_FOUND;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let f = staff.frame("staff-list-title");
    let stage = stage_from_key(&asked.stage);
    let request = ListRequest { stage, before_ms: asked.before.parse().ok(), limit: ROWS };
    let rows = desk.list(&staff.caller, request).await?;
    let full = u32::try_from(rows.len()).is_ok_and(|count| count >= ROWS);
    let next = rows.last().filter(|_| full).map(|last| {
        let stage = stage.map(|stage| format!("stage={}&", stage_key(stage))).unwrap_or_default();
        format!("/staff?{stage}before={}", last.updated_at_ms)
    });
    let page = ListPage {
        n: Nav::new(&staff, &f, Place::Journeys),
        form,
        stages: stages(&f, stage),
        rows: rows.iter().map(|row| shown(&f, row)).collect(),
        next,
        may_open: staff.is(StaffRole::Consultant),
        f,
    };
    show_as(status, &page)
}

fn stages(f: &Frame, chosen: Option<Stage>) -> Vec<Choice> {
    let choice = |stage: Stage| Choice {
        key: stage_key(stage),
        label: say::stage(f, stage),
        chosen: chosen == Some(stage),
    };
    [Stage::Ceremony, Stage::PaidOut, Stage::Declined, Stage::Closed].map(choice).into()
}

fn shown(f: &Frame, row: &JourneyRow) -> Row {
    let alarm = |count: u32, key: &str| (count > 0).then(|| f.t1(key, "count", count));
    let alarms = [
        alarm(row.violations_open, "staff-list-violations"),
        alarm(row.remedies_open, "staff-list-remedies"),
        alarm(row.denied, "staff-list-denied"),
    ];
    Row {
        missing: missing(f, row),
        address: at(row.journey, ""),
        reference: row.journey.reference(),
        external_ref: row.external_ref.clone(),
        product: f.ab("staff-product-version", &row.product_id, &row.product_version),
        principal: row.principal_fen.map_or_else(|| "—".to_owned(), |amount| f.yuan(&amount)),
        stage: say::stage_by_key(f, &row.stage),
        alarms: alarms.into_iter().flatten().collect(),
        branch: row.branch.clone().unwrap_or_else(|| "—".to_owned()),
        updated: when::exact(row.updated_at_ms),
    }
}

fn missing(f: &Frame, row: &JourneyRow) -> Missing {
    let plain = |state, key: &str| Missing { state, text: f.t(key), names: String::new() };
    match (stage_from_key(&row.stage), row.missing.len()) {
        (Some(Stage::Ceremony | Stage::Unopened) | None, 0) => plain("done", "staff-list-complete"),
        (Some(Stage::PaidOut | Stage::Closed), _) => plain("", "staff-list-paid"),
        (Some(Stage::Declined), _) => plain("", "staff-list-declined"),
        (_, count) => Missing {
            state: "todo",
            text: f.t1("staff-list-missing", "count", count),
            names: names(f, &row.missing),
        },
    }
}

fn names(f: &Frame, keys: &[String]) -> String {
    let duty = |key: &String| Duty::BEFORE_PAYOUT.into_iter().find(|duty| duty.key() == key);
    // A key that is not known is shown as it stands rather than left out.
    let name = |key: &String| duty(key).map_or_else(|| key.clone(), |duty| f.w(duty.name()));
    let names: Vec<String> = keys.iter().map(name).collect();
    names.join(match f.lang() {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}
