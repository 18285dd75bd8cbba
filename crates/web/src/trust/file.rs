//! Is this signed file good? Anybody may ask, without a login. The file is looked at and forgotten; the answer stands on the page.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use mingbai_desk::ports::{FileReport, FileVerdict};

use crate::door::{Fail, Kind, Visit, from_our_page};
use crate::page::{Frame, show_as};
use crate::when;

/// Largest file that is taken. A contract with its annexes has half a megabyte.
pub(super) const FILE_BYTES: usize = 8 * 1024 * 1024;
/// What the form may hold beside the file.
pub(super) const FORM_BYTES: usize = FILE_BYTES + 64 * 1024;
/// Longest code, as it may be typed.
const CODE_BYTES: usize = 60;

#[derive(Template)]
#[template(path = "trust/file.html")]
struct FilePage {
    f: Frame,
    mistake: Option<String>,
    answer: Option<Answer>,
    code: String,
}

/// What was found, as the page shows it.
struct Answer {
    summary: &'static str,
    tone: &'static str,
    signers: Vec<Signer>,
    claims: Vec<Line>,
}

struct Signer {
    name: String,
    field: String,
    claimed: String,
    proven: String,
}

struct Line {
    mark: &'static str,
    tone: &'static str,
    field: String,
    claim: String,
    why: String,
}

/// `GET /trust/file`.
pub(super) async fn form(visit: Visit) -> Result<Response, Fail> {
    show_as(StatusCode::OK, &page(&visit))
}

fn page(visit: &Visit) -> FilePage {
    let f = Frame::new(visit, visit.say("file-title"));
    FilePage { f, mistake: None, answer: None, code: String::new() }
}

/// `POST /trust/file`.
pub(super) async fn judge(
    visit: Visit,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fail> {
    from_our_page(&headers, &visit.site.desk.settings().base_url)?;
    // Judging costs a processor: one address may not ask without end.
    visit.try_secret()?;
    let sent = sent.map_err(|_| Fail::of(Kind::Unreadable))?;
    let (file, code) = read(sent).await?;
    let mut page = page(&visit);
    page.code = code;
    if file.is_empty() {
        page.mistake = Some(visit.say("file-none"));
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    if file.len() > FILE_BYTES {
        page.mistake = Some(visit.say("file-large"));
        return show_as(StatusCode::PAYLOAD_TOO_LARGE, &page);
    }
    let code = Some(page.code.trim()).filter(|code| !code.is_empty());
    let report = visit.site.desk.check_file(file, code).await?;
    page.answer = Some(answer(&report, &page.f));
    show_as(StatusCode::OK, &page)
}

/// The file and the code. A part that is neither is no part of our form.
async fn read(mut sent: Multipart) -> Result<(Vec<u8>, String), Fail> {
    let broken = |e: axum::extract::multipart::MultipartError| match e.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fail::of(Kind::TooLarge),
        _ => Fail::of(Kind::Unreadable),
    };
    let (mut file, mut code) = (Vec::new(), String::new());
    while let Some(part) = sent.next_field().await.map_err(broken)? {
        match part.name() {
            Some("file") if file.is_empty() => file = part.bytes().await.map_err(broken)?.to_vec(),
            Some("code") if code.is_empty() => {
                code = part.text().await.map_err(broken)?;
                if code.len() > CODE_BYTES {
                    return Err(Fail::of(Kind::Unreadable));
                }
            }
            _ => return Err(Fail::of(Kind::Unreadable)),
        }
    }
    Ok((file, code))
}

fn answer(report: &FileReport, f: &Frame) -> Answer {
    let any = |wanted| report.claims.iter().any(|c| c.verdict == wanted);
    let (summary, tone) = if any(FileVerdict::Contradicted) {
        ("file-bad", "alarm")
    } else if any(FileVerdict::NotKnown) {
        ("file-open", "care")
    } else {
        ("file-good", "good")
    };
    let when = |at: Option<i64>| at.map_or_else(|| "—".to_owned(), |ms| when::shown(ms, f.lang()));
    let signers = report.signers.iter().map(|s| Signer {
        name: if s.name.is_empty() { f.t("file-stamp") } else { s.name.clone() },
        field: s.field.clone(),
        claimed: when(s.claimed_at_ms),
        proven: when(s.proven_at_ms),
    });
    let claims = report.claims.iter().map(|c| {
        let (mark, tone) = match c.verdict {
            FileVerdict::Holds => ("file-mark-holds", "good"),
            FileVerdict::NotKnown => ("file-mark-open", "care"),
            FileVerdict::Contradicted => ("file-mark-bad", "alarm"),
        };
        let field = c.field.clone().unwrap_or_default();
        Line { mark, tone, field, claim: f.w(&c.claim).to_owned(), why: f.w(&c.why).to_owned() }
    });
    Answer { summary, tone, signers: signers.collect(), claims: claims.collect() }
}
