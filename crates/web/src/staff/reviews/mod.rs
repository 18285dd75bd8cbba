//! 消保审查 of materials: the list, handing in, one review with everything that may be done to it now, and the question whether a file may
//! be used.

mod act;
mod ask;
mod hand_in;
mod list;
mod one;
mod shown;

use axum::Router;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use mingbai_desk::core::govern::review::{Channel, ReviewId};
use mingbai_desk::govern::{FILES_BYTES, Upload};
use uuid::Uuid;

use crate::door::{Fail, Kind, Site, Staff, from_our_page, right_token};
use crate::form::Fields;
use crate::page::Frame;

/// What a form with files may hold: a little more than the files, so that too many are answered in words.
const UPLOAD_BYTES: usize = FILES_BYTES + (4 << 20);
/// Name of the field with pasted text, and what its file is called.
const PASTED: (&str, &str) = ("text", "text.txt");

pub(super) fn router() -> Router<Site> {
    let files = DefaultBodyLimit::max(UPLOAD_BYTES);
    Router::new()
        .route("/staff/reviews", get(list::list))
        .route("/staff/reviews/new", get(hand_in::form).post(hand_in::hand_in).layer(files))
        .route("/staff/reviews/check", get(ask::form).post(ask::ask).layer(files))
        .route("/staff/reviews/{id}", get(one::show))
        .route("/staff/reviews/{id}/file/{digest}", get(one::file))
        .route("/staff/reviews/{id}/final", post(hand_in::hand_in_final).layer(files))
        .route("/staff/reviews/{id}/{act}", post(act::act))
}

/// The review that an address names.
fn named(id: &str) -> Result<ReviewId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    let id = full.and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| Fail::of(Kind::NotFound))?;
    Ok(ReviewId::new(id))
}

fn at(id: ReviewId) -> String {
    format!("/staff/reviews/{id}")
}

/// A choice of a list or a box to tick.
struct Choice {
    key: &'static str,
    label: String,
    chosen: bool,
}

fn channels(f: &Frame, chosen: impl Fn(Channel) -> bool) -> Vec<Choice> {
    let choice = |one: &Channel| Choice { key: one.key(), label: f.w(one.name()), chosen: chosen(*one) };
    Channel::ALL.iter().map(choice).collect()
}

/// The ways that were ticked: `channel-branch=yes`.
fn ticked(fields: &Fields) -> Vec<Channel> {
    let yes = |one: &&Channel| fields.get(&format!("channel-{}", one.key())) == "yes";
    Channel::ALL.iter().filter(yes).copied().collect()
}

/// Regions as they are typed, divided by commas, semicolons or lines.
fn regions(text: &str) -> Vec<String> {
    let parts = text.split(['、', ',', '\u{ff0c}', ';', '\u{ff1b}', '\n', '\r']);
    let mut all: Vec<String> =
        parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    all.dedup();
    all
}

/// Fields and files of a form that may carry files. Pasted text is a file like any other.
async fn received(
    staff: &Staff,
    headers: &HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<(Fields, Vec<Upload>), Fail> {
    from_our_page(headers, &staff.visit.site.desk.settings().base_url)?;
    let broken = |e: MultipartError| match e.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fail::of(Kind::TooLarge),
        _ => Fail::of(Kind::Unreadable),
    };
    let mut sent = sent.map_err(|_| Fail::of(Kind::Unreadable))?;
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while let Some(part) = sent.next_field().await.map_err(broken)? {
        let Some(name) = part.name().map(str::to_owned) else { return Err(Fail::of(Kind::Unreadable)) };
        match part.file_name().map(str::to_owned) {
            // A field for files that was left empty is sent as a file without a name.
            Some(file) if file.is_empty() => {}
            Some(file) => {
                let bytes = part.bytes().await.map_err(broken)?.to_vec();
                files.push(Upload { name: file, bytes });
            }
            None => pairs.push((name, part.text().await.map_err(broken)?)),
        }
    }
    let fields = Fields::of(pairs).ok_or_else(|| Fail::of(Kind::Unreadable))?;
    right_token(&staff.csrf, fields.get("csrf"))?;
    let pasted = fields.get(PASTED.0);
    if !pasted.trim().is_empty() {
        // Browsers end lines with CR LF in forms; a file that somebody saves from the same text does not.
        files.push(Upload { name: PASTED.1.to_owned(), bytes: pasted.replace("\r\n", "\n").into_bytes() });
    }
    Ok((fields, files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_divided_by_what_people_type() {
        assert_eq!(regions("宁波、舟山\u{ff0c},台州\r\n 温州 \u{ff1b}"), ["宁波", "舟山", "台州", "温州"]);
        assert!(regions(" , ;\n").is_empty());
    }
}
