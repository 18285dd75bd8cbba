//! How a connection of PostgreSQL runs the common statements.

use mingbai_evidence::merkle::NodeId;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;

use crate::common::Conn;
use crate::common::cells::{Line as _, Value, bound, digest, meaningless, signed, unsigned};
use crate::common::nodes::Nodes;

impl Conn for PgConnection {
    type Line = PgRow;
    // Said aloud, because a server may have another default. Under it a statement sees what was committed before it began,
    // so whoever holds the tree's row sees everything that the holder before wrote.
    const WRITE: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    const READ: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    async fn run(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        Ok(bound::<sqlx::Postgres>(sql, values).execute(self).await?.rows_affected())
    }

    async fn line(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<PgRow>, sqlx::Error> {
        bound::<sqlx::Postgres>(sql, values).fetch_optional(self).await
    }

    async fn lines(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<PgRow>, sqlx::Error> {
        bound::<sqlx::Postgres>(sql, values).fetch_all(self).await
    }

    /// All at once: every question costs a way through the network.
    async fn nodes(&mut self, wanted: &[NodeId]) -> Result<Nodes, sqlx::Error> {
        if wanted.is_empty() {
            return Ok(Nodes::new());
        }
        let (leaves, inner): (Vec<&NodeId>, Vec<&NodeId>) = wanted.iter().partition(|id| id.level == 0);
        let leaves: Vec<i64> = leaves.iter().map(|id| signed(id.index)).collect();
        let levels: Vec<i64> = inner.iter().map(|id| i64::from(id.level)).collect();
        let indices: Vec<i64> = inner.iter().map(|id| signed(id.index)).collect();
        let query = sqlx::query(
            "SELECT CAST(0 AS BIGINT) AS level, idx, leaf AS hash FROM record WHERE idx = ANY($1)
             UNION ALL
             SELECT node.level, node.idx, node.hash FROM node
             JOIN UNNEST($2::BIGINT[], $3::BIGINT[]) AS wanted (level, idx)
               ON node.level = wanted.level AND node.idx = wanted.idx",
        );
        let rows = query.bind(leaves).bind(levels).bind(indices).fetch_all(self).await?;
        let mut found = Nodes::with_capacity(rows.len());
        for row in &rows {
            let level = u8::try_from(row.int("level")?).map_err(|_| meaningless("level"))?;
            found.insert(NodeId { level, index: unsigned(row, "idx")? }, digest(row, "hash")?);
        }
        Ok(found)
    }
}
