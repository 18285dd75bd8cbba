//! What a group of appends becomes, worked out in memory from what was read under the lock: who is refused, who was here
//! before, which rows and nodes are new. Knows no database.

use std::collections::HashMap;

use mingbai_desk::ports::{Append, LogError, TreeHead, Written};
use mingbai_evidence::merkle::{Frontier, NewNode, NodeId};
use mingbai_evidence::{Digest, StreamHead, StreamId};
use uuid::Uuid;

use super::{Placed, Tree, follows, limits};
use crate::common::nodes::Nodes;

/// What the database knew about a group when the lock was taken.
#[derive(Default)]
pub(crate) struct Known {
    /// Idempotency keys that were used before.
    pub(crate) keys: HashMap<String, Placed>,
    /// Where streams stand.
    pub(crate) heads: HashMap<StreamId, StreamHead>,
    /// Records of this very group that are there already, because an earlier try was committed and its answer lost.
    pub(crate) own: HashMap<Uuid, (u64, Digest)>,
}

/// What is to be written, and the answers to give once it is.
pub(crate) struct Plan<'a> {
    pub(crate) placed: Vec<Result<Placed, LogError>>,
    /// New appends with the position of their first record.
    pub(crate) appends: Vec<(u64, &'a Append)>,
    /// New inner nodes.
    pub(crate) made: Vec<NewNode>,
    /// The edge before the group and every node that it makes.
    pub(crate) nodes: Nodes,
    pub(crate) frontier: Frontier,
    pub(crate) head: TreeHead,
}

impl<'a> Plan<'a> {
    pub(crate) fn of(appends: &'a [Append], mut known: Known, tree: &Tree) -> Self {
        let Tree { frontier, edge: nodes } = tree.clone();
        let head = TreeHead { size: frontier.size(), root: frontier.root() };
        let (placed, news, made) = (Vec::with_capacity(appends.len()), Vec::new(), Vec::new());
        let mut plan = Plan { placed, appends: news, made, nodes, frontier, head };
        for append in appends {
            let placed = plan.place(append, &mut known);
            plan.placed.push(placed);
        }
        plan.head = TreeHead { size: plan.frontier.size(), root: plan.frontier.root() };
        plan
    }

    fn place(&mut self, append: &'a Append, known: &mut Known) -> Result<Placed, LogError> {
        limits(append)?;
        if let Some(before) = already(append, &known.own) {
            return Ok(before);
        }
        if let Some(before) = append.idempotency.as_ref().and_then(|key| known.keys.get(key)) {
            return Ok(before.clone());
        }
        let head = follows(append, known.heads.get(&append.stream).copied())?;
        let first = self.frontier.size();
        for record in &append.records {
            for node in self.frontier.append(record.leaf()) {
                self.nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
                if node.level > 0 {
                    self.made.push(node);
                }
            }
        }
        self.appends.push((first, append));
        let count = self.frontier.size() - first;
        let placed = Placed { written: Written::Now, stream: append.stream.clone(), first, count };
        // The next append of this group may build on this one, or repeat it.
        known.heads.extend(head.map(|head| (append.stream.clone(), head)));
        if let Some(key) = &append.idempotency {
            known.keys.insert(key.clone(), Placed { written: Written::Before, ..placed.clone() });
        }
        Ok(placed)
    }
}

/// Where an append stands that an earlier try has written. One transaction wrote all of it or nothing, so anything between is
/// somebody else's record, which the database will refuse.
fn already(append: &Append, own: &HashMap<Uuid, (u64, Digest)>) -> Option<Placed> {
    let (first, _) = *own.get(&append.records.first()?.id())?;
    let ours = |(index, record): (u64, &mingbai_evidence::Record)| {
        own.get(&record.id()) == Some(&(index, record.leaf()))
    };
    let count = u64::try_from(append.records.len()).ok()?;
    let placed = Placed { written: Written::Now, stream: append.stream.clone(), first, count };
    (first..).zip(&append.records).all(ours).then_some(placed)
}
