//! Looking at a recording: the player with its index, and the bytes of a file, whole or in ranges. That somebody looked is on record
//! before the first byte leaves.

use std::ops::Range;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use mingbai_desk::core::actor::Actor;
use mingbai_desk::core::borrow::recording::Side;
use mingbai_desk::ports::Pieces;

use super::nav::{Nav, Place};
use super::record::{self, Part};
use super::{at, named, say};
use crate::door::{Fail, Kind, Staff};
use crate::page::{Frame, show};
use crate::when;

/// The page may play what this house serves, and nothing else more than any page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; \
connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// What a range without an end gets at most: a player asks on.
const RANGE_BYTES: u64 = 4 << 20;

/// A file in the player.
struct File {
    key: String,
    label: String,
    address: String,
    media: String,
    size: String,
}

#[derive(Template)]
#[template(path = "staff/play.html")]
struct PlayPage {
    f: Frame,
    n: Nav,
    back: String,
    files: Vec<File>,
    parts: Vec<Part>,
    views: Vec<(String, String)>,
}

/// `GET record/play`.
pub(super) async fn show_player(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    let id = named(&id)?;
    let desk = &staff.visit.site.desk;
    let f = staff.frame("record-play-title").about(id.reference());
    let files = desk.view_recording(&staff.caller, id).await?;
    let view = desk.journey(&staff.caller, id).await?;
    let recording = view.journey.recording().ok_or_else(|| Fail::of(Kind::NotFound))?;
    let spoken = desk.spoken(&staff.caller, id).await?;
    let findings = record::findings_of(&staff, id).await?;
    let file = |file: mingbai_desk::borrow::recording::RecordingFile| {
        let (side, take) = (file.side.key(), file.take);
        let label = match file.side {
            Side::Borrower => "record-play-borrower",
            Side::Consultant => "record-play-consultant",
        };
        File {
            key: format!("{side}-{take}"),
            label: f.t1(label, "number", take + 1),
            address: at(id, &format!("record/file/{side}/{take}")),
            media: file.media,
            size: format!("{} KB", file.bytes.div_ceil(1024)),
        }
    };
    let who =
        |text: &str| Actor::from_text(text).map_or_else(|| text.to_owned(), |actor| say::actor(&f, &actor));
    let views = desk.recording_views(&staff.caller, id).await?;
    let page = PlayPage {
        n: Nav::new(&staff, &f, Place::Journeys),
        back: at(id, "record"),
        files: files.into_iter().map(file).collect(),
        parts: record::parts(&f, recording, &spoken, &findings),
        views: views.iter().map(|view| (when::exact(view.at_ms), who(&view.actor))).collect(),
        f,
    };
    let mut response = show(&page)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

/// What a browser asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    /// Nothing of the file lies there.
    Beyond,
}

/// Reads one range (RFC 9110); several, or what cannot be read, are answered with the whole, as the standard allows.
fn asked(headers: &HeaderMap, total: u64) -> Asked {
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let range = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(total),
        (Ok(from), Err(_)) if to.is_empty() => from..from.saturating_add(RANGE_BYTES).min(total),
        (Err(_), Ok(last)) if from.is_empty() => total.saturating_sub(last)..total,
        _ => return Asked::Whole,
    };
    if range.start >= range.end { Asked::Beyond } else { Asked::Part(range) }
}

/// Chunk after chunk, decrypted while the browser reads.
fn body(pieces: Box<dyn Pieces>) -> Body {
    let next = |mut pieces: Box<dyn Pieces>| async move {
        match pieces.next().await {
            Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), pieces)),
            Ok(None) => None,
            // The answer breaks off, so that a player does not take a damaged file for a short one.
            Err(error) => {
                tracing::error!(%error, "a recording breaks off while it is read");
                Some((Err(std::io::Error::other(error.to_string())), pieces))
            }
        }
    };
    Body::from_stream(futures_util::stream::unfold(pieces, next))
}

/// `GET record/file/{side}/{take}`.
pub(super) async fn file(
    staff: Staff,
    Path((id, side, take)): Path<(String, String, u32)>,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    let side = Side::from_key(&side).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let desk = &staff.visit.site.desk;
    let whole = desk.play_recording(&staff.caller, id, (side, take), None).await?;
    let total = whole.file.bytes;
    let (status, range, pieces) = match asked(&headers, total) {
        Asked::Whole => (StatusCode::OK, None, whole.pieces),
        Asked::Part(range) => {
            let part = desk.play_recording(&staff.caller, id, (side, take), Some(range.clone())).await?;
            (StatusCode::PARTIAL_CONTENT, Some(range), part.pieces)
        }
        Asked::Beyond => {
            let beyond = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, beyond).into_response());
        }
    };
    let length = range.as_ref().map_or(total, |range| range.end - range.start);
    let mut response = (status, body(pieces)).into_response();
    let headers = response.headers_mut();
    // What a browser said about its own file is not believed further than that it is a film.
    let media = if whole.file.media.starts_with("video/mp4") { "video/mp4" } else { "video/webm" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    if let Some(range) = range {
        let told = format!("bytes {}-{}/{total}", range.start, range.end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&told).map_err(Fail::fault)?);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_what_the_standard_says() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static(text));
            asked(&headers, 100)
        };
        assert_eq!(asked(&HeaderMap::new(), 100), Asked::Whole);
        assert_eq!(of("bytes=0-"), Asked::Part(0..100));
        assert_eq!(of("bytes=10-19"), Asked::Part(10..20));
        assert_eq!(of("bytes=90-900"), Asked::Part(90..100));
        assert_eq!(of("bytes=-5"), Asked::Part(95..100));
        assert_eq!(of("bytes=100-"), Asked::Beyond);
        assert_eq!(of("bytes=-0"), Asked::Beyond);
        for odd in ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=1-2,5-6", "bytes=-"] {
            assert_eq!(of(odd), Asked::Whole, "{odd}");
        }
    }
}
