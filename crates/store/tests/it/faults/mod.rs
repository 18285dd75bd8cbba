//! Faults of the file system, made by a library that stands between a child process and the disk (`tests/faults/shim.c`): calls
//! that fail, processes that die in the middle of one, and power cuts that take what was not synced.

mod calls;
mod power;
mod sync;
mod world;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use mingbai_desk::ports::Log;
use mingbai_evidence::Digest;
use mingbai_store::Sqlite;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};

use crate::fsck::checked;
use crate::support::{Counter, after, master, open, stream};

/// An acknowledged record.
type Ack = (u64, Digest);

/// The library, compiled once; nothing where there is no C compiler or no preloading. The test then says so and ends.
fn shim(test: &str) -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
        let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("shim-{}.so", std::process::id()));
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&out).arg(source);
        let made = cfg!(target_os = "linux")
            && cc.args(["-ldl", "-lpthread"]).status().is_ok_and(|status| status.success());
        made.then_some(out)
    });
    if built.is_none() {
        let line = format!(
            "SKIPPED {test}: needs Linux and a C compiler called cc (apt-get install gcc libc6-dev)\n"
        );
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    built.as_deref()
}

/// A new empty folder, in memory where that can be had: the faults are the shim's, and a real disk would only be slow.
fn quick(name: &str) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let base = Path::new("/dev/shm");
    let base = if base.is_dir() { base } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
    let path = base.join(format!("mingbai-{name}-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// What the child is to do.
#[derive(Clone, Copy)]
struct Job<'a> {
    folder: &'a Path,
    /// Appends of two records each.
    appends: usize,
    /// Bytes of text in each record.
    bytes: usize,
    /// `full`, `normal` or `off`.
    synchronous: &'a str,
    /// `after` or, for a harness that must notice it, `before` the append is durable.
    tell: &'a str,
}

/// What became of the child.
struct Ended {
    acks: Vec<Ack>,
    failures: usize,
    /// Acknowledgements after the first failure.
    acks_after: usize,
}

/// Runs a child with the job and these variables of the shim.
fn run(shim: Option<&Path>, job: Job<'_>, variables: &BTreeMap<&str, String>) -> Ended {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "faults::child", "--ignored", "--nocapture", "--test-threads=1"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some(shim) = shim {
        command.env("LD_PRELOAD", shim).env("MB_PREFIX", job.folder).envs(variables);
    }
    let mut child = command.spawn().unwrap();
    let Job { folder, appends, bytes, synchronous, tell } = job;
    let told = format!("{}\n{appends}\n{bytes}\n{synchronous}\n{tell}\n", folder.display());
    child.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.wait().unwrap();
    Ended {
        acks: out.lines().filter_map(ack).collect(),
        failures: out.lines().filter(|line| line.contains("failed ")).count(),
        acks_after: out
            .lines()
            .skip_while(|line| !line.contains("failed "))
            .filter(|line| ack(line).is_some())
            .count(),
    }
}

/// `ack <index> <leaf>`; a line that was cut is not one.
fn ack(line: &str) -> Option<Ack> {
    let (index, leaf) = line.rsplit_once("ack ")?.1.split_once(' ')?;
    Some((index.parse().ok()?, leaf.trim_end().parse().ok()?))
}

/// The process that things happen to. It goes on after an error, as a server does.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the tests that make it fail"]
async fn child() {
    let mut told = String::new();
    std::io::stdin().read_to_string(&mut told).unwrap();
    let words: Vec<&str> = told.lines().collect();
    let [folder, appends, bytes, synchronous, tell] = words[..] else { return };
    let synchronous = match synchronous {
        "normal" => SqliteSynchronous::Normal,
        "off" => SqliteSynchronous::Off,
        _ => SqliteSynchronous::Full,
    };
    let folder = Path::new(folder);
    let file = folder.join("mingbai.db");
    let store =
        match Sqlite::open_synchronous(&file, master(), Arc::new(Counter::default()), synchronous).await {
            Ok(store) => store,
            Err(error) => return println!("failed {error}"),
        };
    let mut acks = (tell == "file").then(|| std::fs::File::create(folder.join("acks")).unwrap());
    let text = "x".repeat(bytes.parse().unwrap());
    let name = stream(&format!("child/{}", std::process::id()));
    for _ in 0..appends.parse().unwrap() {
        // What happened to an append that failed is not known: the stream is asked, as the desk does it.
        let Ok(read) = store.read(&name).await else { continue };
        let head = read.last().map(|item| item.record.head());
        let first = crate::support::next(&name, head, &text);
        let second = crate::support::next(&name, Some(first.head()), "second");
        let leaves = [first.leaf(), second.leaf()];
        if tell == "before" {
            let index = store.head().await.unwrap().size;
            println!("ack {index} {}", leaves[0]);
        }
        let append = mingbai_desk::ports::Append::of(name.clone(), head, vec![first, second]);
        match store.append(append).await {
            Ok(done) => {
                for (leaf, index) in leaves.iter().zip(done.first_index..) {
                    println!("ack {index} {leaf}");
                    if let Some(file) = &mut acks {
                        file.write_all(format!("ack {index} {leaf}\n").as_bytes()).unwrap();
                    }
                }
            }
            Err(error) => println!("failed {error}"),
        }
    }
}

/// Opens what is left, without the shim, and says what does not hold: every acknowledged record at its place, everything
/// consistent, and the log goes on.
async fn verdict(folder: &Path, acks: &[Ack]) -> Result<(), String> {
    let file = folder.join("mingbai.db");
    let store = Sqlite::open(&file, master(), Arc::new(Counter::default())).await;
    let store = store.map_err(|e| format!("does not open: {e}"))?;
    for (index, leaf) in acks {
        let found = store.at(*index).await.map_err(|e| e.to_string())?.map(|item| item.record.leaf());
        if found != Some(*leaf) {
            return Err(format!("acknowledged record {index} is lost or another one"));
        }
    }
    let report = checked(folder).await;
    if !report.holds() {
        return Err(format!("{:?}", report.findings.told()));
    }
    let (append, _) = after(&stream(&format!("afterwards/{}", report.records)), None, 1);
    let done = store.append(append).await.map_err(|e| e.to_string())?;
    (done.first_index == report.records)
        .then_some(())
        .ok_or_else(|| "the log did not go on at its end".to_owned())
}

/// A folder with a store in it that was opened once and holds a few records.
async fn seeded(name: &str) -> PathBuf {
    let folder = quick(name);
    let store = open(&folder).await;
    let (append, _) = after(&stream("before"), None, 3);
    store.append(append).await.unwrap();
    drop(store);
    closed(&folder).await;
    folder
}

/// Waits until the last connection is gone, which happens behind the back of whoever dropped the store; a copy made meanwhile would
/// meet a file that is listed and no longer there. A reading connection that goes last cannot fold the journal in: it is done here, so
/// that every copy begins alike.
async fn closed(folder: &Path) {
    let file = folder.join("mingbai.db");
    for _ in 0..3_000 {
        if !is_open(&file) {
            if folder.join("mingbai.db-wal").exists() {
                let options = SqliteConnectOptions::new().filename(&file);
                SqliteConnection::connect_with(&options).await.unwrap().close().await.unwrap();
            }
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the store of {} did not close within half a minute", folder.display());
}

/// Whether this process holds a file open, or one whose name goes on behind it (Linux, as everything here).
fn is_open(file: &Path) -> bool {
    let name = file.as_os_str().as_encoded_bytes();
    let held = std::fs::read_dir("/proc/self/fd").unwrap();
    held.filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok())
        .any(|path| path.as_os_str().as_encoded_bytes().starts_with(name))
}

fn copied(from: &Path, name: &str) -> PathBuf {
    let to = quick(name);
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    to
}
