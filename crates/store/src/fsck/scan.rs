//! The log from its first record to its last, in pieces: while one piece is hashed on all processors, the next is read.

use mingbai_core::text::both;
use mingbai_desk::ports::TreeHead;
use mingbai_evidence::merkle::{NodeId, empty_root, hash_leaf};
use mingbai_evidence::refs::{Reference, references};
use mingbai_evidence::{Digest, Record, StreamId};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::chain::Heads;
use super::finding::{Area, Finding};
use super::kept::Named;
use super::published::{self, Claims, Trust};
use super::tree::{Edge, LEVELS, Piece, beyond, ranges};
use super::{Keeper, Report, Step, Watch};
use crate::common::cells::Value::Int;
use crate::common::cells::{Line, digest, signed, unsigned};
use crate::common::{Conn, nodes};
use crate::error::{OpenError, open_error};

/// Records of one piece. Three pieces are in memory at a time: about 5 MB as a rule, 200 MB when every record is as large as can be.
const PIECE: u64 = 1_024;

/// What is needed of a record after it was read.
pub(super) struct Seen {
    pub(super) index: u64,
    pub(super) key: u128,
    pub(super) stream: StreamId,
    pub(super) seq: u64,
    pub(super) prev: Option<Digest>,
    pub(super) leaf: Digest,
    pub(super) refs: Vec<Reference>,
}

/// One row after it was read: its place, its stored leaf, and the record if it is one.
struct Row {
    index: Option<u64>,
    leaf: Option<Digest>,
    seen: Option<Seen>,
    findings: Vec<Finding>,
    bytes: u64,
}

/// A piece that was hashed.
struct Hashed {
    leaves: Vec<Option<Digest>>,
    seen: Vec<Seen>,
    findings: Vec<Finding>,
    bytes: u64,
}

/// Size and root as the store has them.
pub(super) async fn head<C: Conn>(conn: &mut C) -> Result<TreeHead, OpenError> {
    let none = || OpenError::Damaged("the tree has no row".to_owned());
    nodes::head(conn).await.map_err(|e| OpenError::Damaged(e.to_string()))?.ok_or_else(none)
}

/// Reads the whole log. `a` and `b` are two connections: one reads records, the other nodes.
pub(super) async fn log<C: Conn>(
    a: &mut C,
    b: &mut C,
    keeper: Option<&dyn Keeper>,
    watch: &dyn Watch,
    report: &mut Report,
) -> Result<(), OpenError>
where
    C::Line: 'static,
{
    let size = end(a, report).await?;
    let head = head(a).await?;
    // The log may have grown since; what is looked at is what was there.
    let size = size.min(head.size);
    let (mut edge, mut heads) = (Edge::new(), Heads::new());
    let mut named = keeper.map(Named::of);
    let trust = Trust::of(b, keeper).await.map_err(open_error)?;
    if size == 0 {
        let empty = published::claims(b, 0, 0).await.map_err(open_error)?;
        report.count(empty.check(|_| Some(empty_root()), &trust));
    }
    let mut next = fetch(a, b, 0, size).await.map_err(open_error)?;
    while let Some(Fetched { first, end, rows, levels, claims }) = next {
        let trust = trust.clone();
        let work = tokio::task::spawn_blocking(move || {
            let mut hashed = hashed(first, end, &rows);
            let mut all = vec![std::mem::take(&mut hashed.leaves)];
            all.extend(levels);
            let piece = Piece { first, end, levels: all };
            // What was signed for a size in this piece: its root is known only while the piece is at hand.
            let claimed = claims.check(|size| edge.root_inside(&piece, size), &trust);
            hashed.findings.extend(edge.take(&piece));
            (hashed, claimed, edge)
        });
        let (fetched, work) = tokio::join!(fetch(a, b, end, size), work);
        let (Hashed { seen, findings, bytes, .. }, claimed, taken) =
            work.map_err(|e| OpenError::Engine(e.to_string()))?;
        report.count(claimed);
        (next, edge) = (fetched.map_err(open_error)?, taken);
        report.findings.extend(findings);
        report.bytes += bytes;
        report.records += seen.len() as u64;
        for seen in &seen {
            report.findings.extend(heads.take(b, seen).await.map_err(open_error)?);
            if let Some(named) = named.as_mut().filter(|_| !seen.refs.is_empty()) {
                named.follow(b, seen, report).await?;
            }
        }
        watch.at(Step::Log, end, size);
    }
    report.nodes = edge.nodes;
    let stored = root_of(b, size, head).await?;
    root(edge.root(size), stored, size, report);
    Ok(())
}

/// The root that the store says for `size`, if it says one.
async fn root_of<C: Conn>(conn: &mut C, size: u64, head: TreeHead) -> Result<Option<Digest>, OpenError> {
    if head.size == size {
        return Ok(Some(head.root));
    }
    // It grew between two reads: the edge of the smaller tree leads to the root of that moment.
    Ok(nodes::edge(conn, size).await.ok().map(|(frontier, _)| frontier.root()))
}

fn root(computed: Option<Digest>, stored: Option<Digest>, size: u64, report: &mut Report) {
    report.root = computed;
    if computed.is_some() && computed == stored {
        return;
    }
    let shown = |root: Option<Digest>| root.map_or_else(|| "—".to_owned(), |root| root.to_string());
    report.findings.add(Finding::new(
        Area::Tree,
        both(
            format!("{size} 条记录推出的根与库里写的不同"),
            format!("the root of the {size} records is another one than the stored one"),
        ),
        both(
            format!("推出 {},库里 {}", shown(computed), shown(stored)),
            format!("computed {}, stored {}", shown(computed), shown(stored)),
        ),
    ));
}

/// The size of the tree at one moment, and whether anything lies behind it at that moment.
async fn end<C: Conn>(conn: &mut C, report: &mut Report) -> Result<u64, OpenError> {
    let mut tx = conn.begin_with(crate::common::begin(C::READ)).await.map_err(open_error)?;
    let size = head(&mut *tx).await?.size;
    if let Some(largest) =
        published::largest(&mut *tx).await.map_err(open_error)?.filter(|largest| *largest > size)
    {
        report.findings.add(published::ahead(largest, size));
    }
    let sql = "SELECT idx FROM record WHERE idx >= $1 ORDER BY idx LIMIT 1";
    if let Some(row) = tx.line(sql, &[Int(signed(size))]).await.map_err(open_error)? {
        let index = unsigned(&row, "idx").map_err(open_error)?;
        report.findings.add(beyond(NodeId { level: 0, index }));
    }
    let sql = "SELECT idx FROM node WHERE level = $1 AND idx >= $2 ORDER BY idx LIMIT 1";
    for level in (1_u8..).take(LEVELS - 1) {
        let values = [Int(i64::from(level)), Int(signed(size >> level))];
        if let Some(row) = tx.line(sql, &values).await.map_err(open_error)? {
            let index = unsigned(&row, "idx").map_err(open_error)?;
            report.findings.add(beyond(NodeId { level, index }));
        }
    }
    tx.rollback().await.map_err(open_error)?;
    Ok(size)
}

/// A piece as it was read.
struct Fetched<L> {
    first: u64,
    end: u64,
    rows: Vec<L>,
    /// Nodes from level 1 on.
    levels: Vec<Vec<Option<Digest>>>,
    /// What was signed for sizes that end in it.
    claims: Claims,
}

async fn fetch<C: Conn>(
    a: &mut C,
    b: &mut C,
    first: u64,
    size: u64,
) -> Result<Option<Fetched<C::Line>>, sqlx::Error> {
    if first >= size {
        return Ok(None);
    }
    let end = (first + PIECE).min(size);
    let sql = "SELECT idx, stream, seq, id, at_ms, kind, bytes, leaf FROM record
         WHERE idx >= $1 AND idx < $2 ORDER BY idx";
    let values = [Int(signed(first)), Int(signed(end))];
    let records = a.lines(sql, &values);
    let nodes = async {
        let mut levels = Vec::new();
        for (level, from, behind) in ranges(first, end) {
            levels.push(stored(b, level, from, behind).await?);
        }
        // The first piece has the size 0 too, before any record.
        let claims = published::claims(b, if first == 0 { 0 } else { first + 1 }, end).await?;
        Ok::<_, sqlx::Error>((levels, claims))
    };
    let (rows, nodes) = tokio::join!(records, nodes);
    let (levels, claims) = nodes?;
    Ok(Some(Fetched { first, end, rows: rows?, levels, claims }))
}

/// The stored nodes of one level, `None` where one is missing.
async fn stored<C: Conn>(
    conn: &mut C,
    level: u8,
    from: u64,
    behind: u64,
) -> Result<Vec<Option<Digest>>, sqlx::Error> {
    let mut found = vec![None; usize::try_from(behind - from).unwrap_or(0)];
    if found.is_empty() {
        return Ok(found);
    }
    let sql = "SELECT idx, hash FROM node WHERE level = $1 AND idx >= $2 AND idx < $3";
    let values = [Int(i64::from(level)), Int(signed(from)), Int(signed(behind))];
    for row in &conn.lines(sql, &values).await? {
        let at = unsigned(row, "idx")?.checked_sub(from).and_then(|at| usize::try_from(at).ok());
        if let Some(place) = at.and_then(|at| found.get_mut(at)) {
            *place = digest(row, "hash").ok();
        }
    }
    Ok(found)
}

/// Reads and hashes every record of a piece, on all processors.
fn hashed<L: Line>(first: u64, end: u64, rows: &[L]) -> Hashed {
    let read: Vec<Row> = rows.par_iter().map(one).collect();
    let mut leaves = vec![None; usize::try_from(end - first).unwrap_or(0)];
    let mut out =
        Hashed { leaves: Vec::new(), seen: Vec::with_capacity(read.len()), findings: Vec::new(), bytes: 0 };
    let mut there = vec![false; leaves.len()];
    for Row { index, leaf, seen, findings, bytes } in read {
        let at = index.and_then(|index| index.checked_sub(first)).and_then(|at| usize::try_from(at).ok());
        if let Some(at) = at.filter(|at| *at < leaves.len()) {
            (leaves[at], there[at]) = (leaf, true);
        }
        out.findings.extend(findings);
        out.seen.extend(seen);
        out.bytes += bytes;
    }
    let gaps = (first..).zip(&there).filter(|(_, there)| !**there).map(|(index, _)| gap(index));
    out.findings.extend(gaps);
    out.leaves = leaves;
    out
}

fn one<L: Line>(row: &L) -> Row {
    let index = unsigned(row, "idx").ok();
    let leaf = digest(row, "leaf").ok();
    let shown = index.map_or_else(|| "?".to_owned(), |index| index.to_string());
    let bad = |zh: &str, en: String| {
        let what =
            both(format!("记录 {shown} 已损坏或被改动"), format!("record {shown} was damaged or changed"));
        Finding::new(Area::Record, what, both(format!("{zh}({en})"), en.clone()))
    };
    let (index, bytes) = match (index, row.bytes("bytes")) {
        (Some(index), Ok(bytes)) => (index, bytes),
        _ => {
            let findings = vec![bad("这一行读不出来", "its row cannot be read".to_owned())];
            return Row { index, leaf, seen: None, findings, bytes: 0 };
        }
    };
    let length = bytes.len() as u64;
    let mut findings = Vec::new();
    let parsed = Record::parse(bytes.to_vec());
    if leaf != Some(parsed.as_ref().map_or_else(|_| hash_leaf(bytes), Record::leaf)) {
        findings.push(bad(
            "字节的摘要与写入时的不同",
            "its bytes do not have the hash that it was written with".to_owned(),
        ));
    }
    let record = match parsed {
        Ok(record) => record,
        Err(error) => {
            findings.push(bad("不是一条合格的记录", error.to_string()));
            return Row { index: Some(index), leaf, seen: None, findings, bytes: length };
        }
    };
    if let Some(column) = other_column(row, &record) {
        findings.push(bad(
            "旁边的列与记录本身不一致",
            format!("the column {column} says something else than the record"),
        ));
    }
    let name = Digest::of(record.stream().as_str().as_bytes());
    let key = name.as_bytes().first_chunk().map_or(0, |half| u128::from_be_bytes(*half));
    let seen = Seen {
        index,
        key,
        stream: record.stream().clone(),
        seq: record.seq(),
        prev: record.prev(),
        leaf: record.leaf(),
        refs: references(record.body()),
    };
    Row { index: Some(index), leaf, seen: Some(seen), findings, bytes: length }
}

/// The first column that does not say what the record says.
fn other_column<L: Line>(row: &L, record: &Record) -> Option<&'static str> {
    let same = [
        ("stream", row.text("stream").is_ok_and(|stream| stream == record.stream().as_str())),
        ("seq", unsigned(row, "seq").is_ok_and(|seq| seq == record.seq())),
        ("id", row.bytes("id").is_ok_and(|id| id == record.id().as_bytes())),
        ("at_ms", row.int("at_ms").is_ok_and(|at_ms| at_ms == record.at_ms())),
        ("kind", row.text("kind").is_ok_and(|kind| kind == record.kind())),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(column, _)| column)
}

fn gap(index: u64) -> Finding {
    Finding::new(
        Area::Record,
        both(format!("记录 {index} 不在"), format!("record {index} is missing")),
        both("它在树的大小之内,所以它应当在", "it lies within the tree's size, so it must be there"),
    )
}
