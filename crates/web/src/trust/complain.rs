//! 投诉: one page for everybody, without a login. It asks for what is needed to answer in writing and for nothing else; papers that the house
//! has or can find are not asked for.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::complaint::{Channel, Party};
use mingbai_desk::trust::Complain;

use super::complaint::enter;
use crate::door::{Fail, Site, Visit, posted};
use crate::form::{Fields, FormState};
use crate::page::{Frame, show_as};

#[derive(Template)]
#[template(path = "trust/complain.html")]
struct ComplainPage {
    f: Frame,
    form: FormState,
    parties: Vec<(&'static str, String, bool)>,
    once: String,
    clocks: Clocks,
}

/// The days of the policy pack, as a page says them.
pub(crate) struct Clocks {
    said: String,
    again: String,
}

impl Clocks {
    /// Those of the pack in force.
    pub(crate) fn of(f: &Frame, site: &Site) -> Self {
        let rules = site.desk.pack().complaints();
        let days = |value: u32| value.to_string();
        let (ask, answer) = (days(rules.recheck_ask_days.value), days(rules.recheck_days.value));
        let longer = f.ab("complain-longer", rules.complex_days.value, rules.extended_days.value);
        Clocks {
            said: f.two("complain-clock", ("days", &days(rules.simple_days.value)), ("longer", &longer)),
            again: f.ab("complain-again", ask, answer),
        }
    }

    /// Within how many days the answer comes.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// What she can do afterwards.
    pub(crate) fn again(&self) -> &str {
        &self.again
    }
}

fn page(visit: &Visit, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = Frame::new(visit, visit.say("complain-title"));
    let chosen = Party::from_key(form.value("party"));
    let party = |one: &Party| (one.key(), f.w(one.name()), chosen == Some(*one));
    let once = match form.value("form") {
        "" => visit.site.desk.complaint_form(),
        typed => typed.to_owned(),
    };
    let clocks = Clocks::of(&f, &visit.site);
    let parties = Party::ALL.iter().map(party).collect();
    show_as(status, &ComplainPage { parties, once, clocks, form, f })
}

/// `GET /trust/complain`.
pub(super) async fn form(visit: Visit) -> Result<Response, Fail> {
    page(&visit, FormState::empty(), StatusCode::OK)
}

/// `POST /trust/complain`.
pub(super) async fn complain(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    visit.try_secret()?;
    let Some(party) = Party::from_key(fields.get("party")) else {
        let mut form = FormState::typed(fields);
        form.mark("party", visit.say("choose-one"));
        return page(&visit, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let text = |name: &str| fields.get(name).to_owned();
    let wish = Complain {
        party,
        name: text("name"),
        contact: text("contact"),
        loan: text("loan"),
        story: text("story"),
        wish: text("wish"),
        form: once(&fields),
        ..Complain::by(Channel::Page)
    };
    match site.desk.complain(wish).await {
        Ok(receipt) => Ok(enter(&site, &receipt.reference, &receipt.code, "/trust/complaint/received")),
        Err(error) => {
            let form = marked(&visit, fields, error)?;
            page(&visit, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// The form's random text, as long as it is one of ours.
pub(crate) fn once(fields: &Fields) -> String {
    Some(fields.get("form")).filter(|text| text.len() == 43).unwrap_or_default().to_owned()
}

/// The form on its way back, with what the desk said about one field of it.
pub(crate) fn marked(visit: &Visit, fields: Fields, error: DeskError) -> Result<FormState, Fail> {
    match error {
        DeskError::Invalid { field, ref words } => {
            let text = words.get(visit.look.lang).to_owned();
            let mut form = FormState::typed(fields);
            form.mark(field, text);
            Ok(form)
        }
        error => match error.refusal() {
            Some(_) => {
                let text = error.tell(visit.look.lang);
                let mut form = FormState::typed(fields);
                form.mark("text", text);
                Ok(form)
            }
            None => Err(error.into()),
        },
    }
}
