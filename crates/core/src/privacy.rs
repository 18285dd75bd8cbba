//! When a person may be forgotten, and what stands against it: the pack's retention, a legal hold, a claim of hers that is still
//! open. What was decided is evidence in the stream `privacy/<journey>`, apart from the journey's own: that one has ended by
//! then, is folded under the law of its day, and must read the same with and without the person.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use mingbai_cost::Words;
use mingbai_evidence::{Digest, Record, StreamId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::{Actor, StaffRole};
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::borrow::state::Stage;
use crate::borrow::{Journey, JourneyId};
use crate::policy::{Grade, Pack};
use crate::text::both;

/// Shortest reason, in characters.
const REASON_MIN: usize = 5;
/// Longest reason, in characters.
const REASON_MAX: usize = 2_000;
/// The most holds of one journey; more is a fault.
const HOLDS_LIMIT: usize = 50;
/// What the pack calls the periods that must be over; the longest counts.
const PERIODS: [&str; 2] = ["journey-evidence", "recording"];

/// Why personal data is erased: the cases of article 47 of the Personal Information Protection Law (个人信息保护法).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// (一) The purpose is reached, cannot be reached, or the data is no longer needed for it.
    PurposeOver,
    /// (二) The service has ended, or the period of keeping is over.
    PeriodOver,
    /// (三) The person withdrew her consent.
    ConsentWithdrawn,
    /// (四) The data was handled against a law or an agreement.
    Unlawful,
    /// (五) Another law or regulation says so; the note names it.
    OtherLaw,
}

impl Basis {
    /// Every basis.
    pub const ALL: [Basis; 5] =
        [Basis::PurposeOver, Basis::PeriodOver, Basis::ConsentWithdrawn, Basis::Unlawful, Basis::OtherLaw];

    /// Key in evidence and on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Basis::PurposeOver => "purpose_over",
            Basis::PeriodOver => "period_over",
            Basis::ConsentWithdrawn => "consent_withdrawn",
            Basis::Unlawful => "unlawful",
            Basis::OtherLaw => "other_law",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Basis::ALL.into_iter().find(|basis| basis.key() == key)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Words {
        let (item, zh, en) = match self {
            Basis::PurposeOver => (1, "处理目的已实现或不再必要", "the purpose is over"),
            Basis::PeriodOver => (2, "保存期限已届满", "the period of keeping is over"),
            Basis::ConsentWithdrawn => (3, "个人撤回同意", "she withdrew her consent"),
            Basis::Unlawful => (4, "违反规定或约定处理", "it was handled unlawfully"),
            Basis::OtherLaw => (5, "法律、行政法规规定的其他情形", "another law says so"),
        };
        both(
            format!("个人信息保护法第四十七条第({item})项:{zh}"),
            format!("Personal Information Protection Law, article 47 ({item}): {en}"),
        )
    }
}

/// What can stand in the stream `privacy/<journey>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum PrivacyEvent {
    /// A legal hold: nothing may be erased while it stands. Its number is the record's place in the stream.
    HoldPlaced {
        /// Why, with the file number of whoever asked for it.
        reason: String,
    },
    /// A hold ends.
    HoldReleased {
        /// Which.
        hold: u64,
        /// Why.
        reason: String,
    },
    /// The person's key is destroyed: her values and documents can never be read again. Every proof stays.
    Erased {
        /// Legal basis.
        basis: Basis,
        /// What else there is to say: her request, the law's name.
        note: String,
        /// Digests of the documents that go with it, so that a package can tell "erased" from "left out".
        documents: Vec<Digest>,
    },
}

/// A legal hold that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who placed it.
    pub by: Actor,
    /// Since, unix ms.
    pub at_ms: i64,
    /// Why.
    pub reason: String,
}

/// An erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Who decided it.
    pub by: Actor,
    /// When, unix ms.
    pub at_ms: i64,
    /// Legal basis.
    pub basis: Basis,
    /// Note.
    pub note: String,
    /// Documents that went with it.
    pub documents: Vec<Digest>,
}

/// A journey's stream of decisions about the person's data, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrivacyFile {
    holds: BTreeMap<u64, Hold>,
    erased: Option<Erasure>,
}

/// The stream of a journey's decisions about personal data.
#[must_use]
pub fn stream_of(id: JourneyId) -> StreamId {
    StreamId::of_uuid("privacy", id.uuid())
}

impl PrivacyFile {
    /// Folds the stream. Only what compliance decided counts.
    #[must_use]
    pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut file = PrivacyFile::default();
        for record in records {
            let whole = serde_json::json!({"kind": record.kind(), "body": record.body()});
            let Ok(event) = serde_json::from_value::<PrivacyEvent>(whole) else { continue };
            let Some(by @ Actor::Staff(_, StaffRole::Compliance)) = Actor::from_text(record.actor()) else {
                continue;
            };
            file.take(record.seq(), by, record.at_ms(), event);
        }
        file
    }

    fn take(&mut self, seq: u64, by: Actor, at_ms: i64, event: PrivacyEvent) {
        match event {
            PrivacyEvent::HoldPlaced { reason } => {
                self.holds.insert(seq, Hold { by, at_ms, reason });
            }
            PrivacyEvent::HoldReleased { hold, .. } => {
                self.holds.remove(&hold);
            }
            PrivacyEvent::Erased { basis, note, documents } => {
                self.erased.get_or_insert(Erasure { by, at_ms, basis, note, documents });
            }
        }
    }

    /// The holds that stand, by number.
    #[must_use]
    pub fn holds(&self) -> &BTreeMap<u64, Hold> {
        &self.holds
    }

    /// The erasure, if there was one.
    #[must_use]
    pub fn erased(&self) -> Option<&Erasure> {
        self.erased.as_ref()
    }

    /// Places a hold.
    ///
    /// # Errors
    /// [`Refusal`] for anybody but compliance, without a reason, or when there is nothing left to hold.
    pub fn place_hold(&self, actor: &Actor, reason: &str) -> Result<PrivacyEvent, Refusal> {
        compliance(actor)?;
        let reason = reasoned(reason)?;
        if self.erased.is_some() {
            return Err(Refusal::ended(both("此人的资料已经删除。", "Her data was erased already.")));
        }
        if self.holds.len() >= HOLDS_LIMIT {
            let why = both("这笔业务的冻结太多了。", "This journey has too many holds.");
            return Err(Refusal::does_not_fit(why));
        }
        Ok(PrivacyEvent::HoldPlaced { reason })
    }

    /// Releases a hold.
    ///
    /// # Errors
    /// [`Refusal`] for anybody but compliance, without a reason, or when there is no such hold.
    pub fn release_hold(&self, actor: &Actor, hold: u64, reason: &str) -> Result<PrivacyEvent, Refusal> {
        compliance(actor)?;
        let reason = reasoned(reason)?;
        if !self.holds.contains_key(&hold) {
            let why = both("没有这一项冻结,或已解除。", "There is no such hold, or it was released.");
            return Err(Refusal::does_not_fit(why));
        }
        Ok(PrivacyEvent::HoldReleased { hold, reason })
    }

    /// Decides whether the person of a journey may be forgotten now.
    ///
    /// # Errors
    /// [`Refusal`] with what stands against it and, where it can be known, the day from which it is possible.
    pub fn forget(
        &self,
        actor: &Actor,
        journey: &Journey,
        pack: &Pack,
        now_ms: i64,
        wish: Wish,
    ) -> Result<PrivacyEvent, Refusal> {
        compliance(actor)?;
        let note = reasoned(&wish.note)?;
        if let Some((_, hold)) = self.holds.first_key_value() {
            return Err(Refusal::new(
                RefusalKind::Paused,
                both(
                    format!("有法律上的冻结,不能删除。理由:{}", hold.reason),
                    format!("A legal hold stands against it: {}", hold.reason),
                ),
                both(
                    "冻结由消保岗解除后才能删除;解除之前只保存,不作他用。",
                    "Compliance releases the hold first; until then the data is only kept and used for nothing else.",
                ),
            ));
        }
        no_claim_of_hers(journey)?;
        let from = possible_from(journey, pack)?;
        if day(now_ms) < from {
            return Err(too_early(from, pack));
        }
        Ok(PrivacyEvent::Erased { basis: wish.basis, note, documents: wish.documents })
    }
}

/// What an erasure is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Legal basis.
    pub basis: Basis,
    /// Note.
    pub note: String,
    /// Her documents.
    pub documents: Vec<Digest>,
}

/// The first day on which the pack lets a journey's person be forgotten: its years after the loan ended, after she declined, or
/// after the last record of a journey that led to nothing.
///
/// # Errors
/// [`Refusal`] while the loan runs, or when the pack does not say.
pub fn possible_from(journey: &Journey, pack: &Pack) -> Result<Date, Refusal> {
    let ended_at_ms = match journey.stage() {
        Stage::PaidOut => {
            return Err(Refusal::not_now(
                both(
                    "贷款还没有结清,保存期限还没有开始,现在说不出可以删除的日期。",
                    "The loan has not ended, so its period of keeping has not begun and no day can be named yet.",
                ),
                both("结清之后再申请删除。", "Ask again after the loan has ended."),
            ));
        }
        Stage::Declined => journey.declined().map_or(journey.last_at_ms(), |(mark, _)| mark.at_ms),
        Stage::Unopened | Stage::Ceremony | Stage::Closed => journey.last_at_ms(),
    };
    let rules = pack.retention().iter().filter(|rule| PERIODS.contains(&rule.key.as_str()));
    let years = rules.map(|rule| rule.years.value).max().ok_or_else(|| {
        Refusal::not_now(
            both("规则包没有写保存期限,不能删除。", "The policy pack names no period of keeping."),
            both("请先补上规则包的 retention。", "Complete `retention` in the policy pack first."),
        )
    })?;
    let from = day(ended_at_ms).checked_add(Span::new().years(i64::from(years)));
    from.map_err(|_| Refusal::does_not_fit(both("日期超出范围。", "The day is out of range.")))
}

fn too_early(from: Date, pack: &Pack) -> Refusal {
    let unsure = |key: &str| {
        let rule = pack.retention().iter().find(|rule| rule.key == key);
        rule.is_some_and(|rule| rule.years.grade == Grade::Unverified)
    };
    // Erasing too early cannot be undone, so a period that nobody confirmed yet is kept too, and the answer says so.
    let (zh, en) = match PERIODS.iter().any(|key| unsure(key)) {
        true => ("(期限未经核实,请消保岗确认)", " (the period is unverified; compliance should confirm it)"),
        false => ("", ""),
    };
    Refusal::not_now(
        both(
            format!("按规则包,保存期限未满,{from} 起才可以删除{zh}。"),
            format!("By the policy pack the period of keeping is not over: possible from {from}{en}."),
        ),
        both(
            "在此之前只保存并采取保护措施,不作他用。",
            "Until then the data is only kept and protected, and used for nothing else.",
        ),
    )
}

/// What is still owed to her cannot be settled with somebody who was forgotten.
fn no_claim_of_hers(journey: &Journey) -> Result<(), Refusal> {
    let owed = journey.violations().iter().any(|violation| violation.refunded_fen < violation.refund_fen);
    let case = journey.remedies().iter().any(|remedy| remedy.closed.is_none());
    if owed || case {
        return Err(Refusal::not_now(
            both(
                "还有应退的钱或没有办完的纠正事项。",
                "Money is still owed to her, or a remedy case is open.",
            ),
            both("先退款、结案,再申请删除。", "Refund and close the case first."),
        ));
    }
    Ok(())
}

fn compliance(actor: &Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Staff(_, StaffRole::Compliance) => Ok(()),
        _ => Err(Refusal::not_yours(&both("消保岗", "compliance officer"))),
    }
}

fn reasoned(text: &str) -> Result<String, Refusal> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    if !(REASON_MIN..=REASON_MAX).contains(&text.chars().count()) {
        return Err(Refusal::does_not_fit(both(
            format!("请写明理由({REASON_MIN} 到 {REASON_MAX} 字)。不要写入个人信息:理由会永久留存。"),
            format!(
                "Give the reason, {REASON_MIN} to {REASON_MAX} characters, without personal data: it stays for good."
            ),
        )));
    }
    Ok(text)
}

/// The day in China Standard Time.
fn day(at_ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::constant(8).to_datetime(moment).date()
}

impl PrivacyEvent {
    /// Kind and body of its record.
    #[must_use]
    pub fn to_parts(&self) -> (String, Value) {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        let kind = whole.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        (kind, whole.get_mut("body").map(Value::take).unwrap_or_default())
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
