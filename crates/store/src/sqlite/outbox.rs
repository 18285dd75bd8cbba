//! The queue of work that waits.

use async_trait::async_trait;
use mingbai_desk::ports::{Outbox, OutboxItem, StoreError, Task};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::Sqlite;
use super::cells::{cell, meaningless, small, uuid};
use crate::error::store_error;

/// The most pieces that are taken at once.
const TAKE_LIMIT: u32 = 1_000;

pub(crate) async fn put(conn: &mut SqliteConnection, item: &OutboxItem) -> Result<(), sqlx::Error> {
    let task = serde_json::to_string(&item.task).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query("INSERT INTO outbox (id, due_at_ms, attempts, task) VALUES ($1, $2, $3, $4)")
        .bind(item.id.as_bytes().as_slice())
        .bind(item.due_at_ms)
        .bind(i64::from(item.attempts))
        .bind(task)
        .execute(conn)
        .await?;
    Ok(())
}

fn item(row: &SqliteRow) -> Result<OutboxItem, sqlx::Error> {
    let task: Task = serde_json::from_str(cell(row, "task")?).map_err(|_| meaningless("task"))?;
    Ok(OutboxItem {
        id: uuid(row, "id")?,
        due_at_ms: cell(row, "due_at_ms")?,
        attempts: small(row, "attempts")?,
        task,
    })
}

#[async_trait]
impl Outbox for Sqlite {
    async fn put(&self, item: OutboxItem) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        put(&mut conn, &item).await.map_err(store_error)
    }

    async fn take_due(&self, now_ms: i64, lease_ms: i64, limit: u32) -> Result<Vec<OutboxItem>, StoreError> {
        let mut conn = self.writer.lock().await;
        // A try is counted when it begins, so that work which kills its worker is given up in the end as well. The item
        // carries how often it was tried before.
        let query = sqlx::query(
            "UPDATE outbox SET leased_until_ms = $2, attempts = attempts + 1
             WHERE id IN (SELECT id FROM outbox
                          WHERE given_up_at_ms IS NULL AND due_at_ms <= $1 AND leased_until_ms <= $1
                          ORDER BY due_at_ms LIMIT $3)
             RETURNING id, due_at_ms, attempts - 1 AS attempts, task",
        );
        let query =
            query.bind(now_ms).bind(now_ms.saturating_add(lease_ms)).bind(i64::from(limit.min(TAKE_LIMIT)));
        let rows = query.fetch_all(&mut *conn).await.map_err(store_error)?;
        let mut items = rows.iter().map(item).collect::<Result<Vec<_>, _>>().map_err(store_error)?;
        items.sort_by_key(|item| (item.due_at_ms, item.id));
        Ok(items)
    }

    async fn done(&self, id: Uuid, _now_ms: i64) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id.as_bytes().as_slice());
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn retry_at(&self, id: Uuid, at_ms: i64, why: &str) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query =
            sqlx::query("UPDATE outbox SET due_at_ms = $2, leased_until_ms = 0, why = $3 WHERE id = $1");
        let query = query.bind(id.as_bytes().as_slice()).bind(at_ms).bind(why);
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn give_up(&self, id: Uuid, now_ms: i64, why: &str) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query("UPDATE outbox SET given_up_at_ms = $2, why = $3 WHERE id = $1");
        let query = query.bind(id.as_bytes().as_slice()).bind(now_ms).bind(why);
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn given_up(&self, limit: u32) -> Result<Vec<(OutboxItem, String)>, StoreError> {
        let query = sqlx::query(
            "SELECT id, due_at_ms, attempts, task, why FROM outbox
             WHERE given_up_at_ms IS NOT NULL ORDER BY given_up_at_ms DESC LIMIT $1",
        );
        let query = query.bind(i64::from(limit.min(TAKE_LIMIT)));
        let rows = query.fetch_all(&self.readers).await.map_err(store_error)?;
        rows.iter()
            .map(|row| Ok((item(row)?, cell(row, "why")?)))
            .collect::<Result<_, _>>()
            .map_err(store_error)
    }
}
