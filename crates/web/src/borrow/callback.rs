//! The call-back by link: after the payout the same numbers are asked again, and who did what.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::borrow::callback::{CallPlan, FactKey, ResultCode};
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::YesNo;
use mingbai_desk::core::borrow::teachback::{Answer, Form, Question, not_sure};
use mingbai_desk::cost::Words;

use super::begin::yes_no;
use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, show, show_as};

#[derive(Template)]
#[template(path = "borrow/callback.html")]
struct CallbackPage {
    f: Frame,
    form: FormState,
    plan: CallPlan,
}

impl CallbackPage {
    fn answers(&self, key: &FactKey) -> [(&'static str, Words); 3] {
        [
            ("yes", key.answer_words(YesNo::Yes)),
            ("no", key.answer_words(YesNo::No)),
            ("not_sure", key.answer_words(YesNo::NotSure)),
        ]
    }

    fn choices<'a>(&self, question: &'a Question) -> Option<Vec<(String, &'a Words)>> {
        match &question.form {
            Form::Choices(choices) => {
                Some(choices.iter().enumerate().map(|(at, choice)| (at.to_string(), &choice.words)).collect())
            }
            Form::Amount { .. } => None,
        }
    }

    fn not_sure(&self) -> Words {
        not_sure()
    }

    fn id(&self, question: &Question) -> String {
        question.id.to_string()
    }
}

#[derive(Template)]
#[template(path = "borrow/callback_done.html")]
struct OverPage {
    f: Frame,
    lead: String,
    done: String,
}

fn over(borrower: &Borrower, title: &str, lead: &str) -> Result<Response, Fail> {
    let f = borrower.frame(title);
    show(&OverPage { lead: f.t(lead), done: borrower.at("done"), f })
}

/// `GET callback`.
pub(super) async fn questions(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    if let Some(code) = view.journey.callback().and_then(|call| call.code) {
        let lead = match code {
            ResultCode::Confirmed => "callback-done-good",
            _ => "callback-done-case",
        };
        return over(&borrower, "callback-done-title", lead);
    }
    if view.journey.callback().is_none() {
        return over(&borrower, "callback-none-title", "callback-none-lead");
    }
    let plan = borrower.visit.site.desk.callback_plan(&borrower.caller, borrower.id).await?;
    show(&CallbackPage { f: borrower.frame("callback-title"), form: FormState::empty(), plan })
}

/// `POST callback`. A number that she does not remember is "not sure", never forced.
pub(super) async fn answered(wish: Move) -> Result<Response, Fail> {
    let desk = &wish.visit.site.desk;
    let plan = desk.callback_plan(&wish.caller, wish.id).await?;
    let mut form = FormState::typed(wish.fields.clone());
    let mut facts = BTreeMap::new();
    for key in &plan.facts {
        match yes_no(wish.fields.get(key.key())) {
            Some(answer) => {
                facts.insert(*key, answer);
            }
            None => form.mark(key.key(), wish.visit.say("choose-one")),
        }
    }
    if !form.is_good() {
        let page = CallbackPage { f: wish.page().frame("callback-title"), form, plan };
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let numbers = plan.numbers.iter().map(|question| (question.id, number(&wish, question))).collect();
    wish.act(Command::AnswerCallback { facts, numbers }).await?;
    Ok(crate::page::see_other(&super::at(wish.id, "callback")))
}

fn number(wish: &Move, question: &Question) -> Answer {
    let text = wish.fields.get(&question.id.to_string()).trim();
    match (&question.form, text) {
        (_, "" | "not_sure") => Answer::NotSure,
        (Form::Choices(_), choice) => choice.parse().map_or(Answer::NotSure, Answer::Choice),
        (Form::Amount { .. }, amount) => Answer::Amount(amount.to_owned()),
    }
}
