//! The projection of complaints.

use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::complaint::ComplaintId;
use mingbai_desk::ports::{ComplaintFilter, ComplaintRow};
use uuid::Uuid;

use super::Conn;
use super::cells::Value::{Bytes, Int, MaybeBytes, MaybeInt, MaybeText, Text};
use super::cells::{Line, maybe_owned, meaningless, owned, uuid};

/// Rows without a limit of the caller's.
const ROWS: u32 = 100;
/// The most rows at once.
const ROWS_LIMIT: u32 = 500;

const PUT: &str =
    "INSERT INTO complaint_row (complaint, reference, stage, channel, journey, product_id, product_version,
        cause, root_cause, received_at_ms, due_at_ms, answered_at_ms, answer_due_at_ms, updated_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (complaint) DO UPDATE SET
        stage = excluded.stage, channel = excluded.channel, journey = excluded.journey,
        product_id = excluded.product_id, product_version = excluded.product_version, cause = excluded.cause,
        root_cause = excluded.root_cause, received_at_ms = excluded.received_at_ms,
        due_at_ms = excluded.due_at_ms, answered_at_ms = excluded.answered_at_ms,
        answer_due_at_ms = excluded.answer_due_at_ms, updated_at_ms = excluded.updated_at_ms";

pub(crate) async fn put<C: Conn>(conn: &mut C, row: &ComplaintRow) -> Result<(), sqlx::Error> {
    let (complaint, reference) = (row.complaint.uuid(), row.complaint.reference());
    let journey = row.journey.map(|journey| journey.uuid().into_bytes());
    let values = [
        Bytes(complaint.as_bytes()),
        Text(&reference),
        Text(&row.stage),
        Text(&row.channel),
        MaybeBytes(journey.as_ref().map(<[u8; 16]>::as_slice)),
        MaybeText(row.product_id.as_deref()),
        MaybeText(row.product_version.as_deref()),
        MaybeText(row.cause.as_deref()),
        MaybeText(row.root_cause.as_deref()),
        Int(row.received_at_ms),
        MaybeInt(row.due_at_ms),
        MaybeInt(row.answered_at_ms),
        MaybeInt(row.answer_due_at_ms),
        Int(row.updated_at_ms),
    ];
    conn.run(PUT, &values).await.map(|_| ())
}

fn complaint_row(row: &impl Line) -> Result<ComplaintRow, sqlx::Error> {
    let journey = match row.maybe_bytes("journey")? {
        Some(bytes) => Some(Uuid::from_slice(bytes).map_err(|_| meaningless("journey"))?),
        None => None,
    };
    Ok(ComplaintRow {
        complaint: ComplaintId::new(uuid(row, "complaint")?),
        stage: owned(row, "stage")?,
        channel: owned(row, "channel")?,
        journey: journey.map(JourneyId::new),
        product_id: maybe_owned(row, "product_id")?,
        product_version: maybe_owned(row, "product_version")?,
        cause: maybe_owned(row, "cause")?,
        root_cause: maybe_owned(row, "root_cause")?,
        received_at_ms: row.int("received_at_ms")?,
        due_at_ms: row.maybe_int("due_at_ms")?,
        answered_at_ms: row.maybe_int("answered_at_ms")?,
        answer_due_at_ms: row.maybe_int("answer_due_at_ms")?,
        updated_at_ms: row.int("updated_at_ms")?,
    })
}

pub(crate) async fn by_reference<C: Conn>(
    conn: &mut C,
    reference: &str,
) -> Result<Option<ComplaintRow>, sqlx::Error> {
    let sql = "SELECT * FROM complaint_row WHERE reference = $1 LIMIT 1";
    conn.line(sql, &[Text(reference)]).await?.as_ref().map(complaint_row).transpose()
}

pub(crate) async fn by_number<C: Conn>(
    conn: &mut C,
    id: ComplaintId,
) -> Result<Option<ComplaintRow>, sqlx::Error> {
    let id = id.uuid();
    let row = conn.line("SELECT * FROM complaint_row WHERE complaint = $1", &[Bytes(id.as_bytes())]).await?;
    row.as_ref().map(complaint_row).transpose()
}

pub(crate) async fn rows<C: Conn>(
    conn: &mut C,
    filter: &ComplaintFilter,
) -> Result<Vec<ComplaintRow>, sqlx::Error> {
    let limit = if filter.limit == 0 { ROWS } else { filter.limit.min(ROWS_LIMIT) };
    let sql = "SELECT * FROM complaint_row
         WHERE ($1 IS NULL OR stage = $1) AND ($2 IS NULL OR channel = $2)
           AND ($3 IS NULL OR product_id = $3) AND ($4 IS NULL OR COALESCE(root_cause, cause) = $4)
           AND ($5 IS NULL OR received_at_ms >= $5)
         ORDER BY CASE WHEN due_at_ms IS NULL THEN 1 ELSE 0 END, due_at_ms, received_at_ms DESC, complaint
         LIMIT $6 OFFSET $7";
    let values = [
        MaybeText(filter.stage.as_deref()),
        MaybeText(filter.channel.as_deref()),
        MaybeText(filter.product_id.as_deref()),
        MaybeText(filter.cause.as_deref()),
        MaybeInt(filter.received_from_ms),
        Int(i64::from(limit)),
        Int(i64::from(filter.skip)),
    ];
    conn.lines(sql, &values).await?.iter().map(complaint_row).collect()
}
