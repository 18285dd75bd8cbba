//! Time stamps against a real peer: `openssl ts` stamps and we verify, and the other way round; and everything that a lying,
//! expired or careless authority can answer.

use mingbai_evidence::Digest;
use mingbai_evidence::timestamp::{Roots, Stamp, StampError, query, verify};

use crate::tsa::{P256, P384, PLAIN, Plan, RSA, Tsa, openssl_is_here};

const NOTE: &[u8] = b"lender.example/log\n42\nroot\n";
/// The high bit is set, so that the number needs a leading zero in DER.
const NONCE: u64 = 0xfedc_ba98_7654_3210;

fn imprint() -> Digest {
    Digest::of(NOTE)
}

fn asked() -> Vec<u8> {
    query(&imprint(), NONCE).unwrap()
}

fn roots(tsa: &Tsa) -> Roots {
    Roots::from_pem(&tsa.root()).unwrap()
}

fn judge(tsa: &Tsa, response: &[u8]) -> Result<Stamp, StampError> {
    verify(response, &imprint(), NONCE, &roots(tsa))
}

/// The TSTInfo inside an answer, found by its outer shape: the content of the only OCTET STRING behind id-ct-TSTInfo.
fn info_of(response: &[u8]) -> Vec<u8> {
    let oid = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
    let at = response.windows(oid.len()).position(|w| w == oid).unwrap() + oid.len();
    let octets = at + response[at..].iter().position(|b| *b == 0x04).unwrap();
    let (start, length) = match response[octets + 1] {
        short @ 0..=0x7f => (octets + 2, usize::from(short)),
        0x81 => (octets + 3, usize::from(response[octets + 2])),
        _ => panic!("a long TSTInfo"),
    };
    response[start..start + length].to_vec()
}

#[test]
fn openssl_stamps_and_we_verify_with_every_kind_of_key() {
    if !openssl_is_here("time stamps by openssl") {
        return;
    }
    let big = |bits| match bits {
        3072 => "-algorithm RSA -pkeyopt rsa_keygen_bits:3072",
        _ => "-algorithm RSA -pkeyopt rsa_keygen_bits:4096",
    };
    let middle = "basicConstraints = critical,CA:TRUE,pathlen:0\nextendedKeyUsage = timeStamping";
    let plans = [
        PLAIN,
        Plan { digest: "sha512", ..PLAIN },
        Plan { key: P384, digest: "sha384", middle, ..PLAIN },
        Plan { key: P384, digest: "sha256", ess: "sha1", ..PLAIN },
        Plan { key: RSA, ess: "sha512", ..PLAIN },
        Plan { key: RSA, digest: "sha384", middle: "basicConstraints = CA:TRUE", ..PLAIN },
        Plan { key: big(3072), digest: "sha512", ess: "sha1", ..PLAIN },
        Plan { key: big(4096), ..PLAIN },
    ];
    for plan in &plans {
        let tsa = Tsa::new(plan);
        let response = tsa.reply(&asked());
        let stamp = judge(&tsa, &response).unwrap_or_else(|e| panic!("{} {}: {e}", plan.key, plan.digest));
        assert_eq!(stamp.authority(), "CN=tsa");
        assert_eq!(stamp.trusted_by(&roots(&tsa)), Ok("CN=root".to_owned()));
        let stated = stamp.stated();
        assert_eq!((stated.policy.as_str(), stated.accuracy_us), ("1.2.3.4.1", Some(1_500_100)));
        // The file of the answer was written in the moment of the stamp; no clock of ours is asked.
        let written = std::fs::metadata(tsa.dir().join("reply.tsr")).and_then(|m| m.modified()).unwrap();
        let now = written.duration_since(std::time::UNIX_EPOCH).unwrap();
        let off = i64::try_from(now.as_millis()).unwrap() - stated.at_ms;
        assert!((-1_000..60_000).contains(&off), "the stamp is {off} ms old");
        // The other way round: the peer accepts the same answer to our request.
        assert_eq!(tsa.judged(&asked(), &response), None);
    }
}

#[test]
fn the_peer_reads_our_request() {
    if !openssl_is_here("our request read by openssl") {
        return;
    }
    let tsa = Tsa::new(&PLAIN);
    tsa.put("ours.tsq", &asked());
    let text = crate::tsa::openssl(tsa.dir(), "ts -query -in ours.tsq -text");
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("Hash Algorithm: sha256"), "{text}");
    assert!(text.contains("Certificate required: yes"), "{text}");
    assert!(text.to_lowercase().contains("nonce: 0xfedcba9876543210"), "{text}");
}

#[test]
fn every_wrong_answer_has_its_own_name() {
    if !openssl_is_here("wrong time stamps") {
        return;
    }
    let tsa = Tsa::new(&PLAIN);
    let good = tsa.reply(&asked());
    let other = Digest::of(b"other data");
    let ours = roots(&tsa);

    let lying = tsa.reply(&query(&other, NONCE).unwrap());
    assert_eq!(judge(&tsa, &lying).map(|_| ()), Err(StampError::Imprint));
    assert!(tsa.judged(&asked(), &lying).is_some(), "the peer refuses it too");

    let replayed = tsa.reply(&query(&imprint(), NONCE - 1).unwrap());
    assert_eq!(judge(&tsa, &replayed).map(|_| ()), Err(StampError::Nonce));
    assert!(tsa.judged(&asked(), &replayed).is_some());

    let stranger = Tsa::new(&PLAIN);
    // The same name, another key: the chain seems to lead there and does not.
    let wrong = verify(&good, &imprint(), NONCE, &roots(&stranger)).map(|_| ());
    assert_eq!(wrong, Err(StampError::ChainSignature { subject: "CN=tsa".to_owned() }));
    stranger.issue("elsewhere", P256, "root_ext", "root", "20491231235959Z");
    let elsewhere = Roots::from_pem(&String::from_utf8(stranger.get("elsewhere.pem")).unwrap()).unwrap();
    let unknown = verify(&good, &imprint(), NONCE, &elsewhere).map(|_| ());
    assert_eq!(unknown, Err(StampError::UnknownIssuer { issuer: "CN=root".to_owned() }));

    let refused = [&[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02][..]].concat();
    assert_eq!(judge(&tsa, &refused).map(|_| ()), Err(StampError::NotGranted { status: 2 }));
    assert_eq!(judge(&tsa, &vec![0x30; 70_000]).map(|_| ()), Err(StampError::TooLarge));
    assert!(matches!(judge(&tsa, b"<html>busy</html>"), Err(StampError::Malformed { .. })));
    let with_tail = [good.as_slice(), b"\0"].concat();
    assert!(matches!(judge(&tsa, &with_tail), Err(StampError::Malformed { .. })));
    assert!(verify(&good, &imprint(), NONCE, &ours).is_ok(), "the control holds");
}

#[test]
fn an_expired_authority_is_refused() {
    if !openssl_is_here("an expired authority") {
        return;
    }
    let tsa = Tsa::new(&Plan { until: "20210101000000Z", ..PLAIN });
    let response = tsa.reply(&asked());
    assert_eq!(judge(&tsa, &response).map(|_| ()), Err(StampError::Expired { subject: "CN=tsa".to_owned() }));
    assert!(tsa.judged(&asked(), &response).is_some(), "the peer refuses it too");
}

#[test]
fn certificates_that_may_not_stamp_or_issue_are_refused() {
    if !openssl_is_here("wrong certificates") {
        return;
    }
    let tsa = Tsa::new(&PLAIN);
    let info = info_of(&tsa.reply(&asked()));
    let forged = tsa.forge(&info, "tsa");
    assert!(judge(&tsa, &forged).is_ok(), "the control: the same content by the right certificate");
    for usage in [
        "extendedKeyUsage = timeStamping",
        "extendedKeyUsage = critical,timeStamping,codeSigning",
        "extendedKeyUsage = critical,codeSigning",
        "keyUsage = critical,digitalSignature",
        "extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,keyEncipherment",
    ] {
        let config = [tsa.get("cnf"), format!("[bad_ext]\n{usage}\n").into_bytes()].concat();
        let clean = tsa.get("cnf");
        tsa.put("cnf", &config);
        tsa.issue("bad", P256, "bad_ext", "root", "20491231235959Z");
        tsa.put("cnf", &clean);
        let wrong = judge(&tsa, &tsa.forge(&info, "bad")).map(|_| ());
        assert_eq!(wrong, Err(StampError::Usage { subject: "CN=bad".to_owned() }), "{usage}");
    }
    // An intermediate that is no authority, one for other purposes, and one that may have nothing below it but has.
    for middle in ["basicConstraints = CA:FALSE", "basicConstraints = CA:TRUE\nextendedKeyUsage = serverAuth"]
    {
        let tsa = Tsa::new(&Plan { middle, ..PLAIN });
        let wrong = judge(&tsa, &tsa.reply(&asked())).map(|_| ());
        assert_eq!(wrong, Err(StampError::NotAuthority { subject: "CN=middle".to_owned() }), "{middle}");
    }
    let critical = "basicConstraints = CA:TRUE\nnameConstraints = critical,permitted;DNS:example.org";
    let tsa = Tsa::new(&Plan { middle: critical, ..PLAIN });
    let wrong = judge(&tsa, &tsa.reply(&asked())).map(|_| ());
    assert!(matches!(wrong, Err(StampError::CriticalExtension { .. })), "{wrong:?}");
}

#[test]
fn every_changed_bit_of_an_answer_is_noticed() {
    if !openssl_is_here("every bit of a time stamp") {
        return;
    }
    let tsa = Tsa::new(&PLAIN);
    let good = tsa.reply(&asked());
    let trust = roots(&tsa);
    let (mut flips, mut held) = (0_u32, Vec::new());
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[at] ^= 1 << bit;
            flips += 1;
            if verify(&changed, &imprint(), NONCE, &trust).is_ok() {
                held.push((at, bit));
            }
        }
    }
    eprintln!("time stamp of {} bytes: {flips} single-bit changes, {} not noticed", good.len(), held.len());
    assert_eq!(held, [], "changes that were not noticed");
}

/// Writes the stored answer of the unit tests again. Run by hand, when it should be replaced.
#[test]
#[ignore = "writes into tests/data"]
fn write_the_stored_answer() {
    let tsa = Tsa::new(&PLAIN);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/timestamp");
    std::fs::write(folder.join("reply.tsr"), tsa.reply(&asked())).unwrap();
    std::fs::write(folder.join("root.pem"), tsa.root()).unwrap();
}
