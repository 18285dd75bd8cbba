//! Papers: is this signature yours, do you have the notice, and the files that she takes home.

use askama::Template;
use axum::extract::RawPathParams;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use mingbai_desk::borrow::Disclose;
use mingbai_desk::core::actor::Actor;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::AttachmentRef;
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::PaperKind;

use super::Steps;
use crate::door::{Borrower, Fail, Kind, Move};
use crate::page::{Frame, see_other, show};
use crate::when;

#[derive(Template)]
#[template(path = "borrow/sign.html")]
struct SignPage {
    f: Frame,
    step: Steps,
    attested: String,
    document: String,
    paper: String,
    not_mine: String,
}

/// `GET sign`: a consultant says that she signed; only she can say that it is so.
pub(super) async fn sign(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let (Some(mark), Some(document)) = (view.journey.signature_attested(), view.journey.signed_document())
    else {
        return Ok(see_other(&format!("/b/{}", borrower.id)));
    };
    let f = borrower.frame("sign-title");
    let who = who(&borrower, &mark.actor).await?;
    let attested = f.ab("sign-attested", who, when::shown(mark.at_ms, f.lang()));
    let page = SignPage {
        step: Steps::Paper,
        attested,
        document: document.sha256.to_string(),
        paper: borrower.at(&format!("paper/{}", document.sha256)),
        not_mine: borrower.at("decline?why=not-signed"),
        f,
    };
    show(&page)
}

/// Name and login of a member of staff: the name for the borrower, the login because the evidence names her by it.
async fn who(borrower: &Borrower, actor: &Actor) -> Result<String, Fail> {
    let Actor::Staff(login, _) = actor else { return Ok(actor.to_string()) };
    let name = borrower.visit.site.desk.staff_name(login).await?;
    Ok(name.map_or_else(|| login.to_string(), |name| format!("{name}({login})")))
}

pub(super) fn document_of(wish: &Move) -> Result<Digest, Fail> {
    wish.fields.get("document").parse().map_err(|_| {
        let why = both("页面上的文件指纹读不懂。", "The document's digest on the page cannot be read.");
        Fail::of(Kind::Unreadable).because(why)
    })
}

/// `POST sign`: it is mine.
pub(super) async fn signed(wish: Move) -> Result<Response, Fail> {
    let document = document_of(&wish)?;
    wish.act(Command::ConfirmSignature { document }).await?;
    Ok(wish.on())
}

#[derive(Template)]
#[template(path = "borrow/notice.html")]
struct NoticePage {
    f: Frame,
    step: Steps,
    document: String,
    paper: String,
    decline: String,
}

/// `GET notice`.
pub(super) async fn notice(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let Some(notice) = view.journey.notice() else {
        return Ok(see_other(&format!("/b/{}", borrower.id)));
    };
    let page = NoticePage {
        f: borrower.frame("notice-title"),
        step: Steps::Paper,
        document: notice.sha256.to_string(),
        paper: borrower.at(&format!("paper/{}", notice.sha256)),
        decline: borrower.at("decline"),
    };
    show(&page)
}

/// `POST notice`: I have it.
pub(super) async fn acknowledged(wish: Move) -> Result<Response, Fail> {
    let document = document_of(&wish)?;
    wish.act(Command::AcknowledgeNotice { document }).await?;
    Ok(wish.on())
}

/// `GET paper/{kind or digest}`: a PDF in her language and size, or exactly the one that was signed or handed over.
pub(super) async fn paper(borrower: Borrower, params: RawPathParams) -> Result<Response, Fail> {
    let wanted = params.iter().find(|(name, _)| *name == "kind").map(|(_, value)| value).unwrap_or_default();
    let desk = &borrower.visit.site.desk;
    let (name, document) = match PaperKind::from_key(wanted) {
        Some(kind) => {
            let look = borrower.visit.look;
            let issued = desk.issue_paper(&borrower.caller, borrower.id, kind, look.lang, look.size).await?;
            (kind.key().replace('_', "-"), issued.document.sha256)
        }
        None => {
            let digest: Digest = wanted.parse().map_err(|_| Fail::of(Kind::NotFound))?;
            ("document".to_owned(), digest)
        }
    };
    let (document, bytes) = desk.paper_bytes(&borrower.caller, borrower.id, document).await?;
    Ok(file(&document, &format!("mingbai-{name}.pdf"), bytes))
}

/// A PDF that is no document of a journey.
pub(crate) fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    shown(HeaderValue::from_static("application/pdf"), name, bytes)
}

/// A document as an answer that the browser shows in place.
pub(crate) fn file(document: &AttachmentRef, name: &str, bytes: Vec<u8>) -> Response {
    let media = HeaderValue::from_str(&document.media)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    shown(media, name, bytes)
}

fn shown(media: HeaderValue, name: &str, bytes: Vec<u8>) -> Response {
    let shown = HeaderValue::from_str(&format!("inline; filename=\"{name}\""));
    let shown = shown.unwrap_or(HeaderValue::from_static("inline"));
    let mut response =
        ([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, shown)], bytes).into_response();
    // Chromium shows a PDF inside a page of its own, which our policy for pages would leave empty.
    let policy = HeaderValue::from_static(
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// `GET package`: the whole evidence, with her own values opened.
pub(super) async fn package(borrower: Borrower) -> Result<Response, Fail> {
    let desk = &borrower.visit.site.desk;
    let bytes = desk.package(&borrower.caller, borrower.id, Disclose::Everything).await?;
    Ok(zip(&borrower.id.reference(), bytes))
}

/// A package as a file to keep.
pub(crate) fn zip(reference: &str, bytes: Vec<u8>) -> Response {
    let name = reference.replace(' ', "");
    let kept = HeaderValue::from_str(&format!("attachment; filename=\"mingbai-{name}.zip\""));
    let kept = kept.unwrap_or(HeaderValue::from_static("attachment"));
    let media = HeaderValue::from_static("application/zip");
    ([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, kept)], bytes).into_response()
}
