//! Three hundred files, good and bad, judged by pyHanko and by us: nothing that pyHanko refuses may hold here, and what must hold holds
//! in both.

use std::collections::BTreeMap;

use mingbai_sign::{ClaimKind, Report, Verdict, add_validation, prepare, verify};

use crate::kit::*;
use crate::oracles::{Scratch, pyhanko, run};

/// For each file a line `name True` when every signature's bottom line is true, `name False` otherwise; a file that cannot be read
/// is refused too.
const JUDGE: &str = r#"
import sys, os, datetime, logging
logging.disable(logging.CRITICAL)
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
folder, root, at = sys.argv[1], load_cert_from_pemder(sys.argv[2]), int(sys.argv[3])
moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
usage = KeyUsageConstraints(key_usage={"non_repudiation"})
for name in sorted(os.listdir(folder)):
    try:
        with open(os.path.join(folder, name), "rb") as f:
            signatures = PdfFileReader(f).embedded_signatures
            context = lambda: ValidationContext(trust_roots=[root], moment=moment, allow_fetching=False, revocation_mode="soft-fail", retroactive_revinfo=True)
            results = [validate_pdf_signature(s, context(), context(), key_usage_settings=usage).bottom_line for s in signatures]
            print(name, bool(results) and all(results))
    except Exception as e:
        print(name, False)
"#;

/// Signs with pyHanko, as another program would: key, certificate, issuer, paper, result.
const SIGNER: &str = r#"
import sys
from pyhanko.sign import signers, fields
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
key, cert, issuer, paper, out = sys.argv[1:]
store = SimpleCertificateStore.from_certs([load_cert_from_pemder(issuer)])
signer = signers.SimpleSigner(signing_cert=load_cert_from_pemder(cert), signing_key=load_private_key_from_pemder(key, None), cert_registry=store)
meta = signers.PdfSignatureMetadata(field_name="borrower", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
with open(paper, "rb") as f, open(out, "wb") as o:
    signers.PdfSigner(meta, signer=signer).sign_pdf(IncrementalPdfFileWriter(f), output=o)
"#;

#[test]
fn a_signature_made_by_pyhanko_is_read_and_found_good() {
    let Some(python) = pyhanko("a_signature_made_by_pyhanko_is_read_and_found_good") else { return };
    let house = House::new();
    let scratch = Scratch::new("made-by-pyhanko");
    let point =
        [&[0xA1, 0x44, 0x03, 0x42, 0x00][..], &mingbai_sign::KeyCustody::public_key(&key(3))].concat();
    let curve = [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    let sec1 = sequence(0x30, &[&[0x02, 0x01, 0x01, 0x04, 0x20][..], &[3; 32], &curve, &point].concat());
    let (sec1, pem) = (scratch.file("key.der", &sec1), scratch.path("key.pem"));
    let (good, said) =
        run("openssl", &["pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-in", &sec1, "-out", &pem]);
    assert!(good, "{said}");
    let certificate = scratch.file("cert.der", house.certificate(&key(3), 3).der());
    let issuer = scratch.file("issuer.der", house.issuing.der());
    let (script, paper, out) = (
        scratch.file("sign.py", SIGNER.as_bytes()),
        scratch.file("paper.pdf", PAPER),
        scratch.path("out.pdf"),
    );
    let (good, said) = run(&python, &[&script, &pem, &certificate, &issuer, &paper, &out]);
    assert!(good, "{said}");
    let report = verify(&std::fs::read(out).unwrap(), std::slice::from_ref(&house.root), NOW_MS + HOUR_MS);
    for kind in
        [ClaimKind::Coverage, ClaimKind::Digest, ClaimKind::Signature, ClaimKind::Chain, ClaimKind::KeyUsage]
    {
        assert_eq!(report.fields[0].of(kind), Some(Verdict::Holds), "{kind:?}: {:?}", report.doubts());
    }
}

/// All that pyHanko judges too: it takes a missing revocation list for good here, we say not known.
fn holds_but_for_lists(report: &Report) -> bool {
    let open = |kind| kind != ClaimKind::Revocation;
    let known = report.doubts().iter().all(|c| !open(c.kind) || c.verdict == Verdict::Holds);
    known && !report.fields.is_empty() && report.verdict() != Verdict::Contradicted
}

/// A small generator, so that every run judges the same files.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn good_files(house: &House) -> Vec<(&'static str, Vec<u8>)> {
    let one = signed_paper(house);
    let two = sign(house, prepare(&one, &field("lender")).unwrap(), 4, 4);
    let small = sign(house, prepare(&small_paper(), &field("borrower")).unwrap(), 3, 3);
    let closed = add_validation(&two, &house.validation(NOW_MS, Vec::new())).unwrap();
    vec![("one", one), ("two", two), ("small", small), ("closed", closed)]
}

fn files(house: &House) -> BTreeMap<String, Vec<u8>> {
    let good = good_files(house);
    let mut files: BTreeMap<String, Vec<u8>> =
        good.iter().map(|(name, bytes)| (format!("good-{name}.pdf"), bytes.clone())).collect();
    let mut dice = Dice(20_261_125);
    for number in 0..100 {
        let (name, bytes) = &good[number % good.len()];
        let mut flipped = bytes.clone();
        let at = dice.roll(flipped.len());
        flipped[at] ^= 1 << dice.roll(8);
        files.insert(format!("flip-{name}-{number}.pdf"), flipped);
        files.insert(format!("cut-{name}-{number}.pdf"), bytes[..dice.roll(bytes.len())].to_vec());
        let mut swapped = bytes.clone();
        let (a, b) = (dice.roll(bytes.len() - 40), dice.roll(bytes.len() - 40));
        swapped[a..a + 40].copy_from_slice(&bytes[b..b + 40]);
        files.insert(format!("copy-{name}-{number}.pdf"), swapped);
    }
    files
        .extend(crate::later::attacks(house).into_iter().map(|(name, bytes)| (format!("{name}.pdf"), bytes)));
    let foreign = House::with_seeds(11, 12);
    files.insert("foreign.pdf".into(), signed_paper(&foreign));
    let late = house.chain(&house.certificate_at(&key(3), 3, NOW_MS - 3 * DAY_MS));
    files.insert("expired.pdf".into(), sign_with(prepare(PAPER, &field("a")).unwrap(), &key(3), &late, None));
    files
}

#[test]
fn nothing_that_pyhanko_refuses_holds_here_in_three_hundred_files() {
    let Some(python) = pyhanko("nothing_that_pyhanko_refuses_holds_here_in_three_hundred_files") else {
        return;
    };
    let house = House::new();
    let scratch = Scratch::new("agreement");
    let files = files(&house);
    assert!(files.len() >= 300);
    std::fs::create_dir_all(scratch.path("files")).unwrap();
    for (name, bytes) in &files {
        scratch.file(&format!("files/{name}"), bytes);
    }
    let (script, root) =
        (scratch.file("judge.py", JUDGE.as_bytes()), scratch.file("root.der", house.root.der()));
    let at_ms = NOW_MS + HOUR_MS;
    let (good, said) = run(&python, &[&script, &scratch.path("files"), &root, &(at_ms / 1000).to_string()]);
    assert!(good, "{said}");
    let theirs: BTreeMap<&str, bool> =
        said.lines().filter_map(|l| l.split_once(' ')).map(|(name, yes)| (name, yes == "True")).collect();
    let (mut both, mut stricter, mut neither) = (0, Vec::new(), 0);
    for (name, bytes) in &files {
        let ours = holds_but_for_lists(&verify(bytes, std::slice::from_ref(&house.root), at_ms));
        let pyhanko = *theirs.get(name.as_str()).unwrap_or_else(|| panic!("{name} was not judged: {said}"));
        assert!(pyhanko || !ours, "{name} holds here, and pyHanko refuses it");
        assert!(!name.starts_with("good-") || (ours && pyhanko), "{name} must hold in both");
        match (ours, pyhanko) {
            (true, true) => both += 1,
            (false, true) => stricter.push(name),
            _ => neither += 1,
        }
    }
    eprintln!("agreement: {both} hold in both, {neither} in neither, only pyHanko accepts {stricter:?}");
    assert!(both >= 4 && neither >= 200);
}
