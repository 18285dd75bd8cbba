//! The second proof: giving one, and adding one. Works without script but for passkeys, which only a script can ask for.

use askama::Template;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::evidence::Digest;
use mingbai_desk::{DeskError, Enrolled, NewKey, Owes, Threshold};
use serde_json::json;

use super::back;
use super::sign_in::{ENROL, PROOF, bytes_of, let_in, said};
use crate::door::{AtDoor, AtDoorMove, Fail, end_session};
use crate::form::FormState;
use crate::page::{Frame, see_other, show, show_as};
use crate::square::{Square, square};

#[derive(Template)]
#[template(path = "staff/proof.html")]
struct ProofPage {
    f: Frame,
    form: FormState,
    login: String,
    passkeys: bool,
}

#[derive(Template)]
#[template(path = "staff/enrol.html")]
struct EnrolPage {
    f: Frame,
    form: FormState,
    login: String,
    /// In already: the password is asked for once more.
    inside: bool,
    passkeys: bool,
    secret: Vec<String>,
    square: Square,
}

#[derive(Template)]
#[template(path = "staff/codes.html")]
struct CodesPage {
    f: Frame,
    codes: Vec<String>,
}

impl AtDoor {
    fn frame(&self, title: &str) -> Frame {
        Frame::new(&self.visit, self.visit.say(title)).with_forms(&self.csrf)
    }
}

fn proof_page(door: &AtDoor, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let page = ProofPage {
        f: door.frame("door-proof-title"),
        form,
        login: door.threshold.login().to_string(),
        passkeys: door.visit.site.desk.passkeys_possible(),
    };
    show_as(status, &page)
}

/// `GET /staff/proof`.
pub(super) async fn ask(door: AtDoor) -> Result<Response, Fail> {
    match &door.threshold {
        Threshold::Inside { .. } => Ok(see_other("/staff")),
        Threshold::Halfway { owes: Owes::Enrolment, .. } => Ok(see_other(ENROL)),
        Threshold::Halfway { owes: Owes::Proof, .. } => proof_page(&door, FormState::empty(), StatusCode::OK),
    }
}

/// `POST /staff/proof`: six digits or a recovery code.
pub(super) async fn give(wish: AtDoorMove) -> Result<Response, Fail> {
    let door = &wish.door;
    let visit = &door.visit;
    visit.try_secret()?;
    match visit.site.desk.prove_code(&door.token, wish.fields.get("code"), &visit.place()).await {
        Ok(inside) => Ok(let_in(&visit.site, &inside, see_other("/staff"))),
        Err(error @ DeskError::Unauthenticated(_)) => {
            let mut form = FormState::empty();
            form.mark("code", error.tell(visit.look.lang));
            proof_page(door, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => {
            let back = back::form(&door.frame("door-proof-title"), &wish.fields, "code", error)?;
            proof_page(door, back.form, back.status)
        }
    }
}

/// `POST /staff/proof/leave`: another account, or later.
pub(super) async fn leave(wish: AtDoorMove) -> Result<Response, Fail> {
    let site = &wish.door.visit.site;
    site.desk.sign_out(&wish.door.token).await?;
    let mut response = see_other("/staff/sign-in");
    if let Some(cookie) = end_session(site) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn enrol_page(door: &AtDoor, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let desk = &door.visit.site.desk;
    let setup = desk.app_setup(&door.token).await?;
    let groups = setup.secret.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into_owned());
    let page = EnrolPage {
        f: door.frame("door-enrol-title"),
        form,
        login: door.threshold.login().to_string(),
        inside: matches!(door.threshold, Threshold::Inside { .. }),
        passkeys: desk.passkeys_possible(),
        secret: groups.collect(),
        square: square(&setup.uri)?,
    };
    show_as(status, &page)
}

/// `GET /staff/enrol`.
pub(super) async fn enrol(door: AtDoor) -> Result<Response, Fail> {
    match &door.threshold {
        Threshold::Halfway { owes: Owes::Proof, .. } => Ok(see_other(PROOF)),
        _ => enrol_page(&door, FormState::empty(), StatusCode::OK).await,
    }
}

/// `POST /staff/enrol/app`.
pub(super) async fn enrol_app(wish: AtDoorMove) -> Result<Response, Fail> {
    let (visit, fields) = (&wish.door.visit, &wish.fields);
    visit.try_secret()?;
    let desk = &visit.site.desk;
    let password = fields.get("password");
    let outcome = desk.enrol_app(&wish.door.token, password, fields.get("code"), &visit.place()).await;
    enrolled(&wish, outcome).await
}

/// `POST /staff/enrol/passkey/ask`: what the script hands to the authenticator.
pub(super) async fn ask_new_passkey(wish: AtDoorMove) -> Response {
    let asked = async {
        wish.door.visit.try_secret()?;
        let desk = &wish.door.visit.site.desk;
        let password = wish.fields.get("password");
        let (challenge, account, known) = desk.ask_new_passkey(&wish.door.token, password).await?;
        // The authenticator shows the names; it finds the account again by a number that says nothing.
        let user = Digest::of_parts(&[b"mingbai/passkey-user/v1\n", account.login.as_str().as_bytes()]);
        Ok::<_, Fail>(
            Json(json!({
                "challenge": challenge,
                "rp": desk.relying().id,
                "house": desk.settings().lender.name.en,
                "user": URL_SAFE_NO_PAD.encode(user.as_bytes()),
                "login": account.login.as_str(),
                "name": account.display_name,
                "known": known.iter().map(|id| URL_SAFE_NO_PAD.encode(id)).collect::<Vec<_>>(),
            }))
            .into_response(),
        )
    };
    asked.await.unwrap_or_else(said)
}

/// `POST /staff/enrol/passkey`.
pub(super) async fn enrol_passkey(wish: AtDoorMove) -> Result<Response, Fail> {
    let (visit, fields) = (&wish.door.visit, &wish.fields);
    let new = NewKey {
        challenge: fields.get("challenge").to_owned(),
        authenticator_data: bytes_of(fields, "authenticator_data")?,
        client_data: bytes_of(fields, "client_data")?,
        name: fields.get("name").to_owned(),
    };
    let outcome = visit.site.desk.enrol_passkey(&wish.door.token, new, &visit.place()).await;
    enrolled(&wish, outcome).await
}

async fn enrolled(wish: &AtDoorMove, outcome: Result<Enrolled, DeskError>) -> Result<Response, Fail> {
    let door = &wish.door;
    let site = &door.visit.site;
    match outcome {
        Ok(Enrolled { inside, codes: None }) => Ok(let_in(site, &inside, see_other("/staff/me"))),
        Ok(Enrolled { inside, codes: Some(codes) }) => {
            let page = codes_page(Frame::new(&door.visit, door.visit.say("door-codes-title")), codes)?;
            Ok(let_in(site, &inside, page))
        }
        Err(DeskError::Unauthenticated(words)) => {
            Err(Fail::of(crate::door::Kind::SignInNeeded).because(words))
        }
        Err(error) => {
            let f = door.frame("door-enrol-title");
            let mut back = back::form(&f, &wish.fields, "code", error)?;
            back.form = without_secrets(back.form);
            enrol_page(door, back.form, back.status).await
        }
    }
}

/// The marks of a form without what was typed: codes and passwords never come back.
pub(super) fn without_secrets(form: FormState) -> FormState {
    let mut clean = FormState::empty();
    form.errors().iter().for_each(|error| clean.mark(error.field.clone(), error.text.clone()));
    clean
}

/// Recovery codes, shown this once.
pub(super) fn codes_page(f: Frame, codes: Vec<String>) -> Result<Response, Fail> {
    show(&CodesPage { f, codes })
}
