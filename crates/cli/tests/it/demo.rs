//! The main job, end to end: the whole story in real time, its evidence checked by the program itself, and its links opened.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::{ended, folder, mingbai, program};
use crate::serve::ask;

fn told(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line:?} is not told:\n{text}");
    }
}

#[test]
fn the_whole_story_in_english_and_its_evidence() {
    let dir = folder("demo_once").join("demo");
    let shown = dir.display().to_string();
    let mut command = program();
    command.args(["demo", "--once", "--lang", "en", "--listen", "127.0.0.1:0", "--dir"]).arg(&dir);
    let ran = ended(command.output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.told());
    told(
        &ran.out,
        &[
            "An honest loan, from quote to reconciliation",
            "12 instalments reconciled, 52,193.06 yuan, to the fen",
            "Evidence for the old terms no longer counts (11 to do again)",
            "On record: staff:li.na:consultant tried confirm",
            "To give back: 499.00 yuan",
            "Advertised 8.00%; with every fee it is 26.18% (simple), 29.56% (compound)",
            "1-honest.zip: everything holds.",
            "every step went as the law of the house says",
        ],
    );
    let evidence = format!("{shown}/evidence");
    let key = format!("@{evidence}/log-key.txt");
    for (file, code) in [
        ("1-honest.zip", 0),
        ("1-honest-opened-by-borrower.zip", 0),
        ("1-honest-one-byte-changed.zip", 1),
        ("1-honest-forged.zip", 1),
        ("3-consultant.zip", 1),
    ] {
        let ran = mingbai(&["verify", &format!("{evidence}/{file}"), "--key", &key]);
        assert_eq!(ran.code, code, "{file}: {}", ran.told());
    }
    for kind in ["cost_table", "plan", "notice"] {
        let pdf = std::fs::read(dir.join("papers").join(format!("1-honest-{kind}.pdf"))).unwrap();
        assert!(pdf.starts_with(b"%PDF-"), "{kind}");
    }
    let again = mingbai(&["demo", "--once", "--lang", "en", "--dir", &shown]);
    assert!(again.code == 2 && again.err.contains("--start-over"), "{}", again.told());
}

#[test]
fn the_server_stays_with_links_that_open() {
    let dir = folder("demo_stays").join("demo");
    let mut command = program();
    command.args(["demo", "--listen", "127.0.0.1:0", "--dir"]).arg(&dir);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut story = String::new();
    while !story.contains("按 Ctrl-C 停止") {
        if lines.read_line(&mut story).unwrap() == 0 {
            let code = child.wait().unwrap().code();
            panic!("the demo ended with {code:?}: {story}");
        }
    }
    told(&story, &["✗ 拒绝 李娜在自己的电脑上替赵桂兰点", "‼ 违规", "“清楚”", "砍头息", "自己试试", "li.na"]);
    let link = story.lines().map(str::trim).find(|line| line.contains("/b/")).unwrap();
    let (address, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let page = ask(address, &format!("/{path}"), "");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("name=\"code\""), "{page}");
    let kept = std::fs::read_to_string(dir.join("LINKS.txt")).unwrap();
    assert!(
        kept.contains(link) && !std::fs::read_to_string(dir.join("MINGBAI-DEMO.txt")).unwrap().is_empty()
    );
    // While it runs, nobody may start it over.
    let shown = dir.display().to_string();
    let ran = mingbai(&["demo", "--start-over", "--lang", "en", "--dir", &shown]);
    assert!(ran.code == 3 && ran.err.contains("in use by another mingbai"), "{}", ran.told());
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn somebody_elses_folder_is_left_alone() {
    let dir = folder("demo_foreign");
    std::fs::write(dir.join("letters.txt"), "dear").unwrap();
    let ran =
        mingbai(&["demo", "--once", "--start-over", "--lang", "en", "--dir", &dir.display().to_string()]);
    assert!(ran.code == 2 && ran.err.contains("it is no demo folder"), "{}", ran.told());
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    assert!(Path::new(&dir).join("letters.txt").exists());
}
