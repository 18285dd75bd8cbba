//! Somebody of her family looks along. She makes the link on her own page and can end it there; who opens it sees the cost and what to look
//! out for, and finds no button that does anything.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::facts::{Fact, key_facts};
use mingbai_desk::cost::{CostTable, Words};
use mingbai_desk::{CodeState, DeskError};

use super::at;
use super::cost::{Item, item};
use super::link::key_of;
use crate::door::{Borrower, Fail, FamilySession, Kind, Move, Site, Visit, begin_family, posted};
use crate::form::FormState;
use crate::page::{Frame, see_other, show, show_as};

#[derive(Template)]
#[template(path = "borrow/family.html")]
struct InvitePage {
    f: Frame,
    /// The new link and, where no message can be sent, its digits.
    made: Option<(String, Option<String>)>,
    back: String,
}

/// `GET family`: what it is.
pub(super) async fn ask(borrower: Borrower) -> Result<Response, Fail> {
    borrower.view().await?;
    let back = format!("/b/{}", borrower.id);
    show(&InvitePage { f: borrower.frame("family-title"), made: None, back })
}

/// `POST family`: a new link, or the end of the old one.
pub(super) async fn invite(wish: Move) -> Result<Response, Fail> {
    let desk = &wish.visit.site.desk;
    if wish.fields.get("end") == "yes" {
        desk.end_family(&wish.caller, wish.id).await?;
        return Ok(see_other(&at(wish.id, "family")));
    }
    let issued = desk.invite_family(&wish.caller, wish.id).await?;
    let url = issued.url.ok_or_else(|| Fail::fault("a family link without an address"))?;
    let back = format!("/b/{}", wish.id);
    show(&InvitePage { f: wish.page().frame("family-title"), made: Some((url, issued.code)), back })
}

#[derive(Template)]
#[template(path = "borrow/family_code.html")]
struct CodePage {
    f: Frame,
    form: FormState,
}

/// `GET /f/{key}`: the digits first; with a session, the cost.
pub(super) async fn enter(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, _) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let key = key_of(parts.uri.path()).to_owned();
    if key.len() == 36 {
        return look(&visit, &parts.headers, &key).await;
    }
    alive(&site, &key).await?;
    show(&CodePage { f: Frame::new(&visit, visit.say("family-code-title")), form: FormState::empty() })
}

/// A link for a family that still works, or the page for one that does not.
async fn alive(site: &Site, token: &str) -> Result<(), Fail> {
    match site.desk.link_face(token).await {
        Ok(face) if matches!(face.code, CodeState::Sent | CodeState::Coming) => Ok(()),
        Ok(_) | Err(DeskError::NotFound(_)) => Err(Fail::of(Kind::DeadLink)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /f/{token}`: the digits that she told.
pub(super) async fn open(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let token = key_of(parts.uri.path()).to_owned();
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    visit.try_secret()?;
    alive(&site, &token).await?;
    match site.desk.open_family(&token, fields.get("code")).await {
        Ok(inside) => {
            let mut response = see_other(&format!("/f/{}", inside.journey));
            if let Some(cookie) = begin_family(&site, &inside) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(DeskError::NotFound(_)) => Err(Fail::of(Kind::DeadLink)),
        Err(error @ DeskError::Unauthenticated(_)) => {
            let mut form = FormState::empty();
            form.mark("code", error.words().get(visit.look.lang));
            let f = Frame::new(&visit, visit.say("family-code-title"));
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &CodePage { f, form })
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "borrow/family_look.html")]
struct LookPage<'a> {
    f: Frame,
    facts: [Fact; 8],
    items: Vec<Item>,
    t: &'a CostTable,
    lines: Vec<(String, Words)>,
}

async fn look(visit: &Visit, headers: &HeaderMap, key: &str) -> Result<Response, Fail> {
    let id = JourneyId::parse(key).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let desk = &visit.site.desk;
    let session = FamilySession::of(headers).ok_or_else(|| Fail::of(Kind::LinkNeeded))?;
    let view = desk.family_view(session.token(), id).await?.ok_or_else(|| Fail::of(Kind::LinkNeeded))?;
    let t = super::cost::table_of(&view)?;
    let f = Frame::new(visit, visit.say("family-look-title")).about(id.reference());
    let items = t.items.iter().map(|one| item(&f, one)).collect();
    let lines = view.pack.help().iter().map(|line| (line.number.clone(), line.text.clone())).collect();
    show(&LookPage { facts: key_facts(t), items, t, lines, f })
}
