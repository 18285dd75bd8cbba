//! The main job, end to end: the whole story in real time, its evidence checked by the program itself, and its links opened.

use std::path::Path;

use mingbai_evidence::package::{self, Attachment, Limits};

use crate::played::{Played, played};
use crate::run::{folder, mingbai};

fn told(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line:?} is not told:\n{text}");
    }
}

#[test]
fn the_whole_story_in_english_and_its_evidence() {
    let (dir, shown) = (&played().once, played().once.display().to_string());
    told(
        &played().story,
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
    signed_contracts(dir, &key);
    for kind in ["cost_table", "plan", "notice"] {
        let pdf = std::fs::read(dir.join("papers").join(format!("1-honest-{kind}.pdf"))).unwrap();
        assert!(pdf.starts_with(b"%PDF-"), "{kind}");
    }
    let again = mingbai(&["demo", "--once", "--lang", "en", "--dir", &shown]);
    assert!(again.code == 2 && again.err.contains("--start-over"), "{}", again.told());
}

/// Every signed contract in the honest loan's package is held against the log in it, and against that of another loan.
fn signed_contracts(dir: &Path, key: &str) {
    let package = dir.join("evidence/1-honest.zip");
    let root = dir.join("data/ca/root.cer").display().to_string();
    let read = package::read(&std::fs::read(&package).unwrap(), &Limits::default()).unwrap();
    let signed = |one: &&Attachment| {
        one.bytes.starts_with(b"%PDF-") && one.bytes.windows(10).any(|text| text == b"/ByteRange")
    };
    let mut seen = 0;
    for pdf in read.attachments.iter().filter(signed) {
        seen += 1;
        let file = dir.join(format!("contract-{seen}.pdf"));
        std::fs::write(&file, &pdf.bytes).unwrap();
        let file = file.display().to_string();
        let held = |evidence: &Path| {
            let evidence = evidence.display().to_string();
            mingbai(&[
                "verify",
                &file,
                "--root",
                &root,
                "--evidence",
                &evidence,
                "--key",
                key,
                "--lang",
                "en",
            ])
        };
        let ran = held(&package);
        let told = ran.told();
        for claim in [
            "The evidence package itself holds",
            "she was shown before she signed",
            "asked to sign exactly",
            "made for this signing",
            "The log names this very file",
        ] {
            let line =
                told.lines().find(|line| line.contains(claim)).unwrap_or_else(|| panic!("{claim}: {told}"));
            assert!(line.contains("✓ proven"), "{line}");
        }
        let ran = held(&dir.join("evidence/3-consultant.zip"));
        assert!(ran.code == 1 && ran.told().contains("The log does not name this file"), "{}", ran.told());
    }
    assert!(seen > 0, "the demo's honest loan holds no signed contract");
    let ran = mingbai(&[
        "verify",
        &package.display().to_string(),
        "--evidence",
        &package.display().to_string(),
        "--lang",
        "en",
    ]);
    assert!(ran.code == 2 && ran.err.contains("--evidence is for a PDF"), "{}", ran.told());
}

#[test]
fn the_server_stays_with_links_that_open() {
    let Played { stayed, seen, .. } = played();
    told(stayed, &["✗ 拒绝 李娜在自己的电脑上替赵桂兰点", "‼ 违规", "“清楚”", "砍头息", "自己试试", "li.na"]);
    assert!(seen.page.starts_with("HTTP/1.1 200") && seen.page.contains("name=\"code\""), "{}", seen.page);
    assert!(seen.kept, "the file of links has others");
    // While it runs, nobody may start it over.
    assert!(
        seen.guarded.starts_with("exit 3") && seen.guarded.contains("in use by another mingbai"),
        "{}",
        seen.guarded
    );
    assert_eq!(seen.code, Some(0));
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
