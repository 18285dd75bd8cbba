//! Who is at the door: the borrower of one journey, or a member of staff, each with a session of their own kind. What they may
//! do is the desk's to say.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use mingbai_desk::borrow::FamilyIn;
use mingbai_desk::borrow::signing::Browser;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::{Caller, SignedIn};

use super::cookie::{self, Guard};
use super::{Fail, House, Kind, Site, Visit, csrf_for, guard};
use crate::form::Fields;

/// Cookie of a borrower's session; the browser sends it to the borrower's pages only.
pub const BORROWER_COOKIE: &str = "mb_b";
/// Cookie of a staff session. It is sent everywhere, so that a borrower's page can see that staff sits at this device.
pub const STAFF_COOKIE: &str = "mb_s";

/// Cookie with a random number of this browser, so that a signing goes on where it began.
const BROWSER_COOKIE: &str = "mb_d";
/// Cookie that says that this device is the house's own.
const HOUSE_COOKIE: &str = "mb_h";
const YEAR_S: i64 = 366 * 86_400;

/// Cookie of somebody of her family who may look; the browser sends it to that page only.
const FAMILY_COOKIE: &str = "mb_f";

const BORROWER_PATH: &str = "/b";
const FAMILY_PATH: &str = "/f";
const STAFF_PATH: &str = "/";

/// A session that was found alive.
struct Session {
    caller: Caller,
    token: String,
}

async fn session(headers: &HeaderMap, site: &Site, name: &str) -> Result<Option<Session>, Fail> {
    let Some(token) = cookie::value(headers, name) else { return Ok(None) };
    let caller = site.desk.caller_of_session(token).await?;
    Ok(caller.map(|caller| Session { caller, token: token.to_owned() }))
}

/// The journey that the address names: a full number, never a link's token.
async fn named(parts: &mut Parts, site: &Site) -> Result<JourneyId, Fail> {
    let params =
        RawPathParams::from_request_parts(parts, site).await.map_err(|_| Fail::of(Kind::NotFound))?;
    let text = params.iter().find(|(name, _)| *name == "key").map(|(_, value)| value);
    text.filter(|text| text.len() == 36).and_then(JourneyId::parse).ok_or_else(|| Fail::of(Kind::NotFound))
}

/// The borrower of the journey in the address, at one of her own pages.
pub struct Borrower {
    /// The look.
    pub visit: Visit,
    /// Who.
    pub caller: Caller,
    /// Journey.
    pub id: JourneyId,
    /// Token for the page's forms.
    pub csrf: String,
}

impl FromRequestParts<Site> for Borrower {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fail> {
        let visit = Visit::of(parts, site);
        let id = named(parts, site).await?;
        let found = session(&parts.headers, site, BORROWER_COOKIE).await?;
        match found {
            Some(Session { caller, token }) if caller.journey() == Some(id) => {
                Ok(Borrower { visit, caller, id, csrf: csrf_for(&token) })
            }
            // Another journey's session looks like none at all: nobody learns which journeys exist.
            Some(_) => Err(Fail::of(Kind::LinkNeeded)),
            None => match session(&parts.headers, site, STAFF_COOKIE).await? {
                Some(_) => Err(Fail::of(Kind::Forbidden)),
                None => Err(Fail::of(Kind::LinkNeeded)),
            },
        }
    }
}

/// A form that was sent to a borrower's page. The caller may be a member of staff who tries to act for her: that is for the
/// desk to refuse and to put on record, so it is let through to the desk and no further.
pub struct Move {
    /// The look.
    pub visit: Visit,
    /// Who.
    pub caller: Caller,
    /// Journey.
    pub id: JourneyId,
    /// What was sent.
    pub fields: Fields,
    /// Token for the page's forms.
    pub csrf: String,
}

impl FromRequest<Site> for Move {
    type Rejection = Fail;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Fail> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::of(&parts, site);
        let id = named(&mut parts, site).await?;
        let borrower = session(&parts.headers, site, BORROWER_COOKIE).await?;
        let found = match borrower.filter(|found| found.caller.journey() == Some(id)) {
            Some(found) => found,
            None => session(&parts.headers, site, STAFF_COOKIE)
                .await?
                .ok_or_else(|| Fail::of(Kind::LinkNeeded))?,
        };
        let request = Request::from_parts(parts, body);
        let fields = guard::posted(request, site, Some(&found.token)).await?;
        Ok(Move { visit, caller: found.caller, id, fields, csrf: csrf_for(&found.token) })
    }
}

impl Move {
    /// The borrower's page again, for a form that comes back to her.
    #[must_use]
    pub fn page(&self) -> Borrower {
        let Move { visit, caller, id, csrf, .. } = self;
        Borrower { visit: visit.clone(), caller: caller.clone(), id: *id, csrf: csrf.clone() }
    }
}

/// A member of staff at a staff page.
pub struct Staff {
    /// The look.
    pub visit: Visit,
    /// Who.
    pub caller: Caller,
    /// Token for the page's forms.
    pub csrf: String,
    /// The session itself, for signing out.
    pub token: String,
}

impl FromRequestParts<Site> for Staff {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fail> {
        let visit = Visit::of(parts, site);
        match session(&parts.headers, site, STAFF_COOKIE).await? {
            Some(Session { caller, token }) if caller.role().is_some() => {
                Ok(Staff { visit, caller, csrf: csrf_for(&token), token })
            }
            _ => Err(Fail::of(Kind::SignInNeeded)),
        }
    }
}

/// A form that a member of staff sent.
pub struct StaffMove {
    /// Who, and how the page looks.
    pub staff: Staff,
    /// What was sent.
    pub fields: Fields,
}

impl FromRequest<Site> for StaffMove {
    type Rejection = Fail;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Fail> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, site).await?;
        let fields = guard::posted(Request::from_parts(parts, body), site, Some(&staff.token)).await?;
        Ok(StaffMove { staff, fields })
    }
}

/// The header that begins a session in this browser.
#[must_use]
pub fn begin_session(site: &Site, inside: &SignedIn) -> Option<HeaderValue> {
    let (name, path) = kind_of(&inside.caller);
    let max_age_s = (inside.expires_at_ms - site.desk.now_ms()).max(0) / 1000;
    cookie::set(name, &inside.token, Guard { path, max_age_s, transport: site.transport })
}

/// The header that begins a look of somebody of her family in this browser.
#[must_use]
pub fn begin_family(site: &Site, inside: &FamilyIn) -> Option<HeaderValue> {
    let max_age_s = (inside.expires_at_ms - site.desk.now_ms()).max(0) / 1000;
    let guard = Guard { path: FAMILY_PATH, max_age_s, transport: site.transport };
    cookie::set(FAMILY_COOKIE, &inside.token, guard)
}

/// The session of somebody of her family, as the browser sent it. It is no caller.
pub struct FamilySession(String);

impl FamilySession {
    /// As the browser sent it.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        cookie::value(headers, FAMILY_COOKIE).map(|token| FamilySession(token.to_owned()))
    }

    /// Its token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0
    }
}

/// The header that ends the staff session in this browser.
#[must_use]
pub fn end_session(site: &Site) -> Option<HeaderValue> {
    cookie::set(STAFF_COOKIE, "", Guard { path: STAFF_PATH, max_age_s: 0, transport: site.transport })
}

fn kind_of(caller: &Caller) -> (&'static str, &'static str) {
    match caller.journey() {
        Some(_) => (BORROWER_COOKIE, BORROWER_PATH),
        None => (STAFF_COOKIE, STAFF_PATH),
    }
}

/// The header that gives this browser its number, if it has none yet.
#[must_use]
pub fn keep_browser(visit: &Visit, headers: &HeaderMap) -> Option<HeaderValue> {
    if browser_of(headers).is_some() {
        return None;
    }
    let guard = Guard { path: BORROWER_PATH, max_age_s: 2 * YEAR_S, transport: visit.site.transport };
    cookie::set(BROWSER_COOKIE, &Browser::new_cookie(&visit.site.desk), guard)
}

/// The header that marks this device as the house's.
#[must_use]
pub fn mark_house(site: &Site) -> Option<HeaderValue> {
    let guard = Guard { path: STAFF_PATH, max_age_s: YEAR_S, transport: site.transport };
    cookie::set(HOUSE_COOKIE, "branch", guard)
}

pub(super) fn browser_of(headers: &HeaderMap) -> Option<Browser> {
    cookie::value(headers, BROWSER_COOKIE).and_then(Browser::from_cookie)
}

pub(super) fn house_of(headers: &HeaderMap) -> House {
    match cookie::value(headers, HOUSE_COOKIE) {
        Some(_) => House::Branch,
        None => House::Unknown,
    }
}

/// Whether a member of staff is signed in in this browser.
pub(crate) async fn staff_sits_here(headers: &HeaderMap, site: &Site) -> Result<bool, Fail> {
    Ok(session(headers, site, STAFF_COOKIE).await?.is_some())
}
