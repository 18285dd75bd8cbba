//! A bulletin: a warning to the public, written by one person and released by another. What is public is always the text that was released;
//! a new draft changes nothing until somebody else releases it.

use mingbai_cost::Words;
use mingbai_evidence::{Record, StreamHead};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::{Actor, StaffRole};
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::keyed::kinds;
use crate::numbered::numbered;
use crate::text::both;

/// Longest title, in characters.
pub const TITLE_MAX: usize = 60;
/// Longest text, in characters.
pub const TEXT_MAX: usize = 2_000;
/// Longest name of a region, in characters.
pub const REGION_MAX: usize = 30;
/// The most records of one bulletin.
const MANY: u64 = 200;

numbered! {
    /// The number of a bulletin.
    BulletinId in "bulletin"
}

kinds! {
    /// Whom it is for.
    Group {
        /// Everybody.
        All = "all", "所有人", "everybody";
        /// Older people.
        Older = "older", "老年人", "older people";
        /// Students.
        Students = "students", "学生", "students";
        /// People who borrow or look for a loan.
        Borrowers = "borrowers", "借款人", "borrowers";
        /// Shopkeepers and small firms.
        Business = "business", "个体户和小微企业", "shopkeepers and small firms";
    }
}

/// What a bulletin says. It is public: nothing about a person may stand in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulletinText {
    /// Title.
    pub title: Words,
    /// Text in paragraphs.
    pub text: Words,
    /// Region; empty for everywhere.
    pub region: String,
    /// Whom it is for.
    pub group: Group,
    /// Families of fraud that it warns of, by key; a check or an answer that shows one of them shows the bulletin.
    pub families: Vec<String>,
    /// Last moment at which it is shown, unix ms.
    pub until_ms: i64,
}

/// What can stand in the stream of a bulletin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum BulletinEvent {
    /// It was written, or written anew.
    BulletinDrafted(Box<BulletinText>),
    /// Another person released the newest draft.
    BulletinReleased {
        /// Record of the draft.
        draft: u64,
    },
    /// It is no longer shown. One person can do that: taking a wrong warning down must not wait.
    BulletinEnded {
        /// Why.
        reason: String,
    },
}

impl BulletinEvent {
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

/// A draft that waits for another person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its record.
    pub seq: u64,
    /// Who wrote it.
    pub by: Actor,
    /// What it says.
    pub text: BulletinText,
}

/// What is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// What it says.
    pub text: BulletinText,
    /// When it was released, unix ms.
    pub at_ms: i64,
    /// Who wrote it.
    pub written_by: Actor,
    /// Who released it.
    pub released_by: Actor,
}

/// A bulletin, computed from its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulletin {
    /// Number.
    pub id: BulletinId,
    /// Last record of the stream.
    pub head: StreamHead,
    /// Time of the last record.
    pub last_at_ms: i64,
    /// When it was first written, unix ms.
    pub begun_at_ms: i64,
    /// The draft that waits.
    pub waiting: Option<Waiting>,
    /// What is public.
    pub released: Option<Released>,
    /// When and why it ended.
    pub ended: Option<(i64, String)>,
}

impl Bulletin {
    /// Folds a stream; `None` when it does not begin with a draft. A record that the rules would not have admitted changes nothing.
    #[must_use]
    pub fn fold<'a>(id: BulletinId, records: impl IntoIterator<Item = &'a Record>) -> Option<Self> {
        let mut found: Option<Bulletin> = None;
        for record in records {
            let event = BulletinEvent::from_parts(record.kind(), record.body()).ok();
            let by = Actor::from_text(record.actor()).unwrap_or(Actor::System);
            let (head, at_ms, seq) = (record.head(), record.at_ms(), record.seq());
            let bulletin = match (found, &event) {
                (Some(bulletin), _) => bulletin,
                (None, Some(BulletinEvent::BulletinDrafted(_))) => Bulletin {
                    id,
                    head,
                    last_at_ms: at_ms,
                    begun_at_ms: at_ms,
                    waiting: None,
                    released: None,
                    ended: None,
                },
                (None, _) => return None,
            };
            let admitted = event.filter(|event| bulletin.admits(&by, event).is_ok());
            let bulletin = Bulletin { head, last_at_ms: at_ms, ..bulletin };
            found = Some(match admitted {
                Some(event) => bulletin.after(seq, at_ms, by, event),
                None => bulletin,
            });
        }
        found
    }

    fn after(mut self, seq: u64, at_ms: i64, by: Actor, event: BulletinEvent) -> Self {
        match event {
            BulletinEvent::BulletinDrafted(text) => self.waiting = Some(Waiting { seq, by, text: *text }),
            BulletinEvent::BulletinReleased { .. } => {
                self.released = self.waiting.take().map(|waiting| Released {
                    text: waiting.text,
                    at_ms,
                    written_by: waiting.by,
                    released_by: by,
                });
            }
            BulletinEvent::BulletinEnded { reason } => {
                self.waiting = None;
                self.ended = Some((at_ms, reason));
            }
        }
        self
    }

    /// Whether an event may stand here.
    ///
    /// # Errors
    /// [`Refusal`] with why and what next.
    pub fn admits(&self, actor: &Actor, event: &BulletinEvent) -> Result<(), Refusal> {
        if !matches!(actor, Actor::Staff(_, StaffRole::Compliance)) {
            return Err(Refusal::new(
                RefusalKind::NotYours,
                both("风险提示由消保岗写和发布。", "Compliance writes and releases bulletins."),
                both("请转给消保岗。", "Hand it to compliance."),
            ));
        }
        if self.ended.is_some() {
            return Err(Refusal::new(
                RefusalKind::Ended,
                both("这条提示已经撤下。", "This bulletin was taken down."),
                both("可以另写一条。", "Write a new one."),
            ));
        }
        match event {
            BulletinEvent::BulletinDrafted(_) if self.head.seq >= MANY => Err(Refusal::does_not_fit(both(
                "这条提示改得太多了,请另写一条。",
                "It was rewritten too often; write a new one.",
            ))),
            BulletinEvent::BulletinDrafted(_) | BulletinEvent::BulletinEnded { .. } => Ok(()),
            BulletinEvent::BulletinReleased { draft } => match &self.waiting {
                Some(waiting) if waiting.seq == *draft && waiting.by != *actor => Ok(()),
                Some(waiting) if waiting.seq == *draft => Err(Refusal::new(
                    RefusalKind::NotYours,
                    both("自己写的不能自己发布。", "Nobody releases what she wrote herself."),
                    both(
                        "请另一位消保岗同事看过后发布。",
                        "Another compliance officer reads and releases it.",
                    ),
                )),
                _ => Err(Refusal::does_not_fit(both(
                    "要发布的不是最新的草稿,请重新打开页面看一遍。",
                    "That is not the newest draft; open the page again and read it.",
                ))),
            },
        }
    }

    /// What the public sees now.
    #[must_use]
    pub fn shown(&self, now_ms: i64) -> Option<&Released> {
        let released = self.released.as_ref().filter(|released| now_ms <= released.text.until_ms)?;
        self.ended.is_none().then_some(released)
    }
}

impl BulletinText {
    /// Whether it is about one of these families of fraud.
    #[must_use]
    pub fn warns_of(&self, families: &[&str]) -> bool {
        self.families.iter().any(|family| families.contains(&family.as_str()))
    }

    /// Whether it is for this region and this group. What is for everywhere or everybody is for each of them.
    #[must_use]
    pub fn is_for(&self, region: &str, group: Option<Group>) -> bool {
        let here = region.is_empty() || self.region.is_empty() || self.region == region;
        here && group.is_none_or(|group| self.group == group || self.group == Group::All)
    }
}

#[cfg(test)]
mod tests {
    use mingbai_evidence::Draft;

    use uuid::Uuid;

    use super::*;
    use crate::actor::Login;

    struct Case(Vec<Record>);

    impl Case {
        fn write(&mut self, name: &str, at_ms: i64, event: &BulletinEvent) {
            let (kind, body) = event.to_parts();
            let head = self.0.last().map(Record::head);
            let actor = Login::new(name).map(|login| Actor::Staff(login, StaffRole::Compliance));
            let draft = Draft {
                id: Uuid::from_u128(self.0.len() as u128 + 1),
                stream: BulletinId::new(Uuid::from_u128(7)).stream(),
                seq: head.map_or(0, |head| head.seq + 1),
                prev: head.map(|head| head.leaf),
                at_ms,
                actor: actor.map(|actor| actor.to_string()).unwrap_or_default(),
                kind,
                terms: None,
                body,
            };
            self.0.extend(Record::write(draft).ok());
        }

        fn now(&self) -> Option<Bulletin> {
            Bulletin::fold(BulletinId::new(Uuid::from_u128(7)), &self.0)
        }

        fn title(&self, now_ms: i64) -> Option<String> {
            self.now()?.shown(now_ms).map(|released| released.text.title.zh.clone())
        }
    }

    fn draft(title: &str) -> BulletinEvent {
        BulletinEvent::BulletinDrafted(Box::new(BulletinText {
            title: both(title, title),
            text: both("内容", "text"),
            region: String::new(),
            group: Group::All,
            families: vec!["fake-loan".to_owned()],
            until_ms: 1_000,
        }))
    }

    #[test]
    fn what_is_public_was_released_by_another_person() {
        let mut case = Case(Vec::new());
        case.write("chen", 1, &draft("一"));
        case.write("chen", 2, &BulletinEvent::BulletinReleased { draft: 0 });
        assert_eq!(case.title(3), None, "nobody releases her own");
        case.write("wu", 4, &BulletinEvent::BulletinReleased { draft: 0 });
        assert_eq!(case.title(5).as_deref(), Some("一"));
        case.write("chen", 6, &draft("二"));
        assert_eq!(case.title(7).as_deref(), Some("一"), "a draft changes nothing");
        case.write("wu", 8, &BulletinEvent::BulletinReleased { draft: 0 });
        assert_eq!(case.title(9).as_deref(), Some("一"), "an older draft than the one that she saw");
        case.write("wu", 10, &BulletinEvent::BulletinReleased { draft: 3 });
        assert_eq!((case.title(1_000).as_deref(), case.title(1_001)), (Some("二"), None));
        case.write("wu", 11, &BulletinEvent::BulletinEnded { reason: "写错了".to_owned() });
        assert_eq!(case.title(12), None);
    }

    #[test]
    fn a_bulletin_finds_those_whom_it_is_for() {
        let BulletinEvent::BulletinDrafted(mut text) = draft("一") else { return };
        assert!(
            text.is_for("成都", Some(Group::Older))
                && text.warns_of(&["x", "fake-loan"])
                && !text.warns_of(&["x"])
        );
        (text.region, text.group) = ("成都".to_owned(), Group::Students);
        assert!(text.is_for("成都", None) && text.is_for("", Some(Group::Students)));
        assert!(!text.is_for("绵阳", None) && !text.is_for("成都", Some(Group::Older)));
    }
}
