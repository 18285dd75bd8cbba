//! The evidence package of one journey, as the core system may have it: complete proofs, no personal value.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use mingbai_desk::Desk;
use mingbai_desk::borrow::Disclose;
use utoipa::ToSchema;

use super::door::{Core, Named};
use super::problem::{Fail, Problem};

/// 存证包(zip)。 / An evidence package, a zip file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used, in the description of the API")]
pub struct PackageFile(Vec<u8>);

/// 存证包:记录、证明、附件;任何人都可以用 `mingbai verify` 离线验证。 / The evidence package
///
/// Records, proofs and attachments; anyone can check it offline with `mingbai verify`. No personal value is opened.
/// 不含任何个人信息的明文。
#[utoipa::path(
    get, path = "/journeys/{id}/package", tag = "evidence", operation_id = "getPackage",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    responses(
        (status = 200, body = PackageFile, content_type = "application/zip", description = "存证包 / The package"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn get(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
) -> Result<Response, Fail> {
    let bytes = desk.package(&caller, id, Disclose::Nothing).await?;
    let name = format!("attachment; filename=\"mingbai-{id}.zip\"");
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
