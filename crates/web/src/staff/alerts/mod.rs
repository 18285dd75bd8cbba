//! 防骗: what people reported here, and the bulletins that the house writes for everybody.

mod bulletins;
mod reports;

use axum::Router;
use axum::routing::{get, post};

use crate::door::Site;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/staff/reports", get(reports::list))
        .route("/staff/reports/{id}", get(reports::one))
        .route("/staff/reports/{id}/handle", post(reports::handle))
        .route("/staff/reports/{id}/erase", post(reports::erase))
        .route("/staff/bulletins", get(bulletins::list))
        .route("/staff/bulletins/new", get(bulletins::ask).post(bulletins::draft))
        .route("/staff/bulletins/{id}", get(bulletins::one).post(bulletins::redraft))
        .route("/staff/bulletins/{id}/release", post(bulletins::release))
        .route("/staff/bulletins/{id}/end", post(bulletins::end))
}

/// A choice of a list.
struct Choice {
    key: String,
    label: String,
    chosen: bool,
}
