//! Signed PDFs from outside: the authority's documents over HTTP, the public page that judges a file, the command that does, and
//! the commands that revoke a certificate and take the root's key away.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::SystemTime;

use mingbai_sign::{
    Authority, Certificate, Crl, KeyCustody as _, Profile, SealPlan, Serial, SoftwareKey, Subject, assemble,
    attributes_to_sign, finish, issue_seal, prepare,
};

use crate::kit;
use crate::run::{Ran, ended, folder};
use crate::serve::{Served, at, served};

fn get(server: &Served, path: &str) -> (String, Vec<u8>) {
    ask(
        server,
        format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address).as_bytes(),
    )
}

fn ask(server: &Served, request: &[u8]) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    (String::from_utf8_lossy(&answer[..at]).to_lowercase(), answer[at + 4..].to_vec())
}

/// Sends a file as the page's form does.
fn post(server: &Served, file: &[u8], code: &str) -> (String, String) {
    let mut body = Vec::new();
    let part = |name: &str| format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"");
    body.extend(
        format!("{}; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n", part("file")).bytes(),
    );
    body.extend(file);
    body.extend(format!("\r\n{}\r\n\r\n{code}\r\n--XX--\r\n", part("code")).bytes());
    let head = format!(
        "POST /trust/file HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: look=en\r\nContent-Type: multipart/form-data; \
         boundary=XX\r\nContent-Length: {1}\r\nConnection: close\r\n\r\n",
        server.address,
        body.len()
    );
    let (head, body) = ask(server, &[head.into_bytes(), body].concat());
    (head, String::from_utf8_lossy(&body).into_owned())
}

fn ca(dir: &Path, arguments: &[&str]) -> Ran {
    ended(at(dir).arg("ca").args(arguments).output().unwrap())
}

fn key_in(path: &Path) -> SoftwareKey {
    let text = std::fs::read_to_string(path).unwrap();
    let secret: [u8; 32] = hex::decode(text.split_whitespace().last().unwrap()).unwrap().try_into().unwrap();
    SoftwareKey::from_secret(&secret).unwrap()
}

/// A paper signed under this house's issuing authority with a key of the test's own, which stands for a borrower's.
fn signed(dir: &Path) -> (Vec<u8>, String) {
    let now_ms = i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let issuing = Certificate::parse(&std::fs::read(dir.join("ca/issuing.cer")).unwrap()).unwrap();
    let issuing_key = key_in(&dir.join("keys/ca-issuing.key"));
    let issuer = Authority { certificate: &issuing, key: &issuing_key };
    let subject =
        Subject { common_name: "张三".into(), organization: String::new(), case: "KQNN-K09R".into() };
    let plan = SealPlan { subject, serial: Serial([7; 16]), life_ms: (now_ms - 60_000, now_ms + 3_600_000) };
    let profile = Profile { policy: "2.5.29.32.0".into(), crl_url: issuing.crl_url().unwrap() };
    let certificate = issue_seal(&issuer, &kit::key(3).public_key(), &plan, &profile).unwrap();
    let mut field = kit::field("borrower");
    field.signed_at_ms = now_ms;
    let prepared = prepare(kit::PAPER, &field).unwrap();
    let attributes = attributes_to_sign(&prepared.digest(), certificate.der()).unwrap();
    let chain = [certificate.der().to_vec(), issuing.der().to_vec()];
    let cms = assemble(&attributes, &kit::key(3).sign(&attributes).unwrap(), &chain, None).unwrap();
    let register = dir.join("ca/issued.txt");
    let mut lines = std::fs::read_to_string(&register).unwrap();
    lines.push_str(&format!("{} {now_ms} case\n", hex::encode(certificate.serial())));
    std::fs::write(register, lines).unwrap();
    (finish(prepared, &cms).unwrap(), hex::encode(certificate.serial()))
}

#[test]
fn a_signed_file_is_judged_by_page_and_command_and_a_revocation_reaches_both() {
    let dir = folder("signed");
    let server = served(at(&dir));
    let (head, root) = get(&server, "/ca/root.cer");
    assert!(
        head.contains("200 ok") && head.contains("application/pkix-cert") && head.contains("max-age=86400"),
        "{head}"
    );
    assert_eq!(root, std::fs::read(dir.join("ca/root.cer")).unwrap());
    let (head, list) = get(&server, "/ca/revocations.crl");
    assert!(head.contains("application/pkix-crl") && head.contains("max-age=3600"), "{head}");
    assert!(Crl::parse(&list).is_ok() && Crl::parse(&get(&server, "/ca/root.crl").1).is_ok());
    let issuing = Certificate::parse(&get(&server, "/ca/issuing.cer").1).unwrap();
    let (_, path) = issuing
        .crl_url()
        .unwrap()
        .split_once(&server.address)
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert_eq!(path, "/ca/root.crl", "the list is where the certificate says");

    let (pdf, serial) = signed(&dir);
    let (file, root, crl, root_crl) =
        (dir.join("a.pdf"), dir.join("r.cer"), dir.join("l.crl"), dir.join("ca/root.crl"));
    std::fs::write(&file, &pdf).unwrap();
    std::fs::write(&root, get(&server, "/ca/root.cer").1).unwrap();
    std::fs::write(&crl, list).unwrap();
    let paths = [&file, &root, &crl, &root_crl].map(|p| p.to_str().unwrap().to_owned());
    let verify = |more: &[&str]| {
        ended(at(&dir).args(["verify", &paths[0], "--root", &paths[1]]).args(more).output().unwrap())
    };
    let ran = verify(&["--crl", &paths[2], "--crl", &paths[3]]);
    assert!(ran.code == 0 && ran.out.contains("conclusion: everything holds"), "{}", ran.told());
    assert!(
        ran.out.contains("[borrower] 张三") && ran.out.contains("amounts on the pages stand in the data"),
        "{}",
        ran.out
    );
    let ran = verify(&[]);
    assert!(ran.code == 1 && ran.err.contains("not everything is proven"), "{}", ran.told());
    let ran = verify(&["--json"]);
    assert!(ran.code == 1 && ran.out.contains("\"holds\":false"), "{}", ran.told());

    let (head, page) = post(&server, &pdf, "");
    assert!(head.contains("200 ok"), "{head}\n{page}");
    assert!(page.contains("张三") && page.contains("borrower"), "{page}");
    let mut changed = pdf.clone();
    changed[kit::PAPER.len() / 2] ^= 1;
    let (_, page) = post(&server, &changed, "0000-0000-0000");
    assert!(page.contains("✗"), "{page}");
    let (head, _) = post(&server, &vec![b'x'; 9 * 1024 * 1024], "");
    assert!(head.contains("413"), "{head}");
    let (head, _) = post(&server, b"", "");
    assert!(head.contains("422"), "{head}");

    let ran = ca(&dir, &["revoke", "00ff", "--reason", "superseded"]);
    assert!(ran.code == 2 && ran.err.contains("issued no certificate of this number"), "{}", ran.told());
    let ran = ca(&dir, &["revoke", &serial, "--reason", "key-compromise"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let (_, page) = post(&server, &pdf, "");
    assert!(page.contains("✗"), "the running server knows at once: {page}");
    std::fs::write(&crl, get(&server, "/ca/revocations.crl").1).unwrap();
    let ran = verify(&["--crl", &paths[2], "--crl", &paths[3]]);
    assert!(ran.code == 1 && ran.out.contains("revoked since"), "{}", ran.told());
}

#[test]
fn the_roots_key_can_be_taken_away_and_comes_back_for_a_renewal() {
    let dir = folder("offline");
    let ran = ca(&dir, &["show"]);
    assert!(ran.code == 2 && ran.err.contains("no signing authority"), "{}", ran.told());
    drop(served(at(&dir)));
    let safe = dir.join("safe.key").to_str().unwrap().to_owned();
    let ran = ca(&dir, &["root-offline", "--to", &safe]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    assert!(!dir.join("keys/ca-root.key").exists());
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&safe).unwrap().permissions()) & 0o777,
        0o600
    );
    let ran = ca(&dir, &["root-offline", "--to", &safe]);
    assert_eq!(ran.code, 2, "{}", ran.told());
    let ran = ca(&dir, &["show"]);
    assert!(ran.code == 0 && ran.out.contains("The root's key is offline"), "{}", ran.told());
    drop(served(at(&dir)));
    let issuing = || Certificate::parse(&std::fs::read(dir.join("ca/issuing.cer")).unwrap()).unwrap();
    let before = issuing();
    let ran = ca(&dir, &["renew-issuing"]);
    assert!(ran.code == 2 && ran.err.contains("--root-key"), "{}", ran.told());
    let other = dir.join("keys/ca-seal.key").to_str().unwrap().to_owned();
    let ran = ca(&dir, &["renew-issuing", "--root-key", &other]);
    assert_eq!(ran.code, 3, "another key is not the root's: {}", ran.told());
    let ran = ca(&dir, &["renew-issuing", "--root-key", &safe]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    assert_ne!(issuing(), before);
    // Revoking the issuing authority itself needs the root's key too.
    let serial = hex::encode(before.serial());
    let ran = ca(&dir, &["revoke", &serial, "--reason", "superseded"]);
    assert!(ran.code == 2 && ran.err.contains("root's key"), "{}", ran.told());
    let ran = ca(&dir, &["revoke", &serial, "--reason", "superseded", "--root-key", &safe]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let list = Crl::parse(&std::fs::read(dir.join("ca/root.crl")).unwrap()).unwrap();
    assert!(list.revoked_at_ms(before.serial()).is_some());
}

#[test]
fn a_database_keeps_to_its_authority() {
    let (dir, other) = (folder("its_authority"), folder("another_authority"));
    drop(served(at(&dir)));
    drop(served(at(&other)));
    let start = || ended(at(&dir).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap());
    let away = dir.join("away");
    std::fs::rename(dir.join("ca"), &away).unwrap();
    let ran = start();
    assert!(
        ran.code == 3 && ran.err.contains("has not its folder") && ran.err.contains("first node"),
        "{}",
        ran.told()
    );
    assert!(!dir.join("ca").exists(), "no second authority was made");
    // Folder and keys of another house fit each other, and still are not this database's.
    crate::played::copy(&other.join("ca"), &dir.join("ca"));
    for key in ["ca-root.key", "ca-issuing.key", "ca-seal.key"] {
        std::fs::rename(dir.join("keys").join(key), away.join(key)).unwrap();
        std::fs::copy(other.join("keys").join(key), dir.join("keys").join(key)).unwrap();
    }
    let ran = start();
    assert!(ran.code == 3 && ran.err.contains("not the one that the database knows"), "{}", ran.told());
    for key in ["ca-root.key", "ca-issuing.key", "ca-seal.key"] {
        std::fs::rename(away.join(key), dir.join("keys").join(key)).unwrap();
    }
    std::fs::remove_dir_all(dir.join("ca")).unwrap();
    std::fs::rename(&away, dir.join("ca")).unwrap();
    drop(served(at(&dir)));
    let ran = ended(at(&dir).arg("fsck").output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.told());
}
