//! What compliance does to a complaint: each form is one wish, and the rules say yes or no.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::borrow::numerals::parse_amount;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::complaint::{Level, MediationEnd, Outcome, Paper, PaperKind, Remedy, Right};
use mingbai_desk::cost::Fen;
use mingbai_desk::trust::HouseWish;

use super::super::back::{self, Back};
use super::one::{ACTS, Returned, page};
use super::{at, named};
use crate::door::{Fail, Kind, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::see_other;

/// `POST /staff/complaints/{id}/{act}`.
pub(super) async fn act(Path((id, act)): Path<(String, String)>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let which = ACTS.into_iter().find(|one| *one == act).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let staff = &wish.staff;
    let wanted = match read(which, &wish.fields) {
        Ok(wanted) => wanted,
        Err(wrong) => {
            let mut form = FormState::typed(wish.fields.clone());
            let text = match wrong {
                Wrong::Key(key) => staff.visit.say(key),
                Wrong::Amount(error) => error.tell(staff.visit.look.lang),
            };
            form.mark(which, text);
            return page(staff, id, Returned { which, form }, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match staff.visit.site.desk.act_on_complaint(&staff.caller, id, wanted).await {
        Ok(_) => Ok(see_other(&at(id))),
        Err(error) => {
            if error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::NotYours) {
                return Err(error.into());
            }
            let f = staff.titled("");
            let text = error.tell(f.lang());
            let Back { status, .. } = back::form(&f, &wish.fields, which, error)?;
            // Every word goes to the head of the form, whatever field the desk meant: forms of the page share names of fields.
            let mut form = FormState::typed(wish.fields.clone());
            form.mark(which, text);
            page(staff, id, Returned { which, form }, status).await
        }
    }
}

/// Why a form is no wish.
enum Wrong {
    Key(&'static str),
    Amount(mingbai_desk::core::borrow::numerals::AmountError),
}

/// A choice that was not made.
const CHOOSE: Wrong = Wrong::Key("choose-one");

fn read(act: &str, fields: &Fields) -> Result<HouseWish, Wrong> {
    let text = |name: &str| fields.get(name).trim().to_owned();
    Ok(match act {
        "acknowledge" => HouseWish::Acknowledge,
        "categorise" => {
            let (cause, business) = (text("cause"), text("business"));
            let right = Right::from_key(fields.get("right")).ok_or(CHOOSE)?;
            if cause.is_empty() || business.is_empty() {
                return Err(CHOOSE);
            }
            HouseWish::Categorise { cause, business, right }
        }
        "link" => HouseWish::Link(text("journey")),
        "note" => HouseWish::Note(text("text")),
        "hold" => HouseWish::Hold(paper(fields)?),
        "ask" => HouseWish::Ask(paper(fields)?, text("why")),
        "extend" => HouseWish::Extend(Level::from_key(fields.get("level")).ok_or(CHOOSE)?, text("reason")),
        "approve-extension" => HouseWish::ApproveExtension,
        "answer" => HouseWish::Answer {
            outcome: Outcome::from_key(fields.get("outcome")).ok_or(CHOOSE)?,
            remedies: remedies(fields)?,
            refund_fen: match text("refund").as_str() {
                "" => Fen::ZERO,
                amount => parse_amount(amount).map_err(Wrong::Amount)?,
            },
            text: text("text"),
        },
        "approve" => HouseWish::Approve { draft: fields.get("draft").parse().map_err(|_| CHOOSE)? },
        "pay" => {
            let amount_fen = parse_amount(&text("amount")).map_err(Wrong::Amount)?;
            HouseWish::Pay { amount_fen, payment: text("payment") }
        }
        "mediation" => HouseWish::EndMediation(MediationEnd::from_key(fields.get("end")).ok_or(CHOOSE)?),
        _ => {
            let root_cause = text("root_cause");
            if root_cause.is_empty() {
                return Err(CHOOSE);
            }
            HouseWish::Close { root_cause, lesson: text("lesson") }
        }
    })
}

fn paper(fields: &Fields) -> Result<Paper, Wrong> {
    let kind = PaperKind::from_key(fields.get("paper")).ok_or(CHOOSE)?;
    Ok(Paper { kind, about: fields.get("about").trim().to_owned() })
}

fn remedies(fields: &Fields) -> Result<Vec<Remedy>, Wrong> {
    let chosen = |one: &&Remedy| fields.get(&format!("remedy-{}", one.key())) == "yes";
    let all: Vec<Remedy> = Remedy::ALL.iter().filter(chosen).copied().collect();
    if all.is_empty() { Err(Wrong::Key("staff-complaint-remedy-wrong")) } else { Ok(all) }
}
