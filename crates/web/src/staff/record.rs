//! The recording as staff see it: a consultant begins, explains and appeals; compliance looks at what no machine could tell. Every form
//! is one wish of the core.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::borrow::recording::Findings;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::event::Choice;
use mingbai_desk::core::borrow::recording::{
    Answer, Appealed, CONSULTANT_NODE, Check, Explained, Mode, NodeDecision, NodeMark, NodeStanding,
    NodeVerdict, Outcome, Recording, Reviewed, Verdict, Wish,
};
use mingbai_desk::core::borrow::script::{Expected, Spoken};
use mingbai_desk::core::borrow::state::Stage;

use super::back::{self, Back};
use super::nav::{Nav, Place};
use super::{at, named, say};
use crate::door::{Fail, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// One part with everything that is known about it.
pub(super) struct Part {
    pub(super) id: String,
    pub(super) number: usize,
    pub(super) text: String,
    /// Class and words of how it stands.
    pub(super) state: (&'static str, String),
    /// What she answered, and what would go on.
    pub(super) answer: String,
    /// What is wrong or unknown, with the moment to look at.
    pub(super) found: Vec<Found>,
    /// What people said about it.
    pub(super) said: Vec<String>,
    /// Where in which file it lies; `None` until it was played and kept.
    pub(super) place: Option<Spot>,
    waits: bool,
    failed: bool,
}

/// A finding in words.
pub(super) struct Found {
    pub(super) text: String,
    /// Seconds from the beginning of the file.
    pub(super) at_s: Option<i64>,
    /// The same as minutes and seconds.
    pub(super) clock: String,
}

impl Found {
    fn told(text: String) -> Self {
        Found { text, at_s: None, clock: String::new() }
    }

    fn at(text: String, at_ms: i64) -> Self {
        Found { text, at_s: Some(at_ms / 1_000), clock: clock(at_ms) }
    }
}

/// Where a part lies.
#[derive(Clone)]
pub(super) struct Spot {
    pub(super) side: &'static str,
    pub(super) take: u32,
    pub(super) from_s: i64,
    pub(super) clock: String,
}

/// Minutes and seconds.
pub(super) fn clock(ms: i64) -> String {
    let s = ms.max(0) / 1_000;
    format!("{}:{:02}", s / 60, s % 60)
}

fn state(f: &Frame, standing: NodeStanding) -> (&'static str, String) {
    let (class, key) = match standing {
        NodeStanding::ToPlay => ("todo", "record-staff-to-play"),
        NodeStanding::Waits => ("todo", "record-staff-waits"),
        NodeStanding::AwaitsReview => ("todo", "record-staff-review"),
        NodeStanding::Redo => ("bad", "record-staff-redo"),
        NodeStanding::Fine(_) => ("done", "record-staff-fine"),
    };
    let sign = match class {
        "done" => "✓",
        "bad" => "✗",
        _ => "○",
    };
    (class, format!("{sign} {}", f.t(key)))
}

fn answer(f: &Frame, mark: &NodeMark, given: Option<Answer>) -> String {
    let Some(given) = given.filter(|_| mark.id != CONSULTANT_NODE) else { return String::new() };
    let said = f.t(match given {
        Answer::Yes => "record-yes",
        Answer::No => "record-no",
        Answer::Doubt => "record-staff-doubted",
    });
    let wanted = f.t(if mark.expects == Expected::Yes { "record-yes" } else { "record-no" });
    f.ab("record-staff-answer", said, wanted)
}

/// Every part of a recording, in order.
pub(super) fn parts(f: &Frame, recording: &Recording, spoken: &[Spoken], findings: &[Findings]) -> Vec<Part> {
    let part = |(index, mark): (usize, &NodeMark)| {
        let known = recording.states.get(&mark.id);
        let played = known.and_then(|known| known.played.as_ref()).map(|(_, played)| played);
        let side = Recording::side_of(&mark.id);
        let kept = played.filter(|played| recording.takes.contains_key(&(side, played.take)));
        let verdict = known.and_then(|known| known.verdict.as_ref()).map(|(_, verdict)| verdict);
        let standing = recording.node_standing(mark);
        let text = match spoken.iter().find(|one| one.id == mark.id) {
            Some(one) => f.w(&one.text),
            None => f.t("record-staff-consultant-side"),
        };
        let of = |one: &&Findings| one.side == side && played.is_some_and(|played| played.take == one.take);
        let whole = findings.iter().find(of).and_then(|one| one.nodes.iter().find(|node| node.id == mark.id));
        Part {
            id: mark.id.clone(),
            number: index + 1,
            text,
            state: state(f, standing),
            answer: answer(f, mark, played.map(|played| played.answer)),
            found: match (verdict, whole) {
                (Some(_), Some(node)) => found(f, &node.checks),
                (Some(verdict), None) => in_short(f, verdict),
                (None, _) => Vec::new(),
            },
            said: known.map(|known| said(f, known)).unwrap_or_default(),
            place: kept.map(|played| Spot {
                side: side.key(),
                take: played.take,
                from_s: played.start_ms / 1_000,
                clock: clock(played.start_ms),
            }),
            waits: standing == NodeStanding::AwaitsReview,
            failed: standing == NodeStanding::Redo
                && verdict.is_some_and(|verdict| verdict.verdict == Verdict::Failed)
                && known.is_some_and(|known| known.appealed.is_none() && known.human.is_none()),
        }
    };
    recording.nodes().iter().enumerate().map(part).collect()
}

/// What failed, with its moment, and what nobody could check. One reason that holds for every check is said once.
fn found(f: &Frame, checks: &[(Check, Outcome)]) -> Vec<Found> {
    let mut all = Vec::new();
    let mut passed = Vec::new();
    let mut open: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (check, outcome) in checks {
        let name = f.w(check.name());
        match outcome {
            Outcome::Passed => passed.push(name),
            Outcome::Failed { at_ms, why } => {
                let text = f.two("record-staff-failed", ("check", &name), ("why", &f.w(why)));
                all.push(Found::at(text, *at_ms));
            }
            Outcome::NotChecked { why } => open.entry(f.w(why)).or_default().push(name),
        }
    }
    for (why, names) in open {
        let names = match names.len() == Check::ALL.len() {
            true => f.t("record-staff-every-check"),
            false => names.join(" · "),
        };
        all.push(Found::told(f.two("record-staff-unchecked", ("check", &names), ("why", &why))));
    }
    if !passed.is_empty() {
        all.push(Found::told(f.t1("record-staff-passed", "checks", passed.join(" · "))));
    }
    all
}

/// What the evidence itself says about a part whose findings lie with an earlier inspection.
fn in_short(f: &Frame, verdict: &NodeVerdict) -> Vec<Found> {
    let failed = verdict.failed.iter().map(|(check, at_ms)| {
        Found::at(f.two("record-staff-failed", ("check", &f.w(check.name())), ("why", "")), *at_ms)
    });
    let open: Vec<String> = verdict.not_checked.iter().map(|check| f.w(check.name())).collect();
    let open = (!open.is_empty())
        .then(|| Found::told(f.two("record-staff-unchecked", ("check", &open.join(" · ")), ("why", ""))));
    failed.chain(open).collect()
}

fn said(f: &Frame, known: &mingbai_desk::core::borrow::recording::NodeState) -> Vec<String> {
    let mut all = Vec::new();
    if let Some((mark, reason)) = &known.appealed {
        let who = say::stamp(f, &mark.actor, mark.at_ms);
        all.push(f.two("record-staff-appealed", ("who", &who), ("reason", reason)));
    }
    if let Some((mark, decision)) = &known.human {
        let who = say::stamp(f, &mark.actor, mark.at_ms);
        let key = match decision {
            NodeDecision::Accepted => "record-staff-accepted",
            NodeDecision::Redo => "record-staff-sent-back",
        };
        all.push(f.t1(key, "who", who));
    }
    all
}

/// What this account may do about it now.
struct Offer {
    begin: bool,
    /// Why she cannot begin, in words.
    untrained: Option<String>,
    explain: Option<String>,
    review: bool,
    appeal: bool,
    play: bool,
}

#[derive(Template)]
#[template(path = "staff/record.html")]
struct RecordPage {
    f: Frame,
    n: Nav,
    form: FormState,
    here: String,
    back: String,
    link: String,
    recording: String,
    head: Vec<(String, String)>,
    state: (&'static str, String),
    machine: bool,
    parts: Vec<Part>,
    offer: Offer,
}

impl RecordPage {
    fn waiting(&self) -> Vec<&Part> {
        self.parts.iter().filter(|part| part.waits).collect()
    }

    fn failing(&self) -> Vec<&Part> {
        self.parts.iter().filter(|part| part.failed).collect()
    }
}

/// `GET /staff/journeys/{id}/record`.
pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&staff, named(&id)?, FormState::empty(), StatusCode::OK).await
}

/// The findings, which are there after an inspection only.
pub(super) async fn findings_of(staff: &Staff, id: JourneyId) -> Result<Vec<Findings>, Fail> {
    match staff.visit.site.desk.findings(&staff.caller, id).await {
        Ok(found) => Ok(found),
        Err(DeskError::NotFound(_)) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

async fn page(staff: &Staff, id: JourneyId, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let view = desk.journey(&staff.caller, id).await?;
    let f = staff.frame("record-staff-title").about(id.reference());
    let recording = view.journey.recording();
    let (spoken, findings) = match recording {
        Some(_) => (desk.spoken(&staff.caller, id).await?, findings_of(staff, id).await?),
        None => (Vec::new(), Vec::new()),
    };
    let parts = recording.map(|one| parts(&f, one, &spoken, &findings)).unwrap_or_default();
    let offer = offer(staff, &f, &view, &parts).await?;
    let page = RecordPage {
        n: Nav::new(staff, &f, Place::Journeys),
        form,
        here: at(id, "record"),
        back: at(id, ""),
        link: format!("/b/{id}"),
        recording: recording.map(|one| one.id().to_owned()).unwrap_or_default(),
        head: recording.map(|one| head(&f, one)).unwrap_or_default(),
        state: summary(&f, &view),
        machine: recording
            .and_then(|one| one.inspection.as_ref())
            .is_none_or(|(_, inspection)| inspection.engine != "none"),
        parts,
        offer,
        f,
    };
    show_as(status, &page)
}

async fn offer(staff: &Staff, f: &Frame, view: &JourneyView, parts: &[Part]) -> Result<Offer, Fail> {
    let desk = &staff.visit.site.desk;
    let journey = &view.journey;
    let recording = journey.recording();
    let missing = journey.missing(&view.pack).iter().any(|one| one.duty == Duty::Recorded);
    let open = missing && journey.stage() == Stage::Ceremony;
    let consultant = staff.is(StaffRole::Consultant) && open;
    let untrained = match staff.caller.login().filter(|_| consultant) {
        Some(login) => match desk.trained(login).await? {
            Some(one) if desk.now_ms() < one.certificate.valid_until_ms => None,
            Some(one) => {
                Some(f.t1("record-staff-expired", "until", when::exact(one.certificate.valid_until_ms)))
            }
            None => Some(f.t("record-staff-untrained")),
        },
        None => None,
    };
    let doubt = recording.and_then(|one| one.doubt.as_ref()).filter(|_| consultant);
    Ok(Offer {
        begin: consultant && untrained.is_none(),
        untrained,
        explain: doubt.cloned(),
        review: staff.is(StaffRole::Compliance) && open && parts.iter().any(|part| part.waits),
        appeal: consultant && parts.iter().any(|part| part.failed),
        play: !staff.is(StaffRole::Admin) && recording.is_some_and(|one| !one.takes.is_empty()),
    })
}

fn head(f: &Frame, recording: &Recording) -> Vec<(String, String)> {
    let mode = f.t(match recording.begun.mode {
        Mode::OnSite => "record-staff-on-site",
        Mode::Remote => "record-staff-remote",
    });
    let agreed = match &recording.agreed {
        None => f.t("record-staff-not-asked"),
        Some((mark, Choice::Agreed)) => f.t1("record-staff-agreed", "at", when::exact(mark.at_ms)),
        Some((mark, Choice::Declined)) => f.t1("record-staff-declined", "at", when::exact(mark.at_ms)),
    };
    let engine = match &recording.inspection {
        None => f.t("record-staff-not-inspected"),
        Some((_, inspection)) if inspection.engine == "none" => f.t("record-staff-nobody"),
        Some((_, inspection)) => inspection.engine.clone(),
    };
    vec![
        (f.t("record-staff-lead"), say::stamp(f, &recording.mark.actor, recording.mark.at_ms)),
        (f.t("record-staff-mode"), mode),
        (f.t("record-staff-consent"), agreed),
        (f.t("record-staff-files"), recording.takes.len().to_string()),
        (f.t("record-staff-engine"), engine),
        (f.t("record-staff-script"), say::short(recording.begun.script)),
    ]
}

/// The line about how far it is, with its class.
fn summary(f: &Frame, view: &JourneyView) -> (&'static str, String) {
    let missing = view.journey.missing(&view.pack).into_iter().find(|one| one.duty == Duty::Recorded);
    match (missing, view.journey.recording()) {
        (None, _) => ("good", f.t("record-staff-whole")),
        (Some(_), None) => ("care", f.t("record-staff-none")),
        (Some(one), Some(recording)) => {
            let class = if recording.doubt.is_some() { "alarm" } else { "care" };
            (class, f.w(&one.why))
        }
    }
}

/// A wish of staff about the recording; back to the page with words when it is refused.
async fn act(wish: StaffMove, id: JourneyId, what: Wish, field: &str) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let command = Command::Recording(Box::new(what));
    let outcome = staff.visit.site.desk.act(&staff.caller, id, command).await;
    end(&wish, id, outcome, field).await
}

async fn end<T>(
    wish: &StaffMove,
    id: JourneyId,
    outcome: Result<T, DeskError>,
    field: &str,
) -> Result<Response, Fail> {
    match outcome {
        Ok(_) => Ok(see_other(&at(id, "record"))),
        Err(error) => {
            let f = wish.staff.titled("");
            let Back { status, form } = back::form(&f, &wish.fields, field, error)?;
            page(&wish.staff, id, form, status).await
        }
    }
}

/// The recording that the form's page showed. When another was begun since, the rules say no: nobody decides about what she did not see.
fn shown_recording(wish: &StaffMove) -> String {
    wish.fields.get("recording").to_owned()
}

/// `POST record/begin`.
pub(super) async fn begin(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let mode = match wish.fields.get("mode") {
        "on_site" => Mode::OnSite,
        // A remote recording needs the consultant's own side, which no page records yet.
        _ => {
            let mut form = FormState::typed(wish.fields.clone());
            form.mark("mode", wish.staff.visit.say("choose-one"));
            return page(&wish.staff, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let outcome = wish.staff.visit.site.desk.begin_recording(&wish.staff.caller, id, mode).await;
    end(&wish, id, outcome, "mode").await
}

/// `POST record/explain`.
pub(super) async fn explain(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let node = wish.fields.get("node").to_owned();
    let explained = Explained { recording: shown_recording(&wish), node };
    act(wish, id, Wish::Explain(explained), "explain").await
}

/// `POST record/appeal`.
pub(super) async fn appeal(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let (node, reason) = (wish.fields.get("node").to_owned(), wish.fields.get("appeal").to_owned());
    let appealed = Appealed { recording: shown_recording(&wish), node, reason };
    act(wish, id, Wish::Appeal(appealed), "appeal").await
}

/// `POST record/review`: only what was chosen is decided.
pub(super) async fn review(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let recording = shown_recording(&wish);
    let view = wish.staff.visit.site.desk.journey(&wish.staff.caller, id).await?;
    let all = view.journey.recording().map(Recording::nodes).unwrap_or_default();
    let chosen = |mark: NodeMark| {
        let decision = match wish.fields.get(&format!("node-{}", mark.id)) {
            "accepted" => NodeDecision::Accepted,
            "redo" => NodeDecision::Redo,
            _ => return None,
        };
        Some((mark.id, decision))
    };
    let nodes: BTreeMap<_, _> = all.into_iter().filter_map(chosen).collect();
    if nodes.is_empty() {
        let mut form = FormState::typed(wish.fields.clone());
        form.mark("review", wish.staff.visit.say("record-staff-review-none"));
        return page(&wish.staff, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let reason = wish.fields.get("reason").to_owned();
    act(wish, id, Wish::Review(Reviewed { recording, nodes, reason }), "reason").await
}
