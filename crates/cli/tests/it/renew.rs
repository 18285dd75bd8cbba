//! `mingbai renew-signatures` on a data folder with a contract that a borrower signed on her own device: without an authority it says
//! so, with one each contract gets a time stamp over the whole file, the package carries it, and the file proves itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::forger::tamper;

use crate::played::loans;
use crate::run::{ended, mingbai};
use crate::serve::{at, served};
use crate::stamps::{authority, file, made_key, package};
use crate::tsa::{PLAIN, Plan, Tsa, openssl_is_here};

/// The signed contract in a package: the PDF that has the most revisions.
fn newest_pdf(package: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = package[at..].windows(12).position(|w| w == b"attachments/") {
        at += next;
        let name = String::from_utf8_lossy(&package[at..at + 12 + 64 + 4]).into_owned();
        found.extend(file(package, &name).filter(|bytes| bytes.starts_with(b"%PDF-")));
        at += 12;
    }
    let revisions = |pdf: &Vec<u8>| pdf.windows(5).filter(|w| w == b"%%EOF").count();
    found.into_iter().max_by_key(revisions).unwrap()
}

#[test]
fn signed_contracts_are_time_stamped_by_command_and_prove_themselves() {
    if !openssl_is_here("renewal end to end") {
        return;
    }
    let (dir, journey) = loans("renew");
    let data = dir.join("data");
    let renew = |with: Option<(&str, &str)>, more: &[&str]| {
        let mut command = at(&data);
        if let Some((url, root)) = with {
            command.env("MINGBAI_TSA_URL", url).env("MINGBAI_TSA_ROOT", root);
        }
        ended(command.arg("renew-signatures").args(more).output().unwrap())
    };
    let ran = renew(None, &[]);
    assert!(ran.code == 2 && ran.err.contains("no time-stamping authority is set"), "{}", ran.told());

    // One authority ends in two hundred days, the other in 2049.
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let end = jiff::Timestamp::from_second(now + 200 * 86_400).unwrap();
    let until: &'static str = end.strftime("%Y%m%d%H%M%SZ").to_string().leak();
    let (first, second) = (Arc::new(Tsa::new(&Plan { until, ..PLAIN })), Arc::new(Tsa::new(&PLAIN)));
    let root = dir.join("roots.pem");
    std::fs::write(&root, format!("{}{}", first.root(), second.root())).unwrap();
    let root = root.display().to_string();
    let ran = renew(Some(("http://127.0.0.1:9/tsa", &root)), &[]);
    assert!(ran.code == 3 && ran.out.contains("did not answer"), "{}", ran.told());
    let (url, _) = authority(first, 0);
    let ran = renew(Some((&url, &root)), &[]);
    assert!(ran.code == 0 && ran.out.contains("time-stamped, good until"), "{}", ran.told());
    let ran = renew(Some((&url, &root)), &[]);
    assert!(ran.code == 0 && ran.out.contains("renewed 0; not due yet 1"), "{}", ran.told());
    let ran = renew(Some((&url, &root)), &["--all"]);
    assert!(ran.code == 0 && ran.out.contains("renewed 1"), "{}", ran.told());

    // What the running server does by itself when it is due, with an authority that lives longer.
    tamper(&data.join("mingbai.db"), "UPDATE outbox SET due_at_ms = 0 WHERE task LIKE '%renew_signatures%'");
    let key = made_key(&data, &["key", "add", "core-demo"], "mbk_").0;
    let (url, asked) = authority(second, 0);
    let mut command = at(&data);
    command.env("MINGBAI_TSA_URL", url).env("MINGBAI_TSA_ROOT", &root).env("MINGBAI_TSA_RENEW_DAYS", "1800");
    let server = served(command);
    let bytes = (0..60).find_map(|_| {
        std::thread::sleep(Duration::from_millis(500));
        let bytes = package(&server.address, &journey, &key);
        newest_pdf(&bytes).windows(9).any(|w| w == b"archive-3").then_some(bytes)
    });
    let bytes =
        bytes.unwrap_or_else(|| panic!("not renewed after {} requests", asked.load(Ordering::SeqCst)));
    drop(server);
    let (zip, pdf) = (dir.join("renewed.zip"), dir.join("contract.pdf"));
    std::fs::write(&zip, &bytes).unwrap();
    std::fs::write(&pdf, newest_pdf(&bytes)).unwrap();
    let (zip, pdf) = (zip.display().to_string(), pdf.display().to_string());
    let log_key = format!("@{}/evidence/log-key.txt", dir.display());
    let ran = mingbai(&["verify", &zip, "--lang", "en", "--key", &log_key]);
    assert_ne!(ran.code, 3, "{}", ran.told());
    assert!(!ran.out.contains('✗'), "the package still holds: {}", ran.told());
    let ca = data.join("ca/root.cer").display().to_string();
    let ran = mingbai(&["verify", &pdf, "--lang", "en", "--root", &ca, "--tsa-root", &root]);
    assert!(ran.code == 0 && ran.out.contains("[archive-3]"), "{}", ran.told());
    let ran = mingbai(&["verify", &pdf, "--lang", "en", "--root", &ca]);
    assert!(ran.code == 1 && ran.out.contains("no root of a time-stamping authority"), "{}", ran.told());
}
