//! The one writer of the log. It takes all appends that wait, writes them in one transaction with the tree, and answers each
//! with its proofs only after the commit: group commit without a timer, because the next group gathers while the disk works.

use std::sync::Arc;

use mingbai_desk::ports::{APPEND_LIMIT, Append, Appended, LogError, TreeHead, Written};
use mingbai_evidence::chain;
use mingbai_evidence::merkle::{Frontier, NewNode, NodeId, inclusion_path, nodes_for_frontier};
use mingbai_evidence::{StreamHead, StreamId};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::cells::{blob, cell, digest, signed, unsigned};
use super::nodes::{self, Nodes, proof_error};
use super::{find, outbox};
use crate::error::{is_constraint, log_error};

/// Appends that may wait before callers are made to wait themselves.
pub(crate) const QUEUE: usize = 1_024;
/// The most appends in one transaction: bounds how long the first of them waits.
const GROUP: usize = 512;
/// Longest idempotency key, in bytes.
const KEY_LIMIT: usize = 200;

/// An append with the way back to its caller.
pub(crate) struct Job {
    pub append: Append,
    pub answer: oneshot::Sender<Result<Appended, LogError>>,
}

/// What one append did inside a transaction that is not committed yet.
struct Placed {
    written: Written,
    stream: StreamId,
    first: u64,
    count: u64,
}

/// The tree as the writer has it in memory.
struct Tree {
    frontier: Frontier,
    /// The frontier's nodes by place; with those of a group, all that the group's proofs need.
    edge: Nodes,
}

/// How a group failed.
enum GroupError {
    /// One append breaks a constraint that only the engine sees (the same record id again): each is tried alone.
    Constraint(LogError),
    /// All fail.
    All(LogError),
}

/// Works until every sender is gone.
pub(crate) async fn run(writer: Arc<Mutex<SqliteConnection>>, mut jobs: mpsc::Receiver<Job>) {
    let mut tree = Tree { frontier: Frontier::new(), edge: Nodes::new() };
    let mut group = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let mut conn = writer.lock().await;
        let (appends, answers): (Vec<Append>, Vec<_>) =
            group.drain(..).map(|job| (job.append, job.answer)).unzip();
        let outcomes = write_or_split(&mut conn, &mut tree, appends).await;
        drop(conn);
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A caller that went away has its record all the same; its retry will find it.
            let _ = answer.send(outcome);
        }
    }
}

async fn write_or_split(
    conn: &mut SqliteConnection,
    tree: &mut Tree,
    appends: Vec<Append>,
) -> Vec<Result<Appended, LogError>> {
    match write(conn, tree, &appends).await {
        Ok(outcomes) => outcomes,
        Err(GroupError::Constraint(_)) if appends.len() > 1 => {
            let mut outcomes = Vec::with_capacity(appends.len());
            for append in appends {
                let alone = write(conn, tree, std::slice::from_ref(&append)).await;
                outcomes.push(match alone {
                    Ok(mut one) => one.pop().unwrap_or(Err(LogError::Closed)),
                    Err(GroupError::Constraint(error) | GroupError::All(error)) => Err(error),
                });
            }
            outcomes
        }
        Err(GroupError::Constraint(error) | GroupError::All(error)) => {
            appends.iter().map(|_| Err(error.clone())).collect()
        }
    }
}

fn failed(error: &sqlx::Error) -> GroupError {
    if is_constraint(error) {
        return GroupError::Constraint(LogError::Limits(format!("a record or code exists already: {error}")));
    }
    GroupError::All(log_error(error))
}

/// Writes a group in one transaction. Dropping the transaction at any point rolls all of it back.
async fn write(
    conn: &mut SqliteConnection,
    tree: &mut Tree,
    appends: &[Append],
) -> Result<Vec<Result<Appended, LogError>>, GroupError> {
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.map_err(|e| failed(&e))?;
    catch_up(&mut tx, tree).await.map_err(GroupError::All)?;
    let mut frontier = tree.frontier.clone();
    let mut nodes = tree.edge.clone();
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
    if head.size == tree.frontier.size() {
        tx.rollback().await.map_err(|e| failed(&e))?;
    } else {
        let query = sqlx::query("UPDATE tree SET size = $1, root = $2 WHERE only = 1");
        let query = query.bind(signed(head.size)).bind(blob(&head.root));
        query.execute(&mut *tx).await.map_err(|e| failed(&e))?;
        tx.commit().await.map_err(|e| failed(&e))?;
        let edge = nodes_for_frontier(head.size);
        tree.edge = edge.iter().filter_map(|id| nodes.get(id).map(|hash| (*id, *hash))).collect();
        tree.frontier = frontier;
    }
    let mut outcomes = Vec::with_capacity(placed.len());
    for one in placed {
        outcomes.push(match one {
            Ok(one) => answer(conn, one, head, &nodes).await,
            Err(refused) => Err(refused),
        });
    }
    Ok(outcomes)
}

/// Compares memory with the file, inside the transaction: another process may have written since.
async fn catch_up(conn: &mut SqliteConnection, tree: &mut Tree) -> Result<(), LogError> {
    let none = || LogError::Damaged("the tree has no row".to_owned());
    let committed = nodes::head(&mut *conn).await?.ok_or_else(none)?;
    if committed.size != tree.frontier.size() || committed.root != tree.frontier.root() {
        let (frontier, edge) = nodes::edge(conn, committed.size).await?;
        if frontier.root() != committed.root {
            return Err(LogError::Damaged("the tree's nodes do not lead to its root".to_owned()));
        }
        *tree = Tree { frontier, edge };
    }
    Ok(())
}

/// Whether an append may be written, was written before, or is refused. Everything is known before the first write, so that a
/// refused append leaves nothing in the group's transaction.
async fn check(
    conn: &mut SqliteConnection,
    append: &Append,
) -> Result<Result<Option<Placed>, LogError>, sqlx::Error> {
    if let Err(refused) = limits(append) {
        return Ok(Err(refused));
    }
    if let Some(key) = &append.idempotency
        && let Some(before) = before(conn, key).await?
    {
        return Ok(Ok(Some(before)));
    }
    let found = stream_head(conn, &append.stream).await?;
    if found != append.expected {
        return Ok(Err(LogError::Conflict { stream: append.stream.clone(), found }));
    }
    let mut head = found;
    for record in &append.records {
        if let Err(error) = chain::follows(head.as_ref(), record) {
            let stream = append.stream.clone();
            return Ok(Err(LogError::NotAChain { stream, why: error.to_string() }));
        }
        head = Some(record.head());
    }
    Ok(Ok(None))
}

fn limits(append: &Append) -> Result<(), LogError> {
    let count = append.records.len();
    if !(1..=APPEND_LIMIT).contains(&count) {
        return Err(LogError::Limits(format!("{count} records; 1 to {APPEND_LIMIT} are allowed")));
    }
    if append.outbox.len() + append.rows.len() + append.codes.len() > 4 * APPEND_LIMIT {
        return Err(LogError::Limits("too much work or too many projections".to_owned()));
    }
    if append.idempotency.as_ref().is_some_and(|key| key.is_empty() || key.len() > KEY_LIMIT) {
        return Err(LogError::Limits(format!("an idempotency key has 1 to {KEY_LIMIT} bytes")));
    }
    if let Some(stranger) = append.records.iter().find(|record| *record.stream() != append.stream) {
        let why = format!("a record of {} stands among them", stranger.stream());
        return Err(LogError::NotAChain { stream: append.stream.clone(), why });
    }
    Ok(())
}

async fn before(conn: &mut SqliteConnection, key: &str) -> Result<Option<Placed>, sqlx::Error> {
    let query = sqlx::query("SELECT stream, first_index, count FROM idempotency WHERE key = $1");
    let Some(row) = query.bind(key).fetch_optional(conn).await? else { return Ok(None) };
    let stream = StreamId::new(cell(&row, "stream")?).map_err(|_| super::cells::meaningless("stream"))?;
    let (first, count) = (unsigned(&row, "first_index")?, unsigned(&row, "count")?);
    Ok(Some(Placed { written: Written::Before, stream, first, count }))
}

async fn stream_head(
    conn: &mut SqliteConnection,
    stream: &StreamId,
) -> Result<Option<StreamHead>, sqlx::Error> {
    let query = sqlx::query("SELECT seq, leaf FROM record WHERE stream = $1 ORDER BY seq DESC LIMIT 1");
    match query.bind(stream.as_str()).fetch_optional(conn).await? {
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
        let query = sqlx::query(
            "INSERT INTO record (idx, stream, seq, id, at_ms, kind, bytes, leaf)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let id = record.id();
        query
            .bind(signed(frontier.size()))
            .bind(record.stream().as_str())
            .bind(signed(record.seq()))
            .bind(id.as_bytes().as_slice())
            .bind(record.at_ms())
            .bind(record.kind())
            .bind(record.bytes())
            .bind(blob(&record.leaf()))
            .execute(&mut *conn)
            .await?;
        for NewNode { level, index, hash } in frontier.append(record.leaf()) {
            nodes.insert(NodeId { level, index }, hash);
            if level > 0 {
                let query = sqlx::query("INSERT INTO node (level, idx, hash) VALUES ($1, $2, $3)");
                let query = query.bind(i64::from(level)).bind(signed(index)).bind(blob(&hash));
                query.execute(&mut *conn).await?;
            }
        }
    }
    let count = frontier.size() - first;
    if let Some(key) = &append.idempotency {
        let query =
            sqlx::query("INSERT INTO idempotency (key, stream, first_index, count) VALUES ($1, $2, $3, $4)");
        let query = query.bind(key).bind(append.stream.as_str()).bind(signed(first)).bind(signed(count));
        query.execute(&mut *conn).await?;
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

/// The acknowledgement, after the commit. Proofs of new records come from memory, those of a repetition from the file.
async fn answer(
    conn: &mut SqliteConnection,
    placed: Placed,
    head: TreeHead,
    nodes: &Nodes,
) -> Result<Appended, LogError> {
    let mut proofs = Vec::new();
    for index in placed.first..placed.first + placed.count {
        proofs.push(match placed.written {
            Written::Now => inclusion_path(nodes, index, head.size).map_err(|e| proof_error(&e))?,
            Written::Before => super::log::path_of(conn, index, head.size).await?,
        });
    }
    let Placed { written, stream, first: first_index, .. } = placed;
    Ok(Appended { written, stream, first_index, size: head.size, root: head.root, proofs })
}
