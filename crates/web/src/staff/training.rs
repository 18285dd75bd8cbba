//! Who is trained to lead a recording, and until when. Compliance puts it on record; a consultant sees her own on the page of a recording.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use mingbai_desk::Desk;
use mingbai_desk::certificate::{Taken, Trained};
use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::ports::Account;

use super::back::{self, Back};
use super::course::attempt;
use super::nav::{Nav, Place};
use crate::door::{Fail, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};
use crate::when;

struct Row {
    login: String,
    name: String,
    branch: String,
    /// Class and words.
    state: (&'static str, String),
    until: String,
    training: String,
    by: String,
    /// The last attempt at the course: when and what came of it.
    course: Option<(String, String)>,
    /// What a certificate on the course would say; only after a passed one of today's course.
    grant: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/training.html")]
struct TrainingPage {
    f: Frame,
    n: Nav,
    form: FormState,
    rows: Vec<Row>,
    may: bool,
    /// The last day of a certificate that is granted now, for a year.
    in_a_year: String,
}

fn row(f: &Frame, desk: &Desk, account: &Account, trained: Option<&Trained>, taken: &[Taken]) -> Row {
    let now_ms = desk.now_ms();
    let edition = desk.course_edition();
    let passed = taken.iter().rev().find(|one| one.is_passed() && one.edition == edition);
    let valid = trained.is_some_and(|one| now_ms < one.certificate.valid_until_ms);
    let state = match (trained, valid) {
        (Some(_), true) => ("done", format!("✓ {}", f.t("record-training-valid"))),
        (Some(_), false) => ("bad", format!("✗ {}", f.t("record-training-over"))),
        (None, _) => ("todo", format!("○ {}", f.t("record-training-none"))),
    };
    Row {
        login: account.login.to_string(),
        name: account.display_name.clone(),
        branch: account.branch.clone().unwrap_or_else(|| "—".to_owned()),
        state,
        until: trained.map(|one| when::exact(one.certificate.valid_until_ms)).unwrap_or_default(),
        training: trained.map(|one| one.training.clone()).unwrap_or_default(),
        course: taken.last().map(|last| {
            let old = if last.edition == edition { String::new() } else { f.t("course-old") };
            (when::exact(last.at_ms), format!("{} {old}", attempt(f, last)).trim_end().to_owned())
        }),
        grant: passed.map(|one| {
            let figures = f.ab("course-right", one.right, one.of);
            f.two("course-grant-what", ("edition", &one.edition), ("figures", &figures))
        }),
        by: trained.map(|one| f.ab("staff-stamp", when::exact(one.at_ms), &one.by)).unwrap_or_default(),
    }
}

async fn page(staff: &Staff, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = staff.frame("record-training-title");
    let desk = &staff.visit.site.desk;
    let known = desk.certificates(&staff.caller).await?;
    let mut rows = Vec::new();
    for (account, trained) in &known {
        let taken = desk.course_attempts(&staff.caller, &account.login).await?;
        rows.push(row(&f, desk, account, trained.as_ref(), &taken));
    }
    let page = TrainingPage {
        n: Nav::new(staff, &f, Place::Training),
        form,
        in_a_year: day_in_a_year(desk.now_ms()),
        rows,
        may: staff.is(StaffRole::Compliance),
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/training`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    page(&staff, FormState::empty(), StatusCode::OK).await
}

/// The same day a year later, in China.
fn day_in_a_year(now_ms: i64) -> String {
    let offset = jiff::tz::Offset::constant(8);
    let now = jiff::Timestamp::from_millisecond(now_ms).ok().map(|at| offset.to_datetime(at).date());
    let day = now.and_then(|day| day.checked_add(jiff::Span::new().years(1)).ok());
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The end of a day in China.
fn end_of(day: &str) -> Option<i64> {
    let day: Date = day.trim().parse().ok()?;
    let offset = jiff::tz::Offset::constant(8);
    let next = day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight());
    offset.to_timestamp(next).ok().map(|at| at.as_millisecond())
}

/// `POST /staff/training`: granted, made longer, or ended by a day that is over.
pub(super) async fn set(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let desk = &staff.visit.site.desk;
    // Whoever may not is sent away before anything that was typed is looked at.
    desk.certificates(&staff.caller).await?;
    let mut form = FormState::typed(wish.fields.clone());
    let login = Login::new(wish.fields.get("login").trim()).ok();
    if login.is_none() {
        form.mark("login", staff.visit.say("choose-one"));
    }
    let until = end_of(wish.fields.get("valid_until"));
    if until.is_none() {
        form.mark("valid_until", staff.visit.say("record-training-day-wrong"));
    }
    let (Some(login), Some(until)) = (login, until) else {
        return page(staff, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match desk.set_certificate(&staff.caller, &login, until, wish.fields.get("training")).await {
        Ok(_) => Ok(see_other("/staff/training")),
        Err(error) => {
            let f = staff.frame("record-training-title");
            let Back { status, form } = back::form(&f, &wish.fields, "training", error)?;
            page(staff, form, status).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_china() {
        assert_eq!(end_of("2026-11-30"), Some(1_796_083_200_000 - 8 * 3_600_000));
        assert_eq!(end_of(" 2026-11-30 "), end_of("2026-11-30"));
        for odd in ["", "30.11.2026", "2026-02-30", "9999-12-31"] {
            assert_eq!(end_of(odd), None, "{odd}");
        }
    }
}
