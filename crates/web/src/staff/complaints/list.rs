//! The list: what is late at the top, in words and with a sign.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::complaint::{Channel, Stage};
use mingbai_desk::ports::{ComplaintFilter, ComplaintRow};
use serde::Deserialize;

use super::super::nav::{Nav, Place};
use super::{Choice, Left, at, cause, left};
use crate::door::{Fail, Site, Staff};
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
    channel: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    skip: String,
}

/// A row as pages show it.
pub(super) struct Row {
    pub(super) left: Left,
    pub(super) address: String,
    pub(super) reference: String,
    pub(super) stage: String,
    pub(super) channel: String,
    pub(super) cause: String,
    pub(super) product: String,
    pub(super) received: String,
    pub(super) due: String,
}

pub(super) fn shown(f: &Frame, site: &Site, row: &ComplaintRow) -> Row {
    let soon = site.desk.pack().complaints().soon_days.value;
    let none = || "—".to_owned();
    let code = row.root_cause.as_deref().or(row.cause.as_deref());
    let product = row
        .product_id
        .as_ref()
        .map(|id| f.ab("staff-product-version", id, row.product_version.as_deref().unwrap_or_default()));
    Row {
        left: left(f, (row.due_at_ms, site.desk.now_ms(), soon), &row.stage),
        address: at(row.complaint),
        reference: row.complaint.shown(),
        stage: f.t(&format!("complaint-stage-{}", row.stage)),
        channel: Channel::from_key(&row.channel).map_or_else(none, |one| f.w(one.name())),
        cause: code.map_or_else(none, |code| cause(f, site, code)),
        product: product.unwrap_or_else(none),
        received: when::day(row.received_at_ms, f.lang()),
        due: row.due_at_ms.map_or_else(none, |due_ms| when::day(due_ms, f.lang())),
    }
}

#[derive(Template)]
#[template(path = "staff/complaints.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    form: FormState,
    stages: Vec<Choice>,
    channels: Vec<Choice>,
    causes: Vec<Choice>,
    product: String,
    rows: Vec<Row>,
    late: usize,
    next: Option<String>,
    may_note: bool,
}

/// `GET /staff/complaints`.
pub(super) async fn list(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let site = &staff.visit.site;
    let mut form = FormState::empty();
    let mut status = StatusCode::OK;
    if !asked.q.trim().is_empty() {
        match site.desk.find_complaint(&staff.caller, &asked.q).await {
            Ok(id) => return Ok(see_other(&at(id))),
            Err(error @ DeskError::NotFound(_)) => {
                form =
                    FormState::typed(Fields::of(vec![("q".to_owned(), asked.q.clone())]).unwrap_or_default());
                form.mark("q", error.tell(staff.visit.look.lang));
                status = StatusCode::NOT_FOUND;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let wanted = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty() && text.len() <= 100);
    let skip: u32 = asked.skip.parse().unwrap_or(0);
    let filter = ComplaintFilter {
        stage: wanted(&asked.stage),
        channel: wanted(&asked.channel),
        product_id: wanted(&asked.product),
        cause: wanted(&asked.cause),
        received_from_ms: None,
        skip,
        limit: ROWS,
    };
    let rows = site.desk.complaints(&staff.caller, filter).await?;
    let f = staff.frame("staff-complaints-title");
    let full = u32::try_from(rows.len()).is_ok_and(|count| count >= ROWS);
    let rows: Vec<Row> = rows.iter().map(|row| shown(&f, site, row)).collect();
    let page = ListPage {
        n: Nav::new(&staff, &f, Place::Complaints),
        form,
        stages: stages(&f, &asked.stage),
        channels: Channel::ALL
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), &asked.channel))
            .collect(),
        causes: causes(&f, site, &asked.cause),
        late: rows.iter().filter(|row| row.left.state == "bad").count(),
        next: full.then(|| address(&asked, skip + ROWS)).flatten(),
        product: asked.product,
        rows,
        may_note: staff.is(StaffRole::Compliance),
        f,
    };
    show_as(status, &page)
}

fn address(asked: &Asked, skip: u32) -> Option<String> {
    let skip = skip.to_string();
    let pairs = [
        ("stage", asked.stage.as_str()),
        ("channel", &asked.channel),
        ("cause", &asked.cause),
        ("product", &asked.product),
        ("skip", &skip),
    ];
    let said: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(said).ok().map(|query| format!("/staff/complaints?{query}"))
}

fn stages(f: &Frame, chosen: &str) -> Vec<Choice> {
    Stage::KEYS.iter().map(|key| Choice::new(key, f.t(&format!("complaint-stage-{key}")), chosen)).collect()
}

/// The causes of the list in force.
pub(super) fn causes(f: &Frame, site: &Site, chosen: &str) -> Vec<Choice> {
    let lines = site.desk.causes().causes.iter();
    lines.map(|line| Choice::new(&line.code, f.w(&line.name), chosen)).collect()
}
