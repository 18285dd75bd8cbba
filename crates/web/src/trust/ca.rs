//! The signing authority's public documents: what a verifier trusts, and what was revoked. Anybody may have them and keep them a
//! while; their addresses stand in every certificate.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use mingbai_desk::cost::Lang;
use mingbai_desk::ports::{AuthorityFiles, NationalFiles, SignatureError};

use crate::door::{Fail, Kind, Site};

/// RFC 2585.
const CERTIFICATE: HeaderValue = HeaderValue::from_static("application/pkix-cert");
const LIST: HeaderValue = HeaderValue::from_static("application/pkix-crl");
/// A revocation must be seen within the hour; certificates change once a year.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

async fn files(site: &Site) -> Result<AuthorityFiles, Fail> {
    let Some(signatures) = site.desk.signatures() else { return Err(Fail::of(Kind::NotFound)) };
    signatures.authority(site.desk.now_ms()).await.map_err(|error| match error {
        SignatureError::Refused(words) | SignatureError::Fault(words) => Fail::fault(words.get(Lang::En)),
    })
}

fn served(media: HeaderValue, kept: HeaderValue, der: Vec<u8>) -> Response {
    let mut response = der.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CACHE_CONTROL, kept);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// `GET /ca/root.cer`.
pub(super) async fn root(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(served(CERTIFICATE, A_DAY, files(&site).await?.root))
}

/// `GET /ca/issuing.cer`.
pub(super) async fn issuing(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(served(CERTIFICATE, A_DAY, files(&site).await?.issuing))
}

/// `GET /ca/revocations.crl`.
pub(super) async fn revocations(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(served(LIST, AN_HOUR, files(&site).await?.revocations))
}

/// `GET /ca/root.crl`.
pub(super) async fn root_revocations(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(served(LIST, A_DAY, files(&site).await?.root_revocations))
}

async fn national(site: &Site) -> Result<NationalFiles, Fail> {
    files(site).await?.national.ok_or_else(|| Fail::of(Kind::NotFound))
}

/// `GET /ca/sm2-root.cer`.
pub(super) async fn national_root(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(served(CERTIFICATE, A_DAY, national(&site).await?.root))
}

/// `GET /ca/sm2.crl`.
pub(super) async fn national_revocations(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(served(LIST, AN_HOUR, national(&site).await?.revocations))
}
