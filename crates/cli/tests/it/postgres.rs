//! The program on PostgreSQL: accounts, keys, checks, backups with the server's own tools and the way back.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::http::get;
use crate::played::copy;
use crate::run::{Ran, ended, folder};
use crate::serve::{at, served};

/// A PostgreSQL of the test's own, or nothing where there is none.
struct Server {
    folder: PathBuf,
    bin: PathBuf,
}

impl Server {
    /// A running server, or nothing where there is none; then it is said that the test was SKIPPED.
    fn start(test: &str) -> Option<Self> {
        let started = Self::begin();
        if started.is_none() {
            let required = std::env::var_os("MINGBAI_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
            assert!(!required, "PostgreSQL cannot be started for {test}");
            eprintln!("SKIPPED {test}: no PostgreSQL under /usr/lib/postgresql, or it does not start");
        }
        started
    }

    fn begin() -> Option<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
        let bin = versions.map(|entry| entry.path().join("bin")).find(|bin| bin.join("initdb").exists())?;
        let folder = std::env::temp_dir().join(format!("mingbai-cli-pg-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).ok()?;
        let server = Server { folder, bin };
        if server.user("id").arg("-u").output().ok()?.stdout.starts_with(b"0") {
            return None;
        }
        Command::new("chown").arg("postgres").arg(&server.folder).output().ok()?;
        let data = server.folder.join("data");
        let made = server
            .user(server.bin.join("initdb").to_str()?)
            .args(["-U", "mingbai", "-A", "trust", "-D"])
            .arg(&data)
            .output();
        let options = format!("-k {} -c listen_addresses=", server.folder.display());
        let mut start = server.user(server.bin.join("pg_ctl").to_str()?);
        start
            .args(["start", "-w", "-s", "-o", &options, "-l"])
            .arg(server.folder.join("log"))
            .arg("-D")
            .arg(&data);
        let start = start.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status();
        (made.ok()?.status.success() && start.ok()?.success()).then_some(server)
    }

    /// A command as the server's own user, where this is root.
    fn user(&self, name: &str) -> Command {
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0"));
        let mut command = Command::new(if root { "setpriv" } else { "env" });
        if root {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
        }
        command.arg(name).current_dir("/");
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(program) = self.bin.join("pg_ctl").to_str() {
            let _ = self
                .user(program)
                .args(["stop", "-m", "immediate", "-s", "-D"])
                .arg(self.folder.join("data"))
                .status();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A database of the server, in the form of a setting; its password is a trap for everything that is shown.
fn url(server: &Server, name: &str) -> String {
    format!("postgres://mingbai:SECRET@localhost/{name}?host={}", server.folder.display())
}

fn on(dir: &Path, url: &str, arguments: &[&str]) -> Ran {
    let mut command = at(dir);
    let ran = ended(command.env("MINGBAI_DATABASE_URL", url).args(arguments).output().unwrap());
    assert!(!ran.told().contains("SECRET"), "{}", ran.told());
    ran
}

#[test]
fn accounts_keys_and_fsck_work_on_postgres_and_no_password_is_shown() {
    let Some(server) = Server::start("accounts_keys_and_fsck_work_on_postgres") else { return };
    let dir = folder("postgres_accounts");
    let url = url(&server, "postgres");
    let run = |arguments: &[&str]| on(&dir, &url, arguments);
    let made = run(&["account", "add", "admin", "--role", "admin", "--name", "管理员"]);
    assert_eq!(made.code, 0, "{}", made.told());
    assert!(!dir.join("mingbai.db").exists(), "it went into SQLite");
    assert_eq!(run(&["account", "add", "admin", "--role", "admin", "--name", "管理员"]).code, 2);
    assert!(run(&["account", "list"]).out.contains("admin"));
    assert_eq!(run(&["key", "add", "core"]).code, 0);
    let ran = run(&["fsck"]);
    assert!(ran.code == 0 && ran.out.contains("Everything holds."), "{}", ran.told());
    assert!(run(&["config"]).out.contains("postgres://mingbai:***@localhost/postgres?host="));
    // The flag wins over the variable; an address that leads nowhere is an error and not an empty store.
    let ran = run(&["fsck", "--database", "postgres://u:SECRET@127.0.0.1:1/x"]);
    assert_eq!(ran.code, 3, "{}", ran.told());

    // Something in the log, and a checkpoint that a server published.
    let ran = run(&["key", "rotate-log"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let mut command = at(&dir);
    command.env("MINGBAI_DATABASE_URL", &url);
    let live = served(command);
    assert_eq!(get(&live.address, "/log/checkpoint").0, 200);
    // A node that is running would go on wrapping keys under the old master key.
    let other = on(&copied_keys(&dir), &url, &["key", "rotate-master"]);
    assert!(other.code == 3 && other.err.contains("other programs"), "{}", other.told());
    backup_and_back(&server, &dir, &url);
    drop(live);
    let ran = run(&["key", "rotate-master"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
}

/// The data folder of a second node.
fn copied_keys(dir: &Path) -> PathBuf {
    let other = folder("postgres_node");
    copy(&dir.join("keys"), &other.join("keys"));
    other
}

fn backup_and_back(server: &Server, dir: &Path, from: &str) {
    let base = folder("postgres_backup");
    let backup = base.join("b").display().to_string();
    let made = on(dir, from, &["backup", "--to", &backup, "--with-keys"]);
    assert!(made.code == 0 && made.err.contains("table public.record"), "{}", made.told());
    assert!(base.join("b/mingbai.dump").is_file());
    let to = url(server, "other");
    let created = server.user(server.bin.join("createdb").to_str().unwrap());
    let mut created = created;
    created.args(["-U", "mingbai", "-h"]).arg(&server.folder).arg("other");
    assert!(created.status().unwrap().success());
    let into = |dir: &str, url: &str| on(&base.join(dir), url, &["restore", "--from", &backup]);
    let wrong = ended(at(&base.join("file")).args(["restore", "--from", &backup]).output().unwrap());
    assert!(wrong.code == 2 && wrong.err.contains("PostgreSQL"), "{}", wrong.told());
    let full = into("full", from);
    assert!(full.code == 2 && full.err.contains("not empty"), "{}", full.told());
    let back = into("back", &to);
    assert!(
        back.code == 0 && back.out.contains("Everything holds.") && back.out.contains("rollback guard"),
        "{}",
        back.told()
    );
    let compared = back.out.lines().find(|line| line.contains("published checkpoints compared")).unwrap();
    assert!(!compared.trim_end().ends_with(" 0"), "{compared}");
    assert!(on(&base.join("back"), &to, &["account", "list"]).out.contains("admin"));
    assert!(!base.join("back/mingbai.dump").exists(), "the dump was left behind");

    // A mark that the database does not reach: its backup would pass for the newest.
    std::fs::write(base.join("back/highest-signed"), format!("99 {}\n", "ab".repeat(32))).unwrap();
    let old = on(&base.join("back"), &to, &["backup", "--to", &base.join("old").display().to_string()]);
    assert!(old.code == 1 && old.err.contains("99 were signed here"), "{}", old.told());
    assert!(!base.join("old").exists());
}
