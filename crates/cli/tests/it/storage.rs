//! Documents on S3, the master key with a key service or in the environment: the real program against a played S3 service and a key
//! service on loopback. Refusals name the setting, and no secret is ever shown.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::http;
use crate::moto;
use crate::played::loans;
use crate::run::{Ran, ended, folder};
use crate::serve::{at, served};

const SECRET: &str = "sesame-HIDDEN-1";

fn ran(mut command: Command, arguments: &[&str]) -> Ran {
    let ran = ended(command.args(arguments).output().unwrap());
    assert!(!ran.told().contains("HIDDEN"), "{}", ran.told());
    ran
}

/// A server that must not start.
fn refused(command: Command) -> Ran {
    ran(command, &["serve", "--listen", "127.0.0.1:0"])
}

fn files(dir: &Path, below: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true => files(&path, below, found),
            false => found.push(path.strip_prefix(below).unwrap().to_path_buf()),
        }
    }
}

/// The bucket as somebody sees it who talks to the service directly.
struct Bucket {
    host: String,
    path: String,
}

impl Bucket {
    fn ask(&self, method: &str, key: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let headers =
            "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request\r\n";
        http::send_bytes(&self.host, method, &format!("{}/{key}", self.path), headers, body).unwrap()
    }

    fn keys(&self) -> Vec<String> {
        let (status, body) = self.ask("GET", "?list-type=2", b"");
        assert_eq!(status, 200);
        let text = String::from_utf8(body).unwrap();
        text.split("<Key>").skip(1).map(|part| part.split("</Key>").next().unwrap().to_owned()).collect()
    }
}

#[test]
fn documents_lie_on_s3_are_checked_there_and_backed_up_from_there() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Some(service) = moto::server("documents_lie_on_s3") else { return };
    let place = runtime.block_on(service.bucket("docs/mingbai"));
    let url = place.endpoint.clone().unwrap();
    let bucket =
        Bucket { host: url.trim_start_matches("http://").to_owned(), path: format!("/{}", place.bucket) };
    let (dir, _) = loans("storage_s3");
    let data = dir.join("data");
    // Moving to S3 is copying the folder, name by name.
    let (local, mut names) = (data.join("attachments"), Vec::new());
    files(&local, &local, &mut names);
    for name in &names {
        let key = format!("docs/mingbai/{}", name.display());
        assert_eq!(bucket.ask("PUT", &key, &std::fs::read(local.join(name)).unwrap()).0, 200);
    }
    std::fs::remove_dir_all(&local).unwrap();
    let on_s3 = || {
        let mut command = at(&data);
        command.env("MINGBAI_S3_BUCKET", &place.bucket).env("MINGBAI_S3_PREFIX", "docs/mingbai");
        command.env("MINGBAI_S3_ENDPOINT", &url).env("MINGBAI_S3_ACCESS_KEY", "test");
        command.env("MINGBAI_S3_SECRET", SECRET);
        command
    };
    let missing = ran(at(&data), &["fsck"]);
    assert!(missing.code == 1 && missing.out.contains("is missing"), "the control: {}", missing.told());
    let whole = ran(on_s3(), &["fsck"]);
    assert!(whole.code == 0 && whole.out.contains("Everything holds."), "{}", whole.told());

    // A server writes there and nowhere else.
    let before = bucket.keys().len();
    let key = ran(on_s3(), &["key", "add", "core-s3"]);
    let key = key.out.lines().map(str::trim).find(|line| line.starts_with("mbk_")).unwrap().to_owned();
    let server = served(on_s3());
    http::open_journey(&server.address, &key, "S3-1");
    drop(server);
    assert!(bucket.keys().len() > before, "nothing was written to the bucket");
    let mut beside = Vec::new();
    if local.exists() {
        files(&local, &local, &mut beside);
    }
    assert!(beside.is_empty(), "written to the folder: {beside:?}");
    let whole = ran(on_s3(), &["fsck"]);
    assert_eq!(whole.code, 0, "{}", whole.told());

    // A backup brings the documents along; it comes back into a folder, and holds there.
    let backup = dir.join("backup").display().to_string();
    let made = ran(on_s3(), &["backup", "--to", &backup, "--with-keys"]);
    assert_eq!(made.code, 0, "{}", made.told());
    let mut restore = at(&dir.join("back"));
    restore.args(["restore", "--from", &backup]);
    let back = ran(restore, &[]);
    assert!(back.code == 0 && back.out.contains("Everything holds."), "{}", back.told());

    // One byte of each document in the bucket: a file that only waited for a signature is named by no record and not looked for.
    for hers in bucket.keys().into_iter().filter(|key| key.contains("/person/")) {
        let (_, mut bytes) = bucket.ask("GET", &hers, b"");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        assert_eq!(bucket.ask("PUT", &hers, &bytes).0, 200);
    }
    let damaged = ran(on_s3(), &["fsck"]);
    assert!(damaged.code == 1 && damaged.out.contains("the document"), "{}", damaged.told());

    // A bucket that is not there is told at the start, not by the first borrower.
    let mut wrong = on_s3();
    wrong.env("MINGBAI_S3_BUCKET", "no-such-bucket");
    let wrong = refused(wrong);
    assert!(wrong.code == 3 && wrong.err.contains("s3_bucket"), "{}", wrong.told());
}

#[test]
fn settings_of_storage_are_refused_by_name_and_secrets_are_not_shown() {
    let dir = folder("storage_settings");
    let file = dir.join("secret.txt");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    let file = file.display().to_string();
    let mut told = String::new();
    for variables in [
        vec![("MINGBAI_S3_BUCKET", "Not A Bucket")],
        vec![("MINGBAI_S3_ENDPOINT", "http://s3.example.org")],
        vec![("MINGBAI_S3_PREFIX", "../up")],
        vec![("MINGBAI_S3_BUCKET", "docs")],
        vec![("MINGBAI_S3_BUCKET", "docs"), ("MINGBAI_S3_ACCESS_KEY", "AK")],
        vec![("MINGBAI_KEY_SERVICE_URL", "http://keys.example.org")],
        vec![("MINGBAI_KEY_SERVICE_URL", "https://keys.example.org")],
        vec![("MINGBAI_MASTER_KEY", "HIDDEN but no hex")],
        vec![
            ("MINGBAI_KEY_SERVICE_URL", "https://keys.example.org"),
            ("MINGBAI_KEY_SERVICE_TOKEN_FILE", &file),
            ("MINGBAI_MASTER_KEY", "HIDDEN"),
        ],
    ] {
        let mut command = at(&dir.join("data"));
        // Whether this machine has ffmpeg is another matter, and would be told with a time.
        command.envs(variables.clone()).env("MINGBAI_FFMPEG", "off");
        let ran = refused(command);
        assert_eq!(ran.code, 2, "{variables:?}: {}", ran.told());
        told.push_str(&ran.err);
    }
    insta::assert_snapshot!("refused_storage", told);
    let mut command = at(&dir.join("data"));
    command.env("MINGBAI_S3_SECRET", SECRET).env("MINGBAI_KEY_SERVICE_TOKEN", SECRET);
    command.env("MINGBAI_MASTER_KEY", SECRET).env("MINGBAI_S3_BUCKET", "docs");
    let shown = ran(command, &["config"]).out;
    // How wide the columns are depends on the longest path, which differs from machine to machine.
    let cells = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let storage: Vec<String> = shown
        .lines()
        .filter(|line| ["  s3_", "  key_", "  master"].iter().any(|part| line.starts_with(part)))
        .map(cells)
        .collect();
    insta::assert_snapshot!("config_storage", storage.join("\n"));
}

/// A key service: what it wrapped, by handle. Nothing but the handle leaves it.
#[derive(Default)]
struct Service {
    wrapped: Mutex<BTreeMap<String, (String, String)>>,
    down: AtomicBool,
}

impl Service {
    fn answer(&self, path: &str, question: &Value) -> (u16, Value) {
        let text = |name: &str| question[name].as_str().unwrap_or_default().to_owned();
        let mut all = self.wrapped.lock().unwrap();
        match path {
            _ if self.down.load(Ordering::SeqCst) => (503, json!({})),
            "/wrap" => {
                // Four letters are base64 as they stand.
                let handle = format!("{:04}", all.len());
                all.insert(handle.clone(), (text("subject"), text("key")));
                (200, json!({ "wrapped": handle }))
            }
            "/unwrap" => match all.get(&text("wrapped")) {
                Some((subject, key)) if *subject == text("subject") => (200, json!({ "key": key })),
                _ => (422, json!({})),
            },
            _ => (404, json!({})),
        }
    }

    fn serve(self: Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let service = self.clone();
                std::thread::spawn(move || service.one(stream.unwrap()));
            }
        });
        url
    }

    /// One request of a connection, and then no more.
    fn one(&self, mut stream: TcpStream) -> Option<()> {
        let mut lines = BufReader::new(stream.try_clone().ok()?);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            (lines.read_line(&mut head).ok()? > 0).then_some(())?;
        }
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1)?.lines().next()?.trim().parse().ok()?;
        let mut body = vec![0; length];
        lines.read_exact(&mut body).ok()?;
        let known = lower.contains(&format!("authorization: bearer {}", SECRET.to_lowercase()));
        let question = serde_json::from_slice(&body).unwrap_or_default();
        let path = head.split(' ').nth(1)?;
        let (status, answer) = if known { self.answer(path, &question) } else { (401, json!({})) };
        let body = answer.to_string();
        let length = body.len();
        let head = format!("HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nConnection: close\r\n");
        write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").ok()
    }
}

#[test]
fn a_key_service_takes_the_master_key_over_and_is_told_apart_from_a_wrong_one() {
    let service = Arc::new(Service::default());
    let url = service.clone().serve();
    let (dir, _) = loans("storage_service");
    let data = dir.join("data");
    let with = |token: &str| {
        let mut command = at(&data);
        command.env("MINGBAI_KEY_SERVICE_URL", &url).env("MINGBAI_KEY_SERVICE_TOKEN", token);
        command
    };
    // The keys of persons are still under the file's: nothing opens them by mistake under another one.
    let early = refused(with(SECRET));
    assert!(early.code == 3 && early.err.contains("rotate-master"), "{}", early.told());
    let moved = ran(with(SECRET), &["key", "rotate-master"]);
    assert!(moved.code == 0 && moved.out.contains("wrapped anew: 6"), "{}", moved.told());
    assert!(!data.join("keys/master.key").exists() && data.join("keys/master.key.before").exists());
    assert_eq!(service.wrapped.lock().unwrap().len(), 6);
    let whole = ran(with(SECRET), &["fsck"]);
    assert!(whole.code == 0 && whole.out.contains("Everything holds."), "{}", whole.told());
    let again = ran(with(SECRET), &["key", "rotate-master"]);
    assert!(again.code == 2 && again.err.contains("change it there"), "{}", again.told());

    // A stranger, a service that is down, and no service at all: each is told as what it is.
    let stranger = refused(with("guess"));
    assert!(
        stranger.code == 3 && stranger.err.contains("the key service answered 401"),
        "{}",
        stranger.told()
    );
    service.down.store(true, Ordering::SeqCst);
    let down = refused(with(SECRET));
    assert!(down.code == 3 && down.err.contains("the key service answered 503"), "{}", down.told());
    let none = refused(at(&data));
    assert!(none.code == 3 && none.err.contains("is gone"), "{}", none.told());
    service.down.store(false, Ordering::SeqCst);
    drop(served(with(SECRET)));
}

#[test]
fn a_master_key_from_the_environment_is_kept_on_no_disk() {
    let (dir, _) = loans("storage_master");
    let (data, digits) = (dir.join("data"), "5e".repeat(32));
    let with = |digits: &str| {
        let mut command = at(&data);
        command.env("MINGBAI_MASTER_KEY", digits);
        command
    };
    assert!(refused(with(&digits)).err.contains("rotate-master"));
    assert_eq!(ran(with(&digits), &["key", "rotate-master"]).code, 0);
    let mut all = Vec::new();
    files(&data, &data, &mut all);
    for file in all {
        let bytes = std::fs::read(data.join(&file)).unwrap();
        let is_there = bytes.windows(64).any(|part| part == digits.as_bytes())
            || bytes.windows(32).any(|part| part == [0x5e; 32]);
        assert!(!is_there, "the master key lies in {}", file.display());
    }
    let whole = ran(with(&digits), &["fsck"]);
    assert!(whole.code == 0 && whole.out.contains("Everything holds."), "{}", whole.told());
    let other = refused(with(&"6f".repeat(32)));
    assert!(
        other.code == 3 && other.err.contains("the master key does not open this vault"),
        "{}",
        other.told()
    );
    // On a new folder it is simply the master key.
    let new = at(&dir.join("new"));
    let mut new = new;
    new.env("MINGBAI_MASTER_KEY", &digits);
    assert_eq!(ran(new, &["account", "list"]).code, 0);
    assert!(!dir.join("new/keys/master.key").exists());
}
