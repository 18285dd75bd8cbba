//! The house's SM2 key: made only when somebody asks for it, kept like the other keys, used to sign every checkpoint once more.
//! The arithmetic is that of RustCrypto's `sm2`, which is not audited and no certified module.

use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use mingbai_evidence::Bilingual as _;
use mingbai_evidence::national::{SM2_ID, Seal, Sm2Key};
use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, SigningKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;

use super::keys;
use crate::fail::{Fail, Kind};

const FILE: &str = "log-sm2.key";

/// An SM2 key in memory.
pub struct Chop {
    name: String,
    point: [u8; 65],
    key: SigningKey,
}

impl Seal for Chop {
    fn name(&self) -> &str {
        &self.name
    }

    fn public_key(&self) -> [u8; 65] {
        self.point
    }

    fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature: Signature = self.key.try_sign(message).ok()?;
        signature.to_bytes().as_slice().try_into().ok()
    }
}

impl Chop {
    /// The public half, to be published.
    pub fn public(&self) -> Result<Sm2Key, Fail> {
        Sm2Key::new(&self.name, self.point).map_err(|e| {
            Fail::new(Kind::Io, both("国密密钥不能用", "the SM2 key cannot be used"))
                .because(both(e.zh(), e.en()))
                .next("请从备份恢复这个文件。", "Restore this file from a backup.")
        })
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// The key in `folder`, if one was made.
pub fn open(folder: &Path) -> Result<Option<Chop>, Fail> {
    let path = path(folder);
    if !path.exists() {
        return Ok(None);
    }
    let (name, secret) = keys::read(&path)?;
    let unusable = || keys::damaged(&path, "不是 SM2 密钥", "it is no SM2 key");
    let key = SigningKey::from_slice(SM2_ID, secret.as_slice()).map_err(|_| unusable())?;
    let point = key.verifying_key().to_sec1_point(false).as_bytes().try_into().map_err(|_| unusable())?;
    Ok(Some(Chop { name, point, key }))
}

/// Makes the key under the log's name `origin`, unless there is one; an existing key is never replaced.
pub fn make(folder: &Path, origin: &str) -> Result<Chop, Fail> {
    // Random bytes are no SM2 key with a probability of 2^-32; then the file is refused on reading and can be removed.
    if !path(folder).exists() {
        keys::make(folder, &path(folder), origin)?;
    }
    open(folder)?
        .ok_or_else(|| keys::damaged(&path(folder), "刚写入就不见了", "it vanished after it was written"))
}
