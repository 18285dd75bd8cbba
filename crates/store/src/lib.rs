//! Where things are kept: SQLite on one machine, PostgreSQL under several nodes, for the log, the accounts and the vault; a
//! folder for documents. Implements the desk's ports and decides nothing; every store passes the same contract suite.

mod attachments;
mod common;
mod error;
mod postgres;
mod sqlite;

pub use attachments::{ATTACHMENT_LIMIT, Folder};
pub use common::{MasterKey, Store, TAIL};
pub use error::OpenError;
pub use postgres::Postgres;
pub use sqlite::Sqlite;
