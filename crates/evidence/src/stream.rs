//! The name of a stream of evidence, such as one loan or one product version. Knows nothing of what streams exist.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::text::Bilingual;

/// The most characters a stream's name may have.
pub const STREAM_ID_LIMIT: usize = 120;

/// The name of one stream: 1 to 120 characters out of `a-z 0-9 / @ . _ -`, for instance `borrow/<uuid>` or
/// `product/<id>@<version>`. Never a person's data: names of streams are readable by everyone who holds a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct StreamId(String);

impl StreamId {
    /// The stream called `name`.
    ///
    /// # Errors
    /// [`StreamIdError`] when the name is empty, too long or has other characters.
    pub fn new(name: &str) -> Result<Self, StreamIdError> {
        if name.is_empty() || name.len() > STREAM_ID_LIMIT {
            return Err(StreamIdError::Length { found: name.len() });
        }
        let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '/' | '@' | '.' | '_' | '-');
        match name.chars().find(|c| !allowed(*c)) {
            Some(found) => Err(StreamIdError::Character { found }),
            None => Ok(StreamId(name.to_owned())),
        }
    }

    /// The stream of one thing that is numbered by a UUID, e.g. `borrow/<uuid>`; letters of `room` that a name cannot
    /// have are left out.
    #[must_use]
    pub fn of_uuid(room: &str, id: uuid::Uuid) -> Self {
        let room: String = room.chars().filter(char::is_ascii_lowercase).take(32).collect();
        StreamId(format!("{room}/{}", id.hyphenated()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StreamId {
    type Err = StreamIdError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        StreamId::new(name)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        StreamId::new(&name).map_err(serde::de::Error::custom)
    }
}

/// Why a text cannot name a stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamIdError {
    /// It is empty or longer than [`STREAM_ID_LIMIT`].
    #[error("the name of a stream has 1 to 120 characters and this one has {found}; shorten it")]
    Length {
        /// Bytes found.
        found: usize,
    },
    /// It has a character that streams do not use.
    #[error("the name of a stream has only a-z 0-9 / @ . _ - and this one has {found:?}; replace it")]
    Character {
        /// The first such character.
        found: char,
    },
}

impl Bilingual for StreamIdError {
    fn zh(&self) -> String {
        match self {
            Self::Length { found } => format!("记录流名称应为 1 至 120 个字符,这里是 {found} 个;请缩短。"),
            Self::Character { found } => {
                format!("记录流名称只能用 a-z 0-9 / @ . _ -,这里出现了 {found:?};请替换。")
            }
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_stated_names() {
        assert!(StreamId::new("borrow/018f2f6e-0000-7000-8000-000000000001").is_ok());
        assert!(StreamId::new("product/easy-12@1.0").is_ok());
        assert_eq!(StreamId::new(""), Err(StreamIdError::Length { found: 0 }));
        assert_eq!(StreamId::new(&"a".repeat(121)), Err(StreamIdError::Length { found: 121 }));
        assert_eq!(StreamId::new("Borrow"), Err(StreamIdError::Character { found: 'B' }));
        assert_eq!(StreamId::new("a\u{0}"), Err(StreamIdError::Character { found: '\u{0}' }));
    }
}
