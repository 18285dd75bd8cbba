//! The second signature against a real peer: OpenSSL verifies ours, and we verify OpenSSL's; and how the verifier judges it.

use mingbai_evidence::national::{SM2_ID, Seal, Sm2Key, sign, verify};
use mingbai_evidence::note::{Checkpoint, KeyTextError, NoteError, SignedCheckpoint};
use mingbai_evidence::package;
use mingbai_evidence::verify::{ClaimKey, Outcome, Reader, Report, Verdict, verify_for};
use mingbai_evidence::{Bilingual as _, Digest};
use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, SigningKey};

use crate::sample::{ORIGIN, pinned, sample};
use crate::tsa::{openssl, openssl_is_here};

/// A key in memory.
pub struct Chop(SigningKey);

impl Chop {
    pub fn new(seed: u8) -> Self {
        Chop(SigningKey::from_slice(SM2_ID, &[seed; 32]).unwrap())
    }

    pub fn key(&self) -> Sm2Key {
        Sm2Key::new(ORIGIN, self.public_key()).unwrap()
    }
}

impl Seal for Chop {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 65] {
        use sm2::elliptic_curve::sec1::ToSec1Point as _;
        self.0.verifying_key().to_sec1_point(false).as_bytes().try_into().unwrap()
    }

    fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature: Signature = self.0.try_sign(message).ok()?;
        signature.to_bytes().as_slice().try_into().ok()
    }
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 42, Digest::of(b"root")).unwrap()
}

/// What stands behind the name on the only signature line.
fn encoded(note: &str) -> String {
    note.trim_end().rsplit(' ').next().unwrap().to_owned()
}

/// The DER signature on that line: what stands behind the four bytes of the key id.
fn der_of(note: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(encoded(note)).unwrap()[4..].to_vec()
}

struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mingbai-sm2-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const CHECK: &str = "pkeyutl -verify -rawin -digest sm3 -pkeyopt distid:1234567812345678 -pubin -inkey ours.pem -in body -sigfile";

#[test]
fn openssl_verifies_our_signature() {
    if !openssl_is_here("our SM2 signature verified by openssl") {
        return;
    }
    let folder = Folder::new("ours");
    let dir = &folder.0;
    for seed in 1..=20 {
        let chop = Chop::new(seed);
        let note = sign(&checkpoint(), &chop).unwrap();
        std::fs::write(dir.join("ours.pem"), chop.key().pem()).unwrap();
        std::fs::write(dir.join("body"), checkpoint().body()).unwrap();
        std::fs::write(dir.join("sig"), der_of(&note)).unwrap();
        let said = String::from_utf8(openssl(dir, &format!("{CHECK} sig"))).unwrap();
        assert!(said.contains("Verified Successfully"), "{said}");
    }
    // The control: another body must fail there.
    std::fs::write(dir.join("body"), "other").unwrap();
    let words: Vec<&str> = CHECK.split(' ').chain(["sig"]).collect();
    let failed = std::process::Command::new("openssl").current_dir(dir).args(words).output().unwrap();
    assert!(!failed.status.success());
}

#[test]
fn we_verify_openssl_s_signature_and_hash() {
    if !openssl_is_here("openssl's SM2 signature verified by us") {
        return;
    }
    let folder = Folder::new("theirs");
    let dir = &folder.0;
    let body = checkpoint().body();
    std::fs::write(dir.join("body"), &body).unwrap();
    let hash = openssl(dir, "dgst -sm3 -binary body");
    assert_eq!(hash, <sm3::Sm3 as sm3::Digest>::digest(body.as_bytes()).to_vec());
    for _ in 0..20 {
        openssl(dir, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out key.pem");
        let spki = openssl(dir, "pkey -in key.pem -pubout -outform DER");
        let point: [u8; 65] = spki[spki.len() - 65..].try_into().unwrap();
        let key = Sm2Key::new("theirs", point).unwrap();
        assert_eq!(key.pem().into_bytes(), openssl(dir, "pkey -in key.pem -pubout"), "the same PEM");
        let sign = "pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678 -inkey key.pem -in body -out sig";
        openssl(dir, sign);
        let signature = std::fs::read(dir.join("sig")).unwrap();
        assert!(key.verifies(body.as_bytes(), &signature));
        assert!(!key.verifies(b"other", &signature), "the control");
        // Signed under another id it is another signature.
        openssl(dir, &sign.replace("1234567812345678", "8765432187654321"));
        assert!(!key.verifies(body.as_bytes(), &std::fs::read(dir.join("sig")).unwrap()));
    }
}

#[test]
fn keys_are_written_and_read_in_one_form() {
    let key = Chop::new(3).key();
    let text = key.to_string();
    assert_eq!(text.parse::<Sm2Key>(), Ok(key));
    assert_eq!(text.replacen("lender", "bender", 1).parse::<Sm2Key>(), Err(KeyTextError::Id));
    assert_eq!("a+b+AAAA".parse::<Sm2Key>(), Err(KeyTextError::Form));
    assert_eq!(Sm2Key::new("x", [4; 65]), Err(KeyTextError::Key), "no point of the curve");
}

#[test]
fn every_changed_bit_of_a_second_note_is_noticed() {
    let chop = Chop::new(1);
    let keys = [chop.key()];
    let note = sign(&checkpoint(), &chop).unwrap().into_bytes();
    let mut changes = 0;
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut changed = note.clone();
            changed[at] ^= 1 << bit;
            changes += 1;
            let Ok(text) = String::from_utf8(changed) else { continue };
            let held = SignedCheckpoint::parse(&text).is_ok_and(|n| verify(&n, &keys).is_ok());
            assert!(!held, "byte {at} bit {bit}");
        }
    }
    eprintln!("second note of {} bytes: {changes} single-bit changes, 0 not noticed", note.len());
}

fn judge(sm2: Option<String>, keys: &[Sm2Key]) -> Report {
    let mut package = sample();
    package.sm2 = sm2;
    let bytes = package::write(&package).unwrap();
    assert_eq!(package::read(&bytes, &package::Limits::default()).unwrap().sm2, package.sm2);
    verify_for(&bytes, &Reader { sm2_keys: keys.to_vec(), ..Reader::new(pinned()) })
}

fn verdict(report: &Report) -> Option<Verdict> {
    report.claims.iter().find(|c| c.key == ClaimKey::SecondSignature).map(|c| c.verdict)
}

#[test]
fn a_package_with_a_second_signature_is_judged() {
    let chop = Chop::new(1);
    let own = SignedCheckpoint::parse(&sample().checkpoint).unwrap().checkpoint().clone();
    let good = sign(&own, &chop).unwrap();
    let keys = [chop.key()];

    let report = judge(Some(good.clone()), &keys);
    assert_eq!((verdict(&report), report.outcome()), (Some(Verdict::Proven), Outcome::Holds));
    let unasked = judge(Some(good.clone()), &[]);
    assert_eq!((verdict(&unasked), unasked.outcome()), (None, Outcome::Holds));
    let missing = judge(None, &keys);
    assert_eq!((verdict(&missing), missing.outcome()), (Some(Verdict::NotProven), Outcome::NotProven));
    let stranger = judge(Some(good.clone()), &[Chop::new(2).key()]);
    assert_eq!(verdict(&stranger), Some(Verdict::NotProven));
    let other = judge(Some(sign(&checkpoint(), &chop).unwrap()), &keys);
    assert_eq!(verdict(&other), Some(Verdict::Contradicted), "over another checkpoint");
    let forged = good.replace(&encoded(&good), &encoded(&sign(&checkpoint(), &chop).unwrap()));
    assert_eq!(verdict(&judge(Some(forged), &keys)), Some(Verdict::Contradicted), "another text's signature");
    assert_eq!(verdict(&judge(Some("no note".to_owned()), &keys)), Some(Verdict::Contradicted));
    assert!(report.claims.iter().all(|c| !c.reason.zh().is_empty()));
}

#[test]
fn a_seal_that_fails_does_not_get_a_note_out() {
    struct Mute(Chop, Option<[u8; 64]>);
    impl Seal for Mute {
        fn name(&self) -> &str {
            self.0.name()
        }
        fn public_key(&self) -> [u8; 65] {
            self.0.public_key()
        }
        fn sign(&self, _: &[u8]) -> Option<[u8; 64]> {
            self.1
        }
    }
    for answer in [None, Some([0; 64]), Some([7; 64])] {
        let refused = sign(&checkpoint(), &Mute(Chop::new(1), answer));
        assert_eq!(refused, Err(NoteError::BadSignature { name: ORIGIN.to_owned() }));
    }
}
