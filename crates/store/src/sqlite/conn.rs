//! How a connection of SQLite runs the common statements.

use mingbai_evidence::merkle::NodeId;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::place;
use crate::common::Conn;
use crate::common::cells::{Value, bound, digest};
use crate::common::nodes::Nodes;

impl Conn for SqliteConnection {
    type Line = SqliteRow;
    // Taking the write lock at once: an upgrade in the middle could fail.
    const WRITE: &'static str = "BEGIN IMMEDIATE";
    const READ: &'static str = "BEGIN DEFERRED";

    async fn run(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        Ok(bound::<sqlx::Sqlite>(sql, values).execute(self).await?.rows_affected())
    }

    async fn line(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<SqliteRow>, sqlx::Error> {
        bound::<sqlx::Sqlite>(sql, values).fetch_optional(self).await
    }

    async fn lines(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<SqliteRow>, sqlx::Error> {
        bound::<sqlx::Sqlite>(sql, values).fetch_all(self).await
    }

    async fn nodes(&mut self, wanted: &[NodeId]) -> Result<Nodes, sqlx::Error> {
        let mut found = Nodes::with_capacity(wanted.len());
        // One by one: there is no network in between, and the statements are prepared.
        for id in wanted {
            let (level, index) = place(id);
            let query = match level {
                0 => sqlx::query("SELECT leaf AS hash FROM record WHERE idx = $1").bind(index),
                level => {
                    sqlx::query("SELECT hash FROM node WHERE idx = $1 AND level = $2").bind(index).bind(level)
                }
            };
            if let Some(row) = query.fetch_optional(&mut *self).await? {
                found.insert(*id, digest(&row, "hash")?);
            }
        }
        Ok(found)
    }
}
