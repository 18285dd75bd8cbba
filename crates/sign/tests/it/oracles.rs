//! Programs of others as judges of our files: `pdfsig` (poppler), `qpdf`, pyHanko, and `openssl ts` for a real time stamp.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use mingbai_sign::{Verdict, add_validation, assemble, attributes_to_sign, finish, prepare, verify};

use crate::kit::*;

/// A folder of one test under the build folder.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sign").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Scratch(folder)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.0.join(name), bytes).unwrap();
        self.path(name)
    }
}

/// Whether it ended well, and all it said.
pub fn run(program: &str, args: &[&str]) -> (bool, String) {
    let out = Command::new(program).args(args).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    (out.status.success(), said)
}

/// Whether a judge is here. Says SKIPPED when it is not, and fails instead where it must be.
pub fn here(program: &str, test: &str) -> bool {
    if Command::new(program).arg("--version").output().is_ok() {
        return true;
    }
    missing(program, test)
}

fn missing(program: &str, test: &str) -> bool {
    let required = std::env::var_os("MINGBAI_REQUIRE_PDF_TOOLS").is_some();
    assert!(!required, "{test}: {program} is missing, and MINGBAI_REQUIRE_PDF_TOOLS is set");
    eprintln!("SKIPPED {test}: {program} is not installed");
    false
}

/// pyHanko's own interpreter: `scripts/test` makes it under the build folder.
pub fn pyhanko(test: &str) -> Option<String> {
    static FOUND: OnceLock<Option<String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let python = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent()?.join("pyhanko-venv/bin/python");
        let python = python.to_str()?.to_owned();
        let works =
            Command::new(&python).args(["-c", "import pyhanko"]).output().is_ok_and(|o| o.status.success());
        works.then_some(python)
    });
    if found.is_none() {
        missing("pyHanko", test);
    }
    found.clone()
}

/// Prints for each signature `name bottom_line coverage modification timestamp`, at a fixed moment, offline, trusting our root.
const JUDGE: &str = r#"
import sys, datetime
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
pdf, roots, at, retro = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]), sys.argv[4] == "retro"
roots = [load_cert_from_pemder(r) for r in roots]
moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
def context():
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail", retroactive_revinfo=retro)
reader = PdfFileReader(open(pdf, "rb"))
usage = KeyUsageConstraints(key_usage={"non_repudiation"}, key_usage_forbidden={"digital_signature"})
for s in reader.embedded_signatures:
    if s.sig_object.get("/Type") == "/DocTimeStamp":
        continue
    status = validate_pdf_signature(s, context(), context(), key_usage_settings=usage)
    stamp = status.timestamp_validity
    print(s.field_name, status.bottom_line, status.coverage.name, status.modification_level.name,
          "no-stamp" if stamp is None else f"stamp={stamp.valid and stamp.trusted}")
"#;

fn judge(python: &str, scratch: &Scratch, pdf: &[u8], roots: &[(&str, &[u8])], at_ms: i64) -> Vec<String> {
    let script = scratch.file("judge.py", JUDGE.as_bytes());
    let pdf = scratch.file("judged.pdf", pdf);
    let roots: Vec<String> = roots.iter().map(|(name, der)| scratch.file(name, der)).collect();
    let (good, said) = run(python, &[&script, &pdf, &roots.join(","), &(at_ms / 1000).to_string(), "retro"]);
    assert!(good, "{said}");
    said.lines().filter(|l| l.contains("True") || l.contains("False")).map(str::to_owned).collect()
}

#[test]
fn pyhanko_accepts_one_and_two_signatures_and_refuses_a_changed_file() {
    let Some(python) = pyhanko("pyhanko_accepts_one_and_two_signatures_and_refuses_a_changed_file") else {
        return;
    };
    let house = House::new();
    let scratch = Scratch::new("pyhanko");
    let roots = [("root.der", house.root.der())];
    let one = signed_paper(&house);
    let at = NOW_MS + HOUR_MS;
    assert_eq!(judge(&python, &scratch, &one, &roots, at), ["borrower True ENTIRE_FILE NONE no-stamp"]);

    let two = sign(&house, prepare(&one, &field("lender")).unwrap(), 4, 4);
    let said = judge(&python, &scratch, &two, &roots, at);
    assert_eq!(
        said,
        ["borrower True ENTIRE_REVISION FORM_FILLING no-stamp", "lender True ENTIRE_FILE NONE no-stamp"]
    );

    let closed = add_validation(&two, &house.validation(NOW_MS, Vec::new())).unwrap();
    let said = judge(&python, &scratch, &closed, &roots, at);
    assert_eq!(said.len(), 2);
    assert!(said[0].starts_with("borrower True ENTIRE_REVISION FORM_FILLING"), "{said:?}");
    assert!(said[1].starts_with("lender True ENTIRE_REVISION LTA_UPDATES"), "{said:?}");

    let mut changed = two;
    changed[PAPER.len() / 2] ^= 1;
    for line in judge(&python, &scratch, &changed, &roots, at) {
        assert!(line.contains("False"), "{line}");
    }
}

/// A time-stamping authority made with `openssl`, and its token over these bytes.
fn openssl_stamp(scratch: &Scratch, over: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let config = "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=Test TSA\n[ext]\nbasicConstraints=critical,CA:FALSE\n\
        keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n[tsa]\ndefault_tsa=t\n[t]\n\
        serial=SERIAL\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\nsigner_digest=sha256\n\
        ess_cert_id_alg=sha256\nordering=no\n";
    scratch.file("serial", b"01\n");
    let config = scratch.file("tsa.cnf", config.replace("SERIAL", &scratch.path("serial")).as_bytes());
    let (key, cert) = (scratch.path("tsa.key"), scratch.path("tsa.pem"));
    let data = scratch.file("data", over);
    let (query, reply, token) = (scratch.path("q.tsq"), scratch.path("r.tsr"), scratch.path("t.der"));
    for args in [
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            &key,
            "-out",
            &cert,
            "-days",
            "3650",
            "-config",
            &config,
            "-extensions",
            "ext",
        ][..],
        &["ts", "-query", "-data", &data, "-sha256", "-cert", "-out", &query],
        &[
            "ts",
            "-reply",
            "-queryfile",
            &query,
            "-config",
            &config,
            "-signer",
            &cert,
            "-inkey",
            &key,
            "-out",
            &reply,
        ],
        &["ts", "-reply", "-in", &reply, "-token_out", "-out", &token],
    ] {
        let (good, said) = run("openssl", args);
        assert!(good, "{args:?}: {said}");
    }
    let der = scratch.path("tsa.der");
    run("openssl", &["x509", "-in", &cert, "-outform", "DER", "-out", &der]);
    (std::fs::read(token).unwrap(), std::fs::read(der).unwrap())
}

#[test]
fn pyhanko_accepts_a_time_stamp_of_openssl_in_our_signature() {
    const TEST: &str = "pyhanko_accepts_a_time_stamp_of_openssl_in_our_signature";
    let Some(python) = pyhanko(TEST) else { return };
    if !here("openssl", TEST) {
        return;
    }
    use mingbai_sign::KeyCustody;
    let house = House::new();
    let scratch = Scratch::new("stamp");
    // The authority's clock is the machine's, so the case must be signed today.
    let (_, today) = run("date", &["+%s"]);
    let now_ms = today.trim().parse::<i64>().unwrap() * 1000;
    let mut field = field("borrower");
    field.signed_at_ms = now_ms;
    field.capacity_bytes = 8192;
    let prepared = prepare(PAPER, &field).unwrap();
    let chain = house.chain(&house.certificate_at(&key(3), 3, now_ms));
    let attributes = attributes_to_sign(&prepared.digest(), &chain[0]).unwrap();
    let signature = key(3).sign(&attributes).unwrap();
    let (token, tsa) = openssl_stamp(&scratch, &signature);
    let cms = assemble(&attributes, &signature, &chain, Some(&token)).unwrap();
    let signed = finish(prepared, &cms).unwrap();
    let roots = [("root.der", house.root.der()), ("tsa-root.der", &tsa[..])];
    let said = judge(&python, &scratch, &signed, &roots, now_ms + 60_000);
    assert_eq!(said, ["borrower True ENTIRE_FILE NONE stamp=True"]);
    let (other, tsa) = openssl_stamp(&scratch, b"another signature");
    let prepared = prepare(PAPER, &field).unwrap();
    let cms = assemble(&attributes, &signature, &chain, Some(&other)).unwrap();
    let signed = finish(prepared, &cms).unwrap();
    let roots = [("root.der", house.root.der()), ("tsa-root.der", &tsa[..])];
    let said = judge(&python, &scratch, &signed, &roots, now_ms + 60_000);
    assert!(said.iter().all(|line| line.contains("False")), "a stamp of something else: {said:?}");
}

#[test]
fn pdfsig_finds_both_signatures_valid_and_a_changed_byte() {
    const TEST: &str = "pdfsig_finds_both_signatures_valid_and_a_changed_byte";
    if !here("pdfsig", TEST) {
        return;
    }
    let house = House::new();
    let scratch = Scratch::new("pdfsig");
    let two = sign(&house, prepare(&signed_paper(&house), &field("lender")).unwrap(), 4, 4);
    let file = scratch.file("two.pdf", &two);
    let (_, said) = run("pdfsig", &["-nocert", &file]);
    assert_eq!(said.matches("Signature is Valid").count(), 2, "{said}");
    assert_eq!(said.matches("ETSI.CAdES.detached").count(), 2, "{said}");
    assert_eq!(said.matches("Total document signed").count(), 1, "the second covers everything: {said}");
    let mut changed = two;
    changed[PAPER.len() / 2] ^= 1;
    let file = scratch.file("changed.pdf", &changed);
    let (_, said) = run("pdfsig", &["-nocert", &file]);
    assert_eq!(said.matches("Digest Mismatch").count(), 2, "{said}");
}

#[test]
fn qpdf_finds_no_fault_in_any_revision() {
    const TEST: &str = "qpdf_finds_no_fault_in_any_revision";
    if !here("qpdf", TEST) {
        return;
    }
    let house = House::new();
    let scratch = Scratch::new("qpdf");
    let one = signed_paper(&house);
    let two = sign(&house, prepare(&one, &field("lender")).unwrap(), 4, 4);
    let closed = add_validation(&two, &house.validation(NOW_MS, Vec::new())).unwrap();
    let small = sign(&house, prepare(&small_paper(), &field("borrower")).unwrap(), 3, 3);
    for (name, pdf) in [("one", one), ("two", two), ("closed", closed), ("small", small)] {
        let file = scratch.file(&format!("{name}.pdf"), &pdf);
        let (good, said) = run("qpdf", &["--check", &file]);
        assert!(good && said.contains("No syntax or stream encoding errors found"), "{name}: {said}");
    }
}

#[test]
fn a_file_that_qpdf_wrote_anew_is_never_vouched_for() {
    const TEST: &str = "a_file_that_qpdf_wrote_anew_is_never_vouched_for";
    if !here("qpdf", TEST) {
        return;
    }
    let house = House::new();
    let scratch = Scratch::new("rewritten");
    let signed = scratch.file("signed.pdf", &signed_paper(&house));
    let written = scratch.path("written.pdf");
    for (option, verdict) in [
        ("--object-streams=disable", Verdict::Contradicted),
        ("--object-streams=generate", Verdict::NotKnown),
        ("--linearize", Verdict::Contradicted),
    ] {
        let (_, said) = run("qpdf", &[option, &signed, &written]);
        let pdf = std::fs::read(&written).unwrap_or_else(|_| panic!("{said}"));
        let report = verify(&pdf, std::slice::from_ref(&house.root), NOW_MS + HOUR_MS);
        assert_eq!(report.verdict(), verdict, "{option}: {:?}", report.doubts());
        let words = &report.doubts()[0].reason;
        assert!(words.zh.chars().any(|c| c > '\u{4e00}') && words.en.is_ascii(), "{words:?}");
    }
}
