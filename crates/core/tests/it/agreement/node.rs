//! One node process that runs the page's script over many packages.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::cases::Case;

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
    let keys = |case: &Case| json!(case.keys.iter().map(ToString::to_string).collect::<Vec<_>>());
    run(cases.iter().map(|case| (keys(case), case.bytes.as_slice())).collect(), arithmetic)
}

/// Reading time and questions for a table.
pub fn seconds(table: &[u8], pack: &[u8]) -> Value {
    let table = json!({ "table": std::str::from_utf8(table).unwrap() });
    run(vec![(table, pack)], "webcrypto").remove(0)
}

fn run(input: Vec<(Value, &[u8])>, arithmetic: &str) -> Vec<Value> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new("node")
        .arg(here.join("tests/agreement.mjs"))
        .arg(here.join("../evidence/assets/verify.html"))
        .arg(arithmetic)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let count = input.len();
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
    let lines: Vec<Value> = String::from_utf8(out.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), count);
    lines
}
