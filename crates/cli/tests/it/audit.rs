//! The loan-book audit on our own small book and on the published one.

use crate::run::{folder, mingbai, root};

const BOOK: &str = "examples/audit/guaranteed.csv";
const MAP: &str = "examples/audit/guaranteed.toml";

#[test]
fn the_example_book_in_both_languages() {
    insta::assert_snapshot!("audit_zh", mingbai(&["audit", BOOK, "--map", MAP]).told());
    insta::assert_snapshot!("audit_en", mingbai(&["audit", BOOK, "--map", MAP, "--lang", "en"]).told());
}

#[test]
fn reports_are_whole_in_both_forms() {
    let folder = folder("reports");
    let (csv, json) = (folder.join("r.csv"), folder.join("r.json"));
    for path in [&csv, &json] {
        let ran = mingbai(&["audit", BOOK, "--map", MAP, "--lang", "en", "--report", path.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.told());
    }
    insta::assert_snapshot!("report_csv", std::fs::read_to_string(&csv).unwrap());
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    let rows = csv::Reader::from_path(&csv).unwrap().into_records().count();
    assert_eq!(json["rows"].as_array().map(Vec::len), Some(rows));
    assert_eq!(json["summary"]["lines"], 8);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "a draft was left behind");
}

#[test]
fn fail_on_decides_the_exit_code() {
    let code = |kind: &str| mingbai(&["audit", BOOK, "--map", MAP, "--fail-on", kind]).code;
    assert_eq!([code("differences"), code("errors"), code("caps")], [1, 1, 1]);
    let wrong =
        mingbai(&["audit", BOOK, "--map", "examples/audit/lendingclub.toml", "--report", "/dev/null/x.csv"]);
    assert_eq!(wrong.code, 2, "{}", wrong.told());
}

#[test]
fn nothing_is_left_behind_when_the_report_cannot_be_named() {
    let folder = folder("unnamed");
    let path = folder.join("report.txt");
    let ran = mingbai(&["audit", BOOK, "--map", MAP, "--report", path.to_str().unwrap()]);
    assert_eq!((ran.code, std::fs::read_dir(&folder).unwrap().count()), (2, 0), "{}", ran.told());
}

/// The published LendingClub instalments. The book is not part of the repository: 2.5 MB that lie beside it.
#[test]
fn the_published_book_comes_out_to_the_cent() {
    let book = root().join("../shared/data/loans_full_schema.csv");
    if !book.exists() {
        eprintln!("not run: {} is not there", book.display());
        return;
    }
    let ran = mingbai(&["audit", book.to_str().unwrap(), "--map", "examples/audit/lendingclub.toml"]);
    insta::assert_snapshot!("lendingclub", ran.told());
}
