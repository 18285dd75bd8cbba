//! Bulletins: written by one officer, released by another, taken down by any.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::text::both;
use mingbai_desk::core::trust::bulletin::{Bulletin, BulletinId, BulletinText, Group};
use mingbai_desk::scam::ScamType;
use uuid::Uuid;

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::super::say;
use super::Choice;
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show, show_as};
use crate::trust::family;
use crate::when;

/// Milliseconds in a day.
const DAY_MS: i64 = 86_400_000;

struct Row {
    address: String,
    title: String,
    region: String,
    group: String,
    standing: String,
    state: &'static str,
    until: String,
}

#[derive(Template)]
#[template(path = "staff/bulletins.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
    may: bool,
}

fn named(id: &str) -> Result<BulletinId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    let id = full.and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| Fail::of(Kind::NotFound))?;
    Ok(BulletinId::new(id))
}

fn at(id: BulletinId) -> String {
    format!("/staff/bulletins/{id}")
}

/// The newest text: the draft that waits, else what is public.
fn newest(bulletin: &Bulletin) -> Option<&BulletinText> {
    let waiting = bulletin.waiting.as_ref().map(|waiting| &waiting.text);
    waiting.or_else(|| bulletin.released.as_ref().map(|released| &released.text))
}

/// Class and key of how it stands.
fn standing(bulletin: &Bulletin, now_ms: i64) -> (&'static str, &'static str) {
    match (&bulletin.ended, bulletin.waiting.is_some(), bulletin.shown(now_ms).is_some()) {
        (Some(_), ..) => ("", "staff-bulletin-ended"),
        (None, true, true) => ("todo", "staff-bulletin-both"),
        (None, true, false) => ("todo", "staff-bulletin-waits"),
        (None, false, true) => ("done", "staff-bulletin-shown"),
        (None, false, false) => ("", "staff-bulletin-over"),
    }
}

fn row(f: &Frame, bulletin: &Bulletin, now_ms: i64) -> Row {
    let (state, key) = standing(bulletin, now_ms);
    let text = newest(bulletin);
    Row {
        address: at(bulletin.id),
        title: text.map_or_else(String::new, |text| f.w(text.title.clone())),
        region: text
            .map(|text| text.region.clone())
            .filter(|region| !region.is_empty())
            .unwrap_or_else(|| f.t("alerts-everywhere")),
        group: text.map_or_else(String::new, |text| f.w(text.group.name())),
        standing: f.t(key),
        state,
        until: text.map_or_else(String::new, |text| when::day(text.until_ms, f.lang())),
    }
}

/// `GET /staff/bulletins`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let all = desk.bulletins(&staff.caller).await?;
    let f = staff.frame("staff-bulletins-title");
    let rows = all.iter().map(|one| row(&f, one, desk.now_ms())).collect();
    let may = staff.is(StaffRole::Compliance);
    show(&ListPage { n: Nav::new(&staff, &f, Place::Alerts), rows, may, f })
}

/// A text as staff reads it before it is released.
struct Read {
    title: (String, String),
    text: (Vec<String>, Vec<String>),
    by: String,
}

fn read(text: &BulletinText, by: String) -> Read {
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    Read {
        title: (text.title.zh.clone(), text.title.en.clone()),
        text: (lines(&text.text.zh), lines(&text.text.en)),
        by,
    }
}

#[derive(Template)]
#[template(path = "staff/bulletin.html")]
struct OnePage {
    f: Frame,
    n: Nav,
    form: FormState,
    action: String,
    row: Option<Row>,
    waiting: Option<Read>,
    /// The record of the draft, where this officer may release it.
    release: Option<u64>,
    own: bool,
    public: Option<Read>,
    ended: Option<String>,
    groups: Vec<Choice>,
    families: Vec<Choice>,
    may: bool,
}

fn fields_of(text: &BulletinText) -> Fields {
    let mut pairs = vec![
        ("title_zh", text.title.zh.clone()),
        ("title_en", text.title.en.clone()),
        ("text_zh", text.text.zh.clone()),
        ("text_en", text.text.en.clone()),
        ("region", text.region.clone()),
        ("group", text.group.key().to_owned()),
        ("until", when::today(text.until_ms).to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect::<Vec<_>>();
    pairs.extend(text.families.iter().map(|key| (format!("family-{key}"), "yes".to_owned())));
    Fields::of(pairs).unwrap_or_default()
}

async fn page(
    staff: &Staff,
    id: Option<BulletinId>,
    form: Option<FormState>,
    status: StatusCode,
) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let bulletin = match id {
        Some(id) => Some(desk.bulletin(&staff.caller, id).await?),
        None if staff.is(StaffRole::Compliance) => None,
        None => return Err(Fail::of(Kind::Forbidden)),
    };
    let f = staff.frame(if id.is_some() { "staff-bulletin-title" } else { "staff-bulletin-new" });
    let typed = bulletin.as_ref().and_then(newest).map(fields_of).unwrap_or_default();
    // A form that only releases or takes down comes back with its error and leaves the text as it is.
    let mut shown = FormState::typed(typed);
    let form = match form {
        Some(form) if form.value("group").is_empty() && form.value("title_zh").is_empty() && id.is_some() => {
            form.errors().iter().for_each(|error| shown.mark(error.field.clone(), error.text.clone()));
            shown
        }
        Some(form) => form,
        None => shown,
    };
    let waiting = bulletin.as_ref().and_then(|one| one.waiting.as_ref());
    let (me, compliance) = (staff.caller.actor(), staff.is(StaffRole::Compliance));
    let ended = bulletin.as_ref().and_then(|one| one.ended.clone());
    let page = OnePage {
        n: Nav::new(staff, &f, Place::Alerts),
        action: id.map_or_else(|| "/staff/bulletins/new".to_owned(), at),
        row: bulletin.as_ref().map(|one| row(&f, one, desk.now_ms())),
        waiting: waiting.map(|one| read(&one.text, say::actor(&f, &one.by))),
        release: waiting.filter(|one| compliance && one.by != me).map(|one| one.seq),
        own: waiting.is_some_and(|one| one.by == me),
        public: bulletin.as_ref().and_then(|one| one.released.as_ref()).map(|released| {
            let by = f.ab(
                "staff-bulletin-by",
                say::actor(&f, &released.written_by),
                say::stamp(&f, &released.released_by, released.at_ms),
            );
            read(&released.text, by)
        }),
        groups: Group::ALL
            .iter()
            .map(|one| Choice {
                key: one.key().to_owned(),
                label: f.w(one.name()),
                chosen: form.chose("group", one.key()),
            })
            .collect(),
        families: ScamType::ALL
            .iter()
            .map(|one| {
                let name = format!("family-{}", one.key());
                let label = family(one.key(), f.lang()).unwrap_or_default();
                Choice { chosen: form.chose(&name, "yes"), label, key: name }
            })
            .collect(),
        may: compliance && ended.is_none(),
        ended: ended.map(|(at_ms, reason)| f.ab("staff-stamp", reason, when::exact(at_ms))),
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/bulletins/new`.
pub(super) async fn ask(staff: Staff) -> Result<Response, Fail> {
    page(&staff, None, None, StatusCode::OK).await
}

/// `GET /staff/bulletins/{id}`.
pub(super) async fn one(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&staff, Some(named(&id)?), None, StatusCode::OK).await
}

/// `POST /staff/bulletins/new`.
pub(super) async fn draft(wish: StaffMove) -> Result<Response, Fail> {
    written(&wish, None).await
}

/// `POST /staff/bulletins/{id}`.
pub(super) async fn redraft(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    written(&wish, Some(named(&id)?)).await
}

async fn written(wish: &StaffMove, id: Option<BulletinId>) -> Result<Response, Fail> {
    let (staff, fields) = (&wish.staff, &wish.fields);
    let mut form = FormState::typed(fields.clone());
    let group = Group::from_key(fields.get("group"));
    if group.is_none() {
        form.mark("group", staff.visit.say("choose-one"));
    }
    let until = when::typed_day(fields.get("until"));
    if until.is_none() {
        form.mark("until", staff.visit.say("staff-complaint-received-wrong"));
    }
    let (Some(group), Some(until_ms)) = (group, until) else {
        return page(staff, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let chosen = |one: &&ScamType| fields.get(&format!("family-{}", one.key())) == "yes";
    let text = BulletinText {
        title: both(fields.get("title_zh"), fields.get("title_en")),
        text: both(fields.get("text_zh"), fields.get("text_en")),
        region: fields.get("region").to_owned(),
        group,
        families: ScamType::ALL.iter().filter(chosen).map(|one| one.key().to_owned()).collect(),
        // The whole of that day.
        until_ms: until_ms + DAY_MS - 1,
    };
    match staff.visit.site.desk.draft_bulletin(&staff.caller, id, text).await {
        Ok(id) => Ok(see_other(&at(id))),
        Err(error) => failed(wish, id, "title", error).await,
    }
}

async fn failed(
    wish: &StaffMove,
    id: Option<BulletinId>,
    field: &str,
    error: DeskError,
) -> Result<Response, Fail> {
    let Back { status, form } = back::form(&wish.staff.titled(""), &wish.fields, field, error)?;
    page(&wish.staff, id, Some(form), status).await
}

/// `POST /staff/bulletins/{id}/release`.
pub(super) async fn release(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let draft: u64 = wish.fields.get("draft").parse().map_err(|_| Fail::of(Kind::Unreadable))?;
    match wish.staff.visit.site.desk.release_bulletin(&wish.staff.caller, id, draft).await {
        Ok(()) => Ok(see_other(&at(id))),
        Err(error) => failed(&wish, Some(id), "release", error).await,
    }
}

/// `POST /staff/bulletins/{id}/end`.
pub(super) async fn end(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    match wish.staff.visit.site.desk.end_bulletin(&wish.staff.caller, id, wish.fields.get("reason")).await {
        Ok(()) => Ok(see_other(&at(id))),
        Err(error) => failed(&wish, Some(id), "reason", error).await,
    }
}
