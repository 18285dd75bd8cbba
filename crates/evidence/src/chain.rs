//! The chain of one stream: each record names the one before it, without gaps, and time does not run backwards.
//! Completeness *at the end* cannot be seen here: a chain cut after record n is a correct shorter chain.

use crate::digest::Digest;
use crate::record::{Record, StreamHead};
use crate::stream::StreamId;
use crate::text::Bilingual;

/// How far a record's time may lie before that of the record before it, in milliseconds. One minute covers the
/// correction of a clock and small differences between nodes; more is a wrong clock and must be looked at.
pub const BACKWARD_TOLERANCE_MS: i64 = 60_000;

/// Checks that `records`, in this order, are one stream from its beginning: `seq` 0, 1, 2, …; every `prev` is the leaf
/// hash of the record before; no record's time is more than [`BACKWARD_TOLERANCE_MS`] before the latest time so far.
/// Returns where the stream stands, `None` for no records.
///
/// # Errors
/// [`ChainError`] names the first record that does not fit and why.
pub fn check(records: &[Record]) -> Result<Option<StreamHead>, ChainError> {
    let Some(first) = records.first() else { return Ok(None) };
    let mut head: Option<StreamHead> = None;
    let mut latest_ms = first.at_ms();
    for record in records {
        if record.stream() != first.stream() {
            let (expected, found) = (first.stream().clone(), record.stream().clone());
            return Err(ChainError::OtherStream { expected, found });
        }
        follows(head.as_ref(), record)?;
        let back_ms = latest_ms - record.at_ms();
        if back_ms > BACKWARD_TOLERANCE_MS {
            return Err(ChainError::TimeRunsBack { seq: record.seq(), back_ms });
        }
        latest_ms = latest_ms.max(record.at_ms());
        head = Some(record.head());
    }
    Ok(head)
}

/// Checks that `record` is the next one after `head` (`None`: the first of its stream), by `seq` and `prev` alone.
/// What a store asks before it appends.
///
/// # Errors
/// [`ChainError::Gap`] or [`ChainError::BrokenLink`].
pub fn follows(head: Option<&StreamHead>, record: &Record) -> Result<(), ChainError> {
    let expected = head.map_or(0, |head| head.seq + 1);
    if record.seq() != expected {
        return Err(ChainError::Gap { expected, found: record.seq() });
    }
    let prev = head.map(|head| head.leaf);
    if record.prev() != prev {
        return Err(ChainError::BrokenLink { seq: record.seq(), expected: prev, found: record.prev() });
    }
    Ok(())
}

/// Why records are not one unbroken stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A record of another stream stands among them.
    #[error("a record of stream {found} stands in stream {expected}; sort the records by stream")]
    OtherStream {
        /// The stream of the first record.
        expected: StreamId,
        /// The stream found.
        found: StreamId,
    },
    /// A number is missing, repeated or out of order.
    #[error("record {expected} is expected and {found} is there: one is missing, repeated or out of order")]
    Gap {
        /// The sequence number that should come.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// A record names another predecessor than the one that is there.
    #[error("record {seq} does not name the record before it: one of the two was replaced")]
    BrokenLink {
        /// The record whose link is broken.
        seq: u64,
        /// Leaf hash of the record before it.
        expected: Option<Digest>,
        /// What the record names.
        found: Option<Digest>,
    },
    /// Time runs backwards by more than [`BACKWARD_TOLERANCE_MS`].
    #[error(
        "record {seq} is dated {back_ms} ms before an earlier record and 60000 are allowed: a clock was wrong"
    )]
    TimeRunsBack {
        /// The record.
        seq: u64,
        /// By how much, in milliseconds.
        back_ms: i64,
    },
}

impl Bilingual for ChainError {
    fn zh(&self) -> String {
        match self {
            Self::OtherStream { expected, found } => {
                format!("记录流 {expected} 里混入了 {found} 的记录;请按记录流整理。")
            }
            Self::Gap { expected, found } => {
                format!("应为第 {expected} 条,实为第 {found} 条:有记录缺失、重复或次序颠倒。")
            }
            Self::BrokenLink { seq, .. } => {
                format!("第 {seq} 条记录所指的前一条与实际不符:其中一条被替换过。")
            }
            Self::TimeRunsBack { seq, back_ms } => {
                format!("第 {seq} 条记录的时间比前面早 {back_ms} 毫秒,最多允许 60000:时钟曾经不准。")
            }
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::record::Draft;

    fn record(stream: &str, seq: u64, prev: Option<Digest>, at_ms: i64) -> Record {
        Record::write(Draft {
            id: Uuid::from_u128(u128::from(seq)),
            stream: StreamId::new(stream).unwrap(),
            seq,
            prev,
            at_ms,
            actor: "a".to_owned(),
            kind: "k".to_owned(),
            terms: None,
            body: json!({}),
        })
        .unwrap()
    }

    fn chain(times: &[i64]) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for (seq, at_ms) in (0..).zip(times) {
            records.push(record("s", seq, records.last().map(Record::leaf), *at_ms));
        }
        records
    }

    #[test]
    fn accepts_an_unbroken_stream_and_says_where_it_stands() {
        assert_eq!(check(&[]), Ok(None));
        let records = chain(&[5, 6, 6]);
        assert_eq!(check(&records), Ok(Some(StreamHead { seq: 2, leaf: records[2].leaf() })));
    }

    #[test]
    fn finds_gaps_swaps_replacements_and_strangers() {
        let records = chain(&[1, 2, 3]);
        assert_eq!(check(&records[1..]), Err(ChainError::Gap { expected: 0, found: 1 }));
        let missing = [records[0].clone(), records[2].clone()];
        assert_eq!(check(&missing), Err(ChainError::Gap { expected: 1, found: 2 }));
        let repeated = [records[0].clone(), records[0].clone()];
        assert_eq!(check(&repeated), Err(ChainError::Gap { expected: 1, found: 0 }));
        let replaced = [record("s", 0, None, 9), records[1].clone()];
        assert!(matches!(check(&replaced), Err(ChainError::BrokenLink { seq: 1, .. })));
        let stranger = [records[0].clone(), record("t", 1, Some(records[0].leaf()), 2)];
        assert!(matches!(check(&stranger), Err(ChainError::OtherStream { .. })));
    }

    #[test]
    fn time_may_run_back_by_the_stated_minute_and_no_more() {
        let start = 1_000_000;
        assert!(check(&chain(&[start, start - BACKWARD_TOLERANCE_MS])).is_ok());
        let small_steps = [start, start - 40_000, start - 80_000];
        assert_eq!(
            check(&chain(&small_steps)),
            Err(ChainError::TimeRunsBack { seq: 2, back_ms: 80_000 }),
            "many small steps back must not add up"
        );
    }
}
