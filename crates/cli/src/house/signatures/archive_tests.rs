//! Time stamps over whole files by a real authority (`openssl ts`): put on, judged by us and by pyHanko, renewed before they end,
//! and what happens when nobody renewed them.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::process::Command;

use mingbai_desk::ports::{FileVerdict, SignatureError, Signatures as _};
use mingbai_evidence::Digest;
use mingbai_evidence::timestamp::{Roots, query};
use mingbai_sign::{Certificate, prepare_time_stamp};

use super::report::{Trusted, inspect};
use super::tests::kit::{DAY_MS, HOUR_MS};
use super::tests::{Place, browser, doubts, seal, wish};
use super::{BuiltIn, CaPlan, Pen};
use crate::real;

#[expect(dead_code, reason = "the tests of evidence need more of it")]
#[path = "../../../../evidence/tests/it/tsa.rs"]
mod tsa;
use tsa::{PLAIN, Plan, Tsa, openssl_is_here};

/// 2035-01-01.
const LATER_MS: i64 = 2_051_222_400_000;

/// Whether the borrower's signature has a time stamp of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stamp {
    OfSigning,
    None,
}

struct Scene {
    place: Place,
    pen: Pen,
    /// Ends 2030.
    first: Tsa,
    /// Ends 2049.
    second: Tsa,
    roots: Roots,
    now_ms: i64,
}

impl Scene {
    fn new(name: &str) -> Self {
        let place = Place::new(name);
        let first = Tsa::new(&Plan { until: "20301231235959Z", ..PLAIN });
        let second = Tsa::new(&PLAIN);
        let roots = Roots::from_pem(&format!("{}{}", first.root(), second.root())).unwrap();
        let now_ms = real::now_ms();
        let plan = CaPlan { stamp_roots: Some(roots.clone()), ..place.plan() };
        let pen = Pen::new(BuiltIn::open(plan, now_ms).unwrap());
        Scene { place, pen, first, second, roots, now_ms }
    }

    /// Signed, sealed and closed: level B-LT, or the same without a time stamp.
    async fn closed(&self, with: Stamp) -> Vec<u8> {
        let mut wish = wish(3);
        wish.now_ms = self.now_ms;
        let waiting = self.pen.prepare(wish).await.unwrap();
        let signature = browser(3, &waiting);
        let value = Digest::of(&self.pen.signature_value(&signature).unwrap());
        let stamp = (with == Stamp::OfSigning).then(|| self.first.reply(&query(&value, 7).unwrap()));
        let signed = self.pen.finish(waiting, signature, stamp).await.unwrap();
        let mut seal = seal(signed);
        seal.now_ms = self.now_ms;
        let sealed = self.pen.seal(seal).await.unwrap();
        self.pen.close(sealed, self.now_ms).await.unwrap()
    }

    async fn archived(&self, pdf: Vec<u8>, tsa: &Tsa) -> Vec<u8> {
        let waiting = self.pen.prepare_archive(pdf.clone(), self.now_ms).await.unwrap();
        assert!(waiting.pdf.starts_with(&pdf), "what was signed stays as it is");
        let answer = tsa.reply(&query(&waiting.imprint, 7).unwrap());
        let file = self.pen.finish_archive(waiting, answer).await.unwrap();
        assert!(file.proven_at_ms.abs_diff(self.now_ms) < 10 * 60_000);
        let until = self.pen.vouched_until_ms(file.pdf.clone(), self.now_ms).await.unwrap();
        assert_eq!(until, Some(file.vouched_until_ms));
        file.pdf
    }

    async fn root(&self) -> Certificate {
        Certificate::parse(&self.pen.authority(self.now_ms).await.unwrap().root).unwrap()
    }

    /// A reader of another house: our root, the authorities' roots, no list but those in the file.
    async fn doubts_at(&self, pdf: &[u8], at_ms: i64) -> Vec<String> {
        let trusted = Trusted {
            roots: vec![self.root().await],
            stamp_roots: Some(self.roots.clone()),
            ..Trusted::default()
        };
        doubts(&inspect(pdf, &trusted, at_ms))
    }
}

#[tokio::test]
async fn an_archived_file_holds_for_years_and_longer_when_it_is_renewed() {
    if !openssl_is_here("archive time stamps") {
        return;
    }
    let scene = Scene::new("archived");
    let closed = scene.closed(Stamp::OfSigning).await;
    assert_eq!(scene.pen.vouched_until_ms(closed.clone(), scene.now_ms).await.unwrap(), None);
    let once = scene.archived(closed, &scene.first).await;
    assert_eq!(scene.doubts_at(&once, scene.now_ms + 400 * DAY_MS).await, Vec::<String>::new());
    let report = scene.pen.inspect(once.clone(), scene.now_ms + HOUR_MS).await;
    assert_eq!(report.signers.len(), 3, "{:?}", report.signers);
    assert!(report.signers.iter().all(|s| s.proven_at_ms.is_some()));

    // Nobody renewed it, and the authority's certificate ended: not known, never proven.
    let open = scene.doubts_at(&once, LATER_MS).await;
    assert_eq!(open.len(), 3, "{open:?}");
    assert!(open[0].contains("borrower") && open[0].contains("certificate ended at 2030-12-31"), "{open:?}");
    assert!(open[1].contains("lender") && open[1].contains("has expired; it may have been"), "{open:?}");
    assert!(open[2].contains("archive-1") && open[2].contains("certificate ended at 2030-12-31"), "{open:?}");
    let twice = scene.archived(once.clone(), &scene.second).await;
    assert_eq!(scene.doubts_at(&twice, LATER_MS).await, Vec::<String>::new());

    // Her certificate of one day has ended by then, the lists in the file have not.
    pyhanko_agrees(&scene, &once, scene.now_ms + 3 * DAY_MS, 1).await;
    pyhanko_agrees(&scene, &twice, scene.now_ms + 3 * DAY_MS, 2).await;
}

#[tokio::test]
async fn an_archive_stamp_alone_proves_both_signatures_of_the_same_day() {
    if !openssl_is_here("archive time stamps without others") {
        return;
    }
    let scene = Scene::new("archived-alone");
    let once = scene.archived(scene.closed(Stamp::None).await, &scene.second).await;
    assert_eq!(scene.doubts_at(&once, LATER_MS).await, Vec::<String>::new());
    // Two days late the borrower's certificate had ended: that she signed in time is then not known, and never a contradiction.
    let closed = scene.closed(Stamp::None).await;
    let mut late = scene.now_ms;
    late += 2 * DAY_MS;
    let report = scene.pen.inspect(closed, late).await;
    assert!(report.claims.iter().all(|c| c.verdict != FileVerdict::Contradicted));
}

#[tokio::test]
async fn a_wrong_answer_is_never_put_in() {
    if !openssl_is_here("wrong archive time stamps") {
        return;
    }
    let scene = Scene::new("archive-refused");
    let closed = scene.closed(Stamp::None).await;
    let waiting = scene.pen.prepare_archive(closed.clone(), scene.now_ms).await.unwrap();
    let other = scene.first.reply(&query(&Digest::of(b"another file"), 7).unwrap());
    let stranger = Tsa::new(&PLAIN).reply(&query(&waiting.imprint, 7).unwrap());
    for answer in [other, stranger, b"<html>".to_vec(), Vec::new()] {
        let refused = scene.pen.finish_archive(waiting.clone(), answer).await;
        assert!(matches!(refused, Err(SignatureError::Fault(_))));
    }
    // A file that contradicts itself is not dressed up with a stamp.
    let mut changed = closed.clone();
    changed[super::tests::kit::PAPER.len() / 2] ^= 1;
    assert!(matches!(scene.pen.prepare_archive(changed, scene.now_ms).await, Err(SignatureError::Fault(_))));
    // Somebody put a stamp of another file into this one by hand.
    let prepared = prepare_time_stamp(&closed, "archive-1", "x", 8192).unwrap();
    let other = scene.first.reply(&query(&Digest::of(b"another file"), 7).unwrap());
    let forged = mingbai_sign::finish(prepared, &super::stamps::token_of(&other)).unwrap();
    let report = scene.pen.inspect(forged, scene.now_ms).await;
    let wrong = report.claims.iter().filter(|c| c.verdict == FileVerdict::Contradicted);
    assert_eq!(wrong.filter_map(|c| c.field.as_deref()).collect::<Vec<_>>(), ["archive-1"]);
}

/// pyHanko's own validation of PAdES B-LTA files, offline, by the file's own validation data.
async fn pyhanko_agrees(scene: &Scene, pdf: &[u8], at_ms: i64, stamps: usize) {
    let dir = &scene.place.0;
    let program = std::env::current_exe().unwrap();
    let python = program.ancestors().nth(3).unwrap().join("pyhanko-venv/bin/python");
    if !python.exists() {
        assert!(std::env::var_os("MINGBAI_REQUIRE_PDF_TOOLS").is_none(), "pyHanko is missing");
        eprintln!("SKIPPED the part with pyHanko: it is not installed");
        return;
    }
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let script = put("ltv.py", LTV.as_bytes());
    let file = put("archived.pdf", pdf);
    let root = put("root.der", scene.root().await.der());
    let tsa = [&scene.first, &scene.second].map(|tsa| tsa.dir().join("root.pem"));
    let out = Command::new(python)
        .arg(script)
        .arg(&file)
        .arg((at_ms / 1000).to_string())
        .args([&root, &tsa[0], &tsa[1]])
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let mut wanted = vec!["borrower PASSED OK".to_owned(), "lender True ENTIRE_REVISION".to_owned()];
    wanted.extend((1..stamps).map(|n| format!("archive-{n} True ENTIRE_REVISION LTA_UPDATES")));
    wanted.push(format!("archive-{stamps} True ENTIRE_FILE NONE"));
    assert_eq!(said.lines().collect::<Vec<_>>(), wanted, "{said}");
}

/// Validation of EN 319 102-1, 5.6.3, as pyHanko implements it, at a later moment; then each archive stamp by itself.
const LTV: &str = r#"
import sys, asyncio, datetime, logging
logging.disable(logging.CRITICAL)
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation

from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, RevocationInfoGatheringSpec, RevinfoOnlineFetchingRule, SignatureValidationSpec
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
pdf, at, roots = sys.argv[1], int(sys.argv[2]), [load_cert_from_pemder(r) for r in sys.argv[3:]]
moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
reader = PdfFileReader(open(pdf, "rb"))
usage = KeyUsageConstraints(key_usage={"non_repudiation"}, key_usage_forbidden={"digital_signature"})
# Nobody publishes lists for the test authorities; ours are in the file.
policy = CertValidationPolicySpec(
    trust_manager=SimpleTrustManager.build(trust_roots=roots),
    revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail")))
spec = PdfSignatureValidationSpec(SignatureValidationSpec(
    cert_validation_policy=policy, key_usage_settings=usage,
    revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)))
timing = ValidationTimingInfo(validation_time=moment, best_signature_time=moment, point_in_time_validation=True)
for s in reader.embedded_regular_signatures:
    if s.field_name != "borrower":
        # It asks for a stamp of the signature itself before it looks at the archive's.
        now = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
        status = validate_pdf_signature(s, now, now, key_usage_settings=usage)
        print(s.field_name, status.bottom_line, status.coverage.name)
        continue
    result = asyncio.run(ades_lta_validation(s, spec, timing))
    print(s.field_name, result.ades_subindic.status.name, result.ades_subindic.name)
store = DocumentSecurityStore.read_dss(reader)
for s in reader.embedded_timestamp_signatures:
    context = store.as_validation_context(dict(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail"))
    status = validate_pdf_timestamp(s, context)
    print(s.field_name, status.valid and status.trusted, status.coverage.name, status.modification_level.name)
"#;
