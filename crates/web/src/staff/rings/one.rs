//! One ring: picture, table, members with how their loans stand, the words for the call, every record, and what may be done now.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::trust::ring::{Action, Appealed, Ending, Heard, Picture, RingId, Stage, questions};
use mingbai_desk::trust::{RingFile, Standing};

use super::super::nav::{Nav, Place};
use super::super::say;
use super::picture::{Drawing, draw, names};
use super::{Mark, at, mark, named};
use crate::door::{Fail, Staff};
use crate::form::FormState;
use crate::page::{Frame, show_as};
use crate::when;

/// Every form of the page; its name is also its anchor.
pub(super) const ACTS: [&str; 7] = ["call", "decide", "appeal", "act", "note", "propose", "close"];

/// A form that comes back.
pub(super) struct Returned {
    pub(super) which: &'static str,
    pub(super) form: FormState,
}

/// A choice of a list.
struct Choice {
    key: String,
    label: String,
    chosen: bool,
}

/// A shared thing as the table shows it.
struct Shared {
    name: String,
    who: String,
    count: usize,
    first: String,
    last: String,
}

/// A member as the table shows her.
struct Member {
    number: usize,
    address: String,
    reference: String,
    external_ref: String,
    mark: Mark,
    calls: String,
}

/// An appeal that waits.
struct Waits {
    seq: u64,
    reference: String,
    text: Vec<String>,
}

/// A record in words.
struct Line {
    seq: u64,
    index: u64,
    at: String,
    actor: String,
    words: String,
    text: Vec<String>,
}

/// What may be done now.
struct Offer {
    /// Calls, decisions, actions and notes.
    work: bool,
    /// A decision about somebody who still waits after the end.
    decide: bool,
    appeal: bool,
    propose: bool,
    /// A wish to close it that somebody else had: record, ending, why.
    close: Option<(u64, String, String)>,
    /// The key of the sentence about a second person, if that is what is waited for.
    own: bool,
}

impl Offer {
    fn of(staff: &Staff, f: &Frame, file: &RingFile) -> Self {
        let may = staff.is(StaffRole::Compliance);
        let me = staff.caller.actor();
        let open = !file.ring.is_closed();
        let waits = file
            .members
            .iter()
            .any(|one| matches!(one.standing, Standing::Waits | Standing::Pressed | Standing::Kept));
        let (close, own) = match &file.ring.stage {
            Stage::Open(Some(proposal)) if proposal.by != me => {
                let said = (proposal.seq, f.w(proposal.ending.name()), proposal.why.clone());
                (may.then_some(said), false)
            }
            Stage::Open(Some(_)) => (None, may),
            _ => (None, false),
        };
        Offer {
            work: may && open,
            decide: may && waits,
            appeal: may && !file.appeals.is_empty(),
            propose: may && open && file.appeals.is_empty(),
            close,
            own,
        }
    }
}

#[derive(Template)]
#[template(path = "staff/ring.html")]
struct RingPage {
    f: Frame,
    n: Nav,
    returned: Returned,
    here: String,
    head: Vec<(String, String)>,
    state: &'static str,
    stage: String,
    drawing: Drawing,
    shared: Vec<Shared>,
    tested: Vec<String>,
    listed: Option<String>,
    members: Vec<Member>,
    questions: Vec<String>,
    appeals: Vec<Waits>,
    offer: Offer,
    who: Vec<Choice>,
    decided: Vec<Choice>,
    heard: Vec<Choice>,
    decisions: Vec<Choice>,
    appealed: Vec<Choice>,
    actions: Vec<Choice>,
    endings: Vec<Choice>,
    lines: Vec<Line>,
}

impl RingPage {
    /// What was typed into a form of the page.
    fn form(&self, which: &str) -> FormState {
        match self.returned.which == which {
            true => self.returned.form.clone(),
            false => FormState::empty(),
        }
    }
}

/// `GET /staff/rings/{id}`.
pub(super) async fn show(Path(id): Path<String>, staff: Staff) -> Result<Response, Fail> {
    let none = Returned { which: "", form: FormState::empty() };
    page(&staff, named(&id)?, none, StatusCode::OK).await
}

/// The page, with a form that came back.
pub(super) async fn page(
    staff: &Staff,
    id: RingId,
    returned: Returned,
    status: StatusCode,
) -> Result<Response, Fail> {
    let file = staff.visit.site.desk.ring_file(&staff.caller, id).await?;
    let f = staff.titled(staff.visit.say("ring-title"));
    let offer = Offer::of(staff, &f, &file);
    let ring = &file.ring;
    let picture = &ring.picture;
    let marks: Vec<Mark> = picture.members.iter().map(|id| mark(&f, standing(&file, *id))).collect();
    let (state, stage) = match &ring.stage {
        Stage::Open(None) => ("todo", f.t("rings-stage-open")),
        Stage::Open(Some(_)) => ("todo", f.t("rings-stage-proposed")),
        Stage::Closed(closed) => {
            ("done", f.ab("ring-closed", f.w(closed.proposal.ending.name()), when::exact(closed.at_ms)))
        }
    };
    let chosen = |name: &str| returned.form.value(name).to_owned();
    let page = RingPage {
        n: Nav::new(staff, &f, Place::Rings),
        here: at(id),
        head: head(&f, &file),
        state,
        stage,
        drawing: draw(&f, picture, &marks),
        shared: shared(&f, picture),
        tested: tested(&f, picture),
        listed: (picture.listed > 0).then(|| f.t1("ring-listed", "count", picture.listed)),
        members: file.members.iter().enumerate().map(|(place, one)| member(&f, &file, place, one)).collect(),
        questions: questions(picture).iter().map(|words| f.w(words.clone())).collect(),
        appeals: file.appeals.iter().map(|(seq, journey, text)| waits(*seq, *journey, text)).collect(),
        who: people(&f, &file, &chosen("journey"), |_| true),
        decided: people(&f, &file, &chosen("journey"), |one| {
            matches!(one, Standing::Waits | Standing::Pressed | Standing::Kept)
        }),
        heard: Heard::ALL.iter().map(|one| choice(one.key(), f.w(one.name()), &chosen("heard"))).collect(),
        decisions: ["allowed", "upheld"]
            .into_iter()
            .map(|key| choice(key, f.t(&format!("ring-decision-{key}")), &chosen("decision")))
            .collect(),
        appealed: Appealed::ALL
            .iter()
            .map(|one| choice(one.key(), f.w(one.name()), &chosen("decision")))
            .collect(),
        actions: Action::ALL
            .iter()
            .map(|one| choice(one.key(), f.w(one.name()), &chosen("action")))
            .collect(),
        endings: Ending::ALL
            .iter()
            .map(|one| choice(one.key(), f.w(one.name()), &chosen("ending")))
            .collect(),
        lines: file.records.iter().map(|one| line(&f, one)).collect(),
        offer,
        returned,
        f,
    };
    show_as(status, &page)
}

fn choice(key: &str, label: String, chosen: &str) -> Choice {
    Choice { key: key.to_owned(), label, chosen: key == chosen }
}

fn standing(file: &RingFile, id: uuid::Uuid) -> Standing {
    let found = file.members.iter().find(|one| one.journey.uuid() == id);
    found.map_or(Standing::Never, |one| one.standing)
}

fn head(f: &Frame, file: &RingFile) -> Vec<(String, String)> {
    let ring = &file.ring;
    vec![
        (f.t("ring-reference"), ring.id().shown()),
        (f.t("ring-care"), f.w(ring.picture.care.name())),
        (f.t("ring-members"), ring.members.len().to_string()),
        (f.t("ring-window"), f.t1("ring-days", "days", ring.picture.window_days)),
        (f.t("ring-opened"), when::exact(ring.opened_at_ms)),
        (f.t("ring-updated"), when::exact(ring.last_at_ms())),
    ]
}

fn shared(f: &Frame, picture: &Picture) -> Vec<Shared> {
    let day = |at_s: u32| when::shown(i64::from(at_s) * 1000, f.lang());
    let who = |places: &[u32]| {
        let names: Vec<String> = places.iter().map(|place| f.t1("ring-loan", "number", place + 1)).collect();
        names.join(&f.t("ring-and"))
    };
    let row = |(share, name): (&mingbai_desk::core::trust::ring::Share, String)| Shared {
        name,
        who: who(&share.members),
        count: share.members.len(),
        first: day(share.between_s.0),
        last: day(share.between_s.1),
    };
    picture.shares.iter().zip(names(f, picture)).map(row).collect()
}

fn tested(f: &Frame, picture: &Picture) -> Vec<String> {
    picture
        .tested
        .iter()
        .map(|one| f.ab("ring-tested", f.w(one.innocent.name()), f.w(one.finding.name())))
        .collect()
}

fn member(f: &Frame, file: &RingFile, place: usize, one: &mingbai_desk::trust::MemberFace) -> Member {
    let calls = file.ring.calls.iter().filter(|call| call.journey == one.journey.uuid());
    let said: Vec<String> =
        calls.map(|call| f.ab("ring-call-line", when::exact(call.at_ms), f.w(call.heard.name()))).collect();
    Member {
        number: place + 1,
        address: super::super::at(one.journey, ""),
        reference: one.journey.reference(),
        external_ref: one.external_ref.clone(),
        mark: mark(f, one.standing),
        calls: if said.is_empty() { f.t("ring-not-called") } else { said.join(" ") },
    }
}

fn people(f: &Frame, file: &RingFile, chosen: &str, wanted: impl Fn(Standing) -> bool) -> Vec<Choice> {
    let all = file.members.iter().enumerate().filter(|(_, one)| wanted(one.standing));
    all.map(|(place, one)| {
        let label = f.ab("ring-person", (place + 1).to_string(), one.journey.reference());
        choice(&one.journey.to_string(), label, chosen)
    })
    .collect()
}

fn waits(seq: u64, journey: uuid::Uuid, text: &str) -> Waits {
    let reference = mingbai_desk::core::borrow::JourneyId::new(journey).reference();
    Waits { seq, reference, text: text.lines().map(str::to_owned).collect() }
}

fn line(f: &Frame, one: &mingbai_desk::trust::RingRecord) -> Line {
    Line {
        seq: one.seq,
        index: one.index,
        at: when::exact(one.at_ms),
        actor: say::actor(f, &one.actor),
        words: f.w(one.words.clone()),
        text: one.text.as_deref().unwrap_or_default().lines().map(str::to_owned).collect(),
    }
}
