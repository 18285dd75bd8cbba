//! The list of complaints, computed again.

use mingbai_core::text::{Tell as _, both};
use mingbai_core::trust::complaint::ComplaintId;
use mingbai_desk::ports::ComplaintRow;
use mingbai_desk::trust::complaint_row_again;
use mingbai_evidence::{Record, StreamId};
use uuid::Uuid;

use super::finding::{Area, Finding};
use super::projections::{records, streams};
use super::{Report, Step, Watch};
use crate::common::cells::unsigned;
use crate::common::{Conn, begin, complaints};
use crate::error::{OpenError, open_error};

/// As many streams as [`streams`] gives at once.
const MANY: usize = 500;

pub(super) async fn check<C: Conn>(
    conn: &mut C,
    watch: &dyn Watch,
    report: &mut Report,
) -> Result<(), OpenError> {
    all(conn, watch, report).await.map_err(open_error)
}

fn complaint_of(stream: &StreamId) -> Option<ComplaintId> {
    let id = stream.as_str().rsplit_once('/').and_then(|(_, id)| Uuid::try_parse(id).ok())?;
    Some(ComplaintId::new(id)).filter(|id| id.stream() == *stream)
}

async fn all<C: Conn>(conn: &mut C, watch: &dyn Watch, report: &mut Report) -> Result<(), sqlx::Error> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page = streams(conn, "complaint/", &after).await?;
        for id in page.iter().filter_map(complaint_of) {
            let mut tx = conn.begin_with(begin(C::READ)).await?;
            let stored = complaints::by_number(&mut *tx, id).await?;
            let evidence = records(&mut *tx, &id.stream()).await?;
            tx.rollback().await?;
            count += 1;
            report.projections += 1;
            compare(id, &evidence, stored.as_ref(), report);
        }
        watch.at(Step::Projections, count, 0);
        match page.last() {
            Some(last) if page.len() >= MANY => last.as_str().clone_into(&mut after),
            _ => break,
        }
    }
    let sql = "SELECT COUNT(*) AS count FROM complaint_row";
    let there = conn.line(sql, &[]).await?.map(|row| unsigned(&row, "count")).transpose()?.unwrap_or(0);
    if there > count {
        report.findings.add(Finding::new(
            Area::Projection,
            both(
                format!("投诉列表里有 {} 行没有对应的存证", there - count),
                format!("{} rows of the list of complaints have no evidence", there - count),
            ),
            both("有人绕过存证写了数据库", "somebody wrote to the database past the evidence"),
        ));
    }
    Ok(())
}

fn compare(id: ComplaintId, evidence: &[Record], stored: Option<&ComplaintRow>, report: &mut Report) {
    let computed = match complaint_row_again(id, evidence) {
        Ok(row) => row,
        Err(error) => {
            let what = both(
                format!("投诉 {id} 的存证读不成一件投诉"),
                format!("the evidence of complaint {id} does not fold"),
            );
            return report.findings.add(Finding::new(Area::Projection, what, error.words()));
        }
    };
    if stored != Some(&computed) {
        let what = both(
            format!("投诉列表里 {id} 的一行与存证算出的不同"),
            format!("the row of complaint {id} is not what its evidence says"),
        );
        let (zh, en) = (
            format!("库里 {stored:?},算出 {computed:?}"),
            format!("stored {stored:?}, computed {computed:?}"),
        );
        report.findings.add(Finding::new(Area::Projection, what, both(zh, en)));
    }
}
