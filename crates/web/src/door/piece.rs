//! A piece of a recording, sent by the script of one of our pages: bytes with the digest that their sender computed. It passes the same
//! guards as a form, but its token stands in a header, because its body is not a form.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use subtle::ConstantTimeEq as _;

use super::{Fail, Kind, Site, from_our_page, wrong_token};

/// The most bytes of a request with a piece: one more than a chunk may have, so that a larger one is told apart from one that fits.
pub const PIECE_BYTES: usize = mingbai_desk::borrow::recording::CHUNK_LIMIT + 1;

/// A piece of a recording.
pub struct Piece {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What its sender says that their SHA-256 is.
    pub sha256: Digest,
    /// Which recording it belongs to.
    pub recording: String,
}

impl Piece {
    /// Reads one that comes from our own page, with the token of this session.
    ///
    /// # Errors
    /// [`Fail`] when it comes from elsewhere, carries another session's token, is too large, or says not what it is.
    pub async fn read(request: Request, site: &Site, csrf: &str) -> Result<Self, Fail> {
        from_our_page(request.headers(), &site.desk.settings().base_url)?;
        let text = |headers: &HeaderMap, name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let token = text(request.headers(), "x-csrf");
        if !bool::from(csrf.as_bytes().ct_eq(token.as_bytes())) {
            return Err(wrong_token());
        }
        let recording = text(request.headers(), "x-recording");
        let sha256 = text(request.headers(), "x-sha256").parse().map_err(|_| Fail::of(Kind::Unreadable))?;
        let bytes = Bytes::from_request(request, site).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Fail::of(Kind::TooLarge).because(both(
                    "这一块录像太大,没有收下。请重新打开这一页,从这一段重录。",
                    "This piece of the recording is too large and was not taken. Open the page again and record this part anew.",
                )),
                _ => Fail::of(Kind::Unreadable),
            }
        })?;
        Ok(Piece { bytes: bytes.into(), sha256, recording })
    }
}
