//! What the API answers: plain values made from a journey. They say what the evidence says, with its words in both
//! languages; they hold no personal value and decide nothing.

use jiff::Timestamp;
use mingbai_desk::borrow::{IssuedLink, IssuedPermit, JourneyView};
use mingbai_desk::core::borrow::Journey;
use mingbai_desk::core::borrow::reconcile::Part;
use mingbai_desk::core::borrow::state::{PermitFate, ViolationState};
use mingbai_desk::cost::diff::{Change, Effect};
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::{Appended, stage_key};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{MissingDuty, Text};

/// Unix ms as RFC 3339 in UTC; times of the house are far inside the calendar.
pub(super) fn time(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).map_or_else(|_| String::new(), |at| at.to_string())
}

/// The serde name of a unit variant, as evidence writes it.
fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

/// 凭证:记录在存证日志里的位置与此刻的树根。 / Receipt: where the records stand in the log, and the tree that holds them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// 第一条记录的位置。 / Position of the first record in the log.
    pub first_index: u64,
    /// 树的大小。 / Size of the tree.
    pub size: u64,
    /// 树根(SHA-256,十六进制)。 / Root of the tree, SHA-256 in hex.
    pub root: String,
    /// 每条记录的包含证明。 / Inclusion path of each record, in order.
    pub proofs: Vec<Vec<String>>,
}

impl From<&Appended> for Receipt {
    fn from(appended: &Appended) -> Self {
        let path = |path: &Vec<Digest>| path.iter().map(ToString::to_string).collect();
        Receipt {
            first_index: appended.first_index,
            size: appended.size,
            root: appended.root.to_string(),
            proofs: appended.proofs.iter().map(path).collect(),
        }
    }
}

/// 给借款人的链接。 / A link for the borrower.
#[derive(Clone, Serialize, ToSchema)]
pub struct BorrowerLink {
    /// 地址,发给借款人本人。 / Address, for the borrower herself.
    pub url: String,
    /// 六位数字,要与链接分开、发到她本人的手机。 / Six digits, to be sent to her own phone apart from the link.
    #[schema(example = "482915")]
    pub code: Option<String>,
    /// 失效时间(RFC 3339,UTC)。 / Ends, RFC 3339 in UTC.
    pub expires_at: String,
}

impl From<&IssuedLink> for BorrowerLink {
    fn from(link: &IssuedLink) -> Self {
        // A core system is always given the address.
        BorrowerLink {
            url: link.url.clone().unwrap_or_default(),
            code: link.code.clone(),
            expires_at: time(link.expires_at_ms),
        }
    }
}

/// 放款许可的去向。 / What became of a permit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermitStatus {
    /// 许可编号。 / Id of the permit.
    pub permit: String,
    /// `open` 可用一次,`used` 已用,`void` 已失效,`expired` 已过期。 / `open`, `used`, `void` or `expired`.
    pub fate: String,
    /// 失效时间(RFC 3339,UTC)。 / Ends, RFC 3339 in UTC.
    pub expires_at: String,
}

/// 已报告的放款。 / The payout as reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PayoutStatus {
    /// 金额(分)。 / Amount in fen.
    pub amount_fen: i64,
    /// 日期。 / Day.
    pub on: String,
    /// 流水号。 / Reference.
    pub reference: String,
}

/// 违规:与成本表不符的放款或扣款,以及应退的钱。 / A violation: a payout or charge against the table, and the money to give back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Violation {
    /// 种类,如 `unlisted`、`short_payout`。 / Kind, e.g. `unlisted`, `short_payout`.
    #[schema(example = "unlisted")]
    pub kind: String,
    /// 放款或扣款的流水号;退款时用它。 / Reference of the payout or charge; a refund names it.
    pub reference: String,
    /// 应退(分)。 / To give back, in fen.
    pub refund_fen: i64,
    /// 已退(分)。 / Given back so far, in fen.
    pub refunded_fen: i64,
    /// 说明。 / In words.
    pub words: Text,
}

impl From<&ViolationState> for Violation {
    fn from(state: &ViolationState) -> Self {
        Violation {
            kind: name(state.kind),
            reference: state.reference.clone(),
            refund_fen: state.refund_fen.get(),
            refunded_fen: state.refunded_fen.get(),
            words: state.words.clone().into(),
        }
    }
}

/// 回访。 / The call-back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CallbackStatus {
    /// 链接失效时间(RFC 3339,UTC)。 / The link ends, RFC 3339 in UTC.
    pub expires_at: String,
    /// 结果;还没有回答时为空。 / Result, null until answered.
    #[schema(example = "CONFIRMED")]
    pub result: Option<String>,
}

/// 转给专人处理的事项。 / A case for a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Remedy {
    /// 原因。 / Why.
    pub reason: String,
    /// 办结期限(RFC 3339,UTC)。 / Due, RFC 3339 in UTC.
    pub due_at: String,
    /// 处理结果;未办结时为空。 / How it ended; null while open.
    pub outcome: Option<String>,
}

/// 被拒绝的越权操作。 / An attempt that was denied because it was somebody else's to do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Denied {
    /// 想做什么。 / What was tried.
    pub command: String,
    /// 只有谁可以做。 / Who alone may do it.
    pub belongs_to: String,
    /// 谁试图做。 / Who tried.
    pub actor: String,
    /// 时间(RFC 3339,UTC)。 / When, RFC 3339 in UTC.
    pub at: String,
}

/// 一笔业务的现状,由存证算出。 / A journey as it stands, folded from its evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JourneyStatus {
    /// 业务编号。 / Number of the journey.
    pub journey: String,
    /// 便于电话里念的编号。 / Its reference, to be read aloud.
    #[schema(example = "9F2C 11AA 0B3D 77E0")]
    pub reference: String,
    /// 核心系统的申请编号。 / Application number in the core system.
    pub external_ref: String,
    /// 阶段:`ceremony`、`declined`、`paid_out`、`closed`。 / Stage.
    #[schema(example = "ceremony")]
    pub stage: String,
    /// 产品编号。 / Product.
    pub product: String,
    /// 产品版本。 / Version of the product.
    pub version: String,
    /// 本金(分)。 / Principal in fen.
    pub principal_fen: i64,
    /// 条款摘要值;所有证据都与它绑定。 / Digest of the terms; every piece of evidence is bound to it.
    pub terms: String,
    /// 第几次给出条款;大于 1 说明改过。 / How often terms were offered; above 1 they were changed.
    pub offers: u32,
    /// 成本表的地址。 / Address of the cost table.
    pub table: String,
    /// 放款前还缺的事项,按顺序;空 = 可以申请放款许可。 / Duties missing before disbursement, in order; empty = ask for the permit.
    pub missing: Vec<MissingDuty>,
    /// 最近的放款许可。 / The latest permit.
    pub permit: Option<PermitStatus>,
    /// 放款。 / The payout.
    pub payout: Option<PayoutStatus>,
    /// 违规。 / Violations.
    pub violations: Vec<Violation>,
    /// 回访。 / The call-back.
    pub callback: Option<CallbackStatus>,
    /// 转给专人处理的事项。 / Cases for a person.
    pub remedies: Vec<Remedy>,
    /// 被拒绝的越权操作。 / Attempts that were denied.
    pub denied: Vec<Denied>,
    /// 借款人谢绝的时间;没有谢绝时为空。 / When the borrower declined; null if she did not.
    pub declined_at: Option<String>,
    /// 最后一条记录的时间(RFC 3339,UTC)。 / Time of the last record.
    pub updated_at: String,
}

/// A journey at a moment.
pub(super) fn status(view: &JourneyView, now_ms: i64) -> JourneyStatus {
    let journey = &view.journey;
    let opening = journey.opening();
    let product = journey.terms().map(|terms| terms.spec().product.clone());
    let before_payout = journey.payout().is_none();
    let missing = if before_payout { journey.missing(&view.pack) } else { Vec::new() };
    let offers = journey.earlier_offers().len() + usize::from(journey.offer().is_some());
    JourneyStatus {
        journey: journey.id().to_string(),
        reference: journey.id().reference(),
        external_ref: opening.map_or_else(String::new, |opening| opening.external_ref.clone()),
        stage: stage_key(journey.stage()).to_owned(),
        product: product.as_ref().map_or_else(String::new, |product| product.id.clone()),
        version: product.map_or_else(String::new, |product| product.version),
        principal_fen: journey.table().map_or(0, |table| table.principal_fen.get()),
        terms: journey.terms_digest().map_or_else(String::new, |digest| digest.to_string()),
        offers: u32::try_from(offers).unwrap_or(u32::MAX),
        table: format!("{}/journeys/{}/table", super::PREFIX, journey.id()),
        missing: missing.iter().map(MissingDuty::from).collect(),
        permit: permit_status(journey, now_ms),
        payout: journey.payout().map(|payout| PayoutStatus {
            amount_fen: payout.amount_fen.get(),
            on: payout.on.clone(),
            reference: payout.reference.clone(),
        }),
        violations: journey.violations().iter().map(Violation::from).collect(),
        callback: journey
            .callback()
            .map(|open| CallbackStatus { expires_at: time(open.expires_at_ms), result: open.code.map(name) }),
        remedies: remedies(journey),
        denied: denied(journey),
        declined_at: journey.declined().map(|(mark, _)| time(mark.at_ms)),
        updated_at: time(journey.last_at_ms()),
    }
}

fn permit_status(journey: &Journey, now_ms: i64) -> Option<PermitStatus> {
    journey.permit().map(|permit| PermitStatus {
        permit: permit.id.clone(),
        fate: match permit.fate {
            PermitFate::Open if permit.expires_at_ms <= now_ms => "expired",
            PermitFate::Open => "open",
            PermitFate::Used => "used",
            PermitFate::Void => "void",
        }
        .to_owned(),
        expires_at: time(permit.expires_at_ms),
    })
}

fn remedies(journey: &Journey) -> Vec<Remedy> {
    journey
        .remedies()
        .iter()
        .map(|case| Remedy {
            reason: case.reason.clone(),
            due_at: time(case.due_at_ms),
            outcome: case.closed.as_ref().map(|(_, outcome)| outcome.clone()),
        })
        .collect()
}

fn denied(journey: &Journey) -> Vec<Denied> {
    journey
        .denied_attempts()
        .iter()
        .map(|attempt| Denied {
            command: attempt.command.clone(),
            belongs_to: attempt.belongs_to.clone(),
            actor: attempt.mark.actor.to_string(),
            at: time(attempt.mark.at_ms),
        })
        .collect()
}

/// 新开的业务。 / A journey that was opened.
#[derive(Clone, Serialize, ToSchema)]
pub struct Opened {
    /// 业务编号。 / Number of the journey.
    pub journey: String,
    /// 便于电话里念的编号。 / Its reference, to be read aloud.
    pub reference: String,
    /// 给借款人的链接;每次调用都会换新,旧的随即失效。 / The borrower's link; every call makes a new one and ends the old.
    pub borrower_link: BorrowerLink,
    /// 现状。 / As it stands.
    pub status: JourneyStatus,
    /// 凭证。 / Receipt.
    pub receipt: Receipt,
}

/// 条款的一处变化。 / One thing that changed in the terms.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TermsChange {
    /// 什么变了。 / What changed.
    pub field: Text,
    /// 原来。 / Before.
    pub before: Text,
    /// 现在。 / Now.
    pub after: Text,
    /// 对借款人:`worse`、`better` 或 `neutral`。 / For the borrower: `worse`, `better` or `neutral`.
    pub effect: String,
}

impl From<Change> for TermsChange {
    fn from(change: Change) -> Self {
        let effect = match change.worse_for_borrower {
            Effect::Worse => "worse",
            Effect::Better => "better",
            Effect::Neutral => "neutral",
        };
        TermsChange {
            field: change.field.into(),
            before: change.before.into(),
            after: change.after.into(),
            effect: effect.to_owned(),
        }
    }
}

/// 改过的条款。 / Terms that were changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TermsChanged {
    /// 与上一次条款相比的变化,借款人会看到。 / What differs from the terms before; the borrower is shown it.
    pub changes: Vec<TermsChange>,
    /// 现状:旧条款的证据不再算数。 / As it stands: evidence for the old terms no longer counts.
    pub status: JourneyStatus,
    /// 凭证;条款没有变化时为空。 / Receipt; null when nothing changed.
    pub receipt: Option<Receipt>,
}

/// 放款许可:签名、一次有效、时间很短。 / A permit: signed, single use, short-lived.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermitIssued {
    /// `mbp1.<内容>.<签名>`,用 `/permit-key` 的公钥验证。 / `mbp1.<claims>.<signature>`; verify with the key of `/permit-key`.
    pub token: String,
    /// 许可编号;报告放款时用它。 / Id of the permit; the payout report names it.
    pub permit: String,
    /// 必须足额放给借款人的金额(分)。 / What must be paid out to the borrower, all of it, in fen.
    pub amount_fen: i64,
    /// 失效时间(RFC 3339,UTC)。 / Ends, RFC 3339 in UTC.
    pub expires_at: String,
    /// 条款摘要值。 / Digest of the terms.
    pub terms: String,
    /// 所依据的存证的末端。 / Head of the evidence that it is bound to.
    pub head: String,
}

impl From<&IssuedPermit> for PermitIssued {
    fn from(issued: &IssuedPermit) -> Self {
        PermitIssued {
            token: issued.token.clone(),
            permit: issued.claims.permit.clone(),
            amount_fen: issued.claims.amount_fen.get(),
            expires_at: time(issued.claims.exp.saturating_mul(1000)),
            terms: issued.claims.terms.to_string(),
            head: issued.claims.head.to_string(),
        }
    }
}

/// 扣款里能由成本表解释的部分。 / A part of a charge that a row of the table explains.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedPart {
    /// 表中的项目。 / Row of the table.
    #[schema(example = "interest")]
    pub item: String,
    /// 第几期;0 = 放款时。 / Period; 0 = at the payout.
    pub period: u32,
    /// 金额(分)。 / Amount in fen.
    pub amount_fen: i64,
}

impl From<&Part> for ExplainedPart {
    fn from(part: &Part) -> Self {
        ExplainedPart { item: part.item.clone(), period: part.period, amount_fen: part.amount_fen.get() }
    }
}

/// 放款、扣款或退款报告的结果。 / What a report of a payout, charge or refund led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported {
    /// 成本表解释了哪些部分(扣款)。 / Which rows of the table explain it (charges).
    pub explained: Vec<ExplainedPart>,
    /// 这一笔引出的违规;空 = 与成本表一致。 / Violations of this very report; empty = it agrees with the table.
    pub violations: Vec<Violation>,
    /// 凭证;重复报告同一笔时为空。 / Receipt; null when the same report had been made before.
    pub receipt: Option<Receipt>,
}

/// 开始的回访。 / A call-back that was opened.
#[derive(Clone, Serialize, ToSchema)]
pub struct CallbackOpened {
    /// 给借款人的回访链接。 / The borrower's call-back link.
    pub borrower_link: BorrowerLink,
    /// 凭证;已经开始过时为空。 / Receipt; null when it was open already.
    pub receipt: Option<Receipt>,
}
