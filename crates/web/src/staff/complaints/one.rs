//! One complaint: its clocks with their days, her words, what the journey shows, every record, and what may be done now.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::trust::complaint::{
    Complaint, ComplaintId, Level, MediationEnd, Outcome, PaperKind, Remedy, Right, Stage,
};
use mingbai_desk::trust::{ComplaintFile, answers};

use super::super::money::Pair;
use super::super::nav::{Nav, Place};
use super::super::say;
use super::evidence::{self, Evidence};
use super::list::causes;
use super::{Choice, Left, at, cause, left, named};
use crate::door::{Fail, Kind, Site, Staff};
use crate::form::FormState;
use crate::page::{Frame, show_as};
use crate::when;

/// Every form of the page; its name is also its anchor.
pub(super) const ACTS: [&str; 13] = [
    "acknowledge",
    "categorise",
    "link",
    "note",
    "hold",
    "ask",
    "extend",
    "approve-extension",
    "answer",
    "approve",
    "pay",
    "mediation",
    "close",
];

/// A form that comes back.
pub(super) struct Returned {
    pub(super) which: &'static str,
    pub(super) form: FormState,
}

impl Returned {
    fn none() -> Self {
        Returned { which: "", form: FormState::empty() }
    }
}

/// What may be done now.
struct Offer {
    recused: bool,
    acknowledge: bool,
    handle: bool,
    extend: Vec<Choice>,
    approve_extension: Option<String>,
    answer: bool,
    approve: Option<(u64, String)>,
    owed: Option<String>,
    mediation: bool,
    close: bool,
    /// The key of the sentence about a second person who has to act, if that is what is waited for.
    waits: Option<&'static str>,
}

impl Offer {
    fn of(staff: &Staff, f: &Frame, file: &ComplaintFile) -> Self {
        let complaint = &file.complaint;
        let me = staff.caller.actor();
        let recused = staff.caller.login().is_some_and(|login| file.involved.contains(login));
        let may = staff.is(StaffRole::Compliance) && !recused;
        let open = !matches!(complaint.stage, Stage::Closed(_));
        let answered = matches!(complaint.stage, Stage::Answered(_));
        let proposal = complaint.stage.proposal();
        let asked = match &complaint.stage {
            Stage::Open(stage) => stage.asked.as_ref(),
            _ => None,
        };
        // A re-check is somebody else's than who wrote or gave the first answer.
        let other = match &complaint.stage {
            Stage::Recheck(again) => again.first.by != me && again.first.proposal.by != me,
            Stage::Open(_) => true,
            _ => false,
        };
        let owed = complaint.owed_fen();
        let waits = match (proposal, asked) {
            (Some(waits), _) if waits.by == me => Some("staff-complaint-own-draft"),
            (_, Some(asked)) if asked.by == me => Some("staff-complaint-own-extension"),
            _ if may && matches!(complaint.stage, Stage::Recheck(_)) && !other => {
                Some("staff-complaint-own-answer")
            }
            _ => None,
        };
        Offer {
            recused,
            acknowledge: may && open && complaint.acknowledged_at_ms.is_none(),
            handle: may && open,
            extend: if may { longer(f, complaint, staff.visit.site.desk.now_ms()) } else { Vec::new() },
            approve_extension: asked
                .filter(|asked| may && asked.by != me)
                .map(|asked| f.ab("staff-complaint-extension-asked", f.w(asked.level.name()), &asked.reason)),
            answer: may && other && complaint.category.is_some(),
            approve: proposal
                .filter(|waits| may && other && waits.by != me)
                .map(|waits| (waits.seq, f.yuan(&waits.draft.refund_fen))),
            owed: (may && answered && !owed.is_zero()).then(|| f.yuan(&owed)),
            mediation: may && complaint.stage.key() == "mediation",
            close: may && complaint.stage.key() == "answered" && owed.is_zero(),
            waits,
        }
    }
}

/// The clocks that it can still be moved to.
fn longer(f: &Frame, complaint: &Complaint, now_ms: i64) -> Vec<Choice> {
    let Stage::Open(open) = &complaint.stage else { return Vec::new() };
    if complaint.due_ms().is_none_or(|due_ms| due_ms < now_ms) {
        return Vec::new();
    }
    let free = |level: &&Level| match level {
        Level::Simple => false,
        Level::Complex => open.level == Level::Simple,
        Level::VeryComplex => open.level != Level::VeryComplex && open.asked.is_none(),
    };
    let clocks = &complaint.received.clocks;
    let choice = |level: &Level| {
        let until = when::day(clocks.due_ms(complaint.received.received_at_ms, *level), f.lang());
        Choice::new(level.key(), f.ab("staff-complaint-until", f.w(level.name()), until), "")
    };
    Level::ALL.iter().filter(free).map(choice).collect()
}

struct Line {
    seq: u64,
    index: u64,
    at: String,
    actor: String,
    words: String,
    text: Vec<String>,
}

/// A clock: what it is, its last day, and how it stands.
struct Clock {
    name: String,
    until: String,
    state: &'static str,
    mark: String,
}

struct Given {
    number: usize,
    said: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "staff/complaint.html")]
struct ComplaintPage {
    f: Frame,
    n: Nav,
    returned: Returned,
    here: String,
    left: Left,
    head: Vec<Pair>,
    clocks: Vec<Clock>,
    story: Vec<String>,
    wish: Vec<String>,
    recheck: Vec<String>,
    held: Vec<String>,
    asked: Vec<String>,
    given: Vec<Given>,
    draft: Vec<String>,
    offer: Offer,
    causes: Vec<Choice>,
    businesses: Vec<Choice>,
    rights: Vec<Choice>,
    papers: Vec<Choice>,
    outcomes: Vec<Choice>,
    remedies: Vec<Choice>,
    ends: Vec<Choice>,
    evidence: Option<Evidence>,
    lines: Vec<Line>,
}

impl ComplaintPage {
    /// The state of one of the forms.
    fn form(&self, which: &str) -> FormState {
        if self.returned.which == which { self.returned.form.clone() } else { FormState::empty() }
    }
}

/// `GET /staff/complaints/{id}`.
pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&staff, named(&id)?, Returned::none(), StatusCode::OK).await
}

/// `GET /staff/complaints/{id}/letter/{number}`: the same letter that she has.
pub(super) async fn letter(
    staff: Staff,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    let number: usize = number.parse().map_err(|_| Fail::of(Kind::NotFound))?;
    let look = (staff.visit.look.lang, staff.visit.look.size);
    let pdf = staff.visit.site.desk.complaint_letter(&staff.caller, id, number, look).await?;
    Ok(crate::borrow::pdf(&format!("mingbai-answer-{}-{number}.pdf", id.reference()), pdf))
}

/// The page, with a form that comes back on it.
pub(super) async fn page(
    staff: &Staff,
    id: ComplaintId,
    returned: Returned,
    status: StatusCode,
) -> Result<Response, Fail> {
    let site = &staff.visit.site;
    let file = site.desk.complaint_file(&staff.caller, id).await?;
    let f = staff.titled(Frame::new(&staff.visit, "").t1("staff-complaint-title", "reference", id.shown()));
    let complaint = &file.complaint;
    let evidence = match complaint.journey {
        Some(journey) => Some(Box::pin(evidence::read(staff, &f, JourneyId::new(journey))).await?),
        None => None,
    };
    let text =
        |sealed| file.texts.of(sealed).map(paragraphs).unwrap_or_else(|| vec![f.t("staff-head-forgotten")]);
    let soon = site.desk.pack().complaints().soon_days.value;
    let form = &returned.form;
    let page = ComplaintPage {
        n: Nav::new(staff, &f, Place::Complaints),
        here: at(id),
        left: left(&f, (complaint.due_ms(), site.desk.now_ms(), soon), complaint.stage.key()),
        head: head(&f, site, &file),
        clocks: clocks(&f, complaint, site.desk.now_ms()),
        story: text(&complaint.received.story),
        wish: complaint.received.wish.as_ref().map(text).unwrap_or_default(),
        recheck: complaint.recheck_why.as_ref().map(text).unwrap_or_default(),
        held: complaint.held.iter().map(|paper| named_paper(&f, paper.kind, &paper.about)).collect(),
        asked: complaint.asked.iter().map(|(paper, _)| named_paper(&f, paper.kind, &paper.about)).collect(),
        given: given(&f, complaint),
        draft: complaint.stage.proposal().map(|waits| text(&waits.draft.text)).unwrap_or_default(),
        offer: Offer::of(staff, &f, &file),
        causes: causes(&f, site, form.value(if returned.which == "close" { "root_cause" } else { "cause" })),
        businesses: businesses(&f, site, form.value("business")),
        rights: Right::ALL
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), form.value("right")))
            .collect(),
        papers: PaperKind::ALL
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), form.value("paper")))
            .collect(),
        outcomes: Outcome::ALL
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), form.value("outcome")))
            .collect(),
        remedies: remedies(&f, form),
        ends: MediationEnd::ALL
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), form.value("end")))
            .collect(),
        evidence,
        lines: file.lines.iter().map(|line| record(&f, line)).collect(),
        returned,
        f,
    };
    show_as(status, &page)
}

fn businesses(f: &Frame, site: &Site, chosen: &str) -> Vec<Choice> {
    let lines = site.desk.causes().businesses.iter();
    lines.map(|line| Choice::new(&line.code, f.w(&line.name), chosen)).collect()
}

fn remedies(f: &Frame, form: &FormState) -> Vec<Choice> {
    let choice = |one: &Remedy| {
        let name = format!("remedy-{}", one.key());
        Choice { chosen: form.chose(&name, "yes"), label: f.w(one.name()), key: name }
    };
    Remedy::ALL.iter().map(choice).collect()
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

fn named_paper(f: &Frame, kind: PaperKind, about: &str) -> String {
    match about {
        "" => f.w(kind.name()),
        about => format!("{}{}", f.w(kind.name()), f.t1("staff-in-brackets", "text", about)),
    }
}

fn record(f: &Frame, line: &mingbai_desk::trust::ComplaintLine) -> Line {
    Line {
        seq: line.seq,
        index: line.index,
        at: when::exact(line.at_ms),
        actor: say::actor(f, &line.actor),
        words: f.w(&line.words),
        text: line.text.as_deref().map(paragraphs).unwrap_or_default(),
    }
}

fn given(f: &Frame, complaint: &Complaint) -> Vec<Given> {
    let one = |(place, answer): (usize, &mingbai_desk::core::trust::complaint::Answer)| Given {
        number: place + 1,
        said: f.ab(
            "staff-stamp",
            f.w(answer.proposal.draft.outcome.name()),
            say::stamp(f, &answer.by, answer.at_ms),
        ),
        late: answer.is_late(),
    };
    answers(complaint).into_iter().enumerate().map(one).collect()
}

fn head(f: &Frame, site: &Site, file: &ComplaintFile) -> Vec<Pair> {
    let complaint = &file.complaint;
    let received = &complaint.received;
    let gone = || f.t("staff-head-forgotten");
    // A published list has no names.
    let given = |text: &str| if text.is_empty() { f.t("staff-complaint-not-given") } else { text.to_owned() };
    let value = |sealed| file.texts.of(sealed).map_or_else(gone, given);
    let mut pairs = vec![
        (f.t("staff-head-stage"), f.t(&format!("complaint-stage-{}", complaint.stage.key()))),
        (f.t("staff-complaint-channel"), f.w(received.channel.name())),
        (f.t("staff-complaint-received"), when::day(received.received_at_ms, f.lang())),
        (f.t("staff-complaint-party"), f.w(received.party.name())),
        (f.t("staff-complaint-name"), value(&received.name)),
        (f.t("staff-complaint-contact"), value(&received.contact)),
        (f.t("staff-complaint-brought"), say::actor(f, &complaint.brought_by)),
        (
            f.t("staff-complaint-told"),
            complaint.acknowledged_at_ms.map_or_else(|| f.t("staff-complaint-not-told"), when::exact),
        ),
    ];
    if let Some(number) = &received.transfer {
        pairs.push((f.t("staff-complaint-transfer"), number.clone()));
    }
    if let Some(category) = &complaint.category {
        pairs.push((f.t("staff-complaint-cause"), cause(f, site, &category.cause)));
        pairs.push((f.t("staff-complaint-right"), f.w(category.right.name())));
    }
    if let Some((id, version)) = &complaint.product {
        pairs.push((f.t("staff-head-product"), f.ab("staff-product-version", id, version)));
    }
    if let Stage::Closed(closed) = &complaint.stage
        && !closed.root_cause.is_empty()
    {
        pairs.push((f.t("staff-complaint-root-cause"), cause(f, site, &closed.root_cause)));
        pairs.push((f.t("staff-complaint-lesson"), closed.lesson.clone()));
    }
    pairs
}

/// Every clock that the pack has for it, with the one that runs marked.
fn clocks(f: &Frame, complaint: &Complaint, now_ms: i64) -> Vec<Clock> {
    let received = &complaint.received;
    let runs = match &complaint.stage {
        Stage::Open(open) => Some(open.level),
        _ => None,
    };
    let mut found: Vec<Clock> = Level::ALL
        .iter()
        .map(|level| {
            let until_ms = received.clocks.due_ms(received.received_at_ms, *level);
            let name = f.ab("staff-complaint-days", f.w(level.name()), received.clocks.days(*level));
            clock(f, name, until_ms, (runs == Some(*level), now_ms))
        })
        .collect();
    if let Some(until_ms) = complaint.recheck_until_ms() {
        found.push(clock(f, f.t("staff-complaint-recheck-ask"), until_ms, (false, now_ms)));
    }
    if let Stage::Recheck(again) = &complaint.stage {
        let until_ms = received.clocks.recheck_due_ms(again.asked_at_ms);
        found.push(clock(f, f.t("staff-complaint-recheck-due"), until_ms, (true, now_ms)));
    }
    found
}

fn clock(f: &Frame, name: String, until_ms: i64, (runs, now_ms): (bool, i64)) -> Clock {
    let (state, key) = match (runs, until_ms < now_ms) {
        (true, true) => ("bad", "staff-complaint-clock-over"),
        (true, false) => ("todo", "staff-complaint-clock-runs"),
        (false, _) => ("", "staff-complaint-clock-idle"),
    };
    Clock { name, until: when::day(until_ms, f.lang()), state, mark: f.t(key) }
}
