//! One record of evidence: written once as bytes, hashed and kept as those bytes, never serialised again (law 5).
//! Knows the head of a record; what the body means is for the crates above.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::digest::Digest;
use crate::json::Strict;
use crate::merkle::hash_leaf;
use crate::stream::StreamId;
use crate::text::Bilingual;

/// The most bytes one record may have: what a C2SP tlog-tiles entry can carry. Log digests, not documents.
pub const RECORD_LIMIT: usize = 65_535;
/// The most bytes an actor's name may have.
pub const ACTOR_LIMIT: usize = 200;
/// The most bytes a kind may have.
pub const KIND_LIMIT: usize = 80;
/// The largest sequence number, 2^53 − 1: what a verifier written in JavaScript can still count.
pub const SEQ_LIMIT: u64 = (1 << 53) - 1;
/// The latest time a record may carry: the end of the year 9999, in unix milliseconds.
pub const AT_LIMIT_MS: i64 = 253_402_300_799_999;
/// The version of the record format that this crate writes and reads.
pub const RECORD_VERSION: u64 = 1;

/// What the writer of a record says; [`Record::write`] turns it into bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Identity of the record; the same id again means the same event again (a retry).
    pub id: Uuid,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Position in its stream, from 0, without gaps, at most [`SEQ_LIMIT`].
    pub seq: u64,
    /// Leaf hash of the record before it in the stream; `None` exactly when `seq` is 0.
    pub prev: Option<Digest>,
    /// When it happened, unix milliseconds, 0 to [`AT_LIMIT_MS`].
    pub at_ms: i64,
    /// Who acted: an account id or a role, 1 to [`ACTOR_LIMIT`] bytes without control characters, no personal data.
    pub actor: String,
    /// What kind of evidence this is: 1 to [`KIND_LIMIT`] characters out of `A-Z a-z 0-9 . _ / : -`.
    pub kind: String,
    /// Digest of the terms for which this evidence was given (law 3), where there are terms.
    pub terms: Option<Digest>,
    /// The evidence itself. Digests and references to attachments and sealed values are written as in [`crate::refs`].
    pub body: Value,
}

/// A record: its bytes, and the head that was read from these bytes. There is no way to have one without the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    bytes: Vec<u8>,
    leaf: Digest,
    draft: Draft,
}

/// Where a stream stands: what the next record has to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StreamHead {
    /// Sequence number of the last record.
    pub seq: u64,
    /// Leaf hash of the last record, which is the `prev` of the next one.
    pub leaf: Digest,
}

/// The keys of a record in the order in which they are written.
#[derive(Serialize)]
struct Written<'a> {
    v: u64,
    id: Uuid,
    stream: &'a StreamId,
    seq: u64,
    prev: Option<Digest>,
    at: i64,
    actor: &'a str,
    kind: &'a str,
    terms: Option<Digest>,
    body: &'a Value,
}

/// The same keys as read. `deserialize_with` on the options makes an absent key an error instead of a `null`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u64,
    id: String,
    stream: StreamId,
    seq: u64,
    #[serde(deserialize_with = "present")]
    prev: Option<Digest>,
    at: i64,
    actor: String,
    kind: String,
    #[serde(deserialize_with = "present")]
    terms: Option<Digest>,
    body: Strict,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Digest>, D::Error> {
    Option::deserialize(deserializer)
}

impl Record {
    /// Writes the bytes of a record, once: compact JSON with the keys `v, id, stream, seq, prev, at, actor, kind,
    /// terms, body` in that order.
    ///
    /// # Errors
    /// [`RecordError`] when a field is outside its stated range or the bytes exceed [`RECORD_LIMIT`].
    pub fn write(draft: Draft) -> Result<Record, RecordError> {
        let written = Written {
            v: RECORD_VERSION,
            id: draft.id,
            stream: &draft.stream,
            seq: draft.seq,
            prev: draft.prev,
            at: draft.at_ms,
            actor: &draft.actor,
            kind: &draft.kind,
            terms: draft.terms,
            body: &draft.body,
        };
        let bytes = serde_json::to_vec(&written).map_err(|e| RecordError::Json { why: e.to_string() })?;
        // Reading back what was written proves, before anything is stored, that a verifier will accept it.
        Record::parse(bytes)
    }

    /// Reads a record and keeps its bytes as they are. Strict: UTF-8, one object without anything around it, at most
    /// [`RECORD_LIMIT`] bytes, no key twice at any depth, exactly the known keys, canonical ids and digests.
    ///
    /// # Errors
    /// [`RecordError`] says which of these does not hold.
    pub fn parse(bytes: Vec<u8>) -> Result<Record, RecordError> {
        if bytes.len() > RECORD_LIMIT {
            return Err(RecordError::TooLarge { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| RecordError::NotUtf8)?;
        if !(text.starts_with('{') && text.ends_with('}')) {
            return Err(RecordError::NotOneObject);
        }
        let wire: Wire = serde_json::from_str(text).map_err(|e| RecordError::Json { why: e.to_string() })?;
        let draft = wire.check()?;
        Ok(Record { leaf: hash_leaf(&bytes), bytes, draft })
    }

    /// The bytes as written. This is what is stored, hashed and handed out.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The leaf hash, SHA-256(0x00 ‖ bytes) (RFC 9162 §2.1.1).
    #[must_use]
    pub fn leaf(&self) -> Digest {
        self.leaf
    }

    /// Where the stream stands after this record.
    #[must_use]
    pub fn head(&self) -> StreamHead {
        StreamHead { seq: self.draft.seq, leaf: self.leaf }
    }

    /// Identity of the record.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.draft.id
    }

    /// The stream it belongs to.
    #[must_use]
    pub fn stream(&self) -> &StreamId {
        &self.draft.stream
    }

    /// Position in its stream, from 0.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.draft.seq
    }

    /// Leaf hash of the record before it in the stream; `None` for the first.
    #[must_use]
    pub fn prev(&self) -> Option<Digest> {
        self.draft.prev
    }

    /// When it happened, unix milliseconds.
    #[must_use]
    pub fn at_ms(&self) -> i64 {
        self.draft.at_ms
    }

    /// Who acted.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.draft.actor
    }

    /// What kind of evidence this is.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.draft.kind
    }

    /// Digest of the terms for which it was given.
    #[must_use]
    pub fn terms(&self) -> Option<Digest> {
        self.draft.terms
    }

    /// The evidence itself.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.draft.body
    }
}

impl Wire {
    fn check(self) -> Result<Draft, RecordError> {
        if self.v != RECORD_VERSION {
            return Err(RecordError::Version { found: self.v });
        }
        let id = Uuid::try_parse(&self.id)
            .ok()
            .filter(|id| id.hyphenated().to_string() == self.id)
            .ok_or(RecordError::Field { field: "id" })?;
        if self.seq > SEQ_LIMIT {
            return Err(RecordError::Field { field: "seq" });
        }
        if self.prev.is_none() != (self.seq == 0) {
            return Err(RecordError::Prev { seq: self.seq });
        }
        if !(0..=AT_LIMIT_MS).contains(&self.at) {
            return Err(RecordError::Field { field: "at" });
        }
        let actor_len = self.actor.len();
        if actor_len == 0 || actor_len > ACTOR_LIMIT || self.actor.chars().any(char::is_control) {
            return Err(RecordError::Field { field: "actor" });
        }
        let kind_char = |b: u8| b.is_ascii_alphanumeric() || b"._/:-".contains(&b);
        if self.kind.is_empty() || self.kind.len() > KIND_LIMIT || !self.kind.bytes().all(kind_char) {
            return Err(RecordError::Field { field: "kind" });
        }
        Ok(Draft {
            id,
            stream: self.stream,
            seq: self.seq,
            prev: self.prev,
            at_ms: self.at,
            actor: self.actor,
            kind: self.kind,
            terms: self.terms,
            body: self.body.0,
        })
    }
}

/// Why bytes or a draft are not a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// More bytes than an entry of the log can have.
    #[error(
        "the record has {bytes} bytes and at most 65535 are allowed; attach documents and log their digest"
    )]
    TooLarge {
        /// Bytes found.
        bytes: usize,
    },
    /// The bytes are not UTF-8.
    #[error("the record is not UTF-8 text; it was damaged or is not a record")]
    NotUtf8,
    /// Something stands before or after the object.
    #[error("a record is one JSON object with nothing around it; it was damaged or is not a record")]
    NotOneObject,
    /// Not JSON, an unknown, missing or repeated key, or a value of the wrong type.
    #[error(
        "the record does not have the form of a record ({why}); it was damaged or written by other software"
    )]
    Json {
        /// What the JSON reader says.
        why: String,
    },
    /// A version that this software does not know.
    #[error("the record has format version {found} and this software reads version 1; use a newer version")]
    Version {
        /// Version found.
        found: u64,
    },
    /// The first record names a predecessor, or a later one names none.
    #[error("record {seq} must name its predecessor exactly when it is not the first (0); correct `prev`")]
    Prev {
        /// Its sequence number.
        seq: u64,
    },
    /// A field outside its stated range.
    #[error("the field `{field}` of the record is outside its stated range; see the record format")]
    Field {
        /// Name of the field.
        field: &'static str,
    },
}

impl Bilingual for RecordError {
    fn zh(&self) -> String {
        match self {
            Self::TooLarge { bytes } => {
                format!("这条记录有 {bytes} 字节,上限为 65535;文件请作为附件保存,记录里只写摘要。")
            }
            Self::NotUtf8 => "这条记录不是 UTF-8 文本;可能已损坏,或并非记录。".to_owned(),
            Self::NotOneObject => "一条记录只能是一个 JSON 对象,前后不能有别的内容;可能已损坏。".to_owned(),
            Self::Json { why } => format!("这条记录的格式不对({why});可能已损坏,或由其他软件写成。"),
            Self::Version { found } => {
                format!("这条记录的格式版本是 {found},本软件只认识版本 1;请使用更新的版本。")
            }
            Self::Prev { seq } => {
                format!("第 {seq} 条记录的前一条指向不对:只有第 0 条没有前一条;请更正 prev。")
            }
            Self::Field { field } => format!("记录的字段 {field} 超出规定范围;请查看记录格式说明。"),
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
