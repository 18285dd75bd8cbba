//! The drawer of time stamps, beside the log that they are for.

use async_trait::async_trait;
use mingbai_desk::ports::{KeptStamp, Stamps, StoreError};

use super::cells::Value::{Bytes, Int, Text};
use super::cells::{Line, owned, signed, unsigned};
use super::{Engine, Store};
use crate::error::store_error;

const KEEP: &str = "INSERT INTO time_stamp (size, checkpoint, query, response, stamped_at_ms, kept_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (size, stamped_at_ms) DO NOTHING";
const NEWEST: &str = "SELECT size, checkpoint, query, response, stamped_at_ms, kept_at_ms FROM time_stamp
     ORDER BY size DESC, stamped_at_ms DESC LIMIT 1";
const COVERING: &str = "SELECT size, checkpoint, query, response, stamped_at_ms, kept_at_ms FROM time_stamp
     WHERE size >= $1 ORDER BY size, stamped_at_ms LIMIT 1";

fn stamp(row: &impl Line) -> Result<KeptStamp, sqlx::Error> {
    Ok(KeptStamp {
        size: unsigned(row, "size")?,
        checkpoint: owned(row, "checkpoint")?,
        query: row.bytes("query")?.to_vec(),
        response: row.bytes("response")?.to_vec(),
        stamped_at_ms: row.int("stamped_at_ms")?,
        kept_at_ms: row.int("kept_at_ms")?,
    })
}

#[async_trait]
impl<E: Engine> Stamps for Store<E> {
    async fn keep(&self, stamp: KeptStamp) -> Result<(), StoreError> {
        let values = [
            Int(signed(stamp.size)),
            Text(&stamp.checkpoint),
            Bytes(&stamp.query),
            Bytes(&stamp.response),
            Int(stamp.stamped_at_ms),
            Int(stamp.kept_at_ms),
        ];
        self.run(KEEP, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn newest(&self) -> Result<Option<KeptStamp>, StoreError> {
        let row = self.line(NEWEST, &[]).await.map_err(store_error)?;
        row.as_ref().map(stamp).transpose().map_err(store_error)
    }

    async fn covering(&self, size: u64) -> Result<Option<KeptStamp>, StoreError> {
        let row = self.line(COVERING, &[Int(signed(size))]).await.map_err(store_error)?;
        row.as_ref().map(stamp).transpose().map_err(store_error)
    }
}
