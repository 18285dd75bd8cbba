//! What is true of the PostgreSQL store alone: servers that are refused, damage, several nodes that open at once, deadlocks.

use std::sync::Arc;
use std::time::Duration;

use mingbai_core::borrow::JourneyId;
use mingbai_core::text::Tell as _;
use mingbai_desk::ports::{JourneyRow, Log, LogError, Vault};
use mingbai_evidence::seal::Salt;
use mingbai_store::{MasterKey, OpenError, Postgres};
use sqlx::{Connection as _, PgConnection};

use crate::cluster::{private, shared};
use crate::log_contract::row;
use crate::support::{Counter, after, fresh, master, node, stream};

async fn try_open(url: &str) -> Result<Postgres, OpenError> {
    Postgres::open(url, master(), Arc::new(Counter::default())).await
}

async fn fill(store: &Postgres, count: usize) {
    for number in 0..count {
        let (append, _) = after(&stream(&format!("fill/{number}")), None, 3);
        store.append(append).await.unwrap();
    }
}

/// Runs a statement past the store, and counts what it changed.
async fn tamper(url: &str, sql: &'static str) -> u64 {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let changed = sqlx::query(sql).execute(&mut conn).await.unwrap().rows_affected();
    conn.close().await.unwrap();
    changed
}

fn refused_for(error: Result<Postgres, OpenError>, wanted: &str) {
    match error.expect_err("opened") {
        error @ OpenError::Unsafe { setting, .. } => {
            assert_eq!(setting, wanted);
            assert!(error.words().zh.contains(wanted) && error.words().en.contains("start again"));
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_server_that_acknowledges_too_early_is_refused() {
    let Some(cluster) = shared("a_server_that_acknowledges_too_early_is_refused") else { return };
    let url = cluster.named_database("commit_off");
    try_open(&url).await.unwrap();
    tamper(&url, "ALTER DATABASE commit_off SET synchronous_commit = off").await;
    refused_for(try_open(&url).await, "synchronous_commit");
    // Without a standby, `local` is as durable as `on`.
    tamper(&url, "ALTER DATABASE commit_off SET synchronous_commit = local").await;
    try_open(&url).await.unwrap();
    // The address itself may ask for it too.
    let asked = format!("{url}&options[synchronous_commit]=off");
    refused_for(try_open(&asked).await, "synchronous_commit");
}

#[tokio::test]
async fn a_server_that_does_not_sync_is_refused_even_when_it_becomes_so_later() {
    let test = "a_server_that_does_not_sync_is_refused_even_when_it_becomes_so_later";
    let Some(cluster) = private(test, &[]) else { return };
    let url = cluster.database();
    let store = node(&url).await;
    fill(&store, 1).await;
    let size = store.head().await.unwrap().size;
    cluster.stop_at_once();
    cluster.go(&["fsync=off"]);
    refused_for(try_open(&url).await, "fsync");
    let (append, _) = after(&stream("late"), None, 1);
    match store.append(append.clone()).await {
        Err(LogError::Io(why)) => assert!(why.contains("fsync"), "{why}"),
        other => panic!("written to a server that does not sync: {other:?}"),
    }
    cluster.stop_at_once();
    cluster.go(&[]);
    assert_eq!(store.append(append).await.unwrap().first_index, size);
}

#[tokio::test]
async fn our_sessions_commit_synchronously_whatever_the_default_becomes() {
    let test = "our_sessions_commit_synchronously_whatever_the_default_becomes";
    let Some(cluster) = shared(test) else { return };
    let url = cluster.named_database("later_off");
    let store = node(&url).await;
    tamper(&url, "ALTER DATABASE later_off SET synchronous_commit = off").await;
    // The store's pool connects now for the first time since; its own setting wins, and it goes on safely.
    fill(&store, 1).await;
    assert_eq!(store.head().await.unwrap().size, 3);
    tamper(&url, "ALTER DATABASE later_off RESET synchronous_commit").await;
    let levels =
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'mingbai' AND datname = 'later_off'";
    assert!(tamper(&url, levels).await > 0);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so_without_its_password() {
    for url in ["postgres://u:SECRET@127.0.0.1:1/x", "mysql://u:SECRET@h/x", "postgres://u:SECRET@h:port/x"] {
        let error = try_open(url).await.expect_err("opened");
        assert!(matches!(error, OpenError::Unreachable(_)), "{error}");
        assert!(!error.to_string().contains("SECRET") && !error.words().zh.contains("SECRET"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_nodes_that_open_an_empty_database_at_once_make_one_schema() {
    let test = "many_nodes_that_open_an_empty_database_at_once_make_one_schema";
    let Some(cluster) = shared(test) else { return };
    let url = cluster.database();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { try_open(&url).await })
        })
        .collect();
    let mut nodes = Vec::new();
    for one in opening {
        nodes.push(one.await.unwrap().unwrap());
    }
    for (number, one) in nodes.iter().enumerate() {
        let (append, _) = after(&stream(&format!("open/{number}")), None, 1);
        assert_eq!(one.append(append).await.unwrap().first_index, number as u64);
    }
}

#[tokio::test]
async fn a_schema_of_newer_software_is_not_touched() {
    let Some(cluster) = shared("a_schema_of_newer_software_is_not_touched") else { return };
    let url = cluster.database();
    drop(node(&url).await);
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'from the future', true, 'x', 0)";
    tamper(&url, newer).await;
    assert!(matches!(try_open(&url).await, Err(OpenError::Schema(_))));
}

#[tokio::test]
async fn damage_at_the_end_of_the_log_is_found_on_opening() {
    let Some(cluster) = shared("damage_at_the_end_of_the_log_is_found_on_opening") else { return };
    let damages = [
        "UPDATE record SET bytes = CAST(replace(encode(bytes, 'escape'), '\"text\":\"1\"', '\"text\":\"9\"') AS BYTEA)
         WHERE idx = 4",
        "UPDATE record SET leaf = sha256(leaf) WHERE idx = 4",
        "DELETE FROM record WHERE idx = (SELECT max(idx) FROM record)",
        "UPDATE node SET hash = sha256(hash) WHERE level = 1 AND idx = 0",
        "DELETE FROM node WHERE level = 2 AND idx = 1",
        "UPDATE tree SET root = sha256(root)",
        "UPDATE tree SET size = size - 1",
        "DELETE FROM tree",
    ];
    for sql in damages {
        let url = cluster.database();
        let store = node(&url).await;
        fill(&store, 4).await;
        drop(store);
        assert_eq!(tamper(&url, sql).await, 1, "{sql}");
        let error = try_open(&url).await.expect_err(sql);
        assert!(matches!(error, OpenError::Damaged(_)), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_tree_changed_while_open_stops_the_writer() {
    let Some(cluster) = shared("a_tree_changed_while_open_stops_the_writer") else { return };
    let url = cluster.database();
    let store = node(&url).await;
    fill(&store, 2).await;
    tamper(&url, "UPDATE tree SET root = sha256(root)").await;
    let (append, _) = after(&stream("late"), None, 1);
    assert!(matches!(store.append(append).await, Err(LogError::Damaged(_))));
}

#[tokio::test]
async fn another_master_key_does_not_open_the_vault() {
    let Some(cluster) = shared("another_master_key_does_not_open_the_vault") else { return };
    let url = cluster.database();
    let store = node(&url).await;
    store.seal(fresh(), "borrower.name", b"x", Salt::new([1; 32])).await.unwrap();
    let other = Postgres::open(&url, MasterKey::new([8; 32]), Arc::new(Counter::default())).await;
    assert!(matches!(other, Err(OpenError::MasterKey)));
    try_open(&url).await.unwrap();
}

#[tokio::test]
async fn an_append_that_the_database_cannot_keep_does_not_spoil_its_group() {
    let test = "an_append_that_the_database_cannot_keep_does_not_spoil_its_group";
    let Some(cluster) = shared(test) else { return };
    let store = node(&cluster.database()).await;
    let mut work = Vec::new();
    for number in 0..20 {
        let store = store.clone();
        let (mut append, _) = after(&stream(&format!("zero/{number}")), None, 1);
        // PostgreSQL keeps no text with a zero byte.
        append.idempotency = (number == 11).then(|| "zero\0byte".to_owned());
        work.push(tokio::spawn(async move { store.append(append).await }));
    }
    for (number, one) in work.into_iter().enumerate() {
        match one.await.unwrap() {
            Err(LogError::Limits(_)) => assert_eq!(number, 11),
            other => assert!(other.is_ok() && number != 11, "{number}: {other:?}"),
        }
    }
    assert_eq!(store.head().await.unwrap().size, 19);
}

#[tokio::test]
async fn rows_of_one_journey_in_one_group_end_as_if_written_one_after_the_other() {
    let test = "rows_of_one_journey_in_one_group_end_as_if_written_one_after_the_other";
    let Some(cluster) = shared(test) else { return };
    let store = node(&cluster.database()).await;
    let journey = JourneyId::new(fresh());
    let (mut append, _) = after(&journey.stream(), None, 3);
    append.rows = vec![row(journey, None, 1), row(journey, Some("east"), 2), row(journey, None, 3)];
    store.append(append).await.unwrap();
    let found = store.rows(Default::default()).await.unwrap();
    assert_eq!(found, [JourneyRow { branch: Some("east".to_owned()), ..row(journey, None, 3) }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_tried_again() {
    let Some(cluster) = shared("a_deadlock_is_tried_again") else { return };
    let url = cluster.database();
    let store = node(&url).await;
    let journey = JourneyId::new(fresh());
    let (mut first, head) = after(&journey.stream(), None, 1);
    first.rows.push(row(journey, None, 1));
    store.append(first).await.unwrap();

    // A stranger holds the journey's row, then wants the tree's row, which the writer holds while it waits for the journey's.
    let mut conn = PgConnection::connect(&url).await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    sqlx::query("UPDATE journey_row SET denied = denied").execute(&mut *tx).await.unwrap();
    let (mut second, _) = after(&journey.stream(), head, 1);
    second.rows.push(row(journey, None, 2));
    let writer = tokio::spawn({
        let store = store.clone();
        async move { store.append(second).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!writer.is_finished());
    // Whoever waited longest looks for the deadlock first, finds it, and loses: the writer.
    sqlx::query("SELECT size FROM tree FOR UPDATE").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(writer.await.unwrap().unwrap().first_index, 1);
    let deadlocks = "SELECT 1 FROM pg_stat_database WHERE datname = current_database() AND deadlocks > 0";
    assert_eq!(tamper(&url, deadlocks).await, 1, "there was none, so nothing was tested");
}
