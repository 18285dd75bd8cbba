//! Sentences for people, always in both languages.

use mingbai_cost::{Lang, Words};

/// Something that can be told to a person.
pub trait Tell {
    /// What it says, in both languages.
    fn words(&self) -> Words;

    /// What it says in `lang`.
    fn tell(&self, lang: Lang) -> String {
        self.words().get(lang).to_owned()
    }
}

/// Both languages at once.
#[must_use]
pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}
