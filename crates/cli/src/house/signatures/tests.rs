//! A whole signing through the port, with a Rust key in the place of the browser's: prepare, sign, finish, seal, close, inspect.
//! What comes out is shown to `pdfsig` and pyHanko too.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::PathBuf;
use std::process::Command;

use mingbai_desk::ports::{
    FileReport, FileVerdict, Ink, InkPoint, SealWish, SignatureError, SignatureWish, Signatures as _,
    WaitingFile,
};
use mingbai_sign::{Reason, Revoked};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};

use super::custody::Custodians;
use super::folder::{ISSUING_KEY, ROOT_KEY};
use super::report::{Trusted, inspect};
use super::{BuiltIn, CaPlan, Pen};

#[expect(dead_code, reason = "the authority of the sign crate's own tests is not needed here")]
#[path = "../../../../sign/tests/it/kit.rs"]
pub(super) mod kit;
use kit::{DAY_MS, HOUR_MS, NOW_MS, PAPER};

/// A data folder of one test; taken away at the end.
pub(super) struct Place(pub(super) PathBuf);

impl Place {
    pub(super) fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("mingbai-signatures-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(dir.join("keys")).unwrap();
        Place(dir)
    }

    pub(super) fn plan(&self) -> CaPlan {
        CaPlan {
            dir: self.0.clone(),
            keys: self.0.join("keys"),
            base_url: "https://loan.example".to_owned(),
            lender: "示例消费金融有限公司".to_owned(),
            stamp_roots: None,
            custodians: Custodians::default(),
            named_root: None,
            named_national: None,
        }
    }

    pub(super) fn open(&self, now_ms: i64) -> BuiltIn {
        BuiltIn::open(self.plan(), now_ms).and_then(|h| h.renewed(now_ms)).unwrap_or_else(|e| panic!("{e:?}"))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn ink() -> Ink {
    let written = kit::handwriting();
    let point = |p: &mingbai_sign::Point| InkPoint {
        x_cpx: p.x_cpx,
        y_cpx: p.y_cpx,
        at_ms: p.at_ms,
        pressure_permille: p.pressure_permille,
    };
    let strokes = written.strokes.iter().map(|s| s.iter().map(point).collect()).collect();
    Ink { width_cpx: written.width_cpx, height_cpx: written.height_cpx, strokes }
}

pub(super) fn wish(seed: u8) -> SignatureWish {
    SignatureWish {
        pdf: PAPER.to_vec(),
        signer: "张三".to_owned(),
        case: "KQNN-K09R".to_owned(),
        label: "借款人签名".to_owned(),
        reason: "我已读懂并同意".to_owned(),
        request: kit::request(&kit::key(seed)),
        ink: Some(ink()),
        now_ms: NOW_MS,
        serial: [seed; 16],
    }
}

/// What WebCrypto gives back: r ‖ s.
pub(super) fn browser(seed: u8, waiting: &WaitingFile) -> Vec<u8> {
    let signature: Signature = SigningKey::from_slice(&[seed; 32]).unwrap().sign(&waiting.attributes);
    signature.to_bytes().to_vec()
}

pub(super) fn seal(pdf: Vec<u8>) -> SealWish {
    SealWish {
        pdf,
        label: "贷款机构签章".to_owned(),
        reason: "同意放款".to_owned(),
        now_ms: NOW_MS + HOUR_MS,
    }
}

async fn whole(pen: &Pen) -> (Vec<u8>, Vec<u8>) {
    let waiting = pen.prepare(wish(3)).await.unwrap();
    assert!(waiting.pdf.starts_with(PAPER), "she signs the bytes that she saw");
    assert_eq!(&waiting.pdf[waiting.gap.0..=waiting.gap.0], b"<");
    assert_eq!(&waiting.pdf[waiting.gap.1 - 1..waiting.gap.1], b">");
    let signature = browser(3, &waiting);
    let signed = pen.finish(waiting, signature, None).await.unwrap();
    let sealed = pen.seal(seal(signed)).await.unwrap();
    (pen.close(sealed.clone(), NOW_MS + 2 * HOUR_MS).await.unwrap(), sealed)
}

pub(super) fn doubts(report: &FileReport) -> Vec<String> {
    let open = report.claims.iter().filter(|c| c.verdict != FileVerdict::Holds);
    open.map(|c| format!("{:?} {}: {}", c.field, c.claim.en, c.why.en)).collect()
}

#[tokio::test]
async fn a_whole_signing_holds_in_every_claim_and_for_other_programs() {
    let place = Place::new("whole");
    let pen = Pen::new(place.open(NOW_MS));
    let (closed, sealed) = whole(&pen).await;
    let report = pen.inspect(closed.clone(), NOW_MS + 3 * HOUR_MS).await;
    assert_eq!(doubts(&report), Vec::<String>::new());
    assert_eq!(report.revisions, 4);
    let names: Vec<(&str, &str)> = report.signers.iter().map(|s| (&*s.field, &*s.name)).collect();
    assert_eq!(names, [("borrower", "张三"), ("lender", "示例消费金融有限公司")]);
    assert_eq!(report.signers[0].claimed_at_ms, Some(NOW_MS));
    assert_eq!(report.signers[0].proven_at_ms, None, "nobody stamped it");

    // Before closing no list is in it: this house knows its own, a stranger does not, and nothing contradicts.
    assert_eq!(doubts(&pen.inspect(sealed.clone(), NOW_MS + 3 * HOUR_MS).await), Vec::<String>::new());
    let root = pen.authority(NOW_MS).await.unwrap().root;
    let trusted =
        Trusted { roots: vec![mingbai_sign::Certificate::parse(&root).unwrap()], ..Trusted::default() };
    let report = inspect(&sealed, &trusted, NOW_MS + 3 * HOUR_MS);
    assert!(report.claims.iter().all(|c| c.verdict != FileVerdict::Contradicted));
    assert_eq!(doubts(&report).len(), 2, "{:?}", doubts(&report));
    others_agree(&place, &closed, &root);
}

/// `pdfsig` and pyHanko on the closed file.
fn others_agree(place: &Place, closed: &[u8], root: &[u8]) {
    let (pdf, der) = (place.0.join("closed.pdf"), place.0.join("root.der"));
    std::fs::write(&pdf, closed).unwrap();
    std::fs::write(&der, root).unwrap();
    let required = std::env::var_os("MINGBAI_REQUIRE_PDF_TOOLS").is_some();
    match Command::new("pdfsig").args(["-nocert".as_ref(), pdf.as_os_str()]).output() {
        Ok(out) => {
            let said = String::from_utf8_lossy(&out.stdout).into_owned();
            assert_eq!(said.matches("Signature is Valid").count(), 2, "{said}");
        }
        Err(_) => assert!(!required, "pdfsig is missing, and MINGBAI_REQUIRE_PDF_TOOLS is set"),
    }
    let program = std::env::current_exe().unwrap();
    let python = program.ancestors().nth(3).unwrap().join("pyhanko-venv/bin/python");
    if !python.exists() {
        assert!(!required, "pyHanko is missing, and MINGBAI_REQUIRE_PDF_TOOLS is set");
        eprintln!("SKIPPED the part with pyHanko: it is not installed");
        return;
    }
    let script = place.0.join("judge.py");
    std::fs::write(&script, JUDGE).unwrap();
    let at = ((NOW_MS + 3 * HOUR_MS) / 1000).to_string();
    let out = Command::new(python).arg(script).args([&pdf, &der]).arg(at).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let lines: Vec<&str> = said.lines().filter(|l| l.contains("True") || l.contains("False")).collect();
    assert_eq!(
        lines,
        ["borrower True ENTIRE_REVISION FORM_FILLING", "lender True ENTIRE_REVISION LTA_UPDATES"],
        "{said}"
    );
}

const JUDGE: &str = r#"
import sys, datetime
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
pdf, root, at = sys.argv[1], load_cert_from_pemder(sys.argv[2]), int(sys.argv[3])
moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
reader = PdfFileReader(open(pdf, "rb"))
store = DocumentSecurityStore.read_dss(reader)
def context():
    return store.as_validation_context(dict(trust_roots=[root], moment=moment, allow_fetching=False, revocation_mode="require", retroactive_revinfo=True))
usage = KeyUsageConstraints(key_usage={"non_repudiation"}, key_usage_forbidden={"digital_signature"})
for s in reader.embedded_signatures:
    status = validate_pdf_signature(s, context(), context(), key_usage_settings=usage)
    print(s.field_name, status.bottom_line, status.coverage.name, status.modification_level.name)
"#;

#[tokio::test]
async fn what_comes_from_the_browser_is_refused_when_it_is_wrong() {
    let place = Place::new("refused");
    let pen = Pen::new(place.open(NOW_MS));
    let mut bad = wish(3);
    bad.request[30] ^= 1;
    assert!(matches!(pen.prepare(bad).await, Err(SignatureError::Refused(_))));
    let mut bad = wish(3);
    bad.ink = Some(Ink { width_cpx: 100, height_cpx: 100, strokes: Vec::new() });
    assert!(matches!(pen.prepare(bad).await, Err(SignatureError::Refused(_))), "nothing was written");
    let waiting = pen.prepare(wish(3)).await.unwrap();
    let good = browser(3, &waiting);
    let other = browser(5, &waiting);
    assert!(matches!(pen.finish(waiting.clone(), other, None).await, Err(SignatureError::Refused(_))));
    for short in [&good[..63], &[], &[0; 64]] {
        let refused = pen.finish(waiting.clone(), short.to_vec(), None).await;
        assert!(matches!(refused, Err(SignatureError::Refused(_))));
    }
    // A file, certificate or attribute of another case is noticed, whoever mixed them up.
    let mut wish = wish(5);
    wish.signer = "李四".to_owned();
    let second = pen.prepare(wish).await.unwrap();
    let mixed = WaitingFile { pdf: second.pdf.clone(), ..waiting.clone() };
    assert!(matches!(pen.finish(mixed, good.clone(), None).await, Err(SignatureError::Fault(_))));
    let mixed = WaitingFile { certificate: second.certificate, ..waiting.clone() };
    assert!(matches!(pen.finish(mixed, good.clone(), None).await, Err(SignatureError::Fault(_))));
    let stamped = pen.finish(waiting.clone(), good.clone(), Some(vec![0x30, 0x03, 2, 1, 0])).await;
    assert!(matches!(stamped, Err(SignatureError::Fault(_))), "that is no time stamp");
    assert!(pen.finish(waiting, good, None).await.is_ok());
}

#[tokio::test]
async fn the_authority_is_made_once_lives_without_its_root_key_and_renews_the_seal() {
    let place = Place::new("once");
    let first = Pen::new(place.open(NOW_MS)).authority(NOW_MS).await.unwrap();
    let again = Pen::new(place.open(NOW_MS + DAY_MS)).authority(NOW_MS + DAY_MS).await.unwrap();
    assert_eq!((&first.root, &first.issuing, &first.seal), (&again.root, &again.issuing, &again.seal));
    assert_ne!(first.revocations, again.revocations, "a list is made anew every day");

    std::fs::remove_file(place.0.join("keys").join(ROOT_KEY)).unwrap();
    let pen = Pen::new(place.open(NOW_MS + 340 * DAY_MS));
    let later = pen.authority(NOW_MS + 340 * DAY_MS).await.unwrap();
    assert_eq!(later.issuing, first.issuing);
    assert_ne!(later.seal, first.seal, "the seal is renewed a month before its end");
    let (closed, _) = whole(&pen).await;
    let report = pen.inspect(closed, NOW_MS + 341 * DAY_MS).await;
    assert!(report.claims.iter().all(|c| c.verdict != FileVerdict::Contradicted), "{:?}", doubts(&report));

    // With the certificates gone, no second root is made under the old keys.
    std::fs::remove_dir_all(place.0.join("ca")).unwrap();
    assert_eq!(BuiltIn::open(place.plan(), NOW_MS).map(|_| ()).map_err(|f| f.code()), Err(3));
}

#[tokio::test]
async fn another_address_renews_the_issuer_and_another_key_is_refused() {
    let place = Place::new("moved");
    let first = Pen::new(place.open(NOW_MS)).authority(NOW_MS).await.unwrap();
    let moved = CaPlan { base_url: "https://elsewhere.example".to_owned(), ..place.plan() };
    let pen = Pen::new(BuiltIn::open(moved, NOW_MS).and_then(|h| h.renewed(NOW_MS)).unwrap());
    let files = pen.authority(NOW_MS).await.unwrap();
    assert_eq!(files.root, first.root);
    let url = |der: &[u8]| mingbai_sign::Certificate::parse(der).unwrap().crl_url().unwrap();
    assert_eq!(url(&files.issuing), "https://elsewhere.example/ca/root.crl");
    assert_eq!(url(&files.seal), "https://elsewhere.example/ca/revocations.crl");
    let waiting = pen.prepare(wish(3)).await.unwrap();
    assert_eq!(url(&waiting.certificate), "https://elsewhere.example/ca/revocations.crl");

    let path = place.0.join("keys").join(ISSUING_KEY);
    std::fs::write(&path, format!("mingbai/ca-issuing {}\n", "07".repeat(32))).unwrap();
    let refused = BuiltIn::open(place.plan(), NOW_MS).map(|_| ());
    assert_eq!(refused.map_err(|f| f.code()), Err(3));
}

#[tokio::test]
async fn a_revoked_certificate_no_longer_holds_and_the_list_says_why() {
    let place = Place::new("revoked");
    let pen = Pen::new(place.open(NOW_MS));
    let (closed, _) = whole(&pen).await;
    let house = place.open(NOW_MS + 3 * HOUR_MS);
    let serial = {
        let mut serial = vec![3; 16];
        serial[0] = 0x43;
        serial
    };
    assert_eq!(house.files().issued_for(&serial).unwrap().as_deref(), Some("case"));
    assert_eq!(house.files().issued_for(&[1; 16]).unwrap(), None);
    let at_ms = NOW_MS + 3 * HOUR_MS;
    let revoked = Revoked { serial: serial.clone(), at_ms, reason: Reason::KeyCompromise };
    house.files().note_revoked(&revoked).unwrap();
    assert_eq!(house.files().revoked().unwrap(), [revoked]);

    // The server that was running all the time serves the new list at once and judges by it.
    let files = pen.authority(at_ms).await.unwrap();
    let list = mingbai_sign::Crl::parse(&files.revocations).unwrap();
    assert_eq!(list.revoked_at_ms(&serial), Some(at_ms));
    let report = pen.inspect(closed, at_ms + HOUR_MS).await;
    let wrong: Vec<&str> = report
        .claims
        .iter()
        .filter(|c| c.verdict == FileVerdict::Contradicted)
        .filter_map(|c| c.field.as_deref())
        .collect();
    assert_eq!(wrong, ["borrower"], "{:?}", doubts(&report));

    // Without a time stamp it cannot be older than the revocation; the seal is another certificate and still holds.
    std::fs::write(place.0.join("ca/revoked.txt"), "nonsense\n").unwrap();
    assert!(
        matches!(pen.authority(at_ms).await, Err(SignatureError::Fault(_))),
        "a damaged register is not taken for an empty one"
    );
}

#[tokio::test]
async fn a_figure_that_was_changed_on_the_page_or_in_the_data_is_named() {
    let paper = mingbai_sign::read_paper(PAPER).unwrap();
    let (verdict, why) = super::figures::compared(&paper);
    assert_eq!(verdict, FileVerdict::Holds, "{}", why.en);
    let pages = paper.pages.clone().unwrap();
    assert!(pages[0].contains("个人贷款综合融资成本明示表") && pages[0].contains("5,000.00"), "{}", pages[0]);
    let change = |from: &str, to: &str| {
        let mut changed = paper.clone();
        changed.pages = Some(pages.iter().map(|page| page.replace(from, to)).collect());
        super::figures::compared(&changed)
    };
    let (verdict, why) = change("898.66", "808.66");
    assert!(verdict == FileVerdict::Contradicted && why.en.contains("808.66"), "{}", why.en);
    let (verdict, why) = change("5,000.00", "五千");
    assert!(verdict == FileVerdict::Contradicted && why.en.contains("5,000.00"), "{}", why.en);
    let mut changed = paper.clone();
    changed.files[0].1 =
        String::from_utf8(paper.files[0].1.clone()).unwrap().replace("48000", "48100").into_bytes();
    assert_eq!(super::figures::compared(&changed).0, FileVerdict::Contradicted);
    changed.files.clear();
    assert_eq!(super::figures::compared(&changed).0, FileVerdict::NotKnown);
    changed = paper.clone();
    changed.pages = None;
    assert_eq!(super::figures::compared(&changed).0, FileVerdict::NotKnown);
}
