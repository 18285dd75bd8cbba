//! The rules, as a dated file: what may not be said where, the clause behind it, how sure we are of the clause, and what to say instead.

use jiff::civil::Date;
use mingbai_core::policy::{Grade, Source};
use mingbai_core::text::both;
use mingbai_cost::Words;
use regex::Regex;
use serde::Deserialize;

use crate::check::Check;

/// What the embedded rules are.
const EMBEDDED: &str = include_str!("../../../policies/marketing/cn-2026-09.toml");

/// What is reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 营销材料: page, poster, message, talk of a live stream.
    Advertisement,
    /// 协议: contract and standard terms.
    Contract,
    /// 话术: what a consultant says to a customer.
    Script,
    /// 智能语音话术: what a machine says on the telephone.
    VoiceScript,
    /// 培训材料: what staff are taught to say.
    Training,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] =
        [Kind::Advertisement, Kind::Contract, Kind::Script, Kind::VoiceScript, Kind::Training];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Words {
        let (zh, en) = match self {
            Kind::Advertisement => ("营销材料", "advertisement"),
            Kind::Contract => ("合同协议", "contract"),
            Kind::Script => ("人工话术", "script of a consultant"),
            Kind::VoiceScript => ("智能语音话术", "script of a machine voice"),
            Kind::Training => ("培训材料", "training paper"),
        };
        both(zh, en)
    }
}

/// What follows from a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A person has to look.
    Look,
    /// May not be used like this.
    Change,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Words,
    in_force_from: Date,
    notice: Words,
    /// Words that turn a phrase into its opposite when they stand before it in the same clause.
    negations: Vec<String>,
    source: Vec<Source>,
    rule: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    kinds: Vec<Kind>,
    severity: Severity,
    /// One of the eight rights, R1 to R8.
    right: String,
    source: String,
    title: Words,
    suggest: Words,
    /// Patterns that may not occur.
    #[serde(default)]
    found: Vec<String>,
    /// Patterns of which at least one must occur.
    #[serde(default)]
    needed: Vec<String>,
    /// Something that must be computed.
    #[serde(default)]
    check: Option<Check>,
}

/// How a rule looks for what it is about.
#[derive(Clone, Debug)]
pub(crate) enum Look {
    Found(Vec<Regex>),
    Needed(Vec<Regex>),
    Computed(Check),
}

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) severity: Severity,
    pub(crate) right: String,
    pub(crate) title: Words,
    pub(crate) suggest: Words,
    pub(crate) clause: Words,
    pub(crate) grade: Grade,
    pub(crate) look: Look,
}

/// A file of rules, checked.
#[derive(Clone, Debug)]
pub struct Book {
    id: String,
    title: Words,
    in_force_from: Date,
    notice: Words,
    pub(crate) negations: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

/// What is wrong with a file of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// No TOML of this shape.
    #[error("{0}")]
    Form(String),
    /// A rule that cannot work.
    #[error("rule {rule}: {why}")]
    Rule {
        /// Its id.
        rule: String,
        /// What is wrong.
        why: String,
    },
}

impl Book {
    /// The rules that the program carries.
    ///
    /// # Panics
    /// Never: a test reads the embedded file.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the embedded file is read by a test")]
    pub fn embedded() -> Self {
        Book::read(EMBEDDED).expect("the embedded rules are whole")
    }

    /// Reads and checks a file of rules.
    ///
    /// # Errors
    /// [`BookError`] names the rule and what is wrong with it.
    pub fn read(toml: &str) -> Result<Self, BookError> {
        let file: File = toml::from_str(toml).map_err(|e| BookError::Form(e.to_string()))?;
        let mut rules = Vec::with_capacity(file.rule.len());
        for written in file.rule {
            let rule = written.checked(&file.source)?;
            if rules.iter().any(|before: &Rule| before.id == rule.id) {
                return Err(BookError::Rule { rule: rule.id, why: "the id is there twice".to_owned() });
            }
            rules.push(rule);
        }
        let File { id, title, in_force_from, notice, negations, .. } = file;
        Ok(Book { id, title, in_force_from, notice, negations, rules })
    }

    /// Id of the file.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name.
    #[must_use]
    pub fn title(&self) -> &Words {
        &self.title
    }

    /// The day from which it counts.
    #[must_use]
    pub fn in_force_from(&self) -> Date {
        self.in_force_from
    }

    /// What everybody who reads a report must know about these rules.
    #[must_use]
    pub fn notice(&self) -> &Words {
        &self.notice
    }

    /// How many rules are about this kind of material.
    #[must_use]
    pub fn rules_for(&self, kind: Kind) -> usize {
        self.rules.iter().filter(|rule| rule.kinds.contains(&kind)).count()
    }
}

impl Written {
    fn checked(self, sources: &[Source]) -> Result<Rule, BookError> {
        let wrong = |why: String| BookError::Rule { rule: self.id.clone(), why };
        let source = sources.iter().find(|s| s.id == self.source);
        let source = source.ok_or_else(|| wrong(format!("there is no source {}", self.source)))?;
        if !matches!(self.right.as_bytes(), [b'R', b'1'..=b'8']) {
            return Err(wrong(format!("{} is none of the rights R1 to R8", self.right)));
        }
        let patterns = |list: &[String]| {
            let made = list.iter().map(|p| Regex::new(p).map_err(|e| wrong(e.to_string())));
            made.collect::<Result<Vec<_>, _>>()
        };
        let look = match (self.found.as_slice(), self.needed.as_slice(), self.check) {
            ([_, ..], [], None) => Look::Found(patterns(&self.found)?),
            ([], [_, ..], None) => Look::Needed(patterns(&self.needed)?),
            ([], [], Some(check)) => Look::Computed(check),
            _ => return Err(wrong("it needs exactly one of found, needed and check".to_owned())),
        };
        let number = |title: &str| match source.number.as_str() {
            "" => format!("《{title}》"),
            number => format!("《{title}》({number})"),
        };
        let clause = both(
            number(&source.title.zh),
            format!("{} {}", source.title.en, source.number).trim().to_owned(),
        );
        Ok(Rule {
            grade: source.grade,
            clause,
            look,
            id: self.id,
            kinds: self.kinds,
            severity: self.severity,
            right: self.right,
            title: self.title,
            suggest: self.suggest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id='x'\ntitle={zh='甲',en='a'}\nin_force_from='2026-01-01'\nnotice={zh='',en=''}\nnegations=[]\n\
        [[source]]\nid='s'\ntitle={zh='法',en='law'}\nnumber=''\ngrade='seen'\n[[rule]]\nid='r'\nkinds=['contract']\nseverity='look'\n\
        source='s'\ntitle={zh='',en=''}\nsuggest={zh='',en=''}\n";

    #[test]
    fn the_embedded_rules_are_whole_and_every_kind_has_some() {
        let book = Book::embedded();
        for kind in Kind::ALL {
            assert!(book.rules_for(kind) >= 5, "{kind:?}");
        }
        for rule in &book.rules {
            assert!(!rule.title.zh.is_empty() && !rule.suggest.en.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn a_rule_that_cannot_work_is_named() {
        for (tail, why) in [
            ("right='R1'", "exactly one"),
            ("right='R9'\nfound=['a']", "R9"),
            ("right='R1'\nfound=['(']", "unclosed"),
            ("right='R1'\nfound=['a']\nneeded=['b']", "exactly one"),
        ] {
            let error = Book::read(&format!("{HEAD}{tail}")).unwrap_err().to_string();
            assert!(error.starts_with("rule r: ") && error.contains(why), "{error}");
        }
        let twice = format!("{HEAD}right='R1'\nfound=['a']\n");
        let again = twice.split_once("[[rule]]").unwrap().1;
        assert!(Book::read(&format!("{twice}[[rule]]{again}")).unwrap_err().to_string().contains("twice"));
        assert!(matches!(Book::read("rule = 1"), Err(BookError::Form(_))));
    }
}
