//! The built-in authority of one data folder: a root that may be taken away, an issuing authority, the lender's seal. Made once, at
//! the first start; certificates of ours are renewed in time, keys are not changed behind anybody's back.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mingbai_core::text::both;
use mingbai_desk::ports::SignatureError;
use mingbai_evidence::Digest;
use mingbai_evidence::timestamp::Roots;
use mingbai_sign::{
    Authority, CasePlan, Certificate, KeyCustody, Profile, SealPlan, Serial, SignError, SigningRequest,
    SoftwareKey, Subject, issue_for_case, issue_intermediate, issue_root, issue_seal,
};

use super::custody::{Custodians, Custody};
use super::folder::{
    self, Files, ISSUING, ISSUING_KEY, ISSUING_USE, ROOT, ROOT_KEY, ROOT_LIST, SEAL, SEAL_KEY, failed,
};
use super::lists::{Lists, Wanted};
use super::national::National;
use super::report::Trusted;
use super::token::Missing;
use crate::fail::{Fail, Kind};
use crate::real;

/// What stands in the key files before the digits.
const ISSUING_LABEL: &str = "mingbai/ca-issuing";
const SEAL_LABEL: &str = "mingbai/ca-seal";
const DAY_MS: i64 = 86_400_000;
pub(super) const CLOCK_SLACK_MS: i64 = 5 * 60_000;
/// An issuing authority lives six years; it is renewed when less than two are left, so that no seal outlives it.
const ISSUING_LIFE_MS: i64 = 6 * 365 * DAY_MS;
const ISSUING_LEFT_MS: i64 = 2 * 365 * DAY_MS;
/// The seal's certificate lives a year and is renewed a month before its end.
pub(super) const SEAL_LIFE_MS: i64 = 365 * DAY_MS;
pub(super) const SEAL_LEFT_MS: i64 = 30 * DAY_MS;
/// The policy "reliable by agreement of the parties, made by Mingbai's built-in authority" (docs/signatures.md). An arc under 2.25 is
/// a UUID and needs nobody's registration (ITU-T X.667): f42c852b-5f38-4523-b623-9b74f0ac4d78.
const POLICY: &str = "2.25.324562793030052381470691232067336555896";

/// What the authority is made from.
#[derive(Clone, Debug)]
pub struct CaPlan {
    /// Data folder.
    pub dir: PathBuf,
    /// Folder with the keys.
    pub keys: PathBuf,
    /// What stands before every link.
    pub base_url: String,
    /// The institution's name, for the seal and the authorities.
    pub lender: String,
    /// Roots of the time-stamping authority, when one is set.
    pub stamp_roots: Option<Roots>,
    /// Who holds the keys of issuing authority and seal.
    pub custodians: Custodians,
    /// SHA-256 of the root that the log names, if it names one.
    pub named_root: Option<Digest>,
    /// SHA-256 of the second seal's root that the log names, if it names one.
    pub named_national: Option<Digest>,
}

/// The authority, opened.
pub struct BuiltIn {
    pub(super) files: Files,
    pub(super) plan: CaPlan,
    pub(super) root: Certificate,
    pub(super) root_key: Option<SoftwareKey>,
    pub(super) issuing: Certificate,
    pub(super) issuing_key: Custody,
    seal_key: Custody,
    seal: Mutex<Certificate>,
    pub(super) lists: Mutex<Lists>,
    pub(super) national: Option<National>,
}

impl BuiltIn {
    /// Opens the authority of this data folder, making it when there is none.
    ///
    /// # Errors
    /// When a key or certificate is missing, damaged or does not belong to the others: nothing is replaced silently.
    pub fn open(plan: CaPlan, now_ms: i64) -> Result<Self, Fail> {
        let files = Files::of(&plan.dir);
        if !files.0.exists() {
            if plan.named_root.is_some() {
                return Err(elsewhere(&files.0));
            }
            make(&plan, &files, now_ms)?;
        }
        let root = files.certificate(ROOT)?;
        if plan.named_root.is_some_and(|named| named != Digest::of(root.der())) {
            return Err(another(&files.0));
        }
        let root_path = plan.keys.join(ROOT_KEY);
        let root_key = if root_path.exists() { Some(folder::key(&root_path)?) } else { None };
        if let Some(key) = &root_key {
            belongs(key, &root, &root_path.display().to_string())?;
        }
        let held = &plan.custodians;
        let issuing_key = held.issuing.open(&plan.keys, ISSUING_KEY, ISSUING_LABEL, Missing::Refuse)?;
        let seal_key = held.seal.open(&plan.keys, SEAL_KEY, SEAL_LABEL, Missing::Refuse)?;
        let (issuing, seal) = (files.certificate(ISSUING)?, files.certificate(SEAL)?);
        belongs(issuing_key.as_ref(), &issuing, &held.issuing.shown(&plan.keys, ISSUING_KEY))?;
        belongs(seal_key.as_ref(), &seal, &held.seal.shown(&plan.keys, SEAL_KEY))?;
        issuing.check_issuer(&root).map_err(|e| failed(&e))?;
        let lists = Mutex::new(Lists::open(files.list(ROOT_LIST)?));
        let seal = Mutex::new(seal);
        let national = National::open(&plan, &files, now_ms)?;
        Ok(BuiltIn { files, plan, root, root_key, issuing, issuing_key, seal_key, seal, lists, national })
    }

    /// Renews what is due: with the root's key the issuing authority and the root's list, and the seal's certificate.
    ///
    /// # Errors
    /// When a file cannot be written or a key cannot be used.
    pub fn renewed(mut self, now_ms: i64) -> Result<Self, Fail> {
        self.renew_issuing(now_ms)?;
        self.renew_root_list(now_ms)?;
        self.seal_certificate(now_ms)?;
        Ok(self)
    }

    /// Whom a check of files trusts here: this house's root and its newest lists.
    pub fn trusted(&self, now_ms: i64) -> Trusted {
        // Without a fresh list the file's own decide, which is said in the answer.
        let newest = self.issuing_list(Wanted::Newest, now_ms).ok();
        let national = self.national.as_ref();
        let second = national.and_then(|n| n.list(&self.files, Wanted::Newest, now_ms).ok());
        let lists = newest.into_iter().chain([self.root_list()]).chain(second);
        let lists = lists.map(|list| list.der().to_vec()).collect();
        let roots = [Some(&self.root), national.map(National::root)].into_iter().flatten().cloned().collect();
        Trusted { roots, stamp_roots: self.plan.stamp_roots.clone(), lists }
    }

    /// SHA-256 of the root's certificate: the fingerprint that is published.
    pub fn root_digest(&self) -> Digest {
        Digest::of(self.root.der())
    }

    /// SHA-256 of the second seal's root, where there is one.
    pub fn national_digest(&self) -> Option<Digest> {
        self.national.as_ref().map(|n| Digest::of(n.root().der()))
    }

    /// Certificates, lists and registers.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Where this house serves its files.
    pub(super) fn profile(&self, list: &str) -> Profile {
        profile(&self.plan.base_url, list)
    }

    pub(super) fn issuer(&self) -> Authority<'_> {
        Authority { certificate: &self.issuing, key: self.issuing_key.as_ref() }
    }

    pub(super) fn seal_key(&self) -> &dyn KeyCustody {
        self.seal_key.as_ref()
    }

    /// The chain of a signature: the signer first; the root is what the reader must have already.
    pub(super) fn chain(&self, signer: &Certificate) -> Vec<Vec<u8>> {
        vec![signer.der().to_vec(), self.issuing.der().to_vec()]
    }

    /// Issues the one-day certificate of one case.
    pub(super) fn certify(
        &self,
        request: &[u8],
        signer: &str,
        case: &str,
        (serial, now_ms): ([u8; 16], i64),
    ) -> Result<Certificate, SignatureError> {
        let request = SigningRequest::parse(request).map_err(|e| refused(&e))?;
        let subject =
            Subject { common_name: signer.to_owned(), organization: String::new(), case: case.to_owned() };
        let plan = CasePlan { subject, serial: Serial(serial), now_ms };
        let certificate = issue_for_case(&self.issuer(), &request, &plan, &self.profile("revocations.crl"))
            .map_err(|e| fault(&e))?;
        self.files
            .note_issued(&certificate, "case", now_ms)
            .map_err(|e| SignatureError::Fault(e.in_short()))?;
        Ok(certificate)
    }

    /// The seal's certificate, renewed when it is due or the institution has another name.
    pub(super) fn seal_certificate(&self, now_ms: i64) -> Result<Certificate, Fail> {
        let mut seal = lock(&self.seal);
        let good = seal.not_after_ms() > now_ms.saturating_add(SEAL_LEFT_MS)
            && seal.common_name() == self.plan.lender
            && seal.crl_url().as_deref() == Some(&self.profile("revocations.crl").crl_url)
            && seal.check_issuer(&self.issuing).is_ok()
            && !lock(&self.lists).is_revoked(&self.files, seal.serial())?;
        if !good {
            let made = seal_for(&self.plan, &self.issuer(), &self.seal_key.public_key(), now_ms)?;
            self.files.note_issued(&made, "seal", now_ms)?;
            self.files.put(SEAL, made.der())?;
            tracing::info!(serial = %hex::encode(made.serial()), "the seal has a new certificate");
            *seal = made;
        }
        Ok(seal.clone())
    }

    /// Gives the issuing authority a new certificate for its key, while the root's key is here, when it nears its end or the house
    /// has another address.
    fn renew_issuing(&mut self, now_ms: i64) -> Result<(), Fail> {
        let left = self.issuing.not_after_ms() > now_ms.saturating_add(ISSUING_LEFT_MS);
        let here = self.issuing.crl_url().as_deref() == Some(&self.profile("root.crl").crl_url);
        if left && here {
            return Ok(());
        }
        let Some(key) = &self.root_key else {
            tracing::warn!(
                until_ms = self.issuing.not_after_ms(),
                address = self.issuing.crl_url(),
                "the issuing authority's certificate should be renewed, but the root's key is offline: mingbai ca renew-issuing"
            );
            return Ok(());
        };
        self.issuing = self.issuing_by(key, now_ms)?;
        Ok(())
    }

    /// A new certificate for the issuing authority's key by the root's key, which may come from a safe.
    pub fn issuing_by(&self, root_key: &SoftwareKey, now_ms: i64) -> Result<Certificate, Fail> {
        let root = Authority { certificate: &self.root, key: root_key };
        let made = issuing_for(&self.plan, &root, &self.issuing_key.public_key(), now_ms)?;
        self.files.note_issued(&made, ISSUING_USE, now_ms)?;
        self.files.put(ISSUING, made.der())?;
        tracing::info!(serial = %hex::encode(made.serial()), "the issuing authority has a new certificate");
        Ok(made)
    }

    /// The root's key: the one at home, or the one in this file, which must be the root's.
    pub fn root_key_from(&self, path: Option<&Path>) -> Result<Option<SoftwareKey>, Fail> {
        let home = self.plan.keys.join(ROOT_KEY);
        let path = match path {
            Some(path) => path,
            None if home.exists() => &home,
            None => return Ok(None),
        };
        let key = folder::key(path)?;
        belongs(&key, &self.root, &path.display().to_string())?;
        Ok(Some(key))
    }
}

/// Makes keys and certificates. The folder gets its name when it is whole; of two programs that start at once, one makes it.
fn make(plan: &CaPlan, files: &Files, now_ms: i64) -> Result<(), Fail> {
    if plan.keys.join(ISSUING_KEY).exists() && !plan.keys.join(ROOT_KEY).exists() {
        return Err(gone(&files.0));
    }
    let held = &plan.custodians;
    let issuing_key = held.issuing.open(&plan.keys, ISSUING_KEY, ISSUING_LABEL, Missing::Make)?;
    let seal_key = held.seal.open(&plan.keys, SEAL_KEY, SEAL_LABEL, Missing::Make)?;
    let root_key = folder::key_or_new(&plan.keys, ROOT_KEY, "mingbai/ca-root")?;
    let root = issue_root(
        &named(plan, "Root", &root_key.public_key()),
        serial(),
        now_ms - CLOCK_SLACK_MS,
        &root_key,
    )
    .map_err(|e| failed(&e))?;
    let above = Authority { certificate: &root, key: &root_key };
    let issuing = issuing_for(plan, &above, &issuing_key.public_key(), now_ms)?;
    let issuer = Authority { certificate: &issuing, key: issuing_key.as_ref() };
    let seal = seal_for(plan, &issuer, &seal_key.public_key(), now_ms)?;
    let list = Lists::root_list(&above, Vec::new(), now_ms)?;

    let draft = Files(files.0.with_extension(format!("{}.part", std::process::id())));
    let _ = std::fs::remove_dir_all(&draft.0);
    std::fs::create_dir_all(&draft.0).map_err(|e| Fail::writing(&draft.0, &e))?;
    for (name, der) in
        [(ROOT, root.der()), (ISSUING, issuing.der()), (SEAL, seal.der()), (ROOT_LIST, list.der())]
    {
        draft.put(name, der)?;
    }
    draft.note_issued(&issuing, ISSUING_USE, now_ms)?;
    draft.note_issued(&seal, "seal", now_ms)?;
    let named = std::fs::rename(&draft.0, &files.0);
    if let Err(e) = named {
        let _ = std::fs::remove_dir_all(&draft.0);
        if !files.0.join(ROOT).exists() {
            return Err(Fail::writing(&files.0, &e));
        }
    }
    std::fs::File::open(&plan.dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|e| Fail::writing(&plan.dir, &e))?;
    tracing::info!(folder = %files.0.display(), "the built-in signing authority was made");
    Ok(())
}

/// The keys were in use, the root's is offline, and the certificates are gone: another root would be another house.
fn gone(folder: &Path) -> Fail {
    let shown = folder.display();
    let what = both(
        format!("签名机构的证书文件夹 {shown} 不见了"),
        format!("the folder with the signing authority's certificates {shown} is gone"),
    );
    Fail::new(Kind::Io, what)
        .because(both(
            "签名密钥用过,根密钥已离线;另做一个根证书,已交出的文件就对不上了",
            "its keys were in use and the root's key is offline; another root would not go with the files that borrowers have",
        ))
        .next("请从备份恢复 ca 文件夹。", "Restore the folder ca from a backup.")
}

/// The log names an authority, and this node has none: making one would be another house.
fn elsewhere(folder: &Path) -> Fail {
    let shown = folder.display();
    let what = both(
        format!("数据库已有签名机构,而这个节点没有它的文件夹 {shown}"),
        format!("the database has a signing authority, and this node has not its folder {shown}"),
    );
    Fail::new(Kind::Io, what)
        .because(both(
            "另做一个机构,这个节点签出的合同就与其他节点的对不上",
            "with an authority of its own this node would sign contracts that do not go with those of the others",
        ))
        .next(
            "从第一个节点(或备份)复制 ca 和 keys 两个文件夹到这里,再启动。",
            "Copy the folders ca and keys from the first node, or from a backup, and start again.",
        )
}

/// The log names another authority than the one in the folder.
fn another(folder: &Path) -> Fail {
    let shown = folder.display();
    let what = both(
        format!("{shown} 里的签名机构不是数据库记录的那一个"),
        format!("the signing authority in {shown} is not the one that the database knows"),
    );
    Fail::new(Kind::Io, what)
        .because(both(
            "存证日志(log/authority)写明了根证书的指纹,两者不同",
            "the evidence log names the root's fingerprint in log/authority, and they differ",
        ))
        .next(
            "从第一个节点(或同一份备份)复制 ca 和 keys;不要用别处的文件夹。",
            "Copy ca and keys from the first node or from one backup; do not use folders from elsewhere.",
        )
}

fn issuing_for(
    plan: &CaPlan,
    root: &Authority<'_>,
    key: &[u8; 65],
    now_ms: i64,
) -> Result<Certificate, Fail> {
    let from_ms = now_ms - CLOCK_SLACK_MS;
    let until_ms = now_ms.saturating_add(ISSUING_LIFE_MS).min(root.certificate.not_after_ms() - 999);
    let profile = profile(&plan.base_url, "root.crl");
    issue_intermediate(root, &named(plan, "Issuing", key), serial(), (from_ms, until_ms), key, &profile)
        .map_err(|e| failed(&e))
}

fn seal_for(
    plan: &CaPlan,
    issuing: &Authority<'_>,
    key: &[u8; 65],
    now_ms: i64,
) -> Result<Certificate, Fail> {
    let subject =
        Subject { common_name: plan.lender.clone(), organization: plan.lender.clone(), case: String::new() };
    let until_ms = now_ms.saturating_add(SEAL_LIFE_MS).min(issuing.certificate.not_after_ms() - 999);
    let seal = SealPlan { subject, serial: serial(), life_ms: (now_ms - CLOCK_SLACK_MS, until_ms) };
    issue_seal(issuing, key, &seal, &profile(&plan.base_url, "revocations.crl")).map_err(|e| failed(&e))
}

/// Two houses of one name must not have authorities of one name: a piece of the key tells them apart.
pub(super) fn named(plan: &CaPlan, role: &str, key: &[u8; 65]) -> Subject {
    let piece = hex::encode_upper(&key[1..5]);
    Subject {
        common_name: format!("Mingbai Signing {role} {piece}"),
        organization: plan.lender.clone(),
        case: String::new(),
    }
}

pub(super) fn profile(base_url: &str, list: &str) -> Profile {
    Profile { policy: POLICY.to_owned(), crl_url: format!("{base_url}/ca/{list}") }
}

pub(super) fn serial() -> Serial {
    let mut bytes = [0; 16];
    real::throw(&mut bytes);
    Serial(bytes)
}

pub(super) fn belongs(key: &dyn KeyCustody, certificate: &Certificate, shown: &str) -> Result<(), Fail> {
    if certificate.public_key() == Some(key.public_key()) {
        return Ok(());
    }
    let name = certificate.common_name();
    let what = both(
        format!("密钥 {shown} 与证书“{name}”不符"),
        format!("the key {shown} is not the one of the certificate {name}"),
    );
    Err(Fail::new(Kind::Io, what)
        .because(both(
            "用别的密钥签出的东西,与已交给借款人的文件对不上",
            "what another key signs would not go with the files that borrowers have",
        ))
        .next(
            "请把 keys 和 ca 两个文件夹从同一份备份恢复。",
            "Restore the folders keys and ca from one backup.",
        ))
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The borrower's side is at fault.
pub(super) fn refused(error: &SignError) -> SignatureError {
    let words = error.words();
    SignatureError::Refused(both(words.zh, words.en))
}

/// Our side is at fault.
pub(super) fn fault(error: &SignError) -> SignatureError {
    let words = error.words();
    SignatureError::Fault(both(words.zh, words.en))
}
