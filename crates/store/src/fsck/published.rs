//! What was signed and handed out: published checkpoints, the witnesses' cosignatures under them, time stamps. Each is held against
//! the root that the records of that size have, so any two that hold are consistent with each other too: one log, twice.

use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_evidence::note::cosignature::{WitnessKey, cosigners, with_lines};
use mingbai_evidence::note::{SignedCheckpoint, VerifyingKeyText};
use mingbai_evidence::succession::{STREAM, successors};
use mingbai_evidence::timestamp::{Roots, Stamp};
use mingbai_evidence::{Bilingual, Digest, Record, StreamId};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::Keeper;
use super::finding::{Area, Finding};
use super::projections::records;
use crate::common::Conn;
use crate::common::cells::Value::Int;
use crate::common::cells::{Line, digest, owned, signed, unsigned};

/// What signatures are held against.
#[derive(Clone, Default)]
pub(super) struct Trust {
    keys: Vec<VerifyingKeyText>,
    roots: Option<Roots>,
}

impl Trust {
    /// The keeper's keys, and those of before that introduced them in the log itself.
    pub(super) async fn of<C: Conn>(conn: &mut C, keeper: Option<&dyn Keeper>) -> Result<Self, sqlx::Error> {
        let Some(keeper) = keeper else { return Ok(Trust::default()) };
        let mut keys = keeper.log_keys();
        if let Ok(stream) = StreamId::new(STREAM) {
            let found = records(conn, &stream).await?;
            let earlier = found.iter().filter_map(|record| introducer(record, &keys, &found));
            let earlier: Vec<_> = earlier.collect();
            keys.extend(earlier);
        }
        Ok(Trust { keys, roots: keeper.stamp_roots() })
    }
}

/// The key that this record's introduction is by, if it leads to one of `present`.
fn introducer(record: &Record, present: &[VerifyingKeyText], all: &[Record]) -> Option<VerifyingKeyText> {
    let from: VerifyingKeyText = record.body().get("from")?.as_str()?.parse().ok()?;
    let leads = successors(std::slice::from_ref(&from), all.iter());
    (!present.contains(&from) && leads.iter().any(|key| present.contains(key))).then_some(from)
}

/// A published checkpoint as stored.
struct Published {
    size: u64,
    root: Option<Digest>,
    note: Option<String>,
    /// Key, line and time of each cosignature.
    cosigned: Vec<(String, String, u64)>,
}

/// A time stamp as stored.
struct Stamped {
    size: u64,
    checkpoint: String,
    query: Vec<u8>,
    response: Vec<u8>,
    at_ms: i64,
}

/// What was handed out for sizes of one range.
#[derive(Default)]
pub(super) struct Claims {
    published: Vec<Published>,
    stamped: Vec<Stamped>,
}

/// Reads what was handed out for sizes from `first` to `last`, both included.
pub(super) async fn claims<C: Conn>(conn: &mut C, first: u64, last: u64) -> Result<Claims, sqlx::Error> {
    let between = [Int(signed(first)), Int(signed(last))];
    let sql = "SELECT size, root, note FROM published WHERE size >= $1 AND size <= $2 ORDER BY size";
    let mut published = Vec::new();
    for row in &conn.lines(sql, &between).await? {
        let (size, root) = (unsigned(row, "size")?, digest(row, "root").ok());
        published.push(Published { size, root, note: owned(row, "note").ok(), cosigned: Vec::new() });
    }
    let sql =
        "SELECT size, witness, line, at_s FROM cosignature WHERE size >= $1 AND size <= $2 ORDER BY size";
    for row in &conn.lines(sql, &between).await? {
        let size = unsigned(row, "size")?;
        let one = (owned(row, "witness")?, owned(row, "line")?, unsigned(row, "at_s")?);
        match published.iter_mut().find(|published| published.size == size) {
            Some(under) => under.cosigned.push(one),
            // Its checkpoint is gone: it has nothing to stand under.
            None => published.push(Published { size, root: None, note: None, cosigned: vec![one] }),
        }
    }
    let sql = "SELECT size, checkpoint, query, response, stamped_at_ms FROM time_stamp
         WHERE size >= $1 AND size <= $2 ORDER BY size, stamped_at_ms";
    let mut stamped = Vec::new();
    for row in &conn.lines(sql, &between).await? {
        stamped.push(Stamped {
            size: unsigned(row, "size")?,
            checkpoint: owned(row, "checkpoint")?,
            query: row.bytes("query")?.to_vec(),
            response: row.bytes("response")?.to_vec(),
            at_ms: row.int("stamped_at_ms")?,
        });
    }
    Ok(Claims { published, stamped })
}

/// The largest size for which a checkpoint was published or stamped.
pub(super) async fn largest<C: Conn>(conn: &mut C) -> Result<Option<u64>, sqlx::Error> {
    let sql = "SELECT size FROM published UNION ALL SELECT size FROM time_stamp ORDER BY size DESC LIMIT 1";
    conn.line(sql, &[]).await?.as_ref().map(|row| unsigned(row, "size")).transpose()
}

/// Something was signed for more records than there are.
pub(super) fn ahead(largest: u64, size: u64) -> Finding {
    let what = both(
        format!("签过 {largest} 条记录的检查点,而日志只有 {size} 条"),
        format!("a checkpoint of {largest} records was signed, but the log has {size}"),
    );
    let why = wrong(
        "已确认的记录不见了,或日志被换成旧的",
        "acknowledged records are gone, or the log is an old one",
    );
    Finding::new(Area::Checkpoint, what, why)
}

/// What was looked at, and what does not hold.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) checkpoints: u64,
    pub(super) cosignatures: u64,
    pub(super) stamps: u64,
    pub(super) findings: Vec<Finding>,
}

impl Checked {
    fn and(mut self, other: Checked) -> Checked {
        self.checkpoints += other.checkpoints;
        self.cosignatures += other.cosignatures;
        self.stamps += other.stamps;
        self.findings.extend(other.findings);
        self
    }
}

impl Claims {
    /// Holds everything against the roots of the records, which `root_of` gives; `None` where the tree is damaged, which has its
    /// own finding.
    pub(super) fn check(&self, root_of: impl Fn(u64) -> Option<Digest> + Sync, trust: &Trust) -> Checked {
        let published = self.published.par_iter().map(|one| checkpoint(one, root_of(one.size), trust));
        let stamped = self.stamped.par_iter().map(|one| stamp(one, root_of(one.size), trust));
        published.chain(stamped).reduce(Checked::default, Checked::and)
    }
}

/// Why something that was signed does not hold.
fn wrong(zh: impl Into<String>, en: impl Into<String>) -> Words {
    both(zh, en)
}

/// The same as the part said that found it.
fn told(error: &impl Bilingual) -> Words {
    both(error.zh(), error.en())
}

fn checkpoint(one: &Published, root: Option<Digest>, trust: &Trust) -> Checked {
    let mut checked =
        Checked { checkpoints: 1, cosignatures: one.cosigned.len() as u64, ..Checked::default() };
    if let Err(why) = stands(one, root, trust) {
        let size = one.size;
        let what = both(
            format!("公布过的 {size} 条记录的检查点不成立"),
            format!("the published checkpoint of {size} records does not hold"),
        );
        checked.findings.push(Finding::new(Area::Checkpoint, what, why));
    }
    for (witness, line, at_s) in &one.cosigned {
        let Some(note) = &one.note else { continue };
        if !cosigned(note, witness, line, *at_s) {
            let (size, name) = (one.size, witness.split('+').next().unwrap_or_default());
            let what = both(
                format!("见证方 {name} 对 {size} 条记录的联署不成立"),
                format!("the cosignature of the witness {name} under {size} records does not hold"),
            );
            let why = wrong(
                "它不是这把公钥在这个时间对这份检查点签的",
                "it is not what this key signed under this checkpoint at this time",
            );
            checked.findings.push(Finding::new(Area::Cosignature, what, why));
        }
    }
    checked
}

fn stands(one: &Published, root: Option<Digest>, trust: &Trust) -> Result<(), Words> {
    let gone = || wrong("它的内容不在了或读不懂", "its content is gone or cannot be read");
    let (stored, note) = (one.root.ok_or_else(gone)?, one.note.as_ref().ok_or_else(gone)?);
    let note = SignedCheckpoint::parse(note).map_err(|e| told(&e))?;
    let stated = note.checkpoint();
    if (stated.size(), stated.root()) != (one.size, stored) {
        return Err(wrong(
            "签过名的文字与旁边的列不一致",
            "the signed text says something else than its columns",
        ));
    }
    fits(stored, root)?;
    signed_by(&note, trust)
}

/// Whether a stated root is that of the records.
fn fits(stated: Digest, root: Option<Digest>) -> Result<(), Words> {
    match root {
        Some(root) if root != stated => Err(wrong(
            format!("由记录推出的根是 {root},签过名的是 {stated}"),
            format!("the records have the root {root}, but {stated} was signed"),
        )),
        _ => Ok(()),
    }
}

fn signed_by(note: &SignedCheckpoint, trust: &Trust) -> Result<(), Words> {
    if trust.keys.is_empty() {
        return Ok(());
    }
    note.verify(&trust.keys).map(|_| ()).map_err(|e| told(&e))
}

fn cosigned(note: &str, witness: &str, line: &str, at_s: u64) -> bool {
    let Ok(key) = witness.parse::<WitnessKey>() else { return false };
    let whole = with_lines(note, &[line.to_owned()]).and_then(|note| SignedCheckpoint::parse(&note));
    let Ok(whole) = whole else { return false };
    cosigners(&whole, &[key]).is_ok_and(|found| found.first().is_some_and(|one| one.at_s == at_s))
}

fn stamp(one: &Stamped, root: Option<Digest>, trust: &Trust) -> Checked {
    let mut checked = Checked { stamps: 1, ..Checked::default() };
    if let Err(why) = stamped(one, root, trust) {
        let size = one.size;
        let what = both(
            format!("{size} 条记录的时间戳不成立"),
            format!("the time stamp of {size} records does not hold"),
        );
        checked.findings.push(Finding::new(Area::Stamp, what, why));
    }
    checked
}

fn stamped(one: &Stamped, root: Option<Digest>, trust: &Trust) -> Result<(), Words> {
    let note = SignedCheckpoint::parse(&one.checkpoint).map_err(|e| told(&e))?;
    if note.checkpoint().size() != one.size {
        return Err(wrong(
            "盖了戳的文字与旁边的列不一致",
            "the stamped text says something else than its columns",
        ));
    }
    fits(note.checkpoint().root(), root)?;
    signed_by(&note, trust)?;
    let imprint = Digest::of(one.checkpoint.as_bytes());
    let found = Stamp::open(&one.response, &imprint).map_err(|e| told(&e))?;
    if found.stated().at_ms != one.at_ms {
        return Err(wrong("它的时间与旁边的列不一致", "its time is another one than its column says"));
    }
    if !one.query.windows(32).any(|part| part == imprint.as_bytes()) {
        return Err(wrong(
            "存下的请求不是为这份检查点发的",
            "the request beside it was not for this checkpoint",
        ));
    }
    match &trust.roots {
        Some(roots) => found.trusted_by(roots).map(|_| ()).map_err(|e| told(&e)),
        None => Ok(()),
    }
}
