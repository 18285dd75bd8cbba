//! Checking, backing up, restoring and torturing a data folder with the real program, and PostgreSQL under it.

use std::path::{Path, PathBuf};

use crate::played::loans;
use crate::run::{Ran, ended, folder, program};

fn at(dir: &Path, arguments: &[&str]) -> Ran {
    let mut command = program();
    command.env("MINGBAI_DIR", dir).env("MINGBAI_LANG", "en").args(arguments);
    ended(command.output().unwrap())
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![dir.to_path_buf()], Vec::new());
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Turns one byte in the middle of a file over, and gives back what was there.
fn flip(file: &Path) -> Vec<u8> {
    let before = std::fs::read(file).unwrap();
    let mut bytes = before.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
    before
}

#[test]
fn real_loans_hold_and_every_loss_is_named_and_backups_come_back() {
    let data = loans("keep_real").0.join("data");
    let ran = at(&data, &["fsck"]);
    assert!(ran.code == 0 && ran.out.contains("Everything holds."), "{}", ran.told());
    for figure in ["records hashed again", "documents read", "personal values opened"] {
        let line = ran.out.lines().find(|line| line.contains(figure)).unwrap();
        let count: u64 = line.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(count > 0, "{line}");
    }
    backup_and_back(&data);
    // A document that is damaged, one that is gone, and the keys that are gone.
    let documents = files(&data.join("attachments"));
    let before = flip(&documents[0]);
    let ran = at(&data, &["fsck"]);
    assert!(ran.code == 1 && ran.out.contains("next: Copy this file back"), "{}", ran.told());
    std::fs::remove_file(&documents[0]).unwrap();
    let ran = at(&data, &["fsck"]);
    assert!(ran.code == 1 && ran.out.contains("is missing"), "{}", ran.told());
    std::fs::write(&documents[0], before).unwrap();
    std::fs::rename(data.join("keys"), data.join("keys-away")).unwrap();
    let ran = at(&data, &["fsck"]);
    assert!(ran.code == 1 && ran.err.contains("were not checked"), "{}", ran.told());
    std::fs::rename(data.join("keys-away"), data.join("keys")).unwrap();
    assert_eq!(at(&data, &["fsck"]).code, 0);
    let nothing = at(&data.join("nowhere"), &["fsck"]);
    assert_eq!(nothing.code, 2, "{}", nothing.told());
}

fn backup_and_back(data: &Path) {
    let base = folder("keep_backups");
    let at_path = |name: &str| base.join(name).display().to_string();
    let (plain, keyed) = (at_path("plain"), at_path("keyed"));
    let ran = at(data, &["backup", "--to", &plain]);
    assert!(ran.code == 0 && ran.out.contains("The keys are not in it"), "{}", ran.told());
    assert!(!base.join("plain/keys").exists());
    let again = at(data, &["backup", "--to", &plain]);
    assert!(again.code == 2 && again.err.contains("is not empty"), "{}", again.told());
    let ran = at(data, &["backup", "--to", &keyed, "--with-keys"]);
    assert!(ran.code == 0 && ran.out.contains("Whoever gets it"), "{}", ran.told());

    let ran = at(&base.join("new"), &["restore", "--from", &keyed]);
    assert!(
        ran.code == 0 && ran.out.contains("Everything holds.") && ran.out.contains("rollback guard"),
        "{}",
        ran.told()
    );
    let check = at(&base.join("new"), &["fsck"]);
    assert_eq!(check.code, 0, "{}", check.told());
    let ran = at(&base.join("new"), &["restore", "--from", &keyed]);
    assert_eq!(ran.code, 2, "a folder in use was overwritten: {}", ran.told());
    // Without keys it comes back, says what is missing, and is whole once they are put back.
    let ran = at(&base.join("bare"), &["restore", "--from", &plain]);
    assert!(ran.code == 0 && ran.out.contains("put the folder keys"), "{}", ran.told());
    assert_eq!(at(&base.join("bare"), &["fsck"]).code, 1);
    let keys = data.join("keys").display().to_string();
    let ran = at(&base.join("given"), &["restore", "--from", &plain, "--keys", &keys]);
    assert!(ran.code == 0 && ran.out.contains("Everything holds."), "{}", ran.told());

    // Every file of the backup counts, its manifest too; nothing is left where nothing was restored.
    let kept = files(&base.join("keyed"));
    assert!(kept.len() > 10, "{kept:?}");
    for file in kept
        .iter()
        .filter(|file| !file.ends_with("manifest.json"))
        .step_by(9)
        .chain([&base.join("keyed/mingbai.db")])
    {
        let before = flip(file);
        let ran = at(&base.join("damaged"), &["restore", "--from", &keyed]);
        assert!(ran.code == 1 && !base.join("damaged").exists(), "{}: {}", file.display(), ran.told());
        std::fs::write(file, before).unwrap();
    }
    let manifest = base.join("keyed/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    for (from, to) in
        [("\"mingbai.db\"", "\"../mingbai.db\""), ("\"v\": 1", "\"v\": 2"), ("\"size\": ", "\"size\": 1")]
    {
        assert!(text.contains(from));
        std::fs::write(&manifest, text.replacen(from, to, 1)).unwrap();
        let ran = at(&base.join("damaged"), &["restore", "--from", &keyed]);
        assert!(ran.code != 0 && !base.join("damaged").exists(), "{to}: {}", ran.told());
    }
}

#[test]
fn a_minute_of_torture_in_short_loses_nothing_and_touches_nothing_else() {
    let dir = folder("keep_torture");
    let trial = dir.join("trial").display().to_string();
    let ran = at(&dir, &["torture", "--minutes", "0", "--seed", "5", "--dir", &trial]);
    assert!(ran.code == 0 && ran.out.contains("seed 5") && ran.out.contains("fsck held"), "{}", ran.told());
    std::fs::write(dir.join("mine"), "x").unwrap();
    let ran = at(&dir, &["torture", "--minutes", "0", "--dir", &dir.display().to_string()]);
    assert!(ran.code == 2 && dir.join("mine").exists(), "{}", ran.told());
}
