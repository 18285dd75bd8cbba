//! Why a store cannot be opened, and how the engine's errors become the ports' errors.

use mingbai_core::text::{Tell, both};
use mingbai_cost::Words;
use mingbai_desk::ports::{KeepError, LogError, StoreError};
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// File or folder cannot be used.
    #[error("{path} cannot be used: {why}; check that the folder exists, is yours and has room")]
    Path {
        /// Which.
        path: String,
        /// Why.
        why: String,
    },
    /// The schema could not be brought up to date, or was made by newer software.
    #[error(
        "the database could not be brought up to date ({0}); use the newer program that wrote it, or restore it"
    )]
    Schema(String),
    /// What lies there does not hold together. Nothing is written to such a store.
    #[error("the store is damaged: {0}; do not write to it, restore it from a backup")]
    Damaged(String),
    /// The engine failed.
    #[error("the database failed: {0}; look at the disk, then try again")]
    Engine(String),
    /// The server would acknowledge what a crash can still take away.
    #[error(
        "the database server runs with {setting} = {value}, which can lose acknowledged records; set {setting} = on \
         on the server and for this role and database, then start again"
    )]
    Unsafe {
        /// Which setting.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// The file lies where locks and syncs cannot be relied on.
    #[error(
        "{path} lies on a network file system ({kind}), where SQLite can lose or damage records; \
         put it on a local disk, or use PostgreSQL"
    )]
    Network {
        /// Which.
        path: String,
        /// The file system.
        kind: String,
    },
    /// The database server could not be reached, or did not let us in.
    #[error("the database server cannot be used: {0}; look at its address, its user and whether it runs")]
    Unreachable(String),
    /// The master key is another one than that which wrote the vault.
    #[error("the master key does not open this vault; give the key that it was written with")]
    MasterKey,
}

impl Tell for OpenError {
    fn words(&self) -> Words {
        let zh = match self {
            Self::Path { path, why } => {
                format!("{path} 无法使用({why});请检查文件夹是否存在、是否有权限、是否有空间。")
            }
            Self::Schema(why) => format!("数据库无法升级({why});请用写入它的新版本程序,或恢复备份。"),
            Self::Damaged(why) => format!("存储已损坏({why});请不要继续写入,从备份恢复。"),
            Self::Engine(why) => format!("数据库出错({why});请检查磁盘后再试。"),
            Self::Unsafe { setting, value } => format!(
                "数据库服务器的 {setting} 设为 {value},已确认的记录可能丢失;请在服务器及此用户、此数据库上设为 on 后再启动。"
            ),
            Self::Network { path, kind } => format!(
                "{path} 位于网络文件系统({kind})上,SQLite 在其上可能丢失或损坏记录;请放到本机磁盘,或改用 PostgreSQL。"
            ),
            Self::Unreachable(why) => {
                format!("无法使用数据库服务器({why});请检查地址、用户以及服务器是否在运行。")
            }
            Self::MasterKey => "主密钥打不开这个保险库;请使用写入时的那把密钥。".to_owned(),
        };
        both(zh, self.to_string())
    }
}

/// What an engine's error means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// A constraint was broken.
    Constraint,
    /// A value that the engine cannot keep, e.g. a text with a zero byte.
    Value,
    /// No room.
    Full,
    /// Not a database, a malformed one, or a cell without a meaning.
    Damaged,
    /// Another transaction won; trying again makes sense.
    LostRace,
    /// The connection or the server is gone, perhaps for a moment.
    Gone,
    /// Anything else.
    Other,
}

/// SQLite's primary result codes.
fn sqlite_meaning(code: u32) -> Meaning {
    match code & 0xff {
        13 => Meaning::Full,
        11 | 26 => Meaning::Damaged,
        19 => Meaning::Constraint,
        _ => Meaning::Other,
    }
}

/// PostgreSQL's SQLSTATE, which YugabyteDB and CockroachDB speak too.
fn sqlstate_meaning(code: &str) -> Meaning {
    match code {
        "40001" | "40P01" => Meaning::LostRace,
        "53100" => Meaning::Full,
        "XX001" | "XX002" => Meaning::Damaged,
        // Shut down, crashed, starting, or it ended our idle transaction.
        "57P01" | "57P02" | "57P03" | "25P03" => Meaning::Gone,
        // CockroachDB: a commit whose outcome it does not know itself.
        "40003" => Meaning::Gone,
        _ if code.starts_with("08") => Meaning::Gone,
        _ if code.starts_with("23") => Meaning::Constraint,
        _ if code.starts_with("22") => Meaning::Value,
        _ => Meaning::Other,
    }
}

fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(inner) => {
            if let Some(inner) = inner.try_downcast_ref::<PgDatabaseError>() {
                return sqlstate_meaning(inner.code());
            }
            let sqlite = inner.try_downcast_ref::<SqliteError>().and_then(|_| inner.code());
            sqlite.and_then(|code| code.parse().ok()).map_or(Meaning::Other, sqlite_meaning)
        }
        sqlx::Error::ColumnDecode { .. } => Meaning::Damaged,
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => Meaning::Gone,
        _ => Meaning::Other,
    }
}

/// A constraint was broken.
pub(crate) fn is_constraint(error: &sqlx::Error) -> bool {
    meaning(error) == Meaning::Constraint
}

/// The engine refuses this very value; another one it would take.
pub(crate) fn is_refused(error: &sqlx::Error) -> bool {
    matches!(meaning(error), Meaning::Constraint | Meaning::Value)
}

/// Another transaction won; trying again makes sense.
pub(crate) fn is_lost_race(error: &sqlx::Error) -> bool {
    meaning(error) == Meaning::LostRace
}

/// The connection cannot be used any more, and what was asked last may have happened or not.
pub(crate) fn is_gone(error: &sqlx::Error) -> bool {
    meaning(error) == Meaning::Gone
}

pub(crate) fn log_error(error: &sqlx::Error) -> LogError {
    match meaning(error) {
        Meaning::Full => LogError::Full,
        Meaning::Damaged => LogError::Damaged(error.to_string()),
        _ => LogError::Io(error.to_string()),
    }
}

pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    match meaning(&error) {
        Meaning::Damaged => StoreError::Damaged(error.to_string()),
        _ => StoreError::Io(error.to_string()),
    }
}

pub(crate) fn keep_error(error: sqlx::Error) -> KeepError {
    match meaning(&error) {
        Meaning::Damaged => KeepError::Damaged { what: error.to_string() },
        _ => KeepError::Io(error.to_string()),
    }
}

pub(crate) fn open_error(error: sqlx::Error) -> OpenError {
    match meaning(&error) {
        Meaning::Damaged => OpenError::Damaged(error.to_string()),
        Meaning::Gone => OpenError::Unreachable(error.to_string()),
        _ => OpenError::Engine(error.to_string()),
    }
}

pub(crate) fn keep_as_open(error: KeepError) -> OpenError {
    match error {
        KeepError::Damaged { what } => OpenError::Damaged(what),
        other => OpenError::Engine(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Meaning, sqlite_meaning, sqlstate_meaning};

    #[test]
    fn the_codes_of_both_engines_are_not_mixed_up() {
        assert_eq!(sqlite_meaning(2067), Meaning::Constraint);
        assert_eq!(sqlite_meaning(267), Meaning::Damaged);
        // Read as a number of SQLite's, this SQLSTATE would be something else.
        assert_eq!(sqlstate_meaning("40001"), Meaning::LostRace);
        assert_eq!(sqlstate_meaning("23505"), Meaning::Constraint);
        assert_eq!(sqlstate_meaning("22021"), Meaning::Value);
        assert_eq!(sqlstate_meaning("08006"), Meaning::Gone);
        assert_eq!(sqlstate_meaning("57P03"), Meaning::Gone);
        assert_eq!(sqlstate_meaning("42P01"), Meaning::Other);
    }
}
