//! What is computed from evidence, computed again: the staff list, the short codes, the idempotency keys. Each row is compared
//! with its stream as both stand at one moment, because a server may be writing.

use mingbai_core::borrow::JourneyId;
use mingbai_core::policy::Pack;
use mingbai_core::text::{Tell as _, both};
use mingbai_desk::borrow::{codes_again, paper_stream, row_again};
use mingbai_desk::ports::{Find, JourneyRow};
use mingbai_evidence::{Record, StreamId};
use uuid::Uuid;

use super::finding::{Area, Finding};
use super::{Report, Step, Watch};
use crate::common::cells::Value::{Int, Text};
use crate::common::cells::{Line, meaningless, signed, unsigned};
use crate::common::{Conn, begin, find};
use crate::error::{OpenError, open_error};

/// Streams and keys that are asked for at once.
const MANY: i64 = 500;

pub(super) async fn check<C: Conn>(
    conn: &mut C,
    packs: &[Pack],
    watch: &dyn Watch,
    report: &mut Report,
) -> Result<(), OpenError> {
    journeys(conn, packs, watch, report).await.map_err(open_error)?;
    papers(conn, watch, report).await.map_err(open_error)?;
    keys(conn, watch, report).await.map_err(open_error)
}

/// Streams below `room`, in the order of their names, a page at a time.
pub(super) async fn streams<C: Conn>(
    conn: &mut C,
    room: &str,
    after: &str,
) -> Result<Vec<StreamId>, sqlx::Error> {
    let sql =
        "SELECT stream FROM record WHERE seq = 0 AND stream > $1 AND stream < $2 ORDER BY stream LIMIT $3";
    let (after, end) = (if after.is_empty() { room } else { after }, format!("{room}~"));
    let rows = conn.lines(sql, &[Text(after), Text(&end), Int(MANY)]).await?;
    let name = |row| StreamId::new(Line::text(row, "stream")?).map_err(|_| meaningless("stream"));
    rows.iter().map(name).collect()
}

/// The records of a stream; one that does not parse ends it, and has its own finding.
pub(super) async fn records<C: Conn>(conn: &mut C, stream: &StreamId) -> Result<Vec<Record>, sqlx::Error> {
    let sql = "SELECT bytes FROM record WHERE stream = $1 ORDER BY seq";
    let rows = conn.lines(sql, &[Text(stream.as_str())]).await?;
    let parsed =
        rows.iter().map(|row| row.bytes("bytes").ok().and_then(|bytes| Record::parse(bytes.to_vec()).ok()));
    Ok(parsed.map_while(|record| record).collect())
}

fn journey_of(stream: &StreamId) -> Option<JourneyId> {
    let id = stream.as_str().rsplit_once('/').and_then(|(_, id)| Uuid::try_parse(id).ok())?;
    Some(JourneyId::new(id))
}

async fn journeys<C: Conn>(
    conn: &mut C,
    packs: &[Pack],
    watch: &dyn Watch,
    report: &mut Report,
) -> Result<(), sqlx::Error> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page = streams(conn, "borrow/", &after).await?;
        for stream in &page {
            let Some(id) = journey_of(stream).filter(|id| id.stream() == *stream) else { continue };
            let mut tx = conn.begin_with(begin(C::READ)).await?;
            let stored = find::find(&mut *tx, &Find::Journey(id)).await?;
            let evidence = records(&mut *tx, stream).await?;
            tx.rollback().await?;
            count += 1;
            compare(id, packs, &evidence, stored, report);
        }
        watch.at(Step::Projections, count, 0);
        match page.last() {
            Some(last) if page.len() >= usize::try_from(MANY).unwrap_or(0) => {
                last.as_str().clone_into(&mut after)
            }
            _ => break,
        }
    }
    let sql = "SELECT COUNT(*) AS count FROM journey_row";
    let there = conn.line(sql, &[]).await?.map(|row| unsigned(&row, "count")).transpose()?.unwrap_or(0);
    if there > count {
        report.findings.add(Finding::new(
            Area::Projection,
            both(
                format!("员工列表里有 {} 行没有对应的存证", there - count),
                format!("{} rows of the staff list have no evidence", there - count),
            ),
            both(
                "每一行都应由一笔业务的存证算出",
                "each row must be computed from the evidence of a journey",
            ),
        ));
    }
    Ok(())
}

fn compare(
    id: JourneyId,
    packs: &[Pack],
    evidence: &[Record],
    stored: Option<JourneyRow>,
    report: &mut Report,
) {
    report.projections += 1;
    let computed = match row_again(id, packs, evidence) {
        Ok(Some(row)) => row,
        // Something was tried at a journey that was never opened: it has no row.
        Ok(None) if stored.is_none() => return,
        Ok(None) => {
            return report.findings.add(wrong(
                id,
                "它还没有开始,却有一行",
                "it was never opened, but has a row",
            ));
        }
        Err(error) => {
            let words = error.words();
            let what = both(
                format!("业务 {id} 的存证读不成一笔业务"),
                format!("the evidence of journey {id} does not fold"),
            );
            return report.findings.add(Finding::new(Area::Projection, what, words));
        }
    };
    match stored {
        None => report.findings.add(wrong(id, "列表里没有它", "it is not in the list")),
        // The branch says who may look; it is not computed.
        Some(stored) if (JourneyRow { branch: None, ..stored.clone() }) == computed => {}
        Some(stored) => {
            let (zh, en) = (
                format!("库里 {stored:?},算出 {computed:?}"),
                format!("stored {stored:?}, computed {computed:?}"),
            );
            report.findings.add(wrong(id, &zh, &en));
        }
    }
}

fn wrong(id: JourneyId, zh: &str, en: &str) -> Finding {
    let what = both(
        format!("员工列表里业务 {id} 的一行与存证算出的不同"),
        format!("the row of journey {id} in the staff list is not what its evidence says"),
    );
    Finding::new(Area::Projection, what, both(zh, en))
}

async fn papers<C: Conn>(conn: &mut C, watch: &dyn Watch, report: &mut Report) -> Result<(), sqlx::Error> {
    let (mut after, mut codes) = (String::new(), 0_u64);
    loop {
        let page = streams(conn, "paper/", &after).await?;
        for stream in &page {
            let Some(id) = journey_of(stream).filter(|id| paper_stream(*id) == *stream) else { continue };
            let evidence = records(conn, stream).await?;
            for code in codes_again(id, &evidence) {
                codes += 1;
                report.projections += 1;
                if find::code(conn, &code.code).await?.as_ref() != Some(&code) {
                    report.findings.add(Finding::new(
                        Area::Projection,
                        both(
                            format!("短码 {} 与出具文件的记录不同", code.code),
                            format!(
                                "the short code {} is not what the record that issued it says",
                                code.code
                            ),
                        ),
                        both(
                            "扫这个码的人会看到错的文件,或什么也看不到",
                            "whoever scans it sees another paper, or none",
                        ),
                    ));
                }
            }
        }
        watch.at(Step::Projections, codes, 0);
        match page.last() {
            Some(last) if page.len() >= usize::try_from(MANY).unwrap_or(0) => {
                last.as_str().clone_into(&mut after)
            }
            _ => break,
        }
    }
    let sql = "SELECT COUNT(*) AS count FROM short_code";
    let there = conn.line(sql, &[]).await?.map(|row| unsigned(&row, "count")).transpose()?.unwrap_or(0);
    if there > codes {
        report.findings.add(Finding::new(
            Area::Projection,
            both(
                format!("有 {} 个短码没有出具记录", there - codes),
                format!("{} short codes were issued by no record", there - codes),
            ),
            both("有人绕过存证写了数据库", "somebody wrote to the database past the evidence"),
        ));
    }
    Ok(())
}

/// Each idempotency key must lead to records of its own stream.
async fn keys<C: Conn>(conn: &mut C, watch: &dyn Watch, report: &mut Report) -> Result<(), sqlx::Error> {
    let sql = "SELECT idempotency.key AS key, idempotency.stream AS stream, idempotency.count AS count,
            idempotency.first_index AS first_index, record.stream AS found
         FROM idempotency LEFT JOIN record ON record.idx = idempotency.first_index + idempotency.count - 1
         WHERE idempotency.first_index >= $1 ORDER BY idempotency.first_index LIMIT $2";
    let (mut from, mut done) = (0, 0_u64);
    loop {
        let rows = conn.lines(sql, &[Int(signed(from)), Int(MANY)]).await?;
        for row in &rows {
            from = unsigned(row, "first_index")? + 1;
            let fits = unsigned(row, "count")? > 0 && row.maybe_text("found")? == Some(row.text("stream")?);
            if !fits {
                let key = row.text("key")?;
                report.findings.add(Finding::new(
                    Area::Projection,
                    both(
                        format!("防重键 {key} 指向别的记录"),
                        format!("the idempotency key {key} leads to other records"),
                    ),
                    both("重试会得到错误的答复", "a retry would get a wrong answer"),
                ));
            }
        }
        done += rows.len() as u64;
        watch.at(Step::Projections, done, 0);
        if rows.len() < usize::try_from(MANY).unwrap_or(0) {
            return Ok(());
        }
    }
}
