//! Her own complaint: followed with reference and code, added to, taken back, looked at again. What opened it stays in a cookie of this part
//! of the site for half an hour, so that a page can be read again and a language chosen; the desk checks it every time.

use askama::Template;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use mingbai_desk::ErrorKind;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::complaint::{Complaint, Stage};
use mingbai_desk::trust::{HerComplaint, HerWish, answers};

use super::complain::{Clocks, marked};
use crate::door::{Fail, Kind, Site, Visit, cookie, csrf_for, posted};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show, show_as};
use crate::when;

/// Cookie with reference and code; the browser sends it to these pages only.
const COOKIE: &str = "mb_c";
const PATH: &str = "/trust/complaint";
const MAX_AGE_S: i64 = 30 * 60;
/// The most letters of either that are kept.
const LETTERS: usize = 40;

/// A redirection that keeps reference and code in this browser.
pub(crate) fn enter(site: &Site, reference: &str, code: &str, to: &str) -> Response {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).take(LETTERS).collect::<String>().to_uppercase()
    };
    let guard = cookie::Guard { path: PATH, max_age_s: MAX_AGE_S, transport: site.transport };
    let mut response = see_other(to);
    if let Some(value) = cookie::set(COOKIE, &format!("{}.{}", plain(reference), plain(code)), guard) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A complaint that this browser has opened.
pub(super) struct Hers {
    visit: Visit,
    cookie: String,
    hers: HerComplaint,
}

impl Hers {
    async fn of(parts: &Parts, visit: Visit) -> Result<Option<Self>, Fail> {
        let Some(cookie) = cookie::value(&parts.headers, COOKIE).map(str::to_owned) else { return Ok(None) };
        let (reference, code) = split(&cookie);
        match visit.site.desk.her_complaint(reference, code).await {
            Ok(hers) => Ok(Some(Hers { visit, cookie, hers })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn frame(&self, key: &str) -> Frame {
        Frame::new(&self.visit, self.visit.say(key)).with_forms(&csrf_for(&self.cookie))
    }
}

fn split(cookie: &str) -> (&str, &str) {
    cookie.split_once('.').unwrap_or((cookie, ""))
}

/// Whoever comes to these pages, and the complaint that the browser has opened, if it has.
pub(super) struct Comes {
    visit: Visit,
    hers: Option<Hers>,
}

impl FromRequestParts<Site> for Comes {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fail> {
        let visit = Visit::from_request_parts(parts, site).await?;
        let hers = Hers::of(parts, visit.clone()).await?;
        Ok(Comes { visit, hers })
    }
}

#[derive(Template)]
#[template(path = "trust/complaint_ask.html")]
struct AskPage {
    f: Frame,
    form: FormState,
}

/// `GET /trust/complaint`: reference and code, or the complaint that they opened.
pub(super) async fn show_or_ask(comes: Comes) -> Result<Response, Fail> {
    match comes.hers {
        Some(hers) => follow(&hers, FormState::empty(), StatusCode::OK),
        None => ask(&comes.visit, FormState::empty(), StatusCode::OK),
    }
}

fn ask(visit: &Visit, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    show_as(status, &AskPage { f: Frame::new(visit, visit.say("complaint-ask-title")), form })
}

/// `POST /trust/complaint`.
pub(super) async fn open(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    visit.try_secret()?;
    let (reference, code) = (fields.get("reference"), fields.get("code"));
    match site.desk.her_complaint(reference, code).await {
        Ok(hers) => Ok(enter(&site, &hers.complaint.id().reference(), code, PATH)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let text = error.tell(visit.look.lang);
            // The code does not come back: it is a secret, and one of the two was wrong.
            let typed = Fields::of(vec![("reference".to_owned(), reference.to_owned())]).unwrap_or_default();
            let mut form = FormState::typed(typed);
            form.mark("reference", text);
            ask(&visit, form, StatusCode::NOT_FOUND)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "trust/complained.html")]
struct ReceivedPage {
    f: Frame,
    reference: String,
    code: String,
    due: String,
    clocks: Clocks,
}

/// `GET /trust/complaint/received`: what she takes home.
pub(super) async fn received(comes: Comes) -> Result<Response, Fail> {
    let Some(hers) = comes.hers else { return Ok(see_other(PATH)) };
    let f = hers.frame("complained-title");
    let complaint = &hers.hers.complaint;
    let due_ms = complaint.due_ms().unwrap_or_else(|| complaint.last_at_ms());
    let code: Vec<char> = split(&hers.cookie).1.chars().collect();
    let page = ReceivedPage {
        reference: complaint.id().shown(),
        code: code.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" "),
        due: when::day(due_ms, f.lang()),
        clocks: Clocks::of(&f, &hers.visit.site),
        f,
    };
    show(&page)
}

/// An answer as she reads it.
struct Given {
    number: usize,
    on: String,
    outcome: String,
    text: Vec<String>,
    refund: Option<String>,
}

/// Something that happened, with its day.
struct Step {
    on: String,
    what: String,
    more: Vec<String>,
}

#[derive(Template)]
#[template(path = "trust/complaint.html")]
struct FollowPage {
    f: Frame,
    form: FormState,
    reference: String,
    now: String,
    tone: &'static str,
    next: Option<String>,
    asked: Vec<(String, String)>,
    answers: Vec<Given>,
    steps: Vec<Step>,
    again: Option<String>,
    mediate: bool,
    open: bool,
    wish: Option<String>,
}

fn follow(hers: &Hers, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = hers.frame("complaint-title");
    let complaint = &hers.hers.complaint;
    let now_ms = hers.visit.site.desk.now_ms();
    let text = |sealed| hers.hers.texts.of(sealed).map(str::to_owned);
    let late = complaint.due_ms().is_some_and(|due_ms| due_ms < now_ms);
    let until = complaint.recheck_until_ms().filter(|until_ms| now_ms <= *until_ms);
    let page = FollowPage {
        reference: complaint.id().shown(),
        now: f.t(&format!("complaint-now-{}", complaint.stage.key())),
        tone: if late { "alarm" } else { "good" },
        next: next(&f, complaint, late),
        asked: complaint.asked.iter().map(|(paper, why)| (f.w(paper.kind.name()), why.clone())).collect(),
        answers: given(&f, hers),
        steps: steps(&f, hers),
        again: until.map(|until_ms| f.t1("complaint-recheck-lead", "date", when::day(until_ms, f.lang()))),
        mediate: complaint.stage.key() == "answered",
        open: !matches!(complaint.stage, Stage::Closed(_)),
        wish: complaint.received.wish.as_ref().and_then(text),
        form,
        f,
    };
    show_as(status, &page)
}

/// The next day that matters to her.
fn next(f: &Frame, complaint: &Complaint, late: bool) -> Option<String> {
    let due = when::day(complaint.due_ms()?, f.lang());
    Some(f.t1(if late { "complaint-late" } else { "complaint-due" }, "date", due))
}

fn given(f: &Frame, hers: &Hers) -> Vec<Given> {
    let complaint = &hers.hers.complaint;
    let one = |(place, answer): (usize, &mingbai_desk::core::trust::complaint::Answer)| {
        let draft = &answer.proposal.draft;
        let text = hers.hers.texts.of(&draft.text).unwrap_or_default();
        Given {
            number: place + 1,
            on: when::day(answer.at_ms, f.lang()),
            outcome: f.w(draft.outcome.name()),
            text: text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
            refund: (!draft.refund_fen.is_zero())
                .then(|| f.ab("complaint-refund", f.yuan(&draft.refund_fen), f.yuan(&complaint.paid_fen))),
        }
    };
    answers(complaint).into_iter().enumerate().map(one).collect()
}

fn steps(f: &Frame, hers: &Hers) -> Vec<Step> {
    let complaint = &hers.hers.complaint;
    let received = &complaint.received;
    let texts = &hers.hers.texts;
    let story = texts.of(&received.story).map(|text| text.lines().map(str::to_owned).collect());
    let came = f.t1("complaint-step-received", "channel", f.w(received.channel.name()));
    let mut found = vec![(received.received_at_ms, came, story.unwrap_or_default())];
    found.extend(complaint.acknowledged_at_ms.map(|at_ms| (at_ms, f.t("complaint-step-told"), Vec::new())));
    for taken in &complaint.extensions {
        found.push((taken.at_ms, f.t("complaint-step-longer"), vec![taken.reason.clone()]));
    }
    for note in &complaint.notes {
        if let Some(text) = texts.of(&note.text) {
            found.push((note.at_ms, f.t("complaint-step-added"), text.lines().map(str::to_owned).collect()));
        }
    }
    for answer in answers(complaint) {
        found.push((answer.at_ms, f.t("complaint-step-answered"), Vec::new()));
    }
    if let Stage::Recheck(again) = &complaint.stage {
        found.push((again.asked_at_ms, f.t("complaint-step-recheck"), Vec::new()));
    }
    if let Stage::Closed(closed) = &complaint.stage {
        found.push((closed.at_ms, f.t("complaint-step-over"), Vec::new()));
    }
    found.sort_by_key(|(at_ms, ..)| *at_ms);
    let step = |(at_ms, what, more)| Step { on: when::day(at_ms, f.lang()), what, more };
    found.into_iter().map(step).collect()
}

/// `GET /trust/complaint/letter/{number}`.
pub(super) async fn letter(comes: Comes, Path(number): Path<String>) -> Result<Response, Fail> {
    let Some(hers) = comes.hers else { return Ok(see_other(PATH)) };
    let number: usize = number.parse().map_err(|_| Fail::of(Kind::NotFound))?;
    let look = (hers.visit.look.lang, hers.visit.look.size);
    let pdf = hers.visit.site.desk.her_letter(split(&hers.cookie), number, look).await?;
    let reference = hers.hers.complaint.id().reference();
    Ok(crate::borrow::pdf(&format!("mingbai-answer-{reference}-{number}.pdf"), pdf))
}

/// `POST /trust/complaint/{wish}`: what she does herself.
pub(super) async fn act(
    State(site): State<Site>,
    Path(wish): Path<String>,
    request: Request,
) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let Comes { visit, hers } = Comes::from_request_parts(&mut parts, &site).await?;
    let Some(hers) = hers else { return Ok(see_other(PATH)) };
    let fields = posted(Request::from_parts(parts, body), &site, Some(&hers.cookie)).await?;
    let text = fields.get("text").to_owned();
    let (which, wish) = match wish.as_str() {
        "add" => ("add", HerWish::Add(text)),
        "recheck" => ("recheck", HerWish::AskRecheck(text)),
        "mediation" => ("mediation", HerWish::AskMediation),
        "withdraw" => ("withdraw", HerWish::Withdraw(text)),
        "leave" => return Ok(leave(&site)),
        _ => return Err(Fail::of(Kind::NotFound)),
    };
    let (reference, code) = split(&hers.cookie);
    match site.desk.act_as_complainant(reference, code, wish).await {
        Ok(_) => Ok(see_other(PATH)),
        Err(error) => {
            // What is wrong stands at the form that was sent: all of them have a field `text`.
            let said = marked(&visit, fields.clone(), error)?;
            let mut form = FormState::typed(fields);
            form.mark(which, said.errors().first().map_or("", |wrong| wrong.text.as_str()));
            follow(&hers, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// Forgets reference and code in this browser.
fn leave(site: &Site) -> Response {
    let guard = cookie::Guard { path: PATH, max_age_s: 0, transport: site.transport };
    let mut response = see_other("/");
    let gone: Option<HeaderValue> = cookie::set(COOKIE, "", guard);
    if let Some(value) = gone {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
