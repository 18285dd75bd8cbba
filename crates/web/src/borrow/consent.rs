//! Separate consents: one choice for each purpose, nothing ticked beforehand, and the exact text that she saw is kept.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::event::{Choice, Purpose};
use mingbai_desk::core::borrow::status::{Need, Standing};

use super::Steps;
use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, show, show_as};

/// One consent as the page asks for it.
struct Asked {
    key: &'static str,
    purpose: Purpose,
    name: String,
    text: String,
    necessary: bool,
}

#[derive(Template)]
#[template(path = "borrow/consents.html")]
struct ConsentsPage {
    f: Frame,
    step: Steps,
    form: FormState,
    asked: Vec<Asked>,
    refused: Option<String>,
    decline: String,
}

fn key_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::LoanProcessing => "loan_processing",
        Purpose::CreditReport => "credit_report",
        Purpose::SharePayees => "share_payees",
        Purpose::Marketing => "marketing",
    }
}

/// The consents of this journey in the reader's language, with the names of those who get something.
fn asked(f: &Frame, view: &JourneyView) -> Vec<Asked> {
    let Some(table) = view.journey.table() else { return Vec::new() };
    let lender = table.lender.name.get(f.lang());
    let mut payees: Vec<&str> = Vec::new();
    for item in table.items.iter().filter(|item| item.payee != table.lender) {
        let name = item.payee.name.get(f.lang());
        if !payees.contains(&name) {
            payees.push(name);
        }
    }
    let payees = payees.join(match f.lang() {
        mingbai_desk::cost::Lang::Zh => "、",
        mingbai_desk::cost::Lang::En => ", ",
    });
    let ask = |(purpose, need): (Purpose, Need)| {
        let key = key_of(purpose);
        let (name, text) = (format!("consent-{key}"), format!("consent-{key}-text"));
        let text = match purpose {
            Purpose::SharePayees => f.t1(&text, "payees", &payees),
            _ => f.t1(&text, "lender", lender),
        };
        Asked { key, purpose, name: f.t(&name), text, necessary: need == Need::Necessary }
    };
    view.journey.purposes().into_iter().map(ask).collect()
}

fn page(borrower: &Borrower, view: &JourneyView, form: FormState) -> ConsentsPage {
    let f = borrower.frame("consents-title");
    let chosen = view.journey.consents().count();
    let refused = match view.journey.standing(Duty::Consented, &view.pack) {
        // Said only after she chose; before, the page itself asks.
        Standing::Missing { why, .. } if chosen == view.journey.purposes().len() => Some(f.w(why)),
        _ => None,
    };
    let asked = asked(&f, view);
    ConsentsPage { f, step: Steps::Consent, form, asked, refused, decline: borrower.at("decline") }
}

/// `GET consents`.
pub(super) async fn choose(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    show(&page(&borrower, &view, FormState::empty()))
}

/// `POST consents`.
pub(super) async fn chosen(wish: Move) -> Result<Response, Fail> {
    let borrower = wish.page();
    let view = wish.visit.site.desk.journey(&wish.caller, wish.id).await?;
    let frame = borrower.frame("consents-title");
    let mut form = FormState::typed(wish.fields.clone());
    let mut choices = Vec::new();
    for asked in asked(&frame, &view) {
        match wish.fields.get(asked.key) {
            "agreed" => choices.push((asked, Choice::Agreed)),
            "declined" => choices.push((asked, Choice::Declined)),
            _ => form.mark(asked.key, frame.t("choose-one")),
        }
    }
    if !form.is_good() {
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page(&borrower, &view, form));
    }
    for (asked, choice) in choices {
        let Asked { purpose, text, .. } = asked;
        wish.visit.site.desk.consent(&wish.caller, wish.id, purpose, choice, &text).await?;
    }
    Ok(wish.on())
}
