//! The chains of all streams at once: where each stream stands is remembered for a bounded number of streams, and asked of the
//! store for the others.

use std::collections::HashMap;

use mingbai_core::text::both;
use mingbai_evidence::Digest;

use super::finding::{Area, Finding};
use super::scan::Seen;
use crate::common::Conn;
use crate::common::cells::Value::{Int, Text};
use crate::common::cells::{digest, signed, unsigned};

/// Streams that are remembered, at about 64 bytes each. With more streams than this the memory is emptied and filled again.
const REMEMBERED: usize = 4_000_000;

/// Where streams stand, by the first half of their name's digest.
pub(super) struct Heads {
    known: HashMap<u128, (u64, Digest)>,
    limit: usize,
}

impl Heads {
    pub(super) fn new() -> Self {
        Heads { known: HashMap::new(), limit: REMEMBERED }
    }

    #[cfg(test)]
    pub(super) fn with_limit(limit: usize) -> Self {
        Heads { known: HashMap::new(), limit }
    }

    /// Whether the record follows what is remembered of its stream; `None` when nothing is and the store has to be asked.
    fn follows(&self, seen: &Seen) -> Option<bool> {
        match self.known.get(&seen.key) {
            Some((seq, leaf)) => Some(seen.seq == seq + 1 && seen.prev == Some(*leaf)),
            None if seen.seq == 0 => Some(seen.prev.is_none()),
            None => None,
        }
    }

    /// Takes in a record, asking the store where its memory ends.
    pub(super) async fn take<C: Conn>(
        &mut self,
        conn: &mut C,
        seen: &Seen,
    ) -> Result<Option<Finding>, sqlx::Error> {
        let follows = match self.follows(seen) {
            Some(follows) => follows,
            None => stored_before(conn, seen).await?,
        };
        if self.known.len() >= self.limit && !self.known.contains_key(&seen.key) {
            self.known.clear();
        }
        self.known.insert(seen.key, (seen.seq, seen.leaf));
        Ok((!follows).then(|| broken(seen)))
    }
}

/// Whether the record that this one names is stored before it.
async fn stored_before<C: Conn>(conn: &mut C, seen: &Seen) -> Result<bool, sqlx::Error> {
    let sql = "SELECT idx, leaf FROM record WHERE stream = $1 AND seq = $2";
    let Some(before) = seen.seq.checked_sub(1) else { return Ok(seen.prev.is_none()) };
    match conn.line(sql, &[Text(seen.stream.as_str()), Int(signed(before))]).await? {
        Some(row) => Ok(unsigned(&row, "idx")? < seen.index && Some(digest(&row, "leaf")?) == seen.prev),
        None => Ok(false),
    }
}

fn broken(seen: &Seen) -> Finding {
    let Seen { index, stream, seq, .. } = seen;
    Finding::new(
        Area::Chain,
        both(
            format!("记录 {index}({stream} 的第 {seq} 条)接不上前一条"),
            format!("record {index} (number {seq} of {stream}) does not follow the one before it"),
        ),
        both(
            "它写明的前一条的摘要或序号与库里的不同:少了、换了或颠倒了一条",
            "the predecessor that it names by digest and number is another one here: one is missing, replaced or out of order",
        ),
    )
}

#[cfg(test)]
mod tests {
    use mingbai_evidence::StreamId;

    use super::*;

    fn seen(index: u64, key: u128, seq: u64, prev: Option<Digest>) -> Seen {
        let stream = StreamId::of_uuid("t", uuid::Uuid::nil());
        Seen {
            index,
            key,
            stream,
            seq,
            prev,
            leaf: Digest::of(&[u8::try_from(seq).unwrap_or(0)]),
            refs: Vec::new(),
        }
    }

    #[test]
    fn a_gap_a_wrong_link_and_a_stranger_are_told_apart() {
        let mut heads = Heads::with_limit(10);
        heads.known.insert(1, (0, Digest::of(&[0])));
        assert_eq!(heads.follows(&seen(1, 1, 1, Some(Digest::of(&[0])))), Some(true));
        assert_eq!(heads.follows(&seen(1, 1, 2, Some(Digest::of(&[0])))), Some(false));
        assert_eq!(heads.follows(&seen(1, 1, 1, Some(Digest::of(&[9])))), Some(false));
        assert_eq!(heads.follows(&seen(1, 2, 0, None)), Some(true));
        assert_eq!(heads.follows(&seen(1, 2, 5, Some(Digest::of(&[4])))), None, "asked of the store");
    }
}
