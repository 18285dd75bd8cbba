//! A real witness beside a real server, on loopback: down and up again, killed in the middle, lied to, and asked when somebody restores
//! an old database or rewrites one.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mingbai_evidence::note::SignedCheckpoint;
use mingbai_evidence::note::cosignature::{WitnessKey, cosigners};
use mingbai_evidence::package::{Limits, read};
use mingbai_evidence::receipt::Receipt;

use crate::forger::{ORIGIN, Traces, Tree, copy_database, log_key, rewrite, tamper};
use crate::http::{get, open_journey, send};
use crate::played::loans;
use crate::run::{Ran, ended, folder, mingbai, program};
use crate::serve::{Served, at, served};

/// A witness of one test; killed without mercy when the test ends.
struct Witness {
    child: Child,
    address: String,
    key: String,
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Witness {
    fn command(dir: &Path, key: &str, listen: &str) -> Command {
        let mut command = program();
        command.args([
            "witness",
            "--lang",
            "en",
            "--name",
            "w.example/1",
            "--key",
            key,
            "--listen",
            listen,
            "--dir",
        ]);
        command.arg(dir);
        command
    }

    fn start(dir: &Path, key: &str, listen: &str) -> Self {
        let mut command = Witness::command(dir, key, listen);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut told = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !told.contains("Press Ctrl-C") {
            assert!(lines.read_line(&mut told).unwrap() > 0, "the witness ended: {told}");
        }
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let after = |what: &str| told.split(what).nth(1).unwrap().lines().next().unwrap().trim().to_owned();
        Witness { child, address: after("http://"), key: after("witness key") }
    }

    fn ask(&self, body: &str) -> Option<(u16, String)> {
        let (status, body) = send(&self.address, "POST", "/add-checkpoint", "", body)?;
        Some((status, String::from_utf8(body).unwrap()))
    }
}

/// Waits until `look` sees something.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..150 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{what} did not happen in 30 s")
}

/// The size of a server's checkpoint, and whether the witness of this key cosigned it.
fn published(address: &str, key: &str) -> (u64, bool) {
    let (status, note) = get(address, "/log/checkpoint");
    assert_eq!(status, 200, "{note}");
    let note = SignedCheckpoint::parse(&note).unwrap();
    let keys = [key.parse::<WitnessKey>().unwrap()];
    (note.checkpoint().size(), !cosigners(&note, &keys).unwrap().is_empty())
}

/// A data folder of the demo with a witness beside it.
struct Scene {
    dir: PathBuf,
    journey: String,
    core: String,
    witnesses: String,
}

impl Scene {
    fn new(name: &str) -> Scene {
        let (dir, journey) = loans(name);
        let ran = ended(at(&dir.join("data")).args(["key", "add", "core-test"]).output().unwrap());
        let core = ran.out.lines().map(str::trim).find(|line| line.starts_with("mbk_")).unwrap().to_owned();
        Scene { dir, journey, core, witnesses: String::new() }
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn log_key(&self) -> String {
        format!("@{}/evidence/log-key.txt", self.dir.display())
    }

    fn witness(&mut self, listen: &str) -> Witness {
        let witness = Witness::start(&self.dir.join("witness"), &self.log_key(), listen);
        self.witnesses = format!("{} http://{}", witness.key, witness.address);
        witness
    }

    fn command(&self) -> Command {
        let mut command = at(&self.data());
        command.env("MINGBAI_WITNESSES", &self.witnesses);
        command
    }

    fn serve(&self) -> Served {
        served(self.command())
    }

    /// A start that must end by itself.
    fn refused(&self) -> Ran {
        let mut command = self.command();
        ended(command.args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap())
    }

    fn api(&self, server: &Served, method: &str, path: &str, body: &str) -> Vec<u8> {
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.core);
        let (status, bytes) = send(&server.address, method, path, &headers, body).unwrap();
        assert!((200..300).contains(&status), "{status}: {}", String::from_utf8_lossy(&bytes));
        bytes
    }

    /// Lets the log grow.
    fn open_journey(&self, server: &Served, reference: &str) {
        open_journey(&server.address, &self.core, reference);
    }

    fn package(&self, server: &Served) -> Vec<u8> {
        self.api(server, "GET", &format!("/api/v1/journeys/{}/package", self.journey), "")
    }

    fn verify(&self, name: &str, bytes: &[u8], more: &[&str]) -> Ran {
        let file = self.dir.join(name).display().to_string();
        std::fs::write(&file, bytes).unwrap();
        let key = self.log_key();
        let mut all = vec!["verify", &file, "--lang", "en", "--key", &key];
        all.extend(more);
        mingbai(&all)
    }

    /// Copies the database, which no server has open.
    fn copy_database(&self, from: &str, to: &str) {
        copy_database(&self.dir.join(from), &self.dir.join(to));
    }
}

/// The receipt that the borrower of a package's loan would hold: for the last record of her stream.
fn receipt_of(package: &[u8], journey: &str) -> Vec<u8> {
    let package = read(package, &Limits::default()).unwrap();
    let stream = format!("borrow/{journey}");
    let hers =
        package.records.iter().zip(&package.proofs).filter(|(record, _)| record.stream().as_str() == stream);
    let (record, proof) = hers.max_by_key(|(record, _)| record.seq()).unwrap();
    let receipt = Receipt {
        record: record.clone(),
        key: package.key,
        index: proof.index,
        path: proof.path.clone(),
        checkpoint: package.checkpoint,
    };
    receipt.write().unwrap().into_bytes()
}

#[test]
fn a_witness_that_was_down_catches_up_and_an_old_database_is_not_signed() {
    let mut scene = Scene::new("witness_down");
    let witness = scene.witness("127.0.0.1:0");
    let (address, key) = (witness.address.clone(), witness.key.clone());
    scene.copy_database("data", "old");
    let server = scene.serve();
    let (size, _) =
        until("the first cosignature", || Some(published(&server.address, &key)).filter(|(_, is)| *is));
    let package = scene.package(&server);
    let ran = scene.verify("cosigned.zip", &package, &["--witness", &key]);
    assert!(ran.code == 0 && ran.out.contains("Cosigned by w.example/1"), "{}", ran.told());

    // Killed, not stopped: what it saw must be on the disk.
    drop(witness);
    scene.open_journey(&server, "W-1");
    let grown = until("a larger checkpoint", || {
        Some(published(&server.address, &key)).filter(|(new, _)| *new > size)
    });
    assert!(!grown.1, "nobody was there to cosign");
    let witness = scene.witness(&address);
    assert_eq!(witness.key, key, "the key outlives its process");
    until("the cosignature after the outage", || {
        Some(published(&server.address, &key)).filter(|(_, is)| *is)
    });
    let (status, proof) = get(&server.address, &format!("/log/consistency?old={size}&new={}", grown.0));
    assert!(status == 200 && proof.contains("\"path\":["), "{proof}");
    // Between the first record, which a house writes when it opens, and this checkpoint lie sizes that were never published.
    let unpublished =
        |old: u64| get(&server.address, &format!("/log/consistency?old={old}&new={}", grown.0)).0 == 404;
    assert!((2..size).any(unpublished), "never published");
    drop(server);
    damages(&scene);

    scene.copy_database("data", "new");
    scene.copy_database("old", "data");
    let ran = scene.refused();
    assert!(
        ran.code == 3 && ran.err.contains("this machine's mark") && ran.err.contains("Restore the newest"),
        "{}",
        ran.told()
    );
    // On another machine there is no mark: then the witness remembers.
    std::fs::remove_file(scene.data().join("highest-signed")).unwrap();
    let ran = scene.refused();
    assert!(ran.code == 3 && ran.err.contains("the witness w.example/1"), "{}", ran.told());
    // The control: with neither, nobody notices; so it was they who did.
    std::fs::remove_file(scene.data().join("highest-signed")).unwrap();
    let all = std::mem::take(&mut scene.witnesses);
    drop(scene.serve());
    scene.witnesses = all;
    std::fs::remove_file(scene.data().join("highest-signed")).unwrap();
    scene.copy_database("new", "data");
    let server = scene.serve();
    until("the cosignature of the newest", || Some(published(&server.address, &key)).filter(|(_, is)| *is));
    drop(witness);
}

#[test]
fn an_operator_who_rewrites_everything_is_exposed_by_mark_witness_and_receipt() {
    let mut scene = Scene::new("witness_forged");
    let witness = scene.witness("127.0.0.1:0");
    let server = scene.serve();
    until("the first cosignature", || Some(published(&server.address, &witness.key)).filter(|(_, is)| *is));
    let honest = scene.package(&server);
    drop(server);
    let receipt = scene.dir.join("hers.tlog-proof");
    std::fs::write(&receipt, receipt_of(&honest, &scene.journey)).unwrap();
    let receipt = receipt.display().to_string();
    let with = ["--witness", witness.key.as_str(), "--receipt", receipt.as_str()];
    let ran = scene.verify("honest.zip", &honest, &with);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let alone =
        mingbai(&["verify", &receipt, "--lang", "en", "--key", &scene.log_key(), "--witness", &witness.key]);
    assert!(alone.code == 0 && alone.out.contains("everything holds"), "{}", alone.told());

    // One byte of her last record, the tree and the published checkpoints: everything fits again.
    let seq = Receipt::parse(&std::fs::read(&receipt).unwrap()).unwrap().record.seq();
    let place = format!("\"stream\":\"borrow/{}\",\"seq\":{seq},", scene.journey);
    let at = rewrite(
        &scene.data().join("mingbai.db"),
        &place,
        &place.replace("\"seq\"", " \"seq\""),
        Traces::Removed,
    );
    assert!(at > 0);
    let ran = scene.refused();
    assert!(ran.code == 3 && ran.err.contains("no longer those that were signed"), "{}", ran.told());
    std::fs::remove_file(scene.data().join("highest-signed")).unwrap();
    let server = scene.serve();
    scene.open_journey(&server, "F-1");
    std::thread::sleep(Duration::from_secs(3));
    assert!(!published(&server.address, &witness.key).1, "no witness cosigns a rewritten log");
    assert!(std::fs::read_dir(scene.dir.join("witness/proofs")).unwrap().count() > 0, "and keeps the proof");
    let forged = scene.package(&server);
    // Without witness and receipt the forged package is perfect: that is the control.
    let ran = scene.verify("forged.zip", &forged, &[]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let ran = scene.verify("forged.zip", &forged, &with[..2]);
    assert!(ran.code == 1 && ran.out.contains("did not cosign"), "{}", ran.told());
    let ran = scene.verify("forged.zip", &forged, &with[2..]);
    assert!(ran.code == 1 && ran.out.contains("Against the receipt"), "{}", ran.told());
}

/// What fsck says about a published checkpoint, a cosignature or the log under them after each kind of damage.
fn damages(scene: &Scene) {
    let fsck = || ended(scene.command().arg("fsck").output().unwrap());
    let database = scene.data().join("mingbai.db");
    let whole = fsck();
    assert!(whole.code == 0 && whole.out.contains("Everything holds."), "{}", whole.told());
    for figure in ["published checkpoints compared", "cosignatures verified"] {
        let line = whole.out.lines().find(|line| line.contains(figure)).unwrap();
        assert!(!line.ends_with(" 0"), "{line}");
    }
    scene.copy_database("data", "whole");
    let newest = "(SELECT MAX(size) FROM cosignature)";
    for (sql, says) in [
        (
            format!("UPDATE published SET root = zeroblob(32) WHERE size = {newest}"),
            "something else than its columns",
        ),
        // One letter of the signature.
        (
            format!(
                "UPDATE published SET note = substr(note, 1, length(note) - 9) ||
                 CASE substr(note, length(note) - 8, 1) WHEN 'A' THEN 'B' ELSE 'A' END ||
                 substr(note, length(note) - 7) WHERE size = {newest}"
            ),
            "the published checkpoint of",
        ),
        ("UPDATE cosignature SET at_s = at_s + 1".to_owned(), "the cosignature of the witness w.example/1"),
        (
            "INSERT INTO published SELECT size + 1000, root, note, at_ms FROM published LIMIT 1".to_owned(),
            "was signed, but the log has",
        ),
    ] {
        tamper(&database, &sql);
        let ran = fsck();
        assert!(ran.code == 1 && ran.out.contains(says), "{sql}: {}", ran.told());
        scene.copy_database("whole", "data");
    }
    // Everything computed again, so that log, tree and lists fit: what was signed before does not.
    rewrite(&database, "\"seq\":0", " \"seq\":0", Traces::Left);
    let ran = fsck();
    assert!(ran.code == 1 && ran.out.contains("the records have the root"), "{}", ran.told());
    assert!(
        !ran.out.contains("was damaged or changed") && !ran.out.contains("is another one"),
        "{}",
        ran.told()
    );
    scene.copy_database("whole", "data");
    assert_eq!(fsck().code, 0);
}

#[test]
fn kill_9_of_the_witness_loses_nothing_and_no_fork_gets_in() {
    let dir = folder("witness_killed");
    let (honest, mut acknowledged) = (Tree::new(4_000, None), 0_u64);
    for round in 0..6_u64 {
        let mut witness = Witness::start(&dir, &log_key(), "127.0.0.1:0");
        // What it remembers is what it acknowledged, or the one request that was under way.
        let (status, stated) = witness.ask(&honest.ask(3_999, 4_000)).unwrap();
        let seen = match status {
            409 => stated.trim().parse::<u64>().unwrap(),
            _ => panic!("{status} {stated}"),
        };
        assert!(
            seen == acknowledged || seen == acknowledged + 1,
            "round {round}: {seen}, not {acknowledged}"
        );
        // From nothing every log may begin; whoever has seen something lets no other log take its place.
        assert_eq!(seen > 0, round > 0);
        if seen > 0 {
            let forged = Tree::new(seen + 9, Some(seen / 2));
            assert_eq!(witness.ask(&forged.ask(seen, seen)).unwrap().0, 409, "round {round}");
            assert_eq!(witness.ask(&forged.ask(seen, seen + 9)).unwrap().0, 422, "round {round}");
        }
        let last = AtomicU64::new(seen);
        std::thread::scope(|scope| {
            let (last, honest, address) = (&last, &honest, witness.address.clone());
            scope.spawn(move || {
                for size in seen + 1..seen + 600 {
                    let asked = honest.ask(size - 1, size);
                    match send(&address, "POST", "/add-checkpoint", "", &asked) {
                        Some((200, _)) => last.store(size, Ordering::SeqCst),
                        Some((status, _)) => panic!("{status} at {size}"),
                        None => return,
                    }
                }
            });
            std::thread::sleep(Duration::from_millis(150 + 70 * round));
            witness.child.kill().unwrap();
            witness.child.wait().unwrap();
        });
        acknowledged = last.load(Ordering::SeqCst);
        assert!(acknowledged > seen, "round {round}: nothing was acknowledged before the kill");
    }
}

#[test]
fn a_witness_guards_its_key_its_folder_and_its_memory() {
    let dir = folder("witness_guard");
    let first = |arguments: &[&str]| {
        mingbai(&[&["witness", "--lang", "en", "--key", &log_key()], arguments].concat())
    };
    let at = dir.display().to_string();
    let ran = first(&["--dir", &at]);
    assert!(ran.code == 2 && ran.err.contains("no name yet"), "{}", ran.told());
    let ran = first(&["--dir", &at, "--name", "two words"]);
    assert!(ran.code == 2 && !dir.join("witness.key").exists(), "{}", ran.told());
    let witness = Witness::start(&dir, &log_key(), "127.0.0.1:0");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(dir.join("witness.key")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    let ran = first(&["--dir", &at]);
    assert!(ran.code == 3 && ran.err.contains("in use"), "{}", ran.told());
    let log = Tree::new(5, None);
    let (status, line) = witness.ask(&log.ask(0, 5)).unwrap();
    assert!(status == 200 && line.starts_with("— w.example/1 "), "{status} {line}");
    assert_eq!(witness.ask("old 0\n\nnothing").unwrap().0, 400);
    assert_eq!(witness.ask(&log.ask(5, 5).replace(ORIGIN, "other.example/log")).unwrap().0, 404);
    drop(witness);
    let memory = std::fs::read_dir(dir.join("logs")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(memory, "forgotten").unwrap();
    let ran = first(&["--dir", &at, "--listen", "127.0.0.1:0"]);
    assert!(ran.code == 3 && ran.err.contains("is damaged"), "{}", ran.told());
}

#[test]
fn a_new_log_key_is_introduced_by_the_old_one_and_the_witness_goes_along() {
    let mut scene = Scene::new("witness_rotation");
    let witness = scene.witness("127.0.0.1:0");
    let rotate = |more: &[&str]| {
        let mut command = scene.command();
        ended(command.args(["key", "rotate-log"]).args(more).output().unwrap())
    };
    let server = scene.serve();
    assert!(rotate(&[]).err.contains("in use"), "a running server would go on with the old key");
    drop(server);
    assert_eq!(rotate(&["--finish"]).code, 2, "there is nothing to finish");
    let ran = rotate(&[]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let new =
        ran.out.lines().map(str::trim).find(|line| line.starts_with("127.0.0.1/log+")).unwrap().to_owned();
    assert_eq!(rotate(&[]).code, 2, "one change at a time");

    // Both sign: who knows only the old key, like this witness, and who knows only the new one, can read it.
    let server = scene.serve();
    until("the cosignature during the change", || {
        Some(published(&server.address, &witness.key)).filter(|(_, is)| *is)
    });
    let package = scene.package(&server);
    for key in [scene.log_key(), new.clone()] {
        let file = scene.dir.join("both.zip").display().to_string();
        std::fs::write(&file, &package).unwrap();
        let ran = mingbai(&["verify", &file, "--lang", "en", "--key", &key]);
        assert_eq!(ran.code, 0, "{}", ran.told());
    }
    drop(server);
    assert_eq!(rotate(&["--finish"]).code, 0);
    let server = scene.serve();
    let ran = scene.verify("new.zip", &scene.package(&server), &[]);
    assert!(ran.code == 0 && ran.out.contains("was introduced by one that you trust"), "{}", ran.told());
    assert!(
        get(&server.address, "/log/key").1.trim() == new && !scene.data().join("keys/log.old.key").exists()
    );
}
