//! Checking in at an event: what a telephone opens when it scans the code on the screen. No login, one field. Without reception the page keeps
//! what was typed on the telephone and sends it later (`checkin.js`); then the answer is a word for the script, not a page.

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use mingbai_desk::core::learn::campaign::CampaignId;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::learn::CheckIn;
use mingbai_desk::{DeskError, ErrorKind};

use crate::door::{Fail, Kind, Site, Visit, posted};
use crate::form::FormState;
use crate::page::{Frame, show, show_as};
use crate::staff::campaign_named;
use crate::when;

pub fn router() -> Router<Site> {
    Router::new()
        .route("/learn/in/{id}/{number}", get(typed).post(enter_typed))
        .route("/learn/in/{id}/{number}/{code}", get(scanned).post(enter_scanned))
}

#[derive(Template)]
#[template(path = "learn/check_in.html")]
struct CheckInPage {
    f: Frame,
    form: FormState,
    place: String,
    here: String,
    /// The code of the address; `None` where it has to be typed.
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "learn/checked_in.html")]
struct DonePage {
    f: Frame,
    place: String,
    heading: String,
    text: String,
}

/// The session that an address names.
struct Hall {
    id: CampaignId,
    number: u32,
}

fn hall(id: &str, number: &str) -> Result<Hall, Fail> {
    let number = number.parse().map_err(|_| Fail::of(Kind::NotFound))?;
    Ok(Hall { id: campaign_named(id)?, number })
}

async fn face(visit: &Visit, hall: &Hall) -> Result<(Frame, String), Fail> {
    let face = visit.site.desk.session_face(hall.id, hall.number).await?;
    let f = Frame::new(visit, face.name);
    let when = when::exact(face.starts_at_ms);
    let place = match face.place {
        Some((city, place)) => f.ab("staff-stamp", format!("{city} {place}"), when),
        None => f.ab("staff-stamp", f.t("campaign-live"), when),
    };
    Ok((f, place))
}

async fn page(
    visit: &Visit,
    hall: &Hall,
    code: Option<String>,
    (form, status): (FormState, StatusCode),
) -> Result<Response, Fail> {
    let (f, place) = face(visit, hall).await?;
    let here = match &code {
        Some(code) => format!("/learn/in/{}/{}/{code}", hall.id, hall.number),
        None => format!("/learn/in/{}/{}", hall.id, hall.number),
    };
    show_as(status, &CheckInPage { f, form, place, here, code })
}

/// The code of an address as it goes back into one: letters, digits and dashes, or nothing.
fn plain_code(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect()
}

/// `GET /learn/in/{id}/{number}`: the code is typed.
async fn typed(Path((id, number)): Path<(String, String)>, visit: Visit) -> Result<Response, Fail> {
    page(&visit, &hall(&id, &number)?, None, (FormState::empty(), StatusCode::OK)).await
}

/// `GET /learn/in/{id}/{number}/{code}`: the code was scanned.
async fn scanned(
    Path((id, number, code)): Path<(String, String, String)>,
    visit: Visit,
) -> Result<Response, Fail> {
    let hall = hall(&id, &number)?;
    page(&visit, &hall, Some(plain_code(&code)), (FormState::empty(), StatusCode::OK)).await
}

async fn enter_typed(
    Path((id, number)): Path<(String, String)>,
    State(site): State<Site>,
    request: Request,
) -> Result<Response, Fail> {
    enter(hall(&id, &number)?, None, &site, request).await
}

async fn enter_scanned(
    Path((id, number, code)): Path<(String, String, String)>,
    State(site): State<Site>,
    request: Request,
) -> Result<Response, Fail> {
    enter(hall(&id, &number)?, Some(plain_code(&code)), &site, request).await
}

async fn enter(hall: Hall, scanned: Option<String>, site: &Site, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, site).await?;
    let fields = posted(Request::from_parts(parts, body), site, None).await?;
    let code = scanned.clone().unwrap_or_else(|| fields.get("code").to_owned());
    let held_ms = fields.get("held").parse::<i64>().ok();
    let at = (hall.id, hall.number);
    match site.desk.check_in(at, &code, fields.get("phone"), held_ms).await {
        Ok(done) => {
            let (f, place) = face(&visit, &hall).await?;
            let (heading, text) = match done {
                CheckIn::Here => ("checkin-done", "checkin-done-text"),
                CheckIn::HereLate => ("checkin-late", "checkin-late-text"),
                CheckIn::Again => ("checkin-again", "checkin-again-text"),
            };
            show(&DonePage { heading: f.t(heading), text: f.t(text), place, f })
        }
        Err(DeskError::Invalid { field, words }) => {
            if field == "code" {
                // A whole hall shares one address, so only wrong codes are counted as tries.
                visit.try_secret()?;
            }
            let mut form = FormState::typed(fields);
            form.mark(field, words.get(visit.look.lang));
            page(&visit, &hall, scanned, (form, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
        Err(error) if error.kind() == ErrorKind::Busy => {
            let mut form = FormState::typed(fields);
            form.mark("phone", error.tell(visit.look.lang));
            page(&visit, &hall, scanned, (form, StatusCode::SERVICE_UNAVAILABLE)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_code;

    #[test]
    fn a_code_of_an_address_cannot_carry_anything_else() {
        assert_eq!(plain_code("000K-7XQ2MN4P"), "000K-7XQ2MN4P");
        assert_eq!(plain_code("\"><script>/../"), "script");
    }
}
