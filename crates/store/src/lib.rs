//! Where things are kept: SQLite on one machine, PostgreSQL under several nodes, for the log, the accounts and the vault; a
//! folder or S3 for documents. Implements the desk's ports and decides nothing; every store passes the same contract suite.

mod attachments;
mod common;
mod custody;
mod error;
pub mod fsck;
mod keyring;
mod postgres;
mod sqlite;

pub use attachments::{ATTACHMENT_LIMIT, Documents, S3Place};
pub use common::{MasterKey, Rotated, Store, TAIL};
pub use custody::{BothKeys, HttpCustody, KeyCustody};
pub use error::OpenError;
pub use keyring::{PersonKey, PersonKeys};
pub use postgres::{Moment, Postgres};
pub use sqlite::{Sqlite, copy_sqlite};

/// Whether an address never leaves this machine; only then may it do without TLS.
#[must_use]
pub fn on_this_machine(url: &str) -> bool {
    let host = url.strip_prefix("http://").unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])))
}

#[cfg(test)]
mod tests {
    use super::on_this_machine;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert!(on_this_machine("http://127.0.0.1:5000"));
        assert!(on_this_machine("http://[::1]:5000"));
        for far in [
            "http://127.0.0.1.example.org",
            "http://s3.example.org",
            "https://127.0.0.1",
            "127.0.0.1",
            "http://127.0.0.1@x",
        ] {
            assert!(!on_this_machine(far), "{far}");
        }
    }
}
