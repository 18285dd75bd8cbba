//! What compliance does to a ring: each form is one wish, and the rules say yes or no.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::borrow::event::HumanDecision;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::core::trust::ring::{Action, Appealed, Ending, Heard};
use mingbai_desk::trust::RingWish;
use uuid::Uuid;

use super::super::back::{self, Back};
use super::one::{ACTS, Returned, page};
use super::{at, named};
use crate::door::{Fail, Kind, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::see_other;

/// `POST /staff/rings/{id}/{act}`.
pub(super) async fn act(Path((id, act)): Path<(String, String)>, wish: StaffMove) -> Result<Response, Fail> {
    let id = named(&id)?;
    let which = ACTS.into_iter().find(|one| *one == act).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let staff = &wish.staff;
    let Some(wanted) = read(which, &wish.fields) else {
        let mut form = FormState::typed(wish.fields.clone());
        form.mark(which, staff.visit.say("choose-one"));
        return page(staff, id, Returned { which, form }, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match staff.visit.site.desk.act_on_ring(&staff.caller, id, wanted).await {
        Ok(_) => Ok(see_other(&at(id))),
        Err(error) => {
            let second = error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::NotYours);
            if second && staff.caller.role() != Some(mingbai_desk::core::actor::StaffRole::Compliance) {
                return Err(error.into());
            }
            let f = staff.titled("");
            let text = error.tell(f.lang());
            let Back { status, .. } = back::form(&f, &wish.fields, which, error)?;
            let mut form = FormState::typed(wish.fields.clone());
            form.mark(which, text);
            page(staff, id, Returned { which, form }, status).await
        }
    }
}

/// The wish of a form; nothing when a choice was not made.
fn read(act: &str, fields: &Fields) -> Option<RingWish> {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let journey = || Uuid::try_parse(fields.get("journey")).ok();
    Some(match act {
        "call" => RingWish::Call {
            journey: journey()?,
            heard: Heard::from_key(fields.get("heard"))?,
            note: text("text"),
        },
        "decide" => RingWish::Review {
            journey: journey()?,
            decision: match fields.get("decision") {
                "allowed" => HumanDecision::Allowed,
                "upheld" => HumanDecision::Upheld,
                _ => return None,
            },
            reason: text("reason"),
        },
        "appeal" => RingWish::DecideAppeal {
            appeal: fields.get("appeal").parse().ok()?,
            decision: Appealed::from_key(fields.get("decision"))?,
            answer: text("text"),
        },
        "act" => {
            RingWish::Act { action: Action::from_key(fields.get("action"))?, reference: text("reference") }
        }
        "note" => RingWish::Note(text("text")),
        "propose" => RingWish::Propose { ending: Ending::from_key(fields.get("ending"))?, why: text("why") },
        _ => RingWish::Close { proposal: fields.get("proposal").parse().ok()? },
    })
}
