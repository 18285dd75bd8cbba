//! The gate in front of everything that shows, prints or says something: may exactly this file be used here and now?

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use mingbai_desk::Desk;
use mingbai_desk::core::govern::review::{Channel, Place, Usable};
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::door::Core;
use super::problem::{Fail, Kind, Problem};

/// 用在哪里。 / Where it is to be used.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Where {
    /// 渠道:`branch`、`online`、`phone`、`message`、`live`、`print`、`partner` 或 `inside`。 / Channel.
    #[param(example = "online")]
    channel: String,
    /// 地区;不填就是全国。 / Region; everywhere when it is left out.
    #[serde(default)]
    region: String,
}

/// 能不能用。 / Whether it may be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialUse {
    /// 只有 `released` 时为真。 / True for `released` alone.
    pub may_be_used: bool,
    /// `released`、`other_region`、`other_channel`、`not_yet`、`expired`、`recalled`、`under_review` 或 `unknown`。 / Why.
    #[schema(example = "released")]
    pub answer: String,
    /// 审查编号。 / Number of the review.
    pub review: Option<String>,
    /// 放行到期的时刻。 / When the release is over.
    pub until: Option<String>,
}

/// 这个文件现在能不能在这里用:按文件的 SHA-256 查。 / May exactly this file be used here and now
///
/// Asked by whatever shows, prints or says a material. A file with one other character has another SHA-256 and is `unknown`.
#[utoipa::path(
    get, path = "/materials/{sha256}", tag = "materials", operation_id = "getMaterialUse",
    security(("core_key" = [])),
    params(("sha256" = String, Path, description = "文件的 SHA-256,64 位十六进制 / SHA-256 of the file, 64 hex digits"), Where),
    responses(
        (status = 200, body = MaterialUse, description = "能不能用 / Whether it may be used"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn get(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Path(sha256): Path<String>,
    Query(place): Query<Where>,
) -> Result<Json<MaterialUse>, Fail> {
    let digest: Digest = sha256.parse().map_err(|_| {
        let words = both("sha256 应是 64 位十六进制。", "sha256 has 64 hex digits.");
        Fail::new(Kind::Invalid, words)
    })?;
    let channel = Channel::from_key(&place.channel).ok_or_else(|| {
        let keys: Vec<&str> = Channel::ALL.iter().map(|one| one.key()).collect();
        let keys = keys.join("、");
        let words = both(format!("channel 应是其中之一:{keys}。"), format!("channel is one of {keys}."));
        Fail::new(Kind::Invalid, words)
    })?;
    let place = Place { region: place.region.trim().to_owned(), channel };
    let found = desk.material_use(&caller, digest, &place).await?;
    let until = match &found {
        Usable::Released { until_ms, .. } | Usable::Expired(_, until_ms) => {
            jiff::Timestamp::from_millisecond(*until_ms).ok().map(|at| at.to_string())
        }
        _ => None,
    };
    Ok(Json(MaterialUse {
        may_be_used: matches!(found, Usable::Released { .. }),
        answer: found.key().to_owned(),
        review: found.review().map(|id| id.to_string()),
        until,
    }))
}
