//! The checklist: what a person has to answer. A file that an institution can replace, named by digest in every review.

use std::collections::BTreeSet;

use mingbai_cost::Words;
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

use super::kinds::MaterialKind;
use crate::policy::Grade;
use crate::text::{Tell, both};

/// The list that is shipped.
pub const SHIPPED: &str = include_str!("../../../../../policies/review/cn-2026-11.toml");
/// Most questions of a list: a form of this many can be sent at once.
const ITEMS: usize = 60;
/// Most questions for one kind of material: a form has a hundred fields at most, and each question has four.
const ITEMS_OF_KIND: usize = 20;
const BYTES: usize = 256 * 1024;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code: `[A-Za-z0-9-]{1,20}`.
    pub code: String,
    /// One of the eight rights, `R1` to `R8`.
    pub right: String,
    /// For which materials it is asked.
    pub kinds: Vec<MaterialKind>,
    /// The question.
    pub question: Words,
    /// The rule behind it.
    pub basis: Words,
    /// How sure we are of the rule.
    pub grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Words,
    #[serde(rename = "item")]
    items: Vec<Item>,
}

/// A checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    id: String,
    title: Words,
    items: Vec<Item>,
    digest: Digest,
}

/// Why a file is no checklist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} / {}", .0.zh, .0.en)]
pub struct ChecklistError(pub Words);

impl Tell for ChecklistError {
    fn words(&self) -> Words {
        self.0.clone()
    }
}

impl Checklist {
    /// Reads a list.
    ///
    /// # Errors
    /// [`ChecklistError`] with what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, ChecklistError> {
        let bad = |zh: String, en: String| ChecklistError(both(zh, en));
        if text.len() > BYTES {
            return Err(bad("审查清单太大。".to_owned(), "The checklist is too large.".to_owned()));
        }
        let file: File = toml::from_str(text).map_err(|error| {
            bad(format!("审查清单读不出来:{error}"), format!("The checklist cannot be read: {error}"))
        })?;
        let plain = |text: &str, limit: usize| {
            let good = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            !text.is_empty() && text.len() <= limit && text.bytes().all(good)
        };
        if !plain(&file.id, 40) {
            return Err(bad(
                "id 只能用字母、数字和 -。".to_owned(),
                "id has letters, digits and - only.".to_owned(),
            ));
        }
        if file.items.is_empty() || file.items.len() > ITEMS {
            return Err(bad(format!("应有 1 到 {ITEMS} 项。"), format!("There are 1 to {ITEMS} items.")));
        }
        let mut seen = BTreeSet::new();
        for item in &file.items {
            let right = matches!(item.right.as_bytes(), [b'R', b'1'..=b'8']);
            let words = [&item.question, &item.basis]
                .iter()
                .all(|w| !w.zh.trim().is_empty() && !w.en.trim().is_empty());
            if !plain(&item.code, 20) || !right || !words || item.kinds.is_empty() || !seen.insert(&item.code)
            {
                let code = &item.code;
                return Err(bad(
                    format!(
                        "“{code}”这一项不对:代码重复或写法不对、权利不是 R1 到 R8、没有适用材料,或缺中英文。"
                    ),
                    format!(
                        "Item {code:?}: a code twice or ill-formed, a right that is not R1 to R8, no kinds, or a text is missing."
                    ),
                ));
            }
        }
        let crowded = |kind: &&MaterialKind| {
            file.items.iter().filter(|i| i.kinds.contains(kind)).count() > ITEMS_OF_KIND
        };
        if let Some(kind) = MaterialKind::ALL.iter().find(crowded) {
            let key = kind.key();
            return Err(bad(
                format!("{key} 的项目超过 {ITEMS_OF_KIND} 个。"),
                format!("More than {ITEMS_OF_KIND} items for {key}."),
            ));
        }
        Ok(Checklist {
            digest: Digest::of(text.as_bytes()),
            id: file.id,
            title: file.title,
            items: file.items,
        })
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
        match Checklist::parse(SHIPPED) {
            Ok(list) => list,
            Err(error) => panic!("the checklist compiled into this program is broken: {error}"),
        }
    }

    /// Its name in evidence.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What people call it.
    #[must_use]
    pub fn title(&self) -> &Words {
        &self.title
    }

    /// Digest of the file.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The questions for this material, in order.
    pub fn items_for(&self, kind: MaterialKind) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.kinds.contains(&kind))
    }

    /// A question by its code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}
