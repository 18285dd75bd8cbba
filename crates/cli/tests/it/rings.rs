//! `mingbai rings scan` on a CSV: what is found, and what a broken file is told.

use crate::run::{folder, mingbai};

/// Twenty strangers, a family of three, and a ring of six with two devices and one fee account.
fn edges() -> String {
    let mut lines = vec!["application,kind,identifier".to_owned()];
    for n in 0..20 {
        lines.push(format!("S{n},phone,139000000{n:02}"));
        lines.push(format!("S{n},device,own-{n}"));
    }
    for n in 0..3 {
        lines.push(format!("F{n},address,home"));
        lines.push(format!("F{n},phone,138000000{n:02}"));
    }
    for n in 0..6 {
        lines.push(format!("R{n},device,shared-{}", n % 2));
        lines.push(format!("R{n},device,shared-2"));
        lines.push(format!("R{n},fee_account,fees"));
    }
    lines.join("\n")
}

#[test]
fn a_ring_in_a_csv_is_found_and_told_calmly() {
    let dir = folder("rings-scan");
    let file = dir.join("edges.csv");
    let at = file.display().to_string();
    std::fs::write(&file, edges()).unwrap();
    let told = mingbai(&["rings", "scan", "--edges", &at, "--blocks", "2", "--lang", "en"]);
    assert_eq!(told.code, 0, "{}", told.told());
    insta::assert_snapshot!("rings_scan", told.out);
    let told = mingbai(&["rings", "scan", "--edges", &at, "--lang", "zh"]);
    assert!(told.out.contains("密集不等于有问题"), "{}", told.told());
}

#[test]
fn a_broken_csv_is_named_by_line_and_an_empty_one_says_so() {
    let dir = folder("rings-broken");
    let file = dir.join("edges.csv");
    let at = file.display().to_string();
    for (text, said) in [
        ("a,b\n1,2\n", "no column application"),
        ("application,kind,identifier\nA,colour,red\n", "line 2 has an unknown kind"),
        ("application,kind,identifier\nA,device,\n", "line 2 has an empty cell"),
        ("application,kind,identifier\nA,device\n", "cannot be read"),
    ] {
        std::fs::write(&file, text).unwrap();
        let told = mingbai(&["rings", "scan", "--edges", &at, "--lang", "en"]);
        assert_eq!(told.code, 2, "{}", told.told());
        assert!(told.err.contains(said), "{}", told.told());
    }
    std::fs::write(&file, "application,kind,identifier\n").unwrap();
    let told = mingbai(&["rings", "scan", "--edges", &at, "--lang", "en"]);
    assert_eq!((told.code, told.out.trim()), (0, "There are no links."), "{}", told.told());
    assert_eq!(mingbai(&["rings", "scan", "--edges", &dir.join("nothing").display().to_string()]).code, 3);
}
