//! Complaints as files: the report with its rows, and taking complaints over. A file is looked at first; it is imported when it is chosen
//! again together with the confirmation that the look gave, so nothing of it is kept in between.

use askama::Template;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::complaint::report::Count;
use mingbai_desk::core::trust::complaint::{Channel, Stage};
use mingbai_desk::trust::handover::{FILE_BYTES, ImportPlan, Imported, Period};
use mingbai_desk::{DeskError, ErrorKind};
use serde::Deserialize;

use super::super::nav::{Nav, Place};
use super::cause;
use crate::door::{Fail, Kind, Site, Staff, from_our_page, right_token};
use crate::form::{Fields, FormState};
use crate::page::{Frame, show_as};

/// What the form may hold: a little more than a file, so that a file that is too large is answered in words.
pub(super) const FORM_BYTES: usize = FILE_BYTES + (4 << 20);
/// The most new rows that a page imports: a browser does not wait longer. The command line takes any number.
const ROWS_MAX: usize = 500;

/// From when to when.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

impl Asked {
    /// The days, and the fields that are none.
    fn period(&self) -> (Period, Vec<&'static str>) {
        let mut wrong = Vec::new();
        let mut day = |name: &'static str, text: &str| match text.trim() {
            "" => None,
            text => {
                let day = text.parse().ok();
                if day.is_none() {
                    wrong.push(name);
                }
                day
            }
        };
        let period = Period { from: day("from", &self.from), until: day("until", &self.until) };
        (period, wrong)
    }
}

/// One table of the report.
struct Counts {
    title: String,
    rows: Vec<(String, u32)>,
}

/// What the look at a file found.
struct Plan {
    about: String,
    rows: Vec<(&'static str, u32)>,
    absent: String,
    faults: Vec<String>,
    more: u32,
    /// What has to be sent again with the file; nothing when it cannot be imported here.
    confirm: Option<String>,
    verdict: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "staff/complaint_files.html")]
struct FilesPage {
    f: Frame,
    n: Nav,
    form: FormState,
    from: String,
    until: String,
    rows_address: String,
    total: u32,
    in_time: String,
    tables: Vec<Counts>,
    may_import: bool,
    limit_mb: usize,
    plan: Option<Plan>,
    done: Option<String>,
}

/// `GET /staff/complaints/files`.
pub(super) async fn show(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    page(&staff, &asked, FormState::empty(), Outcome::None).await
}

/// What a form led to.
enum Outcome {
    None,
    Planned(Box<ImportPlan>),
    Done(Imported),
}

async fn page(staff: &Staff, asked: &Asked, mut form: FormState, outcome: Outcome) -> Result<Response, Fail> {
    let site = &staff.visit.site;
    let (period, wrong) = asked.period();
    for field in wrong {
        form.mark(field, staff.visit.say("staff-complaint-received-wrong"));
    }
    let status = if form.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let report = site.desk.complaint_report(&staff.caller, period).await?;
    let f = staff.frame("staff-files-title");
    let (met, measured) = report.in_time();
    let (plan, done) = match outcome {
        Outcome::None => (None, None),
        Outcome::Planned(found) => (Some(shown(&f, &found)), None),
        Outcome::Done(done) => (None, Some(f.ab("staff-files-done", done.written, done.before))),
    };
    let query = serde_urlencoded::to_string([("from", &asked.from), ("until", &asked.until)]);
    let page = FilesPage {
        n: Nav::new(staff, &f, Place::Complaints),
        form,
        from: asked.from.clone(),
        until: asked.until.clone(),
        rows_address: format!("/staff/complaints/rows.csv?{}", query.unwrap_or_default()),
        total: report.total,
        in_time: f.ab("staff-files-in-time", measured, met),
        tables: tables(&f, site, &report),
        may_import: staff.is(StaffRole::Compliance),
        limit_mb: FILE_BYTES >> 20,
        plan,
        done,
        f,
    };
    show_as(status, &page)
}

fn tables(
    f: &Frame,
    site: &Site,
    report: &mingbai_desk::core::trust::complaint::report::Report,
) -> Vec<Counts> {
    let channel = |key: &str| Channel::from_key(key).map_or_else(|| key.to_owned(), |one| f.w(one.name()));
    let named = |title: &str, counts: &[Count], name: &dyn Fn(&str) -> String| Counts {
        title: f.t(title),
        rows: counts
            .iter()
            .map(|(key, count)| (key.as_deref().map_or_else(|| f.t("staff-files-unsorted"), name), *count))
            .collect(),
    };
    vec![
        Counts {
            title: f.t("staff-files-clocks"),
            rows: report.clocks.iter().map(|(kept, count)| (f.w(kept.name()), *count)).collect(),
        },
        named("staff-complaint-cause", &report.causes, &|code| cause(f, site, code)),
        named("staff-complaint-channel", &report.channels, &channel),
        named("staff-head-product", &report.products, &str::to_owned),
        named("staff-head-stage", &report.stages, &|key| f.w(Stage::name_of(key))),
    ]
}

fn shown(f: &Frame, plan: &ImportPlan) -> Plan {
    let told = u32::try_from(plan.faults.len()).unwrap_or(u32::MAX);
    let (verdict, tone) = match (plan.faults_count, plan.can_run(), plan.rows() <= ROWS_MAX) {
        (1.., ..) => ("staff-files-faulty", "alarm"),
        (0, false, _) => ("staff-files-nothing-new", "care"),
        (0, true, false) => ("staff-files-too-many", "care"),
        (0, true, true) => ("staff-files-ready", "good"),
    };
    Plan {
        about: f.ab("staff-files-about", f.w(plan.shape.name()), f.w(plan.encoding.name())),
        rows: vec![
            ("staff-files-opens", plan.opens),
            ("staff-files-overdue", plan.overdue),
            ("staff-files-answered", plan.answered),
            ("staff-files-before", plan.before),
            ("staff-files-twice", plan.twice),
            ("staff-files-formulas", plan.formulas),
            ("staff-files-faults", plan.faults_count),
        ],
        absent: plan.absent.join(" | "),
        faults: plan
            .faults
            .iter()
            .map(|fault| f.ab("staff-files-line", fault.line, f.w(fault.words.clone())))
            .collect(),
        more: plan.faults_count.saturating_sub(told),
        confirm: (tone == "good").then(|| plan.confirm.clone()),
        verdict,
        tone,
    }
}

/// `GET /staff/complaints/rows.csv`.
pub(super) async fn rows(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let (period, wrong) = asked.period();
    if !wrong.is_empty() {
        return page(&staff, &asked, FormState::empty(), Outcome::None).await;
    }
    let lang = staff.visit.look.lang;
    let file = staff.visit.site.desk.complaint_rows_file(&staff.caller, period, lang).await?;
    let mut response = file.csv.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let named = "attachment; filename=\"mingbai-complaints.csv\"";
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(named));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /staff/complaints/files`: a look at a file, or with its confirmation the import.
pub(super) async fn hand_in(
    staff: Staff,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    from_our_page(&headers, &desk.settings().base_url)?;
    let sent = read(sent.map_err(|_| Fail::of(Kind::Unreadable))?).await?;
    right_token(&staff.csrf, &sent.token)?;
    let (outcome, form) = match look(&staff, &sent).await {
        Ok(outcome) => (outcome, FormState::empty()),
        Err(error) if error.kind() == ErrorKind::Invalid => {
            let mut form = FormState::typed(Fields::default());
            form.mark("file", error.words().get(staff.visit.look.lang));
            (Outcome::None, form)
        }
        Err(error) => return Err(error.into()),
    };
    page(&staff, &Asked::default(), form, outcome).await
}

async fn look(staff: &Staff, sent: &Sent) -> Result<Outcome, DeskError> {
    let desk = &staff.visit.site.desk;
    let plan = desk.plan_import(&staff.caller, &sent.file).await?;
    if sent.confirm.is_empty() || plan.rows() > ROWS_MAX {
        return Ok(Outcome::Planned(Box::new(plan)));
    }
    Ok(Outcome::Done(desk.run_import(&staff.caller, (&sent.file, &sent.confirm), &|_, _| ()).await?))
}

/// What the form held.
#[derive(Default)]
struct Sent {
    token: String,
    confirm: String,
    file: Vec<u8>,
}

async fn read(mut sent: Multipart) -> Result<Sent, Fail> {
    let broken = |e: MultipartError| match e.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fail::of(Kind::TooLarge),
        _ => Fail::of(Kind::Unreadable),
    };
    let text = async |part: Field<'_>| part.text().await.map_err(broken);
    let mut found = Sent::default();
    while let Some(part) = sent.next_field().await.map_err(broken)? {
        match part.name() {
            Some("csrf") if found.token.is_empty() => found.token = text(part).await?,
            Some("confirm") if found.confirm.is_empty() => found.confirm = text(part).await?,
            Some("file") if found.file.is_empty() => {
                found.file = part.bytes().await.map_err(broken)?.to_vec()
            }
            _ => return Err(Fail::of(Kind::Unreadable)),
        }
    }
    Ok(found)
}
