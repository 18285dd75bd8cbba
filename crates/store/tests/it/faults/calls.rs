//! Every call of the append path to the file system fails once, in each of its ways. Afterwards nothing acknowledged may be lost
//! and nothing half-written may be there.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Ended, Job, copied, quick, run, seeded, shim, verdict};

/// A way to fail, and whether everything after it fails too.
const KINDS: [(&str, bool); 7] = [
    ("eio", false),
    ("eio", true),
    ("enospc", false),
    ("enospc", true),
    ("short", false),
    ("kill", false),
    ("torn", false),
];

fn job(folder: &Path) -> Job<'_> {
    Job { folder, appends: 3, bytes: 700, synchronous: "full", tell: "after" }
}

/// How many calls a run makes when none fails.
fn calls(shim: &Path, folder: &Path, job: Job<'_>) -> usize {
    let counter = quick("count").join("count");
    let ended = run(Some(shim), job, &BTreeMap::from([("MB_COUNT", counter.display().to_string())]));
    assert_eq!(
        (ended.acks.len(), ended.failures),
        (2 * job.appends, 0),
        "nothing failed in {}",
        folder.display()
    );
    let count = usize::try_from(std::fs::metadata(&counter).unwrap().len()).unwrap();
    assert!(count > 20, "only {count} calls: the shim is not in between");
    std::fs::remove_dir_all(counter.parent().unwrap()).unwrap();
    count
}

fn fail(shim: &Path, job: Job<'_>, at: usize, kind: &str, sticky: bool) -> Ended {
    let variables = BTreeMap::from([
        ("MB_AT", at.to_string()),
        ("MB_KIND", kind.to_owned()),
        ("MB_STICKY", u8::from(sticky).to_string()),
    ]);
    run(Some(shim), job, &variables)
}

/// Lets call after call fail; how many runs there were, and in how many of them an append failed.
async fn every_call(
    shim: &'static Path,
    from: &Path,
    step: usize,
    kinds: &'static [(&str, bool)],
) -> (usize, usize) {
    let count = {
        let folder = copied(from, "calls");
        let count = calls(shim, &folder, job(&folder));
        std::fs::remove_dir_all(folder).unwrap();
        count
    };
    let plan: Vec<(usize, &str, bool)> = kinds
        .iter()
        .flat_map(|(kind, sticky)| (1..=count).step_by(step).map(|at| (at, *kind, *sticky)))
        .collect();
    let (mut work, mut failed) = (Vec::new(), 0);
    for part in plan.chunks(plan.len().div_ceil(2)) {
        let (part, from) = (part.to_vec(), from.to_path_buf());
        work.push(tokio::spawn(async move {
            let mut failed = 0;
            for (at, kind, sticky) in part {
                let folder = copied(&from, "calls");
                let job = job(&folder);
                let ended = tokio::task::block_in_place(|| fail(shim, job, at, kind, sticky));
                failed += usize::from(ended.acks.len() < 2 * job.appends);
                let verdict = verdict(&folder, &ended.acks).await;
                assert_eq!(verdict, Ok(()), "call {at} of {count}, {kind}, sticky {sticky}");
                std::fs::remove_dir_all(folder).unwrap();
            }
            failed
        }));
    }
    for part in work {
        failed += part.await.unwrap();
    }
    (plan.len(), failed)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_an_append_may_fail_in_every_way() {
    let Some(shim) = shim("every_call_of_an_append_may_fail_in_every_way") else { return };
    let from = seeded("calls-seed").await;
    let (runs, failed) = every_call(shim, &from, 1, &KINDS).await;
    println!("{runs} runs, {failed} with an append that was not acknowledged");
    assert!(failed > runs / 4, "the faults did not reach the appends: {failed} of {runs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_dies_while_it_is_made_can_be_made_again() {
    let Some(shim) = shim("a_store_that_dies_while_it_is_made_can_be_made_again") else { return };
    let from = quick("calls-empty");
    let (runs, failed) =
        every_call(shim, &from, 7, &[("kill", false), ("torn", false), ("enospc", true)]).await;
    assert!(failed > runs / 4, "{failed} of {runs}");
}

/// The negative control: a writer that acknowledges before the append is durable must be caught.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_acknowledges_too_early_is_caught() {
    let Some(shim) = shim("a_writer_that_acknowledges_too_early_is_caught") else { return };
    let from = seeded("calls-early").await;
    let folder = copied(&from, "calls-early");
    let count = calls(shim, &folder, job(&folder));
    let mut caught = 0;
    for at in (count / 2..count).step_by(5) {
        let folder = copied(&from, "calls-early");
        let job = Job { tell: "before", ..job(&folder) };
        let ended = tokio::task::block_in_place(|| fail(shim, job, at, "kill", false));
        caught += usize::from(verdict(&folder, &ended.acks).await.is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(caught > 0, "the harness does not see what it is there for");
}
