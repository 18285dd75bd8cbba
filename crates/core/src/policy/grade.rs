//! How sure we are of a value, and where it comes from. Must not know what the values mean.

use jiff::civil::Date;
use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::borrow::duty::Duty;
use crate::text::both;

/// How well a statement is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Read in a published copy.
    Seen,
    /// Read in the press or in somebody else's public work.
    SecondHand,
    /// Worked out here; the law does not say it.
    Derived,
    /// To be confirmed before it binds anyone.
    Unverified,
}

impl Grade {
    /// What staff read beside the value.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Grade::Seen => both("已见公布文本", "read in a published copy"),
            Grade::SecondHand => both("转述,未见原文", "second-hand"),
            Grade::Derived => both("本系统推定", "worked out here"),
            Grade::Unverified => both("未经核实", "unverified"),
        }
    }
}

/// A value with its grade. The value is used; the grade is shown to staff beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graded<T> {
    /// The value.
    pub value: T,
    /// How sure.
    pub grade: Grade,
    /// Id of the source, when there is one.
    #[serde(default)]
    pub source: Option<String>,
    /// Why this value, when the source does not say it.
    #[serde(default)]
    pub note: Option<String>,
}

/// A law, rule, standard or commentary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stable id, `[a-z0-9-]{1,48}`.
    pub id: String,
    /// Name.
    pub title: Words,
    /// Document number, as published; empty when it has none.
    pub number: String,
    /// Day of issue or announcement, when known.
    #[serde(default)]
    pub issued_on: Option<Date>,
    /// First day in force, when known.
    #[serde(default)]
    pub in_force_from: Option<Date>,
    /// How we know it.
    pub grade: Grade,
    /// What staff should know about it.
    #[serde(default)]
    pub note: Option<String>,
}

/// One thing that a source asks for, in our own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Stable key, `[a-z0-9._-]{1,64}`.
    pub key: String,
    /// The duty that it supports.
    pub duty: Duty,
    /// Id of its source.
    pub source: String,
    /// Article, as numbered there; empty when it was not obtained.
    pub article: String,
    /// What it asks for, in our words.
    pub text: Words,
    /// How we know it.
    pub grade: Grade,
}

/// Where in the pack a grade stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradedEntry {
    /// Place in the file, e.g. `reading.min_seconds` or `clause[read.popup]`.
    pub path: String,
    /// The value as written, when the entry has a plain one.
    pub value: Option<String>,
    /// Grade.
    pub grade: Grade,
    /// Source id, when named.
    pub source: Option<String>,
    /// Note, when given.
    pub note: Option<String>,
}
