//! 投诉台: every way in at one desk. The list, one complaint with what its journey shows, noting one down, and what the house is warned of.

mod act;
mod alarms;
mod evidence;
mod list;
mod note;
mod one;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use mingbai_desk::core::trust::complaint::ComplaintId;
use uuid::Uuid;

use crate::door::{Fail, Kind, Site};
use crate::form::INK_FORM_BYTES;
use crate::page::Frame;
use crate::when;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/staff/complaints", get(list::list))
        .route(
            "/staff/complaints/new",
            get(note::ask).post(note::note).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route("/staff/complaints/alarms", get(alarms::show))
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

/// Milliseconds in a day.
const DAY_MS: i64 = 86_400_000;

/// How much time is left, as a mark with its class: never by colour alone.
struct Left {
    state: &'static str,
    text: String,
}

fn left(f: &Frame, (due_ms, now_ms, soon_days): (Option<i64>, i64, u32), stage: &str) -> Left {
    let Some(due_ms) = due_ms else {
        return Left { state: "done", text: f.t(&format!("complaint-stage-{stage}")) };
    };
    let left_ms = due_ms - now_ms;
    let days = left_ms.abs() / DAY_MS;
    match left_ms {
        ..0 => Left { state: "bad", text: f.t1("staff-complaint-overdue", "days", days + 1) },
        _ if left_ms <= i64::from(soon_days) * DAY_MS => {
            Left { state: "todo", text: f.t1("staff-complaint-soon", "days", days) }
        }
        _ => Left { state: "", text: f.t1("staff-complaint-left", "days", days) },
    }
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

/// A day as it is typed into a form, as the first moment of it in China.
fn typed_day(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    let start = jiff::tz::Offset::constant(8).to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(start.as_millisecond())
}

/// Today, as a form shows it.
fn today(site: &Site) -> String {
    when::today(site.desk.now_ms()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_is_typed_in_one_way() {
        assert_eq!(typed_day("1970-01-01"), Some(-8 * 3_600_000));
        for bad in ["", "2026-02-30", "2026-13-01", "x", "99999-01-01"] {
            assert_eq!(typed_day(bad), None, "{bad}");
        }
    }

    proptest! {
        /// The day that a form shows for a moment is read back as the beginning of that very day.
        #[test]
        fn a_day_comes_back_as_it_was(at_ms in 0_i64..4_000_000_000_000) {
            let start = typed_day(&when::today(at_ms).to_string()).unwrap_or_default();
            prop_assert!(start <= at_ms && at_ms - start < DAY_MS);
        }
    }
}
