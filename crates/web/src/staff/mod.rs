//! The staff pages: what is missing before disbursement, one journey with its evidence, the review of products, the policy
//! pack and the accounts. Every page reads what the desk gives; every form is one call of the desk. No rule lives here.

mod accounts;
mod act;
mod agent;
mod alerts;
mod back;
mod campaigns;
mod complaints;
mod course;
mod duties;
mod journey;
mod link;
mod list;
mod me;
mod money;
mod nav;
mod open;
mod pack;
mod papers;
mod play;
mod products;
mod proof;
mod record;
mod returned;
mod reviews;
mod rings;
mod say;
mod sign_in;
mod timeline;
mod training;

pub(crate) use campaigns::named as campaign_named;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;

use crate::door::{Fail, Kind, Site, Staff};
use crate::form::FORM_BYTES;
use crate::page::Frame;

/// How much of what she said about pressure on her a member of staff sees: whoever exerts it may sit at the branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eyes {
    /// Compliance and audit: all of it.
    All,
    /// The branch: that consumer protection talks with her first, not why.
    Branch,
}

impl Eyes {
    fn of(staff: &Staff) -> Self {
        if staff.is(StaffRole::Consultant) { Eyes::Branch } else { Eyes::All }
    }
}

/// Every page for staff.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/staff/sign-in", get(sign_in::ask).post(sign_in::enter))
        .route("/staff/sign-out", post(sign_in::leave))
        .route("/staff/passkey/ask", post(sign_in::ask_passkey))
        .route("/staff/passkey", post(sign_in::enter_by_passkey))
        .route("/staff/proof", get(proof::ask).post(proof::give))
        .route("/staff/proof/leave", post(proof::leave))
        .route("/staff/enrol", get(proof::enrol))
        .route("/staff/enrol/app", post(proof::enrol_app))
        .route("/staff/enrol/passkey/ask", post(proof::ask_new_passkey))
        .route("/staff/enrol/passkey", post(proof::enrol_passkey))
        .route("/staff/course", get(course::show).post(course::take))
        .route("/staff/me", get(me::show))
        .route("/staff/me/password", post(me::password))
        .route("/staff/me/codes", post(me::codes))
        .route("/staff/me/remove", post(me::remove))
        .route("/staff/me/sessions", post(me::sessions))
        .route("/staff", get(list::list))
        .route("/staff/open", get(open::choose).post(open::open))
        .route("/staff/journeys/{id}", get(journey::show))
        .route("/staff/journeys/{id}/timeline", get(timeline::show))
        .route("/staff/journeys/{id}/package", get(papers::package))
        .route("/staff/journeys/{id}/copy", get(papers::copy))
        .route("/staff/journeys/{id}/paper/{kind}", get(papers::paper))
        .route(
            "/staff/journeys/{id}/returned",
            get(returned::list).post(returned::hand_in).layer(DefaultBodyLimit::max(returned::FORM_BYTES)),
        )
        .route("/staff/journeys/{id}/returned/{seq}", get(returned::one))
        .route("/staff/journeys/{id}/returned/{seq}/compare", post(returned::compare))
        .route("/staff/journeys/{id}/returned/{seq}/decide", post(returned::decide))
        .route("/staff/journeys/{id}/returned/{seq}/{side}", get(returned::side))
        .route("/staff/journeys/{id}/identity", post(act::identity))
        .route("/staff/journeys/{id}/explain", post(act::explain))
        .route("/staff/journeys/{id}/signature", post(act::signature))
        .route("/staff/journeys/{id}/recording", post(act::recording))
        .route("/staff/journeys/{id}/record", get(record::show))
        .route("/staff/journeys/{id}/record/begin", post(record::begin))
        .route("/staff/journeys/{id}/record/explain", post(record::explain))
        .route("/staff/journeys/{id}/record/review", post(record::review))
        .route("/staff/journeys/{id}/record/appeal", post(record::appeal))
        .route("/staff/journeys/{id}/record/play", get(play::show_player))
        .route("/staff/journeys/{id}/record/file/{side}/{take}", get(play::file))
        .route("/staff/journeys/{id}/notice", post(act::notice))
        .route("/staff/journeys/{id}/afford", post(act::afford))
        .route("/staff/journeys/{id}/screening", post(act::screening))
        .route("/staff/journeys/{id}/remedy", post(act::remedy))
        .route("/staff/journeys/{id}/link", post(link::renew))
        .route("/staff/products", get(products::list))
        .route("/staff/products/{id}/{version}", get(products::one))
        .route("/staff/products/{id}/{version}/submit", post(products::submit))
        .route("/staff/products/{id}/{version}/release", post(products::release))
        .route("/staff/pack", get(pack::show))
        .route("/staff/training", get(training::list).post(training::set))
        .route("/staff/accounts", get(accounts::list).post(accounts::add))
        .route("/staff/accounts/close", post(accounts::close))
        .route("/staff/accounts/key", post(accounts::key))
        .route("/staff/accounts/out", post(accounts::out))
        .route("/staff/accounts/reset", post(accounts::reset))
        .merge(campaigns::router())
        .merge(complaints::router())
        .merge(alerts::router())
        .merge(rings::router())
        .merge(reviews::router())
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

impl Staff {
    /// The frame of a staff page with a heading by key.
    fn frame(&self, title_key: &str) -> Frame {
        self.titled(self.visit.say(title_key))
    }

    /// The frame of a staff page with this heading.
    fn titled(&self, title: impl Into<String>) -> Frame {
        Frame::new(&self.visit, title).with_forms(&self.csrf).wide()
    }

    /// Whether the account has this role.
    fn is(&self, role: StaffRole) -> bool {
        self.caller.role() == Some(role)
    }
}

/// The journey that an address names: its full number and nothing else.
fn named(id: &str) -> Result<JourneyId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    full.and_then(JourneyId::parse).ok_or_else(|| Fail::of(Kind::NotFound))
}

/// The address of a journey's page.
fn at(id: JourneyId, page: &str) -> String {
    match page {
        "" => format!("/staff/journeys/{id}"),
        page => format!("/staff/journeys/{id}/{page}"),
    }
}
