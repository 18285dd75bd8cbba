//! `mingbai complaints` on an empty house: a dry run that writes nothing, one confirmed run, the report and the rows.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::run::{Ran, ended, folder};
use crate::serve::at;

const PASSWORD: &str = "a long enough password";
const FILE: &str = "转办编号,渠道,收到日期,姓名,联系方式,投诉内容\n\
    T-1,12378,DAY,王秀英,138 0000 0000,合同上没有写的服务费被扣了\n\
    T-2,12363,DAY,李强,139 0000 0000,征信记录写错了没人改\n\
    T-1,12378,DAY,王秀英,138 0000 0000,同一件又来了一次\n";

fn run(data: &Path, arguments: &[&str]) -> Ran {
    let mut command = at(data);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // One that refuses before it reads hangs up.
    let _ = writeln!(child.stdin.take().unwrap(), "{PASSWORD}");
    ended(child.wait_with_output().unwrap())
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the program reads the real clock, and a complaint must not come from tomorrow"
)]
fn a_file_is_planned_confirmed_and_reported() {
    let dir = folder("complaint_files");
    let (data, file) = (dir.join("data"), dir.join("transfers.csv"));
    let named = file.display().to_string();
    let add = ["account", "add", "wu", "--role", "compliance", "--name", "wu", "--password-stdin"];
    assert_eq!(run(&data, &add).code, 0);
    let today = jiff::tz::Offset::constant(8).to_datetime(jiff::Timestamp::now()).date();
    let text = FILE.replace("DAY", &today.to_string());
    let signed = ["--as", "wu", "--password-stdin", "--lang", "en"];
    let import = |more: &[&str]| run(&data, &[&["complaints", "import", &named], &signed[..], more].concat());
    let export = |more: &[&str]| run(&data, &[&["complaints", "export"], &signed[..], more].concat());

    // GBK, as such files often are.
    let (gbk, _, _) = encoding_rs::GB18030.encode(&text);
    std::fs::write(&file, &gbk).unwrap();
    let plan = import(&[]);
    assert_eq!(plan.code, 0, "{}", plan.told());
    let confirm = plan.out.split("--confirm ").nth(1).unwrap().trim().to_owned();
    insta::assert_snapshot!("complaints_plan", plan.out.replace(&confirm, "CODE"));
    assert!(export(&[]).out.contains("0 in all"));

    assert_eq!(import(&["--confirm", "0123456789ab"]).code, 2);
    let done = import(&["--confirm", &confirm]);
    assert_eq!(done.code, 0, "{}", done.told());
    assert!(done.out.contains("written 2, there before 0"), "{}", done.out);
    assert!(import(&[]).out.contains("nothing new"), "{}", import(&[]).out);
    insta::assert_snapshot!("complaints_report", export(&[]).out);

    let rows = dir.join("rows.csv");
    let shown = rows.display().to_string();
    assert_eq!(export(&["--rows", &shown]).code, 0);
    let rows = std::fs::read_to_string(&rows).unwrap();
    assert!(rows.starts_with("\u{feff}Date received,Product,") && rows.lines().count() == 3, "{rows}");
    assert!(!rows.contains("王秀英") && !rows.contains("138"), "{rows}");
    let json: serde_json::Value = serde_json::from_str(&export(&["--json"]).out).unwrap();
    assert_eq!(json["total"], 2);

    std::fs::write(&file, b"PK\x03\x04not a table").unwrap();
    let zip = import(&[]);
    assert_eq!(zip.code, 2);
    assert!(zip.told().contains("ZIP archive"), "{}", zip.told());
    std::fs::write(&file, text.replace("12363", "12345")).unwrap();
    let bad = import(&[]);
    assert!(bad.code == 2 && bad.told().contains("line 3: \"channel\" is 12378 or 12363"), "{}", bad.told());
}
