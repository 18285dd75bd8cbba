//! Where things are kept on one machine: SQLite for the log, the accounts and the vault, a folder for documents. Implements the
//! desk's ports and decides nothing; another store implements the same ports and passes the same contract suite.

mod attachments;
mod error;
mod sqlite;

pub use attachments::{ATTACHMENT_LIMIT, Folder};
pub use error::OpenError;
pub use sqlite::{MasterKey, Sqlite, TAIL};
