//! Writes a planned group: one statement for the log and one for each list, whatever the group's size, because every statement is a
//! way through the network while all other nodes wait.

use std::collections::HashMap;

use mingbai_cost::Fen;
use mingbai_desk::ports::{Append, CodeRow, JourneyRow, OutboxItem};
use mingbai_evidence::Record;
use sqlx::PgConnection;

use crate::common::cells::signed;
use crate::common::group::plan::Plan;
use crate::common::nodes::edge_bytes;
use crate::common::{complaints, find, outbox};

/// A column of a statement: one cell of each item.
fn column<T, U>(items: &[T], cell: impl FnMut(&T) -> U) -> Vec<U> {
    items.iter().map(cell).collect()
}

/// Everything that a group makes true.
pub(crate) async fn insert(conn: &mut PgConnection, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
    records(conn, plan).await?;
    let all: Vec<&Append> = plan.appends.iter().map(|(_, append)| *append).collect();
    rows(conn, &latest(all.iter().flat_map(|append| &append.rows))).await?;
    codes(conn, &all.iter().flat_map(|append| &append.codes).collect::<Vec<_>>()).await?;
    for row in all.iter().flat_map(|append| &append.complaints) {
        complaints::put(conn, row).await?;
    }
    work(conn, &all.iter().flat_map(|append| &append.outbox).collect::<Vec<_>>()).await
}

/// Records, nodes, idempotency keys and the tree's row in one go.
async fn records(conn: &mut PgConnection, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
    let items: Vec<(u64, &Record)> =
        plan.appends.iter().flat_map(|(first, append)| (*first..).zip(&append.records)).collect();
    let keys: Vec<(u64, &Append, &str)> = plan
        .appends
        .iter()
        .filter_map(|(first, append)| Some((*first, *append, append.idempotency.as_deref()?)))
        .collect();
    let query = sqlx::query(
        "WITH records AS (
            INSERT INTO record (idx, stream, seq, id, at_ms, kind, bytes, leaf)
            SELECT * FROM UNNEST($1::BIGINT[], $2::TEXT[], $3::BIGINT[], $4::BYTEA[], $5::BIGINT[], $6::TEXT[],
                $7::BYTEA[], $8::BYTEA[])
         ), nodes AS (
            INSERT INTO node (level, idx, hash)
            SELECT * FROM UNNEST($9::BIGINT[], $10::BIGINT[], $11::BYTEA[])
         ), keys AS (
            INSERT INTO idempotency (key, stream, first_index, count)
            SELECT * FROM UNNEST($15::TEXT[], $16::TEXT[], $17::BIGINT[], $18::BIGINT[])
         )
         UPDATE tree SET size = $12, root = $13, edge = $14 WHERE \"only\" = 1",
    );
    query
        .bind(column(&items, |(index, _)| signed(*index)))
        .bind(items.iter().map(|(_, record)| record.stream().as_str()).collect::<Vec<_>>())
        .bind(column(&items, |(_, record)| signed(record.seq())))
        .bind(column(&items, |(_, record)| record.id().into_bytes()))
        .bind(column(&items, |(_, record)| record.at_ms()))
        .bind(items.iter().map(|(_, record)| record.kind()).collect::<Vec<_>>())
        .bind(items.iter().map(|(_, record)| record.bytes()).collect::<Vec<_>>())
        .bind(column(&items, |(_, record)| *record.leaf().as_bytes()))
        .bind(column(&plan.made, |node| i64::from(node.level)))
        .bind(column(&plan.made, |node| signed(node.index)))
        .bind(column(&plan.made, |node| *node.hash.as_bytes()))
        .bind(signed(plan.head.size))
        .bind(plan.head.root.as_bytes().as_slice())
        .bind(edge_bytes(plan.head.size, &plan.nodes))
        .bind(keys.iter().map(|(_, _, key)| *key).collect::<Vec<_>>())
        .bind(keys.iter().map(|(_, append, _)| append.stream.as_str()).collect::<Vec<_>>())
        .bind(column(&keys, |(first, _, _)| signed(*first)))
        .bind(column(&keys, |(_, append, _)| i64::try_from(append.records.len()).unwrap_or(i64::MAX)))
        .execute(conn)
        .await
        .map(|_| ())
}

/// One row for each journey, as writing them one after the other would leave it: a statement must not touch a row twice.
fn latest<'a>(rows: impl Iterator<Item = &'a JourneyRow>) -> Vec<JourneyRow> {
    let mut found: Vec<JourneyRow> = Vec::new();
    let mut places = HashMap::new();
    for row in rows {
        match places.get(&row.journey) {
            Some(place) => {
                let old: &mut JourneyRow = &mut found[*place];
                let branch = row.branch.clone().or_else(|| old.branch.clone());
                *old = JourneyRow { branch, ..row.clone() };
            }
            None => {
                places.insert(row.journey, found.len());
                found.push(row.clone());
            }
        }
    }
    found
}

async fn rows(conn: &mut PgConnection, items: &[JourneyRow]) -> Result<(), sqlx::Error> {
    if items.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "INSERT INTO journey_row (journey, reference, external_ref, product_id, product_version, principal_fen,
            stage, missing, violations_open, remedies_open, denied, branch, opened_at_ms, updated_at_ms)
         SELECT * FROM UNNEST($1::BYTEA[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::TEXT[], $6::BIGINT[], $7::TEXT[],
            $8::TEXT[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::TEXT[], $13::BIGINT[], $14::BIGINT[])
         ON CONFLICT (journey) DO UPDATE SET
            external_ref = excluded.external_ref, product_id = excluded.product_id,
            product_version = excluded.product_version, principal_fen = excluded.principal_fen,
            stage = excluded.stage, missing = excluded.missing, violations_open = excluded.violations_open,
            remedies_open = excluded.remedies_open, denied = excluded.denied,
            branch = COALESCE(excluded.branch, journey_row.branch),
            opened_at_ms = excluded.opened_at_ms, updated_at_ms = excluded.updated_at_ms",
    );
    query
        .bind(column(items, |row| row.journey.uuid().into_bytes()))
        .bind(column(items, |row| find::reference(row.journey)))
        .bind(column(items, |row| row.external_ref.clone()))
        .bind(column(items, |row| row.product_id.clone()))
        .bind(column(items, |row| row.product_version.clone()))
        .bind(column(items, |row| row.principal_fen.map(Fen::get)))
        .bind(column(items, |row| row.stage.clone()))
        .bind(column(items, |row| row.missing.join(" ")))
        .bind(column(items, |row| i64::from(row.violations_open)))
        .bind(column(items, |row| i64::from(row.remedies_open)))
        .bind(column(items, |row| i64::from(row.denied)))
        .bind(column(items, |row| row.branch.clone()))
        .bind(column(items, |row| row.opened_at_ms))
        .bind(column(items, |row| row.updated_at_ms))
        .execute(conn)
        .await
        .map(|_| ())
}

async fn codes(conn: &mut PgConnection, items: &[&CodeRow]) -> Result<(), sqlx::Error> {
    if items.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "INSERT INTO short_code (code, journey, paper, lang, sha256, media, bytes, terms, issued_at_ms)
         SELECT * FROM UNNEST($1::TEXT[], $2::BYTEA[], $3::TEXT[], $4::TEXT[], $5::BYTEA[], $6::TEXT[], $7::BIGINT[],
            $8::BYTEA[], $9::BIGINT[])",
    );
    query
        .bind(column(items, |code| code.code.clone()))
        .bind(column(items, |code| code.journey.uuid().into_bytes()))
        .bind(column(items, |code| code.paper.key()))
        .bind(column(items, |code| find::lang_key(code.lang)))
        .bind(column(items, |code| *code.document.sha256.as_bytes()))
        .bind(column(items, |code| code.document.media.clone()))
        .bind(column(items, |code| signed(code.document.bytes)))
        .bind(column(items, |code| *code.terms.as_bytes()))
        .bind(column(items, |code| code.issued_at_ms))
        .execute(conn)
        .await
        .map(|_| ())
}

async fn work(conn: &mut PgConnection, items: &[&OutboxItem]) -> Result<(), sqlx::Error> {
    if items.is_empty() {
        return Ok(());
    }
    let tasks = items.iter().map(|item| outbox::task_text(item)).collect::<Result<Vec<_>, _>>()?;
    let query = sqlx::query(
        "INSERT INTO outbox (id, due_at_ms, attempts, task)
         SELECT * FROM UNNEST($1::BYTEA[], $2::BIGINT[], $3::BIGINT[], $4::TEXT[])",
    );
    query
        .bind(column(items, |item| item.id.into_bytes()))
        .bind(column(items, |item| item.due_at_ms))
        .bind(column(items, |item| i64::from(item.attempts)))
        .bind(tasks)
        .execute(conn)
        .await
        .map(|_| ())
}
