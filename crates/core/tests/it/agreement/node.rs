//! One node process that runs the page's script over many packages.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use mingbai_core::evidence::package::PAGE;

use super::case::Case;

/// Whether node is on this machine. Without it the comparison is skipped, loudly; with `MINGBAI_REQUIRE_NODE=1` that is a failure.
pub fn is_there() -> bool {
    let there = Command::new("node").arg("--version").output().is_ok_and(|out| out.status.success());
    if !there {
        assert!(std::env::var_os("MINGBAI_REQUIRE_NODE").is_none(), "node is required and is not here");
        eprintln!("SKIPPED: node is not here, so the two verifiers were NOT compared");
    }
    there
}

/// The verdicts of the page; `arithmetic` is `own` or `webcrypto`.
pub fn judge(cases: &[Case], arithmetic: &str) -> Vec<Value> {
    run(cases.iter().map(|case| (case.brought(), case.bytes.as_slice())).collect(), arithmetic)
}

/// What the page says of time stamps alone: the answer's own verdict, and that of the way to a root.
pub fn stamps(imprint: &[u8], roots: &str, responses: &[Vec<u8>]) -> Vec<Value> {
    let asked = json!({ "imprint": hex::encode(imprint), "pem": roots });
    run(responses.iter().map(|bytes| (asked.clone(), bytes.as_slice())).collect(), "webcrypto")
}

/// SM3 of a message by the page's own arithmetic, and whether it finds that the signature holds.
pub fn sm2(key: &str, r: &str, s: &str, message: &[u8]) -> Value {
    run(vec![(json!({ "sm2": key, "r": r, "s": s }), message)], "webcrypto").remove(0)
}

/// What broken pages say: for each mutant the first case in which it differs from the whole page, with its answer.
pub fn mutants(table: &Value, cases: &[Case]) -> Vec<Value> {
    let table = (json!({ "mutants": table }), &[][..]);
    let cases = cases.iter().map(|case| (case.brought(), case.bytes.as_slice()));
    run_some(std::iter::once(table).chain(cases).collect(), "mutants")
}

/// Reading time and questions for a table.
pub fn seconds(table: &[u8], pack: &[u8]) -> Value {
    let table = json!({ "table": std::str::from_utf8(table).unwrap() });
    run(vec![(table, pack)], "webcrypto").remove(0)
}

fn run(input: Vec<(Value, &[u8])>, arithmetic: &str) -> Vec<Value> {
    let count = input.len();
    let lines = run_some(input, arithmetic);
    assert_eq!(lines.len(), count);
    lines
}

/// The page as a file of its own, as it lies in a package.
fn page() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("mingbai-verify-{}-{number}.html", std::process::id()));
    std::fs::write(&path, PAGE).unwrap();
    path
}

fn run_some(input: Vec<(Value, &[u8])>, arithmetic: &str) -> Vec<Value> {
    let (here, page) = (Path::new(env!("CARGO_MANIFEST_DIR")), page());
    let mut child = Command::new("node")
        .arg(here.join("tests/agreement.mjs"))
        .arg(&page)
        .arg(arithmetic)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let out = std::thread::scope(|scope| {
        scope.spawn(move || {
            let block = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat();
            for (asked, bytes) in input {
                stdin.write_all(&block(asked.to_string().as_bytes())).unwrap();
                stdin.write_all(&block(bytes)).unwrap();
            }
        });
        child.wait_with_output().unwrap()
    });
    assert!(out.status.success(), "node failed");
    let _ = std::fs::remove_file(&page);
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
