//! 用 borrow: the borrower's path on her own phone. Every page reads the journey as it stands and shows what the evidence says;
//! every form is one call of the desk and then a redirection to whatever comes next. No rule lives here.

mod appeal;
mod aside;
mod begin;
mod callback;
mod chart;
mod complain;
mod consent;
mod cost;
mod end;
mod family;
pub(crate) mod film;
mod link;
mod papers;
mod read;
mod receipt;
mod record;
mod signing;
mod steps;
mod teach;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};
use mingbai_desk::borrow::signing::OwnDevice;
use mingbai_desk::borrow::{Acted, JourneyView};
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::status::Step;

pub(crate) use papers::{file, pdf, zip};
pub use steps::Steps;

use crate::door::{Borrower, Fail, Move, PIECE_BYTES, Site};
use crate::form::{FORM_BYTES, INK_FORM_BYTES};
use crate::page::{Frame, see_other};

/// Every page of the borrower's path.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/b/{key}", get(link::enter).post(link::open))
        .route("/b/callback/{key}", get(link::enter).post(link::open))
        .route("/b/{key}/again", post(link::again))
        .route("/b/callback/{key}/again", post(link::again))
        .route("/b/{key}/start", get(begin::start))
        .route("/b/{key}/income", get(begin::income).post(begin::declare))
        .route("/b/{key}/safety", get(begin::safety).post(begin::answer))
        .route("/b/{key}/changed", get(cost::changed))
        .route("/b/{key}/facts", get(cost::facts))
        .route("/b/{key}/table", get(cost::table).post(cost::shown))
        .route("/b/{key}/plan", get(cost::plan))
        .route("/b/{key}/late", get(cost::late))
        .route("/b/{key}/read", get(read::overview))
        .route("/b/{key}/read/{section}", get(read::section).post(read::finish))
        .route("/b/{key}/read/{section}/open", post(read::open))
        .route("/b/{key}/teach", get(teach::question).post(teach::answer))
        .route("/b/{key}/teach/ask", post(teach::ask))
        .route("/b/{key}/consents", get(consent::choose).post(consent::chosen))
        .route("/b/{key}/wait", get(end::wait))
        .route("/b/{key}/sign", get(signing::sign).post(papers::signed))
        .route("/b/{key}/contract/signed", get(signing::signed_contract))
        .route("/b/{key}/contract/{digest}", get(signing::contract))
        .route("/b/{key}/sign/begin", post(signing::begin))
        .route("/b/{key}/sign/digits", post(signing::digits))
        .route("/b/{key}/sign/key", post(signing::key).layer(DefaultBodyLimit::max(INK_FORM_BYTES)))
        .route("/b/{key}/sign/signature", post(signing::signature))
        .route("/b/{key}/sign/dropped", post(signing::dropped))
        .route("/b/{key}/sign/trouble", post(signing::trouble))
        .route("/b/{key}/record", get(record::show_now))
        .route("/b/{key}/record/agree", post(record::agree))
        .route("/b/{key}/record/state", get(record::state))
        .route("/b/{key}/record/play", post(film::play))
        .route("/b/{key}/record/end", post(film::end))
        .route("/b/{key}/record/{take}", get(film::kept))
        .route("/b/{key}/record/{take}/close", post(film::close))
        .route("/b/{key}/record/{take}/{place}", post(film::chunk).layer(DefaultBodyLimit::max(PIECE_BYTES)))
        .route("/b/{key}/notice", get(papers::notice).post(papers::acknowledged))
        .route("/b/{key}/paper/{kind}", get(papers::paper))
        .route("/b/{key}/package", get(papers::package))
        .route("/b/{key}/proof", get(receipt::proof))
        .route("/b/{key}/last", get(end::last).post(end::confirm))
        .route("/b/{key}/family", get(family::ask).post(family::invite))
        .route("/f/{key}", get(family::enter).post(family::open))
        .route(
            "/b/{key}/appeal",
            get(appeal::ask).post(appeal::send).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route("/b/{key}/aside", get(aside::ask).post(aside::call))
        .route(
            "/b/{key}/complain",
            get(complain::ask).post(complain::send).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route("/b/{key}/done", get(end::done))
        .route("/b/{key}/decline", get(end::decline).post(end::declined))
        .route("/b/{key}/callback", get(callback::questions).post(callback::answered))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

/// The address of one of her pages.
fn at(id: JourneyId, page: &str) -> String {
    format!("/b/{id}/{page}")
}

/// The page that the journey asks for now.
fn next_page(view: &JourneyView, own: OwnDevice) -> &'static str {
    let (journey, pack) = (&view.journey, &view.pack);
    let step = journey.next_step(pack);
    let missing: Vec<Duty> = journey.missing(pack).into_iter().map(|missing| missing.duty).collect();
    // Answers that ask for a person come before anything else: going on would only cost her time.
    let waits = |duty: Duty| missing.contains(&duty) && step != Step::Borrower(duty);
    match &step {
        Step::Declined | Step::AwaitPayout | Step::PaidOut | Step::Closed => "done",
        Step::AwaitTerms => "wait",
        Step::Borrower(Duty::Afforded) if is_changed(view) => "changed",
        _ if waits(Duty::Afforded) => "wait",
        // A quiet call for help must not be seen on her screen, so everything goes on as before; only the gate stays shut.
        _ if waits(Duty::Screened) && step != Step::Borrower(Duty::Afforded) && !aside::is_quiet(view) => {
            "wait"
        }
        // She said that it is not her own wish, or that somebody tells her what to answer: first a person, then a new look.
        Step::Borrower(Duty::Confirmed) if view.journey.refused_to_confirm().is_some() => "wait",
        // Nothing to sign on here: a consultant attests the signature in ink first.
        Step::Borrower(Duty::Signed)
            if own == OwnDevice::NotHere && journey.signature_attested().is_none() =>
        {
            "wait"
        }
        // She doubts: her page says that a consultant explains, and goes on by itself when that was done.
        Step::AwaitLender(_) if record::Scene::of(view) == record::Scene::Stopped => "record",
        Step::AwaitLender(_) => "wait",
        Step::Borrower(duty) => page_of(*duty),
    }
}

/// New terms that she has not looked at yet.
fn is_changed(view: &JourneyView) -> bool {
    !view.journey.earlier_offers().is_empty() && view.journey.shown().is_none()
}

fn page_of(duty: Duty) -> &'static str {
    match duty {
        Duty::Afforded => "income",
        Duty::Screened => "safety",
        Duty::Disclosed => "facts",
        Duty::Read => "read",
        Duty::Understood => "teach",
        Duty::Consented => "consents",
        Duty::Signed => "sign",
        Duty::Noticed => "notice",
        Duty::Confirmed => "last",
        Duty::Recorded => "record",
        Duty::Reviewed | Duty::Identified => "wait",
    }
}

impl Borrower {
    /// The journey as it stands.
    async fn view(&self) -> Result<JourneyView, Fail> {
        Ok(self.visit.site.desk.journey(&self.caller, self.id).await?)
    }

    /// The frame of one of her pages.
    fn frame(&self, title_key: &str) -> Frame {
        let title = self.visit.say(title_key);
        Frame::new(&self.visit, title)
            .with_forms(&self.csrf)
            .about(self.id.reference())
            .with_aside(self.at("aside"))
    }

    fn at(&self, page: &str) -> String {
        at(self.id, page)
    }
}

impl Move {
    /// Does what the form wants.
    async fn act(&self, command: Command) -> Result<Acted, Fail> {
        Ok(self.visit.site.desk.act(&self.caller, self.id, command).await?)
    }

    /// On to whatever comes next.
    fn on(&self) -> Response {
        see_other(&format!("/b/{}", self.id))
    }
}
