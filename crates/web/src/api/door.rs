//! The API's door: the request's number, the core system's key, and JSON bodies read strictly with errors that name the
//! field. It must not know what any use case does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::text::both;
use mingbai_desk::{Caller, Desk, DeskError};
use serde::de::DeserializeOwned;

use super::fields;
use super::problem::{Fail, Kind};

/// Largest body of a request, in bytes. The longest legitimate one has about two thousand.
pub const BODY_BYTES: usize = 32 * 1024;

/// The number of a request, as a person reads it to the administrator.
#[derive(Clone, Debug)]
pub struct RequestNumber(pub Arc<str>);

static COUNT: AtomicU64 = AtomicU64::new(1);

/// Gives the request its number, unless an outer door gave it one, and puts it into every problem.
pub(super) async fn number(State(desk): State<Arc<Desk>>, mut request: Request, next: Next) -> Response {
    let number = match request.extensions().get::<RequestNumber>() {
        Some(number) => number.0.clone(),
        None => {
            let now = u64::try_from(desk.now_ms()).unwrap_or(0) & 0xff_ffff_ffff;
            format!("{now:010X}-A{}", COUNT.fetch_add(1, Ordering::Relaxed)).into()
        }
    };
    request.extensions_mut().insert(RequestNumber(number.clone()));
    let mut response = next.run(request).await;
    if let Some(fail) = response.extensions_mut().remove::<Fail>() {
        response = fail.numbered(&number);
    }
    if let Ok(value) = HeaderValue::from_str(&number) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A core system that showed its key.
#[derive(Clone, Debug)]
pub struct Core(pub Caller);

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

impl FromRequestParts<Arc<Desk>> for Core {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Fail> {
        let unknown = || {
            // The same words for a missing, malformed, unknown and closed key.
            let words = both("没有密钥,或密钥无效。", "There is no key, or it is not valid.");
            Fail::new(Kind::Unauthenticated, words)
        };
        let key = bearer(&parts.headers).ok_or_else(unknown)?;
        // The desk looks a hash of the key up, so the time it takes tells nothing about the key.
        desk.caller_of_key(key).await?.map(Core).ok_or_else(unknown)
    }
}

/// The journey that the address names.
#[derive(Clone, Copy, Debug)]
pub struct Named(pub JourneyId);

impl FromRequestParts<Arc<Desk>> for Named {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Fail> {
        let path: Result<Path<String>, _> = Path::from_request_parts(parts, desk).await;
        let id = path.ok().and_then(|Path(text)| JourneyId::parse(&text));
        id.map(Named).ok_or_else(|| DeskError::no_journey().into())
    }
}

/// A JSON body, read strictly: unknown, missing and doubled fields are refused by name.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Desk>> for Body<T> {
    type Rejection = Fail;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Fail> {
        if !says_json(request.headers()) {
            let words = both(
                "请求头 Content-Type 应为 application/json。",
                "The header Content-Type must be application/json.",
            );
            return Err(Fail::new(Kind::MediaType, words));
        }
        read_json(&bytes(request, desk).await?).map(Body)
    }
}

/// A POST that says everything by its address: the body is empty or `{}`.
#[derive(Clone, Copy, Debug)]
pub struct NoBody;

impl FromRequest<Arc<Desk>> for NoBody {
    type Rejection = Fail;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Fail> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Empty {}
        let bytes = bytes(request, desk).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(NoBody);
        }
        read_json(&bytes).map(|Empty {}| NoBody)
    }
}

fn says_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

async fn bytes(request: Request, desk: &Arc<Desk>) -> Result<Bytes, Fail> {
    Bytes::from_request(request, desk).await.map_err(|rejection| {
        if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
            let words = both(
                format!("请求内容超过 {BODY_BYTES} 字节。"),
                format!("The body has more than {BODY_BYTES} bytes."),
            );
            return Fail::new(Kind::TooLarge, words);
        }
        let words = both("请求内容没有收完整。", "The body did not arrive in full.");
        Fail::new(Kind::Unreadable, words)
    })
}

/// Reads a body. Public for the fuzz targets, which have no server.
///
/// # Errors
/// [`Fail`] names the field and what would be right.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fail> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        fields::explain(&path, error.inner())
    })?;
    reader.end().map_err(|error| fields::explain(".", &error))?;
    Ok(value)
}
