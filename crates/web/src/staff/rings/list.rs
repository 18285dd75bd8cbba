//! The list of rings: what waits for a person at the top.

use askama::Template;
use axum::response::Response;
use mingbai_desk::trust::RingLine;

use super::super::nav::{Nav, Place};
use super::at;
use crate::door::{Fail, Staff};
use crate::page::{Frame, show};
use crate::when;

struct Row {
    address: String,
    reference: String,
    state: &'static str,
    stage: String,
    care: String,
    members: String,
    waiting: String,
    opened: String,
    updated: String,
}

#[derive(Template)]
#[template(path = "staff/rings.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
    open: usize,
}

/// `GET /staff/rings`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    let lines = staff.visit.site.desk.rings(&staff.caller).await?;
    let f = staff.frame("rings-title");
    let open = lines.iter().filter(|line| line.stage != "closed").count();
    let rows = lines.iter().map(|line| row(&f, line)).collect();
    show(&ListPage { n: Nav::new(&staff, &f, Place::Rings), rows, open, f })
}

fn row(f: &Frame, line: &RingLine) -> Row {
    let (state, stage) = match (line.appeals, line.stage) {
        (1.., _) => ("bad", f.t1("rings-appeals", "count", line.appeals)),
        (_, "closed") => ("done", f.t("rings-stage-closed")),
        (_, "proposed") => ("todo", f.t("rings-stage-proposed")),
        _ => ("todo", f.t("rings-stage-open")),
    };
    Row {
        address: at(line.id),
        reference: line.id.shown(),
        state,
        stage,
        care: f.w(line.care.name()),
        members: line.members.to_string(),
        waiting: line.waiting.to_string(),
        opened: when::exact(line.opened_at_ms),
        updated: when::exact(line.updated_at_ms),
    }
}
