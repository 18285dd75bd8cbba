//! Before any figure: what this is, what she earns and owes, and whether somebody is using her.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::borrow::afford::Declared;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::YesNo;
use mingbai_desk::core::borrow::numerals::parse_amount;
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::Fen;

use super::Steps;
use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, show, show_as};

#[derive(Template)]
#[template(path = "borrow/start.html")]
struct StartPage {
    f: Frame,
    step: Steps,
    lead: String,
    next: String,
    decline: String,
}

/// `GET start`.
pub(super) async fn start(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let f = borrower.frame("start-title");
    let lead = match view.journey.table() {
        Some(table) => f.ab("start-lead", table.lender.name.get(f.lang()), f.yuan(&table.principal_fen)),
        None => f.t("wait-terms-lead"),
    };
    let (next, decline) = (format!("/b/{}", borrower.id), borrower.at("decline"));
    show(&StartPage { f, step: Steps::About, lead, next, decline })
}

#[derive(Template)]
#[template(path = "borrow/income.html")]
struct IncomePage {
    f: Frame,
    step: Steps,
    form: FormState,
    decline: String,
}

fn income_page(borrower: &Borrower, form: FormState) -> IncomePage {
    let f = borrower.frame("income-title");
    IncomePage { f, step: Steps::Income, form, decline: borrower.at("decline") }
}

/// `GET income`.
pub(super) async fn income(borrower: Borrower) -> Result<Response, Fail> {
    borrower.view().await?;
    show(&income_page(&borrower, FormState::empty()))
}

/// `POST income`.
pub(super) async fn declare(wish: Move) -> Result<Response, Fail> {
    let mut form = FormState::typed(wish.fields.clone());
    let lang = wish.visit.look.lang;
    let mut amount = |name: &str| match parse_amount(wish.fields.get(name)) {
        Ok(amount) => amount,
        Err(error) => {
            form.mark(name, error.words().get(lang));
            Fen::ZERO
        }
    };
    let (income, debts) = (amount("income"), amount("debts"));
    let declared = Declared::new(income, debts);
    if let Err(error) = &declared
        && form.is_good()
    {
        form.mark("income", error.words().get(lang));
    }
    match declared {
        Ok(declared) if form.is_good() => {
            wish.visit.site.desk.declare_income(&wish.caller, wish.id, declared).await?;
            Ok(wish.on())
        }
        _ => show_as(StatusCode::UNPROCESSABLE_ENTITY, &income_page(&wish.page(), form)),
    }
}

/// One screening question with what was answered.
struct Asked {
    key: &'static str,
    question: String,
}

#[derive(Template)]
#[template(path = "borrow/safety.html")]
struct SafetyPage {
    f: Frame,
    step: Steps,
    form: FormState,
    questions: Vec<Asked>,
    decline: String,
}

fn safety_page(borrower: &Borrower, form: FormState) -> SafetyPage {
    let f = borrower.frame("safety-title");
    let asked = |key: ScreenKey| Asked { key: key.key(), question: key.question().get(f.lang()).to_owned() };
    let questions = ScreenKey::ALL.into_iter().map(asked).collect();
    SafetyPage { step: Steps::Safety, form, questions, decline: borrower.at("decline"), f }
}

/// `GET safety`.
pub(super) async fn safety(borrower: Borrower) -> Result<Response, Fail> {
    borrower.view().await?;
    show(&safety_page(&borrower, FormState::empty()))
}

/// `POST safety`.
pub(super) async fn answer(wish: Move) -> Result<Response, Fail> {
    let mut form = FormState::typed(wish.fields.clone());
    let mut answers = BTreeMap::new();
    for key in ScreenKey::ALL {
        match yes_no(wish.fields.get(key.key())) {
            Some(answer) => {
                answers.insert(key, answer);
            }
            None => form.mark(key.key(), wish.visit.say("safety-missing")),
        }
    }
    if !form.is_good() {
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &safety_page(&wish.page(), form));
    }
    wish.act(Command::AnswerScreening { answers }).await?;
    Ok(wish.on())
}

/// `yes`, `no` or `not_sure`.
pub(super) fn yes_no(text: &str) -> Option<YesNo> {
    match text {
        "yes" => Some(YesNo::Yes),
        "no" => Some(YesNo::No),
        "not_sure" => Some(YesNo::NotSure),
        _ => None,
    }
}
