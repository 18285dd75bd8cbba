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

/// A proof that cannot be made: outside the tree, or the tree is damaged.
pub(crate) fn proof_error(error: &ProofError) -> LogError {
    match error {
        ProofError::OutOfRange { .. } => LogError::Limits(error.to_string()),
        _ => LogError::Damaged(error.to_string()),
    }
}
