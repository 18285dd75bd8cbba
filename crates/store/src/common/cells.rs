//! Between columns and values. A cell that has no meaning is damage, never a default.

use mingbai_evidence::Digest;
use sqlx::query::Query;
use sqlx::{ColumnIndex, Database, Decode, Encode, Row, Type};
use uuid::Uuid;

/// A value for a place in a statement.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A number.
    Int(i64),
    /// A number or nothing.
    MaybeInt(Option<i64>),
    /// A text.
    Text(&'a str),
    /// A text or nothing.
    MaybeText(Option<&'a str>),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Bytes or nothing.
    MaybeBytes(Option<&'a [u8]>),
}

/// A statement with its values.
pub(crate) fn bound<'q, DB>(sql: &'static str, values: &[Value<'q>]) -> Query<'q, DB, DB::Arguments>
where
    DB: Database,
    i64: Encode<'q, DB> + Type<DB>,
    Option<i64>: Encode<'q, DB> + Type<DB>,
    &'q str: Encode<'q, DB> + Type<DB>,
    Option<&'q str>: Encode<'q, DB> + Type<DB>,
    &'q [u8]: Encode<'q, DB> + Type<DB>,
    Option<&'q [u8]>: Encode<'q, DB> + Type<DB>,
{
    values.iter().fold(sqlx::query(sql), |query, value| match *value {
        Value::Int(value) => query.bind(value),
        Value::MaybeInt(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::MaybeText(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
        Value::MaybeBytes(value) => query.bind(value),
    })
}

/// A row, by column names.
pub trait Line: Send + Sync {
    /// A number.
    ///
    /// # Errors
    /// All of these fail when the column is missing or holds something else.
    fn int(&self, name: &'static str) -> Result<i64, sqlx::Error>;
    /// A number or nothing.
    ///
    /// # Errors
    /// See [`Line::int`].
    fn maybe_int(&self, name: &'static str) -> Result<Option<i64>, sqlx::Error>;
    /// A text.
    ///
    /// # Errors
    /// See [`Line::int`].
    fn text(&self, name: &'static str) -> Result<&str, sqlx::Error>;
    /// A text or nothing.
    ///
    /// # Errors
    /// See [`Line::int`].
    fn maybe_text(&self, name: &'static str) -> Result<Option<&str>, sqlx::Error>;
    /// Bytes.
    ///
    /// # Errors
    /// See [`Line::int`].
    fn bytes(&self, name: &'static str) -> Result<&[u8], sqlx::Error>;
    /// Bytes or nothing.
    ///
    /// # Errors
    /// See [`Line::int`].
    fn maybe_bytes(&self, name: &'static str) -> Result<Option<&[u8]>, sqlx::Error>;
}

impl<R> Line for R
where
    R: Row + Send + Sync,
    &'static str: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> &'r str: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> &'r [u8]: Decode<'r, R::Database> + Type<R::Database>,
{
    fn int(&self, name: &'static str) -> Result<i64, sqlx::Error> {
        self.try_get(name)
    }

    fn maybe_int(&self, name: &'static str) -> Result<Option<i64>, sqlx::Error> {
        self.try_get(name)
    }

    fn text(&self, name: &'static str) -> Result<&str, sqlx::Error> {
        self.try_get(name)
    }

    fn maybe_text(&self, name: &'static str) -> Result<Option<&str>, sqlx::Error> {
        self.try_get(name)
    }

    fn bytes(&self, name: &'static str) -> Result<&[u8], sqlx::Error> {
        self.try_get(name)
    }

    fn maybe_bytes(&self, name: &'static str) -> Result<Option<&[u8]>, sqlx::Error> {
        self.try_get(name)
    }
}

pub(crate) fn meaningless(name: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: name.to_owned(), source: "the stored value has no meaning".into() }
}

pub(crate) fn digest(row: &impl Line, name: &'static str) -> Result<Digest, sqlx::Error> {
    Digest::from_slice(row.bytes(name)?).map_err(|_| meaningless(name))
}

pub(crate) fn maybe_digest(row: &impl Line, name: &'static str) -> Result<Option<Digest>, sqlx::Error> {
    match row.maybe_bytes(name)? {
        Some(bytes) => Digest::from_slice(bytes).map(Some).map_err(|_| meaningless(name)),
        None => Ok(None),
    }
}

pub(crate) fn uuid(row: &impl Line, name: &'static str) -> Result<Uuid, sqlx::Error> {
    Uuid::from_slice(row.bytes(name)?).map_err(|_| meaningless(name))
}

pub(crate) fn unsigned(row: &impl Line, name: &'static str) -> Result<u64, sqlx::Error> {
    u64::try_from(row.int(name)?).map_err(|_| meaningless(name))
}

pub(crate) fn small(row: &impl Line, name: &'static str) -> Result<u32, sqlx::Error> {
    u32::try_from(row.int(name)?).map_err(|_| meaningless(name))
}

/// A text of its own.
pub(crate) fn owned(row: &impl Line, name: &'static str) -> Result<String, sqlx::Error> {
    row.text(name).map(str::to_owned)
}

/// A text of its own, or nothing.
pub(crate) fn maybe_owned(row: &impl Line, name: &'static str) -> Result<Option<String>, sqlx::Error> {
    Ok(row.maybe_text(name)?.map(str::to_owned))
}

/// A position or size as a column holds it. The tree's own limit, 2^53, lies far below.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// 32 bytes as a column holds them.
pub(crate) fn blob(digest: &Digest) -> &[u8] {
    digest.as_bytes().as_slice()
}
