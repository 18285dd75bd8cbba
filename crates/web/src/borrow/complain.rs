//! A complaint from her own pages: who she is and which loan it is about are known, so she writes what happened and nothing else. What
//! becomes of it stands on the public page that her reference and code open; none of her loan's pages knows of it (law 11).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::trust::complaint::Channel;
use mingbai_desk::trust::Complain;

use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, show_as};
use crate::trust::{Clocks, enter, marked, once};

#[derive(Template)]
#[template(path = "borrow/complain.html")]
struct ComplainPage {
    f: Frame,
    form: FormState,
    once: String,
    clocks: Clocks,
    back: String,
}

fn page(borrower: &Borrower, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = borrower.frame("complain-title");
    let once = match form.value("form") {
        "" => borrower.visit.site.desk.complaint_form(),
        typed => typed.to_owned(),
    };
    let clocks = Clocks::of(&f, &borrower.visit.site);
    show_as(status, &ComplainPage { once, clocks, form, back: format!("/b/{}", borrower.id), f })
}

/// `GET complain`.
pub(super) async fn ask(borrower: Borrower) -> Result<Response, Fail> {
    borrower.view().await?;
    page(&borrower, FormState::empty(), StatusCode::OK)
}

/// `POST complain`.
pub(super) async fn send(wish: Move) -> Result<Response, Fail> {
    let fields = &wish.fields;
    let complain = Complain {
        story: fields.get("story").to_owned(),
        wish: fields.get("wish").to_owned(),
        form: once(fields),
        ..Complain::by(Channel::Page)
    };
    let site = &wish.visit.site;
    match site.desk.complain_as_borrower(&wish.caller, complain).await {
        Ok(receipt) => Ok(enter(site, &receipt.reference, &receipt.code, "/trust/complaint/received")),
        Err(error) => {
            let form = marked(&wish.visit, fields.clone(), error)?;
            page(&wish.page(), form, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}
