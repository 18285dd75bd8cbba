//! Signing in and out.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::back;
use crate::door::{
    Fail, Site, StaffMove, Visit, begin_session, end_session, mark_house, posted, staff_sits_here,
};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignInPage {
    f: Frame,
    form: FormState,
}

fn page(visit: &Visit, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    show_as(status, &SignInPage { f: Frame::new(visit, visit.say("staff-sign-in-title")), form })
}

/// `GET /staff/sign-in`.
pub(super) async fn ask(
    State(site): State<Site>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    match staff_sits_here(&headers, &site).await? {
        true => Ok(see_other("/staff")),
        false => page(&visit, FormState::empty(), StatusCode::OK),
    }
}

/// `POST /staff/sign-in`.
pub(super) async fn enter(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    visit.try_secret()?;
    match site.desk.sign_in(fields.get("login"), fields.get("password")).await {
        Ok(inside) => {
            let mut response = see_other("/staff");
            for cookie in [begin_session(&site, &inside), mark_house(&site)].into_iter().flatten() {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(error @ mingbai_desk::DeskError::Unauthenticated(_)) => {
            let mut form = FormState::typed(fields);
            form.mark("login", mingbai_desk::core::text::Tell::tell(&error, visit.look.lang));
            page(&visit, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => {
            let f = Frame::new(&visit, String::new());
            let back = back::form(&f, &fields, "login", error)?;
            page(&visit, back.form, back.status)
        }
    }
}

/// `POST /staff/sign-out`.
pub(super) async fn leave(wish: StaffMove) -> Result<Response, Fail> {
    let site = &wish.staff.visit.site;
    site.desk.sign_out(&wish.staff.token).await?;
    let mut response = see_other("/staff/sign-in");
    if let Some(cookie) = end_session(site) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
