//! The one writer of the log: a group of appends in one transaction with the tree, answered after the commit.

use std::sync::Arc;

use mingbai_desk::ports::{Append, Appended, LogError};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Mutex;

use super::batch;
use super::settle::Pen;
use crate::common::group::plan::Plan;
use crate::common::group::{self, GroupError, Tree, Writes, failed};
use crate::common::heads::Heads;
use crate::common::nodes;
use crate::common::{Conn as _, begin};

/// The writer, with the tree as it was after its last group.
pub(crate) struct Writer {
    pen: Arc<Mutex<Pen>>,
    tree: Tree,
    /// What this writer wrote itself. True as long as nobody else has written, which the tree shows.
    heads: Heads,
}

impl Writer {
    pub(crate) fn new(pen: Arc<Mutex<Pen>>) -> Self {
        Writer { pen, tree: Tree::new(), heads: Heads::default() }
    }
}

impl Writes for Writer {
    /// Dropping the transaction at any point rolls all of it back.
    async fn write(&mut self, appends: &[Append]) -> Result<Vec<Result<Appended, LogError>>, GroupError> {
        let mut pen = self.pen.lock().await;
        let halt = pen.halt.clone();
        let failed = |error: &sqlx::Error| {
            halt.heard(error);
            failed(error)
        };
        pen.settle().await.map_err(|e| failed(&e))?;
        let mut tx = pen.conn.begin_with(begin(SqliteConnection::WRITE)).await.map_err(|e| failed(&e))?;
        let none = || GroupError::All(LogError::Damaged("the tree has no row".to_owned()));
        let committed = nodes::head(&mut *tx).await.map_err(GroupError::All)?.ok_or_else(none)?;
        if !self.tree.is(committed) {
            self.heads.clear();
        }
        self.tree.catch_up(&mut *tx, committed, None).await.map_err(GroupError::All)?;
        let known = batch::known(&mut tx, appends, &self.heads).await.map_err(|e| failed(&e))?;
        // Everything is known before the first write, so that a refused append leaves nothing in the group's transaction.
        let mut plan = Plan::of(appends, known, &self.tree);
        if !plan.appends.is_empty() {
            batch::insert(&mut tx, &plan).await.map_err(|e| failed(&e))?;
        }
        // What was written earlier is proven from nodes that only the file has; after the commit it is too late to fail.
        for one in plan.placed.iter().flatten().filter(|one| one.first < committed.size) {
            group::gather(&mut *tx, one, plan.head, &mut plan.nodes).await.map_err(GroupError::All)?;
        }
        if plan.appends.is_empty() {
            tx.rollback().await.map_err(|e| failed(&e))?;
        } else {
            tx.commit().await.map_err(|e| failed(&e))?;
            self.heads.learn(&plan);
            self.tree = Tree::after(plan.frontier, &plan.nodes);
        }
        let answer = |one: Result<_, _>| one.and_then(|one| group::acknowledge(one, plan.head, &plan.nodes));
        Ok(plan.placed.into_iter().map(answer).collect())
    }
}
