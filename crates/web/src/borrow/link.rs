//! The way in: a one-time link, then the six digits that went to her own phone. Until then the page says nothing about anyone.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::ports::LinkPurpose;
use mingbai_desk::{CodeState, DeskError, LinkFace};

use super::{at, next_page};
use crate::door::{Borrower, Fail, Kind, Site, Visit, begin_session, posted};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};

#[derive(Template)]
#[template(path = "borrow/code.html")]
struct CodePage {
    f: Frame,
    form: FormState,
    coming: bool,
    /// Where new digits are asked for, when the last ones were used.
    again: Option<String>,
}

/// The last part of the address: a link's token, or the number of her journey.
pub(super) fn key_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// `GET /b/{token}` asks for the digits; `GET /b/{journey}` leads on to the page that comes next.
pub(super) async fn enter(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, _) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let key = key_of(&path);
    if key.len() == 36 && !path.starts_with("/b/callback/") {
        let borrower = Borrower::from_request_parts(&mut parts, &site).await?;
        let view = borrower.view().await?;
        return Ok(see_other(&borrower.at(next_page(&view, borrower.own_device()))));
    }
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let mut face = face(&site, key).await?;
    if face.code == CodeState::Used && parts.uri.query() == Some(ASKED) {
        face.code = CodeState::Coming;
    }
    code_page(&visit, face, FormState::empty(), StatusCode::OK)
}

/// Mark in the address of a page that was just asked for new digits: they are made and sent a moment later.
const ASKED: &str = "asked";

/// `POST /b/{token}/again`: new digits for a link that was used before.
pub(super) async fn again(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let link = parts.uri.path().trim_end_matches("/again").to_owned();
    posted(Request::from_parts(parts, body), &site, None).await?;
    visit.try_secret()?;
    match site.desk.send_digits_again(key_of(&link)).await {
        Ok(()) => Ok(see_other(&format!("{link}?{ASKED}"))),
        Err(DeskError::NotFound(_)) => Err(Fail::of(Kind::DeadLink)),
        Err(error) => Err(error.into()),
    }
}

/// A link that works, or the page for one that does not.
async fn face(site: &Site, token: &str) -> Result<LinkFace, Fail> {
    match site.desk.link_face(token).await {
        Ok(face) if face.code == CodeState::Spent => Err(Fail::of(Kind::DeadLink)),
        Ok(face) => Ok(face),
        Err(DeskError::NotFound(_)) => Err(Fail::of(Kind::DeadLink)),
        Err(error) => Err(error.into()),
    }
}

fn code_page(visit: &Visit, face: LinkFace, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let used = face.code == CodeState::Used;
    let title = if used { "code-again-title" } else { "code-title" };
    let path = visit.here.split('?').next().unwrap_or_default();
    let again = used.then(|| format!("{path}/again"));
    let f = Frame::new(visit, visit.say(title));
    show_as(status, &CodePage { f, form, coming: face.code == CodeState::Coming, again })
}

/// `POST /b/{token}`: the digits.
pub(super) async fn open(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let token = key_of(parts.uri.path()).to_owned();
    let headers = parts.headers.clone();
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    refuse_staff_device(&headers, &site).await?;
    visit.try_secret()?;
    let face = face(&site, &token).await?;
    let code: String = fields.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    let mut form = FormState::empty();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        // A slip of the finger costs no try.
        form.mark("code", visit.say("code-format"));
        return code_page(&visit, face, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match site.desk.open_link(&token, &code).await {
        Ok((inside, purpose)) => enter_with(&site, &inside, purpose).await,
        Err(DeskError::NotFound(_)) => Err(Fail::of(Kind::DeadLink)),
        Err(error @ DeskError::Unauthenticated(_)) => {
            form.mark("code", error.words().get(visit.look.lang));
            code_page(&visit, face, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error.into()),
    }
}

/// A borrower's session never begins in a browser in which a member of staff is signed in: nobody acts for her.
async fn refuse_staff_device(headers: &HeaderMap, site: &Site) -> Result<(), Fail> {
    match crate::door::staff_sits_here(headers, site).await? {
        true => Err(Fail::of(Kind::StaffDevice)),
        false => Ok(()),
    }
}

async fn enter_with(
    site: &Site,
    inside: &mingbai_desk::SignedIn,
    purpose: LinkPurpose,
) -> Result<Response, Fail> {
    let id = inside.caller.journey().ok_or_else(|| Fail::fault("a link opened no journey"))?;
    let view = site.desk.journey(&inside.caller, id).await?;
    let fresh = view.journey.shown().is_none() && view.journey.afford_ratio_ppm().is_none();
    let page = match (purpose, next_page(&view, site.desk.own_device())) {
        (LinkPurpose::Callback, _) => "callback",
        (LinkPurpose::Signing, _) => "sign",
        // Its digits open no session of hers.
        (LinkPurpose::Family, _) => "family",
        (LinkPurpose::Ceremony, "income") if fresh => "start",
        (LinkPurpose::Ceremony, page) => page,
    };
    let mut response = see_other(&at(id, page));
    if let Some(cookie) = begin_session(site, inside) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
