//! One session: who came so far, the screen of the hall, the paper list and the results of tests.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::learn::campaign::{CampaignId, Mark, Sitting};
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::learn::{Did, ListLine, ListOutcome, ResultLine};

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::one::{grouped, place_of};
use super::{at, lines, named};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::{Frame, show as page_of, show_as};
use crate::square::{Square, square};
use crate::when;

#[derive(Template)]
#[template(path = "staff/campaign_session.html")]
struct SessionPage {
    f: Frame,
    n: Nav,
    form: FormState,
    back: String,
    here: String,
    facts: Vec<(String, String)>,
    told: Option<String>,
    may: bool,
}

fn number_of(text: &str) -> Result<u32, Fail> {
    text.parse().map_err(|_| Fail::of(Kind::NotFound))
}

async fn page(
    staff: &Staff,
    (id, number): (CampaignId, u32),
    form: FormState,
    (status, told): (StatusCode, Option<String>),
) -> Result<Response, Fail> {
    let file = staff.visit.site.desk.session_file(&staff.caller, id, number).await?;
    let f = staff.titled(staff.frame("").ab("campaign-session-title", number, &file.campaign.plan.name));
    let (plan, here) = (&file.session, &file.attendance);
    let count = |n: usize| grouped(n as u64);
    let keyed = here.arrivals.iter().filter(|(person, _)| person.is_some()).count();
    let listed = staff.caller.login().is_some_and(|login| file.campaign.plan.roster.contains(login));
    let page = SessionPage {
        n: Nav::new(staff, &f, Place::Campaigns),
        back: at(id),
        here: format!("{}/{number}", at(id)),
        facts: vec![
            (f.t("campaign-place"), place_of(&f, &file.campaign, plan)),
            (
                f.t("campaign-when"),
                f.ab("campaign-days", when::exact(plan.starts_at_ms), when::exact(plan.ends_at_ms)),
            ),
            (f.t("campaign-lead"), plan.lead.to_string()),
            (f.t("campaign-arm"), f.w(plan.arm.name())),
            (
                f.t("campaign-came"),
                f.ab("campaign-of", count(here.arrivals.len()), grouped(u64::from(plan.expected))),
            ),
            (f.t("campaign-keyed"), f.ab("campaign-of", count(keyed), count(here.arrivals.len()))),
            (f.t("campaign-tests"), count(here.tests.len())),
        ],
        told,
        may: staff.is(StaffRole::Compliance) || (staff.is(StaffRole::Consultant) && listed),
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/campaigns/{id}/{number}`.
pub(super) async fn show(Path((id, number)): Path<(String, String)>, staff: Staff) -> Result<Response, Fail> {
    let at = (named(&id)?, number_of(&number)?);
    page(&staff, at, FormState::empty(), (StatusCode::OK, None)).await
}

#[derive(Template)]
#[template(path = "staff/campaign_screen.html")]
struct ScreenPage {
    f: Frame,
    back: String,
    square: Option<Square>,
    code: String,
    address: String,
    here: String,
    doors: String,
}

/// `GET /staff/campaigns/{id}/{number}/screen`: large, for the wall of the hall. It renews itself without a script.
pub(super) async fn screen(
    Path((id, number)): Path<(String, String)>,
    staff: Staff,
) -> Result<Response, Fail> {
    let (id, number) = (named(&id)?, number_of(&number)?);
    let desk = &staff.visit.site.desk;
    let hall = desk.hall_code(&staff.caller, id, number).await?;
    let face = desk.session_face(id, number).await?;
    let f = staff.titled(face.name);
    let base = &desk.settings().base_url;
    let address = |code: &str| format!("{base}/learn/in/{id}/{number}/{code}");
    let page = ScreenPage {
        back: format!("{}/{number}", at(id)),
        square: hall.code.as_deref().map(|code| square(&address(code))).transpose()?,
        address: format!("{base}/learn/in/{id}/{number}"),
        code: hall.code.unwrap_or_default(),
        here: grouped(hall.here as u64),
        doors: f.ab("campaign-days", when::exact(hall.opens_at_ms), when::exact(hall.closes_at_ms)),
        f,
    };
    page_of(&page)
}

/// Lines of a paper list: number of the line, and the telephone number if one was given.
fn list_of(fields: &Fields) -> Option<Vec<ListLine>> {
    let line = |parts: &Vec<String>| {
        let line = parts.first()?.parse().ok().filter(|line| (1..=100_000).contains(line))?;
        (parts.len() <= 2).then(|| ListLine { line, phone: parts.get(1).cloned().unwrap_or_default() })
    };
    lines(fields.get("list")).iter().map(line).collect()
}

/// Thousandths of a decimal number with at most three places after the point, without floating point.
fn milli(text: &str) -> Option<i64> {
    let (sign, plain) = match text.strip_prefix(['-', '−', '\u{ff0d}']) {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    Some(sign * (whole * 1000 + part))
}

/// A test by its key or its name in either language.
fn sitting_of(text: &str) -> Option<Sitting> {
    let same = |one: &Sitting| {
        let name = one.name();
        one.key() == text || name.zh == text || name.en == text
    };
    Sitting::ALL.iter().copied().find(same)
}

/// Lines of results. By the number of their parts: a test (number, which, score, its error, right, wrong, don't know), sorted messages (number,
/// which, hits, fakes, false alarms, reals), or "went through to the end" (number and a word for it).
fn results_of(fields: &Fields) -> Option<Vec<ResultLine>> {
    let line = |parts: &Vec<String>| {
        let whole = |text: &String| text.parse::<u32>().ok();
        let (phone, did) = match parts.as_slice() {
            [phone, sitting, theta, error, right, wrong, dont_know] => {
                let mark = Mark {
                    theta_milli: milli(theta)?,
                    error_milli: u32::try_from(milli(error)?).ok()?,
                    right: whole(right)?,
                    wrong: whole(wrong)?,
                    dont_know: whole(dont_know)?,
                };
                (phone, Did::Tested(sitting_of(sitting)?, mark))
            }
            [phone, sitting, hits, fakes, false_alarms, reals] => {
                let counts = [whole(hits)?, whole(fakes)?, whole(false_alarms)?, whole(reals)?];
                (phone, Did::Sorted(sitting_of(sitting)?, counts))
            }
            [phone, word] if matches!(word.as_str(), "学完" | "completed") => (phone, Did::Completed),
            _ => return None,
        };
        Some(ResultLine { phone: phone.clone(), did })
    };
    lines(fields.get("results")).iter().map(line).collect()
}

fn told(f: &Frame, outcome: ListOutcome) -> String {
    let first = f.ab("campaign-list-told", outcome.counted, outcome.again);
    match outcome.unknown {
        0 => first,
        unknown => format!("{first}{}", f.t1("campaign-list-unknown", "count", unknown)),
    }
}

/// `POST /staff/campaigns/{id}/{number}/list`.
pub(super) async fn list(
    Path((id, number)): Path<(String, String)>,
    wish: StaffMove,
) -> Result<Response, Fail> {
    let (here, staff) = ((named(&id)?, number_of(&number)?), &wish.staff);
    let outcome = match list_of(&wish.fields) {
        Some(lines) => staff.visit.site.desk.enter_list(&staff.caller, here, &lines).await,
        None => return unreadable(staff, here, &wish.fields, "list").await,
    };
    entered(staff, here, &wish.fields, ("list", outcome)).await
}

/// `POST /staff/campaigns/{id}/{number}/results`.
pub(super) async fn results(
    Path((id, number)): Path<(String, String)>,
    wish: StaffMove,
) -> Result<Response, Fail> {
    let (here, staff) = ((named(&id)?, number_of(&number)?), &wish.staff);
    let outcome = match results_of(&wish.fields) {
        Some(lines) => staff.visit.site.desk.enter_results(&staff.caller, here, &lines).await,
        None => return unreadable(staff, here, &wish.fields, "results").await,
    };
    entered(staff, here, &wish.fields, ("results", outcome)).await
}

async fn unreadable(
    staff: &Staff,
    here: (CampaignId, u32),
    fields: &Fields,
    field: &'static str,
) -> Result<Response, Fail> {
    let mut form = FormState::typed(fields.clone());
    form.mark(field, staff.visit.say("campaign-list-wrong"));
    page(staff, here, form, (StatusCode::UNPROCESSABLE_ENTITY, None)).await
}

async fn entered(
    staff: &Staff,
    here: (CampaignId, u32),
    fields: &Fields,
    (field, outcome): (&'static str, Result<ListOutcome, mingbai_desk::DeskError>),
) -> Result<Response, Fail> {
    let f = staff.titled("");
    match outcome {
        Ok(outcome) => page(staff, here, FormState::empty(), (StatusCode::OK, Some(told(&f, outcome)))).await,
        Err(error) => {
            let Back { status, .. } = back::form(&f, fields, field, error.clone())?;
            let mut form = FormState::typed(fields.clone());
            form.mark(field, error.words().get(f.lang()));
            page(staff, here, form, (status, None)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &str, text: &str) -> Fields {
        Fields::of(vec![(name.to_owned(), text.to_owned())]).unwrap_or_default()
    }

    #[test]
    fn a_list_is_read_whole_or_not_at_all() {
        let read = list_of(&fields("list", "1,13800000000\n2\n3 ,  \n")).unwrap_or_default();
        assert_eq!(
            read.iter().map(|one| (one.line, one.phone.as_str())).collect::<Vec<_>>(),
            [(1, "13800000000"), (2, ""), (3, "")]
        );
        for odd in ["x", "1\n0,2", "1,2,3", "-1", "�,13800000000"] {
            assert!(list_of(&fields("list", odd)).is_none(), "{odd}");
        }
    }

    #[test]
    fn results_are_read_without_rounding() {
        let read = results_of(&fields("results", "13800000000,前测,-0.35,0.4,5,4,1")).unwrap_or_default();
        let mark = Mark { theta_milli: -350, error_milli: 400, right: 5, wrong: 4, dont_know: 1 };
        assert_eq!(read.first().map(|one| one.did), Some(Did::Tested(Sitting::Before, mark)));
        let more = results_of(&fields("results", "1,后测,9,10,2,10\n1,学完")).unwrap_or_default();
        let did: Vec<Did> = more.iter().map(|one| one.did).collect();
        assert_eq!(did, [Did::Sorted(Sitting::After, [9, 10, 2, 10]), Did::Completed]);
        for odd in ["1,前测,0", "1,later,1e3,0.4,1,1,1", "1,中测,0,0.4,1,1,1", "1,前测,0.1234,0.4,1,1,1"]
        {
            assert!(results_of(&fields("results", odd)).is_none(), "{odd}");
        }
    }
}
