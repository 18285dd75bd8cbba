//! Traces of browsers and hands across cases.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{COMPARED, InkTrace, StoreError, Traces};
use mingbai_evidence::Digest;

use super::cells::Value::{Bytes, Int};
use super::cells::{Line, blob, digest, uuid};
use super::{Engine, Store};
use crate::error::store_error;

fn journey(row: &impl Line) -> Result<JourneyId, sqlx::Error> {
    uuid(row, "journey").map(JourneyId::new)
}

fn ink(row: &impl Line) -> Result<InkTrace, sqlx::Error> {
    Ok(InkTrace {
        journey: journey(row)?,
        trace: digest(row, "trace")?,
        shape: row.bytes("shape")?.to_vec(),
        kept_at_ms: row.int("at_ms")?,
    })
}

fn cases(rows: &[impl Line]) -> Result<Vec<JourneyId>, sqlx::Error> {
    rows.iter().map(journey).collect()
}

#[async_trait]
impl<E: Engine> Traces for Store<E> {
    async fn keep_device(&self, device: Digest, journey: JourneyId, now_ms: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO device_trace (device, journey, at_ms) VALUES ($1, $2, $3)
             ON CONFLICT (device, journey) DO NOTHING";
        let case = journey.uuid();
        let values = [Bytes(blob(&device)), Bytes(case.as_bytes()), Int(now_ms)];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn cases_of_device(&self, device: Digest) -> Result<Vec<JourneyId>, StoreError> {
        let sql = "SELECT journey FROM device_trace WHERE device = $1 ORDER BY at_ms LIMIT 1000";
        let rows = self.lines(sql, &[Bytes(blob(&device))]).await;
        rows.and_then(|rows| cases(&rows)).map_err(store_error)
    }

    async fn keep_ink(&self, trace: InkTrace) -> Result<(), StoreError> {
        let sql = "INSERT INTO ink_trace (journey, trace, shape, at_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (journey) DO UPDATE SET
                trace = excluded.trace, shape = excluded.shape, at_ms = excluded.at_ms";
        let case = trace.journey.uuid();
        let values =
            [Bytes(case.as_bytes()), Bytes(blob(&trace.trace)), Bytes(&trace.shape), Int(trace.kept_at_ms)];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn inks(&self) -> Result<Vec<InkTrace>, StoreError> {
        let sql = "SELECT journey, trace, shape, at_ms FROM ink_trace ORDER BY at_ms DESC LIMIT $1";
        let rows = self.lines(sql, &[Int(i64::from(COMPARED))]).await;
        rows.and_then(|rows| rows.iter().map(ink).collect()).map_err(store_error)
    }

    async fn cases_of_trace(&self, trace: Digest) -> Result<Vec<JourneyId>, StoreError> {
        let sql = "SELECT journey FROM ink_trace WHERE trace = $1 ORDER BY at_ms LIMIT 1000";
        let rows = self.lines(sql, &[Bytes(blob(&trace))]).await;
        rows.and_then(|rows| cases(&rows)).map_err(store_error)
    }

    async fn devices_of(&self, journey: JourneyId) -> Result<Vec<Digest>, StoreError> {
        let sql = "SELECT device FROM device_trace WHERE journey = $1 ORDER BY at_ms LIMIT 100";
        let case = journey.uuid();
        let rows = self.lines(sql, &[Bytes(case.as_bytes())]).await;
        rows.and_then(|rows| rows.iter().map(|row| digest(row, "device")).collect()).map_err(store_error)
    }

    async fn forget(&self, journey: JourneyId) -> Result<(), StoreError> {
        let case = journey.uuid();
        for sql in ["DELETE FROM device_trace WHERE journey = $1", "DELETE FROM ink_trace WHERE journey = $1"]
        {
            self.run(sql, &[Bytes(case.as_bytes())]).await.map_err(store_error)?;
        }
        Ok(())
    }
}
