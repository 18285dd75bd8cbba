//! The same sentence in Chinese and in English, for whoever reads an error or a verdict. Knows no sentence itself.

use serde::Serialize;

/// The language in which a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

/// Something that can be said in both languages. Every error of this crate can.
pub trait Bilingual {
    /// The Chinese sentence: what happened, why, what to do next.
    fn zh(&self) -> String;
    /// The English sentence with the same meaning.
    fn en(&self) -> String;

    /// The sentence in the language asked for.
    fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    /// Both sentences, detached from the value that produced them.
    fn words(&self) -> Words {
        Words { zh: self.zh(), en: self.en() }
    }
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

impl Words {
    /// A sentence from its two versions.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Words { zh: zh.into(), en: en.into() }
    }
}

impl Bilingual for Words {
    fn zh(&self) -> String {
        self.zh.clone()
    }

    fn en(&self) -> String {
        self.en.clone()
    }
}
