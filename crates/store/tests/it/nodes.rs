//! Several nodes on one PostgreSQL database: one tree, every record once, every acknowledged proof true, one winner each time.

use std::collections::HashSet;
use std::sync::Arc;

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{
    Account, Accounts, Appended, Lane, Link, LinkPurpose, LinkTry, Log, LogError, Outbox, OutboxItem,
    Standing, Task, Vault,
};
use mingbai_evidence::merkle::{verify_consistency, verify_inclusion};
use mingbai_evidence::seal::Salt;
use mingbai_evidence::{Digest, StreamHead};
use mingbai_store::Postgres;
use sqlx::{Connection as _, PgConnection};

use crate::cluster::shared;
use crate::support::{after, fresh, node, stream};

/// Appends of each writer.
const APPENDS: usize = 20;

type Acknowledged = (Vec<Digest>, Appended);

/// Writes to a stream of its own.
async fn alone(store: Postgres, name: String) -> Vec<Acknowledged> {
    let name = stream(&name);
    let (mut head, mut done) = (None, Vec::new());
    for number in 0..APPENDS {
        let (append, now) = after(&name, head, 1 + number % 3);
        let leaves = append.records.iter().map(|record| record.leaf()).collect();
        done.push((leaves, store.append(append).await.unwrap()));
        head = now;
    }
    done
}

/// Writes to a stream that the other nodes write to as well, and folds again when somebody was faster.
async fn rival(store: Postgres) -> Vec<Acknowledged> {
    let name = stream("nodes/shared");
    let (mut head, mut done): (Option<StreamHead>, _) = (None, Vec::new());
    while done.len() < APPENDS {
        let (append, now) = after(&name, head, 2);
        let leaves = append.records.iter().map(|record| record.leaf()).collect();
        match store.append(append).await {
            Ok(appended) => {
                done.push((leaves, appended));
                head = now;
            }
            Err(LogError::Conflict { found, .. }) => head = found,
            Err(other) => panic!("{other}"),
        }
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_write_one_tree_and_lose_nothing() {
    let Some(cluster) = shared("three_nodes_write_one_tree_and_lose_nothing") else { return };
    let url = cluster.database();
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(node(&url).await);
    }
    let mut work = Vec::new();
    for (number, store) in nodes.iter().enumerate() {
        for writer in 0..6 {
            work.push(tokio::spawn(alone(store.clone(), format!("nodes/{number}/{writer}"))));
        }
        work.push(tokio::spawn(rival(store.clone())));
    }
    let mut acknowledged = Vec::new();
    for one in work {
        acknowledged.extend(one.await.unwrap());
    }
    let head = nodes[0].head().await.unwrap();
    let mut indices = HashSet::new();
    for (leaves, appended) in &acknowledged {
        for ((leaf, proof), index) in leaves.iter().zip(&appended.proofs).zip(appended.first_index..) {
            verify_inclusion(leaf, index, appended.size, proof, &appended.root).unwrap();
            assert!(indices.insert(index), "{index} was acknowledged twice");
            assert_eq!(nodes[2].at(index).await.unwrap().unwrap().record.leaf(), *leaf);
        }
        let path = nodes[1].consistency(appended.size, head.size).await.unwrap();
        verify_consistency(appended.size, head.size, &appended.root, &head.root, &path).unwrap();
    }
    assert_eq!(indices.len() as u64, head.size, "records that nobody was told of");
    let mut names: Vec<String> =
        (0..3).flat_map(|number| (0..6).map(move |writer| format!("nodes/{number}/{writer}"))).collect();
    names.push("nodes/shared".to_owned());
    for name in &names {
        let read = nodes[0].read(&stream(name)).await.unwrap();
        assert!(read.windows(2).all(|pair| pair[0].index < pair[1].index), "{name} is out of order");
        let records: Vec<_> = read.iter().map(|item| item.record.clone()).collect();
        mingbai_evidence::chain::check(&records).unwrap();
    }
    assert_eq!(nodes[0].read(&stream("nodes/shared")).await.unwrap().len(), 3 * APPENDS * 2);
    // A node that starts now checks the whole tail against the tree.
    node(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_wish_sent_to_every_node_is_written_once() {
    let Some(cluster) = shared("one_wish_sent_to_every_node_is_written_once") else { return };
    let url = cluster.database();
    let mut work = Vec::new();
    for number in 0..12 {
        let store = node(&url).await;
        let (mut append, _) = after(&stream(&format!("wish/{number}")), None, 2);
        append.idempotency = Some("the same wish".to_owned());
        work.push(tokio::spawn(async move { store.append(append).await.unwrap() }));
    }
    let mut answers = HashSet::new();
    for one in work {
        let done = one.await.unwrap();
        answers.insert((done.stream, done.first_index, done.proofs.len()));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(node(&url).await.head().await.unwrap().size, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_piece_of_work_is_taken_by_two_nodes() {
    let Some(cluster) = shared("no_piece_of_work_is_taken_by_two_nodes") else { return };
    let url = cluster.database();
    let first = node(&url).await;
    for due_at_ms in 0..200 {
        let task = Task::OpenCallback { journey: JourneyId::new(fresh()) };
        first.put(OutboxItem { id: fresh(), due_at_ms, attempts: 0, task }).await.unwrap();
    }
    let mut work = Vec::new();
    for store in [first.clone(), first, node(&url).await, node(&url).await] {
        work.push(tokio::spawn(async move {
            let mut taken = Vec::new();
            for _ in 0..40 {
                let items = store.take_due(Lane::Quick, 1_000, 60_000, 7).await.unwrap();
                taken.extend(items.into_iter().map(|item| item.id));
            }
            taken
        }));
    }
    let mut taken = Vec::new();
    for one in work {
        taken.extend(one.await.unwrap());
    }
    assert_eq!(taken.iter().collect::<HashSet<_>>().len(), taken.len(), "something was taken twice");
    assert_eq!(taken.len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn six_digits_cannot_be_guessed_through_many_nodes() {
    let Some(cluster) = shared("six_digits_cannot_be_guessed_through_many_nodes") else { return };
    let url = cluster.database();
    let nodes = [node(&url).await, node(&url).await, node(&url).await];
    let (token, right) = (Digest::of(b"token"), Digest::of(b"right"));
    let link = Link {
        token,
        journey: JourneyId::new(fresh()),
        purpose: LinkPurpose::Ceremony,
        code: Some(right),
        tries_left: 5,
        created_at_ms: 0,
        expires_at_ms: 1_000,
    };
    nodes[0].add_link(link).await.unwrap();
    let mut work = Vec::new();
    for guess in 0..30_u8 {
        let store = nodes[usize::from(guess) % 3].clone();
        work.push(tokio::spawn(async move { store.try_link(token, Digest::of(&[guess]), 1).await.unwrap() }));
    }
    let mut left = Vec::new();
    for one in work {
        match one.await.unwrap() {
            LinkTry::Wrong { tries_left } => left.push(tries_left),
            LinkTry::Dead => {}
            LinkTry::Opened(_) => panic!("opened by a wrong code"),
        }
    }
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2, 3, 4]);
    assert_eq!(nodes[1].try_link(token, right, 1).await.unwrap(), LinkTry::Dead);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_nodes_makes_an_account_and_one_key_for_a_person() {
    let Some(cluster) = shared("one_of_many_nodes_makes_an_account_and_one_key_for_a_person") else { return };
    let url = cluster.database();
    let subject = fresh();
    let mut work = Vec::new();
    for number in 0..6_u8 {
        let store = Arc::new(node(&url).await);
        work.push(tokio::spawn(async move {
            let account = Account {
                login: Login::new("li.na").unwrap(),
                role: StaffRole::Consultant,
                display_name: format!("{number}"),
                branch: None,
                password_hash: String::new(),
                standing: Standing::Active,
            };
            let made = store.add_account(account).await.is_ok();
            store.seal(subject, "borrower.name", &[number], Salt::new([number; 32])).await.unwrap();
            usize::from(made)
        }));
    }
    let mut made = 0;
    for one in work {
        made += one.await.unwrap();
    }
    assert_eq!(made, 1);
    let store = node(&url).await;
    let all = store.list(subject).await.unwrap();
    assert_eq!(all.len(), 6, "every value can be read, so all lie under one key");
    store.forget(subject).await.unwrap();
    assert!(store.list(subject).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_remembers_is_never_taken_for_what_is() {
    let Some(cluster) = shared("what_a_node_remembers_is_never_taken_for_what_is") else { return };
    let url = cluster.database();
    let (here, there, name) = (node(&url).await, node(&url).await, stream("memory/1"));
    let (first, one) = after(&name, None, 1);
    here.append(first).await.unwrap();
    let (second, two) = after(&name, one, 1);
    there.append(second).await.unwrap();
    // This node remembers the first head, and so does this caller; the database knows better.
    let (late, _) = after(&name, one, 1);
    let refused = here.append(late).await;
    assert!(matches!(refused, Err(LogError::Conflict { found, .. }) if found == two), "{refused:?}");
    let (third, three) = after(&name, two, 1);
    assert_eq!(here.append(third).await.unwrap().first_index, 2);
    // The same with a stream that the other node has begun meanwhile.
    let (begun, _) = after(&name, None, 1);
    assert!(matches!(there.append(begun).await, Err(LogError::Conflict { found, .. }) if found == three));

    // The copy of the tree's edge is believed only where it leads to the root, whoever wrote or lost it.
    let mut conn = PgConnection::connect(&url).await.unwrap();
    let mut head = three;
    for edge in
        ["UPDATE tree SET edge = NULL", "UPDATE tree SET edge = sha256(edge)", "UPDATE tree SET edge = ''"]
    {
        sqlx::query(edge).execute(&mut conn).await.unwrap();
        for store in [&there, &here] {
            let (append, now) = after(&name, head, 1);
            let leaf = append.records[0].leaf();
            let done = store.append(append).await.unwrap();
            verify_inclusion(&leaf, done.first_index, done.size, &done.proofs[0], &done.root).unwrap();
            head = now;
        }
    }
}
