//! A report about a scam: what somebody chose to leave here after a check. It is kept only because she agreed, sealed, for a number of days
//! that she was told, and then its key is destroyed. Calling 96110 or the police stays hers to do; nothing here does it for her.

use mingbai_cost::Words;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::{Record, StreamHead};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::{Actor, StaffRole};
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::keyed::kinds;
use crate::numbered::numbered;
use crate::text::both;

/// Days for which a report is kept.
pub const KEEP_DAYS: u32 = 180;
/// The most notes of one report.
const NOTES: usize = 50;

numbered! {
    /// The number of a report.
    ScamReportId in "scamreport"
}

kinds! {
    /// How far it had come.
    Harm {
        /// Nothing was done.
        None = "none", "还没有照做", "nothing was done";
        /// Something was told: digits, a password, an identity number.
        Told = "told", "说出了验证码、密码或身份信息", "digits, a password or identity data were told";
        /// The screen was shared, or a program put on.
        Shared = "shared", "共享了屏幕或装了软件", "the screen was shared or a program put on";
        /// Money was sent.
        Paid = "paid", "已经转了钱", "money was sent";
    }
}

kinds! {
    /// What the house did.
    Handling {
        /// Talked with her.
        Called = "called", "已联系本人,提醒并核实", "she was called and warned";
        /// Money or accounts were held by the department in charge.
        Held = "held", "已请有关部门止付或核查", "the department in charge was asked to hold the money";
        /// A bulletin came of it.
        Warned = "warned", "已据此发出风险提示", "a bulletin came of it";
        /// Nothing to do.
        Nothing = "nothing", "无需处理", "nothing to do";
    }
}

kinds! {
    /// Why a report was erased.
    Erasure {
        /// The days are over.
        Period = "period", "保存期已满", "the days are over";
        /// She took her consent back.
        Consent = "consent", "本人撤回同意", "she took her consent back";
    }
}

/// A report as it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Keys of the families that the check found, likeliest first.
    pub families: Vec<String>,
    /// How far it had come.
    pub harm: Harm,
    /// The message.
    pub message: SealedRef,
    /// Whatever else she wrote: numbers, accounts, when.
    pub facts: Option<SealedRef>,
    /// How to reach her, if she wishes.
    pub contact: Option<SealedRef>,
    /// Until when it is kept, unix ms, as she was told.
    pub keep_until_ms: i64,
}

/// What can stand in the stream of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum ScamReportEvent {
    /// It came in, with her consent to keep it.
    ScamReported(Box<Reported>),
    /// Somebody looked at it and did something.
    ScamReportHandled {
        /// What.
        how: Handling,
        /// A note, sealed with the rest.
        note: SealedRef,
    },
    /// Its key was destroyed.
    ScamReportErased {
        /// Why.
        why: Erasure,
    },
}

impl ScamReportEvent {
    /// Kind and body of its record.
    #[must_use]
    pub fn to_parts(&self) -> (String, Value) {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        let kind = whole.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        (kind, whole.get_mut("body").map(Value::take).unwrap_or_default())
    }

    /// Reads kind and body.
    ///
    /// # Errors
    /// What the reader says about them.
    pub fn from_parts(kind: &str, body: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({"kind": kind, "body": body}))
    }
}

/// Something that was done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// When, unix ms.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// What.
    pub how: Handling,
    /// Note.
    pub note: SealedRef,
}

/// A report, computed from its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScamReport {
    /// Number.
    pub id: ScamReportId,
    /// Last record of the stream.
    pub head: StreamHead,
    /// Time of the last record.
    pub last_at_ms: i64,
    /// When it came in, unix ms.
    pub at_ms: i64,
    /// What came in.
    pub reported: Reported,
    /// What was done, in order.
    pub handled: Vec<Handled>,
    /// When and why it was erased.
    pub erased: Option<(i64, Erasure)>,
}

impl ScamReport {
    /// Folds a stream; `None` when it does not begin with a report. A record that the rules would not have admitted changes nothing.
    #[must_use]
    pub fn fold<'a>(id: ScamReportId, records: impl IntoIterator<Item = &'a Record>) -> Option<Self> {
        let mut found: Option<ScamReport> = None;
        for record in records {
            let event = ScamReportEvent::from_parts(record.kind(), record.body()).ok();
            let actor = Actor::from_text(record.actor()).unwrap_or(Actor::System);
            let (head, at_ms) = (record.head(), record.at_ms());
            found = match (found, event) {
                (None, Some(ScamReportEvent::ScamReported(reported))) => Some(ScamReport {
                    id,
                    head,
                    last_at_ms: at_ms,
                    at_ms,
                    reported: *reported,
                    handled: Vec::new(),
                    erased: None,
                }),
                (None, _) => return None,
                (Some(report), event) => {
                    let admitted = event.filter(|event| report.admits(&actor, at_ms, event).is_ok());
                    let report = ScamReport { head, last_at_ms: at_ms, ..report };
                    Some(match admitted {
                        Some(event) => report.after(at_ms, actor, event),
                        None => report,
                    })
                }
            };
        }
        found
    }

    fn after(mut self, at_ms: i64, by: Actor, event: ScamReportEvent) -> Self {
        match event {
            ScamReportEvent::ScamReported(_) => {}
            ScamReportEvent::ScamReportHandled { how, note } => {
                self.handled.push(Handled { at_ms, by, how, note });
            }
            ScamReportEvent::ScamReportErased { why } => self.erased = Some((at_ms, why)),
        }
        self
    }

    /// Whether an event may stand here.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn admits(&self, actor: &Actor, at_ms: i64, event: &ScamReportEvent) -> Result<(), Refusal> {
        let compliance = matches!(actor, Actor::Staff(_, StaffRole::Compliance));
        let not_yours = || {
            Refusal::new(
                RefusalKind::NotYours,
                both("这一步由消保岗做。", "This is compliance's to do."),
                both("请转给消保岗。", "Hand it to compliance."),
            )
        };
        if self.erased.is_some() {
            return Err(Refusal::new(
                RefusalKind::Ended,
                both("这份报告已经删除。", "This report was erased."),
                both("没有可做的了。", "There is nothing left to do."),
            ));
        }
        match event {
            ScamReportEvent::ScamReported(_) => {
                Err(Refusal::does_not_fit(both("这一步在这里不适用。", "This does not belong here.")))
            }
            ScamReportEvent::ScamReportHandled { .. } if !compliance => Err(not_yours()),
            ScamReportEvent::ScamReportHandled { .. } if self.handled.len() >= NOTES => {
                Err(Refusal::does_not_fit(both("这份报告的记录太多了。", "This report has too many notes.")))
            }
            ScamReportEvent::ScamReportHandled { .. } => Ok(()),
            // Nobody keeps it longer by waiting, and nobody destroys it early but she herself.
            ScamReportEvent::ScamReportErased { why: Erasure::Consent } if compliance => Ok(()),
            ScamReportEvent::ScamReportErased { why: Erasure::Consent } => Err(not_yours()),
            ScamReportEvent::ScamReportErased { why: Erasure::Period } => {
                match *actor == Actor::System && at_ms >= self.reported.keep_until_ms {
                    true => Ok(()),
                    false => Err(not_yours()),
                }
            }
        }
    }

    /// What the list says of it: the last thing that was done, or that it waits.
    #[must_use]
    pub fn standing(&self) -> Words {
        match (self.erased, self.handled.last()) {
            (Some((_, why)), _) => {
                let why = why.name();
                both(format!("已删除:{}", why.zh), format!("erased: {}", why.en))
            }
            (None, Some(last)) => last.how.name(),
            (None, None) => both("等待查看", "waits for somebody to look"),
        }
    }
}

#[cfg(test)]
mod tests {
    use mingbai_evidence::Draft;
    use mingbai_evidence::seal::{Salt, commit};

    use uuid::Uuid;

    use super::*;
    use crate::actor::Login;

    fn sealed() -> SealedRef {
        SealedRef {
            sealed: commit("scam.message", b"x", &Salt::new([1; 32])),
            label: "scam.message".to_owned(),
        }
    }

    fn record(
        seq: u64,
        before: Option<&Record>,
        at_ms: i64,
        actor: &Actor,
        event: &ScamReportEvent,
    ) -> Option<Record> {
        let (kind, body) = event.to_parts();
        let draft = Draft {
            id: Uuid::from_u128(u128::from(seq) + 1),
            stream: ScamReportId::new(Uuid::from_u128(7)).stream(),
            seq,
            prev: before.map(|record| record.head().leaf),
            at_ms,
            actor: actor.to_string(),
            kind,
            terms: None,
            body,
        };
        Record::write(draft).ok()
    }

    #[test]
    fn it_is_kept_as_long_as_she_was_told_and_not_longer() {
        let reported = Reported {
            families: vec!["fake-police".to_owned()],
            harm: Harm::Paid,
            message: sealed(),
            facts: None,
            contact: None,
            keep_until_ms: 100,
        };
        let first = ScamReportEvent::ScamReported(Box::new(reported));
        let begun = record(0, None, 1, &Actor::Complainant, &first);
        let chen = Login::new("chen").map(|login| Actor::Staff(login, StaffRole::Compliance));
        let (Some(begun), Ok(chen)) = (begun, chen) else { panic!("the test's own records") };
        let erase = |why| ScamReportEvent::ScamReportErased { why };
        let id = ScamReportId::new(Uuid::from_u128(7));
        let fold = |at_ms, actor: &Actor, event: &ScamReportEvent| {
            let next = record(1, Some(&begun), at_ms, actor, event);
            ScamReport::fold(id, [&begun].into_iter().chain(next.as_ref())).and_then(|report| report.erased)
        };
        assert_eq!(fold(99, &Actor::System, &erase(Erasure::Period)), None);
        assert_eq!(fold(100, &Actor::System, &erase(Erasure::Period)), Some((100, Erasure::Period)));
        assert_eq!(fold(100, &chen, &erase(Erasure::Period)), None);
        assert_eq!(fold(2, &chen, &erase(Erasure::Consent)), Some((2, Erasure::Consent)));
        assert_eq!(fold(2, &Actor::System, &erase(Erasure::Consent)), None);
    }
}
