//! Why a lesson or a list of questions cannot be used: which file, what is wrong there, what to do.

use mingbai_cost::Words;

use crate::text::{Tell, both};

/// A file of the learn room that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {} / {}", .what.zh, .what.en)]
pub struct LearnError {
    /// Name of the file.
    pub file: String,
    /// What is wrong with it.
    pub what: Words,
}

impl LearnError {
    /// What is wrong with a file that is not named yet.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        LearnError { file: String::new(), what: both(zh, en) }
    }

    /// The same, in this file.
    pub(crate) fn at(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            file.clone_into(&mut self.file);
        }
        self
    }
}

impl Tell for LearnError {
    fn words(&self) -> Words {
        let LearnError { file, what } = self;
        both(format!("{file}:{}", what.zh), format!("{file}: {}", what.en))
    }
}

/// Whether a text can be the id of a lesson, a question or a message: `[a-z0-9-]{1,40}`.
pub(crate) fn is_id(text: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(good)
}

/// The id, or what is wrong with it.
pub(crate) fn id(text: &str) -> Result<(), LearnError> {
    if is_id(text) {
        return Ok(());
    }
    let text: String = text.chars().take(60).collect();
    Err(LearnError::new(
        format!("编号“{text}”只能用小写字母、数字和 -,最多 40 个。"),
        format!("The id {text:?} may have a-z 0-9 - only, at most 40 of them."),
    ))
}

/// Whether both languages say something.
pub(crate) fn said(words: &Words, what: &str) -> Result<(), LearnError> {
    if !words.zh.trim().is_empty() && !words.en.trim().is_empty() {
        return Ok(());
    }
    Err(LearnError::new(format!("{what} 缺中文或英文。"), format!("{what} lacks Chinese or English.")))
}
