//! What is true of the SQLite store alone: reopening, damage, another process on the same file, half-written transactions.

use std::path::Path;
use std::sync::Arc;

use mingbai_core::text::Tell as _;
use mingbai_desk::ports::{Append, CodeRow, Log, Vault};
use mingbai_evidence::seal::Salt;
use mingbai_store::{MasterKey, OpenError, Sqlite};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::support::{Counter, after, folder, fresh, master, open, stream};

async fn fill(store: &Sqlite, count: usize) {
    for number in 0..count {
        let (append, _) = after(&stream(&format!("fill/{number}")), None, 3);
        store.append(append).await.unwrap();
    }
}

async fn tamper(folder: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(folder.join("mingbai.db")).foreign_keys(false);
    let mut conn = options.connect().await.unwrap();
    assert!(sqlx::query(sql).execute(&mut conn).await.unwrap().rows_affected() > 0, "{sql} changed nothing");
    conn.close().await.unwrap();
}

async fn reopen(folder: &Path) -> Result<Sqlite, OpenError> {
    Sqlite::open(&folder.join("mingbai.db"), master(), Arc::new(Counter::default())).await
}

#[tokio::test]
async fn reopening_gives_the_same_root_and_goes_on() {
    let path = folder("reopen");
    let store = open(&path).await;
    assert_eq!(store.head().await.unwrap().root, mingbai_evidence::merkle::empty_root());
    fill(&store, 7).await;
    let head = store.head().await.unwrap();
    drop(store);
    let store = reopen(&path).await.unwrap();
    assert_eq!(store.head().await.unwrap(), head);
    let (append, _) = after(&stream("reopened"), None, 1);
    assert_eq!(store.append(append).await.unwrap().first_index, head.size);
}

#[tokio::test]
async fn damage_at_the_end_of_the_log_is_found_on_opening() {
    let damages = [
        "UPDATE record SET bytes = replace(CAST(bytes AS TEXT), '\"text\":\"1\"', '\"text\":\"9\"') WHERE idx = 4",
        "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"text\":\"1\"', '\"text\":\"9\"') AS BLOB) WHERE idx = 4",
        "UPDATE record SET leaf = randomblob(32) WHERE idx = 4",
        "DELETE FROM record WHERE idx = (SELECT max(idx) FROM record)",
        "UPDATE node SET hash = randomblob(32) WHERE level = 1 AND idx = 0",
        "DELETE FROM node WHERE level = 2 AND idx = 1",
        "UPDATE tree SET root = randomblob(32)",
        "UPDATE tree SET size = size - 1",
    ];
    for sql in damages {
        let path = folder("damage");
        let store = open(&path).await;
        fill(&store, 4).await;
        drop(store);
        tamper(&path, sql).await;
        let error = reopen(&path).await.expect_err(sql);
        assert!(matches!(error, OpenError::Damaged(_)), "{sql}: {error}");
        assert!(!error.words().zh.is_empty());
    }
}

#[tokio::test]
async fn a_record_changed_while_open_is_not_read() {
    let path = folder("changed-record");
    let store = open(&path).await;
    fill(&store, 2).await;
    tamper(&path, "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'system', 'nobody') AS BLOB) WHERE idx = 1")
        .await;
    assert!(store.at(1).await.is_err());
    assert!(store.read(&stream("fill/0")).await.is_err());
    assert!(store.at(0).await.is_ok());
}

#[tokio::test]
async fn another_process_on_the_same_file_is_noticed() {
    let path = folder("two");
    let (one, two) = (open(&path).await, open(&path).await);
    let mut sizes = Vec::new();
    for number in 0..6 {
        let (append, _) = after(&stream(&format!("turn/{number}")), None, 2);
        let store = if number % 2 == 0 { &one } else { &two };
        sizes.push(store.append(append).await.unwrap().first_index);
    }
    assert_eq!(sizes, [0, 2, 4, 6, 8, 10]);
    drop((one, two));
    reopen(&path).await.unwrap();
}

#[tokio::test]
async fn an_append_that_fails_in_the_middle_leaves_nothing() {
    let path = folder("middle");
    let store = open(&path).await;
    fill(&store, 1).await;
    let head = store.head().await.unwrap();
    // The short code is written after records and nodes; a code that breaks the schema stops the transaction right there.
    let (mut append, _) = after(&stream("half"), None, 5);
    append.idempotency = Some("half".to_owned());
    let mut code = CodeRow {
        code: "0123456789AB".to_owned(),
        journey: mingbai_core::borrow::JourneyId::new(fresh()),
        paper: mingbai_desk::ports::PaperKind::Plan,
        lang: mingbai_cost::Lang::Zh,
        document: mingbai_core::borrow::event::AttachmentRef {
            sha256: mingbai_evidence::Digest::of(b"d"),
            media: "application/pdf".to_owned(),
            bytes: 1,
        },
        terms: mingbai_evidence::Digest::of(b"t"),
        issued_at_ms: 0,
    };
    append.codes.push(code.clone());
    code.issued_at_ms = 1;
    append.codes.push(code);
    let records = append.records.clone();
    assert!(store.append(append).await.is_err());
    assert_eq!(store.head().await.unwrap(), head);
    assert!(store.read(&stream("half")).await.unwrap().is_empty());
    assert!(store.at(head.size).await.unwrap().is_none());
    assert!(store.code("0123456789AB").await.unwrap().is_none());
    // The same records, now alone, go in: nothing of the first attempt is in the way, not even its key.
    let mut again = Append::of(stream("half"), None, records);
    again.idempotency = Some("half".to_owned());
    assert_eq!(store.append(again).await.unwrap().first_index, head.size);
}

#[tokio::test]
async fn a_connection_dropped_in_a_transaction_rolls_back() {
    let path = folder("dropped");
    let store = open(&path).await;
    fill(&store, 1).await;
    let head = store.head().await.unwrap();
    {
        let options = SqliteConnectOptions::new().filename(path.join("mingbai.db"));
        let mut conn = options.connect().await.unwrap();
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let half = sqlx::query("UPDATE tree SET size = size + 1, root = randomblob(32)");
        half.execute(&mut *tx).await.unwrap();
        // Neither commit nor rollback: transaction and connection are dropped here.
    }
    let (append, _) = after(&stream("afterwards"), None, 1);
    assert_eq!(store.append(append).await.unwrap().first_index, head.size);
    drop(store);
    reopen(&path).await.unwrap();
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_leave_half() {
    let path = folder("away");
    let store = open(&path).await;
    for number in 0..20 {
        let (append, _) = after(&stream(&format!("away/{number}")), None, 3);
        let wait = std::time::Duration::from_micros(number * 300);
        let _ = tokio::time::timeout(wait, store.append(append)).await;
    }
    let (last, _) = after(&stream("last"), None, 1);
    store.append(last).await.unwrap();
    for number in 0..20 {
        let found = store.read(&stream(&format!("away/{number}"))).await.unwrap().len();
        assert!(found == 0 || found == 3, "{found} of 3");
    }
    drop(store);
    reopen(&path).await.unwrap();
}

#[tokio::test]
async fn another_master_key_does_not_open_the_vault() {
    let path = folder("master");
    let store = open(&path).await;
    store.seal(fresh(), "borrower.name", b"x", Salt::new([1; 32])).await.unwrap();
    drop(store);
    let other = MasterKey::new([8; 32]);
    let error = Sqlite::open(&path.join("mingbai.db"), other, Arc::new(Counter::default())).await;
    assert!(matches!(error, Err(OpenError::MasterKey)));
    reopen(&path).await.unwrap();
}

#[tokio::test]
async fn personal_values_do_not_lie_open_in_the_file_and_a_moved_value_is_damage() {
    let path = folder("plain");
    let store = open(&path).await;
    let (li, wang) = (fresh(), fresh());
    let name = store.seal(li, "borrower.name", b"CLEARTEXT-NAME", Salt::new([1; 32])).await.unwrap();
    store.seal(wang, "borrower.name", b"OTHER", Salt::new([2; 32])).await.unwrap();
    for file in ["mingbai.db", "mingbai.db-wal"] {
        let bytes = std::fs::read(path.join(file)).unwrap_or_default();
        assert!(!bytes.windows(14).any(|part| part == b"CLEARTEXT-NAME"), "{file}");
    }
    tamper(&path, "UPDATE vault_value SET label = 'borrower.phone' WHERE place = 1").await;
    assert!(store.open(li, &name).await.is_err());
    store.forget(li).await.unwrap();
    assert!(store.open(li, &name).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let path = folder("strange");
    std::fs::write(path.join("mingbai.db"), vec![b'x'; 8192]).unwrap();
    let error = reopen(&path).await.expect_err("opened");
    assert!(matches!(error, OpenError::Damaged(_)), "{error}");
}
