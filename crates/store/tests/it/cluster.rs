//! A private PostgreSQL for the tests: Debian's own programs, a temporary folder, a socket instead of a port. A guardian process
//! stops it and removes the folder when this process is gone, however it went.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Where Debian keeps the server's programs, one folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Set where a missing server is a failure.
const REQUIRE: &str = "MINGBAI_REQUIRE_POSTGRES";

/// A running server of our own.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    root: bool,
    guardian: Child,
}

/// The server that most tests share, or nothing where PostgreSQL is not installed; the test then says so and ends.
pub fn shared(test: &str) -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let found = SHARED.get_or_init(|| programs().map(|bin| Cluster::start(bin, &[]))).as_ref();
    missing(test, found.is_none());
    found
}

/// A server of the test's own, to be killed or set wrongly.
pub fn private(test: &str, settings: &[&str]) -> Option<Cluster> {
    let bin = programs();
    missing(test, bin.is_none());
    bin.map(|bin| Cluster::start(bin, settings))
}

fn missing(test: &str, missing: bool) {
    if missing {
        let needed = std::env::var_os(REQUIRE).is_some_and(|value| value == "1");
        assert!(!needed, "{REQUIRE}=1, but there is no PostgreSQL under {VERSIONS}");
        // Not `eprintln!`, which the test harness would keep to itself.
        let line = format!("SKIPPED {test}: no PostgreSQL under {VERSIONS} (apt-get install postgresql)\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}

/// The programs of the newest version.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?.filter_map(Result::ok);
    let numbered = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let bin = entry.path().join("bin");
        ["initdb", "pg_ctl", "createdb"].iter().all(|name| bin.join(name).exists()).then_some((version, bin))
    });
    numbered.max().map(|(_, bin)| bin)
}

impl Cluster {
    fn start(bin: PathBuf, settings: &[&str]) -> Cluster {
        let id = Command::new("id").arg("-u").output().unwrap();
        let root = id.stdout.trim_ascii() == b"0";
        let folder = run(user(root, Path::new("mktemp")).args(["-d", "/tmp/mingbai-pg-XXXXXX"]));
        let folder = PathBuf::from(String::from_utf8(folder.stdout).unwrap().trim());
        let guardian = guardian(root, &bin, &folder);
        let cluster = Cluster { bin, folder, root, guardian };
        let initdb = |collation: &[&str]| {
            let mut command = cluster.program("initdb");
            command.args(["--no-sync", "--auth=trust", "--username=mingbai", "--encoding=UTF8"]);
            command.args(["--locale=C.UTF-8"]).args(collation).arg("-D").arg(cluster.data());
            command.output().unwrap().status.success()
        };
        // A collation that differs from the order of bytes, where the version has one: the store may not depend on it.
        let made = initdb(&["--locale-provider=icu", "--icu-locale=en-US"]) || initdb(&[]);
        assert!(made, "initdb failed in {}", cluster.folder.display());
        cluster.go(settings);
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        user(self.root, &self.bin.join(name))
    }

    /// Starts the server, again if it was stopped or killed.
    pub fn go(&self, settings: &[&str]) {
        let mut options = format!("-k {} -c listen_addresses= -c max_connections=200", self.folder.display());
        for setting in settings {
            options.push_str(&format!(" -c {setting}"));
        }
        // A server that was killed may hold its shared memory for a moment longer.
        for _ in 0..20 {
            let mut command = self.program("pg_ctl");
            command.args(["start", "-w", "-t", "60", "-s", "-o", &options]).arg("-D").arg(self.data());
            command.arg("-l").arg(self.folder.join("log"));
            if command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(250));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("the server does not start: {log}");
    }

    /// Kills the server's first process (SIGKILL); the others follow it by themselves.
    pub fn kill(&self) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        run(Command::new("kill").args(["-9", pid.lines().next().unwrap()]));
    }

    /// Stops the server without a checkpoint: the next start recovers from the journal.
    pub fn stop_at_once(&self) {
        run(self.program("pg_ctl").args(["stop", "-m", "immediate", "-s", "-D"]).arg(self.data()));
    }

    /// The folder with the server's socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// A new empty database, by its address.
    pub fn database(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.named_database(&name)
    }

    /// A new empty database with this name.
    pub fn named_database(&self, name: &str) -> String {
        run(self.program("createdb").args(["-U", "mingbai", "-h"]).arg(&self.folder).arg(name));
        format!("postgres://mingbai@localhost/{name}?host={}", self.folder.display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        let _ = self.guardian.wait();
    }
}

/// PostgreSQL refuses to run as root, so root lends itself to the user that Debian made for it.
fn user(root: bool, program: &Path) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}

/// Waits for the end of its standard input, which is the end of this process, then cleans up.
fn guardian(root: bool, bin: &Path, folder: &Path) -> Child {
    let mut command = user(root, Path::new("sh"));
    command.args(["-c", r#"cat; "$1/pg_ctl" stop -m immediate -s -D "$2/data"; rm -rf "$2""#, "guardian"]);
    command.arg(bin).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own, so that an interrupt from the keyboard does not stop it before its work.
    command.process_group(0).spawn().unwrap()
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
