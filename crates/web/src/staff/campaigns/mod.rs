//! 守护者行动: campaigns from plan to report. The list, the plan, the sessions with the screen of the hall and the paper list, and the figures.

mod list;
mod one;
mod plan;
mod report;
mod session;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use jiff::civil::DateTime;
use mingbai_desk::core::actor::Login;
use mingbai_desk::core::learn::campaign::CampaignId;
use uuid::Uuid;

use crate::door::{Fail, Kind, Site};
use crate::form::INK_FORM_BYTES;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/staff/campaigns", get(list::list))
        .route("/staff/campaigns/new", get(plan::ask).post(plan::plan))
        .route("/staff/campaigns/{id}", get(one::show))
        .route("/staff/campaigns/{id}/report", get(report::report))
        .route("/staff/campaigns/{id}/change", get(plan::ask_change).post(plan::change))
        .route("/staff/campaigns/{id}/do/{act}", post(one::act))
        .route("/staff/campaigns/{id}/{number}", get(session::show))
        .route("/staff/campaigns/{id}/{number}/screen", get(session::screen))
        .route(
            "/staff/campaigns/{id}/{number}/list",
            post(session::list).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route(
            "/staff/campaigns/{id}/{number}/results",
            post(session::results).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
}

/// The campaign that an address names.
pub(crate) fn named(id: &str) -> Result<CampaignId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    let id = full.and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| Fail::of(Kind::NotFound))?;
    Ok(CampaignId::new(id))
}

fn at(id: CampaignId) -> String {
    format!("/staff/campaigns/{id}")
}

/// Lines of a text that say something, each split at its commas (of either kind), trimmed.
fn lines(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split([',', '\u{ff0c}', '\t']).map(|part| part.trim().to_owned()).collect())
        .collect()
}

/// Logins of a list; `None` when one of them cannot be one.
fn logins(text: &str) -> Option<Vec<Login>> {
    lines(text).iter().map(|parts| Login::new(parts.first()?.as_str()).ok()).collect()
}

/// A day and hour as a form sends it, in China.
fn typed_moment(text: &str) -> Option<i64> {
    let moment: DateTime = text.trim().parse().ok()?;
    let at = jiff::tz::Offset::constant(8).to_timestamp(moment).ok()?;
    Some(at.as_millisecond())
}

/// The first moment of a day, and the first after it, in China.
fn typed_day(text: &str) -> Option<(i64, i64)> {
    let day: jiff::civil::Date = text.trim().parse().ok()?;
    let start = typed_moment(&format!("{day}T00:00"))?;
    Some((start, start + 86_400_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_with_either_comma_and_moments_in_china() {
        assert_eq!(lines("甲市\u{ff0c}东街\n\n 乙市 , 西街 "), [["甲市", "东街"], ["乙市", "西街"]]);
        assert_eq!(typed_moment("1970-01-01T08:00"), Some(0));
        assert_eq!(typed_day("1970-01-02"), Some((57_600_000, 144_000_000)));
        assert!(logins("li\nWu").is_none() && logins("li\nwu").is_some_and(|all| all.len() == 2));
    }
}
