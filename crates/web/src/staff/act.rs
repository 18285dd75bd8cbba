//! What staff put on record about a journey: a consultant what she saw, compliance what it decided.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::{DocumentKind, HumanDecision};

use super::back::{self, Back};
use super::journey::{Returned, page};
use super::papers::Edition;
use super::{at, named};
use crate::door::{Fail, StaffMove};
use crate::form::FormState;
use crate::page::see_other;

/// A form of a journey's page that is being worked on.
struct Work {
    wish: StaffMove,
    id: JourneyId,
    /// Name of the form, which is also its anchor.
    which: &'static str,
    form: FormState,
}

impl Work {
    fn new(id: &str, wish: StaffMove, which: &'static str) -> Result<Self, Fail> {
        let form = FormState::typed(wish.fields.clone());
        Ok(Work { id: named(id)?, which, form, wish })
    }

    fn get(&self, name: &str) -> &str {
        self.wish.fields.get(name)
    }

    /// Marks a field; the answer stands for a value that will not be used.
    fn wrong(&mut self, field: &str, key: &str) {
        let text = self.wish.staff.visit.say(key);
        self.form.mark(field, text);
    }

    /// The page again, with what was typed.
    async fn again(self, status: StatusCode) -> Result<Response, Fail> {
        let returned = Returned { which: self.which, form: self.form };
        page(&self.wish.staff, self.id, returned, status).await
    }

    /// On to the journey, or back to the form with the desk's words.
    async fn end<T>(mut self, outcome: Result<T, DeskError>, field: &str) -> Result<Response, Fail> {
        match outcome {
            Ok(_) => Ok(see_other(&at(self.id, ""))),
            Err(error) => {
                let refused = error.refusal().map(|refusal| refusal.kind);
                // Somebody else's step is not a form to fill in better; the attempt is on record by now.
                if refused == Some(mingbai_desk::core::borrow::refusal::RefusalKind::NotYours) {
                    return Err(error.into());
                }
                let f = self.wish.staff.titled("");
                let Back { status, form } = back::form(&f, &self.wish.fields, field, error)?;
                self.form = form;
                self.again(status).await
            }
        }
    }

    async fn act(self, command: Command, field: &str) -> Result<Response, Fail> {
        let outcome = self.wish.staff.visit.site.desk.act(&self.wish.staff.caller, self.id, command).await;
        self.end(outcome, field).await
    }
}

/// `POST identity`.
pub(super) async fn identity(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let mut work = Work::new(&id, wish, "identity")?;
    let document = match work.get("document") {
        "resident_id_card" => DocumentKind::ResidentIdCard,
        "passport" => DocumentKind::Passport,
        "other_legal" => DocumentKind::OtherLegal,
        _ => {
            work.wrong("document", "choose-one");
            return work.again(StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let staff = &work.wish.staff;
    let number = work.get("number").to_owned();
    let outcome = staff.visit.site.desk.attest_identity(&staff.caller, work.id, document, &number).await;
    work.end(outcome, "number").await
}

/// `POST explain`.
pub(super) async fn explain(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    Work::new(&id, wish, "explain")?.act(Command::ExplainInPerson, "explain").await
}

/// `POST signature`: which printed edition she signed.
pub(super) async fn signature(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let mut work = Work::new(&id, wish, "signature")?;
    let Some(Edition { lang, size }) = Edition::from_key(work.get("edition")) else {
        work.wrong("signature", "staff-edition-choose");
        return work.again(StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let staff = &work.wish.staff;
    let outcome = staff.visit.site.desk.attest_signature(&staff.caller, work.id, lang, size).await;
    work.end(outcome, "signature").await
}

/// `POST recording`.
pub(super) async fn recording(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let mut work = Work::new(&id, wish, "recording")?;
    let recording_number = work.get("recording_number").trim().to_owned();
    if recording_number.is_empty() {
        work.wrong("recording_number", "staff-recording-number-wrong");
    }
    let seconds = work.get("seconds").trim().parse::<u32>().ok().filter(|seconds| *seconds > 0);
    let Some(seconds) = seconds.filter(|_| work.form.is_good()) else {
        if seconds.is_none() {
            work.wrong("seconds", "staff-recording-seconds-wrong");
        }
        return work.again(StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    work.act(Command::AttestRecording { recording_number, seconds }, "recording_number").await
}

/// `POST notice`: which printed edition was handed over.
pub(super) async fn notice(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let mut work = Work::new(&id, wish, "notice")?;
    let Some(Edition { lang, size }) = Edition::from_key(work.get("edition")) else {
        work.wrong("notice", "staff-edition-choose");
        return work.again(StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let staff = &work.wish.staff;
    let outcome = staff.visit.site.desk.hand_notice(&staff.caller, work.id, lang, size).await;
    work.end(outcome, "notice").await
}

/// `allowed` or `upheld`.
fn decision(text: &str) -> Option<HumanDecision> {
    match text {
        "allowed" => Some(HumanDecision::Allowed),
        "upheld" => Some(HumanDecision::Upheld),
        _ => None,
    }
}

async fn decide(
    mut work: Work,
    (choice, reason): (&'static str, &'static str),
    command: impl FnOnce(HumanDecision, String) -> Command,
) -> Result<Response, Fail> {
    let Some(decision) = decision(work.get("decision")) else {
        work.wrong(choice, "choose-one");
        return work.again(StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let text = work.get("reason").trim().to_owned();
    work.act(command(decision, text), reason).await
}

/// `POST afford`.
pub(super) async fn afford(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let work = Work::new(&id, wish, "afford")?;
    let command = |decision, reason| Command::ReviewAffordability { decision, reason };
    decide(work, ("afford-decision", "afford-reason"), command).await
}

/// `POST screening`.
pub(super) async fn screening(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let work = Work::new(&id, wish, "screening")?;
    let command = |decision, reason| Command::ReviewScreening { decision, reason };
    decide(work, ("screening-decision", "screening-reason"), command).await
}

/// `POST remedy`.
pub(super) async fn remedy(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let mut work = Work::new(&id, wish, "remedy")?;
    let outcome = work.get("outcome").trim().to_owned();
    if outcome.is_empty() {
        work.wrong("outcome", "staff-remedy-wrong");
        return work.again(StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    // The oldest open case is closed. When a colleague was faster, that is another one than the page showed.
    let staff = &work.wish.staff;
    let view = staff.visit.site.desk.journey(&staff.caller, work.id).await?;
    let oldest = view.journey.remedies().iter().find(|case| case.closed.is_none());
    let shown: Option<u64> = work.get("case").parse().ok();
    if shown.is_some() && shown != oldest.map(|case| case.mark.seq) {
        work.wrong("outcome", "staff-remedy-other");
        return work.again(StatusCode::CONFLICT).await;
    }
    work.act(Command::CloseRemedy { outcome }, "outcome").await
}
