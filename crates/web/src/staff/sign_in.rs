//! Signing in and out: password, then whatever is owed; or a passkey, which is both in one.

use askama::Template;
use axum::Json;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::evidence::passkey::Assertion;
use mingbai_desk::{DeskError, Entry, Owes, SignedIn, Threshold};
use serde_json::json;

use super::back;
use crate::door::{
    Fail, Kind, Site, StaffMove, Visit, begin_halfway, begin_session, end_before, end_session, mark_house,
    posted, who_sits_here,
};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};

/// Where somebody goes who owes something.
pub(super) const PROOF: &str = "/staff/proof";
pub(super) const ENROL: &str = "/staff/enrol";

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignInPage {
    f: Frame,
    form: FormState,
    passkeys: bool,
}

fn page(visit: &Visit, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let passkeys = visit.site.desk.passkeys_possible();
    show_as(status, &SignInPage { f: Frame::new(visit, visit.say("staff-sign-in-title")), form, passkeys })
}

/// `GET /staff/sign-in`.
pub(super) async fn ask(
    State(site): State<Site>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    match who_sits_here(&headers, &site).await? {
        Some(Threshold::Inside { .. }) => Ok(see_other("/staff")),
        Some(Threshold::Halfway { owes, .. }) => Ok(see_other(owed(owes))),
        None => page(&visit, FormState::empty(), StatusCode::OK),
    }
}

fn owed(owes: Owes) -> &'static str {
    match owes {
        Owes::Proof => PROOF,
        Owes::Enrolment => ENROL,
    }
}

/// A form from somebody who has no session yet.
struct Knock {
    visit: Visit,
    headers: HeaderMap,
    fields: Fields,
}

async fn knock(site: &Site, request: Request) -> Result<Knock, Fail> {
    let (mut parts, body): (Parts, _) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, site).await?;
    let headers = parts.headers.clone();
    let fields = posted(Request::from_parts(parts, body), site, None).await?;
    visit.try_secret()?;
    Ok(Knock { visit, headers, fields })
}

/// The answer to somebody who is in: the session's cookie, and the mark of a device of the house.
pub(super) fn let_in(site: &Site, inside: &SignedIn, mut response: Response) -> Response {
    for cookie in [begin_session(site, inside), mark_house(site)].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /staff/sign-in`.
pub(super) async fn enter(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let Knock { visit, headers, fields } = knock(&site, request).await?;
    match site.desk.sign_in(fields.get("login"), fields.get("password"), &visit.place()).await {
        Ok(entry) => {
            end_before(&headers, &site).await?;
            match entry {
                Entry::Inside(inside) => Ok(let_in(&site, &inside, see_other("/staff"))),
                Entry::Halfway(halfway) => {
                    let mut response = see_other(owed(halfway.owes));
                    if let Some(cookie) = begin_halfway(&site, &halfway) {
                        response.headers_mut().append(header::SET_COOKIE, cookie);
                    }
                    Ok(response)
                }
            }
        }
        Err(error) => refused(&visit, fields, error),
    }
}

fn refused(visit: &Visit, fields: Fields, error: DeskError) -> Result<Response, Fail> {
    if let DeskError::Unauthenticated(_) = &error {
        let mut form = FormState::typed(fields);
        form.mark("login", error.tell(visit.look.lang));
        return page(visit, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let back = back::form(&Frame::new(visit, String::new()), &fields, "login", error)?;
    page(visit, back.form, back.status)
}

/// `POST /staff/passkey/ask`: a challenge for the script.
pub(super) async fn ask_passkey(State(site): State<Site>, request: Request) -> Response {
    let asked = async {
        knock(&site, request).await?;
        let challenge = site.desk.ask_passkey().await?;
        Ok::<_, Fail>(Json(json!({ "challenge": challenge, "rp": site.desk.relying().id })).into_response())
    };
    asked.await.unwrap_or_else(said)
}

/// A failure for the script: what the reader is told.
pub(super) fn said(fail: Fail) -> Response {
    let lines = fail.why.as_ref().map(|words| json!({ "zh": words.zh, "en": words.en }));
    (fail.kind.status(), Json(json!({ "message": lines }))).into_response()
}

/// Bytes that the script sent.
pub(super) fn bytes_of(fields: &Fields, name: &str) -> Result<Vec<u8>, Fail> {
    URL_SAFE_NO_PAD.decode(fields.get(name)).map_err(|_| Fail::of(Kind::Unreadable))
}

/// `POST /staff/passkey`: the authenticator's answer.
pub(super) async fn enter_by_passkey(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let Knock { visit, headers, fields } = knock(&site, request).await?;
    let answer = Assertion {
        authenticator_data: bytes_of(&fields, "authenticator_data")?,
        client_data: bytes_of(&fields, "client_data")?,
        signature: bytes_of(&fields, "signature")?,
    };
    let id = bytes_of(&fields, "id")?;
    match site.desk.sign_in_by_passkey(fields.get("challenge"), &id, &answer, &visit.place()).await {
        Ok(inside) => {
            end_before(&headers, &site).await?;
            Ok(let_in(&site, &inside, see_other("/staff")))
        }
        Err(error) => refused(&visit, Fields::default(), error),
    }
}

/// `POST /staff/sign-out`.
pub(super) async fn leave(wish: StaffMove) -> Result<Response, Fail> {
    let site = &wish.staff.visit.site;
    site.desk.sign_out(&wish.staff.token).await?;
    let mut response = see_other("/staff/sign-in");
    if let Some(cookie) = end_session(site) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
