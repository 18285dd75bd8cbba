//! Opening a journey, looking at it, its table, and changing its terms.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingbai_desk::borrow::{OpenRequest, TermsRequest};
use mingbai_desk::core::borrow::event::Channel;
use mingbai_desk::ports::Written;
use mingbai_desk::{Desk, DeskError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::door::{Body, Core, Named};
use super::fields::{Amount, Day};
use super::problem::{Fail, Problem};
use super::views::{JourneyStatus, Opened, Receipt, TermsChanged, status};

/// 借款人怎样来的。 / How the borrower came.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelName {
    /// 网点。 / A branch.
    Branch,
    /// 线上。 / Online.
    Online,
    /// 购物付款页分期。 / Instalments at a shop's payment page.
    Checkout,
}

impl From<ChannelName> for Channel {
    fn from(name: ChannelName) -> Self {
        match name {
            ChannelName::Branch => Channel::Branch,
            ChannelName::Online => Channel::Online,
            ChannelName::Checkout => Channel::Checkout,
        }
    }
}

/// 新开一笔业务。 / Opens a journey.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product": "honest-loan", "version": "2026.1", "principal_fen": 500_000, "periods": 12,
    "payout_on": "2026-12-01", "channel": "branch", "borrower_name": "王秀英", "borrower_phone": "13800000000",
    "external_ref": "A-1001", "branch": "城东"
}))]
pub struct OpenBody {
    /// 产品编号。 / Product.
    pub product: String,
    /// 产品版本;不写就用在售的。 / Version; the one on offer when left out.
    #[serde(default)]
    pub version: Option<String>,
    /// 本金(分),大于零。 / Principal in fen, above zero.
    #[schema(value_type = i64, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub principal_fen: Amount,
    /// 期数。 / Number of periods.
    pub periods: u32,
    /// 放款日,`YYYY-MM-DD`。 / Day of the payout.
    #[schema(value_type = String, format = Date)]
    pub payout_on: Day,
    /// 还款方式的序号,从 0 数起;不写就用常用的。 / Repayment method counted from 0; the usual one when left out.
    #[serde(default)]
    pub method: Option<u8>,
    /// 借款人怎样来的。 / How the borrower came.
    pub channel: ChannelName,
    /// 借款人姓名;加密存放,不进存证。 / The borrower's name; goes sealed to the vault, never into the log.
    pub borrower_name: String,
    /// 借款人本人的电话;加密存放,不进存证。 / Her own telephone; goes sealed to the vault, never into the log.
    pub borrower_phone: String,
    /// 核心系统的申请编号;重复提交同一编号得到同一笔业务。 / Application number; the same number again gives the same journey.
    pub external_ref: String,
    /// 可以查看它的网点。 / Branch whose consultants may see it.
    #[serde(default)]
    pub branch: Option<String>,
}

/// 新条款。 / Other terms.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"principal_fen": 500_000, "periods": 24, "payout_on": "2026-12-01"}))]
pub struct TermsBody {
    /// 产品编号;不写就不换产品。 / Product; the present one when left out.
    #[serde(default)]
    pub product: Option<String>,
    /// 产品版本;只写产品编号时用在售的。 / Version; with a product alone, the one on offer.
    #[serde(default)]
    pub version: Option<String>,
    /// 本金(分),大于零。 / Principal in fen, above zero.
    #[schema(value_type = i64, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub principal_fen: Amount,
    /// 期数。 / Number of periods.
    pub periods: u32,
    /// 放款日,`YYYY-MM-DD`。 / Day of the payout.
    #[schema(value_type = String, format = Date)]
    pub payout_on: Day,
    /// 还款方式的序号,从 0 数起。 / Repayment method counted from 0.
    #[serde(default)]
    pub method: Option<u8>,
}

/// A product that is not there is a wrong field here, not a wrong address.
fn version_of(desk: &Desk, product: &str, version: Option<&str>) -> Result<String, Fail> {
    match desk.product(product, version) {
        Ok(found) => Ok(found.version().to_owned()),
        Err(DeskError::NotFound(words)) => Err(Fail::invalid("product", words)),
        Err(error) => Err(error.into()),
    }
}

/// 新开一笔业务:条款、成本表和产品审查一次写入存证,得到给借款人的链接。 / Opens a journey
///
/// 同一 `external_ref` 重复提交时返回同一笔业务(200)和新的链接。
/// Terms, cost table and the product's review are written at once, and a link for the borrower is made. The same
/// `external_ref` again answers with the same journey (200) and a new link.
#[utoipa::path(
    post, path = "/journeys", tag = "journeys", operation_id = "openJourney", security(("core_key" = [])),
    request_body = OpenBody,
    responses(
        (status = 201, body = Opened, description = "已新开 / Opened"),
        (status = 200, body = Opened, description = "以前已开 / Opened before"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn open(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Body(body): Body<OpenBody>,
) -> Result<Response, Fail> {
    let version = version_of(&desk, &body.product, body.version.as_deref())?;
    let request = OpenRequest {
        product_id: body.product,
        product_version: Some(version),
        principal_fen: body.principal_fen.0,
        periods: body.periods,
        payout_on: body.payout_on.0,
        method: body.method.map(usize::from),
        channel: body.channel.into(),
        borrower_name: body.borrower_name,
        borrower_phone: body.borrower_phone,
        external_ref: body.external_ref,
        branch: body.branch,
    };
    let opened = desk.open_journey(&caller, request).await?;
    let id = opened.view.journey.id();
    let code = match opened.written {
        Written::Now => StatusCode::CREATED,
        Written::Before => StatusCode::OK,
    };
    let answer = Opened {
        journey: id.to_string(),
        reference: id.reference(),
        borrower_link: (&opened.link).into(),
        status: status(&opened.view, desk.now_ms()),
        receipt: (&opened.receipt).into(),
    };
    let location = format!("{}/journeys/{id}", super::PREFIX);
    Ok((code, [(header::LOCATION, location)], Json(answer)).into_response())
}

/// 查询一笔业务:阶段,放款前还缺什么、为什么、下一步、该谁做。 / A journey as it stands
///
/// Stage, and what is missing before disbursement: why, what next, whose move.
#[utoipa::path(
    get, path = "/journeys/{id}", tag = "journeys", operation_id = "getJourney", security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    responses(
        (status = 200, body = JourneyStatus, description = "现状 / As it stands"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn get(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
) -> Result<Json<JourneyStatus>, Fail> {
    let view = desk.journey(&caller, id).await?;
    Ok(Json(status(&view, desk.now_ms())))
}

/// 综合融资成本明示表:存证里的原字节。 / The cost table, the stored bytes
///
/// 合同、页面、纸质文件都出自这一份;其 SHA-256 就在存证里。
/// Contract, pages and papers are all made from these bytes; the evidence holds their SHA-256.
#[utoipa::path(
    get, path = "/journeys/{id}/table", tag = "journeys", operation_id = "getTable", security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    responses(
        (status = 200, body = Object, content_type = "application/json", description = "成本表 / The cost table"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn table(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
) -> Result<Response, Fail> {
    let bytes = desk.table_bytes(&caller, id).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// 更改条款:旧条款的证据从此不算数,借款人会看到哪里变了。 / Changes the terms
///
/// Evidence for the old terms stops counting by itself, and the borrower is shown what changed.
#[utoipa::path(
    post, path = "/journeys/{id}/terms", tag = "journeys", operation_id = "changeTerms",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    request_body = TermsBody,
    responses(
        (status = 200, body = TermsChanged, description = "已更改 / Changed"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn terms(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    Body(body): Body<TermsBody>,
) -> Result<Json<TermsChanged>, Fail> {
    let product = match (body.product, body.version) {
        (Some(product), version) => {
            let version = version_of(&desk, &product, version.as_deref())?;
            Some((product, version))
        }
        (None, None) => None,
        (None, Some(_)) => return Err(super::fields::wrong("product")),
    };
    let request = TermsRequest {
        product,
        principal_fen: body.principal_fen.0,
        periods: body.periods,
        payout_on: body.payout_on.0,
        method: body.method.map(usize::from),
    };
    let acted = desk.change_terms(&caller, id, request).await?;
    Ok(Json(TermsChanged {
        changes: acted.view.journey.changes().into_iter().map(Into::into).collect(),
        status: status(&acted.view, desk.now_ms()),
        receipt: acted.receipt.as_ref().map(Receipt::from),
    }))
}
