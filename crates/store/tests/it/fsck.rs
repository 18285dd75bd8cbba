//! Whether `fsck` finds every kind of damage, says where it is, and finds nothing where there is none.

use std::path::Path;
use std::sync::Mutex;

use async_trait::async_trait;
use mingbai_core::policy::Pack;
use mingbai_desk::ports::{KeepError, Log, Vault};
use mingbai_evidence::refs::{AttachmentRef, SealedRef};
use mingbai_evidence::seal::{Commitment, Salt};
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use mingbai_store::Sqlite;
use mingbai_store::fsck::{Area, Keeper, Place, Report, Step, Watch, fsck};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use uuid::Uuid;

use crate::cluster::shared;
use crate::support::{after, folder, fresh, node, open, stream};

/// A watch that remembers the last step.
#[derive(Default)]
pub struct Quiet(Mutex<Option<(Step, u64, u64)>>);

impl Watch for Quiet {
    fn at(&self, step: Step, done: u64, total: u64) {
        *self.0.lock().unwrap() = Some((step, done, total));
    }
}

/// Reads the store in `folder` again, without documents and values.
pub async fn checked(folder: &Path) -> Report {
    let file = folder.join("mingbai.db");
    fsck(Place::File(&file), &[Pack::embedded()], None, &Quiet::default()).await.unwrap()
}

fn areas(report: &Report) -> Vec<Area> {
    let mut areas: Vec<Area> = report.findings.told().iter().map(|finding| finding.area).collect();
    areas.sort_unstable();
    areas.dedup();
    areas
}

async fn fill(log: &dyn Log) {
    // More than one piece, and streams that reach from one into the next.
    for round in 0..3 {
        for number in 0..9 {
            let name = stream(&format!("fsck/{number}"));
            let head = log.read(&name).await.unwrap().last().map(|item| item.record.head());
            let (mut append, _) = after(&name, head, 61);
            append.idempotency = Some(format!("{round}/{number}"));
            log.append(append).await.unwrap();
        }
    }
}

async fn tamper(folder: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(folder.join("mingbai.db")).foreign_keys(false);
    let mut conn = options.connect().await.unwrap();
    assert!(sqlx::query(sql).execute(&mut conn).await.unwrap().rows_affected() > 0, "{sql} changed nothing");
    conn.close().await.unwrap();
}

/// Every damage, and the kinds of finding that it must lead to.
const DAMAGES: [(&str, &[Area]); 16] = [
    // One byte of one record, far from the end.
    (
        "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'system', 'nobody') AS BLOB) WHERE idx = 77",
        &[Area::Record, Area::Chain],
    ),
    ("UPDATE record SET bytes = CAST('{}' AS BLOB) WHERE idx = 77", &[Area::Record, Area::Chain]),
    ("UPDATE record SET leaf = randomblob(32) WHERE idx = 77", &[Area::Record, Area::Tree]),
    ("UPDATE record SET kind = 'other' WHERE idx = 1500", &[Area::Record]),
    ("UPDATE record SET at_ms = at_ms + 1 WHERE idx = 0", &[Area::Record]),
    ("UPDATE record SET id = randomblob(16) WHERE idx = 9", &[Area::Record]),
    ("UPDATE record SET stream = 'fsck/elsewhere' WHERE idx = 9", &[Area::Record]),
    ("DELETE FROM record WHERE idx = 30", &[Area::Record, Area::Chain]),
    ("DELETE FROM record WHERE idx = 1646", &[Area::Record, Area::Tree, Area::Projection]),
    ("UPDATE node SET hash = randomblob(32) WHERE level = 1 AND idx = 0", &[Area::Tree]),
    ("UPDATE node SET hash = randomblob(32) WHERE level = 10 AND idx = 0", &[Area::Tree]),
    ("DELETE FROM node WHERE level = 3 AND idx = 101", &[Area::Tree]),
    ("INSERT INTO node (level, idx, hash) VALUES (9, 3, randomblob(32))", &[Area::Tree]),
    ("UPDATE tree SET root = randomblob(32)", &[Area::Tree]),
    ("UPDATE tree SET size = size - 1", &[Area::Tree]),
    ("UPDATE idempotency SET first_index = first_index + 1 WHERE key = '0/3'", &[Area::Projection]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_damage_is_found_and_named_and_nothing_else_is() {
    let path = folder("fsck");
    let store = open(&path).await;
    fill(&store).await;
    let head = store.head().await.unwrap();
    let report = checked(&path).await;
    assert!(report.holds(), "beside a running server: {:?}", report.findings.told());
    assert_eq!((report.records, report.root), (head.size, Some(head.root)));
    assert_eq!(report.nodes, head.size - u64::from(head.size.count_ones()), "every inner node");
    drop(store);
    let whole = folder("fsck-whole");
    copy(&path, &whole);
    for (sql, expected) in DAMAGES {
        let path = folder("fsck-damaged");
        copy(&whole, &path);
        tamper(&path, sql).await;
        let report = checked(&path).await;
        assert!(!report.holds(), "{sql} was not found");
        assert_eq!(areas(&report), expected, "{sql}: {:?}", report.findings.told());
        assert!(report.findings.total() <= 5, "{sql}: {:?}", report.findings.told());
        for finding in report.findings.told() {
            let words =
                [&finding.what, &finding.why, &finding.next()].map(|w| !w.zh.is_empty() && !w.en.is_empty());
            assert_eq!(words, [true; 3]);
        }
        std::fs::remove_dir_all(&path).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    for file in ["mingbai.db", "mingbai.db-wal"] {
        if from.join(file).exists() {
            std::fs::copy(from.join(file), to.join(file)).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_at_which_a_tree_changes_its_shape_hold() {
    for size in [0_usize, 1, 255, 256, 257] {
        let path = folder("fsck-size");
        let store = open(&path).await;
        let (name, mut head, mut left) = (stream("size"), None, size);
        while left > 0 {
            let count = left.min(64);
            let (append, now) = after(&name, head, count);
            store.append(append).await.unwrap();
            (head, left) = (now, left - count);
        }
        let report = checked(&path).await;
        assert!(report.holds() && report.records == size as u64, "{size}: {:?}", report.findings.told());
        assert_eq!(report.root, Some(store.head().await.unwrap().root), "{size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_read_again_too() {
    let Some(cluster) = shared("postgres_is_read_again_too") else { return };
    let url = cluster.database();
    let store = node(&url).await;
    fill(&store).await;
    let run = async || fsck(Place::Server(&url), &[Pack::embedded()], None, &Quiet::default()).await.unwrap();
    let report = run().await;
    assert!(report.holds() && report.records == 1_647, "{:?}", report.findings.told());
    let mut conn = PgConnection::connect(&url).await.unwrap();
    for (sql, back, area) in [
        (
            "UPDATE record SET kind = 'other' WHERE idx = 4",
            "UPDATE record SET kind = 'test' WHERE idx = 4",
            Area::Record,
        ),
        (
            "UPDATE node SET idx = 100000 WHERE level = 2 AND idx = 1",
            "UPDATE node SET idx = 1 WHERE idx = 100000",
            Area::Tree,
        ),
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
        assert_eq!(areas(&run().await), [area], "{sql}");
        sqlx::query(back).execute(&mut conn).await.unwrap();
    }
    assert!(run().await.holds());
}

/// Documents by digest, and the vault of the store itself.
struct Shelf<'a> {
    store: &'a Sqlite,
    there: Vec<Digest>,
    damaged: Vec<Digest>,
}

#[async_trait]
impl Keeper for Shelf<'_> {
    async fn document(&self, _: &StreamId, digest: Digest) -> Result<bool, KeepError> {
        match self.damaged.contains(&digest) {
            true => Err(KeepError::Damaged { what: digest.to_string() }),
            false => Ok(self.there.contains(&digest)),
        }
    }

    async fn value(&self, subject: Uuid, commitment: &Commitment) -> Result<bool, KeepError> {
        Ok(self.store.open(subject, commitment).await?.is_some())
    }

    async fn values(&self, subject: Uuid) -> Result<u64, KeepError> {
        Ok(self.store.list(subject).await?.len() as u64)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_and_values_that_evidence_names_must_be_there_and_open() {
    let path = folder("fsck-kept");
    let store = open(&path).await;
    let (li, wang) = (fresh(), fresh());
    let document =
        |name: &[u8]| AttachmentRef { sha256: Digest::of(name), media: "text/plain".to_owned(), bytes: 1 };
    for subject in [li, wang] {
        let sealed = store.seal(subject, "borrower.name", b"x", Salt::new([1; 32])).await.unwrap();
        let sealed = SealedRef { sealed, label: "borrower.name".to_owned() };
        let record = Record::write(Draft {
            id: fresh(),
            stream: StreamId::of_uuid("kept", subject),
            seq: 0,
            prev: None,
            at_ms: 1,
            actor: "system".to_owned(),
            kind: "kept".to_owned(),
            terms: None,
            body: serde_json::json!({"a": document(b"one"), "b": document(b"two"), "c": [sealed]}),
        });
        let append =
            mingbai_desk::ports::Append::of(StreamId::of_uuid("kept", subject), None, vec![record.unwrap()]);
        store.append(append).await.unwrap();
    }
    let file = path.join("mingbai.db");
    let run = async |there: &[&[u8]], damaged: &[&[u8]]| {
        let digests = |names: &[&[u8]]| names.iter().map(|name| Digest::of(name)).collect();
        let shelf = Shelf { store: &store, there: digests(there), damaged: digests(damaged) };
        fsck(Place::File(&file), &[], Some(&shelf), &Quiet::default()).await.unwrap()
    };
    let report = run(&[b"one", b"two"], &[]).await;
    assert!(report.holds(), "{:?}", report.findings.told());
    assert_eq!((report.documents, report.values, report.erased), (2, 2, 0));
    assert_eq!(areas(&run(&[b"one"], &[]).await), [Area::Document], "one is missing");
    assert_eq!(areas(&run(&[b"one"], &[b"two"]).await), [Area::Document], "one is damaged");
    // Who was forgotten leaves nothing to find.
    store.forget(wang).await.unwrap();
    let report = run(&[b"one", b"two"], &[]).await;
    assert!(report.holds() && report.erased == 1, "{:?}", report.findings.told());
    tamper(&path, "UPDATE vault_value SET sealed = randomblob(60)").await;
    assert_eq!(areas(&run(&[b"one", b"two"], &[]).await), [Area::Vault]);
    tamper(&path, "DELETE FROM vault_value").await;
    assert_eq!(areas(&run(&[b"one", b"two"], &[]).await), [Area::Vault]);
}
