//! 可疑团伙线索: the list, and one ring with its picture, its table, its records and what may be done. For compliance and audit alone:
//! whoever leads customers may sit at a branch.

mod act;
mod list;
mod one;
mod picture;

use axum::Router;
use axum::routing::{get, post};
use mingbai_desk::core::trust::ring::RingId;
use mingbai_desk::trust::Standing;
use uuid::Uuid;

use crate::door::{Fail, Kind, Site};
use crate::page::Frame;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/staff/rings", get(list::list))
        .route("/staff/rings/{id}", get(one::show))
        .route("/staff/rings/{id}/{act}", post(act::act))
}

/// The ring that an address names.
fn named(id: &str) -> Result<RingId, Fail> {
    let full = Some(id).filter(|text| text.len() == 36);
    let id = full.and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| Fail::of(Kind::NotFound))?;
    Ok(RingId::new(id))
}

/// The address of a ring's page.
pub(super) fn at(id: RingId) -> String {
    format!("/staff/rings/{id}")
}

/// How a loan stands: a sign, a class and a sentence, never by colour alone.
struct Mark {
    sign: &'static str,
    state: &'static str,
    text: String,
}

fn mark(f: &Frame, standing: Standing) -> Mark {
    let (sign, state, key) = match standing {
        Standing::Waits => ("○", "todo", "ring-standing-waits"),
        Standing::Pressed => ("!", "bad", "ring-standing-pressed"),
        Standing::Kept => ("‖", "bad", "ring-standing-kept"),
        Standing::LetGo => ("✓", "done", "ring-standing-let-go"),
        Standing::Declined => ("–", "", "ring-standing-declined"),
        Standing::PaidOut => ("¥", "", "ring-standing-paid-out"),
        Standing::Never => ("·", "", "ring-standing-never"),
    };
    Mark { sign, state, text: f.t(key) }
}
