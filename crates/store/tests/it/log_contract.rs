//! What every log must keep, whatever it is made of.

use std::sync::Arc;

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_cost::{Fen, Lang};
use mingbai_desk::ports::{
    Append, CodeRow, Find, JourneyRow, Log, LogError, OutboxItem, PaperKind, RowFilter, Task, Written,
};
use mingbai_evidence::merkle::{hash_leaf, verify_consistency, verify_inclusion};
use mingbai_evidence::{Digest, StreamHead};

use crate::cluster::shared;
use crate::support::{after, folder, fresh, next, node, open, stream};

/// Plays the whole contract.
pub async fn keeps_the_contract(log: Arc<dyn Log>) {
    proves_what_it_acknowledges(&*log).await;
    refuses_conflicts_and_gaps(&*log).await;
    answers_repetitions_with_the_first(&*log).await;
    refuses_what_is_outside_its_limits(&*log).await;
    refuses_the_same_record_twice_and_nothing_beside(log.clone()).await;
    takes_many_writers_at_once(log.clone()).await;
    lets_one_of_many_rivals_win(log.clone()).await;
    keeps_rows_and_codes(&*log).await;
    proves_every_record_at_every_size(&*log).await;
}

async fn proves_what_it_acknowledges(log: &dyn Log) {
    let name = stream("contract/proof");
    let mut head: Option<StreamHead> = None;
    for count in [1, 3, 2, 5] {
        let (append, now) = after(&name, head, count);
        let leaves: Vec<Digest> = append.records.iter().map(|record| hash_leaf(record.bytes())).collect();
        let before = log.head().await.unwrap();
        let done = log.append(append).await.unwrap();
        assert_eq!(done.written, Written::Now);
        assert_eq!(done.first_index, before.size);
        assert_eq!(done.proofs.len(), count);
        for ((leaf, proof), index) in leaves.iter().zip(&done.proofs).zip(done.first_index..) {
            verify_inclusion(leaf, index, done.size, proof, &done.root).unwrap();
        }
        let path = log.consistency(before.size, done.size).await.unwrap();
        verify_consistency(before.size, done.size, &before.root, &done.root, &path).unwrap();
        head = now;
    }
    let read = log.read(&name).await.unwrap();
    assert_eq!(read.len(), 11);
    assert_eq!(read.last().map(|item| item.record.head()), head);
    assert!(log.streams("contract/", 10).await.unwrap().contains(&name));
}

async fn refuses_conflicts_and_gaps(log: &dyn Log) {
    let name = stream("contract/conflict");
    let (first, head) = after(&name, None, 2);
    log.append(first).await.unwrap();
    let size = log.head().await.unwrap();

    let (late, _) = after(&name, None, 1);
    match log.append(late).await {
        Err(LogError::Conflict { found, .. }) => assert_eq!(found, head),
        other => panic!("a late writer got {other:?}"),
    }
    let (ahead, _) = after(&name, Some(StreamHead { seq: 5, leaf: Digest::of(b"x") }), 1);
    assert!(matches!(log.append(ahead).await, Err(LogError::Conflict { .. })));

    let (two, _) = after(&name, head, 2);
    let gap = Append::of(name.clone(), head, two.records[1..].to_vec());
    assert!(matches!(log.append(gap).await, Err(LogError::NotAChain { .. })));
    let swapped = Append::of(name.clone(), head, two.records.iter().rev().cloned().collect());
    assert!(matches!(log.append(swapped).await, Err(LogError::NotAChain { .. })));
    let strange = next(&stream("contract/other"), None, "x");
    let strange = Append::of(name.clone(), head, vec![two.records[0].clone(), strange]);
    assert!(matches!(log.append(strange).await, Err(LogError::NotAChain { .. })));

    assert_eq!(log.head().await.unwrap(), size, "a refused append must leave nothing");
    assert_eq!(log.read(&name).await.unwrap().len(), 2);
}

async fn answers_repetitions_with_the_first(log: &dyn Log) {
    let name = stream("contract/again");
    let (mut first, _) = after(&name, None, 2);
    first.idempotency = Some("again-1".to_owned());
    let repeated = first.clone();
    assert_eq!(log.before("again-1").await.unwrap(), None);
    let done = log.append(first).await.unwrap();
    let (other, _) = after(&stream("contract/elsewhere"), None, 1);
    log.append(other).await.unwrap();

    assert_eq!(log.before("again-1").await.unwrap(), Some(name.clone()));
    let again = log.append(repeated).await.unwrap();
    assert_eq!((again.written, again.first_index), (Written::Before, done.first_index));
    assert_eq!(again.stream, name);
    let read = log.read(&name).await.unwrap();
    assert_eq!(read.len(), 2);
    for (item, proof) in read.iter().zip(&again.proofs) {
        verify_inclusion(&item.record.leaf(), item.index, again.size, proof, &again.root).unwrap();
    }
    // The key decides, even when the wish was written down anew: a retry has new ids and a new time.
    let (mut anew, _) = after(&stream("contract/anew"), None, 1);
    anew.idempotency = Some("again-1".to_owned());
    assert_eq!(log.append(anew).await.unwrap().stream, name);
    assert!(log.read(&stream("contract/anew")).await.unwrap().is_empty());
}

async fn refuses_what_is_outside_its_limits(log: &dyn Log) {
    let name = stream("contract/limits");
    let size = log.head().await.unwrap().size;
    assert!(matches!(log.append(Append::of(name.clone(), None, Vec::new())).await, Err(LogError::Limits(_))));
    let (many, _) = after(&name, None, 65);
    assert!(matches!(log.append(many).await, Err(LogError::Limits(_))));
    let (mut key, _) = after(&name, None, 1);
    key.idempotency = Some("k".repeat(201));
    assert!(matches!(log.append(key).await, Err(LogError::Limits(_))));
    // A record of 65,536 bytes cannot even be made; the largest one is kept whole.
    let room = 65_535 - next(&name, None, "").bytes().len();
    let largest = next(&name, None, &"x".repeat(room));
    assert_eq!(largest.bytes().len(), 65_535);
    let bytes = largest.bytes().to_vec();
    log.append(Append::of(name.clone(), None, vec![largest])).await.unwrap();
    assert_eq!(log.read(&name).await.unwrap()[0].record.bytes(), bytes);
    assert!(matches!(log.inclusion(0, size + 2).await, Err(LogError::Limits(_))));
    assert!(matches!(log.inclusion(size + 1, size + 1).await, Err(LogError::Limits(_))));
    assert!(matches!(log.consistency(2, 1).await, Err(LogError::Limits(_))));
    assert!(log.at(size + 1).await.unwrap().is_none());
}

async fn refuses_the_same_record_twice_and_nothing_beside(log: Arc<dyn Log>) {
    let (first, _) = after(&stream("contract/twice"), None, 1);
    let copy = {
        // The same id in another stream: only the engine can see it.
        let id = first.records[0].id();
        let bytes = String::from_utf8(next(&stream("contract/twice-b"), None, "x").bytes().to_vec()).unwrap();
        let old = bytes.split("\"id\":\"").nth(1).unwrap()[..36].to_owned();
        let bytes = bytes.replace(&old, &id.hyphenated().to_string()).into_bytes();
        mingbai_evidence::Record::parse(bytes).unwrap()
    };
    log.append(first).await.unwrap();
    let bad = Append::of(stream("contract/twice-b"), None, vec![copy]);
    // In one group with good ones: they must not suffer.
    let mut work = Vec::new();
    for number in 0..8 {
        let log = log.clone();
        let (good, _) = after(&stream(&format!("contract/beside-{number}")), None, 2);
        work.push(tokio::spawn(async move { log.append(good).await.map(|done| done.size) }));
    }
    assert!(log.append(bad).await.is_err());
    for good in work {
        good.await.unwrap().unwrap();
    }
    assert!(log.read(&stream("contract/twice-b")).await.unwrap().is_empty());
}

async fn takes_many_writers_at_once(log: Arc<dyn Log>) {
    let mut work = Vec::new();
    for writer in 0..32 {
        let log = log.clone();
        work.push(tokio::spawn(async move {
            let name = stream(&format!("many/{writer}"));
            let mut head = None;
            for _ in 0..5 {
                let (append, now) = after(&name, head, 2);
                let leaf = append.records[1].leaf();
                let done = log.append(append).await.unwrap();
                verify_inclusion(&leaf, done.first_index + 1, done.size, &done.proofs[1], &done.root)
                    .unwrap();
                head = now;
            }
        }));
    }
    for writer in work {
        writer.await.unwrap();
    }
    for writer in 0..32 {
        let read = log.read(&stream(&format!("many/{writer}"))).await.unwrap();
        assert_eq!(read.len(), 10);
        assert!(read.windows(2).all(|pair| pair[0].index < pair[1].index));
    }
}

async fn lets_one_of_many_rivals_win(log: Arc<dyn Log>) {
    let name = stream("contract/rivals");
    let mut work = Vec::new();
    for _ in 0..16 {
        let (log, name) = (log.clone(), name.clone());
        work.push(tokio::spawn(async move { log.append(after(&name, None, 1).0).await }));
    }
    let mut won = 0;
    for rival in work {
        match rival.await.unwrap() {
            Ok(_) => won += 1,
            Err(LogError::Conflict { found, .. }) => assert!(found.is_some()),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(log.read(&name).await.unwrap().len(), 1);
}

pub fn row(journey: JourneyId, branch: Option<&str>, updated_at_ms: i64) -> JourneyRow {
    JourneyRow {
        journey,
        external_ref: format!("APP-{updated_at_ms}"),
        product_id: "p".to_owned(),
        product_version: "1".to_owned(),
        principal_fen: Some(Fen::new(5_000_000)),
        stage: "ceremony".to_owned(),
        missing: vec!["read".to_owned(), "signed".to_owned()],
        violations_open: 0,
        remedies_open: 1,
        denied: 2,
        branch: branch.map(str::to_owned),
        opened_at_ms: 1,
        updated_at_ms,
    }
}

async fn keeps_rows_and_codes(log: &dyn Log) {
    let (a, b) = (JourneyId::new(fresh()), JourneyId::new(fresh()));
    let (mut first, head) = after(&a.stream(), None, 1);
    let record = first.records[0].id();
    first.rows.push(row(a, Some("east"), 10));
    first.codes.push(CodeRow {
        code: "0123456789AB".to_owned(),
        journey: a,
        paper: PaperKind::Contract,
        lang: Lang::En,
        document: AttachmentRef { sha256: Digest::of(b"d"), media: "application/pdf".to_owned(), bytes: 9 },
        terms: Digest::of(b"t"),
        issued_at_ms: 3,
    });
    let code = first.codes[0].clone();
    first.outbox.push(OutboxItem {
        id: fresh(),
        due_at_ms: i64::MAX,
        attempts: 0,
        task: Task::OpenCallback { journey: a },
    });
    log.append(first).await.unwrap();
    let (mut other, _) = after(&b.stream(), None, 1);
    other.rows.push(row(b, None, 20));
    log.append(other).await.unwrap();

    assert_eq!(log.find(Find::Journey(a)).await.unwrap(), Some(row(a, Some("east"), 10)));
    assert_eq!(log.find(Find::ExternalRef("APP-20".to_owned())).await.unwrap(), Some(row(b, None, 20)));
    let reference = a.reference().replace(' ', "").to_lowercase();
    assert_eq!(log.find(Find::Reference(reference)).await.unwrap().map(|row| row.journey), Some(a));
    assert_eq!(log.find(Find::Record(record)).await.unwrap().map(|row| row.journey), Some(a));
    assert_eq!(log.find(Find::Journey(JourneyId::new(fresh()))).await.unwrap(), None);
    assert_eq!(log.code("0123456789AB").await.unwrap(), Some(code));
    assert_eq!(log.code("AAAAAAAAAAAA").await.unwrap(), None);

    // A later row without a branch keeps the stored one.
    let (mut later, _) = after(&a.stream(), head, 1);
    later.rows.push(JourneyRow { stage: "paid_out".to_owned(), ..row(a, None, 30) });
    log.append(later).await.unwrap();
    let found = log.find(Find::Journey(a)).await.unwrap().unwrap();
    assert_eq!((found.branch.as_deref(), found.stage.as_str()), (Some("east"), "paid_out"));

    let list =
        |filter| async { log.rows(filter).await.unwrap().iter().map(|row| row.journey).collect::<Vec<_>>() };
    assert_eq!(list(RowFilter::default()).await, [a, b]);
    assert_eq!(list(RowFilter { branch: Some("east".to_owned()), ..RowFilter::default() }).await, [a]);
    assert_eq!(list(RowFilter { stage: Some("ceremony".to_owned()), ..RowFilter::default() }).await, [b]);
    assert_eq!(list(RowFilter { before_ms: Some(30), limit: 1, ..RowFilter::default() }).await, [b]);

    // A code that is taken fails the whole append, record included.
    let (mut taken, _) = after(&stream("contract/taken"), None, 1);
    taken.codes.push(CodeRow { journey: b, ..log.code("0123456789AB").await.unwrap().unwrap() });
    assert!(log.append(taken).await.is_err());
    assert!(log.read(&stream("contract/taken")).await.unwrap().is_empty());
}

async fn proves_every_record_at_every_size(log: &dyn Log) {
    let head = log.head().await.unwrap();
    for size in [1, 2, 3, 255, 256, 257, head.size].into_iter().filter(|size| *size <= head.size) {
        let root = log.root_at(size).await.unwrap();
        for index in (0..size).step_by(7).chain([size - 1]) {
            let item = log.at(index).await.unwrap().unwrap();
            let path = log.inclusion(index, size).await.unwrap();
            verify_inclusion(&item.record.leaf(), index, size, &path, &root).unwrap();
        }
        let path = log.consistency(size, head.size).await.unwrap();
        verify_consistency(size, head.size, &root, &head.root, &path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract_of_a_log() {
    let store = open(&folder("log")).await;
    keeps_the_contract(Arc::new(store)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract_of_a_log() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_a_log") else { return };
    keeps_the_contract(Arc::new(node(&cluster.database()).await)).await;
}
