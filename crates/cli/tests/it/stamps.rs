//! Time stamps and the second signature from end to end: a real server, a real authority behind HTTP (`openssl ts -reply`), the
//! package over the API, `mingbai verify`, and the sceptic's recipe, in which nothing of ours takes part.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::forger::{copy_database, tamper};
use crate::played::loans;
use crate::run::{ended, folder, mingbai};
use crate::serve::{at, served};
use crate::tsa::{PLAIN, Tsa, openssl, openssl_is_here};

/// Answers like an authority: the first requests with 503, then with time stamps.
pub fn authority(tsa: Arc<Tsa>, refusals: u32) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsa", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            let (head, query) = request(&stream);
            assert!(head.starts_with("post /tsa "), "{head}");
            assert!(head.contains("content-type: application/timestamp-query"), "{head}");
            if number < refusals {
                stream
                    .write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .unwrap();
                continue;
            }
            let answer = tsa.reply(&query);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                answer.len()
            );
            stream.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
        }
    });
    (url, asked)
}

/// Head in lower case, and body.
fn request(stream: &TcpStream) -> (String, Vec<u8>) {
    let mut lines = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(lines.read_line(&mut head).unwrap() > 0, "cut off: {head}");
    }
    let head = head.to_lowercase();
    let length =
        head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().trim().parse().unwrap();
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    (head, body)
}

/// The package of a journey over the API.
pub fn package(address: &str, journey: &str, key: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    let path = format!("/api/v1/journeys/{journey}/package");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..end]));
    answer[end + 4..].to_vec()
}

/// A file out of a package. They are stored without compression, so that even `grep` can read them; the name stands before it.
pub fn file(package: &[u8], name: &str) -> Option<Vec<u8>> {
    // The local header is 30 bytes long and begins with PK\x03\x04; the name follows it, and stands in other places too.
    let is_here = |at: &usize| {
        package[*at..].starts_with(b"PK\x03\x04")
            && package.get(at + 30..at + 30 + name.len()) == Some(name.as_bytes())
            && usize::from(package[at + 26]) + 256 * usize::from(package[at + 27]) == name.len()
    };
    let header = (0..package.len()).find(is_here)?;
    let number = |at: usize, bytes: usize| {
        package[at..at + bytes].iter().rev().fold(0_usize, |sum, byte| sum * 256 + usize::from(*byte))
    };
    let (size, extra) = (number(header + 18, 4), number(header + 28, 2));
    let start = header + 30 + name.len() + extra;
    Some(package[start..start + size].to_vec())
}

/// Checks with openssl alone what the package says about time and second signature.
fn sceptic(tsa: &Tsa, package: &[u8], pem: &str) {
    let note = file(package, "timestamp.checkpoint").or_else(|| file(package, "checkpoint")).unwrap();
    tsa.put("note", &note);
    tsa.put("stamp.tsr", &file(package, "timestamp.tsr").unwrap());
    openssl(tsa.dir(), "ts -verify -data note -in stamp.tsr -CAfile root.pem");

    let second = String::from_utf8(file(package, "checkpoint.sm2").unwrap()).unwrap();
    let (body, line) = second.split_once("\n\n").unwrap();
    tsa.put("body", format!("{body}\n").as_bytes());
    tsa.put("line", line.trim_end().rsplit(' ').next().unwrap().as_bytes());
    tsa.put("blob", &openssl(tsa.dir(), "base64 -d -A -in line"));
    tsa.put("sig", &tsa.get("blob")[4..]);
    tsa.put("sm2.pem", pem.as_bytes());
    let said = openssl(
        tsa.dir(),
        "pkeyutl -verify -rawin -digest sm3 -pkeyopt distid:1234567812345678 -pubin -inkey sm2.pem -in body -sigfile sig",
    );
    assert!(String::from_utf8_lossy(&said).contains("Verified Successfully"));
}

pub fn made_key(data: &Path, arguments: &[&str], begins: &str) -> (String, String) {
    let ran = ended(at(data).args(arguments).output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.told());
    let key = ran.out.lines().map(str::trim).find(|line| line.starts_with(begins));
    (key.unwrap_or_else(|| panic!("{}", ran.told())).to_owned(), ran.out)
}

#[test]
fn a_loan_is_stamped_sealed_and_believed_without_us() {
    if !openssl_is_here("time stamps end to end") {
        return;
    }
    let (dir, journey) = loans("stamps");
    let data = dir.join("data");
    let key = made_key(&data, &["key", "add", "core-demo"], "mbk_").0;
    let (sm2, told) = made_key(&data, &["key", "add-sm2"], "127.0.0.1/log+");
    let again = made_key(&data, &["key", "add-sm2"], "127.0.0.1/log+").0;
    assert_eq!(sm2, again, "an existing key is shown, never replaced");
    let pem = format!("-----BEGIN{}", told.split("-----BEGIN").nth(1).unwrap());
    let pem = format!("{}-----END PUBLIC KEY-----\n", pem.split("-----END").next().unwrap());

    let tsa = Arc::new(Tsa::new(&PLAIN));
    let (url, asked) = authority(tsa.clone(), 1);
    let root = tsa.dir().join("root.pem").display().to_string();
    let mut command = at(&data);
    command.env("MINGBAI_TSA_URL", url).env("MINGBAI_TSA_ROOT", &root);
    let server = served(command);
    let stamped = (0..60).find_map(|_| {
        std::thread::sleep(Duration::from_millis(500));
        let bytes = package(&server.address, &journey, &key);
        file(&bytes, "timestamp.tsr").is_some().then_some(bytes)
    });
    let stamped =
        stamped.unwrap_or_else(|| panic!("no stamp after {} requests", asked.load(Ordering::SeqCst)));
    assert_eq!(asked.load(Ordering::SeqCst), 2, "refused once, then stamped");
    drop(server);

    let zip = dir.join("stamped.zip").display().to_string();
    std::fs::write(&zip, &stamped).unwrap();
    let log_key = format!("@{}/evidence/log-key.txt", dir.display());
    let verify = |root: &str| {
        let all = ["verify", &zip, "--lang", "en", "--key", &log_key, "--tsa-root", root, "--sm2-key", &sm2];
        mingbai(&all)
    };
    let ran = verify(&root);
    assert_eq!(ran.code, 0, "{}", ran.told());
    assert!(ran.out.contains("under policy 1.2.3.4.1"), "{}", ran.out);
    assert!(ran.out.contains("signed with SM2/SM3"), "{}", ran.out);
    let stranger = Tsa::new(&PLAIN);
    let ran = verify(&stranger.dir().join("root.pem").display().to_string());
    assert!(ran.code == 1 && ran.out.contains("not signed by its issuer"), "{}", ran.told());
    let ran = verify(&zip);
    assert_eq!(ran.code, 2, "a zip is no root: {}", ran.told());

    sceptic(&tsa, &stamped, &pem);
    kept_stamps_are_checked(&data, &root);
}

/// `fsck` opens the kept stamp again, and names one of which a byte or the time beside it was changed.
fn kept_stamps_are_checked(data: &Path, root: &str) {
    let fsck = || ended(at(data).env("MINGBAI_TSA_ROOT", root).arg("fsck").output().unwrap());
    let whole = fsck();
    assert_eq!(whole.code, 0, "{}", whole.told());
    let line = whole.out.lines().find(|line| line.contains("time stamps verified")).unwrap();
    assert!(line.ends_with(" 1"), "{line}");
    let (database, before) = (data.join("mingbai.db"), data.with_file_name("before"));
    copy_database(data, &before);
    for sql in [
        "UPDATE time_stamp SET stamped_at_ms = stamped_at_ms + 1000",
        "UPDATE time_stamp SET response = unhex(replace(substr(hex(response), 1, 2 * length(response) - 2), ' ', '') || '00')",
        "UPDATE time_stamp SET query = zeroblob(64)",
        "UPDATE time_stamp SET size = size - 1",
    ] {
        tamper(&database, sql);
        let ran = fsck();
        assert!(ran.code == 1 && ran.out.contains("the time stamp of"), "{sql}: {}", ran.told());
        copy_database(&before, data);
    }
    assert_eq!(fsck().code, 0);
}

#[test]
fn an_authority_without_a_root_is_refused_at_the_start() {
    let dir = folder("stamps_rootless");
    let mut command = at(&dir);
    command.env("MINGBAI_TSA_URL", "http://127.0.0.1:9/tsa").args(["serve", "--listen", "127.0.0.1:0"]);
    let ran = ended(command.output().unwrap());
    assert!(ran.code == 2 && ran.err.contains("there is no tsa_root"), "{}", ran.told());
    std::fs::write(dir.join("root.pem"), "no certificate").unwrap();
    let ran = ended(command.env("MINGBAI_TSA_ROOT", dir.join("root.pem")).output().unwrap());
    assert!(ran.code == 2 && ran.err.contains("holds no root"), "{}", ran.told());
    for minutes in ["0", "-1", "often", "99999999999"] {
        let ran = ended(command.env("MINGBAI_TSA_MINUTES", minutes).output().unwrap());
        assert!(ran.code == 2 && ran.err.contains("a number of minutes"), "{minutes}: {}", ran.told());
    }
}
