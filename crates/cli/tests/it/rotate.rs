//! A new master key for a data folder: broken off, gone on with, and nobody lost.

use crate::run::folder;
use crate::serve::at;

fn run(dir: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
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
