//! The scam check for programs: a message in, the answer with its evidence out. Public; the text is read and forgotten.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::{Extension, Json};
use mingbai_desk::Desk;
use mingbai_desk::core::text::both;
use mingbai_desk::scam::lexicon::{Lexicon, Slot};
use mingbai_desk::scam::{ScamType, advice};
use mingbai_desk::trust::{MessageAnswer, SentMessage, SentText};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::door::Body;
use super::problem::{Fail, Kind, Problem, Text};
use crate::door::{Leave, Limiter, TrustedProxies, client_of};

/// The checks of programs, counted apart: they must not use up the tries of the people behind the same address.
#[derive(Clone, Default)]
pub(super) struct Checks(Arc<Limiter>);

/// Who asks.
pub(super) struct Asker(IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let nobody = TrustedProxies::default();
        let proxies = parts.extensions.get::<Arc<TrustedProxies>>().map_or(&nobody, |proxies| proxies);
        Ok(Asker(client_of(parts, proxies)))
    }
}

/// 要查的消息。 / The message to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// 原文,不保存。 / Its text; it is not stored.
    #[schema(example = "我是公安局的,把钱转到安全账户")]
    pub text: String,
}

/// 一种骗局。 / A family of fraud.
#[derive(Debug, Serialize, ToSchema)]
pub struct Family {
    /// 代码。 / Key.
    #[schema(example = "fake-police")]
    pub key: String,
    /// 名称。 / Name.
    pub name: Text,
    /// 接下来会怎样。 / What such callers do next.
    pub next: Text,
    /// 现在怎么办。 / What to do now.
    pub now: Text,
    /// 电话。 / Numbers to call.
    pub call: Vec<String>,
}

/// 一处证据。 / A piece of evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part {
    /// `start`、`phrase`、`together`、`characters` 或 `sounds`。 / Where it comes from.
    #[schema(example = "phrase")]
    pub source: String,
    /// 词条代码。 / Key of the lexicon's entry.
    pub entry: Option<String>,
    /// `who`、`demand`、`hook`、`counter` 或 `notice`。 / Its slot.
    pub slot: Option<Slotted>,
    /// 原文中的起点,按 UTF-8 字节。 / First byte in the text, UTF-8.
    pub from: usize,
    /// 终点(不含)。 / One past the last byte.
    pub to: usize,
    /// 对得分的贡献;全部相加就是 `log_odds`。 / What it adds; all add up to `log_odds`.
    pub weight: f64,
    /// 被“请勿”“都是诈骗”之类覆盖,不计。 / Covered by a warning or negation, so it counts for nothing.
    pub covered: bool,
}

/// 词条的位置。 / The place of an entry.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Slotted {
    /// 自称 / Claimed identity
    Who,
    /// 要求 / Demand
    Demand,
    /// 诱饵或恐吓 / Hook
    Hook,
    /// 反证 / Counter-evidence
    Counter,
    /// 通知用语 / Words of notices
    Notice,
}

/// 回答。从来没有“安全”。 / The answer. It is never "safe".
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    /// `known-pattern`、`no-record` 或 `not-enough`。 / The verdict.
    #[schema(example = "known-pattern")]
    pub verdict: String,
    /// 缺什么:`words`、`demand` 或 `signs`。 / What is missing, if not enough.
    pub missing: Option<String>,
    /// 读起来像:`warning` 或 `notice`。 / What it reads like, if nothing is on record.
    pub reads_as: Option<String>,
    /// 像哪种骗局,最像的在前。 / Families, likeliest first.
    pub families: Vec<Family>,
    /// 对数几率。 / Logarithm of the odds.
    pub log_odds: f64,
    /// 证据。 / Evidence.
    pub evidence: Vec<Part>,
    /// 消息里带的本机构核对码,以及文字是不是我们发的那条。 / Check codes of messages of this house, and whether this is their text.
    pub our_messages: Vec<OurMessage>,
    /// 消息里出现的本机构文件编号;编号真不等于消息真。 / Codes of papers of this house; a real code does not make a message real.
    pub our_papers: Vec<String>,
}

/// 本机构发过的一条消息。没有任何个人信息。 / A message of this house, without anything about a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct OurMessage {
    /// 核对码。 / Check code.
    #[schema(example = "7KQ2M-9XTRA")]
    pub code: String,
    /// `link`、`digits`、`signing` 或 `complaint`。 / Kind.
    #[schema(example = "complaint")]
    pub kind: String,
    /// 发送时间,unix 毫秒。 / When it was sent, unix ms.
    pub sent_at_ms: i64,
    /// 号码最后两位,可能为空。 / Last two digits of the number; may be empty.
    #[schema(example = "42")]
    pub ending: String,
    /// 文字是否逐字相同;只查核对码时没有。 / Whether the text is the same word for word; absent when only a code was asked for.
    pub same_text: Option<bool>,
}

/// 要查的核对码。 / The check code to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckCode {
    /// 两组各 5 位。 / Two groups of five.
    #[schema(example = "7KQ2M-9XTRA")]
    pub code: String,
}

/// 这条消息是不是本机构发的。 / Is this message from this house?
///
/// 公开,不需要密钥;每个地址每分钟 30 次。没有查到就是 404:请小心。
/// Public, no key; 30 a minute for one address. A code that no message carries gets 404: be careful.
#[utoipa::path(
    post, path = "/trust/verify-us", tag = "trust", operation_id = "verifyUs",
    request_body = CheckCode,
    responses(
        (status = 200, body = OurMessage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "没有这个核对码 / no such code"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "太频繁 / too often"),
    )
)]
pub(super) async fn verify_us(
    State(desk): State<Arc<Desk>>,
    Asker(from): Asker,
    Extension(checks): Extension<Checks>,
    Body(asked): Body<CheckCode>,
) -> Result<Json<OurMessage>, Fail> {
    at_most(&checks, from, &desk)?;
    let message = desk.verify_us(&asked.code).await?;
    Ok(Json(ours(&message, None)))
}

fn ours(message: &SentMessage, same_text: Option<bool>) -> OurMessage {
    OurMessage {
        code: message.code.clone(),
        kind: message.kind.key().to_owned(),
        sent_at_ms: message.sent_at_ms,
        ending: message.ending.clone(),
        same_text,
    }
}

fn at_most(checks: &Checks, from: IpAddr, desk: &Desk) -> Result<(), Fail> {
    if checks.0.try_once(from, desk.now_ms()) == Leave::TooFast {
        let words = both("每分钟最多查 30 次。", "At most 30 checks a minute.");
        return Err(Fail::new(Kind::TooFast, words));
    }
    Ok(())
}

/// 查一条消息是不是骗局。 / Check a message for known fraud
///
/// 公开,不需要密钥;每个地址每分钟 30 次;内容不保存、不进日志。
/// Public, no key; 30 a minute for one address; the text is not stored and enters no log.
#[utoipa::path(
    post, path = "/trust/check", tag = "trust", operation_id = "checkMessage",
    request_body = Message,
    responses(
        (status = 200, body = Checked),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "太频繁 / too often"),
    )
)]
pub(super) async fn check(
    State(desk): State<Arc<Desk>>,
    Asker(from): Asker,
    Extension(checks): Extension<Checks>,
    Body(message): Body<Message>,
) -> Result<Json<Checked>, Fail> {
    at_most(&checks, from, &desk)?;
    Ok(Json(told(&desk.check_message(&message.text).await?)))
}

fn text(both: &advice::Both) -> Text {
    Text { zh: both.zh.clone(), en: both.en.clone() }
}

fn family(family: &ScamType) -> Family {
    let advice = advice::of(*family);
    let call = std::iter::once("96110").chain(advice.call.iter().map(|line| line.number()));
    Family {
        key: family.key().to_owned(),
        name: text(&advice.name),
        next: text(&advice.next),
        now: text(&advice.now),
        call: call.map(str::to_owned).collect(),
    }
}

fn told(found: &MessageAnswer) -> Checked {
    let verdict = &found.answer.verdict;
    let parts = found.answer.evidence.iter().map(|part| {
        let entry = part.source.entry(Lexicon::shipped());
        let slot = entry.map(|entry| match entry.slot {
            Slot::Who => Slotted::Who,
            Slot::Demand => Slotted::Demand,
            Slot::Hook => Slotted::Hook,
            Slot::Counter => Slotted::Counter,
            Slot::Notice => Slotted::Notice,
        });
        let (from, to, weight, covered) = (part.from, part.to, part.weight, part.covered);
        Part {
            source: part.source.key().to_owned(),
            entry: entry.map(|e| e.id.clone()),
            slot,
            from,
            to,
            weight,
            covered,
        }
    });
    Checked {
        verdict: verdict.key().to_owned(),
        missing: verdict.missing().map(|missing| missing.key().to_owned()),
        reads_as: verdict.reads_as().map(|reads| reads.key().to_owned()),
        families: verdict.families().iter().map(family).collect(),
        log_odds: found.answer.score.log_odds,
        evidence: parts.collect(),
        our_messages: found
            .sent
            .iter()
            .map(|one| ours(&one.message, Some(one.text == SentText::Same)))
            .collect(),
        our_papers: found.ours.iter().map(|paper| paper.code.clone()).collect(),
    }
}
