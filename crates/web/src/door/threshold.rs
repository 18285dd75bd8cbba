//! Who stands between password and second proof, or is in and adds one. Such a session opens the pages for that and no other.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use mingbai_desk::{Halfway, Threshold};

use super::cookie::{self, Guard};
use super::{Fail, Kind, STAFF_COOKIE, Site, Visit, csrf_for, guard};
use crate::form::Fields;

/// Somebody at the pages for proofs.
pub struct AtDoor {
    /// The look.
    pub visit: Visit,
    /// How far she is.
    pub threshold: Threshold,
    /// Token for the page's forms.
    pub csrf: String,
    /// The session itself.
    pub token: String,
}

impl FromRequestParts<Site> for AtDoor {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fail> {
        let visit = Visit::of(parts, site);
        let token = cookie::value(&parts.headers, STAFF_COOKIE).unwrap_or_default().to_owned();
        match site.desk.threshold(&token).await? {
            Some(threshold) => Ok(AtDoor { visit, threshold, csrf: csrf_for(&token), token }),
            None => Err(Fail::of(Kind::SignInNeeded)),
        }
    }
}

/// A form that she sent.
pub struct AtDoorMove {
    /// Who, and how the page looks.
    pub door: AtDoor,
    /// What was sent.
    pub fields: Fields,
}

impl FromRequest<Site> for AtDoorMove {
    type Rejection = Fail;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Fail> {
        let (mut parts, body) = request.into_parts();
        let door = AtDoor::from_request_parts(&mut parts, site).await?;
        let fields = guard::posted(Request::from_parts(parts, body), site, Some(&door.token)).await?;
        Ok(AtDoorMove { door, fields })
    }
}

/// The header that keeps half a sign-in in this browser.
#[must_use]
pub fn begin_halfway(site: &Site, halfway: &Halfway) -> Option<HeaderValue> {
    let max_age_s = (halfway.expires_at_ms - site.desk.now_ms()).max(0) / 1000;
    cookie::set(STAFF_COOKIE, &halfway.token, Guard { path: "/", max_age_s, transport: site.transport })
}

/// Ends the session that this browser had before somebody signed in anew: nobody may be left in one whose name another knew.
///
/// # Errors
/// [`Fail`] when the store fails.
pub async fn end_before(headers: &HeaderMap, site: &Site) -> Result<(), Fail> {
    match cookie::value(headers, STAFF_COOKIE) {
        Some(token) => Ok(site.desk.sign_out(token).await?),
        None => Ok(()),
    }
}

/// How far the member of staff in this browser is, if there is one.
///
/// # Errors
/// [`Fail`] when the store fails.
pub async fn who_sits_here(headers: &HeaderMap, site: &Site) -> Result<Option<Threshold>, Fail> {
    match cookie::value(headers, STAFF_COOKIE) {
        Some(token) => Ok(site.desk.threshold(token).await?),
        None => Ok(None),
    }
}
