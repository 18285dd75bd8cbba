//! What surrounds every page: its number, its headers, forms read with their guards, and failures made into pages.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;

use super::{Fail, Kind, Site, Visit, csrf_for, from_our_page, wrong_token};
use crate::api::door::RequestNumber;
use crate::form::{Fields, INK_FORM_BYTES};
use crate::page::failed;

/// No script, style or picture from elsewhere, nothing inline, no frame around us, no form to others.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // The address of a borrower's link is a secret: it must not travel to other houses. Not `no-referrer`, with which browsers
    // send `Origin: null` and no form could be told from a forged one.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), geolocation=(), payment=()",
    ),
];

static COUNT: AtomicU64 = AtomicU64::new(1);

/// Gives each request its number and each answer its headers, and turns a [`Fail`] into a page.
pub async fn finish(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let now = u64::try_from(site.desk.now_ms()).unwrap_or(0) & 0xff_ffff_ffff;
    let number = format!("{now:010X}-P{}", COUNT.fetch_add(1, Ordering::Relaxed));
    request.extensions_mut().insert(RequestNumber(number.as_str().into()));
    let (parts, body) = request.into_parts();
    let visit = Visit::of(&parts, &site);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(fail) = response.extensions_mut().remove::<Fail>() {
        if let Some(cause) = &fail.cause {
            tracing::error!(request = %number, %cause, "a page failed");
        }
        response = failed(&visit, &fail);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&number) {
        headers.entry(HeaderName::from_static("x-request-id")).or_insert(value);
    }
    if site.transport == super::Transport::Https {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
    response
}

/// Reads a form that comes from our own page; with a session, its token must belong to it.
///
/// # Errors
/// [`Fail`] when it comes from elsewhere, is too large, or cannot be read.
pub async fn posted(request: Request, site: &Site, session: Option<&str>) -> Result<Fields, Fail> {
    from_our_page(request.headers(), &site.desk.settings().base_url)?;
    let bytes = axum::body::Bytes::from_request(request, site).await.map_err(|rejection| match rejection
        .into_response()
        .status()
    {
        StatusCode::PAYLOAD_TOO_LARGE => Fail::of(Kind::TooLarge),
        _ => Fail::of(Kind::Unreadable),
    })?;
    // The routes say how large each form may be; this is the end of it for one that forgot to.
    if bytes.len() > INK_FORM_BYTES {
        return Err(Fail::of(Kind::TooLarge));
    }
    let pairs = serde_urlencoded::from_bytes(&bytes).map_err(|_| Fail::of(Kind::Unreadable))?;
    let fields = Fields::of(pairs).ok_or_else(|| Fail::of(Kind::Unreadable))?;
    match session {
        Some(session) => right_token(&csrf_for(session), fields.get("csrf")).map(|()| fields),
        None => Ok(fields),
    }
}

/// Whether a form that carries a file came with the token of this session's pages.
///
/// # Errors
/// [`Fail`] when it did not.
pub(crate) fn right_token(right: &str, sent: &str) -> Result<(), Fail> {
    if bool::from(right.as_bytes().ct_eq(sent.as_bytes())) { Ok(()) } else { Err(wrong_token()) }
}
