//! 信 trust: what anyone may look at without a login: the front page, the check of a message and of who sent it, of a document's short code and of a signed file, complaints, the
//! signing authority's documents, the verifying page, and the choice of how pages look.

mod alerts;
mod audit;
mod ca;
mod check;
mod complain;
mod complaint;
mod file;
mod front;
mod report;
mod scam;
mod verify_us;

pub(crate) use alerts::{Shown, family, shown};
pub(crate) use check::kind_key;
pub(crate) use complain::{Clocks, marked, once};
pub(crate) use complaint::enter;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query};
use axum::http::header;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::door::{LOOK_COOKIE, Site, Visit, cookie};
use crate::form::INK_FORM_BYTES;
use crate::page::see_other;

/// The public pages.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/", get(front::front))
        .route("/check", get(check::form))
        // Square codes are printed in upper case, and what scans them keeps it.
        .route("/c/{code}", get(check::code))
        .route("/C/{code}", get(check::code))
        .route("/c/{code}/{mark}", get(check::square))
        .route("/C/{code}/{mark}", get(check::square))
        .route(
            "/trust/file",
            get(file::form).post(file::judge).layer(DefaultBodyLimit::max(file::FORM_BYTES)),
        )
        .route(
            "/trust/check",
            get(scam::form).post(scam::judge).layer(DefaultBodyLimit::max(scam::FORM_BYTES)),
        )
        .route("/trust/verify-us", get(verify_us::form))
        .route(
            "/trust/report",
            get(report::ask).post(report::make).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route("/trust/alerts", get(alerts::list))
        .route("/trust/alerts.atom", get(alerts::atom_feed))
        .route("/trust/alerts.json", get(alerts::json_feed))
        .route("/trust/alerts/{id}", get(alerts::one))
        .route(
            "/trust/complain",
            get(complain::form).post(complain::complain).layer(DefaultBodyLimit::max(INK_FORM_BYTES)),
        )
        .route("/trust/complaint", get(complaint::show_or_ask).post(complaint::open))
        .route("/trust/complaint/received", get(complaint::received))
        .route("/trust/complaint/letter/{number}", get(complaint::letter))
        .route("/trust/complaint/{wish}", post(complaint::act))
        .route("/ca/root.cer", get(ca::root))
        .route("/ca/issuing.cer", get(ca::issuing))
        .route("/ca/revocations.crl", get(ca::revocations))
        .route("/ca/root.crl", get(ca::root_revocations))
        .route("/ca/sm2-root.cer", get(ca::national_root))
        .route("/ca/sm2.crl", get(ca::national_revocations))
        .route("/audit", get(audit::page))
        .route("/look", get(look))
}

/// One choice of the look, and the page to come back to.
#[derive(Deserialize)]
struct Choice {
    set: String,
    #[serde(default)]
    back: String,
}

/// A year.
const LOOK_MAX_AGE_S: i64 = 365 * 24 * 3600;

/// `GET /look?set=…&back=…`.
async fn look(visit: Visit, Query(choice): Query<Choice>) -> Response {
    let mut look = visit.look;
    look.set(&choice.set);
    let mut response = see_other(own_address(&choice.back));
    let guard = cookie::Guard { path: "/", max_age_s: LOOK_MAX_AGE_S, transport: visit.site.transport };
    if let Some(value) = cookie::set(LOOK_COOKIE, &look.to_cookie(), guard) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// An address of this house; anything else leads to the front page, so that nobody can use the redirection to lead people away.
fn own_address(back: &str) -> &str {
    let plain = back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let ours = back.starts_with('/') && !back.starts_with("//");
    if ours && plain && back.len() <= 2000 { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn a_redirection_never_leads_away() {
        assert_eq!(own_address("/b/x/facts?n=3"), "/b/x/facts?n=3");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x", ""] {
            assert_eq!(own_address(bad), "/");
        }
    }
}
