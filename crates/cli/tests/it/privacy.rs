//! `mingbai privacy` on real loans: what is shown, who may do what, what stands against erasing, and what is left afterwards. The years
//! that must pass go by at once: a library moves the program's clock, and nothing else.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::played::loans;
use crate::run::{Ran, ended, folder};
use crate::serve::at;

const PASSWORD: &str = "a long enough password";
/// The loan of the demo that was declined, and the honest one, which runs or was just closed.
const DECLINED: &str = "DEMO-1004";
const HONEST: &str = "DEMO-1001";
const YEARS_6: i64 = (6 * 365 + 2) * 24 * 60 * 60;

const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int out = real(id, t);
    if (out == 0 && id == CLOCK_REALTIME) t->tv_sec += SHIFT;
    return out;
}
"#;

/// The library that moves the clock, or nothing where there is no C compiler.
fn clock(dir: &Path) -> Option<PathBuf> {
    let (source, out) = (dir.join("clock.c"), dir.join("clock.so"));
    std::fs::write(&source, CLOCK).unwrap();
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-o"]).arg(&out).arg(&source);
    cc.arg(format!("-DSHIFT={YEARS_6}")).arg("-ldl");
    cc.status().is_ok_and(|status| status.success()).then_some(out)
}

struct Office {
    data: PathBuf,
    clock: Option<PathBuf>,
}

impl Office {
    fn run(&self, input: &str, arguments: &[&str]) -> Ran {
        let mut command = at(&self.data);
        if let Some(clock) = &self.clock {
            command.env("LD_PRELOAD", clock);
        }
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // One that refuses before it reads hangs up.
        let _ = writeln!(child.stdin.take().unwrap(), "{input}");
        let ran = ended(child.wait_with_output().unwrap());
        assert!(!ran.told().contains(PASSWORD), "{}", ran.told());
        ran
    }

    fn hire(&self, login: &str, role: &str) {
        let add = ["account", "add", login, "--role", role, "--name", login, "--password-stdin"];
        let branch = if role == "consultant" { vec!["--branch", "城东"] } else { Vec::new() };
        let ran = self.run(PASSWORD, &[add.as_slice(), &branch].concat());
        assert_eq!(ran.code, 0, "{}", ran.told());
    }

    fn privacy(&self, who: &str, action: &str, journey: &str, more: &[&str]) -> Ran {
        let start = ["privacy", action, journey, "--as", who, "--password-stdin"];
        self.run(PASSWORD, &[start.as_slice(), more].concat())
    }
}

/// Digests, sizes, references and days change from one demo to the next.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with("journey ") {
            out.push_str("journey REFERENCE\n");
        } else if line.contains("application/") {
            out.push_str("    DIGEST  application/json  BYTES\n");
        } else {
            let words: Vec<&str> =
                line.split(' ').map(|word| if is_time(word) { "TIME" } else { word }).collect();
            out.push_str(&words.join(" "));
            out.push('\n');
        }
    }
    out
}

fn is_time(word: &str) -> bool {
    word.len() >= 5 && word.bytes().all(|b| b.is_ascii_digit() || b":-.,;".contains(&b))
}

#[test]
fn what_is_kept_is_shown_held_and_erased_only_when_the_law_lets_it() {
    let (dir, _) = loans("privacy");
    let mut office = Office { data: dir.join("data"), clock: None };
    for (login, role) in
        [("wang.fa", "compliance"), ("zhou.shen", "auditor"), ("li.gu", "consultant"), ("root", "admin")]
    {
        office.hire(login, role);
    }
    let shown = office.privacy("wang.fa", "show", DECLINED, &[]);
    assert_eq!(shown.code, 0, "{}", shown.told());
    insta::assert_snapshot!("privacy_show", masked(&shown.out));
    assert_eq!(office.privacy("zhou.shen", "show", DECLINED, &[]).code, 0, "an auditor may look");

    // Who may not, or shows no password, learns nothing and changes nothing.
    let hold = ["--reason", "法院来文 (2031) 第 7 号"];
    for who in ["li.gu", "root"] {
        assert_eq!(office.privacy(who, "show", DECLINED, &[]).code, 2, "{who}");
    }
    assert_eq!(office.privacy("zhou.shen", "hold", DECLINED, &hold).code, 2);
    let start = ["privacy", "show", DECLINED, "--as", "wang.fa"];
    assert!(office.run("", &start).err.contains("--password-stdin"));
    assert_eq!(office.run("a wrong password", &[start.as_slice(), &["--password-stdin"]].concat()).code, 2);
    assert_eq!(office.privacy("wang.fa", "show", "NO-SUCH", &[]).code, 2);

    // A loan that runs, one whose period of keeping runs, one that is held: each refusal says why and from when.
    let basis = ["--basis", "period_over", "--note", "本人书面申请,编号 2031-7", "--yes"];
    let mut told = String::new();
    for journey in [HONEST, DECLINED] {
        let ran = office.privacy("wang.fa", "forget", journey, &basis);
        assert_eq!(ran.code, 1, "{}", ran.told());
        told.push_str(&masked(&ran.err));
    }
    assert_eq!(office.privacy("wang.fa", "hold", DECLINED, &["--reason", "x"]).code, 2, "no reason");
    let held = office.privacy("wang.fa", "hold", DECLINED, &hold);
    assert!(held.code == 0 && held.out.contains("held as number 0"), "{}", held.told());
    let ran = office.privacy("wang.fa", "forget", DECLINED, &basis);
    assert_eq!(ran.code, 1, "{}", ran.told());
    told.push_str(&masked(&ran.err));
    insta::assert_snapshot!("privacy_refused", told);

    office.clock = clock(&folder("privacy_clock"));
    if office.clock.is_none() {
        eprintln!("SKIPPED the rest of privacy: no C compiler to move the clock with");
        return;
    }
    years_later(&office, &basis);
}

/// Six years later the period is over; the hold still stands until it is released.
fn years_later(office: &Office, basis: &[&str]) {
    let ran = office.privacy("wang.fa", "forget", DECLINED, basis);
    assert!(ran.code == 1 && ran.err.contains("A legal hold stands"), "{}", ran.told());
    let release = ["--hold", "0", "--reason", "法院来文 (2031) 第 9 号"];
    assert_eq!(office.privacy("wang.fa", "release", DECLINED, &release).code, 0);
    assert_eq!(office.privacy("wang.fa", "release", DECLINED, &release).code, 2, "it was released");
    // Without --yes and without a person at a terminal nothing is destroyed.
    let ran = office.privacy("wang.fa", "forget", DECLINED, &basis[..4]);
    assert!(ran.code == 2 && ran.err.contains("add --yes"), "{}", ran.told());
    assert!(office.privacy("wang.fa", "show", DECLINED, &[]).out.contains("borrower.name"));

    let ran = office.privacy("wang.fa", "forget", DECLINED, basis);
    assert!(ran.code == 0 && ran.out.contains("Her key is destroyed"), "{}", ran.told());
    let shown = office.privacy("wang.fa", "show", DECLINED, &[]);
    assert!(!shown.out.contains("borrower.name"), "{}", shown.told());
    insta::assert_snapshot!("privacy_erased", masked(&shown.out));
    let again = office.privacy("wang.fa", "forget", DECLINED, basis);
    assert_eq!(again.code, 0, "asking again makes sure: {}", again.told());
    let checked = office.run("", &["fsck"]);
    assert!(checked.code == 0 && checked.out.contains("Everything holds."), "{}", checked.told());
    let others = office.privacy("wang.fa", "show", HONEST, &[]);
    assert!(others.out.contains("borrower.name"), "nobody else was touched: {}", others.told());
}
