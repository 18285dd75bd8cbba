//! The demo, played once for all tests of this program: both languages at the same time, because it takes two minutes that cannot
//! be shortened (people really read). Tests that need loans take a copy of its folder.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::run::{folder, mingbai, program};
use crate::serve::ask;

/// What the two demos told, and where their folders are.
pub struct Played {
    /// Played in English with `--once`; nobody changes it.
    pub once: PathBuf,
    /// What it told.
    pub story: String,
    /// What the Chinese demo told, whose server stayed until it was asked to stop.
    pub stayed: String,
    /// What else was seen of the server that stayed.
    pub seen: Stayed,
}

/// What was seen while the Chinese demo's server was still there.
pub struct Stayed {
    /// The answer under the first borrower's link.
    pub page: String,
    /// Whether that link also stands in the file of links.
    pub kept: bool,
    /// What somebody was told who wanted to start the demo over.
    pub guarded: String,
    /// How it ended.
    pub code: Option<i32>,
}

/// The demos; played when first asked for.
pub fn played() -> &'static Played {
    static PLAYED: OnceLock<Played> = OnceLock::new();
    PLAYED.get_or_init(play)
}

/// A folder of the test's own with everything that the English demo left, and the number of its honest loan.
pub fn loans(name: &str) -> (PathBuf, String) {
    let dir = folder(name).join("demo");
    copy(&played().once, &dir);
    let honest = std::fs::read(dir.join("evidence/1-honest.zip")).unwrap();
    let text = String::from_utf8_lossy(&honest);
    let journey = text.split("\"stream\":\"borrow/").nth(1).unwrap().split('"').next().unwrap();
    (dir, journey.to_owned())
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
}

fn started(arguments: &[&str], dir: &Path) -> Child {
    let mut command = program();
    command.args(["demo", "--listen", "127.0.0.1:0"]).args(arguments).arg("--dir").arg(dir);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn play() -> Played {
    let (once, stays) = (folder("demo_once").join("demo"), folder("demo_stays").join("demo"));
    let first = started(&["--once", "--lang", "en"], &once);
    let second = std::thread::spawn(move || stay(started(&[], &stays), &stays));
    let output = first.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    let (stayed, seen) = second.join().unwrap();
    Played { once, story: text(&output.stdout), stayed, seen }
}

fn stay(mut child: Child, dir: &Path) -> (String, Stayed) {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut story = String::new();
    while !story.contains("按 Ctrl-C 停止") {
        if lines.read_line(&mut story).unwrap() == 0 {
            let mut err = String::new();
            child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            panic!("the demo ended with {:?}: {story}{err}", child.wait().unwrap().code());
        }
    }
    let link = story.lines().map(str::trim).find(|line| line.contains("/b/")).unwrap().to_owned();
    let (address, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let page = ask(address, &format!("/{path}"), "");
    let kept = std::fs::read_to_string(dir.join("LINKS.txt")).unwrap().contains(&link);
    let shown = dir.display().to_string();
    let guarded = mingbai(&["demo", "--start-over", "--lang", "en", "--dir", &shown]).told();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let code = child.wait().unwrap().code();
    (story, Stayed { page, kept, guarded, code })
}
