//! What an application was seen with: identifiers come in, keyed hashes are kept, and nothing of it comes out again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use mingbai_desk::Desk;
use mingbai_desk::core::trust::ring::ShareKind;
use mingbai_desk::trust::Link;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::door::{Body, Core, Named};
use super::problem::{Fail, Problem};

/// 标识的种类。 / What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// 填写申请的设备编号。 / The device that the application was filled in on.
    Device,
    /// 借款人本人的手机号。 / The borrower's own telephone number.
    Phone,
    /// 收款卡号。 / The card that is paid out to.
    Card,
    /// 紧急联系人的手机号。 / The telephone number of the emergency contact.
    Contact,
    /// 收过“服务费”的第三方账户。 / The account of a third party that took a fee.
    FeeAccount,
    /// 借款人原话写的回答,30 字以上。 / Her answers in her own words, 30 characters or more.
    Script,
    /// 住址。 / The home address.
    Address,
    /// 无线网络(BSSID 或名称)。 / The wireless network, by BSSID or name.
    Wifi,
    /// 公网地址。 / The public network address.
    Ip,
    /// 介绍人。 / Who introduced her.
    Introducer,
    /// 工作单位。 / The employer.
    Employer,
}

impl From<LinkKind> for ShareKind {
    fn from(kind: LinkKind) -> Self {
        match kind {
            LinkKind::Device => ShareKind::Device,
            LinkKind::Phone => ShareKind::Phone,
            LinkKind::Card => ShareKind::Card,
            LinkKind::Contact => ShareKind::Contact,
            LinkKind::FeeAccount => ShareKind::FeeAccount,
            LinkKind::Script => ShareKind::Script,
            LinkKind::Address => ShareKind::Address,
            LinkKind::Wifi => ShareKind::Wifi,
            LinkKind::Ip => ShareKind::Ip,
            LinkKind::Introducer => ShareKind::Introducer,
            LinkKind::Employer => ShareKind::Employer,
        }
    }
}

/// 一个标识。 / One identifier.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkBody {
    /// 种类。 / What it is.
    pub kind: LinkKind,
    /// 原文,最长 2000 字;只取带密钥的摘要,原文不留。 / The text, at most 2000 characters; only a keyed hash of it is kept.
    pub value: String,
}

/// 申请带来的标识。 / What an application was seen with.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "customer": "C-20931",
    "links": [{"kind": "device", "value": "a1b2-c3d4-e5f6"}, {"kind": "address", "value": "河南省郑州市某区一路3号楼201"}]
}))]
pub struct LinksBody {
    /// 核心系统里的客户编号,随第一批标识送来;有它,同一客户的两笔申请不会互相成为线索。 / The customer's number in the core system, sent with the first identifiers; with it her own
    /// second application is not taken for somebody else's.
    #[serde(default)]
    pub customer: Option<String>,
    /// 1 到 32 个标识。 / 1 to 32 identifiers.
    pub links: Vec<LinkBody>,
}

/// 收下了什么。 / What was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinksAnswer {
    /// 新的标识数。 / New identifiers.
    pub taken: usize,
    /// 以前已有的标识数。 / Identifiers that were there before.
    pub known: usize,
}

/// 送来一笔业务的标识:设备、电话、住址、收款卡等。 / What an application was seen with
///
/// 标识只留带密钥的摘要。若与其他申请的共同之处需要先打保护电话,业务会暂停(推送 `journey.needs_person`),由消保岗处理;不会因此自动拒绝。
/// 重复发送是安全的。
/// Only keyed hashes are kept. When what is shared with other applications asks for a protective call, the journey pauses (webhook
/// `journey.needs_person`) and a person of compliance acts; nothing is refused automatically. Repeating is safe.
#[utoipa::path(
    post, path = "/journeys/{id}/links", tag = "journeys", operation_id = "sendLinks", security(("core_key" = [])),
    params(("id" = String, Path, description = "业务编号 / Number of the journey")),
    request_body = LinksBody,
    responses(
        (status = 200, body = LinksAnswer, description = "已收下 / Taken"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn send(
    State(desk): State<Arc<Desk>>,
    Core(caller): Core,
    Named(id): Named,
    Body(body): Body<LinksBody>,
) -> Result<Json<LinksAnswer>, Fail> {
    let links: Vec<Link> =
        body.links.into_iter().map(|link| Link { kind: link.kind.into(), value: link.value }).collect();
    let done = desk.take_links(&caller, id, body.customer.as_deref(), &links).await?;
    Ok(Json(LinksAnswer { taken: done.taken, known: done.known }))
}
