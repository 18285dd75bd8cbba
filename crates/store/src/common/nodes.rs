//! The tree's nodes: fetched before a proof is made, because proofs are made by pure functions that cannot wait.

use std::collections::HashMap;

use mingbai_desk::ports::{LogError, TreeHead};
use mingbai_evidence::Digest;
use mingbai_evidence::merkle::{Frontier, NodeId, ProofError, nodes_for_frontier};

use super::Conn;
use super::cells::{Line, digest, unsigned};
use crate::error::log_error;

/// Hashes of complete subtrees by place.
pub(crate) type Nodes = HashMap<NodeId, Digest>;

/// The hashes at these places; one that is missing is damage.
pub(crate) async fn fetch<C: Conn>(conn: &mut C, wanted: &[NodeId]) -> Result<Nodes, LogError> {
    let found = conn.nodes(wanted).await.map_err(|e| log_error(&e))?;
    match wanted.iter().find(|id| !found.contains_key(id)) {
        Some(NodeId { level, index }) => {
            Err(LogError::Damaged(format!("node {index} on level {level} of the tree is missing")))
        }
        None => Ok(found),
    }
}

/// Size and root as committed; `None` in a database that was never opened.
pub(crate) async fn head<C: Conn>(conn: &mut C) -> Result<Option<TreeHead>, LogError> {
    let row = conn.line("SELECT size, root FROM tree WHERE \"only\" = 1", &[]).await;
    row.and_then(|row| row.as_ref().map(tree_head).transpose()).map_err(|e| log_error(&e))
}

/// Size and root as a row of `tree` has them.
pub(crate) fn tree_head(row: &impl Line) -> Result<TreeHead, sqlx::Error> {
    Ok(TreeHead { size: unsigned(row, "size")?, root: digest(row, "root")? })
}

/// The right edge of the tree of `size`, with its nodes by place.
pub(crate) async fn edge<C: Conn>(conn: &mut C, size: u64) -> Result<(Frontier, Nodes), LogError> {
    let nodes = fetch(conn, &nodes_for_frontier(size)).await?;
    let frontier = Frontier::load(&nodes, size).map_err(|e| proof_error(&e))?;
    Ok((frontier, nodes))
}

/// A right edge as the column `tree.edge` has it: the hashes of the complete subtrees, widest first.
pub(crate) fn edge_bytes(size: u64, nodes: &Nodes) -> Vec<u8> {
    nodes_for_frontier(size).iter().filter_map(|id| nodes.get(id)).flat_map(|hash| *hash.as_bytes()).collect()
}

/// The edge in such a column, if it belongs to a tree of this size and root.
pub(crate) fn edge_of(bytes: &[u8], head: TreeHead) -> Option<(Frontier, Nodes)> {
    let places = nodes_for_frontier(head.size);
    let (hashes, []) = bytes.as_chunks::<32>() else { return None };
    if hashes.len() != places.len() {
        return None;
    }
    let nodes: Nodes = places.into_iter().zip(hashes.iter().map(|hash| Digest::new(*hash))).collect();
    let frontier = Frontier::load(&nodes, head.size).ok()?;
    (frontier.root() == head.root).then_some((frontier, nodes))
}

/// A proof that cannot be made: outside the tree, or the tree is damaged.
pub(crate) fn proof_error(error: &ProofError) -> LogError {
    match error {
        ProofError::OutOfRange { .. } => LogError::Limits(error.to_string()),
        _ => LogError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use mingbai_evidence::merkle::hash_leaf;

    use super::*;

    #[test]
    // Size and root come from the same row as the edge; a root alone does not tell sizes apart (one leaf, or two under one node).
    fn an_edge_is_believed_only_under_its_own_root() {
        let (mut frontier, mut nodes) = (Frontier::new(), Nodes::new());
        for number in 0..300_u64 {
            for node in frontier.append(hash_leaf(&number.to_be_bytes())) {
                nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
            }
            let head = TreeHead { size: frontier.size(), root: frontier.root() };
            let bytes = edge_bytes(head.size, &nodes);
            let (read, edge) = edge_of(&bytes, head).expect("its own edge");
            assert_eq!((read.root(), edge.len() * 32), (head.root, bytes.len()));
            for at in 0..bytes.len() {
                let mut other = bytes.clone();
                other[at] ^= 1;
                assert!(edge_of(&other, head).is_none());
            }
            assert!(edge_of(&bytes[1..], head).is_none());
        }
        assert!(edge_of(&[], TreeHead { size: 0, root: Frontier::new().root() }).is_some());
    }
}
