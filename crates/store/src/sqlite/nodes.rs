//! The tree's nodes: fetched before a proof is made, because proofs are made by pure functions that cannot wait.

use std::collections::HashMap;

use mingbai_desk::ports::{LogError, TreeHead};
use mingbai_evidence::Digest;
use mingbai_evidence::merkle::{Frontier, NodeId, ProofError, nodes_for_frontier};
use sqlx::SqliteConnection;

use super::cells::{digest, signed, unsigned};
use crate::error::log_error;

/// Hashes of complete subtrees by place.
pub(crate) type Nodes = HashMap<NodeId, Digest>;

/// The hashes at these places.
pub(crate) async fn fetch(conn: &mut SqliteConnection, wanted: &[NodeId]) -> Result<Nodes, LogError> {
    let mut found = Nodes::with_capacity(wanted.len());
    for id in wanted {
        let index = signed(id.index);
        let query = match id.level {
            0 => sqlx::query("SELECT leaf AS hash FROM record WHERE idx = $1").bind(index),
            level => sqlx::query("SELECT hash FROM node WHERE idx = $1 AND level = $2")
                .bind(index)
                .bind(i64::from(level)),
        };
        let row = query.fetch_optional(&mut *conn).await.map_err(|e| log_error(&e))?;
        let missing =
            || LogError::Damaged(format!("node {} on level {} of the tree is missing", id.index, id.level));
        found.insert(*id, digest(&row.ok_or_else(missing)?, "hash").map_err(|e| log_error(&e))?);
    }
    Ok(found)
}

/// Size and root as committed; `None` in a file that was never opened.
pub(crate) async fn head(conn: &mut SqliteConnection) -> Result<Option<TreeHead>, LogError> {
    let query = sqlx::query("SELECT size, root FROM tree WHERE only = 1");
    let Some(row) = query.fetch_optional(conn).await.map_err(|e| log_error(&e))? else { return Ok(None) };
    let size = unsigned(&row, "size").map_err(|e| log_error(&e))?;
    Ok(Some(TreeHead { size, root: digest(&row, "root").map_err(|e| log_error(&e))? }))
}

/// The right edge of the tree of `size`, with its nodes by place.
pub(crate) async fn edge(conn: &mut SqliteConnection, size: u64) -> Result<(Frontier, Nodes), LogError> {
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
