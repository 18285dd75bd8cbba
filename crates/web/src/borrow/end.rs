//! Waiting, the last look, the end, and the way out that is open at any time.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::duty::{Duty, Who};
use mingbai_desk::core::borrow::event::YesNo;
use mingbai_desk::core::borrow::screen::where_to_turn;
use mingbai_desk::core::borrow::state::Stage;
use mingbai_desk::core::borrow::status::Step;
use mingbai_desk::cost::Words;
use mingbai_desk::trust::signs_of;
use serde::Deserialize;

use super::begin::yes_no;
use super::record::Scene;
use super::{Steps, aside, at, next_page};
use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, see_other, show, show_as};
use crate::trust::{Shown, shown as shown_bulletin};

/// One thing that is not done yet.
struct Open {
    name: Words,
    why: Words,
    who: &'static str,
}

#[derive(Template)]
#[template(path = "borrow/wait.html")]
struct WaitPage {
    f: Frame,
    step: Steps,
    lead: String,
    afford: bool,
    paused: bool,
    help: Vec<Words>,
    /// Bulletins of the house about what her answers are signs of.
    alerts: Vec<Shown>,
    turn: Words,
    lines: Vec<(String, Words)>,
    open: Vec<Open>,
    next: String,
    again: Option<String>,
    /// Her recording, when she said no to it and may think again.
    record: Option<String>,
    appeal: Option<String>,
    decline: String,
}

/// `GET wait`: what the lender's people have to do, and, when an answer asks for help, the help.
pub(super) async fn wait(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let (journey, pack) = (&view.journey, &view.pack);
    let step = journey.next_step(pack);
    if next_page(&view, borrower.own_device()) != "wait" {
        return Ok(see_other(&format!("/b/{}", borrower.id)));
    }
    let missing = journey.missing(pack);
    let waits = |duty: Duty| missing.iter().any(|m| m.duty == duty) && step != Step::Borrower(duty);
    let offered = step != Step::AwaitTerms;
    let afford = offered && waits(Duty::Afforded);
    let quiet = aside::is_quiet(&view);
    let paused = offered && !afford && waits(Duty::Screened) && !quiet;
    let stopped = offered && journey.refused_to_confirm().is_some();
    // The friendly reason comes first; what she said herself is not told to whoever looks over her shoulder.
    let by_ring = paused && journey.ring_waits() && (aside::is_secret(&view) || !journey.answers_wait());
    let title = match (&step, afford, paused, stopped) {
        (Step::AwaitTerms, ..) => "wait-terms-title",
        (_, true, ..) => "afford-title",
        (_, _, true, _) => "safety-paused",
        (_, _, _, true) => "last-stopped-title",
        _ => "wait-title",
    };
    let lead = match title {
        "wait-terms-title" => "wait-terms-lead",
        "afford-title" => "afford-next",
        "safety-paused" if by_ring => "ring-paused-lead",
        "safety-paused" => "safety-paused-lead",
        "last-stopped-title" => "last-stopped-lead",
        _ => "wait-lead",
    };
    let f = borrower.frame(title);
    let shown = |duty: Duty| {
        !(quiet && matches!(duty, Duty::Screened | Duty::Confirmed))
            && (!(afford || paused) || duty == Duty::Afforded || duty == Duty::Screened)
    };
    let open = |m: &mingbai_desk::core::borrow::refusal::Missing| Open {
        name: m.duty.name(),
        why: m.why.clone(),
        who: waiting_for(m.duty, m.who, afford || paused),
    };
    let mut alerts = Vec::new();
    if paused {
        let mut signs = Vec::new();
        journey.screening_hits().iter().for_each(|hit| signs.extend_from_slice(signs_of(*hit)));
        let about = borrower.visit.site.desk.bulletins_about(&signs).await?;
        alerts = about.iter().map(|one| shown_bulletin(&f, one)).collect();
    }
    let page = WaitPage {
        alerts,
        step: Steps::Person,
        lead: f.t(lead),
        afford,
        paused,
        help: journey.screening_hits().iter().filter(|_| paused && !by_ring).map(|key| key.help()).collect(),
        turn: where_to_turn(),
        lines: pack.help().iter().map(|line| (line.number.clone(), line.text.clone())).collect(),
        open: missing.iter().filter(|m| shown(m.duty)).map(open).collect(),
        appeal: (paused && journey.ring_waits()).then(|| borrower.at("appeal")),
        next: format!("/b/{}", borrower.id),
        again: stopped.then(|| borrower.at("last")),
        record: (Scene::of(&view) == Scene::Declined).then(|| borrower.at("record")),
        decline: borrower.at("decline"),
        f,
    };
    show(&page)
}

/// Whose move it really is: what waits for a person of the lender does not wait for her.
fn waiting_for(duty: Duty, who: Who, help_needed: bool) -> &'static str {
    match (duty, who) {
        (Duty::Afforded | Duty::Screened, _) if help_needed => "who-compliance",
        (Duty::Signed | Duty::Noticed | Duty::Understood, _) | (_, Who::Consultant) => "who-consultant",
        (_, Who::Compliance) => "who-compliance",
        (_, Who::Borrower) => "who-borrower",
    }
}

#[derive(Template)]
#[template(path = "borrow/last.html")]
struct LastPage {
    f: Frame,
    step: Steps,
    form: FormState,
    decline: String,
}

fn last_page(borrower: &Borrower, form: FormState) -> LastPage {
    LastPage { f: borrower.frame("last-title"), step: Steps::Final, form, decline: borrower.at("decline") }
}

/// `GET last`: the last look, alone.
pub(super) async fn last(borrower: Borrower) -> Result<Response, Fail> {
    borrower.view().await?;
    show(&last_page(&borrower, FormState::empty()))
}

/// `POST last`.
pub(super) async fn confirm(wish: Move) -> Result<Response, Fail> {
    let mut form = FormState::typed(wish.fields.clone());
    let mut answer = |name: &str| match yes_no(wish.fields.get(name)) {
        Some(answer) => answer,
        None => {
            form.mark(name, wish.visit.say("choose-one"));
            YesNo::NotSure
        }
    };
    let (own_wish, being_told) = (answer("own_wish"), answer("being_told"));
    if !form.is_good() {
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &last_page(&wish.page(), form));
    }
    wish.act(Command::Confirm { own_wish, being_told }).await?;
    Ok(wish.on())
}

#[derive(Template)]
#[template(path = "borrow/done.html")]
struct DonePage {
    f: Frame,
    lead: String,
    declined: bool,
    before_payout: bool,
    net: String,
    reference: String,
    contract: Option<String>,
    papers: [(String, &'static str); 3],
    package: String,
    proof: String,
    callback: Option<String>,
    complain: String,
    decline: String,
}

/// `GET done`: reference, what comes next, and what to keep.
pub(super) async fn done(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let journey = &view.journey;
    let key = match journey.stage() {
        Stage::Declined => "declined",
        Stage::PaidOut => "done-paid",
        Stage::Closed => "done-closed",
        _ if next_page(&view, borrower.own_device()) == "done" => "done-wait",
        _ => return Ok(see_other(&format!("/b/{}", borrower.id))),
    };
    let (title, lead_key) = match key {
        "declined" => ("declined-title", "declined-lead"),
        "done-paid" => ("done-title-paid", "done-lead-paid"),
        "done-closed" => ("done-title-closed", "done-lead-closed"),
        _ => ("done-title-wait", "done-lead-wait"),
    };
    let f = borrower.frame(title);
    let lead = match journey.payout() {
        Some(payout) if lead_key == "done-lead-paid" => {
            f.two(lead_key, ("date", &payout.on), ("amount", &f.yuan(&payout.amount_fen)))
        }
        _ => f.t(lead_key),
    };
    let open_call = journey.callback().is_some_and(|call| call.code.is_none());
    let page = DonePage {
        lead,
        declined: key == "declined",
        before_payout: key == "done-wait",
        net: journey.table().map_or_else(String::new, |table| f.yuan(&table.principal_fen)),
        reference: borrower.id.reference(),
        contract: journey.own_signature().map(|_| borrower.at("contract/signed")),
        papers: [
            (borrower.at("paper/notice"), "done-notice"),
            (borrower.at("paper/cost_table"), "done-table"),
            (borrower.at("paper/plan"), "done-plan"),
        ],
        package: borrower.at("package"),
        proof: borrower.at("proof"),
        complain: borrower.at("complain"),
        callback: open_call.then(|| borrower.at("callback")),
        decline: borrower.at("decline"),
        f,
    };
    show(&page)
}

/// Why she leaves, if a page knows.
#[derive(Deserialize)]
pub(super) struct Why {
    why: Option<String>,
}

#[derive(Template)]
#[template(path = "borrow/decline.html")]
struct DeclinePage {
    f: Frame,
    not_signed: bool,
    back: String,
}

/// `GET decline`.
pub(super) async fn decline(borrower: Borrower, Query(why): Query<Why>) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    if view.journey.stage() != Stage::Ceremony {
        return Ok(see_other(&borrower.at("done")));
    }
    let not_signed = why.why.as_deref() == Some("not-signed");
    let title = if not_signed { "decline-not-signed" } else { "decline-title" };
    show(&DeclinePage { f: borrower.frame(title), not_signed, back: format!("/b/{}", borrower.id) })
}

/// `POST decline`: a right used.
pub(super) async fn declined(wish: Move) -> Result<Response, Fail> {
    let reason = wish.fields.get("reason").trim().to_owned();
    wish.act(Command::Decline { reason }).await?;
    Ok(see_other(&at(wish.id, "done")))
}
