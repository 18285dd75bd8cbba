//! A new master key for a data folder: broken off, gone on with, and nobody lost.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::played::{copy, loans};
use crate::run::{folder, root};
use crate::serve::at;

fn run(dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let out = at(dir).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code(), text)
}

#[test]
fn the_master_key_is_changed_and_a_rotation_that_was_broken_off_goes_on() {
    let dir = folder("rotate");
    let (code, told) = run(&dir, &["key", "rotate-master"]);
    assert_eq!(code, Some(2), "{told}");
    assert_eq!(run(&dir, &["account", "list"]).0, Some(0));
    let key = dir.join("keys/master.key");
    let first = std::fs::read(&key).unwrap();

    // As if it had been killed after the next key was made: no server opens the folder, and the same command goes on.
    let next = "mingbai/master ".to_owned() + &"ab".repeat(32) + "\n";
    std::fs::write(dir.join("keys/master.key.next"), &next).unwrap();
    let (code, told) = run(&dir, &["account", "list"]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("rotate-master"), "{told}");
    let (code, told) = run(&dir, &["key", "rotate-master"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(std::fs::read_to_string(&key).unwrap(), next);
    assert_eq!(std::fs::read(dir.join("keys/master.key.before")).unwrap(), first);
    assert!(!dir.join("keys/master.key.next").exists());
    assert_eq!(run(&dir, &["account", "list"]).0, Some(0));

    assert_eq!(run(&dir, &["key", "rotate-master"]).0, Some(0));
    assert_ne!(std::fs::read_to_string(&key).unwrap(), next);
    assert_eq!(run(&dir, &["account", "list"]).0, Some(0));
}

/// The library of the store's fault tests, or nothing where there is no C compiler.
fn shim(dir: &Path) -> Option<PathBuf> {
    let out = dir.join("shim.so");
    let source = root().join("crates/store/tests/faults/shim.c");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&out).arg(source).args(["-ldl", "-lpthread"]);
    cc.status().is_ok_and(|status| status.success()).then_some(out)
}

/// Values that `fsck` opened, when everything holds.
fn readable(data: &Path) -> u64 {
    let (code, told) = run(data, &["fsck"]);
    assert_eq!(code, Some(0), "{told}");
    let line = told.lines().find(|line| line.contains("personal values opened")).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_rotation_that_is_killed_at_any_call_leaves_everybody_readable() {
    let (dir, _) = loans("rotate_killed");
    let Some(shim) = shim(&dir) else {
        eprintln!("SKIPPED a_rotation_that_is_killed_at_any_call: no C compiler called cc");
        return;
    };
    let base = dir.join("data");
    let all = readable(&base);
    assert!(all > 20, "{all} values");
    // On a copy of its own, with the call of this number killed; 0 kills none.
    let rotate = |call: usize, count: Option<&Path>| {
        let data = dir.join("killed");
        let _ = std::fs::remove_dir_all(&data);
        copy(&base, &data);
        let mut command = at(&data);
        command.env("LD_PRELOAD", &shim).env("MB_PREFIX", &data);
        command.env("MB_KIND", "kill").env("MB_AT", call.to_string());
        if let Some(count) = count {
            command.env("MB_COUNT", count);
        }
        let ended = command.args(["key", "rotate-master"]).output().unwrap();
        (data, ended.status.success())
    };
    let counter = dir.join("calls");
    assert!(rotate(0, Some(&counter)).1);
    let calls = usize::try_from(std::fs::metadata(&counter).unwrap().len()).unwrap();
    assert!(calls > 40, "only {calls} calls: the library is not in between");
    // Some of the way through the vault, and every call of the change of files at its end.
    let (mut killed, mut half_way, mut under_both) = (0, 0, 0);
    for call in (1..calls - 14).step_by(calls / 12).chain(calls - 14..=calls) {
        let (data, ended) = rotate(call, None);
        // The last calls are those of a database that is being closed; a process that ends sooner makes fewer.
        killed += usize::from(!ended);
        let next = data.join("keys/master.key.next").exists();
        half_way += usize::from(next);
        let (code, told) = run(&data, &["account", "list"]);
        match next {
            // No program takes a half-changed folder for a whole one.
            true => assert!(code == Some(3) && told.contains("rotate-master"), "call {call}: {told}"),
            false => assert_eq!(code, Some(0), "call {call}: {told}"),
        }
        let (code, told) = run(&data, &["key", "rotate-master"]);
        assert_eq!(code, Some(0), "call {call}: {told}");
        under_both += usize::from(data.join("keys/master.key.before").exists());
        assert_eq!(readable(&data), all, "call {call}");
    }
    assert!(killed > 15 && half_way > 5, "{killed} were killed, {half_way} of them half-way");
    assert_eq!(
        under_both,
        (1..calls - 14).step_by(calls / 12).count() + 15,
        "every one kept the key of before"
    );
}
