//! The one writer of the log: a group of appends in one transaction with the tree, answered after the commit.

use std::sync::Arc;

use mingbai_desk::ports::{Append, Appended, LogError, TreeHead, Written};
use mingbai_evidence::merkle::{Frontier, NewNode, NodeId};
use mingbai_evidence::{StreamHead, StreamId};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Mutex;

use crate::common::cells::Value::{Bytes, Int, Text};
use crate::common::cells::{blob, digest, signed, unsigned};
use crate::common::group::{self, GroupError, Placed, Tree, Writes, failed};
use crate::common::nodes::{self, Nodes};
use crate::common::{Conn as _, begin, find, outbox};

/// The writer, with the tree as it was after its last group.
pub(crate) struct Writer {
    conn: Arc<Mutex<SqliteConnection>>,
    tree: Tree,
}

impl Writer {
    pub(crate) fn new(conn: Arc<Mutex<SqliteConnection>>) -> Self {
        Writer { conn, tree: Tree::new() }
    }
}

impl Writes for Writer {
    /// Dropping the transaction at any point rolls all of it back.
    async fn write(&mut self, appends: &[Append]) -> Result<Vec<Result<Appended, LogError>>, GroupError> {
        let mut conn = self.conn.lock().await;
        let mut tx = conn.begin_with(begin(SqliteConnection::WRITE)).await.map_err(|e| failed(&e))?;
        let none = || GroupError::All(LogError::Damaged("the tree has no row".to_owned()));
        let committed = nodes::head(&mut *tx).await.map_err(GroupError::All)?.ok_or_else(none)?;
        self.tree.catch_up(&mut *tx, committed).await.map_err(GroupError::All)?;
        let Tree { mut frontier, edge: mut nodes } = self.tree.clone();
        let mut placed = Vec::with_capacity(appends.len());
        for append in appends {
            placed.push(match check(&mut tx, append).await.map_err(|e| failed(&e))? {
                Ok(None) => {
                    Ok(place(&mut tx, append, &mut frontier, &mut nodes).await.map_err(|e| failed(&e))?)
                }
                Ok(Some(before)) => Ok(before),
                Err(refused) => Err(refused),
            });
        }
        let head = TreeHead { size: frontier.size(), root: frontier.root() };
        // What was written earlier is proven from nodes that only the file has; after the commit it is too late to fail.
        for one in placed.iter().flatten().filter(|one: &&Placed| one.first < committed.size) {
            group::gather(&mut *tx, one, head, &mut nodes).await.map_err(GroupError::All)?;
        }
        if head.size == committed.size {
            tx.rollback().await.map_err(|e| failed(&e))?;
        } else {
            let sql = "UPDATE tree SET size = $1, root = $2 WHERE \"only\" = 1";
            let values = [Int(signed(head.size)), Bytes(blob(&head.root))];
            tx.run(sql, &values).await.map_err(|e| failed(&e))?;
            tx.commit().await.map_err(|e| failed(&e))?;
            self.tree = Tree::after(frontier, &nodes);
        }
        let answer = |one: Result<Placed, _>| one.and_then(|one| group::acknowledge(one, head, &nodes));
        Ok(placed.into_iter().map(answer).collect())
    }
}

/// Whether an append may be written, was written before, or is refused. Everything is known before the first write, so that a
/// refused append leaves nothing in the group's transaction.
async fn check(
    conn: &mut SqliteConnection,
    append: &Append,
) -> Result<Result<Option<Placed>, LogError>, sqlx::Error> {
    if let Err(refused) = group::limits(append) {
        return Ok(Err(refused));
    }
    if let Some(key) = &append.idempotency {
        let sql = "SELECT stream, first_index, count FROM idempotency WHERE key = $1";
        if let Some(row) = conn.line(sql, &[Text(key)]).await? {
            return group::before(&row).map(|before| Ok(Some(before)));
        }
    }
    let found = stream_head(conn, &append.stream).await?;
    Ok(group::follows(append, found).map(|_| None))
}

async fn stream_head(
    conn: &mut SqliteConnection,
    stream: &StreamId,
) -> Result<Option<StreamHead>, sqlx::Error> {
    let sql = "SELECT seq, leaf FROM record WHERE stream = $1 ORDER BY seq DESC LIMIT 1";
    match conn.line(sql, &[Text(stream.as_str())]).await? {
        Some(row) => Ok(Some(StreamHead { seq: unsigned(&row, "seq")?, leaf: digest(&row, "leaf")? })),
        None => Ok(None),
    }
}

async fn place(
    conn: &mut SqliteConnection,
    append: &Append,
    frontier: &mut Frontier,
    nodes: &mut Nodes,
) -> Result<Placed, sqlx::Error> {
    let first = frontier.size();
    for record in &append.records {
        let sql = "INSERT INTO record (idx, stream, seq, id, at_ms, kind, bytes, leaf)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (id, leaf) = (record.id(), record.leaf());
        let values = [
            Int(signed(frontier.size())),
            Text(record.stream().as_str()),
            Int(signed(record.seq())),
            Bytes(id.as_bytes()),
            Int(record.at_ms()),
            Text(record.kind()),
            Bytes(record.bytes()),
            Bytes(blob(&leaf)),
        ];
        conn.run(sql, &values).await?;
        for NewNode { level, index, hash } in frontier.append(leaf) {
            nodes.insert(NodeId { level, index }, hash);
            if level > 0 {
                let sql = "INSERT INTO node (level, idx, hash) VALUES ($1, $2, $3)";
                conn.run(sql, &[Int(i64::from(level)), Int(signed(index)), Bytes(blob(&hash))]).await?;
            }
        }
    }
    let count = frontier.size() - first;
    if let Some(key) = &append.idempotency {
        let sql = "INSERT INTO idempotency (key, stream, first_index, count) VALUES ($1, $2, $3, $4)";
        let values = [Text(key), Text(append.stream.as_str()), Int(signed(first)), Int(signed(count))];
        conn.run(sql, &values).await?;
    }
    for row in &append.rows {
        find::put_row(conn, row).await?;
    }
    for code in &append.codes {
        find::put_code(conn, code).await?;
    }
    for item in &append.outbox {
        outbox::put(conn, item).await?;
    }
    Ok(Placed { written: Written::Now, stream: append.stream.clone(), first, count })
}
