//! The list of causes and kinds of business. It is a file that an institution can replace: the numbers of the national standard were not
//! obtained, so none is built in, and a list says which code of the standard each of its lines is when somebody knows it.

use std::collections::BTreeSet;

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::text::{Tell, both};

/// The list that is shipped.
pub const SHIPPED: &str = include_str!("../../../../../policies/complaints/cn-jrt0169.toml");

/// The most lines of one table.
const LINES: usize = 500;
/// The largest file, in bytes.
const BYTES: usize = 256 * 1024;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Code of the house: `[a-z0-9-]{1,20}`.
    pub code: String,
    /// Code of the standard, when it is known.
    #[serde(default)]
    pub standard: String,
    /// In words.
    pub name: Words,
}

/// Where a list is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSource {
    /// What it follows.
    pub name: String,
    /// Where that can be found.
    pub url: String,
    /// What was read and what was not.
    pub note: String,
}

/// A list of causes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// Its name in evidence: `[a-z0-9-]{1,40}`.
    pub id: String,
    /// Source.
    pub source: ListSource,
    /// Causes.
    #[serde(rename = "cause")]
    pub causes: Vec<Line>,
    /// Kinds of business.
    #[serde(rename = "business")]
    pub businesses: Vec<Line>,
}

/// Why a file is no list of causes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} / {}", .0.zh, .0.en)]
pub struct TaxonomyError(pub Words);

impl Tell for TaxonomyError {
    fn words(&self) -> Words {
        self.0.clone()
    }
}

impl Taxonomy {
    /// Reads a list.
    ///
    /// # Errors
    /// [`TaxonomyError`] with what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, TaxonomyError> {
        let bad = |zh: String, en: String| TaxonomyError(both(zh, en));
        if text.len() > BYTES {
            return Err(bad("分类表太大。".to_owned(), "The list is too large.".to_owned()));
        }
        let list: Taxonomy = toml::from_str(text).map_err(|error| {
            bad(format!("分类表读不出来:{error}"), format!("The list cannot be read: {error}"))
        })?;
        if !is_code(&list.id, 40) {
            return Err(bad("id 只能用小写字母、数字和 -。".to_owned(), "id has a-z 0-9 - only.".to_owned()));
        }
        for (table, lines) in [("cause", &list.causes), ("business", &list.businesses)] {
            if lines.is_empty() || lines.len() > LINES {
                return Err(bad(
                    format!("{table} 应有 1 到 {LINES} 行。"),
                    format!("{table} has 1 to {LINES} lines."),
                ));
            }
            let mut seen = BTreeSet::new();
            for line in lines {
                let words = !line.name.zh.trim().is_empty() && !line.name.en.trim().is_empty();
                if !is_code(&line.code, 20) || !words || !seen.insert(&line.code) {
                    let code = &line.code;
                    return Err(bad(
                        format!("{table} 里“{code}”这一行不对:代码重复、写法不对,或缺中英文名称。"),
                        format!(
                            "The line {code:?} of {table}: a code twice, not a-z 0-9 -, or a name is missing."
                        ),
                    ));
                }
            }
        }
        Ok(list)
    }

    /// The list that is shipped.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is a constant and a test parses it.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "the text is compiled in; a test parses it, so no user or disk can reach this"
    )]
    pub fn shipped() -> Self {
        match Taxonomy::parse(SHIPPED) {
            Ok(list) => list,
            Err(error) => panic!("the list of causes compiled into this program is broken: {error}"),
        }
    }

    /// A cause.
    #[must_use]
    pub fn cause(&self, code: &str) -> Option<&Line> {
        self.causes.iter().find(|line| line.code == code)
    }

    /// A kind of business.
    #[must_use]
    pub fn business(&self, code: &str) -> Option<&Line> {
        self.businesses.iter().find(|line| line.code == code)
    }
}

fn is_code(text: &str, limit: usize) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= limit && text.bytes().all(good)
}
