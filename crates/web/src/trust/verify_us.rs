//! Is it really from us? Anybody may type the check code of a message. The answer says of which kind it was, on which day it was sent and how
//! the number ends, and nothing about a person; and never that something is safe.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::trust::{SentMessage, sent_kind};
use mingbai_desk::{DeskError, ErrorKind};
use serde::Deserialize;

use crate::door::{Fail, Visit};
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// The longest code that is looked at, in characters.
const TYPED_MAX: usize = 40;

/// What was asked.
#[derive(Deserialize)]
pub(super) struct Asked {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "trust/verify_us.html")]
struct VerifyPage {
    f: Frame,
    typed: String,
    unknown: Option<String>,
    found: Option<Found>,
}

struct Found {
    code: String,
    kind: String,
    sent: String,
    ending: Option<String>,
}

fn found(message: SentMessage, f: &Frame) -> Found {
    Found {
        code: message.code,
        kind: f.w(sent_kind(message.kind)),
        sent: when::day(message.sent_at_ms, f.lang()),
        ending: Some(message.ending).filter(|ending| !ending.is_empty()),
    }
}

/// `GET /trust/verify-us` and `GET /trust/verify-us?code=…`.
pub(super) async fn form(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let f = Frame::new(&visit, visit.say("verify-title"));
    let typed: String = asked.code.unwrap_or_default().chars().take(TYPED_MAX).collect();
    if typed.trim().is_empty() {
        return show_as(StatusCode::OK, &VerifyPage { f, typed, unknown: None, found: None });
    }
    visit.try_secret()?;
    match visit.site.desk.verify_us(&typed).await {
        Ok(message) => {
            let found = Some(found(message, &f));
            show_as(StatusCode::OK, &VerifyPage { f, typed, unknown: None, found })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => other(&visit, f, typed, error).await,
        Err(error) => Err(error.into()),
    }
}

/// No message has it. A paper may: people do not know which of our codes is which.
async fn other(visit: &Visit, f: Frame, typed: String, error: DeskError) -> Result<Response, Fail> {
    match visit.site.desk.check_code(&typed).await {
        Ok(paper) => Ok(see_other(&format!("/c/{}", paper.code.replace(' ', "")))),
        Err(missing) if missing.kind() == ErrorKind::NotFound => {
            let unknown = Some(error.words().get(f.lang()).to_owned());
            show_as(StatusCode::NOT_FOUND, &VerifyPage { f, typed, unknown, found: None })
        }
        Err(fault) => Err(fault.into()),
    }
}
