//! The time line for the auditor: every record as it was stored, in words, with its place in the log and its proof.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use mingbai_desk::borrow::TimelineEntry;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::evidence::Digest;

use super::Eyes;
use super::nav::{Nav, Place};
use super::{at, named, say};
use crate::door::{Fail, Staff};
use crate::page::{Frame, show as show_page};
use crate::when;

struct Row {
    index: u64,
    seq: u64,
    at: String,
    actor: String,
    words: String,
    kind: String,
    terms: String,
    /// Class and words of whether it still counts.
    state: &'static str,
    counts: String,
    leaf_short: String,
    leaf: String,
    json: String,
    proof: Vec<String>,
}

/// One kind of record that a redacted copy may leave out.
struct Hideable {
    kind: String,
    count: usize,
    /// What the first of them says, so that nobody needs to know the names of kinds.
    example: String,
}

#[derive(Template)]
#[template(path = "staff/timeline.html")]
struct TimelinePage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
    stale: usize,
    checkpoint: String,
    size: u64,
    root: String,
    key: String,
    back: String,
    package: String,
    copy: String,
    hideable: Vec<Hideable>,
    whole: bool,
    values: bool,
}

/// `GET timeline`.
pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    let id = named(&id)?;
    let desk = &staff.visit.site.desk;
    let timeline = desk.timeline(&staff.caller, id).await?;
    let f = staff.frame("staff-timeline-title").about(id.reference());
    let current = timeline.view.journey.terms_digest();
    let rows: Vec<Row> = timeline.entries.into_iter().map(|entry| row(&f, entry, current)).collect();
    let page = TimelinePage {
        n: Nav::new(&staff, &f, Place::Journeys),
        stale: rows.iter().filter(|row| row.state == "bad").count(),
        hideable: hideable(&rows),
        rows,
        checkpoint: timeline.checkpoint,
        size: timeline.size,
        root: timeline.root.to_string(),
        key: desk.log_key()?.to_string(),
        back: at(id, ""),
        package: at(id, "package"),
        copy: at(id, "copy"),
        whole: Eyes::of(&staff) == Eyes::All,
        values: staff.is(StaffRole::Compliance),
        f,
    };
    show_page(&page)
}

fn hideable(rows: &[Row]) -> Vec<Hideable> {
    let mut found: Vec<Hideable> = Vec::new();
    for row in rows {
        match found.iter_mut().find(|one| one.kind == row.kind) {
            Some(one) => one.count += 1,
            None => found.push(Hideable { kind: row.kind.clone(), count: 1, example: row.words.clone() }),
        }
    }
    found
}

fn row(f: &Frame, entry: TimelineEntry, current: Option<Digest>) -> Row {
    let (state, counts) = match entry.terms {
        None => ("", "staff-counts-unbound"),
        terms if terms == current => ("done", "staff-counts-yes"),
        Some(_) => ("bad", "staff-counts-no"),
    };
    Row {
        index: entry.index,
        seq: entry.seq,
        at: when::exact(entry.at_ms),
        actor: say::actor(f, &entry.actor),
        words: f.w(&entry.words),
        kind: entry.kind,
        terms: entry.terms.map_or_else(|| "—".to_owned(), say::short),
        state,
        counts: f.t(counts),
        leaf_short: say::short(entry.leaf),
        leaf: entry.leaf.to_string(),
        json: entry.json,
        proof: entry.proof.iter().map(Digest::to_string).collect(),
    }
}
