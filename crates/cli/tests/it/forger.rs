//! Those who lie: a log in memory that can be forked at will, and an operator who rewrites an entry of a real database, computes
//! everything above it again, and leaves nothing behind that does not fit.

use std::collections::BTreeMap;
use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use mingbai_evidence::merkle::{Frontier, NodeId, consistency_path, empty_root, hash_leaf};
use mingbai_evidence::note::{Checkpoint, NoteSigner, VerifyingKeyText};
use mingbai_evidence::witness::AddCheckpoint;
use mingbai_evidence::{Digest, Record};
use sqlx::{Connection as _, Row as _, SqliteConnection};

pub const ORIGIN: &str = "forger.example/log";

struct Key(Ed25519KeyPair);

impl NoteSigner for Key {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().unwrap()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).as_ref().try_into().unwrap()
    }
}

fn key() -> Key {
    Key(Ed25519KeyPair::from_seed_unchecked(&[42; 32]).unwrap())
}

/// The key of the log in memory.
pub fn log_key() -> String {
    VerifyingKeyText::new(ORIGIN, key().public_key()).unwrap().to_string()
}

/// A log in memory.
pub struct Tree {
    nodes: BTreeMap<NodeId, Digest>,
    roots: Vec<Digest>,
}

impl Tree {
    /// `size` entries; `other` is another one than in every other such log.
    pub fn new(size: u64, other: Option<u64>) -> Self {
        let (mut nodes, mut frontier, mut roots) = (BTreeMap::new(), Frontier::new(), vec![empty_root()]);
        for index in 0..size {
            let text = if other == Some(index) { "other".to_owned() } else { index.to_string() };
            for node in frontier.append(hash_leaf(text.as_bytes())) {
                nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
            }
            roots.push(frontier.root());
        }
        Tree { nodes, roots }
    }

    /// A request to cosign the step from `old` to `new`.
    pub fn ask(&self, old: u64, new: u64) -> String {
        let root = self.roots[usize::try_from(new).unwrap()];
        let note = Checkpoint::new(ORIGIN, new, root).unwrap().sign(&key()).unwrap();
        let path = consistency_path(&self.nodes, old, new).unwrap();
        AddCheckpoint::new(old, path, &note).unwrap().to_string()
    }
}

/// What a forger does with what was signed before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Traces {
    /// Takes it away.
    Removed,
    /// Leaves it.
    Left,
}

/// Copies a database that nobody has open from one data folder to another.
pub fn copy_database(from: &Path, to: &Path) {
    for name in ["mingbai.db", "mingbai.db-wal", "mingbai.db-shm"] {
        let (from, to) = (from.join(name), to.join(name));
        let _ = std::fs::remove_file(&to);
        if from.exists() {
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(from, to).unwrap();
        }
    }
}

/// Runs one statement on a database that nobody has open.
pub fn tamper(database: &Path, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite://{}", database.display());
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut conn).await.unwrap();
        let done = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
        assert!(done.rows_affected() > 0, "{sql} changed nothing");
        conn.close().await.unwrap();
    });
}

/// Rewrites the first record that contains `from`, and everything that follows from it: the chain of its stream, the tree, and what
/// was published, unless it is left. Returns its position.
pub fn rewrite(database: &Path, from: &str, to: &str, traces: Traces) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
        let rows =
            sqlx::query("SELECT idx, bytes FROM record ORDER BY idx").fetch_all(&mut conn).await.unwrap();
        let (mut frontier, mut changed, mut first) =
            (Frontier::new(), BTreeMap::<Digest, Digest>::new(), None);
        sqlx::query("DELETE FROM node").execute(&mut conn).await.unwrap();
        for row in &rows {
            let index: i64 = row.get("idx");
            let mut text = String::from_utf8(row.get("bytes")).unwrap();
            if first.is_none() && text.contains(from) {
                text = text.replacen(from, to, 1);
                first = Some(u64::try_from(index).unwrap());
            }
            let before = Record::parse(row.get("bytes")).unwrap();
            if let Some(prev) = before.prev().and_then(|prev| changed.get(&prev)) {
                text = text.replacen(&before.prev().unwrap().to_string(), &prev.to_string(), 1);
            }
            let record = Record::parse(text.into_bytes()).unwrap();
            if record.leaf() != before.leaf() {
                changed.insert(before.leaf(), record.leaf());
                let sql = "UPDATE record SET bytes = $1, leaf = $2 WHERE idx = $3";
                let query = sqlx::query(sql).bind(record.bytes()).bind(record.leaf().as_bytes().to_vec());
                query.bind(index).execute(&mut conn).await.unwrap();
            }
            for node in frontier.append(record.leaf()).into_iter().filter(|node| node.level > 0) {
                let sql = "INSERT INTO node (level, idx, hash) VALUES ($1, $2, $3)";
                let query =
                    sqlx::query(sql).bind(i64::from(node.level)).bind(i64::try_from(node.index).unwrap());
                query.bind(node.hash.as_bytes().to_vec()).execute(&mut conn).await.unwrap();
            }
        }
        let root = frontier.root().as_bytes().to_vec();
        sqlx::query("UPDATE tree SET root = $1").bind(root).execute(&mut conn).await.unwrap();
        if traces == Traces::Removed {
            sqlx::query("DELETE FROM cosignature").execute(&mut conn).await.unwrap();
            sqlx::query("DELETE FROM published").execute(&mut conn).await.unwrap();
        }
        conn.close().await.unwrap();
        first.unwrap_or_else(|| panic!("no record has {from}"))
    })
}
