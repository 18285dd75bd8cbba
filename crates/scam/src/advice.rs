//! What people are told about each family, in both languages: its name, what such callers do next, what to do now.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::kind::ScamType;

const TEXT: &str = include_str!("../lexicon/advice.toml");

/// Words in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Words about one family.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Its name.
    pub name: Both,
    /// What such callers do next.
    pub next: Both,
    /// What to do now.
    pub now: Both,
    /// Whom to call, besides 96110.
    #[serde(default)]
    pub call: Vec<Hotline>,
}

/// A public hotline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Hotline {
    /// 96110: dissuasion from fraud.
    #[serde(rename = "96110")]
    AntiFraud,
    /// 110: police.
    #[serde(rename = "110")]
    Police,
    /// 12378: financial regulator.
    #[serde(rename = "12378")]
    Regulator,
    /// 12363: central bank.
    #[serde(rename = "12363")]
    CentralBank,
    /// 12386: securities regulator.
    #[serde(rename = "12386")]
    Securities,
    /// 12315: market regulator.
    #[serde(rename = "12315")]
    Market,
}

impl Hotline {
    /// The number.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Hotline::AntiFraud => "96110",
            Hotline::Police => "110",
            Hotline::Regulator => "12378",
            Hotline::CentralBank => "12363",
            Hotline::Securities => "12386",
            Hotline::Market => "12315",
        }
    }
}

static ALL: LazyLock<BTreeMap<ScamType, Advice>> =
    LazyLock::new(|| toml::from_str(TEXT).expect("the shipped advice is read by a test of this crate"));

/// The words about a family.
///
/// # Panics
/// Never: a test reads the shipped file and finds every family in it.
#[must_use]
pub fn of(family: ScamType) -> &'static Advice {
    ALL.get(&family).expect("a test finds every family")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_words() {
        for family in ScamType::ALL {
            assert!(!of(family).next.zh.is_empty() && !of(family).now.en.is_empty());
        }
    }
}
