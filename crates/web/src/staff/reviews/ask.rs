//! May this file be used here and now? Whoever is about to print, publish or say something holds the file against what was released.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use mingbai_desk::core::govern::review::{Channel, Place as UsePlace, Usable};
use mingbai_desk::evidence::Digest;

use super::super::nav::{Nav, Place};
use super::{Choice, at, channels, received};
use crate::door::{Fail, Staff};
use crate::form::{Fields, FormState};
use crate::page::{Frame, show_as};
use crate::when;

struct Said {
    good: bool,
    sign: &'static str,
    text: String,
    name: String,
    digest: String,
    review: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/review_check.html")]
struct CheckPage {
    f: Frame,
    n: Nav,
    form: FormState,
    channels: Vec<Choice>,
    said: Vec<Said>,
}

fn check_page(staff: &Staff, form: FormState, said: Vec<Said>, status: StatusCode) -> Result<Response, Fail> {
    let f = staff.frame("review-check-title");
    let page = CheckPage {
        n: Nav::new(staff, &f, Place::Reviews),
        channels: channels(&f, |one| form.chose("channel", one.key())),
        said,
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/reviews/check`.
pub(super) async fn form(staff: Staff) -> Result<Response, Fail> {
    check_page(&staff, FormState::empty(), Vec::new(), StatusCode::OK)
}

/// `POST /staff/reviews/check`. The files are not kept.
pub(super) async fn ask(
    staff: Staff,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fail> {
    let (fields, files) = received(&staff, &headers, sent).await?;
    let mut form = FormState::typed(fields.clone());
    let channel = Channel::from_key(fields.get("channel"));
    if channel.is_none() {
        form.mark("channel", staff.visit.say("choose-one"));
    }
    if files.is_empty() {
        form.mark("files", staff.visit.say("review-no-file"));
    }
    let Some(channel) = channel.filter(|_| !files.is_empty()) else {
        return check_page(&staff, form, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let place = UsePlace { region: fields.get("region").trim().to_owned(), channel };
    let mut said = Vec::new();
    for upload in &files {
        let digest = Digest::of(&upload.bytes);
        let found = staff.visit.site.desk.material_use(&staff.caller, digest, &place).await?;
        said.push(in_words(&staff, &upload.name, digest, &found));
    }
    // A file is not sent back to the form; pasted text is.
    let kept = ["region", "channel", "text"].map(|name| (name.to_owned(), fields.get(name).to_owned()));
    let form = FormState::typed(Fields::of(kept.to_vec()).unwrap_or_default());
    check_page(&staff, form, said, StatusCode::OK)
}

fn in_words(staff: &Staff, name: &str, digest: Digest, found: &Usable) -> Said {
    let f = staff.titled("");
    let key = format!("review-use-{}", found.key().replace('_', "-"));
    let day = match found {
        Usable::Released { until_ms, .. } | Usable::Expired(_, until_ms) => when::shown(*until_ms, f.lang()),
        Usable::NotYet(_, from_ms) => when::shown(*from_ms, f.lang()),
        _ => String::new(),
    };
    let good = matches!(found, Usable::Released { .. });
    Said {
        good,
        sign: if good { "✓" } else { "✗" },
        text: f.t1(&key, "day", day),
        name: name.to_owned(),
        digest: digest.to_string(),
        review: found.review().map(at),
    }
}
