//! The built-in authority against OpenSSL, and against requests that lie.

use mingbai_sign::{
    Authority, CasePlan, Certificate, Crl, CrlPlan, KeyCustody, Revoked, Serial, SigningRequest, issue_crl,
    issue_for_case, issue_intermediate,
};

use crate::kit::*;
use crate::oracles::{Scratch, here, run};

#[test]
fn a_request_without_its_key_or_with_another_kind_of_key_is_refused() {
    let good = request(&key(3));
    let parsed = SigningRequest::parse(&good).unwrap();
    assert_eq!(parsed.public_key(), key(3).public_key());
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(SigningRequest::parse(&bad).is_err(), "byte {at} changed");
    }
    assert!(SigningRequest::parse(&good[..good.len() - 1]).is_err());
    assert!(SigningRequest::parse(&[&good[..], &[0]].concat()).is_err());
    assert!(SigningRequest::parse(&[0x30; 5000]).is_err());
}

#[test]
fn nothing_of_the_request_but_its_key_reaches_the_certificate() {
    let house = House::new();
    let certificate = house.certificate(&key(3), 3);
    let subject = certificate.subject();
    assert!(subject.contains("张三") && !subject.contains("me"), "{subject}");
    assert_eq!(certificate.not_after_ms() - 999, NOW_MS + DAY_MS);
    assert_eq!(certificate.not_before_ms(), NOW_MS - 5 * 60_000);
    assert_eq!(certificate.serial().len(), 16);
    assert_eq!(certificate.serial()[0], 0x43, "positive, and always sixteen bytes");
}

#[test]
fn no_certificate_outlives_its_issuer_and_no_name_breaks_out() {
    let house = House::new();
    let request = SigningRequest::parse(&request(&key(3))).unwrap();
    let mut plan = CasePlan { subject: subject("张三", "A1"), serial: Serial([1; 16]), now_ms: NOW_MS };
    plan.now_ms = house.issuing.not_after_ms();
    assert!(issue_for_case(&house.issuing(), &request, &plan, &profile()).is_err());
    plan.now_ms = NOW_MS;
    for (name, case) in [("", "A1"), (&*"长".repeat(65), "A1"), ("a\nb", "A1"), ("张三", "数字")] {
        plan.subject = subject(name, case);
        assert!(issue_for_case(&house.issuing(), &request, &plan, &profile()).is_err(), "{name} {case}");
    }
    let beyond = (NOW_MS, house.root.not_after_ms() + 1000);
    let point = key(2).public_key();
    assert!(
        issue_intermediate(&house.root(), &subject("X", ""), Serial([1; 16]), beyond, &point, &profile())
            .is_err()
    );
    let mut off_curve = point;
    off_curve[64] ^= 1;
    let life = (NOW_MS, NOW_MS + DAY_MS);
    assert!(
        issue_intermediate(&house.root(), &subject("X", ""), Serial([1; 16]), life, &off_curve, &profile())
            .is_err()
    );
}

#[test]
fn lists_say_who_was_revoked_and_are_refused_when_touched() {
    let house = House::new();
    let serial = house.certificate(&key(3), 3).serial().to_vec();
    let plan = CrlPlan {
        number: 300,
        this_update_ms: NOW_MS,
        next_update_ms: NOW_MS + DAY_MS,
        revoked: vec![Revoked {
            serial: serial.clone(),
            at_ms: NOW_MS - HOUR_MS,
            reason: Default::default(),
        }],
    };
    let list = issue_crl(&house.issuing(), &plan).unwrap();
    let again = Crl::parse(list.der()).unwrap();
    assert_eq!(again.revoked_at_ms(&serial), Some(NOW_MS - HOUR_MS));
    assert_eq!(again.revoked_at_ms(&[1; 16]), None);
    assert_eq!((again.this_update_ms(), again.next_update_ms()), (NOW_MS, Some(NOW_MS + DAY_MS)));
    let backwards = CrlPlan { next_update_ms: NOW_MS, ..plan };
    assert!(issue_crl(&house.issuing(), &backwards).is_err());
}

/// The same as PEM, made by OpenSSL, which `openssl verify` wants.
fn pem(scratch: &Scratch, der: &[u8], kind: &str, name: &str) -> String {
    let der_path = scratch.file(&format!("{name}.der"), der);
    let path = scratch.path(&format!("{name}.pem"));
    let (good, said) = run("openssl", &[kind, "-inform", "DER", "-in", &der_path, "-out", &path]);
    assert!(good, "{said}");
    path
}

fn revoked_an_hour_ago(certificate: &Certificate) -> Revoked {
    Revoked { serial: certificate.serial().to_vec(), at_ms: NOW_MS - HOUR_MS, reason: Default::default() }
}

#[test]
fn openssl_accepts_root_issuer_certificate_and_list() {
    if !here("openssl", "openssl_accepts_root_issuer_certificate_and_list") {
        return;
    }
    let house = House::new();
    let scratch = Scratch::new("openssl-chain");
    let certificate = house.certificate(&key(3), 3);
    let plan = |revoked| CrlPlan {
        number: 1,
        this_update_ms: NOW_MS - DAY_MS,
        next_update_ms: NOW_MS + 900 * DAY_MS,
        revoked,
    };
    let entry = revoked_an_hour_ago(&house.certificate(&key(5), 5));
    let issuing_list = issue_crl(&house.issuing(), &plan(vec![entry])).unwrap();
    let root_list = issue_crl(&house.root(), &plan(Vec::new())).unwrap();
    let pem = |der: &[u8], kind: &str, name: &str| pem(&scratch, der, kind, name);
    let root = pem(house.root.der(), "x509", "root");
    let issuing = pem(house.issuing.der(), "x509", "issuing");
    let leaf = pem(certificate.der(), "x509", "leaf");
    let revoked = pem(house.certificate(&key(5), 5).der(), "x509", "revoked");
    let lists = [pem(issuing_list.der(), "crl", "issuing-list"), pem(root_list.der(), "crl", "root-list")];
    let lists =
        scratch.file("lists.pem", &lists.iter().flat_map(|l| std::fs::read(l).unwrap()).collect::<Vec<_>>());
    let at = (NOW_MS / 1000).to_string();
    let verify = |what: &str| {
        run(
            "openssl",
            &[
                "verify",
                "-x509_strict",
                "-crl_check_all",
                "-attime",
                &at,
                "-CAfile",
                &root,
                "-untrusted",
                &issuing,
                "-CRLfile",
                &lists,
                what,
            ],
        )
    };
    let (good, said) = verify(&leaf);
    assert!(good, "{said}");
    let (good, said) = verify(&revoked);
    assert!(!good && said.contains("certificate revoked"), "{said}");
    let (good, said) = run(
        "openssl",
        &["crl", "-in", &scratch.path("issuing-list.pem"), "-CAfile", &issuing, "-noout", "-text"],
    );
    assert!(good && said.contains("verify OK") && said.contains("X509v3 CRL Number"), "{said}");
    let (good, said) = run("openssl", &["x509", "-in", &leaf, "-noout", "-text"]);
    assert!(good, "{said}");
    for part in [
        "Non Repudiation",
        "1.3.6.1.5.5.7.3.36",
        "crl.example.cn/issuing.crl",
        "1.3.6.1.4.1.99999.13",
        "art. 13",
    ] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    assert!(!said.contains("Digital Signature") && !said.contains("CA:TRUE"), "{said}");
    let (_, said) = run("openssl", &["x509", "-in", &root, "-noout", "-text"]);
    assert!(said.contains("CA:TRUE, pathlen:1"), "{said}");
}

#[test]
fn requests_made_by_openssl_are_read_and_ours_verify_there() {
    if !here("openssl", "requests_made_by_openssl_are_read_and_ours_verify_there") {
        return;
    }
    let scratch = Scratch::new("openssl-request");
    let (key_file, der) = (scratch.path("key.pem"), scratch.path("request.der"));
    let made = |options: &[&str]| {
        let (good, said) = run("openssl", &[&["genpkey", "-out", &key_file][..], options].concat());
        assert!(good, "{said}");
        let request = [
            "req",
            "-new",
            "-key",
            &key_file,
            "-subj",
            "/CN=Root CA/O=I choose my name",
            "-outform",
            "DER",
            "-out",
            &der,
        ];
        let (good, said) = run("openssl", &request);
        assert!(good, "{said}");
        std::fs::read(&der).unwrap()
    };
    let p256 = made(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let request = SigningRequest::parse(&p256).unwrap();
    let house = House::new();
    let plan = CasePlan { subject: subject("张三", "A1"), serial: Serial([9; 16]), now_ms: NOW_MS };
    let certificate: Certificate = issue_for_case(&house.issuing(), &request, &plan, &profile()).unwrap();
    assert!(!certificate.subject().contains("choose"), "{}", certificate.subject());
    for other in [
        made(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        made(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        made(&["-algorithm", "ED25519"]),
    ] {
        assert!(SigningRequest::parse(&other).is_err());
    }
    let ours = scratch.file("ours.der", &crate::kit::request(&key(3)));
    let (good, said) = run("openssl", &["req", "-inform", "DER", "-in", &ours, "-verify", "-noout"]);
    assert!(good && said.to_lowercase().contains("verify ok"), "{said}");
}

#[test]
fn an_issuing_authority_cannot_make_another() {
    let house = House::new();
    let above = Authority { certificate: &house.issuing, key: &house.issuing_key };
    let (sub_key, leaf_key) = (key(21), key(22));
    let life = (NOW_MS - HOUR_MS, NOW_MS + 30 * DAY_MS);
    let sub = issue_intermediate(
        &above,
        &subject("Sub", ""),
        Serial([21; 16]),
        life,
        &sub_key.public_key(),
        &profile(),
    );
    let sub = sub.unwrap();
    let request = SigningRequest::parse(&request(&leaf_key)).unwrap();
    let plan = CasePlan { subject: subject("李四", "B2"), serial: Serial([22; 16]), now_ms: NOW_MS };
    let below = Authority { certificate: &sub, key: &sub_key };
    let leaf = issue_for_case(&below, &request, &plan, &profile()).unwrap();
    let chain = vec![leaf.der().to_vec(), sub.der().to_vec(), house.issuing.der().to_vec()];
    let prepared = mingbai_sign::prepare(&small_paper(), &field("borrower")).unwrap();
    let signed = sign_with(prepared, &leaf_key, &chain, None);
    let report = mingbai_sign::verify(&signed, std::slice::from_ref(&house.root), NOW_MS);
    let chain = report.fields[0].of(mingbai_sign::ClaimKind::Chain);
    assert_eq!(chain, Some(mingbai_sign::Verdict::Contradicted), "its certificate allows none below it");
}
