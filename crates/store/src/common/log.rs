//! The log port: appends go to the writer, everything else reads committed data from the reading connections.

use async_trait::async_trait;
use mingbai_desk::ports::{
    Append, Appended, CodeRow, ComplaintFilter, ComplaintRow, Find, JourneyRow, Log, LogError, Logged,
    RowFilter, TreeHead,
};
use mingbai_evidence::merkle::{
    consistency_path, inclusion_path, nodes_for_consistency, nodes_for_inclusion,
};
use mingbai_evidence::{Digest, Record, StreamId};
use tokio::sync::oneshot;

use super::cells::Value::{Int, Text};
use super::cells::{Line, digest, signed, unsigned};
use super::group::Job;
use super::nodes::{self, proof_error};
use super::{Conn, Engine, Store, complaints, find};
use crate::error::log_error;

impl<E: Engine> Store<E> {
    async fn reader(&self) -> Result<E::Reader, LogError> {
        self.engine.reader().await.map_err(|e| log_error(&e))
    }
}

/// A record as stored, parsed and compared with its columns.
pub(crate) fn logged(row: &impl Line) -> Result<Logged, LogError> {
    let read = |error: sqlx::Error| log_error(&error);
    let index = unsigned(row, "idx").map_err(read)?;
    let bytes = row.bytes("bytes").map_err(read)?.to_vec();
    let record = Record::parse(bytes).map_err(|e| LogError::Damaged(format!("record {index}: {e}")))?;
    if record.leaf() != digest(row, "leaf").map_err(read)? {
        return Err(LogError::Damaged(format!(
            "record {index} does not have the hash that it was written with"
        )));
    }
    Ok(Logged { index, record })
}

/// The inclusion path of one record.
pub(crate) async fn path_of<C: Conn>(conn: &mut C, index: u64, size: u64) -> Result<Vec<Digest>, LogError> {
    let wanted = nodes_for_inclusion(index, size);
    let nodes = nodes::fetch(conn, &wanted).await?;
    inclusion_path(&nodes, index, size).map_err(|e| proof_error(&e))
}

async fn committed<C: Conn>(conn: &mut C, size: u64) -> Result<(), LogError> {
    let head = nodes::head(conn).await?.map_or(0, |head| head.size);
    if size > head {
        return Err(LogError::Limits(format!("the tree has {head} records, not {size}")));
    }
    Ok(())
}

#[async_trait]
impl<E: Engine> Log for Store<E> {
    async fn append(&self, append: Append) -> Result<Appended, LogError> {
        let (answer, outcome) = oneshot::channel();
        self.queue.send(Job { append, answer }).await.map_err(|_| LogError::Closed)?;
        outcome.await.map_err(|_| LogError::Closed)?
    }

    async fn before(&self, key: &str) -> Result<Option<StreamId>, LogError> {
        let sql = "SELECT stream FROM idempotency WHERE key = $1";
        let row = self.line(sql, &[Text(key)]).await.map_err(|e| log_error(&e))?;
        let Some(row) = row else { return Ok(None) };
        let name = Line::text(&row, "stream").map_err(|e| log_error(&e))?;
        StreamId::new(name).map(Some).map_err(|e| LogError::Damaged(e.to_string()))
    }

    async fn read(&self, stream: &StreamId) -> Result<Vec<Logged>, LogError> {
        let sql = "SELECT idx, bytes, leaf FROM record WHERE stream = $1 ORDER BY seq";
        let rows = self.lines(sql, &[Text(stream.as_str())]).await.map_err(|e| log_error(&e))?;
        let found = rows.iter().map(logged).collect::<Result<Vec<_>, _>>()?;
        let stranger = found.iter().find(|item| item.record.stream() != stream);
        match stranger {
            Some(item) => {
                Err(LogError::Damaged(format!("record {} is filed under another stream", item.index)))
            }
            None => Ok(found),
        }
    }

    async fn at(&self, index: u64) -> Result<Option<Logged>, LogError> {
        let sql = "SELECT idx, bytes, leaf FROM record WHERE idx = $1";
        let row = self.line(sql, &[Int(signed(index))]).await.map_err(|e| log_error(&e))?;
        row.as_ref().map(logged).transpose()
    }

    async fn streams(&self, prefix: &str, limit: u32) -> Result<Vec<StreamId>, LogError> {
        // The characters of stream names all sort below `~`, so this range is exactly the prefix and can use the index.
        let end = format!("{prefix}~");
        let sql = "SELECT stream FROM record WHERE seq = 0 AND stream >= $1 AND stream < $2 ORDER BY stream LIMIT $3";
        let values = [Text(prefix), Text(&end), Int(i64::from(limit))];
        let rows = self.lines(sql, &values).await.map_err(|e| log_error(&e))?;
        let name = |row| {
            let name = Line::text(row, "stream").map_err(|e| log_error(&e))?;
            StreamId::new(name).map_err(|e| LogError::Damaged(e.to_string()))
        };
        rows.iter().map(name).collect()
    }

    async fn find(&self, wanted: Find) -> Result<Option<JourneyRow>, LogError> {
        let mut conn = self.reader().await?;
        find::find(&mut *conn, &wanted).await.map_err(|e| log_error(&e))
    }

    async fn code(&self, code: &str) -> Result<Option<CodeRow>, LogError> {
        let mut conn = self.reader().await?;
        find::code(&mut *conn, code).await.map_err(|e| log_error(&e))
    }

    async fn rows(&self, filter: RowFilter) -> Result<Vec<JourneyRow>, LogError> {
        let mut conn = self.reader().await?;
        find::rows(&mut *conn, &filter).await.map_err(|e| log_error(&e))
    }

    async fn complaint(&self, reference: &str) -> Result<Option<ComplaintRow>, LogError> {
        let mut conn = self.reader().await?;
        complaints::by_reference(&mut *conn, reference).await.map_err(|e| log_error(&e))
    }

    async fn complaints(&self, filter: ComplaintFilter) -> Result<Vec<ComplaintRow>, LogError> {
        let mut conn = self.reader().await?;
        complaints::rows(&mut *conn, &filter).await.map_err(|e| log_error(&e))
    }

    async fn head(&self) -> Result<TreeHead, LogError> {
        let mut conn = self.reader().await?;
        let none = || LogError::Damaged("the tree has no row".to_owned());
        nodes::head(&mut *conn).await?.ok_or_else(none)
    }

    async fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Digest>, LogError> {
        let mut conn = self.reader().await?;
        committed(&mut *conn, size).await?;
        path_of(&mut *conn, index, size).await
    }

    async fn consistency(&self, old: u64, new: u64) -> Result<Vec<Digest>, LogError> {
        let mut conn = self.reader().await?;
        committed(&mut *conn, new).await?;
        let wanted = nodes_for_consistency(old, new);
        let nodes = nodes::fetch(&mut *conn, &wanted).await?;
        consistency_path(&nodes, old, new).map_err(|e| proof_error(&e))
    }

    async fn hashes(&self, level: u8, first: u64, count: u16) -> Result<Vec<Digest>, LogError> {
        let end = first.saturating_add(u64::from(count));
        let range = [Int(signed(first)), Int(signed(end)), Int(i64::from(level))];
        let rows = match level {
            0 => self.lines(
                "SELECT idx, leaf AS hash FROM record WHERE idx >= $1 AND idx < $2 ORDER BY idx",
                &range[..2],
            ),
            _ => self.lines(
                "SELECT idx, hash FROM node WHERE idx >= $1 AND idx < $2 AND level = $3 ORDER BY idx",
                &range,
            ),
        };
        let rows = rows.await.map_err(|e| log_error(&e))?;
        let mut found = Vec::with_capacity(rows.len());
        for (row, place) in rows.iter().zip(first..) {
            let here = unsigned(row, "idx").map_err(|e| log_error(&e))?;
            if here != place {
                return Err(LogError::Damaged(format!(
                    "node {place} on level {level} of the tree is missing"
                )));
            }
            found.push(digest(row, "hash").map_err(|e| log_error(&e))?);
        }
        match found.len() == usize::from(count) {
            true => Ok(found),
            false => Err(LogError::Limits(format!("the tree does not reach place {end} on level {level}"))),
        }
    }

    async fn span(&self, first: u64, count: u16) -> Result<Vec<Logged>, LogError> {
        let sql = "SELECT idx, bytes, leaf FROM record WHERE idx >= $1 AND idx < $2 ORDER BY idx";
        let end = first.saturating_add(u64::from(count));
        let rows =
            self.lines(sql, &[Int(signed(first)), Int(signed(end))]).await.map_err(|e| log_error(&e))?;
        rows.iter().map(logged).collect()
    }

    async fn root_at(&self, size: u64) -> Result<Digest, LogError> {
        let mut conn = self.reader().await?;
        committed(&mut *conn, size).await?;
        Ok(nodes::edge(&mut *conn, size).await?.0.root())
    }
}
