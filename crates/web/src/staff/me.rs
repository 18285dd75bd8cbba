//! One's own account: second proofs, open sessions, password. Everything that changes a proof asks for the password once more.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::ports::Means;
use mingbai_desk::{DeskError, Here, OpenSession, PASSWORD_MIN};

use super::nav::{Nav, Place};
use super::proof::{codes_page, without_secrets};
use super::sign_in::bytes_of;
use super::{agent, back};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};
use crate::when;

struct Key {
    id: String,
    name: String,
    added: String,
    used: String,
}

struct Line {
    number: String,
    device: String,
    address: String,
    means: String,
    began: String,
    seen: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/me.html")]
struct MePage {
    f: Frame,
    n: Nav,
    form: FormState,
    passkeys: Vec<Key>,
    app: Option<String>,
    codes_left: u32,
    sessions: Vec<Line>,
    others: bool,
    least: usize,
    /// Whether there is a course for her.
    course: bool,
}

async fn page(staff: &Staff, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = staff.frame("door-me-title");
    let desk = &staff.visit.site.desk;
    let proofs = desk.my_proofs(&staff.caller).await?;
    let sessions = desk.my_sessions(&staff.caller, &staff.token).await?;
    let lang = f.lang();
    let key = |kept: &mingbai_desk::ports::KeptPasskey| Key {
        id: URL_SAFE_NO_PAD.encode(&kept.id),
        name: kept.name.clone(),
        added: when::shown(kept.added_at_ms, lang),
        used: kept.used_at_ms.map_or_else(|| f.t("door-never"), |at_ms| when::shown(at_ms, lang)),
    };
    let page = MePage {
        n: Nav::new(staff, &f, Place::Me),
        form,
        passkeys: proofs.passkeys.iter().map(key).collect(),
        app: proofs.app_since_ms.map(|at_ms| when::shown(at_ms, lang)),
        codes_left: proofs.codes_left,
        others: sessions.len() > 1,
        sessions: sessions.iter().map(|session| line(&f, session)).collect(),
        least: PASSWORD_MIN,
        course: staff.is(StaffRole::Consultant),
        f,
    };
    show_as(status, &page)
}

fn line(f: &Frame, session: &OpenSession) -> Line {
    let device = match agent::short(&session.place.device) {
        Some(device) => device,
        None => f.t("door-device-unknown"),
    };
    Line {
        number: session.number.to_string(),
        device,
        address: session.place.address.clone(),
        means: means(f, session.means),
        began: when::shown(session.created_at_ms, f.lang()),
        seen: when::shown(session.seen_at_ms, f.lang()),
        here: session.standing == Here::This,
    }
}

fn means(f: &Frame, means: Means) -> String {
    f.t(&format!("door-means-{key}", key = means.key()))
}

/// `GET /staff/me`.
pub(super) async fn show(staff: Staff) -> Result<Response, Fail> {
    page(&staff, FormState::empty(), StatusCode::OK).await
}

async fn end(wish: &StaffMove, outcome: Result<(), DeskError>, field: &str) -> Result<Response, Fail> {
    match outcome {
        Ok(()) => Ok(see_other("/staff/me")),
        Err(error) => {
            let f = wish.staff.frame("door-me-title");
            let back = back::form(&f, &wish.fields, field, error)?;
            page(&wish.staff, without_secrets(back.form), back.status).await
        }
    }
}

/// `POST /staff/me/password`.
pub(super) async fn password(wish: StaffMove) -> Result<Response, Fail> {
    let (staff, fields) = (&wish.staff, &wish.fields);
    staff.visit.try_secret()?;
    let (old, new) = (fields.get("password"), fields.get("new_password").to_owned());
    let outcome = staff.visit.site.desk.change_password(&staff.caller, &staff.token, old, new).await;
    end(&wish, outcome, "password").await
}

/// `POST /staff/me/codes`: new recovery codes, in this answer and nowhere else.
pub(super) async fn codes(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    staff.visit.try_secret()?;
    match staff.visit.site.desk.new_codes(&staff.caller, wish.fields.get("password")).await {
        Ok(codes) => codes_page(Frame::new(&staff.visit, staff.visit.say("door-codes-title")), codes),
        Err(error) => end(&wish, Err(error), "password").await,
    }
}

/// `POST /staff/me/remove`: a passkey by its name, or the app.
pub(super) async fn remove(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    staff.visit.try_secret()?;
    let passkey = match wish.fields.get("passkey") {
        "" => {
            let mut form = FormState::empty();
            form.mark("proofs", staff.visit.say("choose-one"));
            return page(staff, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        "app" => None,
        _ => Some(bytes_of(&wish.fields, "passkey")?),
    };
    let desk = &staff.visit.site.desk;
    let outcome = desk.remove_proof(&staff.caller, wish.fields.get("password"), passkey.as_deref()).await;
    end(&wish, outcome, "password").await
}

/// `POST /staff/me/sessions`: ends one session, or all others.
pub(super) async fn sessions(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let desk = &staff.visit.site.desk;
    let outcome = match wish.fields.get("session") {
        "others" => desk.end_my_other_sessions(&staff.caller, &staff.token).await,
        number => {
            let number = number.parse().map_err(|_| Fail::of(Kind::Unreadable))?;
            desk.end_my_session(&staff.caller, number).await
        }
    };
    end(&wish, outcome, "sessions").await
}
