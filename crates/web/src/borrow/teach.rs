//! Teach-back: one question a page, made from her own numbers; after a wrong answer the explanation, then another wording; after
//! several, a person. The page never knows the right answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::borrow::status::Step;
use mingbai_desk::core::borrow::teachback::{Answer, Form, Question, not_sure};
use mingbai_desk::cost::Words;

use super::Steps;
use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, see_other, show, show_as};

#[derive(Template)]
#[template(path = "borrow/teach.html")]
struct QuestionPage {
    f: Frame,
    step: Steps,
    form: FormState,
    done: usize,
    count: usize,
    question: Question,
    table: String,
    decline: String,
}

impl QuestionPage {
    fn choices(&self) -> Option<Vec<(String, &Words)>> {
        match &self.question.form {
            Form::Choices(choices) => {
                let numbered = choices.iter().enumerate();
                Some(numbered.map(|(at, choice)| (at.to_string(), &choice.words)).collect())
            }
            Form::Amount { .. } => None,
        }
    }

    fn not_sure(&self) -> Words {
        not_sure()
    }
}

/// How many questions are answered right, and how many there are.
fn progress(view: &JourneyView) -> (usize, usize) {
    let questions = view.journey.offer().map_or(&[][..], |offer| &offer.questions);
    let right = |key: &str| view.journey.teach().kinds.get(key).is_some_and(|kind| kind.right.is_some());
    (questions.iter().filter(|kind| right(kind.key())).count(), questions.len())
}

fn question_page(
    borrower: &Borrower,
    view: &JourneyView,
    question: Question,
    form: FormState,
) -> QuestionPage {
    let (done, count) = progress(view);
    QuestionPage {
        f: borrower.frame("teach-title"),
        step: Steps::Answer,
        form,
        done,
        count,
        question,
        table: borrower.at("table"),
        decline: borrower.at("decline"),
    }
}

#[derive(Template)]
#[template(path = "borrow/teach_between.html")]
struct BetweenPage {
    f: Frame,
    step: Steps,
    done: usize,
    count: usize,
    explain: Option<Words>,
    human: bool,
    ask: String,
    table: String,
    decline: String,
}

/// `GET teach`: the open question, or what comes between two questions.
pub(super) async fn question(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    if let Some(question) = view.journey.open_question() {
        return show(&question_page(&borrower, &view, question, FormState::empty()));
    }
    let human = view.journey.needs_human(&view.pack);
    if !human && view.journey.next_step(&view.pack) != Step::Borrower(Duty::Understood) {
        return Ok(see_other(&format!("/b/{}", borrower.id)));
    }
    let (done, count) = progress(&view);
    let explain = view.journey.question_to_explain().map(|question| question.explain);
    let title = match (human, &explain) {
        (true, _) => "human-title",
        (false, Some(_)) => "teach-explain-title",
        (false, None) => "teach-title",
    };
    let page = BetweenPage {
        f: borrower.frame(title),
        step: Steps::Answer,
        done,
        count,
        explain,
        human,
        ask: borrower.at("teach/ask"),
        table: borrower.at("table"),
        decline: borrower.at("decline"),
    };
    show(&page)
}

/// `POST teach/ask`: put the next question.
pub(super) async fn ask(wish: Move) -> Result<Response, Fail> {
    wish.act(Command::AskQuestion).await?;
    Ok(see_other(&super::at(wish.id, "teach")))
}

/// What the form says; `None` when nothing was chosen.
fn answer_of(wish: &Move) -> Option<Answer> {
    match (wish.fields.get("answer"), wish.fields.get("amount").trim()) {
        ("not_sure", _) => Some(Answer::NotSure),
        ("", "") => None,
        ("", amount) => Some(Answer::Amount(amount.to_owned())),
        (choice, _) => choice.parse().ok().map(Answer::Choice),
    }
}

/// `POST teach`: her answer.
pub(super) async fn answer(wish: Move) -> Result<Response, Fail> {
    let question = wish.fields.get("question").to_owned();
    let Some(answer) = answer_of(&wish) else {
        return ask_again(&wish, wish.visit.say("teach-missing")).await;
    };
    let acted = match wish.act_raw(Command::AnswerQuestion { question, answer }).await {
        Ok(acted) => acted,
        // An answer that cannot be read costs nothing: the page comes back with what was typed.
        Err(DeskError::Refused(refusal)) if refusal.kind == RefusalKind::DoesNotFit => {
            let why = refusal.why.get(wish.visit.look.lang).to_owned();
            return ask_again(&wish, why).await;
        }
        Err(error) => return Err(error.into()),
    };
    let journey = &acted.view.journey;
    let goes_on = journey.teach().explain.is_none() && journey.next_question_kind().is_some();
    if goes_on && !journey.needs_human(&acted.view.pack) {
        wish.act(Command::AskQuestion).await?;
    }
    match journey.next_question_kind() {
        Some(_) => Ok(see_other(&super::at(wish.id, "teach"))),
        None => Ok(wish.on()),
    }
}

async fn ask_again(wish: &Move, why: String) -> Result<Response, Fail> {
    let borrower = wish.page();
    let view = borrower.view().await?;
    let open = view.journey.open_question();
    let Some(question) = open.filter(|open| open.id.to_string() == wish.fields.get("question")) else {
        return Ok(see_other(&borrower.at("teach")));
    };
    let mut form = FormState::typed(wish.fields.clone());
    form.mark("answer", why);
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &question_page(&borrower, &view, question, form))
}

impl Move {
    /// Does what the form wants and hands the desk's own error on.
    async fn act_raw(&self, command: Command) -> Result<mingbai_desk::borrow::Acted, DeskError> {
        self.visit.site.desk.act(&self.caller, self.id, command).await
    }
}
