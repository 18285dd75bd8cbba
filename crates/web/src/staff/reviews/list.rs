//! The list of materials under review: whose move it is, first.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::govern::review::{Review, Stage};
use serde::Deserialize;

use super::super::nav::{Nav, Place};
use super::{at, shown};
use crate::door::{Fail, Staff};
use crate::page::{Frame, show_as};
use crate::when;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    stage: String,
}

struct Row {
    address: String,
    title: String,
    kind: String,
    state: &'static str,
    sign: &'static str,
    stage: String,
    next: String,
    submitted: String,
}

struct StageChoice {
    key: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/reviews.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
    stages: Vec<StageChoice>,
    may_hand_in: bool,
}

fn row(f: &Frame, now_ms: i64, review: &Review) -> Row {
    let (state, sign) = shown::mark(&review.stage, now_ms);
    Row {
        address: at(review.id()),
        title: review.submission.title.clone(),
        kind: f.w(review.submission.kind.name()),
        state,
        sign,
        stage: f.t(shown::stage(&review.stage, now_ms)),
        next: f.t(shown::next(review)),
        submitted: f.ab("staff-stamp", when::day(review.submitted.at_ms, f.lang()), &review.submitted.by),
    }
}

/// `GET /staff/reviews`.
pub(super) async fn list(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let f = staff.frame("review-list-title");
    let mut all = desk.reviews(&staff.caller).await?;
    if !asked.stage.is_empty() {
        all.retain(|review| review.stage.key() == asked.stage);
    }
    // What somebody has to do comes before what is over.
    all.sort_by_key(|review| !matches!(review.stage, Stage::Judging | Stage::Answering(_)));
    let choice = |key: &&'static str| StageChoice {
        key,
        label: f.t(&format!("review-stage-{key}")),
        chosen: *key == asked.stage,
    };
    let page = ListPage {
        n: Nav::new(&staff, &f, Place::Reviews),
        rows: all.iter().map(|review| row(&f, desk.now_ms(), review)).collect(),
        stages: Stage::KEYS.iter().map(choice).collect(),
        may_hand_in: !staff.is(StaffRole::Auditor),
        f,
    };
    show_as(StatusCode::OK, &page)
}
