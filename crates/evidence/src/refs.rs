//! How a record's body refers to things outside it: attachments by digest, sealed values by commitment. Whoever writes
//! a body uses these two types, and the verifier finds the references by the same shape, at any depth.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Digest;
use crate::seal::Commitment;

/// A document kept outside the log: `{"sha256": "<hex>", "media": "application/pdf", "bytes": 12345}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentRef {
    /// SHA-256 of the document's bytes.
    pub sha256: Digest,
    /// Media type (RFC 6838), such as `application/pdf`.
    pub media: String,
    /// Length of the document in bytes.
    pub bytes: u64,
}

/// A personal value kept outside the log: `{"sealed": "<hex>", "label": "borrower.name"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedRef {
    /// The commitment to label, value and salt.
    pub sealed: Commitment,
    /// What the value is; part of what was committed to. Never the value itself.
    pub label: String,
}

/// A reference found in a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// An attachment.
    Attachment(AttachmentRef),
    /// A sealed value.
    Sealed(SealedRef),
    /// An object with a key `sha256` or `sealed` that does not have the shape of either; the verifier reports it,
    /// because a reference that nobody can follow proves nothing.
    Unreadable,
}

/// All references in `body`, in the order in which the keys are sorted. An object counts as a reference when it has a
/// key `sha256` or `sealed`; the inside of a reference is not searched.
#[must_use]
pub fn references(body: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    // A stack instead of recursion: depth is bounded by the JSON reader, but a caller may pass any value.
    let mut pending = vec![body];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(object) if object.contains_key("sha256") => {
                let read = AttachmentRef::deserialize(value);
                found.push(read.map_or(Reference::Unreadable, Reference::Attachment));
            }
            Value::Object(object) if object.contains_key("sealed") => {
                let read = SealedRef::deserialize(value);
                found.push(read.map_or(Reference::Unreadable, Reference::Sealed));
            }
            Value::Object(object) => pending.extend(object.values().rev()),
            Value::Array(items) => pending.extend(items.iter().rev()),
            _ => {}
        }
    }
    found
}

/// Every digest that stands anywhere in `body` as a text of its own, such as that of a policy pack. A document with such a digest
/// is one that the record names, though it says neither type nor length.
#[must_use]
pub fn digests(body: &Value) -> Vec<Digest> {
    let mut found = Vec::new();
    let mut pending = vec![body];
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) => found.extend(text.parse::<Digest>()),
            Value::Object(object) => pending.extend(object.values()),
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::seal::{Salt, commit};

    #[test]
    fn finds_references_at_any_depth_and_nothing_else() {
        let pdf = AttachmentRef { sha256: Digest::of(b"pdf"), media: "application/pdf".to_owned(), bytes: 3 };
        let name = SealedRef { sealed: commit("name", b"x", &Salt::new([0; 32])), label: "name".to_owned() };
        let body =
            json!({"a": [{"pdf": pdf}, 1], "b": {"c": name}, "d": {"sha256": "no"}, "e": {"x_sha256": "no"}});
        assert_eq!(
            references(&body),
            [Reference::Attachment(pdf), Reference::Sealed(name), Reference::Unreadable]
        );
    }
}
