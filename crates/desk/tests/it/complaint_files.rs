//! Complaints that come and go as files: dry run, one confirmed run, no row twice, nothing of a bad file, and the way out.

use mingbai_desk::core::trust::complaint::report::Kept;
use mingbai_desk::cost::Lang;
use mingbai_desk::ports::ComplaintFilter;
use mingbai_desk::trust::handover::{ImportPlan, Imported, Period, Shape};
use mingbai_desk::{DeskError, ErrorKind};

use crate::house::{House, kind};

const TRANSFERS: &str = "转办编号,渠道,收到日期,姓名,联系方式,投诉内容,诉求\n\
    T-1,12378,2026-11-20,王秀英,138 0000 0000,\"扣了合同上没有的服务费,\n问了没人解释\",退钱\n\
    T-2,12363,2026-11-25,李强,+86 139 0000 0000,征信记录写错了,更正\n\
    T-1,12378,2026-11-20,王秀英,138 0000 0000,同一件又转了一次,\n";

/// In the form of the public list; the text is our own.
const PUBLIC: &str = "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company public response,Company,State,ZIP code,Tags,Consumer consent provided?,Submitted via,Date sent to company,Company response to consumer,Timely response?,Consumer disputed?,Complaint ID\n\
    09/24/2019,Personal loan,Installment,Fees,Unexpected,=They took a fee twice,,BANK X,CA,940XX,Older American,Consent provided,Web,2019-09-25,Closed with explanation,Yes,No,3384392\n\
    2019-10-01,Personal loan,,Fees,,Nobody may read this,,BANK X,NY,,,Consent not provided,Phone,2019-10-02,Closed,No,,3384393\n\
    2026-11-28,Personal loan,,Servicing,,,,BANK X,TX,,,,Referral,2026-11-28,In progress,,,9900001\n";

async fn plan(house: &House, text: &str) -> ImportPlan {
    house.desk.plan_import(&house.compliance, text.as_bytes()).await.unwrap()
}

async fn run(house: &House, text: &str, confirm: &str) -> Result<Imported, DeskError> {
    house.desk.run_import(&house.compliance, (text.as_bytes(), confirm), &|_, _| ()).await
}

async fn count(house: &House) -> usize {
    house.desk.complaints(&house.auditor, ComplaintFilter::default()).await.unwrap().len()
}

#[tokio::test]
async fn transfers_are_planned_first_and_imported_once() {
    let house = House::new().await;
    let seen = plan(&house, TRANSFERS).await;
    assert_eq!(
        (seen.shape, seen.opens, seen.twice, seen.formulas, seen.faults_count),
        (Shape::Transfers, 2, 1, 1, 0)
    );
    assert_eq!(count(&house).await, 0, "a dry run writes nothing");
    assert_eq!(kind(run(&house, TRANSFERS, "000000000000").await), ErrorKind::Invalid);
    let done = run(&house, TRANSFERS, &seen.confirm.to_uppercase()).await.unwrap();
    assert_eq!((done.written, count(&house).await), (2, 2));
    // The same file again, and a bigger one with the same numbers: nothing is counted twice.
    let again = plan(&house, TRANSFERS).await;
    assert_eq!((again.opens, again.before, again.can_run()), (0, 2, false));
    house.run_outbox().await;
    assert_eq!(house.told("complaint.received").len(), 2, "both are told their number");
}

#[tokio::test]
async fn one_bad_row_stops_the_whole_file() {
    let house = House::new().await;
    let bad = format!("{TRANSFERS}T-9,12345,2026-13-45,,,短,\n");
    let seen = plan(&house, &bad).await;
    assert_eq!((seen.faults_count, seen.faults[0].line, seen.can_run()), (1, 6, false));
    assert_eq!(kind(run(&house, &bad, &seen.confirm).await), ErrorKind::Invalid);
    assert_eq!(count(&house).await, 0);
    // Ten megabytes in one cell, a zip, and somebody who is not compliance.
    let huge = format!("{TRANSFERS}T-8,12378,2026-11-20,王,1,{},\n", "贷".repeat(3_500_000));
    let seen = plan(&house, &huge).await;
    assert!(seen.faults[0].words.zh.contains("投诉内容"), "{}", seen.faults[0].words.zh);
    let zip = house.desk.plan_import(&house.compliance, b"PK\x03\x04....").await;
    assert_eq!(kind(zip), ErrorKind::Invalid);
    assert_eq!(kind(house.desk.plan_import(&house.li, TRANSFERS.as_bytes()).await), ErrorKind::Forbidden);
}

#[tokio::test]
async fn the_public_list_comes_in_and_goes_out_again() {
    let house = House::new().await;
    let seen = plan(&house, PUBLIC).await;
    assert_eq!((seen.shape, seen.opens, seen.answered, seen.faults_count), (Shape::Public, 1, 2, 0));
    run(&house, PUBLIC, &seen.confirm).await.unwrap();
    let report = house.desk.complaint_report(&house.auditor, Period::default()).await.unwrap();
    assert_eq!(report.total, 3);
    assert_eq!(report.causes, [(Some("Fees".to_owned()), 2), (Some("Servicing".to_owned()), 1)]);
    let clocks =
        [(Kept::Running, 1), (Kept::Overdue, 0), (Kept::Met, 1), (Kept::Late, 1), (Kept::Unmeasured, 0)];
    assert_eq!(report.clocks, clocks);
    assert_eq!(report.in_time(), (1, 2));

    let file = house.desk.complaint_rows_file(&house.auditor, Period::default(), Lang::En).await.unwrap();
    assert_eq!(file.rows, 3);
    assert!(file.csv.contains("'=They took a fee twice"), "{}", file.csv);
    assert!(!file.csv.contains("Nobody may read this"), "{}", file.csv);
    // What went out is known when it comes back, by its numbers.
    let back = plan(&house, &file.csv).await;
    assert_eq!((back.before, back.faults_count, back.can_run()), (3, 0, false), "{:?}", back.faults);
    // Nothing was sent to anybody: the list names nobody.
    house.run_outbox().await;
    assert!(house.told("complaint.received").is_empty());
    assert_eq!(kind(house.desk.complaint_report(&house.li, Period::default()).await), ErrorKind::Forbidden);
}
