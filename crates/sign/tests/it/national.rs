//! The national algorithms as a second field: SM2 over SM3, judged by our verifier and, piece by piece, by OpenSSL (which has no way to
//! give the signer's id when it checks a whole CMS).

use mingbai_sign::{
    Authority, Certificate, CrlPlan, KeyCustody as _, Revoked, SealPlan, Serial, Sm2SoftwareKey, Suite,
    Validation, Verdict, add_validation, assemble, attributes_to_sign, finish, issue_crl, issue_root,
    issue_seal, prepare, verify,
};

use crate::kit::*;
use crate::oracles::{Scratch, here, run};

const ID: &str = "distid:1234567812345678";

fn sm2(seed: u8) -> Sm2SoftwareKey {
    Sm2SoftwareKey::from_secret(&[seed; 32]).unwrap()
}

/// A root of SM2 and the seal below it.
struct National {
    root_key: Sm2SoftwareKey,
    root: Certificate,
    seal_key: Sm2SoftwareKey,
    seal: Certificate,
}

impl National {
    fn new() -> Self {
        let (root_key, seal_key) = (sm2(21), sm2(22));
        let root = issue_root(&subject("国密根", ""), Serial([21; 16]), NOW_MS - DAY_MS, &root_key).unwrap();
        let life_ms = (NOW_MS - DAY_MS, NOW_MS + 300 * DAY_MS);
        let plan =
            SealPlan { subject: subject("示例消费金融公司", ""), serial: Serial([22; 16]), life_ms };
        let above = Authority { certificate: &root, key: &root_key };
        let seal = issue_seal(&above, &seal_key.public_key(), &plan, &profile()).unwrap();
        National { root_key, root, seal_key, seal }
    }

    fn list(&self, revoked: Vec<Revoked>) -> Vec<u8> {
        let above = Authority { certificate: &self.root, key: &self.root_key };
        let plan = CrlPlan {
            number: 1,
            this_update_ms: NOW_MS + HOUR_MS,
            next_update_ms: NOW_MS + 7 * DAY_MS,
            revoked,
        };
        issue_crl(&above, &plan).unwrap().der().to_vec()
    }

    /// The seal as the next revision: the file, the signed attributes and the signature over them.
    fn sealed(&self, pdf: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let waiting = prepare(pdf, &field("lender-sm2")).unwrap();
        let attributes = attributes_to_sign(&waiting.digest_by(Suite::Sm2), self.seal.der()).unwrap();
        let signature = self.seal_key.sign(&attributes).unwrap();
        let cms = assemble(&attributes, &signature, &[self.seal.der().to_vec()], None).unwrap();
        (finish(waiting, &cms).unwrap(), attributes, signature)
    }
}

fn closed(house: &House, national: &National, pdf: &[u8], revoked: Vec<Revoked>) -> Vec<u8> {
    let mut validation: Validation = house.validation(NOW_MS + HOUR_MS, Vec::new());
    validation.certificates.push(national.root.der().to_vec());
    validation.crls.push(national.list(revoked));
    add_validation(pdf, &validation).unwrap()
}

#[test]
fn her_signature_of_p256_and_a_seal_of_sm2_stand_in_one_file() {
    let (house, national) = (House::new(), National::new());
    let (sealed, ..) = national.sealed(&signed_paper(&house));
    let file = closed(&house, &national, &sealed, Vec::new());
    let report = verify(&file, &[house.root.clone(), national.root.clone()], NOW_MS + 2 * HOUR_MS);
    assert_eq!(report.doubts(), Vec::<&mingbai_sign::Claim>::new());
    assert_eq!(report.fields[1].name, "lender-sm2");
    // A reader who does not trust the national root does not get a seal that holds, and hers holds all the same.
    let report = verify(&file, std::slice::from_ref(&house.root), NOW_MS + 2 * HOUR_MS);
    assert_eq!(report.fields[0].verdict(), Verdict::Holds);
    assert_eq!(report.fields[1].verdict(), Verdict::NotKnown);
}

#[test]
fn a_revoked_seal_and_every_changed_byte_of_what_it_covers_is_noticed() {
    let (house, national) = (House::new(), National::new());
    let signed = signed_paper(&house);
    let (sealed, ..) = national.sealed(&signed);
    let roots = [house.root.clone(), national.root.clone()];
    let revoked = Revoked {
        serial: national.seal.serial().to_vec(),
        at_ms: NOW_MS - HOUR_MS,
        reason: mingbai_sign::Reason::KeyCompromise,
    };
    let file = closed(&house, &national, &sealed, vec![revoked]);
    let report = verify(&file, &roots, NOW_MS + 2 * HOUR_MS);
    assert_eq!(report.fields[1].verdict(), Verdict::Contradicted);

    let file = closed(&house, &national, &sealed, Vec::new());
    let mut noticed = 0;
    for at in (signed.len()..sealed.len()).step_by(7) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        let report = verify(&changed, &roots, NOW_MS + 2 * HOUR_MS);
        assert_ne!(report.verdict(), Verdict::Holds, "byte {at}");
        noticed += 1;
    }
    assert!(noticed > 500, "{noticed}");
}

#[test]
fn a_signature_of_one_family_under_a_key_of_the_other_is_never_made() {
    let national = National::new();
    let waiting = prepare(PAPER, &field("lender-sm2")).unwrap();
    // The digest of the other family: the file would say something else than was signed.
    let attributes = attributes_to_sign(&waiting.digest(), national.seal.der()).unwrap();
    assert!(
        assemble(&attributes, &key(3).sign(&attributes).unwrap(), &[national.seal.der().to_vec()], None)
            .is_err()
    );
    let signature = national.seal_key.sign(&attributes).unwrap();
    let cms = assemble(&attributes, &signature, &[national.seal.der().to_vec()], None).unwrap();
    let file = finish(waiting, &cms).unwrap();
    let report = verify(&file, std::slice::from_ref(&national.root), NOW_MS);
    assert_eq!(report.fields[0].of(mingbai_sign::ClaimKind::Digest), Some(Verdict::Contradicted));
    assert!(sm2(22).sign(b"x").unwrap() != sm2(23).sign(b"x").unwrap());
}

#[test]
fn openssl_agrees_on_chain_digest_and_signature() {
    const TEST: &str = "openssl_agrees_on_chain_digest_and_signature";
    if !here("openssl", TEST) {
        return;
    }
    let (house, national) = (House::new(), National::new());
    let signed = signed_paper(&house);
    let (sealed, attributes, signature) = national.sealed(&signed);
    let scratch = Scratch::new(TEST);
    let put = |name: &str, bytes: &[u8]| scratch.file(name, bytes);
    let (root, seal) = (put("root.der", national.root.der()), put("seal.der", national.seal.der()));
    let (root_pem, seal_pem) = (scratch.path("root.pem"), scratch.path("seal.pem"));
    for (from, to) in [(&root, &root_pem), (&seal, &seal_pem)] {
        let (good, said) = run("openssl", &["x509", "-inform", "DER", "-in", from, "-out", to]);
        assert!(good, "{said}");
    }
    let at = (NOW_MS / 1_000).to_string();
    let chain = ["verify", "-vfyopt", ID, "-attime", &at, "-CAfile", &root_pem, &seal_pem];
    let (good, said) = run("openssl", &chain);
    assert!(good && said.contains("OK"), "{said}");

    let public = scratch.path("public.pem");
    let (good, said) = run("openssl", &["x509", "-in", &seal_pem, "-pubkey", "-noout", "-out", &public]);
    assert!(good, "{said}");
    let (attributes, signature) = (put("attributes", &attributes), put("signature", &signature));
    let check = |what: &str| {
        let args = [
            "pkeyutl", "-verify", "-pubin", "-inkey", &public, "-rawin", "-digest", "sm3", "-pkeyopt", ID,
            "-in", what, "-sigfile", &signature,
        ];
        run("openssl", &args).0
    };
    assert!(check(&attributes), "OpenSSL refuses our SM2 signature");
    assert!(!check(&seal), "OpenSSL accepts it over something else");

    let waiting = prepare(&signed, &field("lender-sm2")).unwrap();
    let gap = waiting.gap();
    let covered = put("covered", &[&sealed[..gap.start], &sealed[gap.end..]].concat());
    let (good, said) = run("openssl", &["dgst", "-sm3", &covered]);
    let ours: String = waiting.digest_by(Suite::Sm2).iter().map(|b| format!("{b:02x}")).collect();
    assert!(good && said.contains(&ours), "{said}");
}
