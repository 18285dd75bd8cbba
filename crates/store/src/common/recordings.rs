//! Which chunks of a recording are here.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::recording::ManifestChunk;
use mingbai_desk::ports::{FileOf, Recordings, StoreError};

use super::cells::Value::{Bytes, Int, Text};
use super::cells::{Line, blob, digest};
use super::{Engine, Store};
use crate::error::store_error;

fn chunk(row: &impl Line) -> Result<(u32, ManifestChunk), sqlx::Error> {
    let place = u32::try_from(row.int("place")?).unwrap_or(u32::MAX);
    let bytes = u64::try_from(row.int("bytes")?).unwrap_or(0);
    Ok((place, ManifestChunk { sha256: digest(row, "sha256")?, bytes }))
}

#[async_trait]
impl<E: Engine> Recordings for Store<E> {
    async fn keep_chunk(&self, file: &FileOf, index: u32, one: ManifestChunk) -> Result<(), StoreError> {
        let sql = "INSERT INTO recording_chunk (journey, recording, side, take, place, sha256, bytes)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (journey, recording, side, take, place) DO NOTHING";
        let case = file.journey.uuid();
        let values = [
            Bytes(case.as_bytes()),
            Text(&file.recording),
            Text(file.side.key()),
            Int(i64::from(file.take)),
            Int(i64::from(index)),
            Bytes(blob(&one.sha256)),
            Int(i64::try_from(one.bytes).unwrap_or(i64::MAX)),
        ];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn chunks(&self, file: &FileOf) -> Result<Vec<(u32, ManifestChunk)>, StoreError> {
        let sql = "SELECT place, sha256, bytes FROM recording_chunk
             WHERE journey = $1 AND recording = $2 AND side = $3 AND take = $4 ORDER BY place";
        let case = file.journey.uuid();
        let values =
            [Bytes(case.as_bytes()), Text(&file.recording), Text(file.side.key()), Int(i64::from(file.take))];
        let rows = self.lines(sql, &values).await;
        rows.and_then(|rows| rows.iter().map(chunk).collect()).map_err(store_error)
    }

    async fn forget_chunks(&self, journey: JourneyId) -> Result<(), StoreError> {
        let case = journey.uuid();
        let sql = "DELETE FROM recording_chunk WHERE journey = $1";
        self.run(sql, &[Bytes(case.as_bytes())]).await.map(|_| ()).map_err(store_error)
    }
}
