//! The queue of work that waits.

use async_trait::async_trait;
use mingbai_desk::ports::{Lane, Outbox, OutboxItem, SentKind, SentRow, StoreError, Task};
use mingbai_evidence::Digest;
use uuid::Uuid;

use super::again::Fail;
use super::cells::Value::{Bytes, Int, MaybeBytes, Text};
use super::cells::{Line, meaningless, owned, small, uuid};
use super::{Conn, Engine, Store};
use crate::error::store_error;

/// The most pieces that are taken at once.
const TAKE_LIMIT: u32 = 1_000;

const PUT: &str = "INSERT INTO outbox (id, due_at_ms, attempts, task) VALUES ($1, $2, $3, $4)";

// The conditions stand outside as well as inside: a worker that waited for another one's row looks at it again and leaves it.
// The line of a task follows from the beginning of its text, which its own code writes.
const TAKE: &str = "UPDATE outbox SET leased_until_ms = $2, attempts = attempts + 1
     WHERE given_up_at_ms IS NULL AND due_at_ms <= $1 AND leased_until_ms <= $1
       AND id IN (SELECT id FROM outbox
                  WHERE given_up_at_ms IS NULL AND due_at_ms <= $1 AND leased_until_ms <= $1
                    AND task NOT LIKE '{\"task\":\"inspect_recording\",%'
                  ORDER BY due_at_ms LIMIT $3)
     RETURNING id, due_at_ms, attempts - 1 AS attempts, task";

const TAKE_SLOW: &str = "UPDATE outbox SET leased_until_ms = $2, attempts = attempts + 1
     WHERE given_up_at_ms IS NULL AND due_at_ms <= $1 AND leased_until_ms <= $1
       AND id IN (SELECT id FROM outbox
                  WHERE given_up_at_ms IS NULL AND due_at_ms <= $1 AND leased_until_ms <= $1
                    AND task LIKE '{\"task\":\"inspect_recording\",%'
                  ORDER BY due_at_ms LIMIT $3)
     RETURNING id, due_at_ms, attempts - 1 AS attempts, task";

/// The task as its column holds it.
pub(crate) fn task_text(item: &OutboxItem) -> Result<String, sqlx::Error> {
    serde_json::to_string(&item.task).map_err(|e| sqlx::Error::Encode(Box::new(e)))
}

pub(crate) async fn put<C: Conn>(conn: &mut C, item: &OutboxItem) -> Result<(), sqlx::Error> {
    let task = task_text(item)?;
    let values = [Bytes(item.id.as_bytes()), Int(item.due_at_ms), Int(i64::from(item.attempts)), Text(&task)];
    conn.run(PUT, &values).await.map(|_| ())
}

fn item(row: &impl Line) -> Result<OutboxItem, sqlx::Error> {
    let task: Task = serde_json::from_str(row.text("task")?).map_err(|_| meaningless("task"))?;
    Ok(OutboxItem {
        id: uuid(row, "id")?,
        due_at_ms: row.int("due_at_ms")?,
        attempts: small(row, "attempts")?,
        task,
    })
}

fn sent_row(code: Digest, row: &impl Line) -> Result<SentRow, sqlx::Error> {
    let digest = |column| {
        let bytes: Option<[u8; 32]> = match row.maybe_bytes(column)? {
            Some(bytes) => Some(bytes.try_into().map_err(|_| meaningless(column))?),
            None => None,
        };
        Ok::<_, sqlx::Error>(bytes.map(Digest::new))
    };
    Ok(SentRow {
        code,
        kind: SentKind::from_key(row.text("kind")?).ok_or_else(|| meaningless("kind"))?,
        sent_at_ms: row.int("sent_at_ms")?,
        ending: owned(row, "ending")?,
        zh: digest("zh")?,
        en: digest("en")?,
    })
}

impl<E: Engine> Store<E> {
    async fn take(
        &self,
        lane: Lane,
        now_ms: i64,
        lease_ms: i64,
        limit: u32,
    ) -> Result<Vec<OutboxItem>, Fail<sqlx::Error>> {
        let mut conn = self.engine.writer().await?;
        let until = now_ms.saturating_add(lease_ms);
        let sql = match lane {
            Lane::Quick => TAKE,
            Lane::Slow => TAKE_SLOW,
        };
        let rows = conn.lines(sql, &[Int(now_ms), Int(until), Int(i64::from(limit.min(TAKE_LIMIT)))]).await?;
        rows.iter().map(item).collect::<Result<_, _>>().map_err(Fail::Engine)
    }
}

#[async_trait]
impl<E: Engine> Outbox for Store<E> {
    async fn put(&self, item: OutboxItem) -> Result<(), StoreError> {
        let work = || async {
            let mut conn = self.engine.writer().await?;
            put(&mut *conn, &item).await.map_err(Fail::<sqlx::Error>::Engine)
        };
        self.again(work).await.map_err(|fail| store_error(fail.either()))
    }

    async fn take_due(
        &self,
        lane: Lane,
        now_ms: i64,
        lease_ms: i64,
        limit: u32,
    ) -> Result<Vec<OutboxItem>, StoreError> {
        // A try is counted when it begins, so that work which kills its worker is given up in the end as well. The item
        // carries how often it was tried before.
        let taken = self.again(|| self.take(lane, now_ms, lease_ms, limit)).await;
        let mut items = taken.map_err(|fail| store_error(fail.either()))?;
        items.sort_by_key(|item| (item.due_at_ms, item.id));
        Ok(items)
    }

    async fn done(&self, id: Uuid, _now_ms: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM outbox WHERE id = $1";
        self.run(sql, &[Bytes(id.as_bytes())]).await.map(|_| ()).map_err(store_error)
    }

    async fn retry_at(&self, id: Uuid, at_ms: i64, why: &str) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET due_at_ms = $2, leased_until_ms = 0, why = $3 WHERE id = $1";
        self.run(sql, &[Bytes(id.as_bytes()), Int(at_ms), Text(why)]).await.map(|_| ()).map_err(store_error)
    }

    async fn give_up(&self, id: Uuid, now_ms: i64, why: &str) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET given_up_at_ms = $2, why = $3 WHERE id = $1";
        self.run(sql, &[Bytes(id.as_bytes()), Int(now_ms), Text(why)]).await.map(|_| ()).map_err(store_error)
    }

    async fn note_sent(&self, row: SentRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO sent_message (code, kind, sent_at_ms, ending, zh, en) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, sent_at_ms = excluded.sent_at_ms,
                ending = excluded.ending, zh = excluded.zh, en = excluded.en";
        let values = [
            Bytes(row.code.as_bytes()),
            Text(row.kind.key()),
            Int(row.sent_at_ms),
            Text(&row.ending),
            MaybeBytes(row.zh.as_ref().map(|digest| digest.as_bytes().as_slice())),
            MaybeBytes(row.en.as_ref().map(|digest| digest.as_bytes().as_slice())),
        ];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn sent(&self, code: Digest) -> Result<Option<SentRow>, StoreError> {
        let sql = "SELECT kind, sent_at_ms, ending, zh, en FROM sent_message WHERE code = $1";
        let row = self.line(sql, &[Bytes(code.as_bytes())]).await.map_err(store_error)?;
        row.as_ref().map(|row| sent_row(code, row)).transpose().map_err(store_error)
    }

    async fn forget_sent(&self, before_ms: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sent_message WHERE sent_at_ms < $1";
        self.run(sql, &[Int(before_ms)]).await.map_err(store_error)
    }

    async fn given_up(&self, limit: u32) -> Result<Vec<(OutboxItem, String)>, StoreError> {
        let sql = "SELECT id, due_at_ms, attempts, task, why FROM outbox
             WHERE given_up_at_ms IS NOT NULL ORDER BY given_up_at_ms DESC LIMIT $1";
        let rows = self.lines(sql, &[Int(i64::from(limit.min(TAKE_LIMIT)))]).await.map_err(store_error)?;
        let both = |row| Ok((item(row)?, owned(row, "why")?));
        rows.iter().map(both).collect::<Result<_, _>>().map_err(store_error)
    }
}
