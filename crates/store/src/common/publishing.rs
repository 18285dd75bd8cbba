//! The drawer of published checkpoints and of the witnesses' cosignatures under them.

use async_trait::async_trait;
use mingbai_desk::ports::{Checkpoints, KeptCheckpoint, KeptCosignature, StoreError};

use super::cells::Value::{Bytes, Int, Text};
use super::cells::{Line, blob, digest, owned, signed, unsigned};
use super::{Engine, Store};
use crate::error::store_error;

const PUBLISH: &str = "INSERT INTO published (size, root, note, at_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (size) DO NOTHING";
const LATEST: &str = "SELECT size, root, note, at_ms FROM published ORDER BY size DESC LIMIT 1";
const OF_SIZE: &str = "SELECT size, root, note, at_ms FROM published WHERE size = $1";
const COSIGNED_SINCE: &str = "SELECT size, root, note, at_ms FROM published
     WHERE size = (SELECT MAX(size) FROM cosignature WHERE size >= $1)";
const COSIGN: &str = "INSERT INTO cosignature (size, witness, line, at_s) VALUES ($1, $2, $3, $4)
     ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line, at_s = excluded.at_s";
const COSIGNATURES: &str =
    "SELECT size, witness, line, at_s FROM cosignature WHERE size = $1 ORDER BY witness";
const LAST_COSIGNED: &str = "SELECT size FROM cosignature WHERE witness = $1 ORDER BY size DESC LIMIT 1";

fn checkpoint(row: &impl Line) -> Result<KeptCheckpoint, sqlx::Error> {
    Ok(KeptCheckpoint {
        size: unsigned(row, "size")?,
        root: digest(row, "root")?,
        note: owned(row, "note")?,
        at_ms: row.int("at_ms")?,
    })
}

fn cosignature(row: &impl Line) -> Result<KeptCosignature, sqlx::Error> {
    Ok(KeptCosignature {
        size: unsigned(row, "size")?,
        witness: owned(row, "witness")?,
        line: owned(row, "line")?,
        at_s: unsigned(row, "at_s")?,
    })
}

#[async_trait]
impl<E: Engine> Checkpoints for Store<E> {
    async fn publish(&self, new: KeptCheckpoint) -> Result<(), StoreError> {
        let values = [Int(signed(new.size)), Bytes(blob(&new.root)), Text(&new.note), Int(new.at_ms)];
        self.run(PUBLISH, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn latest(&self) -> Result<Option<KeptCheckpoint>, StoreError> {
        let row = self.line(LATEST, &[]).await.map_err(store_error)?;
        row.as_ref().map(checkpoint).transpose().map_err(store_error)
    }

    async fn of_size(&self, size: u64) -> Result<Option<KeptCheckpoint>, StoreError> {
        let row = self.line(OF_SIZE, &[Int(signed(size))]).await.map_err(store_error)?;
        row.as_ref().map(checkpoint).transpose().map_err(store_error)
    }

    async fn cosigned_since(&self, size: u64) -> Result<Option<KeptCheckpoint>, StoreError> {
        let row = self.line(COSIGNED_SINCE, &[Int(signed(size))]).await.map_err(store_error)?;
        row.as_ref().map(checkpoint).transpose().map_err(store_error)
    }

    async fn cosign(&self, new: KeptCosignature) -> Result<(), StoreError> {
        let values = [Int(signed(new.size)), Text(&new.witness), Text(&new.line), Int(signed(new.at_s))];
        self.run(COSIGN, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn cosignatures(&self, size: u64) -> Result<Vec<KeptCosignature>, StoreError> {
        let rows = self.lines(COSIGNATURES, &[Int(signed(size))]).await.map_err(store_error)?;
        rows.iter().map(cosignature).collect::<Result<_, _>>().map_err(store_error)
    }

    async fn last_cosigned(&self, witness: &str) -> Result<Option<u64>, StoreError> {
        let row = self.line(LAST_COSIGNED, &[Text(witness)]).await.map_err(store_error)?;
        row.as_ref().map(|row| unsigned(row, "size")).transpose().map_err(store_error)
    }
}
