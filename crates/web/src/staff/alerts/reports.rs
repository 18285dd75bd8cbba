//! Reports about scams: the list, and one of them opened for compliance and audit.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::trust::scam_report::{Handling, ScamReport, ScamReportId};
use mingbai_desk::trust::report_reference;
use uuid::Uuid;

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::super::say;
use super::Choice;
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, see_other, show, show_as};
use crate::trust::family;
use crate::when;

struct Row {
    address: String,
    reference: String,
    at: String,
    families: String,
    harm: String,
    standing: String,
    /// Class of its state.
    state: &'static str,
    until: String,
}

#[derive(Template)]
#[template(path = "staff/reports.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
}

fn named(id: &str) -> Result<ScamReportId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    let id = full.and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| Fail::of(Kind::NotFound))?;
    Ok(ScamReportId::new(id))
}

fn at(id: ScamReportId) -> String {
    format!("/staff/reports/{id}")
}

fn families(f: &Frame, report: &ScamReport) -> String {
    let names: Vec<String> =
        report.reported.families.iter().filter_map(|key| family(key, f.lang())).collect();
    if names.is_empty() { f.t("report-no-family") } else { names.join(" · ") }
}

fn row(f: &Frame, report: &ScamReport) -> Row {
    Row {
        address: at(report.id),
        reference: report_reference(report.id),
        at: when::exact(report.at_ms),
        families: families(f, report),
        harm: f.w(report.reported.harm.name()),
        standing: f.w(report.standing()),
        state: match (report.erased, report.handled.is_empty()) {
            (Some(_), _) => "",
            (None, true) => "todo",
            (None, false) => "done",
        },
        until: when::day(report.reported.keep_until_ms, f.lang()),
    }
}

/// `GET /staff/reports`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    let reports = staff.visit.site.desk.scam_reports(&staff.caller).await?;
    let f = staff.frame("staff-reports-title");
    let rows = reports.iter().map(|report| row(&f, report)).collect();
    show(&ListPage { n: Nav::new(&staff, &f, Place::Alerts), rows, f })
}

struct Note {
    by: String,
    how: String,
    text: String,
}

#[derive(Template)]
#[template(path = "staff/report.html")]
struct OnePage {
    f: Frame,
    n: Nav,
    form: FormState,
    here: String,
    row: Row,
    message: Vec<String>,
    facts: Vec<String>,
    contact: String,
    notes: Vec<Note>,
    ways: Vec<Choice>,
    may: bool,
}

fn lines(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

async fn page(
    staff: &Staff,
    id: ScamReportId,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Fail> {
    let file = staff.visit.site.desk.scam_report(&staff.caller, id).await?;
    let f = staff.frame("staff-report-title");
    let notes = file.report.handled.iter().zip(&file.notes).map(|(handled, text)| Note {
        by: say::stamp(&f, &handled.by, handled.at_ms),
        how: f.w(handled.how.name()),
        text: text.clone().unwrap_or_else(|| f.t("staff-head-forgotten")),
    });
    let page = OnePage {
        n: Nav::new(staff, &f, Place::Alerts),
        here: at(id),
        row: row(&f, &file.report),
        message: lines(file.message.as_deref()),
        facts: lines(file.facts.as_deref()),
        contact: file.contact.unwrap_or_else(|| f.t("staff-complaint-not-given")),
        notes: notes.collect(),
        ways: Handling::ALL
            .iter()
            .map(|one| Choice {
                key: one.key().to_owned(),
                label: f.w(one.name()),
                chosen: form.chose("how", one.key()),
            })
            .collect(),
        may: staff.is(StaffRole::Compliance) && file.report.erased.is_none(),
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/reports/{id}`.
pub(super) async fn one(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&staff, named(&id)?, FormState::empty(), StatusCode::OK).await
}

/// `POST /staff/reports/{id}/handle`.
pub(super) async fn handle(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let Some(how) = Handling::from_key(wish.fields.get("how")) else {
        let mut form = FormState::typed(wish.fields.clone());
        form.mark("how", wish.staff.visit.say("choose-one"));
        return page(&wish.staff, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let desk = &wish.staff.visit.site.desk;
    let done = desk.handle_report(&wish.staff.caller, id, (how, wish.fields.get("note"))).await;
    ended(&wish, id, "note", done).await
}

/// `POST /staff/reports/{id}/erase`: she took her consent back.
pub(super) async fn erase(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    if wish.fields.get("sure") != "yes" {
        let mut form = FormState::typed(wish.fields.clone());
        form.mark("sure", wish.staff.visit.say("staff-report-sure"));
        return page(&wish.staff, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let done = wish.staff.visit.site.desk.erase_report(&wish.staff.caller, id).await;
    ended(&wish, id, "sure", done).await
}

async fn ended(
    wish: &StaffMove,
    id: ScamReportId,
    field: &str,
    done: Result<(), mingbai_desk::DeskError>,
) -> Result<Response, Fail> {
    match done {
        Ok(()) => Ok(see_other(&at(id))),
        Err(error) => {
            let Back { status, form } = back::form(&wish.staff.titled(""), &wish.fields, field, error)?;
            page(&wish.staff, id, form, status).await
        }
    }
}
