//! Time stamps before both verifiers: real answers of `openssl ts` with every key and digest that is known, whole, with every byte
//! changed, and inside packages with everything around them wrong.

use mingbai_core::cost::Terms;
use mingbai_core::evidence::Digest;
use mingbai_core::evidence::package::{OtherCheckpoint, Stamped};
use mingbai_core::evidence::timestamp::{Roots, Stamp, StampError, query};
use mingbai_core::policy::Pack;
use serde_json::{Value, json};

use super::case::Case;
use super::features::{Scene, flipped, story};
use super::house::Key;
use super::{Tally, house, node};

#[path = "../../../../evidence/tests/it/tsa.rs"]
#[expect(dead_code, reason = "a helper of another crate's tests, of which this one needs less")]
mod tsa;
use tsa::{P384, PLAIN, Plan, RSA, Tsa, openssl_is_here};

const MIDDLE: &str = "basicConstraints = critical,CA:TRUE,pathlen:0";

fn verdict(error: &StampError) -> Value {
    json!(if error.leaves_open() { "not_proven" } else { "contradicted" })
}

/// What Rust says of an answer, as the page's `judgeStamp` does.
fn ours(response: &[u8], imprint: &Digest, roots: &Roots) -> Value {
    match Stamp::open(response, imprint) {
        Err(error) => json!([verdict(&error), null]),
        Ok(stamp) => match stamp.trusted_by(roots) {
            Ok(_) => json!(["proven", "proven"]),
            Err(error) => json!(["proven", verdict(&error)]),
        },
    }
}

#[test]
fn both_judge_time_stamps_alike_whole_and_with_every_byte_changed() {
    if !node::is_there() || !openssl_is_here("time stamps before both verifiers") {
        return;
    }
    let imprint = Digest::of(b"a checkpoint");
    let plans = [
        ("P-256", PLAIN),
        ("RSA", Plan { key: RSA, digest: "sha512", ess: "sha1", ..PLAIN }),
        (
            "P-384 under a middle",
            Plan { key: P384, digest: "sha384", ess: "sha384", middle: MIDDLE, ..PLAIN },
        ),
        ("P-521", Plan { key: "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", ..PLAIN }),
        ("RSA 1024", Plan { key: "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", ..PLAIN }),
        ("expired", Plan { until: "20210101000000Z", ..PLAIN }),
    ];
    let (mut compared, mut all) = (0, Vec::new());
    for (name, plan) in plans {
        let tsa = Tsa::new(&plan);
        let whole = match name {
            "expired" => forged(&tsa, &imprint),
            _ => tsa.reply(&query(&imprint, 7).unwrap()),
        };
        let mut responses = vec![whole.clone()];
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            responses.push(changed);
        }
        let pem = tsa.root();
        let roots = Roots::from_pem(&pem).unwrap();
        let theirs = node::stamps(imprint.as_bytes(), &pem, &responses);
        let mut wrong = Vec::new();
        let mut unnoticed = 0;
        for (at, (response, their)) in responses.iter().zip(&theirs).enumerate() {
            let our = ours(response, &imprint, &roots);
            unnoticed += usize::from(at > 0 && our == json!(["proven", "proven"]));
            // A kind of key that neither judges: what is wrong with its certificate may be named in two ways, proven by none.
            let unjudged = theirs[0][0] == "not_proven" && our[0] != "proven" && their[0] != "proven";
            if our != *their && !unjudged {
                let around = hex::encode(&whole[at.saturating_sub(12)..(at + 8).min(whole.len())]);
                wrong.push(format!("{name}: byte {} of {around}: {our} / {their}", at.saturating_sub(1)));
            }
        }
        println!("{name}: {:?}, {} bytes changed one by one, {unnoticed} irrelevant", theirs[0], whole.len());
        all.extend(wrong);
        compared += responses.len();
    }
    println!("{compared} time stamps compared");
    assert!(all.is_empty(), "{} disagreements:\n{}", all.len(), all.join("\n"));
}

/// An answer that `openssl ts` would refuse to give: signed as CMS by the same certificate.
fn forged(tsa: &Tsa, imprint: &Digest) -> Vec<u8> {
    let honest = Tsa::new(&PLAIN);
    let reply = honest.reply(&query(imprint, 7).unwrap());
    // TSTInfo begins with version 1 and the policy 1.2.3.4.1 and lies in an octet string.
    let mark = [0x02, 0x01, 0x01, 0x06, 0x04, 0x2a, 0x03, 0x04, 0x01];
    let at = reply.windows(mark.len()).position(|w| w == mark).unwrap();
    let (start, length) = match reply[at - 2] {
        0x81 => (at - 3, usize::from(reply[at - 1]) + 3),
        _ => (at - 2, usize::from(reply[at - 1]) + 2),
    };
    tsa.forge(&reply[start..start + length], "tsa")
}

/// Whether packages with time stamps can be made here.
pub fn can_be_made() -> bool {
    openssl_is_here("time stamps before broken pages")
}

/// Packages with time stamps.
pub fn cases(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    if !openssl_is_here("packages with time stamps before both verifiers") {
        return Vec::new();
    }
    let (tsa, stranger) = (Tsa::new(&PLAIN), Tsa::new(&PLAIN));
    let lender = Key::new(1);
    let scene = || Scene::of(story(pack, offers), pack);
    let log = scene().log;
    let own = log.size();
    let note = |size: u64| log.checkpoint(size).sign(&lender).unwrap();
    let stamp = |note: &str| tsa.reply(&query(&Digest::of(note.as_bytes()), 7).unwrap());
    let with = |kind, stamped: Stamped, roots: Option<String>| {
        let mut scene = scene();
        scene.package.stamped = Some(stamped);
        Case { roots, ..scene.case(kind) }
    };
    let other = |size: u64| {
        let note = note(size);
        let path = log.consistency(size.min(own), size.max(own));
        Stamped { response: stamp(&note), other: Some(OtherCheckpoint { note, path }) }
    };
    let mine = || Stamped { response: stamp(&note(own)), other: None };
    let root = || Some(tsa.root());
    let valid = with("stamp: valid", mine(), root());
    let earlier = with("stamp: of an earlier checkpoint", other(own - 5), root());
    let mut foreign = other(own - 5);
    foreign.response = stamp("another checkpoint");
    let mut cases = flipped(&valid, "timestamp.tsr", 30);
    cases.extend(flipped(&earlier, "timestamp.checkpoint", 12));
    cases.extend(flipped(&earlier, "timestamp.json", 12));
    cases.push(with("stamp: of a power of two", other(8), root()));
    cases.push(with("stamp: nobody's root given", mine(), None));
    cases.push(with("stamp: another root", mine(), Some(stranger.root())));
    cases.push(with("stamp: of something else", foreign, root()));
    cases.push(Case { roots: root(), ..scene().case("stamp: none") });
    for name in ["timestamp.tsr", "timestamp.json", "timestamp.checkpoint"] {
        let mut files = house::unzip(&earlier.bytes);
        files.remove(name).unwrap();
        let bytes = house::rezip(&files, zip::CompressionMethod::Stored);
        cases.push(Case { kind: "stamp: a file is missing", bytes, ..earlier.clone() });
    }
    cases.extend([valid, earlier]);
    cases
}

#[test]
fn both_judge_packages_with_time_stamps_alike() {
    if !node::is_there() {
        return;
    }
    let cases = cases(&Pack::embedded(), &house::offers());
    let theirs = node::judge(&cases, "webcrypto");
    let mut tally = Tally::default();
    let wrong: Vec<String> = cases
        .iter()
        .zip(&theirs)
        .flat_map(|(case, their)| {
            let found = tally.compare(case, &case.ours(), their);
            found.into_iter().map(|what| format!("{}: {what}", case.kind))
        })
        .collect();
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
}
