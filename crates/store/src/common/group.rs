//! Groups of appends: how they gather, what may be written, and how one that spoils its group is singled out. Group commit
//! without a timer, because the next group gathers while the disk works on this one.

pub(crate) mod plan;

use std::collections::BTreeSet;
use std::future::Future;

use mingbai_desk::ports::{APPEND_LIMIT, Append, Appended, LogError, TreeHead, Written};
use mingbai_evidence::merkle::{Frontier, inclusion_path, nodes_for_frontier, nodes_for_inclusion};
use mingbai_evidence::{StreamHead, StreamId, chain};
use tokio::sync::{mpsc, oneshot};

use super::Conn;
use super::cells::{Line, meaningless, unsigned};
use super::nodes::{self, Nodes, proof_error};
use crate::error::{is_refused, log_error};

/// Appends that may wait before callers are made to wait themselves.
pub(crate) const QUEUE: usize = 1_024;
/// The most appends in one transaction: bounds how long the first of them waits.
const GROUP: usize = 512;
/// Longest idempotency key, in bytes.
const KEY_LIMIT: usize = 200;

/// An append with the way back to its caller.
pub struct Job {
    pub(crate) append: Append,
    pub(crate) answer: oneshot::Sender<Result<Appended, LogError>>,
}

/// Where the records of one append stand, in a transaction that may not be committed yet.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) written: Written,
    pub(crate) stream: StreamId,
    pub(crate) first: u64,
    pub(crate) count: u64,
}

/// The tree as a writer has it in memory.
#[derive(Clone)]
pub(crate) struct Tree {
    pub(crate) frontier: Frontier,
    /// The frontier's nodes by place; with those of a group, all that the group's proofs need.
    pub(crate) edge: Nodes,
}

impl Tree {
    pub(crate) fn new() -> Self {
        Tree { frontier: Frontier::new(), edge: Nodes::new() }
    }

    /// Whether memory is what is committed: then nobody else has written since.
    pub(crate) fn is(&self, committed: TreeHead) -> bool {
        committed.size == self.frontier.size() && committed.root == self.frontier.root()
    }

    /// Makes memory what is committed, inside a transaction: another process may have written since. `edge`: the edge that came with
    /// the tree's row, if one did.
    pub(crate) async fn catch_up<C: Conn>(
        &mut self,
        conn: &mut C,
        committed: TreeHead,
        edge: Option<&[u8]>,
    ) -> Result<(), LogError> {
        if !self.is(committed) {
            let (frontier, edge) = match edge.and_then(|bytes| nodes::edge_of(bytes, committed)) {
                Some(found) => found,
                None => nodes::edge(conn, committed.size).await?,
            };
            if frontier.root() != committed.root {
                return Err(LogError::Damaged("the tree's nodes do not lead to its root".to_owned()));
            }
            *self = Tree { frontier, edge };
        }
        Ok(())
    }

    /// The tree after a group: `nodes` are those of the edge before it and all that the group made.
    pub(crate) fn after(frontier: Frontier, nodes: &Nodes) -> Self {
        let edge = nodes_for_frontier(frontier.size());
        Tree { frontier, edge: edge.iter().filter_map(|id| nodes.get(id).map(|hash| (*id, *hash))).collect() }
    }
}

/// How a group failed.
pub enum GroupError {
    /// One append breaks what only the engine sees (the same record id again); the others are well.
    One(LogError),
    /// All fail.
    All(LogError),
}

pub(crate) fn failed(error: &sqlx::Error) -> GroupError {
    if is_refused(error) {
        let why =
            format!("the database refused it, a record or code exists already or cannot be kept: {error}");
        return GroupError::One(LogError::Limits(why));
    }
    GroupError::All(log_error(error))
}

/// Something that writes a group in one transaction, with the tree, and answers each append after the commit.
pub trait Writes: Send {
    /// One answer for each append, in order. On an error nothing of the group is acknowledged.
    fn write(
        &mut self,
        appends: &[Append],
    ) -> impl Future<Output = Result<Vec<Result<Appended, LogError>>, GroupError>> + Send;
}

/// Takes all appends that wait, has them written, and answers; until every sender is gone.
pub(crate) async fn run(mut writer: impl Writes, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let (appends, answers): (Vec<Append>, Vec<_>) =
            group.drain(..).map(|job| (job.append, job.answer)).unzip();
        let outcomes = write_or_halve(&mut writer, &appends).await;
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A caller that went away has its record all the same; its retry will find it.
            let _ = answer.send(outcome);
        }
    }
}

/// A group that one append spoils is halved until that one stands alone; order is kept.
async fn write_or_halve(writer: &mut impl Writes, appends: &[Append]) -> Vec<Result<Appended, LogError>> {
    let mut outcomes = Vec::with_capacity(appends.len());
    let mut parts = vec![appends];
    while let Some(part) = parts.pop() {
        match writer.write(part).await {
            Ok(answers) => outcomes.extend(answers),
            Err(GroupError::One(_)) if part.len() > 1 => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            }
            Err(GroupError::One(error) | GroupError::All(error)) => {
                outcomes.extend(part.iter().map(|_| Err(error.clone())));
            }
        }
    }
    outcomes
}

/// What can be said about an append without looking at the store.
pub(crate) fn limits(append: &Append) -> Result<(), LogError> {
    let count = append.records.len();
    if !(1..=APPEND_LIMIT).contains(&count) {
        return Err(LogError::Limits(format!("{count} records; 1 to {APPEND_LIMIT} are allowed")));
    }
    if append.outbox.len() + append.rows.len() + append.codes.len() + append.complaints.len()
        > 4 * APPEND_LIMIT
    {
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

/// Whether the records follow the head that the stream really has; the head afterwards.
pub(crate) fn follows(append: &Append, found: Option<StreamHead>) -> Result<Option<StreamHead>, LogError> {
    if found != append.expected {
        return Err(LogError::Conflict { stream: append.stream.clone(), found });
    }
    let mut head = found;
    for record in &append.records {
        if let Err(error) = chain::follows(head.as_ref(), record) {
            let stream = append.stream.clone();
            return Err(LogError::NotAChain { stream, why: error.to_string() });
        }
        head = Some(record.head());
    }
    Ok(head)
}

/// A row of `idempotency`.
pub(crate) fn before(row: &impl Line) -> Result<Placed, sqlx::Error> {
    let stream = StreamId::new(row.text("stream")?).map_err(|_| meaningless("stream"))?;
    let (first, count) = (unsigned(row, "first_index")?, unsigned(row, "count")?);
    Ok(Placed { written: Written::Before, stream, first, count })
}

/// Fetches what the proofs of older records need and memory does not have.
pub(crate) async fn gather<C: Conn>(
    conn: &mut C,
    placed: &Placed,
    head: TreeHead,
    nodes: &mut Nodes,
) -> Result<(), LogError> {
    let of = |index| nodes_for_inclusion(index, head.size);
    let wanted: BTreeSet<_> = (placed.first..placed.first + placed.count).flat_map(of).collect();
    let missing: Vec<_> = wanted.into_iter().filter(|id| !nodes.contains_key(id)).collect();
    nodes.extend(nodes::fetch(conn, &missing).await?);
    Ok(())
}

/// The acknowledgement, made from memory.
pub(crate) fn acknowledge(placed: Placed, head: TreeHead, nodes: &Nodes) -> Result<Appended, LogError> {
    let Placed { written, stream, first, count } = placed;
    let path = |index| inclusion_path(nodes, index, head.size).map_err(|e| proof_error(&e));
    let proofs = (first..first + count).map(path).collect::<Result<_, _>>()?;
    Ok(Appended { written, stream, first_index: first, size: head.size, root: head.root, proofs })
}
