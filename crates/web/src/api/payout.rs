//! The permit, and what the core system reports after it: payout, charges, refunds, and the call-back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use mingbai_desk::Desk;
use mingbai_desk::borrow::Acted;
use mingbai_desk::core::borrow::reconcile::ReportedCharge;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::door::{Body, Core, Named, NoBody};
use super::fields::{Amount, Day};
use super::problem::{Fail, Problem};
use super::views::{CallbackOpened, ExplainedPart, PermitIssued, Receipt, Reported, Violation};

/// 放款报告。 / A payout.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "permit": "3f1c…", "amount_fen": 500_000, "on": "2026-12-01", "reference": "PAY-1001"
}))]
pub struct PayoutBody {
    /// 许可编号(`permit` 字段)。 / Id of the permit (its field `permit`).
    pub permit: String,
    /// 借款人实际收到的金额(分)。 / What the borrower really received, in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: Amount,
    /// 放款日。 / Day.
    #[schema(value_type = String, format = Date)]
    pub on: Day,
    /// 流水号;同一流水号和金额重复报告不会再记。 / Reference; the same reference and amount again change nothing.
    pub reference: String,
}

/// 扣款报告。 / A charge.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reference": "CHG-1", "item_key": "instalment", "name_text": "第 1 期还款", "amount_fen": 43_494,
    "on": "2027-01-01", "payee": "示例消费金融有限公司"
}))]
pub struct ChargeBody {
    /// 流水号,每笔扣款各不相同;原样重复不会再记。 / Reference, unique per charge; the same report again changes nothing.
    pub reference: String,
    /// 成本表的项目:`instalment`、`principal`、`interest`、`early_payoff`、`overdue_interest`、`compound_interest`、
    /// `late_fee` 或某项费用的 key;不写时按名称对照。 / Row of the table; when left out, the name decides.
    #[serde(default)]
    pub item_key: String,
    /// 借款人在账单上看到的名称。 / The name that the borrower sees on her statement.
    pub name_text: String,
    /// 从借款人处收取的金额(分)。 / Amount taken from the borrower, in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: Amount,
    /// 日期。 / Day.
    #[schema(value_type = String, format = Date)]
    pub on: Day,
    /// 收款方。 / Who received it.
    pub payee: String,
}

/// 退款报告。 / A refund.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reference": "CHG-9", "amount_fen": 30_000}))]
pub struct RefundBody {
    /// 违规的那一笔放款或扣款的流水号。 / Reference of the payout or charge that was the violation.
    pub reference: String,
    /// 退给借款人的金额(分)。 / Amount given back to the borrower, in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: Amount,
}

/// 申请放款许可。 / Asks for the permit
///
/// 缺任何一项都会拒绝(409),`missing` 列出每一项缺什么、为什么、下一步。许可签名、一次有效、时间很短;许可未失效时重复申请得到同一个。
/// Any missing duty shuts the gate (409), and `missing` lists each with why and what next. A permit is signed, single use and
/// short-lived; asking again while it is good gives the same token.
#[utoipa::path(
    post, path = "/journeys/{id}/permit", tag = "payout", operation_id = "askPermit", security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    responses(
        (status = 201, body = PermitIssued, description = "可以放款 / The permit"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "还不能放款,见 missing / The gate is shut, see missing"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn permit(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    NoBody: NoBody,
) -> Result<(StatusCode, Json<PermitIssued>), Fail> {
    let issued = desk.permit(&caller, id).await?;
    Ok((StatusCode::CREATED, Json((&issued).into())))
}

/// 报告放款:少于本金,或没有有效许可,都是违规。 / Reports the payout
///
/// Less than the principal, or no valid permit, becomes a violation with the amount to give back.
#[utoipa::path(
    post, path = "/journeys/{id}/payout", tag = "payout", operation_id = "reportPayout",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    request_body = PayoutBody,
    responses(
        (status = 201, body = Reported, description = "已记入 / On record"),
        (status = 200, body = Reported, description = "以前已记 / On record before"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn payout(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    Body(body): Body<PayoutBody>,
) -> Result<(StatusCode, Json<Reported>), Fail> {
    let PayoutBody { permit, amount_fen, on, reference } = body;
    let acted = desk.report_payout(&caller, id, &permit, amount_fen.0, on.0, &reference).await?;
    Ok(reported(&acted, &reference))
}

/// 报告一笔扣款:成本表里没有的,或多收的,是违规。 / Reports a charge
///
/// What no row of the table explains becomes a violation with the amount to give back.
#[utoipa::path(
    post, path = "/journeys/{id}/charges", tag = "payout", operation_id = "reportCharge",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    request_body = ChargeBody,
    responses(
        (status = 201, body = Reported, description = "已记入 / On record"),
        (status = 200, body = Reported, description = "以前已记 / On record before"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn charge(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    Body(body): Body<ChargeBody>,
) -> Result<(StatusCode, Json<Reported>), Fail> {
    let charge = ReportedCharge {
        reference: body.reference,
        item_key: body.item_key,
        name_text: body.name_text,
        amount_fen: body.amount_fen.0,
        on: body.on.0,
        payee: body.payee,
    };
    let reference = charge.reference.clone();
    let acted = desk.report_charge(&caller, id, charge).await?;
    Ok(reported(&acted, &reference))
}

/// 报告退款:把违规收取的钱退给了借款人。 / Reports a refund
///
/// The money of a violation was given back to the borrower. Every accepted report counts: repeat a lost one only after
/// looking at `refunded_fen`. 每次成功的报告都会累计;答复丢失时,请先查询 `refunded_fen` 再决定是否重发。
#[utoipa::path(
    post, path = "/journeys/{id}/refunds", tag = "payout", operation_id = "reportRefund",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    request_body = RefundBody,
    responses(
        (status = 201, body = Reported, description = "已记入 / On record"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn refund(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    Body(body): Body<RefundBody>,
) -> Result<(StatusCode, Json<Reported>), Fail> {
    let acted = desk.report_refund(&caller, id, &body.reference, body.amount_fen.0).await?;
    Ok(reported(&acted, &body.reference))
}

/// 现在开始回访,得到给借款人的回访链接。 / Opens the call-back now
///
/// Otherwise it opens by itself some days after the payout. One that is open gets a new link and the same questions.
/// 不调用时,放款几天后自动开始;已经开始的,换新链接,问题不变。
#[utoipa::path(
    post, path = "/journeys/{id}/callback", tag = "payout", operation_id = "openCallback",
    security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    responses(
        (status = 201, body = CallbackOpened, description = "已开始 / Opened"),
        (status = 200, body = CallbackOpened, description = "以前已开始 / Open before"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn callback(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    NoBody: NoBody,
) -> Result<(StatusCode, Json<CallbackOpened>), Fail> {
    let (acted, link) = desk.open_callback(&caller, id).await?;
    let receipt = acted.receipt.as_ref().map(Receipt::from);
    Ok((written(&acted), Json(CallbackOpened { borrower_link: (&link).into(), receipt })))
}

fn written(acted: &Acted) -> StatusCode {
    if acted.receipt.is_some() { StatusCode::CREATED } else { StatusCode::OK }
}

fn reported(acted: &Acted, reference: &str) -> (StatusCode, Json<Reported>) {
    let journey = &acted.view.journey;
    let charge = journey.charges().iter().find(|known| known.charge.reference == reference);
    let answer = Reported {
        explained: charge
            .map(|charge| charge.explained.iter().map(ExplainedPart::from).collect())
            .unwrap_or_default(),
        violations: journey
            .violations()
            .iter()
            .filter(|violation| violation.reference == reference)
            .map(Violation::from)
            .collect(),
        receipt: acted.receipt.as_ref().map(Receipt::from),
    };
    (written(acted), Json(answer))
}

/// 验证放款许可的公钥。 / The key that permits are verified with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermitKey {
    /// 算法。 / Algorithm.
    #[schema(example = "Ed25519")]
    pub algorithm: String,
    /// 名称。 / Name of the key.
    pub name: String,
    /// 公钥,32 字节的十六进制。 / Public key, 32 bytes in hex.
    pub public_key: String,
    /// 同一公钥的一行文字形式(C2SP signed note)。 / The same key on one line (C2SP signed note).
    pub text: String,
    /// 指纹,供电话核对。 / Fingerprint, to compare by telephone.
    pub fingerprint: String,
    /// 许可的格式。 / Form of a token.
    pub token_form: String,
}

/// 验证放款许可的公钥。 / The key that permits are verified with
///
/// 公开,不需要密钥。 Public; no key is needed.
#[utoipa::path(
    get, path = "/permit-key", tag = "evidence", operation_id = "getPermitKey",
    responses((status = 200, body = PermitKey, description = "公钥 / The public key"))
)]
pub(super) async fn permit_key(State(desk): State<Arc<Desk>>) -> Result<Json<PermitKey>, Fail> {
    let key = desk.permit_key()?;
    let public_key = key.public_key().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Json(PermitKey {
        algorithm: "Ed25519".to_owned(),
        name: key.name().to_owned(),
        public_key,
        text: key.to_string(),
        fingerprint: key.fingerprint_text(),
        token_form:
            "mbp1.<base64url(claims JSON)>.<base64url(Ed25519 signature over everything before the last dot)>"
                .to_owned(),
    }))
}
