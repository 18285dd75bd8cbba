//! The folder `ca` of a data folder: the authority's certificates, lists and registers. Everything in it is public or could be;
//! the secret keys lie in `keys`, like all keys of the house.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use mingbai_sign::{Certificate, Crl, Reason, Revoked, SignError, SoftwareKey};

use crate::commands::{read_bytes, read_text, write_whole};
use crate::fail::{Fail, Kind};
use crate::house::keys;

/// Certificates, lists and registers, below the data folder.
pub const FOLDER: &str = "ca";
/// Key of the root, below `keys`. May be taken offline.
pub const ROOT_KEY: &str = "ca-root.key";
/// Key of the issuing authority.
pub const ISSUING_KEY: &str = "ca-issuing.key";
/// Key of the lender's seal.
pub const SEAL_KEY: &str = "ca-seal.key";
/// What the issuing authority's certificate is noted as.
pub const ISSUING_USE: &str = "issuing";
pub const ROOT: &str = "root.cer";
pub const ISSUING: &str = "issuing.cer";
pub const SEAL: &str = "seal.cer";
pub const ROOT_LIST: &str = "root.crl";
/// The root of the second seal, its seal and its list.
pub const SM2_ROOT: &str = "sm2-root.cer";
pub const SM2_SEAL: &str = "sm2-seal.cer";
pub const SM2_LIST: &str = "sm2.crl";
/// One line for each certificate that was issued: number, moment, what for.
const ISSUED: &str = "issued.txt";
/// One line for each certificate that was revoked: number, moment, why.
const REVOKED: &str = "revoked.txt";

const DER_LIMIT: u64 = 1024 * 1024;
/// A line has about 60 bytes: ten million certificates.
const REGISTER_LIMIT: u64 = 640 * 1024 * 1024;

/// The authority's files.
#[derive(Clone, Debug)]
pub struct Files(pub PathBuf);

impl Files {
    pub fn of(dir: &Path) -> Self {
        Files(dir.join(FOLDER))
    }

    pub fn certificate(&self, name: &str) -> Result<Certificate, Fail> {
        let path = self.0.join(name);
        Certificate::parse(&read_bytes(&path, DER_LIMIT)?).map_err(|e| damaged(&path, &e))
    }

    pub fn list(&self, name: &str) -> Result<Crl, Fail> {
        let path = self.0.join(name);
        Crl::parse(&read_bytes(&path, DER_LIMIT)?).map_err(|e| damaged(&path, &e))
    }

    pub fn put(&self, name: &str, der: &[u8]) -> Result<(), Fail> {
        write_whole(&self.0.join(name), der)
    }

    /// Writes down that a certificate was issued, before anybody gets it.
    pub fn note_issued(&self, certificate: &Certificate, what: &str, at_ms: i64) -> Result<(), Fail> {
        self.note(ISSUED, &format!("{} {at_ms} {what}\n", hex::encode(certificate.serial())))
    }

    /// What a certificate of this number was issued for; nothing when this house did not issue it.
    pub fn issued_for(&self, serial: &[u8]) -> Result<Option<String>, Fail> {
        let wanted = hex::encode(serial);
        let lines = self.lines(ISSUED)?;
        let line = lines.lines().find(|line| line.split(' ').next() == Some(&wanted));
        Ok(line.and_then(|line| line.split(' ').nth(2)).map(str::to_owned))
    }

    /// Writes down that a certificate no longer counts.
    pub fn note_revoked(&self, revoked: &Revoked) -> Result<(), Fail> {
        let Revoked { serial, at_ms, reason } = revoked;
        self.note(REVOKED, &format!("{} {at_ms} {}\n", hex::encode(serial), reason_word(*reason)))
    }

    /// Every certificate that no longer counts, in the order of revocation.
    pub fn revoked(&self) -> Result<Vec<Revoked>, Fail> {
        let wrong = |line: &str| {
            let path = self.0.join(REVOKED);
            let shown = path.display();
            let what = both(
                format!("吊销登记 {shown} 有误"),
                format!("the register of revocations {shown} is wrong"),
            );
            Fail::new(Kind::Io, what)
                .caused_by(&line)
                .next("请从备份恢复这个文件。", "Restore this file from a backup.")
        };
        let read = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            let serial = hex::decode(parts.next()?).ok()?;
            let at_ms = parts.next()?.parse().ok()?;
            Some(Revoked { serial, at_ms, reason: reason_of(parts.next()?)? })
        };
        self.lines(REVOKED)?.lines().map(|line| read(line).ok_or_else(|| wrong(line))).collect()
    }

    fn lines(&self, name: &str) -> Result<String, Fail> {
        let path = self.0.join(name);
        if path.exists() { read_text(&path, REGISTER_LIMIT) } else { Ok(String::new()) }
    }

    fn note(&self, name: &str, line: &str) -> Result<(), Fail> {
        let path = self.0.join(name);
        let write = || {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|e: std::io::Error| Fail::writing(&path, &e))
    }
}

/// The words of the register.
const REASONS: [(Reason, &str); 5] = [
    (Reason::Unspecified, "unspecified"),
    (Reason::KeyCompromise, "key-compromise"),
    (Reason::Superseded, "superseded"),
    (Reason::Cessation, "cessation"),
    (Reason::Withdrawn, "withdrawn"),
];

fn reason_word(reason: Reason) -> &'static str {
    REASONS.iter().find(|(r, _)| *r == reason).map_or("unspecified", |(_, word)| word)
}

fn reason_of(word: &str) -> Option<Reason> {
    REASONS.iter().find(|(_, w)| *w == word).map(|(reason, _)| *reason)
}

/// The P-256 key in a file.
pub fn key(path: &Path) -> Result<SoftwareKey, Fail> {
    let (_, secret) = keys::read(path)?;
    SoftwareKey::from_secret(&secret)
        .map_err(|_| keys::damaged(path, "不是 P-256 密钥", "it is no P-256 key"))
}

/// The P-256 key in a file, made under `label` when there is none.
pub fn key_or_new(folder: &Path, name: &str, label: &str) -> Result<SoftwareKey, Fail> {
    let path = folder.join(name);
    if !path.exists() {
        // Of 2^32 draws one is no key; it would be refused on reading and could be deleted.
        keys::make(folder, &path, label)?;
    }
    key(&path)
}

fn damaged(path: &Path, error: &SignError) -> Fail {
    let (shown, words) = (path.display(), error.words());
    let what = both(format!("{shown} 不能用"), format!("{shown} cannot be used"));
    Fail::new(Kind::Io, what)
        .because(both(words.zh, words.en))
        .next("请从备份恢复这个文件。", "Restore this file from a backup.")
}

/// An authority's fault as a failure of a command.
pub fn failed(error: &SignError) -> Fail {
    let words = error.words();
    Fail::new(Kind::Io, both("内置签名机构出错", "the built-in authority failed"))
        .because(both(words.zh, words.en))
}
