//! Many rows in one statement. Each statement is a way to the engine's own thread and back, which costs more than the row itself;
//! so what a group needs is asked and written 256, then 64, then 8 rows at a time, and the rest one by one.

use std::collections::HashSet;

use mingbai_desk::ports::Append;
use mingbai_evidence::merkle::NewNode;
use mingbai_evidence::{Digest, Record, StreamHead, StreamId};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::common::Conn as _;
use crate::common::cells::Value::{Bytes, Int, Text};
use crate::common::cells::{Line as _, Value, blob, digest, meaningless, owned, signed, unsigned};
use crate::common::group::before;
use crate::common::group::plan::{Known, Plan};
use crate::common::heads::Heads;
use crate::common::{complaints, find, outbox};

/// Rows in one statement, largest first.
const SIZES: [usize; 4] = [256, 64, 8, 1];

/// The same piece of text eight times, with commas.
macro_rules! eight {
    ($($row:tt)+) => {
        concat!($($row)+, ",", $($row)+, ",", $($row)+, ",", $($row)+, ",", $($row)+, ",", $($row)+, ",", $($row)+, ",", $($row)+)
    };
}

/// The same piece of text four times, with commas.
macro_rules! four {
    ($($row:tt)+) => { concat!($($row)+, ",", $($row)+, ",", $($row)+, ",", $($row)+) };
}

/// A statement for each of [`SIZES`]: what stands before the rows, a row, what stands after them.
macro_rules! sized {
    ($before:literal, $row:literal, $after:literal) => {
        [
            concat!($before, four!(eight!(eight!($row))), $after),
            concat!($before, eight!(eight!($row)), $after),
            concat!($before, eight!($row), $after),
            concat!($before, $row, $after),
        ]
    };
}

const RECORDS: [&str; 4] = sized!(
    "INSERT INTO record (idx, stream, seq, id, at_ms, kind, bytes, leaf) VALUES ",
    "(?, ?, ?, ?, ?, ?, ?, ?)",
    ""
);
const NODES: [&str; 4] = sized!("INSERT INTO node (level, idx, hash) VALUES ", "(?, ?, ?)", "");
const KEYS: [&str; 4] =
    sized!("INSERT INTO idempotency (key, stream, first_index, count) VALUES ", "(?, ?, ?, ?)", "");
const KEYS_BEFORE: [&str; 4] =
    sized!("SELECT key, stream, first_index, count FROM idempotency WHERE key IN (", "?", ")");
const HEADS: [&str; 4] = sized!(
    "WITH wanted (stream) AS (VALUES ",
    "(?)",
    ") SELECT record.stream, record.seq, record.leaf FROM wanted CROSS JOIN record
        ON record.stream = wanted.stream
        AND record.seq = (SELECT max(seq) FROM record AS other WHERE other.stream = wanted.stream)"
);

/// Items in pieces, each with the place of its statement.
fn pieces<T>(mut items: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    std::iter::from_fn(move || {
        let place = SIZES.iter().position(|size| *size <= items.len())?;
        let (piece, rest) = items.split_at(SIZES[place]);
        items = rest;
        Some((place, piece))
    })
}

/// Writes rows of `N` cells each.
async fn write<const N: usize>(
    conn: &mut SqliteConnection,
    statements: &[&'static str; 4],
    rows: &[[Value<'_>; N]],
) -> Result<(), sqlx::Error> {
    for (place, piece) in pieces(rows) {
        conn.run(statements[place], piece.as_flattened()).await?;
    }
    Ok(())
}

/// Reads the rows that belong to these texts.
async fn read(
    conn: &mut SqliteConnection,
    statements: &[&'static str; 4],
    wanted: &HashSet<&str>,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let wanted: Vec<Value<'_>> = wanted.iter().map(|text| Text(text)).collect();
    let mut rows = Vec::with_capacity(wanted.len());
    for (place, piece) in pieces(&wanted) {
        rows.extend(conn.lines(statements[place], piece).await?);
    }
    Ok(rows)
}

/// What the plan of a group needs to know. `heads` are true: nobody has written since they were learnt.
pub(crate) async fn known(
    conn: &mut SqliteConnection,
    appends: &[Append],
    heads: &Heads,
) -> Result<Known, sqlx::Error> {
    let mut known = Known::default();
    let mut streams = HashSet::new();
    for append in appends {
        match heads.get(&append.stream) {
            Some(head) => drop(known.heads.insert(append.stream.clone(), head)),
            None => drop(streams.insert(append.stream.as_str())),
        }
    }
    for row in &read(conn, &HEADS, &streams).await? {
        let stream = StreamId::new(row.text("stream")?).map_err(|_| meaningless("stream"))?;
        known.heads.insert(stream, StreamHead { seq: unsigned(row, "seq")?, leaf: digest(row, "leaf")? });
    }
    let keys = appends.iter().filter_map(|append| append.idempotency.as_deref()).collect();
    for row in &read(conn, &KEYS_BEFORE, &keys).await? {
        known.keys.insert(owned(row, "key")?, before(row)?);
    }
    Ok(known)
}

/// Everything that a group makes true.
pub(crate) async fn insert(conn: &mut SqliteConnection, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
    records(conn, plan).await?;
    let node = |node: &'_ NewNode| (i64::from(node.level), signed(node.index), *node.hash.as_bytes());
    let nodes: Vec<_> = plan.made.iter().map(node).collect();
    let rows: Vec<_> =
        nodes.iter().map(|(level, index, hash)| [Int(*level), Int(*index), Bytes(hash)]).collect();
    write(conn, &NODES, &rows).await?;
    let rows: Vec<_> = plan.appends.iter().filter_map(|(first, append)| key_cells(*first, append)).collect();
    write(conn, &KEYS, &rows).await?;
    for (_, append) in &plan.appends {
        for row in &append.rows {
            find::put_row(conn, row).await?;
        }
        for code in &append.codes {
            find::put_code(conn, code).await?;
        }
        for row in &append.complaints {
            complaints::put(conn, row).await?;
        }
        for item in &append.outbox {
            outbox::put(conn, item).await?;
        }
    }
    let sql = "UPDATE tree SET size = $1, root = $2 WHERE \"only\" = 1";
    conn.run(sql, &[Int(signed(plan.head.size)), Bytes(blob(&plan.head.root))]).await.map(|_| ())
}

fn key_cells(first: u64, append: &Append) -> Option<[Value<'_>; 4]> {
    let count = i64::try_from(append.records.len()).unwrap_or(i64::MAX);
    let key = append.idempotency.as_deref()?;
    Some([Text(key), Text(append.stream.as_str()), Int(signed(first)), Int(count)])
}

/// A record with its place. Id and leaf are values of their own; the cells borrow them.
type Item<'a> = (u64, &'a Record, Uuid, Digest);

fn record_cells<'a>((index, record, id, leaf): &'a Item<'a>) -> [Value<'a>; 8] {
    [
        Int(signed(*index)),
        Text(record.stream().as_str()),
        Int(signed(record.seq())),
        Bytes(id.as_bytes()),
        Int(record.at_ms()),
        Text(record.kind()),
        Bytes(record.bytes()),
        Bytes(blob(leaf)),
    ]
}

async fn records(conn: &mut SqliteConnection, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
    let numbered = plan.appends.iter().flat_map(|(first, append)| (*first..).zip(&append.records));
    let items: Vec<Item<'_>> = numbered.map(|(index, one)| (index, one, one.id(), one.leaf())).collect();
    let rows: Vec<_> = items.iter().map(record_cells).collect();
    write(conn, &RECORDS, &rows).await
}

#[cfg(test)]
mod tests {
    use super::{RECORDS, SIZES, pieces};

    #[test]
    fn every_item_is_in_one_piece_and_every_statement_has_its_places() {
        for count in [0, 1, 7, 8, 9, 63, 64, 65, 200, 256, 257, 512] {
            let items: Vec<usize> = (0..count).collect();
            let parts: Vec<_> = pieces(&items).collect();
            assert!(parts.iter().all(|(place, piece)| piece.len() == SIZES[*place]));
            assert_eq!(parts.iter().flat_map(|(_, piece)| piece.iter().copied()).collect::<Vec<_>>(), items);
        }
        for (size, sql) in SIZES.iter().zip(RECORDS) {
            assert_eq!(sql.matches('?').count(), 8 * size);
        }
    }
}
