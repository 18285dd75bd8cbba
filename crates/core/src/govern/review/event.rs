//! What can stand in the stream of a review. Nothing of it is about a person, so nothing is sealed.

use std::collections::BTreeMap;

use mingbai_cost::Words;
use mingbai_evidence::Digest;
use mingbai_evidence::refs::AttachmentRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kinds::{Channel, MaterialKind, Risk, Verdict};

/// A file of a material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialFile {
    /// Its name as it was handed in.
    pub name: String,
    /// The bytes.
    pub file: AttachmentRef,
}

/// Where a machine's finding stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePlace {
    /// Line, from one.
    pub line: u32,
    /// Column in characters, from one.
    pub column: u32,
    /// The file's own words.
    pub words: String,
}

/// Whether the machine could read a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "read", rename_all = "snake_case", deny_unknown_fields)]
pub enum MachineReading {
    /// It was held against so many rules.
    Whole {
        /// How many.
        rules: u32,
    },
    /// It was not read: a person has to look at all of it.
    Not {
        /// Why.
        why: Words,
    },
}

/// What follows from a machine's finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A person has to look.
    Look,
    /// May not be used like this, unless a person gives a reason why the rule does not apply.
    Change,
}

/// One place that the rules do not allow, as the machine found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineFinding {
    /// Which file, from zero.
    pub file: u32,
    /// Id of the rule.
    pub rule: String,
    /// What follows.
    pub weight: Weight,
    /// The right that it touches, `R1` to `R8`.
    pub right: String,
    /// What is wrong.
    pub title: Words,
    /// What was computed, where something was.
    pub detail: Option<Words>,
    /// What to do instead.
    pub suggest: Words,
    /// The source behind it.
    pub clause: Words,
    /// Where; nothing when the whole material lacks something.
    pub place: Option<MachinePlace>,
}

impl MachineFinding {
    /// What makes two findings the same one in two versions of a material: the rule and the words that break it.
    #[must_use]
    pub fn likeness(&self) -> (&str, &str) {
        (&self.rule, self.place.as_ref().map_or("", |place| &place.words))
    }
}

/// What a machine says of the files of a material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineReport {
    /// The rules, by id.
    pub rules: String,
    /// One for each file.
    pub readings: Vec<MachineReading>,
    /// Findings, numbered from zero by their place here.
    pub findings: Vec<MachineFinding>,
    /// How many more there were than are kept.
    pub left_out: u32,
}

/// How a review begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// What it is.
    pub kind: MaterialKind,
    /// What people call it.
    pub title: String,
    /// Product and version that it speaks of.
    pub product: Option<(String, String)>,
    /// The files.
    pub files: Vec<MaterialFile>,
    /// 自评: what the business says about it.
    pub note: String,
    /// Where it is meant to be used.
    pub regions: Vec<String>,
    /// By which ways.
    pub channels: Vec<Channel>,
    /// The checklist, by id and digest.
    pub checklist: (String, Digest),
    /// Codes of the questions that are asked for this kind of material.
    pub items: Vec<String>,
    /// What the machine says.
    pub machine: MachineReport,
}

/// What a person finds wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// How grave.
    pub risk: Risk,
    /// The words of the material.
    pub excerpt: String,
    /// What to do instead.
    pub suggestion: String,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// 符合.
    Met,
    /// 不符合, with the finding.
    NotMet {
        /// What.
        finding: Finding,
    },
    /// 不适用, with the reason.
    NotApplicable {
        /// Why.
        reason: String,
    },
}

/// What a person says to a machine's finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "judgement", rename_all = "snake_case", deny_unknown_fields)]
pub enum Judgement {
    /// It is right.
    Upheld,
    /// The rule does not apply here.
    Dismissed {
        /// Why.
        reason: String,
    },
}

/// What an opinion rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A question of the checklist that is not met.
    Item(String),
    /// A machine's finding that was upheld, by its number.
    Machine(u32),
}

/// One point that the business has to answer, numbered from one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// Number.
    pub no: u32,
    /// What it rests on.
    pub ground: Ground,
}

/// What the business answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// 采纳: what was changed.
    Adopted {
        /// How.
        how: String,
    },
    /// 不采纳: goes to somebody above.
    Declined {
        /// Why.
        reason: String,
    },
}

/// What somebody above says to a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ruling", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ruling {
    /// The opinion stands and has to be adopted.
    Stands {
        /// Why.
        reason: String,
    },
    /// It is set aside, on this person's name.
    Waived {
        /// Why.
        reason: String,
    },
}

/// How the final material was held against the reviewed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "final", rename_all = "snake_case", deny_unknown_fields)]
pub enum FinalCheck {
    /// Every file has the same digest.
    SameBytes,
    /// The bytes differ; a person compared them.
    Compared {
        /// What was compared, and what is different.
        note: String,
    },
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// First moment, unix ms.
    pub from_ms: i64,
    /// First moment after it, unix ms.
    pub until_ms: i64,
    /// Regions; [`super::lookup::EVERYWHERE`] for all.
    pub regions: Vec<String>,
    /// Ways.
    pub channels: Vec<Channel>,
    /// How the final material was held against the reviewed one.
    pub check: FinalCheck,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
pub enum ReviewEvent {
    /// It was handed in.
    MaterialSubmitted(Box<Submission>),
    /// Questions were answered and findings judged; a later answer takes the place of an earlier one.
    MaterialJudged {
        /// By code.
        items: BTreeMap<String, Answer>,
        /// By number.
        machine: BTreeMap<u32, Judgement>,
    },
    /// The opinion was given.
    OpinionIssued {
        /// What it says as a whole.
        verdict: Verdict,
        /// In words.
        summary: String,
        /// Its points, in order.
        points: Vec<Opinion>,
    },
    /// The business answered a point.
    OpinionAnswered {
        /// Number.
        no: u32,
        /// What.
        reply: Reply,
    },
    /// Somebody above ruled on a refusal.
    DeclineRuled {
        /// Number.
        no: u32,
        /// What.
        ruling: Ruling,
    },
    /// The final material was handed in.
    FinalHandedIn {
        /// Files.
        files: Vec<MaterialFile>,
        /// What the machine says of them.
        machine: MachineReport,
    },
    /// It may be used.
    MaterialReleased(Release),
    /// The business takes it back.
    MaterialWithdrawn {
        /// Why.
        why: String,
    },
    /// It may no longer be used.
    MaterialRecalled {
        /// Why.
        why: String,
    },
}

impl ReviewEvent {
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
