//! Errors as `application/problem+json` (RFC 9457), each in Chinese and English, with what to do next. It must not tell how
//! the house is built: the cause of a failure goes to the log under the request's number, never into the answer.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingbai_desk::core::borrow::refusal::{Missing, Refusal, RefusalKind};
use mingbai_desk::core::text::{Tell, both};
use mingbai_desk::cost::Words;
use mingbai_desk::{DeskError, ErrorKind, ProductError};
use serde::Serialize;
use utoipa::ToSchema;

/// 一段双语文字。 / A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Text {
    /// 中文。 / Chinese.
    pub zh: String,
    /// 英文。 / English.
    pub en: String,
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Text { zh: words.zh, en: words.en }
    }
}

/// 放款前还缺的一项:为什么、下一步、该谁做。 / One duty that is missing before disbursement: why, what next, whose move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingDuty {
    /// 项目代码,如 `understood`。 / Key of the duty, e.g. `understood`.
    #[schema(example = "understood")]
    pub duty: String,
    /// 名称。 / Its name.
    pub name: Text,
    /// 为什么还不算数。 / Why it does not count yet.
    pub why: Text,
    /// 下一步。 / What to do next.
    pub next: Text,
    /// 该谁做:`borrower`、`consultant` 或 `compliance`。 / Whose move it is.
    #[schema(example = "borrower")]
    pub who: String,
}

impl From<&Missing> for MissingDuty {
    fn from(missing: &Missing) -> Self {
        use mingbai_desk::core::borrow::duty::Who;
        let who = match missing.who {
            Who::Borrower => "borrower",
            Who::Consultant => "consultant",
            Who::Compliance => "compliance",
        };
        MissingDuty {
            duty: missing.duty.key().to_owned(),
            name: missing.duty.name().into(),
            why: missing.why.clone().into(),
            next: missing.next.clone().into(),
            who: who.to_owned(),
        }
    }
}

/// 出错说明(RFC 9457)。 / An error (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// 种类,稳定不变,程序据此判断。 / Kind; stable, for programs to branch on.
    #[serde(rename = "type")]
    #[schema(example = "urn:mingbai:problem:gate-shut")]
    pub kind: String,
    /// 标题(中文)。 / Title in Chinese.
    pub title: String,
    /// 标题(英文)。 / Title in English.
    pub title_en: String,
    /// HTTP 状态码。 / HTTP status.
    #[schema(example = 409)]
    pub status: u16,
    /// 发生了什么、为什么(中文)。 / What happened and why, in Chinese.
    pub detail: String,
    /// 发生了什么、为什么(英文)。 / What happened and why, in English.
    pub detail_en: String,
    /// 有问题的字段;与字段无关时没有。 / The field that is wrong; absent when it is not about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "principal_fen")]
    pub field: Option<String>,
    /// 放款前还缺的事项;只有放款许可被拒时才不为空。 / Missing duties; only a refused permit has any.
    pub missing: Vec<MissingDuty>,
    /// 下一步怎么办(中文)。 / What to do next, in Chinese.
    pub next: String,
    /// 下一步怎么办(英文)。 / What to do next, in English.
    pub next_en: String,
    /// 请求编号,询问时请报这个编号。 / Number of the request; quote it when you ask.
    pub request: String,
    /// For the log only.
    #[serde(skip)]
    #[schema(ignore)]
    cause: Option<Arc<str>>,
}

/// Every kind of problem that this API has; the names are part of its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The body or query cannot be read at all.
    Unreadable,
    /// No key, or a wrong one.
    Unauthenticated,
    /// Let in, but not theirs.
    Forbidden,
    /// Nothing there.
    NotFound,
    /// This address does not know the method.
    Method,
    /// The body is too large.
    TooLarge,
    /// The body is not JSON by its own word.
    MediaType,
    /// It was read, and a value is wrong.
    Invalid,
    /// The gate is shut.
    GateShut,
    /// The rules say: not now.
    NotNow,
    /// It is over.
    Ended,
    /// It does not fit the journey.
    DoesNotFit,
    /// Paused, with help offered.
    Paused,
    /// An upload goes on somewhere else.
    UploadOffset,
    /// Asked too often.
    TooFast,
    /// Repeat later.
    Busy,
    /// Our own failure.
    Fault,
}

impl Kind {
    const fn status(self) -> StatusCode {
        match self {
            Kind::Unreadable => StatusCode::BAD_REQUEST,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::GateShut
            | Kind::NotNow
            | Kind::Ended
            | Kind::DoesNotFit
            | Kind::Paused
            | Kind::UploadOffset => StatusCode::CONFLICT,
            Kind::TooFast => StatusCode::TOO_MANY_REQUESTS,
            Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Name in the type URN, and the title in both languages.
    const fn face(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Unreadable => ("unreadable", "请求读不懂", "The request cannot be read"),
            Kind::Unauthenticated => ("unauthenticated", "没有有效的密钥", "No valid key"),
            Kind::Forbidden => ("forbidden", "无权操作", "Not yours to do"),
            Kind::NotFound => ("not-found", "没有找到", "Not found"),
            Kind::Method => ("method-not-allowed", "不支持这种操作", "This method is not offered here"),
            Kind::TooLarge => ("too-large", "内容太大", "Too large"),
            Kind::MediaType => ("unsupported-media-type", "内容类型不对", "Wrong content type"),
            Kind::Invalid => ("invalid", "内容有误", "A value is wrong"),
            Kind::GateShut => ("gate-shut", "还不能放款", "No permit yet"),
            Kind::NotNow => ("not-now", "现在还不能做", "Not now"),
            Kind::Ended => ("ended", "已经结束", "It has ended"),
            Kind::DoesNotFit => ("does-not-fit", "与这笔业务不符", "It does not fit this journey"),
            Kind::Paused => ("paused", "业务暂停", "Paused"),
            Kind::UploadOffset => ("upload-offset", "上传应从别处继续", "The upload goes on elsewhere"),
            Kind::TooFast => ("too-fast", "太频繁", "Too often"),
            Kind::Busy => ("busy", "请稍后再试", "Try again later"),
            Kind::Fault => ("fault", "系统出错", "A failure on our side"),
        }
    }

    fn next(self) -> Words {
        match self {
            Kind::Unreadable | Kind::Invalid | Kind::MediaType | Kind::TooLarge => both(
                "请按接口说明 /api/v1/openapi.json 改正后再发。没有写入任何内容。",
                "Correct it by /api/v1/openapi.json and send it again. Nothing was written.",
            ),
            Kind::Unauthenticated => both(
                "请在 Authorization: Bearer 后附上管理员发给核心系统的密钥。",
                "Send the core system's key, as the administrator issued it, after Authorization: Bearer.",
            ),
            Kind::Forbidden => both("请联系有权限的人。", "Ask someone who may."),
            Kind::NotFound | Kind::Method => both("请核对地址和编号。", "Check the address and the number."),
            Kind::UploadOffset => both(
                "请查询这次上传,从答复里的 offset 继续。没有写入任何内容。",
                "Ask for this upload and go on at the offset of the answer. Nothing was written.",
            ),
            Kind::TooFast => both("请等一分钟再发。", "Wait a minute and send it again."),
            Kind::Busy => both("请稍等几秒后原样再发一次。", "Wait a few seconds and send the same again."),
            Kind::Fault => both(
                "请稍后原样再发;仍不行时,把请求编号告诉管理员。",
                "Send the same again later; if it still fails, tell the administrator the request's number.",
            ),
            _ => both("请先查询这笔业务的状态。", "Look at the journey's status first."),
        }
    }
}

/// A problem on its way out. Boxed, because every handler's result carries one.
#[derive(Clone, Debug)]
pub struct Fail(Box<Problem>);

impl Fail {
    /// A problem of a kind, told in words.
    #[must_use]
    pub fn new(kind: Kind, detail: Words) -> Self {
        let (name, title, title_en) = kind.face();
        let next = kind.next();
        Fail(Box::new(Problem {
            kind: format!("urn:mingbai:problem:{name}"),
            title: title.to_owned(),
            title_en: title_en.to_owned(),
            status: kind.status().as_u16(),
            detail: detail.zh,
            detail_en: detail.en,
            field: None,
            missing: Vec::new(),
            next: next.zh,
            next_en: next.en,
            request: String::new(),
            cause: None,
        }))
    }

    /// A value that is wrong.
    #[must_use]
    pub fn invalid(field: &str, detail: Words) -> Self {
        let mut fail = Fail::new(Kind::Invalid, detail);
        fail.0.field = Some(field.to_owned());
        fail
    }

    fn refused(refusal: &Refusal) -> Self {
        let kind = match refusal.kind {
            RefusalKind::NotYours => Kind::Forbidden,
            RefusalKind::NotNow => Kind::NotNow,
            RefusalKind::Ended => Kind::Ended,
            RefusalKind::DoesNotFit => Kind::DoesNotFit,
            RefusalKind::GateShut => Kind::GateShut,
            RefusalKind::Paused => Kind::Paused,
        };
        let mut fail = Fail::new(kind, refusal.why.clone());
        fail.0.missing = refusal.missing.iter().map(MissingDuty::from).collect();
        fail.0.next.clone_from(&refusal.next.zh);
        fail.0.next_en.clone_from(&refusal.next.en);
        fail
    }

    /// Completes the answer with the request's number, and writes the cause of a failure into the log.
    pub(super) fn numbered(mut self, request: &str) -> Response {
        if let Some(cause) = self.0.cause.take() {
            // The cause names streams and ports, never a person.
            tracing::error!(request, %cause, "an API request failed");
        }
        request.clone_into(&mut self.0.request);
        self.answer()
    }

    fn answer(&self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Plain strings always serialise; an empty body would still carry the status.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            _ => {}
        }
        response
    }
}

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut response = self.answer();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DeskError> for Fail {
    fn from(error: DeskError) -> Self {
        if let Some(refusal) = error.refusal() {
            return Fail::refused(refusal);
        }
        let kind = match error.kind() {
            ErrorKind::Unauthenticated => Kind::Unauthenticated,
            ErrorKind::Forbidden => Kind::Forbidden,
            ErrorKind::NotFound => Kind::NotFound,
            ErrorKind::Invalid => Kind::Invalid,
            ErrorKind::Refused(_) => Kind::DoesNotFit,
            ErrorKind::Busy => Kind::Busy,
            ErrorKind::Fault => Kind::Fault,
        };
        let field = match &error {
            DeskError::Invalid { field, .. } => Some(*field),
            DeskError::Product(ProductError::Amount { .. }) => Some("principal_fen"),
            DeskError::Product(ProductError::Periods { .. }) => Some("periods"),
            DeskError::Product(ProductError::Method { .. }) => Some("method"),
            _ => None,
        };
        let mut fail = Fail::new(kind, error.words());
        fail.0.field = field.map(str::to_owned);
        fail.0.cause = (kind == Kind::Fault).then(|| Arc::from(error.to_string()));
        fail
    }
}

/// The answer for an address under the API that does not exist.
#[must_use]
pub fn not_found(request: &str) -> Response {
    nowhere().numbered(request)
}

pub(super) fn nowhere() -> Fail {
    Fail::new(Kind::NotFound, both("没有这个地址。", "There is nothing at this address."))
}

pub(super) fn wrong_method() -> Fail {
    Fail::new(Kind::Method, both("这个地址不支持这种方法。", "This address does not offer this method."))
}
