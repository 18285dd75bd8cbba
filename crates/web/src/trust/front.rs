//! The front page: what this house is for, and the ways in.

use askama::Template;
use axum::response::Response;

use crate::door::{Fail, Visit};
use crate::page::{Frame, show};

#[derive(Template)]
#[template(path = "trust/front.html")]
struct FrontPage {
    f: Frame,
}

/// `GET /`.
pub(super) async fn front(visit: Visit) -> Result<Response, Fail> {
    show(&FrontPage { f: Frame::new(&visit, visit.say("front-title")) })
}
