//! Large documents from the core system, piece by piece: begin, ask where it goes on, send a piece with its digest, end. A broken
//! connection costs one piece at most.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::{KeepError, PIECE};
use mingbai_desk::{Desk, DeskError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::door::{Body, Core, Named, NoBody};
use super::problem::{Fail, Kind, Problem};

/// The most bytes of a request with a piece. One more than a piece has, so that a larger one is told apart from one that fits.
pub const PIECE_BYTES: usize = PIECE + 1;
/// What a media type may have besides letters and digits (RFC 6838).
const OF_MEDIA: &[u8] = b"!#$&-^_.+";
/// Longest media type.
const MEDIA_MAX: usize = 100;

/// 开始上传。 / Begins an upload.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"media": "video/mp4"}))]
pub struct UploadBody {
    /// 媒体类型,如 `video/mp4`。 / Media type, e.g. `video/mp4`.
    pub media: String,
}

/// 一次上传。 / An upload.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Upload {
    /// 上传编号。 / Its number.
    pub upload: String,
    /// 从第几个字节继续。 / The byte at which it goes on.
    pub offset: u64,
    /// 每一块的字节数;只有最后一块可以更短。 / Bytes of every piece; only the last may be shorter.
    pub piece_bytes: u64,
}

/// 上传完成的文件。 / A document that was uploaded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// 全部字节的 SHA-256(十六进制),存证用它称呼这份文件。 / SHA-256 of all its bytes in hex; evidence names it by this.
    pub sha256: String,
    /// 媒体类型。 / Media type.
    pub media: String,
    /// 字节数。 / Length in bytes.
    pub bytes: u64,
}

fn shown(upload: Uuid, offset: u64) -> Upload {
    Upload { upload: upload.to_string(), offset, piece_bytes: PIECE as u64 }
}

/// Journey and upload of the address.
pub(super) struct Place(JourneyId, Uuid);

impl FromRequestParts<Arc<Desk>> for Place {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Fail> {
        let path: Result<Path<(String, String)>, _> = Path::from_request_parts(parts, desk).await;
        let Ok(Path((journey, upload))) = path else { return Err(DeskError::no_journey().into()) };
        let journey = JourneyId::parse(&journey).ok_or_else(|| Fail::from(DeskError::no_journey()))?;
        let upload = Uuid::try_parse(&upload).map_err(|_| no_upload())?;
        Ok(Place(journey, upload))
    }
}

fn no_upload() -> Fail {
    Fail::new(
        Kind::NotFound,
        both(
            "这笔业务没有这个上传,或搁置太久已被清理;请重新开始。",
            "This journey has no such upload, or it rested for so long that it was cleaned away; begin it again.",
        ),
    )
}

/// What went wrong with an upload, told apart from a failure of our own.
fn fail(error: DeskError) -> Fail {
    match error {
        DeskError::Keep(KeepError::NoUpload) => no_upload(),
        DeskError::Keep(KeepError::Offset { expected }) => Fail::new(
            Kind::UploadOffset,
            both(
                format!("这次上传应从第 {expected} 个字节继续。"),
                format!("This upload goes on at byte {expected}."),
            ),
        ),
        DeskError::Keep(KeepError::Piece) => Fail::invalid(
            "Content-Digest",
            both(
                "收到的字节与 Content-Digest 不符:路上变了。请重发这一块。",
                "The bytes that arrived do not have the Content-Digest that was announced. Send this piece again.",
            ),
        ),
        DeskError::Keep(KeepError::TooLarge { .. }) => too_large(),
        other => other.into(),
    }
}

fn too_large() -> Fail {
    Fail::new(
        Kind::TooLarge,
        both(format!("一块最多 {PIECE} 字节。"), format!("A piece has at most {PIECE} bytes.")),
    )
}

fn media(text: &str) -> Result<&str, Fail> {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || OF_MEDIA.contains(&b))
    };
    let is_one = text.len() <= MEDIA_MAX && text.split_once('/').is_some_and(|(a, b)| part(a) && part(b));
    is_one.then_some(text).ok_or_else(|| {
        let words = both("媒体类型应写成 video/mp4 这样。", "A media type is written like video/mp4.");
        Fail::invalid("media", words)
    })
}

/// 开始上传一份大文件。 / Begins the upload of a large document
///
/// 文件属于借款人本人,加密存放。三天没有动静的上传会被清理。
/// It is the borrower's own and kept sealed. An upload that rests for three days is cleaned away.
#[utoipa::path(
    post, path = "/journeys/{id}/uploads", tag = "uploads", operation_id = "beginUpload",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    request_body = UploadBody,
    responses(
        (status = 201, body = Upload, description = "已开始 / Begun"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn begin(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    Body(body): Body<UploadBody>,
) -> Result<impl IntoResponse, Fail> {
    let upload = desk.begin_upload(&caller, id, media(&body.media)?).await.map_err(fail)?;
    Ok((StatusCode::CREATED, Json(shown(upload, 0))))
}

/// 从哪里继续。 / Where it goes on
///
/// 连接断了、答复丢了,先问这里。 After a broken connection or a lost answer, ask here.
#[utoipa::path(
    get, path = "/journeys/{id}/uploads/{upload}", tag = "uploads", operation_id = "getUpload",
    security(("core_key" = [])),
    params(
        ("id" = String, Path, description = "业务编号 / Number of the journey"),
        ("upload" = String, Path, description = "上传编号 / Number of the upload"),
    ),
    responses(
        (status = 200, body = Upload, description = "从哪里继续 / Where it goes on"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn offset(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Place(id, upload): Place,
) -> Result<Json<Upload>, Fail> {
    let offset = desk.upload_offset(&caller, id, upload).await.map_err(fail)?;
    Ok(Json(shown(upload, offset)))
}

/// Where a piece begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    offset: u64,
}

/// A piece with where it begins and its announced digest.
pub(super) struct Piece {
    offset: u64,
    bytes: Vec<u8>,
    digest: Digest,
}

impl FromRequest<Arc<Desk>> for Piece {
    type Rejection = Fail;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Fail> {
        let (mut parts, body) = request.into_parts();
        let at: Result<Query<At>, _> = Query::from_request_parts(&mut parts, desk).await;
        let Query(At { offset }) = at.map_err(|_| {
            let words = both("offset 应是从 0 起的整数。", "offset is a whole number from 0 on.");
            Fail::invalid("offset", words)
        })?;
        if parts.headers.get(header::CONTENT_TYPE).is_none_or(|value| value != "application/octet-stream") {
            let words = both(
                "请求头 Content-Type 应为 application/octet-stream。",
                "The header Content-Type must be application/octet-stream.",
            );
            return Err(Fail::new(Kind::MediaType, words));
        }
        let digest = announced(&parts.headers)?;
        let bytes =
            Bytes::from_request(Request::from_parts(parts, body), desk).await.map_err(|rejection| {
                if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                    return too_large();
                }
                let words = both("这一块没有收完整。", "This piece did not arrive in full.");
                Fail::new(Kind::Unreadable, words)
            })?;
        Ok(Piece { offset, bytes: bytes.into(), digest })
    }
}

/// The SHA-256 of `Content-Digest` (RFC 9530): `sha-256=:<base64>:`.
fn announced(headers: &HeaderMap) -> Result<Digest, Fail> {
    let mut values = headers.get_all("content-digest").iter();
    let value = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    };
    let text = value.and_then(|text| text.trim().strip_prefix("sha-256=:")?.strip_suffix(':'));
    let digest =
        text.and_then(|text| BASE64.decode(text).ok()).and_then(|bytes| Digest::from_slice(&bytes).ok());
    digest.ok_or_else(|| {
        let words = both(
            "请求头 Content-Digest 应写成 sha-256=:这一块的 SHA-256(base64):,见 RFC 9530。",
            "The header Content-Digest is written sha-256=:SHA-256 of the piece in base64:, see RFC 9530.",
        );
        Fail::invalid("Content-Digest", words)
    })
}

/// 一块字节。 / The bytes of a piece.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used, in the description of the API")]
pub struct PieceBytes(Vec<u8>);

/// 送来一块。 / Sends a piece
///
/// 答复之前这一块已落盘。位置不对答 409 并说明从哪里继续;摘要不对答 422,不写入。
/// It is on the disk before it is answered. 409 when it does not go on there, and where it does; 422 when its digest is another
/// one: nothing is written then.
#[utoipa::path(
    put, path = "/journeys/{id}/uploads/{upload}", tag = "uploads", operation_id = "sendPiece",
    security(("core_key" = [])),
    params(
        ("id" = String, Path, description = "业务编号 / Number of the journey"),
        ("upload" = String, Path, description = "上传编号 / Number of the upload"),
        ("offset" = u64, Query, description = "这一块从第几个字节开始 / The byte at which the piece begins"),
        ("Content-Digest" = String, Header, description = "`sha-256=:…:`(RFC 9530)"),
    ),
    request_body(content = PieceBytes, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Upload, description = "已落盘 / Kept"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn piece(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Place(id, upload): Place,
    piece: Piece,
) -> Result<Json<Upload>, Fail> {
    let Piece { offset, bytes, digest } = piece;
    let offset = desk.upload_piece(&caller, id, upload, (offset, bytes, digest)).await.map_err(fail)?;
    Ok(Json(shown(upload, offset)))
}

/// 上传完成。 / Ends an upload
///
/// 到这时整份文件才有名字;重复调用得到同样的答复。 Only now the whole has a name. Doing it again gives the same answer.
#[utoipa::path(
    post, path = "/journeys/{id}/uploads/{upload}/finish", tag = "uploads", operation_id = "finishUpload",
    security(("core_key" = [])),
    params(
        ("id" = String, Path, description = "业务编号 / Number of the journey"),
        ("upload" = String, Path, description = "上传编号 / Number of the upload"),
    ),
    responses(
        (status = 200, body = Uploaded, description = "完成 / Done"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn finish(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Place(id, upload): Place,
    NoBody: NoBody,
) -> Result<Json<Uploaded>, Fail> {
    let done = desk.finish_upload(&caller, id, upload).await.map_err(fail)?;
    Ok(Json(Uploaded { sha256: done.sha256.to_string(), media: done.media, bytes: done.bytes }))
}
