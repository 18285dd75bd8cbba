//! Records that go on with a stream, each naming the leaf before it: the one way in which reviews, complaints, rings, campaigns and the small
//! streams of trust write theirs down. What belongs to a loan also names its terms and has its own (`borrow/write.rs`).

use mingbai_evidence::{Draft, Record, StreamHead, StreamId};
use serde_json::Value;

use crate::desk::Desk;
use crate::error::DeskError;

/// Where records go on, and when.
pub(crate) struct Chain {
    /// The stream.
    pub(crate) stream: StreamId,
    /// Where it stands; nothing when it does not exist yet.
    pub(crate) head: Option<StreamHead>,
    /// When all of them are written, unix ms: not before the last one that stands there.
    pub(crate) at_ms: i64,
}

/// What a record says.
pub(crate) struct Said {
    /// By whom.
    pub(crate) actor: String,
    /// Its kind.
    pub(crate) kind: String,
    /// Its body.
    pub(crate) body: Value,
}

impl Desk {
    /// The records, one behind the other.
    pub(crate) fn chained(
        &self,
        chain: &Chain,
        all: impl IntoIterator<Item = Said>,
    ) -> Result<Vec<Record>, DeskError> {
        let mut head = chain.head;
        let mut records = Vec::new();
        for Said { actor, kind, body } in all {
            let record = Record::write(Draft {
                id: self.new_id(chain.at_ms),
                stream: chain.stream.clone(),
                seq: head.map_or(0, |head| head.seq + 1),
                prev: head.map(|head| head.leaf),
                at_ms: chain.at_ms,
                actor,
                kind,
                terms: None,
                body,
            })?;
            head = Some(record.head());
            records.push(record);
        }
        Ok(records)
    }
}
