//! The pages and the API: every door of the house. It must not know a database, a rule of its own, or the environment.

pub mod api;
mod assets;
mod borrow;
mod checkin;
mod door;
mod form;
mod learn;
mod log;
mod page;
mod square;
mod staff;
mod trust;
mod when;
mod words;

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use mingbai_desk::Desk;
use tower_http::catch_panic::CatchPanicLayer;

pub use door::{BORROWER_COOKIE, STAFF_COOKIE, TrustedProxies, csrf_for};

use door::{Fail, Kind, Site};

/// Every route of the house: pages, styles and the API. Serve it with the clients' addresses
/// (`into_make_service_with_connect_info::<SocketAddr>()`), or everybody shares one limit of tries.
pub fn router(desk: Arc<Desk>) -> Router {
    router_behind(desk, TrustedProxies::default())
}

/// As [`router`], behind these proxies: what they say about a client's address is believed.
pub fn router_behind(desk: Arc<Desk>, proxies: TrustedProxies) -> Router {
    let site = Site::new(desk.clone(), proxies);
    let api = api::router(desk).layer(Extension(site.proxies.clone()));
    let pages = Router::new()
        .merge(borrow::router())
        .merge(staff::router())
        .merge(trust::router())
        .merge(learn::router())
        .merge(checkin::router())
        .merge(log::router())
        .route("/assets/{digest}/{name}", get(assets::get))
        .fallback(async || Fail::of(Kind::NotFound))
        .method_not_allowed_fallback(async || Fail::of(Kind::NotFound))
        .layer(CatchPanicLayer::custom(|_| {
            // The panic itself was already written to the log by its hook.
            axum::response::IntoResponse::into_response(Fail::of(Kind::Fault))
        }))
        .layer(axum::middleware::from_fn_with_state(site.clone(), door::finish))
        .with_state(site);
    pages.merge(api)
}
