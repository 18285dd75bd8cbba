//! Noting a complaint down: what was said at the branch or on the telephone, a letter, a transfer from a regulator's line. The clocks run from
//! the day on which it reached the house, so that day is asked for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::complaint::{Channel, Paper, PaperKind, Party};
use mingbai_desk::ports::Written;
use mingbai_desk::trust::Complain;
use mingbai_desk::{DeskError, ErrorKind};

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::{Choice, at, today, typed_day};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, show_as};
use crate::trust::once;
use crate::when;

/// A paper that may have come with it.
struct Sheet {
    name: String,
    label: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/complaint_note.html")]
struct NotePage {
    f: Frame,
    n: Nav,
    form: FormState,
    once: String,
    channels: Vec<Choice>,
    parties: Vec<Choice>,
    papers: Vec<Sheet>,
    today: String,
    received: String,
    transfers: bool,
}

/// Where this role may have it from.
fn channels(staff: &Staff) -> Vec<Channel> {
    match staff.caller.role() {
        Some(StaffRole::Consultant) => vec![Channel::Phone, Channel::Branch],
        Some(StaffRole::Compliance) => {
            vec![Channel::Phone, Channel::Branch, Channel::Letter, Channel::Nfra, Channel::Pboc]
        }
        _ => Vec::new(),
    }
}

fn place(staff: &Staff) -> Place {
    if staff.is(StaffRole::Consultant) { Place::NoteComplaint } else { Place::Complaints }
}

fn page(staff: &Staff, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = staff.frame("staff-complaint-note-title");
    let channels = channels(staff);
    if channels.is_empty() {
        return Err(Fail::of(Kind::Forbidden));
    }
    let paper = |kind: &PaperKind| {
        let name = format!("paper-{}", kind.key());
        Sheet { here: form.chose(&name, "yes"), label: f.w(kind.name()), name }
    };
    let site = &staff.visit.site;
    let page = NotePage {
        n: Nav::new(staff, &f, place(staff)),
        once: match form.value("form") {
            "" => site.desk.complaint_form(),
            typed => typed.to_owned(),
        },
        transfers: channels.contains(&Channel::Nfra),
        channels: channels
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), form.value("channel")))
            .collect(),
        parties: Party::ALL
            .iter()
            .map(|one| Choice::new(one.key(), f.w(one.name()), form.value("party")))
            .collect(),
        papers: PaperKind::ALL.iter().map(paper).collect(),
        today: today(site),
        received: match form.value("received") {
            "" => today(site),
            typed => typed.to_owned(),
        },
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/complaints/new`.
pub(super) async fn ask(staff: Staff) -> Result<Response, Fail> {
    page(&staff, FormState::empty(), StatusCode::OK)
}

#[derive(Template)]
#[template(path = "staff/complaint_noted.html")]
struct NotedPage {
    f: Frame,
    n: Nav,
    reference: String,
    code: String,
    due: String,
    before: bool,
    address: Option<String>,
}

/// `POST /staff/complaints/new`. The code is shown on the answer to this form and nowhere else, to be handed to her.
pub(super) async fn note(wish: StaffMove) -> Result<Response, Fail> {
    let (staff, fields) = (&wish.staff, &wish.fields);
    let mut form = FormState::typed(fields.clone());
    let channel = Channel::from_key(fields.get("channel")).filter(|one| channels(staff).contains(one));
    let party = Party::from_key(fields.get("party"));
    let received = typed_day(fields.get("received"));
    for (field, wrong) in [("channel", channel.is_none()), ("party", party.is_none())] {
        if wrong {
            form.mark(field, staff.visit.say("choose-one"));
        }
    }
    if received.is_none() {
        form.mark("received", staff.visit.say("staff-complaint-received-wrong"));
    }
    let (Some(channel), Some(party), Some(received_at_ms)) = (channel, party, received) else {
        return page(staff, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let desk = &staff.visit.site.desk;
    let journey = match fields.get("journey").trim() {
        "" => None,
        text => match desk.find_journey(&staff.caller, text).await {
            Ok(id) => Some(id),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                form.mark("journey", error.tell(staff.visit.look.lang));
                return page(staff, form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            Err(error) => return Err(error.into()),
        },
    };
    let text = |name: &str| fields.get(name).to_owned();
    let here = |kind: &&PaperKind| fields.get(&format!("paper-{}", kind.key())) == "yes";
    let papers = PaperKind::ALL.iter().filter(here);
    let complain = Complain {
        party,
        // The first moment of the day: the clocks count days, and a day of today is then never after now.
        received_at_ms: Some(received_at_ms),
        transfer: Some(text("transfer")).filter(|number| !number.trim().is_empty()),
        journey,
        name: text("name"),
        contact: text("contact"),
        loan: text("loan"),
        story: text("story"),
        wish: text("wish"),
        papers: papers.map(|kind| Paper { kind: *kind, about: String::new() }).collect(),
        form: once(fields),
        ..Complain::by(channel)
    };
    match desk.note_complaint(&staff.caller, complain).await {
        Ok(receipt) => noted(staff, &receipt),
        Err(error @ DeskError::Invalid { .. }) => {
            let f = staff.titled("");
            let Back { status, form } = back::form(&f, fields, "story", error)?;
            page(staff, form, status)
        }
        Err(error) => Err(error.into()),
    }
}

fn noted(staff: &Staff, receipt: &mingbai_desk::trust::ComplaintReceipt) -> Result<Response, Fail> {
    let f = staff.frame("staff-complaint-noted-title");
    let page = NotedPage {
        n: Nav::new(staff, &f, place(staff)),
        reference: receipt.reference.clone(),
        code: receipt.code.clone(),
        due: when::day(receipt.due_at_ms, f.lang()),
        before: receipt.written == Written::Before,
        address: staff.is(StaffRole::Compliance).then(|| at(receipt.id)),
        f,
    };
    show_as(StatusCode::OK, &page)
}
