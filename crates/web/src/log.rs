//! The public log over HTTP (C2SP tlog-tiles): checkpoint, tiles of hashes, consistency between published checkpoints and the log's
//! key, for anybody; bundles of records for auditors. No rule lives here.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use mingbai_desk::DeskError;
use mingbai_desk::cost::Words;
use mingbai_desk::evidence::tiles::{Content, TileName};
use mingbai_desk::ports::KeptCheckpoint;
use serde::{Deserialize, Serialize};

use crate::door::{Fail, Kind, Site, Staff};

/// What never changes may be kept for a year.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What is at most a second old when it is made.
const A_SECOND: HeaderValue = HeaderValue::from_static("public, max-age=1");
/// What only one person may see.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Every route of the public log.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/checkpoint.sm2", get(second_checkpoint))
        .route("/log/key", get(key))
        .route("/log/consistency", get(consistency))
        .route("/log/tile/entries/{*name}", get(entries))
        .route("/log/tile/{*name}", get(tile))
}

/// An answer that pages of other houses may read too: a verifier in a browser is one.
fn open(media: HeaderValue, kept: HeaderValue, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CACHE_CONTROL, kept);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// `GET /log/checkpoint`: a signed note, at most a second behind.
async fn checkpoint(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(open(TEXT, A_SECOND, site.desk.public_checkpoint().await?))
}

/// `GET /log/checkpoint.sm2`: the log as it stands, signed with SM2 over SM3 in a note of its own, where the house has such a key.
async fn second_checkpoint(State(site): State<Site>) -> Result<Response, Fail> {
    match site.desk.second_checkpoint().await? {
        Some(note) => Ok(open(TEXT, A_SECOND, note)),
        None => Err(Fail::from(DeskError::NotFound(Words::new(
            "本系统没有国密密钥,只有 Ed25519 签名的检查点:/log/checkpoint。",
            "This house has no SM2 key; its checkpoint with an Ed25519 signature is at /log/checkpoint.",
        )))),
    }
}

/// `GET /log/key`: the key that signs, as `name+hash+base64`. Whoever takes it from here trusts this server; compare it with the
/// published one.
async fn key(State(site): State<Site>) -> Result<Response, Fail> {
    Ok(open(TEXT, A_SECOND, format!("{}\n", site.desk.log_key()?)))
}

/// `GET /log/tile/<L>/<N>[.p/<W>]`.
async fn tile(State(site): State<Site>, Path(name): Path<String>) -> Result<Response, Fail> {
    let Some(name) = TileName::parse(&name).filter(|name| name.content() != Content::Entries) else {
        return Err(Fail::of(Kind::NotFound));
    };
    Ok(open(BYTES, FOR_GOOD, site.desk.tile(name).await?))
}

/// `GET /log/tile/entries/<N>[.p/<W>]`, for auditors who are signed in.
async fn entries(staff: Staff, Path(name): Path<String>) -> Result<Response, Fail> {
    let name = TileName::parse(&format!("entries/{name}"));
    let name = name.ok_or_else(|| Fail::of(Kind::NotFound))?;
    let bytes = staff.visit.site.desk.entries(&staff.caller, name).await?;
    let headers = [(header::CONTENT_TYPE, BYTES), (header::CACHE_CONTROL, PRIVATE)];
    Ok((headers, bytes).into_response())
}

/// Two sizes.
#[derive(Deserialize)]
struct Sizes {
    old: u64,
    new: u64,
}

/// One end of a consistency proof.
#[derive(Serialize)]
struct End {
    size: u64,
    root: String,
    note: String,
}

impl From<KeptCheckpoint> for End {
    fn from(kept: KeptCheckpoint) -> Self {
        End { size: kept.size, root: kept.root.to_string(), note: kept.note }
    }
}

/// A consistency proof between two published checkpoints; digests in hexadecimal.
#[derive(Serialize)]
struct Shown {
    old: End,
    new: End,
    path: Vec<String>,
}

/// `GET /log/consistency?old=…&new=…`: both checkpoints as they were published, and the proof between them.
async fn consistency(
    State(site): State<Site>,
    sizes: Result<Query<Sizes>, QueryRejection>,
) -> Result<Response, Fail> {
    let Query(sizes) = sizes.map_err(|_| Fail::of(Kind::Unreadable))?;
    let found = site.desk.consistency(sizes.old, sizes.new).await?;
    let path = found.path.iter().map(ToString::to_string).collect();
    let shown = Shown { old: found.old.into(), new: found.new.into(), path };
    Ok(open(HeaderValue::from_static("application/json"), FOR_GOOD, Json(shown)))
}
