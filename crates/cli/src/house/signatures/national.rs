//! The lender's second seal in the national algorithms, SM2 over SM3, for counterparties that ask for it: a root of its own that issues
//! the seal and its revocation list directly. It stands behind the first seal, in a field of its own, and replaces nothing.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use mingbai_core::text::both;
use mingbai_evidence::Digest;
use mingbai_sign::{
    Authority, Certificate, Crl, KeyCustody as _, SealPlan, Sm2SoftwareKey, Subject, issue_root, issue_seal,
};

use super::authority::{CLOCK_SLACK_MS, CaPlan, SEAL_LEFT_MS, SEAL_LIFE_MS, named, profile, serial};
use super::folder::{Files, SM2_LIST, SM2_ROOT, SM2_SEAL, failed};
use super::lists::{Fresh, LIST_LIFE_MS, Wanted, made};
use crate::fail::{Fail, Kind};
use crate::house::keys;

/// Key of the national root, below `keys`.
pub const SM2_ROOT_KEY: &str = "ca-sm2-root.key";
/// Key of the second seal, below `keys`.
pub const SM2_SEAL_KEY: &str = "ca-sm2-seal.key";
/// What the second seal's certificate is noted as.
const SEAL_USE: &str = "sm2-seal";

/// Whether contracts get the second seal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondSeal {
    /// One seal only. What carries a second seal from earlier is still checked.
    #[default]
    None,
    /// SM2 over SM3, its keys in files of the house.
    File,
}

/// The national root and, while the second seal is on, the hand that seals.
pub struct National {
    root: Certificate,
    list: Mutex<Fresh>,
    hand: Option<Hand>,
}

struct Hand {
    root_key: Sm2SoftwareKey,
    seal_key: Sm2SoftwareKey,
    seal: Mutex<Certificate>,
}

impl National {
    /// Opens what is there; makes it when the second seal is on and there is none yet.
    ///
    /// # Errors
    /// When a key or certificate is missing or damaged, or is not the one that the log names.
    pub fn open(plan: &CaPlan, files: &Files, now_ms: i64) -> Result<Option<Self>, Fail> {
        let there = files.0.join(SM2_ROOT).exists();
        match (plan.custodians.second, there, plan.named_national) {
            (SecondSeal::None, false, None) => return Ok(None),
            (_, false, Some(_)) => return Err(gone(&files.0)),
            (SecondSeal::File, false, None) => make(plan, files, now_ms)?,
            (_, true, _) => {}
        }
        let root = files.certificate(SM2_ROOT)?;
        if plan.named_national.is_some_and(|named| named != Digest::of(root.der())) {
            return Err(another(&files.0));
        }
        let hand = match plan.custodians.second {
            SecondSeal::File => Some(Hand::open(plan, files, &root)?),
            SecondSeal::None => None,
        };
        let list = Mutex::new(Fresh::begun(files.list(SM2_LIST)?));
        Ok(Some(National { root, list, hand }))
    }

    /// The root's certificate: what a reader of the second seal must trust.
    pub fn root(&self) -> &Certificate {
        &self.root
    }

    /// The newest revocation list; with the second seal off, the last that was made.
    pub fn list(&self, files: &Files, wanted: Wanted, now_ms: i64) -> Result<Crl, Fail> {
        let mut fresh = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(hand) = &self.hand else { return Ok(fresh.last().clone()) };
        let root = Authority { certificate: &self.root, key: &hand.root_key };
        let before = fresh.last().der().to_vec();
        let list = fresh.list(&root, files.revoked()?, wanted, now_ms)?;
        // Kept for the day on which the second seal is turned off: files that carry it still name this list.
        if wanted == Wanted::Newest && list.der() != before {
            files.put(SM2_LIST, list.der())?;
        }
        Ok(list)
    }

    /// Key and certificate of the second seal, renewed when it is due; nothing when it is off.
    pub fn sealing(
        &self,
        plan: &CaPlan,
        files: &Files,
        now_ms: i64,
    ) -> Result<Option<(&Sm2SoftwareKey, Certificate)>, Fail> {
        let Some(hand) = &self.hand else { return Ok(None) };
        let mut seal = hand.seal.lock().unwrap_or_else(PoisonError::into_inner);
        let revoked = files.revoked()?.iter().any(|r| r.serial == seal.serial());
        let good = seal.not_after_ms() > now_ms.saturating_add(SEAL_LEFT_MS)
            && seal.common_name() == plan.lender
            && seal.crl_url().as_deref() == Some(&profile(&plan.base_url, SM2_LIST).crl_url)
            && seal.check_issuer(&self.root).is_ok()
            && !revoked;
        if !good {
            let root = Authority { certificate: &self.root, key: &hand.root_key };
            let made = seal_for(plan, &root, &hand.seal_key.public_key(), now_ms)?;
            files.note_issued(&made, SEAL_USE, now_ms)?;
            files.put(SM2_SEAL, made.der())?;
            tracing::info!(serial = %hex::encode(made.serial()), "the second seal (SM2) has a new certificate");
            *seal = made;
        }
        Ok(Some((&hand.seal_key, seal.clone())))
    }
}

impl Hand {
    fn open(plan: &CaPlan, files: &Files, root: &Certificate) -> Result<Self, Fail> {
        let root_key = key(&plan.keys.join(SM2_ROOT_KEY))?;
        let seal_key = key(&plan.keys.join(SM2_SEAL_KEY))?;
        let seal = files.certificate(SM2_SEAL)?;
        for (key, certificate, name) in [(&root_key, root, SM2_ROOT_KEY), (&seal_key, &seal, SM2_SEAL_KEY)] {
            super::authority::belongs(key, certificate, &plan.keys.join(name).display().to_string())?;
        }
        seal.check_issuer(root).map_err(|e| failed(&e))?;
        Ok(Hand { root_key, seal_key, seal: Mutex::new(seal) })
    }
}

/// Makes keys and certificates. The root's certificate is written last: without it nothing here counts as made.
fn make(plan: &CaPlan, files: &Files, now_ms: i64) -> Result<(), Fail> {
    if plan.keys.join(SM2_ROOT_KEY).exists() && files.0.join(SM2_SEAL).exists() {
        return Err(gone(&files.0));
    }
    let root_key = key_or_new(&plan.keys, SM2_ROOT_KEY, "mingbai/ca-sm2-root")?;
    let seal_key = key_or_new(&plan.keys, SM2_SEAL_KEY, "mingbai/ca-sm2-seal")?;
    let subject = named(plan, "SM2 Root", &root_key.public_key());
    let root = issue_root(&subject, serial(), now_ms - CLOCK_SLACK_MS, &root_key).map_err(|e| failed(&e))?;
    let above = Authority { certificate: &root, key: &root_key };
    let seal = seal_for(plan, &above, &seal_key.public_key(), now_ms)?;
    let list = made(&above, Vec::new(), now_ms, LIST_LIFE_MS)?;
    files.note_issued(&seal, SEAL_USE, now_ms)?;
    for (name, der) in [(SM2_SEAL, seal.der()), (SM2_LIST, list.der()), (SM2_ROOT, root.der())] {
        files.put(name, der)?;
    }
    tracing::info!("the second seal (SM2) was made");
    Ok(())
}

fn seal_for(plan: &CaPlan, root: &Authority<'_>, key: &[u8; 65], now_ms: i64) -> Result<Certificate, Fail> {
    let subject =
        Subject { common_name: plan.lender.clone(), organization: plan.lender.clone(), case: String::new() };
    let until_ms = now_ms.saturating_add(SEAL_LIFE_MS).min(root.certificate.not_after_ms() - 999);
    let seal = SealPlan { subject, serial: serial(), life_ms: (now_ms - CLOCK_SLACK_MS, until_ms) };
    issue_seal(root, key, &seal, &profile(&plan.base_url, SM2_LIST)).map_err(|e| failed(&e))
}

fn key(path: &Path) -> Result<Sm2SoftwareKey, Fail> {
    let (_, secret) = keys::read(path)?;
    Sm2SoftwareKey::from_secret(&secret).map_err(|_| keys::damaged(path, "不是 SM2 密钥", "it is no SM2 key"))
}

fn key_or_new(folder: &Path, name: &str, label: &str) -> Result<Sm2SoftwareKey, Fail> {
    let path = folder.join(name);
    if !path.exists() {
        keys::make(folder, &path, label)?;
    }
    key(&path)
}

fn gone(folder: &Path) -> Fail {
    let path = folder.join(SM2_ROOT);
    let shown = path.display();
    let what = both(
        format!("国密签章的根证书 {shown} 不见了"),
        format!("the second seal's root certificate {shown} is gone"),
    );
    Fail::new(Kind::Io, what)
        .because(both(
            "国密签章用过;另做一个根证书,已交出的文件就对不上了",
            "the second seal was in use; another root would not go with the files that borrowers have",
        ))
        .next(
            "从第一个节点或备份恢复 ca 和 keys 文件夹。",
            "Restore the folders ca and keys from the first node or a backup.",
        )
}

fn another(folder: &Path) -> Fail {
    let path = folder.join(SM2_ROOT);
    let shown = path.display();
    let what = both(
        format!("{shown} 不是数据库记录的国密根证书"),
        format!("{shown} is not the national root that the database knows"),
    );
    Fail::new(Kind::Io, what)
        .because(both(
            "存证日志(log/authority-sm2)写明了它的指纹,两者不同",
            "the evidence log names its fingerprint in log/authority-sm2, and they differ",
        ))
        .next(
            "从第一个节点(或同一份备份)复制 ca 和 keys;不要用别处的文件夹。",
            "Copy ca and keys from the first node or from one backup; do not use folders from elsewhere.",
        )
}
