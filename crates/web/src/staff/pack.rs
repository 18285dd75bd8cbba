//! The policy pack as the house follows it: every value with how sure we are of it and where it comes from. What nobody has
//! confirmed is counted on top and marked in its place.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use mingbai_desk::core::policy::{Grade, GradedEntry, Pack};
use mingbai_desk::cost::words;

use super::nav::{Nav, Place};
use crate::door::{Fail, Staff};
use crate::page::{Frame, show as show_page};

struct Row {
    anchor: String,
    path: String,
    value: String,
    unverified: bool,
    grade: String,
    source: String,
    note: String,
}

struct Group {
    title: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/pack.html")]
struct PackPage {
    f: Frame,
    n: Nav,
    title: String,
    id: String,
    digest: String,
    from: String,
    roles: String,
    notice: String,
    all: usize,
    open: Vec<(String, String)>,
    groups: Vec<Group>,
}

/// `GET /staff/pack`.
pub(super) async fn show(staff: Staff) -> Result<Response, Fail> {
    let f = staff.frame("staff-pack-title");
    let pack = staff.visit.site.desk.pack().clone();
    let roles: Vec<String> = pack.roles().iter().map(|role| f.w(words::role(*role))).collect();
    let page = PackPage {
        n: Nav::new(&staff, &f, Place::Pack),
        title: f.w(pack.title()),
        id: pack.id().to_owned(),
        digest: pack.digest().to_string(),
        from: pack.in_force_from().to_string(),
        roles: roles.join(" · "),
        notice: f.w(pack.notice()),
        all: pack.graded().len(),
        open: pack.unverified().map(|entry| (anchor(&entry.path), entry.path.clone())).collect(),
        groups: groups(&f, &pack),
        f,
    };
    show_page(&page)
}

/// The first part of a place in the file.
fn section(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// What stands in the brackets of a place in the file.
fn inside(path: &str) -> &str {
    path.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(key, _)| key)
}

fn anchor(path: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    path.chars().map(plain).collect()
}

fn groups(f: &Frame, pack: &Pack) -> Vec<Group> {
    let sections: BTreeSet<&str> = pack.graded().iter().map(|entry| section(&entry.path)).collect();
    let group = |name: &str| Group {
        title: f.t(&format!("staff-pack-group-{name}")),
        rows: pack
            .graded()
            .iter()
            .filter(|entry| section(&entry.path) == name)
            .map(|entry| row(f, pack, entry))
            .collect(),
    };
    sections.into_iter().map(group).collect()
}

fn row(f: &Frame, pack: &Pack, entry: &GradedEntry) -> Row {
    let source = entry.source.as_deref().map(|id| {
        let title = pack.source(id).map_or_else(|| id.to_owned(), |source| f.w(&source.title));
        let number = pack.source(id).map_or("", |source| source.number.as_str());
        format!("{title} {number}").trim().to_owned()
    });
    Row {
        anchor: anchor(&entry.path),
        path: entry.path.clone(),
        value: value(f, pack, entry),
        unverified: entry.grade == Grade::Unverified,
        grade: f.w(entry.grade.name()),
        source: source.unwrap_or_default(),
        note: entry.note.clone().unwrap_or_default(),
    }
}

/// The value as written, or, for an entry that is a sentence, the sentence.
fn value(f: &Frame, pack: &Pack, entry: &GradedEntry) -> String {
    if let Some(value) = &entry.value {
        return value.clone();
    }
    let key = inside(&entry.path);
    match section(&entry.path) {
        "clause" => pack.clause(key).map_or_else(String::new, |clause| f.w(&clause.text)),
        "source" => pack.source(key).map_or_else(String::new, |source| {
            format!("{} {}", f.w(&source.title), source.number).trim().to_owned()
        }),
        "help" => {
            let line = pack.help().iter().find(|line| line.key == key);
            line.map_or_else(String::new, |line| {
                format!("{} {}", line.number, f.w(&line.text)).trim().to_owned()
            })
        }
        "cap" => pack.caps().iter().find(|cap| cap.id == key).map_or_else(String::new, |cap| limit(f, cap)),
        "checkout" => f.w(&pack.checkout().text),
        _ => String::new(),
    }
}

/// Thousandths as a plain number without needless zeros.
fn thousandths(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1000, milli % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn limit(f: &Frame, cap: &mingbai_desk::cost::cap::CapRule) -> String {
    use mingbai_desk::cost::cap::CapLimit;
    match cap.limit {
        CapLimit::Fixed { ppm } => words::pct2(ppm),
        CapLimit::LprMultiple { milli } => f.t1("staff-pack-lpr-multiple", "times", thousandths(milli)),
    }
}
