//! A process that appends without pause is really killed (SIGKILL). Every index that it reported as acknowledged must be there
//! afterwards, with the same leaf, and the tree must hold together.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};

use mingbai_desk::ports::Log;
use mingbai_evidence::Digest;

use crate::support::{after, folder, open, stream};

/// How often it is killed.
const ROUNDS: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let path = folder("kill");
    let mut acknowledged: Vec<(u64, Digest)> = Vec::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--ignored", "--nocapture", "--test-threads=1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{}\n{round}", path.display()).unwrap();
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

        let store = open(&path).await;
        let size = store.head().await.unwrap().size;
        assert!(size >= acknowledged.len() as u64);
        for (index, leaf) in &acknowledged {
            let found = store.at(*index).await.unwrap();
            assert_eq!(found.map(|item| item.record.leaf()), Some(*leaf), "record {index} of round {round}");
        }
    }
    assert!(acknowledged.len() > 200);
}

/// `ack <index> <leaf>`; a line that was cut by the kill is not one.
fn acknowledgement(line: &str) -> Option<(u64, Digest)> {
    let (index, leaf) = line.rsplit_once("ack ")?.1.split_once(' ')?;
    Some((index.parse().ok()?, leaf.parse().ok()?))
}

/// The process that is killed. Started by the test above, with its folder on standard input.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test that kills it"]
async fn child() {
    let mut told = String::new();
    std::io::stdin().read_to_string(&mut told).unwrap();
    let Some((path, round)) = told.trim().split_once('\n') else { return };
    let store = open(std::path::Path::new(path)).await;
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
