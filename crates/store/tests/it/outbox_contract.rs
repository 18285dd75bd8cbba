//! What every outbox must keep.

use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{Lane, Outbox, OutboxItem, SentKind, SentRow, Task};
use mingbai_evidence::Digest;

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

fn item(due_at_ms: i64) -> OutboxItem {
    OutboxItem {
        id: fresh(),
        due_at_ms,
        attempts: 0,
        task: Task::OpenCallback { journey: JourneyId::new(fresh()) },
    }
}

pub async fn keeps_the_contract(outbox: &dyn Outbox) {
    let (first, second, later) = (item(10), item(20), item(1_000));
    for one in [&second, &first, &later] {
        outbox.put(one.clone()).await.unwrap();
    }
    assert!(outbox.take_due(Lane::Quick, 9, 100, 10).await.unwrap().is_empty());
    let taken = outbox.take_due(Lane::Quick, 50, 100, 10).await.unwrap();
    assert_eq!(taken, [first.clone(), second.clone()], "what is due, oldest first");
    assert!(outbox.take_due(Lane::Quick, 60, 100, 10).await.unwrap().is_empty(), "leased to somebody");

    let digest = |text: &[u8]| Digest::of(text);
    let sent = SentRow {
        code: digest(b"one"),
        kind: SentKind::Signing,
        sent_at_ms: 5,
        ending: "42".to_owned(),
        zh: Some(digest(b"zh")),
        en: None,
    };
    outbox.note_sent(sent.clone()).await.unwrap();
    let again = SentRow { sent_at_ms: 6, en: Some(digest(b"en")), ..sent };
    outbox.note_sent(again.clone()).await.unwrap();
    assert_eq!(outbox.sent(again.code).await.unwrap(), Some(again.clone()));
    assert_eq!(outbox.sent(digest(b"another")).await.unwrap(), None);
    assert_eq!((outbox.forget_sent(6).await.unwrap(), outbox.forget_sent(7).await.unwrap()), (0, 1));
    assert_eq!(outbox.sent(again.code).await.unwrap(), None);

    outbox.done(first.id, 60).await.unwrap();
    let again = outbox.take_due(Lane::Quick, 150, 100, 10).await.unwrap();
    assert_eq!(
        again.iter().map(|one| (one.id, one.attempts)).collect::<Vec<_>>(),
        [(second.id, 1)],
        "its worker died"
    );

    outbox.retry_at(second.id, 300, "503").await.unwrap();
    assert!(outbox.take_due(Lane::Quick, 299, 100, 10).await.unwrap().is_empty());
    assert_eq!(outbox.take_due(Lane::Quick, 300, 100, 10).await.unwrap()[0].attempts, 2);
    outbox.give_up(second.id, 400, "410 Gone").await.unwrap();
    assert!(outbox.take_due(Lane::Quick, 999, 100, 10).await.unwrap().is_empty());
    let lost = outbox.given_up(10).await.unwrap();
    assert_eq!((lost[0].0.id, lost[0].1.as_str()), (second.id, "410 Gone"));
    assert_eq!(outbox.take_due(Lane::Quick, 1_000, 100, 0).await.unwrap(), []);
    assert_eq!(outbox.take_due(Lane::Quick, 1_000, 100, 1).await.unwrap(), std::slice::from_ref(&later));

    outbox.done(later.id, 1_100).await.unwrap();

    // What takes minutes stands in a line of its own.
    let task = Task::InspectRecording { journey: JourneyId::new(fresh()), recording: "r".to_owned() };
    let slow = OutboxItem { id: fresh(), due_at_ms: 2_000, attempts: 0, task };
    let quick = item(2_000);
    for one in [&slow, &quick] {
        outbox.put(one.clone()).await.unwrap();
    }
    assert_eq!((slow.task.lane(), quick.task.lane()), (Lane::Slow, Lane::Quick));
    assert_eq!(outbox.take_due(Lane::Quick, 2_000, 100, 10).await.unwrap(), [quick]);
    assert_eq!(outbox.take_due(Lane::Slow, 2_000, 100, 10).await.unwrap(), [slow]);
    assert_eq!(outbox.take_due(Lane::Slow, 2_000, 100, 10).await.unwrap(), []);
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_an_outbox() {
    keeps_the_contract(&open(&folder("outbox")).await).await;
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_an_outbox() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_an_outbox") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
