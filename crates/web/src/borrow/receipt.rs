//! The borrower's own proof file: small enough to keep on a phone or to send to a relative.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::door::{Borrower, Fail};

/// `GET proof`: how far her records have come, signed by the log and cosigned by witnesses.
pub(super) async fn proof(borrower: Borrower) -> Result<Response, Fail> {
    let text = borrower.visit.site.desk.receipt(&borrower.caller, borrower.id).await?;
    let name = borrower.id.reference().replace(' ', "");
    let kept = HeaderValue::from_str(&format!("attachment; filename=\"mingbai-{name}.tlog-proof\""));
    let kept = kept.unwrap_or(HeaderValue::from_static("attachment"));
    let media = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, kept)], text).into_response())
}
