//! The house's own keys: made once on the first start, readable by their owner alone, never overwritten. A data folder whose
//! keys are gone is not opened with new ones, because its vault and its log would not be the same any more.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use mingbai_core::text::both;
use mingbai_desk::ports::Signer;
use mingbai_evidence::note::{NoteSigner, VerifyingKeyText};
use mingbai_store::KeyCustody;
use zeroize::Zeroizing;

use super::Origin;
use super::master::{self, MasterFrom};
use crate::fail::{Fail, Kind};
use crate::real;

/// Length of every key, in bytes.
const KEY_BYTES: usize = 32;
/// A key file holds a name of at most 200 bytes and 64 hex digits; more is another file.
const FILE_LIMIT: u64 = 1024;
pub(super) const LOG: &str = "log.key";
const PERMITS: &str = "permits.key";
/// The log's key before the present one, while both sign.
pub(super) const LOG_BEFORE: &str = "log.old.key";
/// The log's next key, while it is being introduced.
pub(super) const LOG_NEXT: &str = "log.next.key";

/// The keys of one data folder.
pub struct Keys {
    /// Wraps the keys of persons.
    pub custody: Arc<dyn KeyCustody>,
    /// Signs checkpoints and permits.
    pub signer: Pens,
}

/// The two signing keys.
pub struct Pens {
    log: Pen,
    log_before: Option<Pen>,
    permits: Pen,
}

impl Signer for Pens {
    fn log(&self) -> &(dyn NoteSigner + Send + Sync) {
        &self.log
    }

    fn log_before(&self) -> Option<&(dyn NoteSigner + Send + Sync)> {
        self.log_before.as_ref().map(|pen| pen as &(dyn NoteSigner + Send + Sync))
    }

    fn permits(&self) -> &(dyn NoteSigner + Send + Sync) {
        &self.permits
    }
}

impl Keys {
    /// The public halves of the keys that sign checkpoints.
    pub fn public(&self) -> Vec<VerifyingKeyText> {
        let pens = [Some(&self.signer.log), self.signer.log_before.as_ref()];
        // A key whose name cannot be written was refused when it was read.
        pens.into_iter()
            .flatten()
            .filter_map(|pen| VerifyingKeyText::new(&pen.name, pen.public).ok())
            .collect()
    }
}

/// A named Ed25519 key.
pub struct Pen {
    name: String,
    public: [u8; KEY_BYTES],
    pair: Ed25519KeyPair,
}

impl NoteSigner for Pen {
    fn name(&self) -> &str {
        &self.name
    }

    fn public_key(&self) -> [u8; KEY_BYTES] {
        self.public
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut out = [0; 64];
        let signature = self.pair.sign(message);
        // An Ed25519 signature has 64 bytes; a shorter one would stay zero and verify nowhere.
        if signature.as_ref().len() == out.len() {
            out.copy_from_slice(signature.as_ref());
        }
        out
    }
}

/// Reads the keys in `folder`; makes those that are missing, but only when `origin` says that the data folder is new.
pub fn open(folder: &Path, origin: Origin, host: &str, master: &MasterFrom) -> Result<Keys, Fail> {
    std::fs::create_dir_all(folder).map_err(|e| Fail::writing(folder, &e))?;
    let secret = |name: &str, label: &str| {
        let path = folder.join(name);
        if origin == Origin::New && !path.exists() {
            make(folder, &path, label)?;
        }
        read(&path)
    };
    let custody = master::open(folder, origin, master)?;
    let log = pen(folder.join(LOG), secret(LOG, &format!("{host}/log"))?)?;
    let permits = pen(folder.join(PERMITS), secret(PERMITS, &format!("{host}/permits"))?)?;
    let before = folder.join(LOG_BEFORE);
    let log_before = if before.exists() { Some(pen_at(&before)?) } else { None };
    // Between two steps of a change of keys both names mean the same key, which need not sign twice.
    let log_before = log_before.filter(|before| before.public != log.public);
    Ok(Keys { custody, signer: Pens { log, log_before, permits } })
}

/// The signing key in a file.
pub fn pen_at(path: &Path) -> Result<Pen, Fail> {
    pen(path.to_path_buf(), read(path)?)
}

/// The signing key in `folder` under this file name; made under `label` when there is none.
pub fn pen_or_new(folder: &Path, file: &str, label: &str) -> Result<Pen, Fail> {
    let path = folder.join(file);
    if !path.exists() {
        make(folder, &path, label)?;
    }
    pen_at(&path)
}

fn pen(path: PathBuf, (name, seed): (String, Zeroizing<[u8; KEY_BYTES]>)) -> Result<Pen, Fail> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice())
        .map_err(|_| damaged(&path, "不是 Ed25519 密钥", "it is no Ed25519 key"))?;
    let mut public = [0; KEY_BYTES];
    public.copy_from_slice(pair.public_key().as_ref());
    // Checked here, so that a name which no note can carry is found at the start and not in the first receipt.
    VerifyingKeyText::new(&name, public)
        .map_err(|_| damaged(&path, "密钥的名称不能用", "the key's name cannot be used"))?;
    Ok(Pen { name, public, pair })
}

/// Makes one key file. It gets its name by a hard link, which never replaces a file: of two programs that start at once, one
/// makes the key and both read it.
pub(super) fn make(folder: &Path, path: &Path, label: &str) -> Result<(), Fail> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    real::throw(bytes.as_mut_slice());
    let text =
        Zeroizing::new(format!("{label} {}\n", Zeroizing::new(hex::encode(bytes.as_slice())).as_str()));
    let draft = path.with_extension(format!("{}.part", std::process::id()));
    let written =
        write_private(&draft, text.as_bytes()).and_then(|()| match std::fs::hard_link(&draft, path) {
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            outcome => outcome,
        });
    let _ = std::fs::remove_file(&draft);
    // The name must be on the disk too before anything is encrypted under the key.
    let named = written.and_then(|()| File::open(folder)?.sync_all());
    named.map_err(|e| Fail::writing(path, &e))
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

pub(super) fn read(path: &Path) -> Result<(String, Zeroizing<[u8; KEY_BYTES]>), Fail> {
    if !path.exists() {
        let shown = path.display();
        let what = both(format!("密钥 {shown} 不见了"), format!("the key {shown} is gone"));
        return Err(Fail::new(Kind::Io, what)
            .because(both(
                "这个数据目录以前用过;换一把新密钥,保险库就打不开,存证的签名也对不上",
                "this data folder was in use; with another key its vault stays shut and its log has another signer",
            ))
            .next("请从备份恢复 keys 文件夹。", "Restore the folder keys from a backup."));
    }
    let text = Zeroizing::new(crate::commands::read_text(path, FILE_LIMIT)?);
    let wrong = || {
        damaged(
            path,
            "应是一行:名称、空格、64 位十六进制数字(32 字节)",
            "it must be one line: name, space, 64 hex digits (32 bytes)",
        )
    };
    let (name, digits) = text.trim_end().split_once(' ').ok_or_else(wrong)?;
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    hex::decode_to_slice(digits, bytes.as_mut_slice()).map_err(|_| wrong())?;
    Ok((name.to_owned(), bytes))
}

pub(super) fn damaged(path: &Path, zh: &str, en: &str) -> Fail {
    let shown = path.display();
    Fail::new(Kind::Io, both(format!("密钥 {shown} 不能用"), format!("the key {shown} cannot be used")))
        .because(both(zh, en))
        .next("请从备份恢复这个文件。", "Restore this file from a backup.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("mingbai-keys-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn keys_are_made_once_and_come_back_the_same() {
        let folder = folder("same");
        let open =
            |origin, host| open(&folder, origin, host, &MasterFrom::File).unwrap_or_else(|e| panic!("{e:?}"));
        let (first, again) = (open(Origin::New, "example.org"), open(Origin::Known, "elsewhere.org"));
        assert_eq!(first.signer.log.public, again.signer.log.public);
        assert_eq!(again.signer.log.name, "example.org/log", "a log keeps its name");
        assert_ne!(first.signer.log.public, first.signer.permits.public);
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn a_known_folder_gets_no_new_keys_and_a_short_key_is_refused() {
        let folder = folder("gone");
        let open = |origin| {
            open(&folder, origin, "example.org", &MasterFrom::File).map(|_| ()).map_err(|f| f.code())
        };
        assert_eq!(open(Origin::Known), Err(3));
        assert_eq!(open(Origin::New), Ok(()));
        assert!(std::fs::write(folder.join("master.key"), "mingbai/master abcd\n").is_ok());
        assert_eq!(open(Origin::New), Err(3));
        let _ = std::fs::remove_dir_all(folder);
    }
}
