//! A real server on a real socket: it starts on an empty folder, answers, stops when told, and guards its folder.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::run::{Ran, ended, folder, program, root};

/// A server of one test; killed when the test ends, whatever happens.
pub struct Served {
    child: Child,
    pub address: String,
    told: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn at(dir: &Path) -> Command {
    let mut command = program();
    command.env("MINGBAI_DIR", dir).env("MINGBAI_LANG", "en");
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Ran {
    finished(at(dir).args(arguments))
}

/// Runs a command that should end by itself. A server that starts although it should not is ended after a while, so that the
/// test fails instead of waiting for ever.
fn finished(command: &mut Command) -> Ran {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = child.id().to_string();
    let (done, waiting) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if waiting.recv_timeout(Duration::from_secs(30)) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &pid]).status();
        }
    });
    let output = child.wait_with_output().unwrap();
    drop(done);
    watch.join().unwrap();
    ended(output)
}

/// Starts a server and reads what it says until it is ready.
fn serve(dir: &Path) -> Served {
    served(at(dir))
}

/// [`serve`] with settings of the test's own.
pub fn served(mut command: Command) -> Served {
    command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut told = String::new();
    while !told.contains("Press Ctrl-C") {
        if lines.read_line(&mut told).unwrap() == 0 {
            let mut err = String::new();
            child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            panic!("the server ended: {told}{err}");
        }
    }
    let url = told.split("http://").nth(1).unwrap().lines().next().unwrap();
    // The rest of its output must be read, or the pipe would break under it.
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    Served { child, address: url.to_owned(), told }
}

pub fn ask(address: &str, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn stop(mut served: Served) -> i32 {
    let pid = served.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    served.child.wait().unwrap().code().unwrap_or(-1)
}

#[test]
fn it_starts_on_an_empty_folder_answers_and_stops_when_told() {
    let dir = folder("serve_empty").join("data");
    let served = serve(&dir);
    assert!(served.told.contains("there is no staff account yet"), "{}", served.told);
    assert!(served.told.contains("there is no product yet"), "{}", served.told);
    let answer = ask(&served.address, "/api/v1/permit-key", "");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Ed25519"), "{answer}");
    assert!(ask(&served.address, "/staff/sign-in", "").starts_with("HTTP/1.1 200"));
    for key in ["master.key", "log.key", "permits.key"] {
        let mode = std::fs::metadata(dir.join("keys").join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    let refused = run(&dir, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, 3, "{}", refused.told());
    assert!(refused.err.contains("in use by another mingbai"), "{}", refused.err);
    assert_eq!(stop(served), 0);
}

#[test]
fn the_log_key_outlives_a_restart_and_its_loss_is_not_papered_over() {
    let dir = folder("serve_keys");
    let key = |told: &str| told.lines().find(|line| line.contains("log key")).unwrap().to_owned();
    let first = serve(&dir);
    let before = key(&first.told);
    assert_eq!(stop(first), 0);
    let second = serve(&dir);
    assert_eq!(key(&second.told), before);
    assert_eq!(stop(second), 0);
    let file = dir.join("keys").join("log.key");
    for (content, says) in [(None, "is gone"), (Some(&b"127.0.0.1/log 12"[..]), "cannot be used")] {
        match content {
            None => std::fs::remove_file(&file).unwrap(),
            Some(bytes) => std::fs::write(&file, bytes).unwrap(),
        }
        let ran = run(&dir, &["serve", "--listen", "127.0.0.1:0"]);
        assert!(ran.code == 3 && ran.err.contains(says), "{}", ran.told());
    }
}

#[test]
fn a_taken_port_and_settings_that_do_not_fit_are_explained() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let dir = folder("serve_port");
    let ran = run(&dir, &["serve", "--listen", &address]);
    assert!(ran.code == 3 && ran.err.contains("The port is taken"), "{}", ran.told());

    let mut command = at(&dir);
    command.env("MINGBAI_WEBHOOK_URL", "http://127.0.0.1:9/hook").args(["serve", "--listen", "127.0.0.1:0"]);
    let ran = finished(&mut command);
    assert!(ran.code == 2 && ran.err.contains("MINGBAI_WEBHOOK_SECRET"), "{}", ran.told());
    let ran = finished(command.env("MINGBAI_WEBHOOK_SECRET", "short"));
    assert!(ran.code == 2 && ran.err.contains("at least 16 bytes"), "{}", ran.told());

    std::fs::create_dir_all(dir.join("products")).unwrap();
    std::fs::write(dir.join("products").join("bad.toml"), "v = 1\n").unwrap();
    let ran = run(&dir, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(ran.code == 2 && ran.err.contains("bad.toml"), "{}", ran.told());
    let people = run(&dir, &["account", "list"]);
    assert_eq!(people.code, 0, "a bad product stands in nobody's way in: {}", people.told());
}

#[test]
fn accounts_and_keys_are_made_with_and_without_a_server() {
    let dir = folder("serve_accounts");
    let add = ["account", "add", "admin", "--role", "admin", "--name", "管理员"];
    let made = run(&dir, &add);
    assert!(made.code == 0 && made.out.contains("password (shown only now)"), "{}", made.told());
    assert_eq!(run(&dir, &add).code, 2, "the login is taken");
    let wrong = run(&dir, &["account", "add", "li.na", "--role", "consultant", "--name", "李娜"]);
    assert!(wrong.code == 2 && wrong.err.contains("needs a branch"), "{}", wrong.told());

    std::fs::create_dir_all(dir.join("products")).unwrap();
    let honest = root().join("examples/products/honest.toml");
    std::fs::copy(honest, dir.join("products").join("honest.toml")).unwrap();
    let served = serve(&dir);
    assert!(served.told.contains("not released yet: honest-loan 2026.1"), "{}", served.told);
    let mut command = at(&dir);
    command.args(["account", "add", "chen", "--role", "compliance", "--name", "陈静", "--password-stdin"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("a long enough password\n".as_bytes()).unwrap();
    let ran = ended(child.wait_with_output().unwrap());
    assert!(ran.code == 0 && !ran.out.contains("long enough"), "{}", ran.told());

    let made = run(&dir, &["key", "add", "core"]);
    let key = made.out.lines().find(|line| line.trim().starts_with("mbk_")).unwrap().trim().to_owned();
    let with_key = format!("Authorization: Bearer {key}\r\n");
    let nothing = "/api/v1/journeys/00000000-0000-7000-8000-000000000000";
    assert!(ask(&served.address, nothing, "").starts_with("HTTP/1.1 401"));
    assert!(ask(&served.address, nothing, &with_key).starts_with("HTTP/1.1 404"));
    assert_eq!(run(&dir, &["key", "close", "core"]).code, 0);
    assert!(ask(&served.address, nothing, &with_key).starts_with("HTTP/1.1 401"));
    assert_eq!(run(&dir, &["account", "close", "chen"]).code, 0);
    insta::assert_snapshot!("accounts", run(&dir, &["account", "list"]).out);
}
