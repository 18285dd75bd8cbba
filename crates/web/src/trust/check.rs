//! Is this paper really from us? Anyone may type its short code or scan its QR code; the answer says nothing about a person.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::ports::PaperKind;
use mingbai_desk::trust::{PaperStanding, PublicPaper, SquareFigures};
use mingbai_desk::{DeskError, ErrorKind};
use serde::Deserialize;

use crate::door::{Fail, Visit};
use crate::form::{Fields, FormState};
use crate::page::{Frame, show_as};
use crate::when;

/// What was asked.
#[derive(Deserialize)]
pub(super) struct Asked {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "trust/check.html")]
struct CheckPage {
    f: Frame,
    form: FormState,
    unknown: Option<String>,
    found: Option<Found>,
}

/// A paper as the page shows it.
struct Found {
    paper: PublicPaper,
    kind: &'static str,
    standing: &'static str,
    good: bool,
    issued: String,
    /// Tone and words of what the square code says about the figures; nothing when only the code was typed.
    square: Option<(&'static str, &'static str)>,
}

/// What a paper is called.
pub(crate) fn kind_key(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::CostTable => "check-kind-cost_table",
        PaperKind::Plan => "check-kind-plan",
        PaperKind::Notice => "check-kind-notice",
        PaperKind::Contract => "check-kind-contract",
        PaperKind::Certificate => "check-kind-certificate",
        PaperKind::CallbackCard => "check-kind-callback_card",
    }
}

fn found((paper, figures): (PublicPaper, Option<SquareFigures>), f: &Frame) -> Found {
    let kind = kind_key(paper.paper);
    let (standing, good) = match paper.standing {
        PaperStanding::Current => ("check-current", true),
        PaperStanding::Superseded => ("check-superseded", false),
        PaperStanding::Declined => ("check-declined", false),
    };
    let issued = when::shown(paper.issued_at_ms, f.lang());
    let square = figures.map(|figures| match figures {
        SquareFigures::Kept => ("good", "check-square-kept"),
        SquareFigures::Other => ("alarm", "check-square-other"),
    });
    // A code that was altered makes nothing on the paper good.
    let good = good && figures != Some(SquareFigures::Other);
    Found { paper, kind, standing, good, issued, square }
}

/// `GET /check` and `GET /check?code=…`.
pub(super) async fn form(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    match asked.code {
        Some(code) => answer(&visit, code, None).await,
        None => {
            let f = Frame::new(&visit, visit.say("check-title"));
            let page = CheckPage { f, form: FormState::empty(), unknown: None, found: None };
            show_as(StatusCode::OK, &page)
        }
    }
}

/// `GET /c/{code}`: the address that a paper prints for people.
pub(super) async fn code(visit: Visit, Path(code): Path<String>) -> Result<Response, Fail> {
    answer(&visit, code, None).await
}

/// `GET /c/{code}/{mark}`: where the square code of a paper leads. `mark` is the beginning of its figures' digest.
pub(super) async fn square(
    visit: Visit,
    Path((code, mark)): Path<(String, String)>,
) -> Result<Response, Fail> {
    answer(&visit, code, Some(mark)).await
}

async fn answer(visit: &Visit, code: String, mark: Option<String>) -> Result<Response, Fail> {
    visit.try_secret()?;
    let f = Frame::new(visit, visit.say("check-title"));
    let desk = &visit.site.desk;
    let looked = match mark {
        Some(mark) => desk.check_square(&code, &mark).await.map(|(paper, figures)| (paper, Some(figures))),
        None => desk.check_code(&code).await.map(|paper| (paper, None)),
    };
    let form = FormState::typed(Fields::of(vec![("code".to_owned(), code)]).unwrap_or_default());
    let (status, unknown, found) = match looked {
        Ok(paper) => (StatusCode::OK, None, Some(found(paper, &f))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            (StatusCode::NOT_FOUND, Some(words(&error, &f)), None)
        }
        Err(error) => return Err(error.into()),
    };
    show_as(status, &CheckPage { f, form, unknown, found })
}

fn words(error: &DeskError, f: &Frame) -> String {
    error.words().get(f.lang()).to_owned()
}
