//! Between columns and values. A cell that has no meaning is damage, never a default.

use mingbai_evidence::Digest;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};
use uuid::Uuid;

/// A cell as it is.
pub(crate) fn cell<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(
    row: &'r SqliteRow,
    name: &'static str,
) -> Result<T, sqlx::Error> {
    row.try_get(name)
}

pub(crate) fn meaningless(name: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: name.to_owned(), source: "the stored value has no meaning".into() }
}

pub(crate) fn digest(row: &SqliteRow, name: &'static str) -> Result<Digest, sqlx::Error> {
    Digest::from_slice(cell::<&[u8]>(row, name)?).map_err(|_| meaningless(name))
}

pub(crate) fn maybe_digest(row: &SqliteRow, name: &'static str) -> Result<Option<Digest>, sqlx::Error> {
    match cell::<Option<&[u8]>>(row, name)? {
        Some(bytes) => Digest::from_slice(bytes).map(Some).map_err(|_| meaningless(name)),
        None => Ok(None),
    }
}

pub(crate) fn uuid(row: &SqliteRow, name: &'static str) -> Result<Uuid, sqlx::Error> {
    Uuid::from_slice(cell::<&[u8]>(row, name)?).map_err(|_| meaningless(name))
}

pub(crate) fn unsigned(row: &SqliteRow, name: &'static str) -> Result<u64, sqlx::Error> {
    u64::try_from(cell::<i64>(row, name)?).map_err(|_| meaningless(name))
}

pub(crate) fn small(row: &SqliteRow, name: &'static str) -> Result<u32, sqlx::Error> {
    u32::try_from(cell::<i64>(row, name)?).map_err(|_| meaningless(name))
}

/// A position or size as a column holds it. The tree's own limit, 2^53, lies far below.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// 32 bytes as a column holds them.
pub(crate) fn blob(digest: &Digest) -> &[u8] {
    digest.as_bytes().as_slice()
}
