//! What every list of complaints must keep.

use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::complaint::ComplaintId;
use mingbai_desk::ports::{ComplaintFilter, ComplaintRow, Log};

use crate::cluster::shared;
use crate::support::{after, folder, fresh, node, open};

fn row(product: &str, cause: &str, due_at_ms: Option<i64>, received_at_ms: i64) -> ComplaintRow {
    ComplaintRow {
        complaint: ComplaintId::new(fresh()),
        stage: if due_at_ms.is_some() { "open" } else { "answered" }.to_owned(),
        channel: "page".to_owned(),
        journey: Some(JourneyId::new(fresh())),
        product_id: Some(product.to_owned()),
        product_version: Some("1".to_owned()),
        cause: Some(cause.to_owned()),
        root_cause: None,
        received_at_ms,
        due_at_ms,
        answered_at_ms: None,
        answer_due_at_ms: None,
        updated_at_ms: received_at_ms,
    }
}

async fn put(log: &dyn Log, row: &ComplaintRow) {
    let stream = row.complaint.stream();
    let head = log.read(&stream).await.unwrap().last().map(|item| item.record.head());
    let (mut append, _) = after(&stream, head, 1);
    append.complaints = vec![row.clone()];
    log.append(append).await.unwrap();
}

pub async fn keeps_the_contract(log: &dyn Log) {
    let late = row("contract-a", "c05", Some(50), 1);
    let later = row("contract-a", "c07", Some(90), 2);
    let old = row("contract-a", "c05", None, 3);
    let new = row("contract-a", "c05", None, 4);
    for one in [&old, &later, &new, &late] {
        put(log, one).await;
    }
    let of =
        |filter: ComplaintFilter| ComplaintFilter { product_id: Some("contract-a".to_owned()), ..filter };
    let list = log.complaints(of(ComplaintFilter::default())).await.unwrap();
    assert_eq!(list, [late.clone(), later.clone(), new.clone(), old.clone()], "due first, then the newest");
    let page = ComplaintFilter { skip: 1, limit: 2, ..ComplaintFilter::default() };
    assert_eq!(log.complaints(of(page)).await.unwrap(), [later.clone(), new.clone()]);
    let open = ComplaintFilter { stage: Some("open".to_owned()), ..ComplaintFilter::default() };
    assert_eq!(log.complaints(of(open)).await.unwrap(), [late.clone(), later]);
    let since = ComplaintFilter { received_from_ms: Some(4), ..ComplaintFilter::default() };
    assert_eq!(log.complaints(of(since)).await.unwrap(), [new]);
    let none = ComplaintFilter { channel: Some("letter".to_owned()), ..ComplaintFilter::default() };
    assert!(log.complaints(of(none)).await.unwrap().is_empty());

    // A later record replaces the row, and the cause that was found counts before the one that was supposed.
    let closed = ComplaintRow { due_at_ms: None, root_cause: Some("c07".to_owned()), ..late.clone() };
    put(log, &closed).await;
    let reference = late.complaint.reference();
    assert_eq!(log.complaint(&reference).await.unwrap(), Some(closed.clone()));
    assert_eq!(log.complaint("ZZZZZZZZZZZZ").await.unwrap(), None);
    let cause = ComplaintFilter { cause: Some("c07".to_owned()), ..ComplaintFilter::default() };
    assert!(log.complaints(of(cause)).await.unwrap().contains(&closed));
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_complaints() {
    keeps_the_contract(&open(&folder("complaints")).await).await;
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_complaints() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_complaints") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
