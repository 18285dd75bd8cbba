//! Documents and personal values: whether those that evidence names are there and whole, and whether every value opens.

use std::collections::HashSet;

use mingbai_core::text::both;
use mingbai_desk::ports::KeepError;
use mingbai_evidence::refs::Reference;
use uuid::Uuid;

use super::finding::{Area, Finding};
use super::scan::Seen;
use super::{Keeper, Report, Step, Watch};
use crate::common::Conn;
use crate::common::cells::Value::{Bytes, Int};
use crate::common::cells::{Line, uuid};
use crate::error::{OpenError, open_error};

/// Documents that are remembered as read, so that one that several records name is read once.
const REMEMBERED: usize = 100_000;
/// Subjects that are asked for at once.
const SUBJECTS: i64 = 500;

/// The documents and values that evidence names.
pub(super) struct Named<'a> {
    keeper: &'a dyn Keeper,
    read: HashSet<[u8; 32]>,
}

impl<'a> Named<'a> {
    pub(super) fn of(keeper: &'a dyn Keeper) -> Self {
        Named { keeper, read: HashSet::new() }
    }

    /// Follows the references of one record.
    pub(super) async fn follow<C: Conn>(
        &mut self,
        conn: &mut C,
        seen: &Seen,
        report: &mut Report,
    ) -> Result<(), OpenError> {
        for reference in &seen.refs {
            match reference {
                Reference::Attachment(document) => {
                    if self.read.len() >= REMEMBERED {
                        self.read.clear();
                    }
                    if self.read.insert(*document.sha256.as_bytes()) {
                        let outcome = self.keeper.document(&seen.stream, document.sha256).await;
                        let shown = format!("{} ({})", document.sha256, document.media);
                        tell(Area::Document, seen, &shown, outcome, report);
                    }
                }
                Reference::Sealed(sealed) => {
                    let subject =
                        seen.stream.as_str().rsplit_once('/').and_then(|(_, id)| Uuid::try_parse(id).ok());
                    let Some(subject) = subject else { continue };
                    let outcome = match forgotten(conn, subject).await.map_err(open_error)? {
                        true => Err(KeepError::Forgotten),
                        false => self.keeper.value(subject, &sealed.sealed).await,
                    };
                    tell(Area::Vault, seen, &sealed.label, outcome, report);
                }
                Reference::Unreadable => report.findings.add(Finding::new(
                    Area::Record,
                    both(
                        format!("记录 {} 里有一处引用读不懂", seen.index),
                        format!("record {} has a reference that cannot be read", seen.index),
                    ),
                    both("引用的写法不合格式", "it does not have the form of a reference"),
                )),
            }
        }
        Ok(())
    }
}

async fn forgotten<C: Conn>(conn: &mut C, subject: Uuid) -> Result<bool, sqlx::Error> {
    let sql = "SELECT wrapped FROM vault_key WHERE subject = $1";
    let row = conn.line(sql, &[Bytes(subject.as_bytes())]).await?;
    Ok(row
        .map(|row| row.maybe_bytes("wrapped").map(|wrapped| wrapped.is_none()))
        .transpose()?
        .unwrap_or(false))
}

fn tell(area: Area, seen: &Seen, shown: &str, outcome: Result<bool, KeepError>, report: &mut Report) {
    let (zh, en) = match area {
        Area::Vault => ("个人信息", "the personal value"),
        _ => ("文件", "the document"),
    };
    let (index, stream) = (seen.index, &seen.stream);
    let mut add = |zh_how: &str, en_how: &str, why| {
        let what = both(
            format!("记录 {index}({stream})引用的{zh} {shown} {zh_how}"),
            format!("{en} {shown} that record {index} ({stream}) names {en_how}"),
        );
        report.findings.add(Finding::new(area, what, why));
    };
    match outcome {
        Ok(true) if area == Area::Document => report.documents += 1,
        Ok(true) => {}
        Ok(false) => add(
            "不在了",
            "is missing",
            both("这个人没有被删除,所以它应当在", "its person was not erased, so it must be there"),
        ),
        Err(KeepError::Forgotten) => report.erased += 1,
        Err(error) => add(
            "读不出来或不对",
            "cannot be read or is another one",
            both(error.to_string(), error.to_string()),
        ),
    }
}

/// Opens every value of every person.
pub(super) async fn vault<C: Conn>(
    conn: &mut C,
    keeper: &dyn Keeper,
    watch: &dyn Watch,
    report: &mut Report,
) -> Result<(), OpenError> {
    let sql = "SELECT subject, wrapped FROM vault_key WHERE subject > $1 ORDER BY subject LIMIT $2";
    let (mut after, mut done) = (Vec::new(), 0);
    loop {
        let rows = conn.lines(sql, &[Bytes(&after), Int(SUBJECTS)]).await.map_err(open_error)?;
        for row in &rows {
            let subject = uuid(row, "subject").map_err(open_error)?;
            after = subject.as_bytes().to_vec();
            if row.maybe_bytes("wrapped").map_err(open_error)?.is_none() {
                continue;
            }
            match keeper.values(subject).await {
                Ok(count) => report.values += count,
                Err(error) => report.findings.add(Finding::new(
                    Area::Vault,
                    both(
                        format!("{subject} 的个人信息打不开"),
                        format!("the personal values of {subject} do not open"),
                    ),
                    both(error.to_string(), error.to_string()),
                )),
            }
        }
        done += rows.len() as u64;
        watch.at(Step::Vault, done, 0);
        if rows.len() < usize::try_from(SUBJECTS).unwrap_or(0) {
            return Ok(());
        }
    }
}
