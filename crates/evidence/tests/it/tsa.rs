//! A time-stamping authority for tests, made with the `openssl` program: a root, perhaps an intermediate, the authority's
//! certificate, and `openssl ts -reply`. Nothing of ours is in it, so it can be a peer. Used by other crates' tests too.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether the peer is here. Says SKIPPED when it is not, and fails instead where it must be.
pub fn openssl_is_here(test: &str) -> bool {
    if Command::new("openssl").arg("version").output().is_ok_and(|o| o.status.success()) {
        return true;
    }
    assert!(
        std::env::var_os("MINGBAI_REQUIRE_OPENSSL").is_none(),
        "{test}: openssl is not installed, and MINGBAI_REQUIRE_OPENSSL is set"
    );
    eprintln!("SKIPPED {test}: openssl is not installed");
    false
}

/// What kind of authority.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Options of `openssl genpkey`.
    pub key: &'static str,
    /// Digest under the signature.
    pub digest: &'static str,
    /// Hash that names the certificate in the signed attributes.
    pub ess: &'static str,
    /// Extended key usage.
    pub usage: &'static str,
    /// End of the certificate's life.
    pub until: &'static str,
    /// Extensions of the intermediate authority; empty = none.
    pub middle: &'static str,
}

pub const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
pub const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
pub const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";

/// P-256, directly under the root.
pub const PLAIN: Plan = Plan {
    key: P256,
    digest: "sha256",
    ess: "sha256",
    usage: "critical,timeStamping",
    until: "20491231235959Z",
    middle: "",
};

/// An authority in a folder of its own, which goes away with it.
pub struct Tsa {
    dir: PathBuf,
}

impl Drop for Tsa {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Runs openssl in `dir` with words between spaces; a failure is the test's failure.
pub fn openssl(dir: &Path, words: &str) -> Vec<u8> {
    let made = Command::new("openssl").current_dir(dir).args(words.split(' ')).output();
    let made = made.unwrap_or_else(|e| panic!("openssl cannot be started: {e}"));
    assert!(made.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

impl Tsa {
    /// Makes keys and certificates.
    pub fn new(plan: &Plan) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("mingbai-tsa-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let tsa = Tsa { dir };
        tsa.put("cnf", config(plan).as_bytes());
        tsa.put("index", b"");
        tsa.put("index.attr", b"unique_subject = no\n");
        tsa.put("serial", b"1000\n");
        tsa.put("tsa.serial", b"01\n");
        openssl(&tsa.dir, &format!("genpkey {P256} -out root.key"));
        let root = "req -x509 -config cnf -extensions root_ext -key root.key -subj /CN=root -days 9000 -out root.pem";
        openssl(&tsa.dir, root);
        let above = if plan.middle.is_empty() {
            "root"
        } else {
            tsa.issue("middle", P256, "middle_ext", "root", "20491231235959Z");
            "middle"
        };
        tsa.issue("tsa", plan.key, "tsa_ext", above, plan.until);
        let chain = if above == "middle" { tsa.get("middle.pem") } else { Vec::new() };
        tsa.put("chain.pem", &chain);
        tsa
    }

    /// Makes a key and a certificate for it.
    pub fn issue(&self, name: &str, key: &str, extensions: &str, issuer: &str, until: &str) {
        openssl(&self.dir, &format!("genpkey {key} -out {name}.key"));
        openssl(&self.dir, &format!("req -new -config cnf -key {name}.key -subj /CN={name} -out {name}.csr"));
        let signed = format!(
            "ca -batch -notext -config cnf -in {name}.csr -out {name}.pem -extensions {extensions} -cert {issuer}.pem \
             -keyfile {issuer}.key -startdate 20200101000000Z -enddate {until}"
        );
        openssl(&self.dir, &signed);
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.dir.join(name), bytes).unwrap();
    }

    pub fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.dir.join(name)).unwrap()
    }

    /// The root as PEM.
    pub fn root(&self) -> String {
        String::from_utf8(self.get("root.pem")).unwrap()
    }

    /// What the authority answers to a request.
    pub fn reply(&self, query: &[u8]) -> Vec<u8> {
        self.put("query.tsq", query);
        openssl(&self.dir, "ts -reply -config cnf -queryfile query.tsq -out reply.tsr");
        self.get("reply.tsr")
    }

    /// An answer with this TSTInfo, signed by `name`, whatever that certificate is for: `openssl ts` would refuse.
    pub fn forge(&self, info: &[u8], name: &str) -> Vec<u8> {
        self.put("info.der", info);
        let sign = format!(
            "cms -sign -binary -nodetach -nosmimecap -cades -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 \
             -in info.der -signer {name}.pem -inkey {name}.key -outform DER -out forged.cms"
        );
        openssl(&self.dir, &sign);
        let token = self.get("forged.cms");
        let body = [&[0x30, 0x03, 0x02, 0x01, 0x00][..], &token].concat();
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82][..], &length, &body].concat()
    }

    /// What `openssl ts -verify` says about an answer to a request; `None` = it accepts.
    pub fn judged(&self, query: &[u8], response: &[u8]) -> Option<String> {
        self.put("judged.tsq", query);
        self.put("judged.tsr", response);
        let words = "ts -verify -queryfile judged.tsq -in judged.tsr -CAfile root.pem";
        let said = Command::new("openssl").current_dir(&self.dir).args(words.split(' ')).output().unwrap();
        (!said.status.success()).then(|| String::from_utf8_lossy(&said.stderr).into_owned())
    }
}

fn config(plan: &Plan) -> String {
    let Plan { digest, ess, usage, middle, .. } = plan;
    format!(
        "[req]\ndistinguished_name = dn\n[dn]\n\
         [root_ext]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\n\
         subjectKeyIdentifier = hash\n\
         [middle_ext]\nkeyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n{middle}\n\
         [tsa_ext]\nextendedKeyUsage = {usage}\nkeyUsage = critical,digitalSignature\nsubjectKeyIdentifier = hash\n\
         [ca]\ndefault_ca = ca1\n\
         [ca1]\ndatabase = index\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\n\
         [any]\ncommonName = supplied\n\
         [tsa]\ndefault_tsa = tsa1\n\
         [tsa1]\nserial = tsa.serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\ncerts = chain.pem\n\
         signer_digest = {digest}\ndefault_policy = 1.2.3.4.1\ndigests = sha256\n\
         accuracy = secs:1, millisecs:500, microsecs:100\nclock_precision_digits = 3\nordering = yes\n\
         tsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = {ess}\n"
    )
}
