//! Processes that append without pause are really killed (SIGKILL): a node on either store, and the database server itself.
//! Every index that was acknowledged must be there afterwards, with the same leaf, and the tree must hold together.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use mingbai_desk::ports::{Log, LogError};
use mingbai_evidence::Digest;
use mingbai_store::fsck::{Place, fsck};

use crate::cluster::{private, shared};
use crate::fsck::Quiet;
use crate::support::{after, folder, node, open, stream};

/// How often it is killed.
const ROUNDS: u64 = 5;

/// The store at a folder or at an address of PostgreSQL.
async fn store_at(place: &str) -> Arc<dyn Log> {
    match place.starts_with("postgres://") {
        true => Arc::new(node(place).await),
        false => Arc::new(open(Path::new(place)).await),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    kills_a_node(&folder("kill").display().to_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_a_node_on_postgres_is_killed() {
    let test = "nothing_acknowledged_is_lost_when_a_node_on_postgres_is_killed";
    let Some(cluster) = shared(test) else { return };
    let url = cluster.database();
    // Another node goes on all the time; what the dying ones leave locked must not stop it.
    let (other, stop) = (node(&url).await, Arc::new(AtomicBool::new(false)));
    let survivor = tokio::spawn({
        let stop = stop.clone();
        async move {
            let (name, mut head, mut count) = (stream("survivor"), None, 0_usize);
            while !stop.load(Ordering::Relaxed) {
                let (append, now) = after(&name, head, 1);
                let waited = tokio::time::timeout(Duration::from_secs(20), other.append(append)).await;
                waited.expect("the surviving node stands still").unwrap();
                (head, count) = (now, count + 1);
            }
            count
        }
    });
    kills_a_node(&url).await;
    stop.store(true, Ordering::Relaxed);
    let count = survivor.await.unwrap();
    let read = node(&url).await.read(&stream("survivor")).await.unwrap();
    assert!(count > 20 && read.len() == count, "{count} acknowledged, {} there", read.len());
}

async fn kills_a_node(place: &str) {
    let mut acknowledged: Vec<(u64, Digest)> = Vec::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--ignored", "--nocapture", "--test-threads=1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{place}\n{round}").unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Killed at another moment in every round.
        let enough = acknowledged.len() + 40 + 23 * usize::try_from(round).unwrap();
        for line in &mut lines {
            acknowledged.extend(acknowledgement(&line.unwrap()));
            if acknowledged.len() >= enough {
                break;
            }
        }
        child.kill().unwrap();
        // What it still said before it died counts too.
        for line in lines.map_while(Result::ok) {
            acknowledged.extend(acknowledgement(&line));
        }
        assert!(!child.wait().unwrap().success());

        let store = store_at(place).await;
        let size = store.head().await.unwrap().size;
        assert!(size >= acknowledged.len() as u64);
        for (index, leaf) in &acknowledged {
            let found = store.at(*index).await.unwrap();
            assert_eq!(found.map(|item| item.record.leaf()), Some(*leaf), "record {index} of round {round}");
        }
    }
    assert!(acknowledged.len() > 60);
}

/// What the callers of a node were told, while the server under it was killed.
type Told = Vec<(u64, Digest, String)>;

/// Appends without pause under idempotency keys, and repeats under the same key what failed, until it is told to stop.
async fn stubborn(
    log: Arc<dyn Log>,
    name: String,
    stop: Arc<AtomicBool>,
    failures: Arc<AtomicUsize>,
) -> Told {
    let stream = stream(&name);
    let (mut head, mut told) = (None, Told::new());
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let (mut append, now) = after(&stream, head, 1);
        let key = format!("{name}/{number}");
        append.idempotency = Some(key.clone());
        let leaf = append.records[0].leaf();
        let index = loop {
            match log.append(append.clone()).await {
                Ok(done) => break done.first_index,
                Err(LogError::Io(_)) => failures.fetch_add(1, Ordering::Relaxed),
                Err(other) => panic!("{key}: {other}"),
            };
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        told.push((index, leaf, name.clone()));
        head = now;
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let test = "nothing_acknowledged_is_lost_when_the_server_is_killed";
    let Some(cluster) = private(test, &[]) else { return };
    let url = cluster.database();
    let (stop, failures) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut work = Vec::new();
    for number in 0..2 {
        let log: Arc<dyn Log> = Arc::new(node(&url).await);
        for writer in 0..6 {
            let name = format!("server/{number}/{writer}");
            work.push(tokio::spawn(stubborn(log.clone(), name, stop.clone(), failures.clone())));
        }
    }
    for round in 0..4 {
        tokio::time::sleep(Duration::from_millis(400 + 130 * round)).await;
        // The programs are waited for in this thread; the nodes go on in the others.
        tokio::task::block_in_place(|| match round % 2 {
            0 => cluster.kill(),
            _ => cluster.stop_at_once(),
        });
        tokio::task::block_in_place(|| cluster.go(&[]));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    let mut told = Told::new();
    for one in work {
        told.extend(one.await.unwrap());
    }
    // A node that starts now checks the end of the log against the tree.
    let store = node(&url).await;
    let indices: HashSet<u64> = told.iter().map(|(index, ..)| *index).collect();
    assert_eq!(indices.len(), told.len(), "one place was acknowledged twice");
    for (index, leaf, name) in &told {
        let found = store
            .at(*index)
            .await
            .unwrap()
            .map(|item| (item.record.leaf(), item.record.stream().to_string()));
        assert_eq!(found, Some((*leaf, name.clone())), "record {index}");
    }
    // Everything that the server kept is derived again from its bytes.
    let report = fsck(Place::Server(&url), &[], None, &Quiet::default()).await.unwrap();
    assert!(report.holds(), "{:?}", report.findings.told());
    assert_eq!(report.records, told.len() as u64);
    // Every append was repeated until it was acknowledged, so there may be no record that was not.
    assert_eq!(store.head().await.unwrap().size, told.len() as u64, "written twice, or never acknowledged");
    // Enough to have been killed in the middle of work, on a machine that is busy with other things too.
    assert!(told.len() > 60, "only {} appends, {} failures", told.len(), failures.load(Ordering::Relaxed));
}

/// `ack <index> <leaf>`; a line that was cut by the kill is not one.
fn acknowledgement(line: &str) -> Option<(u64, Digest)> {
    let (index, leaf) = line.rsplit_once("ack ")?.1.split_once(' ')?;
    Some((index.parse().ok()?, leaf.parse().ok()?))
}

/// The process that is killed. Started by the test above, with its folder or address on standard input.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test that kills it"]
async fn child() {
    let mut told = String::new();
    std::io::stdin().read_to_string(&mut told).unwrap();
    let Some((place, round)) = told.trim().split_once('\n') else { return };
    let store = store_at(place).await;
    let mut work = Vec::new();
    for writer in 0..8 {
        let (store, name) = (store.clone(), stream(&format!("kill/{round}/{writer}")));
        work.push(tokio::spawn(async move {
            let mut head = None;
            loop {
                let (append, now) = after(&name, head, 2);
                let leaves: Vec<Digest> = append.records.iter().map(|record| record.leaf()).collect();
                let done = store.append(append).await.unwrap();
                for (leaf, index) in leaves.iter().zip(done.first_index..) {
                    println!("ack {index} {leaf}");
                }
                head = now;
            }
        }));
    }
    // They never end by themselves; one that fails ends the process without having been killed for the right reason.
    if let Some(writer) = work.pop() {
        writer.await.unwrap();
    }
}
