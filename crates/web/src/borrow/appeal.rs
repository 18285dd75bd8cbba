//! Why her loan waits for a call, and her appeal: the reason in general words, ways to appeal, what helps, and what became of what she
//! wrote (反电信网络诈骗法第三十二条). The page that she is paused on only names it, because somebody may look over her shoulder.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::trust::HerRing;
use mingbai_desk::{DeskError, ErrorKind};

use crate::door::{Borrower, Fail, Kind, Move};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// An appeal as she sees it.
struct Said {
    at: String,
    text: Vec<String>,
    how: Option<String>,
    answer: Vec<String>,
}

#[derive(Template)]
#[template(path = "borrow/appeal.html")]
struct AppealPage {
    f: Frame,
    form: FormState,
    reason: String,
    remedy: String,
    papers: Vec<String>,
    said: Vec<Said>,
    may: bool,
    waits: bool,
    back: String,
}

async fn page(borrower: &Borrower, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let found = borrower.visit.site.desk.her_ring(&borrower.caller).await?;
    let Some(ring) = found else { return Err(Fail::of(Kind::NotFound)) };
    let f = borrower.frame("appeal-title");
    let page = AppealPage {
        reason: f.w(&ring.notice.reason),
        remedy: f.w(&ring.notice.remedy),
        papers: ring.notice.papers.iter().map(|paper| f.w(paper)).collect(),
        said: said(&f, &ring),
        may: ring.may_appeal(),
        waits: ring.waits,
        back: format!("/b/{}", borrower.id),
        form,
        f,
    };
    show_as(status, &page)
}

fn said(f: &Frame, ring: &HerRing) -> Vec<Said> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let one = |appeal: &mingbai_desk::trust::HerAppeal| Said {
        at: when::shown(appeal.at_ms, f.lang()),
        text: lines(&appeal.text),
        how: appeal
            .answer
            .as_ref()
            .map(|(how, at_ms, _)| f.ab("appeal-answer", when::shown(*at_ms, f.lang()), f.w(how.name()))),
        answer: appeal.answer.as_ref().map(|(.., text)| lines(text)).unwrap_or_default(),
    };
    ring.appeals.iter().map(one).collect()
}

/// `GET appeal`.
pub(super) async fn ask(borrower: Borrower) -> Result<Response, Fail> {
    page(&borrower, FormState::empty(), StatusCode::OK).await
}

/// `POST appeal`.
pub(super) async fn send(wish: Move) -> Result<Response, Fail> {
    let text = wish.fields.get("text");
    match wish.visit.site.desk.appeal_against_ring(&wish.caller, text).await {
        Ok(()) => Ok(see_other(&super::at(wish.id, "appeal"))),
        Err(error @ (DeskError::Invalid { .. } | DeskError::Refused(_))) => {
            let status = match error.kind() {
                ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let mut form = FormState::typed(wish.fields.clone());
            form.mark("text", error.tell(wish.visit.look.lang));
            page(&wish.page(), form, status).await
        }
        Err(error) => Err(error.into()),
    }
}
