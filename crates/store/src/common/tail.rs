//! A look at the end of the log when a store is opened, before anything is written to it.

use mingbai_desk::ports::LogError;
use mingbai_evidence::merkle::{NewNode, NodeId, empty_root};

use super::cells::Value::{Bytes, Int};
use super::cells::{blob, signed};
use super::{Conn, TAIL, begin, log, nodes};
use crate::error::{OpenError, log_error, open_error};

/// Gives the tree its row when the store is opened for the first time.
pub(crate) async fn first_row<C: Conn>(conn: &mut C) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO tree (\"only\", size, root) VALUES (1, 0, $1) ON CONFLICT DO NOTHING";
    conn.run(sql, &[Bytes(blob(&empty_root()))]).await.map(|_| ())
}

/// Checks the last [`TAIL`] records, as they stand at one moment, against the tree.
pub(crate) async fn check_tail<C: Conn>(conn: &mut C) -> Result<(), OpenError> {
    let mut tx = conn.begin_with(begin(C::READ)).await.map_err(open_error)?;
    let outcome = check(&mut *tx).await;
    tx.rollback().await.map_err(open_error)?;
    outcome.map_err(|error| match error {
        LogError::Damaged(why) => OpenError::Damaged(why),
        other => OpenError::Engine(other.to_string()),
    })
}

/// Hashes the last records again, from their bytes, on top of the stored edge before them: the result must be the stored root,
/// and every node that it makes must be the stored one.
async fn check<C: Conn>(conn: &mut C) -> Result<(), LogError> {
    let damaged = |why: String| LogError::Damaged(why);
    let head = nodes::head(&mut *conn).await?.ok_or_else(|| damaged("the tree has no row".to_owned()))?;
    let start = head.size.saturating_sub(TAIL);
    let (mut frontier, _) = nodes::edge(&mut *conn, start).await?;
    // One more than there should be is enough to see that there are too many.
    let sql = "SELECT idx, bytes, leaf FROM record WHERE idx >= $1 ORDER BY idx LIMIT $2";
    let rows = conn.lines(sql, &[Int(signed(start)), Int(signed(TAIL + 1))]).await;
    let mut made = Vec::new();
    for row in &rows.map_err(|e| log_error(&e))? {
        let item = log::logged(row)?;
        if item.index != frontier.size() {
            return Err(damaged(format!("record {} is missing", frontier.size())));
        }
        made.extend(frontier.append(item.record.leaf()));
    }
    if frontier.size() != head.size || frontier.root() != head.root {
        return Err(damaged(format!(
            "the tree says {} records with root {}, the records say {} with root {}",
            head.size,
            head.root,
            frontier.size(),
            frontier.root()
        )));
    }
    let wanted: Vec<NodeId> =
        made.iter().map(|NewNode { level, index, .. }| NodeId { level: *level, index: *index }).collect();
    let stored = nodes::fetch(conn, &wanted).await?;
    let same =
        |node: &NewNode| stored.get(&NodeId { level: node.level, index: node.index }) == Some(&node.hash);
    match made.iter().find(|node| !same(node)) {
        Some(node) => Err(damaged(format!("node {} on level {} is another one", node.index, node.level))),
        None => Ok(()),
    }
}
