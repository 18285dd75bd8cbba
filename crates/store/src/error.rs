//! Why a store cannot be opened, and how the engine's errors become the ports' errors.

use mingbai_core::text::{Tell, both};
use mingbai_cost::Words;
use mingbai_desk::ports::{KeepError, LogError, StoreError};

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
            Self::MasterKey => "主密钥打不开这个保险库;请使用写入时的那把密钥。".to_owned(),
        };
        both(zh, self.to_string())
    }
}

/// SQLite's primary result code, when the engine gave one.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|extended| extended & 0xff)
}

/// SQLite: the disk is full.
const FULL: u32 = 13;
/// SQLite: not a database, or a malformed one.
const DAMAGED: [u32; 2] = [11, 26];
/// SQLite: a constraint was broken.
const CONSTRAINT: u32 = 19;

pub(crate) fn is_constraint(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(CONSTRAINT)
}

pub(crate) fn log_error(error: &sqlx::Error) -> LogError {
    match primary_code(error) {
        Some(FULL) => LogError::Full,
        Some(code) if DAMAGED.contains(&code) => LogError::Damaged(error.to_string()),
        _ => LogError::Io(error.to_string()),
    }
}

pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    match primary_code(&error) {
        Some(code) if DAMAGED.contains(&code) => StoreError::Damaged(error.to_string()),
        _ => StoreError::Io(error.to_string()),
    }
}

pub(crate) fn keep_error(error: sqlx::Error) -> KeepError {
    match primary_code(&error) {
        Some(code) if DAMAGED.contains(&code) => KeepError::Damaged { what: error.to_string() },
        _ => KeepError::Io(error.to_string()),
    }
}

pub(crate) fn open_error(error: sqlx::Error) -> OpenError {
    match primary_code(&error) {
        Some(code) if DAMAGED.contains(&code) => OpenError::Damaged(error.to_string()),
        _ => OpenError::Engine(error.to_string()),
    }
}
