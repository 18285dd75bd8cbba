//! 投诉台: every way in at one desk. The list, one complaint with what its journey shows, noting one down, and what the house is warned of.

mod act;
mod alarms;
mod evidence;
mod files;
mod list;
mod note;
mod one;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use mingbai_desk::core::trust::complaint::alarm::of_clock;
use mingbai_desk::core::trust::complaint::{AlarmKind, ComplaintId, DAY_MS};
use uuid::Uuid;

use crate::door::{Fail, Kind, Site};
use crate::form::INK_FORM_BYTES;
use crate::page::Frame;
use crate::when::{self, typed_day};

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/staff/complaints", get(list::list))
        .route(
            "/staff/complaints/new",
            get(note::ask).post(note::note).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route("/staff/complaints/alarms", get(alarms::show))
        .route(
            "/staff/complaints/files",
            get(files::show).post(files::hand_in).layer(DefaultBodyLimit::max(files::FORM_BYTES)),
        )
        .route("/staff/complaints/rows.csv", get(files::rows))
        .route("/staff/complaints/{id}", get(one::show))
        .route("/staff/complaints/{id}/letter/{number}", get(one::letter))
        .route("/staff/complaints/{id}/{act}", post(act::act))
}

/// The complaint that an address names.
fn named(id: &str) -> Result<ComplaintId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    let id = full.and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| Fail::of(Kind::NotFound))?;
    Ok(ComplaintId::new(id))
}

fn at(id: ComplaintId) -> String {
    format!("/staff/complaints/{id}")
}

/// How much time is left, as a mark with its class: never by colour alone.
struct Left {
    state: &'static str,
    text: String,
}

fn left(f: &Frame, (due_ms, now_ms, soon_days): (Option<i64>, i64, u32), stage: &str) -> Left {
    let Some(until_ms) = due_ms else {
        return Left { state: "done", text: f.t(&format!("complaint-stage-{stage}")) };
    };
    let days = days(until_ms, now_ms);
    match (of_clock(due_ms, now_ms, soon_days), days) {
        (Some(AlarmKind::Overdue), _) => {
            Left { state: "bad", text: f.t1("staff-complaint-overdue", "days", -days) }
        }
        (Some(AlarmKind::Soon), 0) => Left { state: "todo", text: f.t("staff-complaint-today") },
        (Some(AlarmKind::Soon), _) => {
            Left { state: "todo", text: f.t1("staff-complaint-soon", "days", days) }
        }
        (None, _) => Left { state: "", text: f.t1("staff-complaint-left", "days", days) },
    }
}

/// Whole days that are left after today; below zero it is the day over the limit, counted from -1.
fn days(until_ms: i64, now_ms: i64) -> i64 {
    (until_ms - now_ms).div_euclid(DAY_MS)
}

/// A choice of a list.
struct Choice {
    key: String,
    label: String,
    chosen: bool,
}

impl Choice {
    fn new(key: &str, label: String, chosen: &str) -> Self {
        Choice { key: key.to_owned(), label, chosen: key == chosen }
    }
}

/// The name of a cause; a code that the list in force does not have is shown as it stands.
fn cause(f: &Frame, site: &Site, code: &str) -> String {
    site.desk.causes().cause(code).map_or_else(|| code.to_owned(), |line| f.w(&line.name))
}

/// Today, as a form shows it.
fn today(site: &Site) -> String {
    when::today(site.desk.now_ms()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The day that a form shows for a moment is read back as the beginning of that very day.
        #[test]
        fn a_day_comes_back_as_it_was(at_ms in 0_i64..4_000_000_000_000) {
            let start = typed_day(&when::today(at_ms).to_string()).unwrap_or_default();
            prop_assert!(start <= at_ms && at_ms - start < DAY_MS);
        }

        /// The days that a list shows are those of the calendar, whatever the hour: both sides of a limit that ends with a day in China.
        #[test]
        fn days_are_counted_by_the_calendar(now_ms in 0_i64..4_000_000_000_000, ahead in -400_i64..400) {
            let today = typed_day(&when::today(now_ms).to_string()).unwrap_or_default();
            let until_ms = today + (ahead + 1) * DAY_MS - 1;
            prop_assert_eq!(days(until_ms, now_ms), ahead);
            prop_assert_eq!(days(until_ms, now_ms) < 0, of_clock(Some(until_ms), now_ms, 3) == Some(AlarmKind::Overdue));
        }
    }
}
