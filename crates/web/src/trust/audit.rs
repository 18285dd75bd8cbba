//! The verifying page for everybody, `/audit`: byte for byte the `verify.html` of every package, so that whoever has one can compare.
//! It works in the reader's browser alone: its policy lets it connect to nothing, this house included.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use mingbai_desk::evidence::package::{PAGE, page_policy};

/// `GET /audit`. No login, no language of ours, no frame of the house: anything added would make it another page.
pub(super) async fn page() -> Response {
    let policy = format!("{}; frame-ancestors 'none'", page_policy());
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
