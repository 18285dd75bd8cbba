//! A sync that fails once: whatever the system kept or threw away then, nothing may be acknowledged afterwards by the same process,
//! and the next process finds everything that was acknowledged before. For the log, and for documents in a folder.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use mingbai_desk::ports::{Attachments, Holder};
use mingbai_evidence::Digest;
use mingbai_store::Documents;

use super::{Job, copied, quick, run, seeded, shim, verdict};
use crate::support::{Counter, open};

fn job(folder: &Path) -> Job<'_> {
    Job { folder, appends: 6, bytes: 300, synchronous: "full", tell: "after" }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_sync_the_log_acknowledges_nothing_more() {
    let Some(shim) = shim("after_a_failed_sync_the_log_acknowledges_nothing_more") else { return };
    let from = seeded("sync-seed").await;
    let (mut stopped, mut clean) = (0, 0);
    // Call after call, until there is none left to fail.
    for at in 1..40 {
        let folder = copied(&from, "sync");
        let variables = BTreeMap::from([("MB_SYNC_AT", at.to_string())]);
        let ended = tokio::task::block_in_place(|| run(Some(shim), job(&folder), &variables));
        assert_eq!(ended.acks_after, 0, "sync {at} failed, and the process went on");
        assert_eq!(verdict(&folder, &ended.acks).await, Ok(()), "sync {at}");
        stopped += usize::from(ended.failures > 0 && !ended.acks.is_empty());
        clean += usize::from(ended.failures == 0);
        std::fs::remove_dir_all(folder).unwrap();
        if clean > 1 {
            break;
        }
    }
    assert!(stopped >= 4 && clean > 1, "{stopped} runs stopped half-way, {clean} had no sync to fail");

    // The control: another failure that passes (a full disk) is seen to be followed by acknowledgements.
    let mut went_on = 0;
    for at in 1..30 {
        let folder = copied(&from, "sync-control");
        let variables = BTreeMap::from([("MB_AT", at.to_string()), ("MB_KIND", "enospc".to_owned())]);
        let ended = tokio::task::block_in_place(|| run(Some(shim), job(&folder), &variables));
        went_on += usize::from(ended.acks_after > 0);
        std::fs::remove_dir_all(folder).unwrap();
    }
    std::fs::remove_dir_all(from).unwrap();
    assert!(went_on > 0, "the harness does not see a process that goes on");
}

/// Keeps documents, each tried twice, and says what became of them.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the tests that make it fail"]
async fn keeper() {
    let folder = std::env::var_os("MB_PREFIX").unwrap();
    let folder = Path::new(&folder);
    // The vault lies elsewhere: its syncs are not the ones that fail here.
    let beside = quick("keeper-vault");
    let vault = Arc::new(open(&beside).await);
    let documents = match Documents::folder(folder, vault, Arc::new(Counter::default())) {
        Ok(documents) => documents,
        Err(error) => return println!("failed {error}"),
    };
    for text in ["first", "first", "second", "second", "third"] {
        match documents.put(Holder::Public, text.as_bytes().to_vec(), "text/plain").await {
            Ok(kept) => println!("kept {}", kept.sha256),
            Err(error) => println!("failed {error}"),
        }
    }
    std::fs::remove_dir_all(beside).unwrap();
}

fn keep(shim: &Path, folder: &Path, variables: &[(&str, String)]) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "faults::sync::keeper", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("LD_PRELOAD", shim).env("MB_PREFIX", folder).envs(variables.iter().map(|(k, v)| (k, v)));
    let out = command.stderr(Stdio::null()).output().unwrap();
    let out = String::from_utf8(out.stdout).unwrap();
    let told = |line: &str| {
        ["kept ", "failed "].iter().find_map(|mark| line.find(mark).map(|at| line[at..].to_owned()))
    };
    out.lines().filter_map(told).collect()
}

/// The paths that were synced, from the shim's trace.
fn synced(trace: &Path) -> Vec<String> {
    let bytes = std::fs::read(trace).unwrap();
    let calls = super::power::calls(&bytes);
    calls.into_iter().filter(|call| call.op == b's').map(|call| call.path).collect()
}

#[test]
fn after_a_failed_sync_no_document_is_acknowledged() {
    let Some(shim) = shim("after_a_failed_sync_no_document_is_acknowledged") else { return };
    let (mut stopped, mut at) = (0, 1);
    loop {
        let folder = quick("sync-documents");
        let told = keep(shim, &folder, &[("MB_SYNC_AT", at.to_string())]);
        let Some(failed) = told.iter().position(|line| line.starts_with("failed ")) else {
            assert_eq!(told.len(), 5, "{told:?}");
            std::fs::remove_dir_all(folder).unwrap();
            break;
        };
        assert!(told[failed..].iter().all(|line| line.starts_with("failed ")), "sync {at}: {told:?}");
        stopped += 1;
        at += 1;
        std::fs::remove_dir_all(folder).unwrap();
    }
    assert!(stopped >= 6, "only {stopped} syncs for three documents in new folders");
    // The control: a full disk is no reason to stop.
    let folder = quick("sync-full");
    let told = keep(shim, &folder, &[("MB_AT", "2".to_owned()), ("MB_KIND", "enospc".to_owned())]);
    assert!(told.iter().any(|line| line.starts_with("failed ")), "{told:?}");
    assert!(told.last().unwrap().starts_with("kept "), "{told:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_document_that_is_there_is_acknowledged_only_when_its_name_is_on_the_disk() {
    let Some(shim) = shim("a_document_that_is_there_is_acknowledged") else { return };
    let folder = quick("sync-names");
    // As somebody left it who died between giving the name and syncing it.
    let digest = Digest::of(b"first").to_string();
    let place = folder.join(&digest[..2]);
    std::fs::create_dir_all(&place).unwrap();
    std::fs::File::create(place.join(&digest)).unwrap().write_all(b"first").unwrap();
    let trace = quick("sync-trace").join("trace");
    let told = keep(shim, &folder, &[("MB_TRACE", trace.display().to_string())]);
    assert!(told.iter().all(|line| line.starts_with("kept ")), "{told:?}");
    let synced = synced(&trace);
    for path in [folder.clone(), place.clone(), place.join(&digest)] {
        assert!(
            synced.contains(&path.display().to_string()),
            "{} was never synced: {synced:?}",
            path.display()
        );
    }
    // A new document in a new folder: the folder's own name and the document's.
    let second = folder.join(&Digest::of(b"second").to_string()[..2]);
    assert!(synced.contains(&second.display().to_string()), "{synced:?}");
    for path in [folder.as_path(), trace.parent().unwrap()] {
        std::fs::remove_dir_all(path).unwrap();
    }
}
