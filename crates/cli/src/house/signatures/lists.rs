//! Revocation lists: the issuing authority's is made anew every day and whenever something was revoked, the root's while its key is
//! here.

use mingbai_sign::{Authority, Crl, CrlPlan, Revoked, SoftwareKey, issue_crl};

use super::authority::{BuiltIn, lock};
use super::folder::{Files, ROOT_LIST, failed};
use crate::fail::Fail;

const DAY_MS: i64 = 86_400_000;
/// A list of the issuing authority is good for a week, and a new one is made after a day: who cannot reach us has six days.
pub(super) const LIST_LIFE_MS: i64 = 7 * DAY_MS;
const LIST_AGE_MS: i64 = DAY_MS;
/// The root's list is good for a year, because its key may be in a safe; at home it is made anew every half year.
const ROOT_LIST_LIFE_MS: i64 = 366 * DAY_MS;
const ROOT_LIST_AGE_MS: i64 = 180 * DAY_MS;

/// The newest lists.
pub struct Lists {
    root: Crl,
    issuing: Option<Fresh>,
}

/// A list that is made anew when it is a day old or something was revoked since.
pub struct Fresh {
    list: Crl,
    of: Option<Vec<Revoked>>,
}

impl Fresh {
    /// Begins with a list of which only the bytes are known.
    pub fn begun(list: Crl) -> Self {
        Fresh { list, of: None }
    }

    /// The list that was made last.
    pub fn last(&self) -> &Crl {
        &self.list
    }

    /// The list that is wanted, made now when there is none of that kind.
    pub fn list(
        &mut self,
        issuer: &Authority<'_>,
        revoked: Vec<Revoked>,
        wanted: Wanted,
        now_ms: i64,
    ) -> Result<Crl, Fail> {
        let since_ms = self.list.this_update_ms();
        let young = now_ms.saturating_sub(since_ms) < LIST_AGE_MS && since_ms <= now_ms;
        if wanted == Wanted::Newest && young && self.of.as_ref() == Some(&revoked) {
            return Ok(self.list.clone());
        }
        self.list = made(issuer, revoked.clone(), now_ms, LIST_LIFE_MS)?;
        self.of = Some(revoked);
        Ok(self.list.clone())
    }
}

impl Lists {
    pub fn open(root: Crl) -> Self {
        Lists { root, issuing: None }
    }

    /// Whether a certificate is in the register of revocations.
    pub fn is_revoked(&self, files: &Files, serial: &[u8]) -> Result<bool, Fail> {
        Ok(files.revoked()?.iter().any(|r| r.serial == serial))
    }

    /// Makes a list of the root.
    pub fn root_list(root: &Authority<'_>, revoked: Vec<Revoked>, now_ms: i64) -> Result<Crl, Fail> {
        made(root, revoked, now_ms, ROOT_LIST_LIFE_MS)
    }
}

/// Which list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The newest, at most a day old.
    Newest,
    /// One of this moment.
    OfNow,
}

impl BuiltIn {
    /// The issuing authority's list.
    pub fn issuing_list(&self, wanted: Wanted, now_ms: i64) -> Result<Crl, Fail> {
        let revoked = self.files.revoked()?;
        let mut lists = lock(&self.lists);
        if let Some(fresh) = &mut lists.issuing {
            return fresh.list(&self.issuer(), revoked, wanted, now_ms);
        }
        let list = made(&self.issuer(), revoked.clone(), now_ms, LIST_LIFE_MS)?;
        lists.issuing = Some(Fresh { list: list.clone(), of: Some(revoked) });
        Ok(list)
    }

    /// The root's list.
    pub fn root_list(&self) -> Crl {
        lock(&self.lists).root.clone()
    }

    /// Makes the root's list anew when it ages and the root's key is here.
    pub(super) fn renew_root_list(&self, now_ms: i64) -> Result<(), Fail> {
        let mut lists = lock(&self.lists);
        let age_ms = now_ms.saturating_sub(lists.root.this_update_ms());
        if age_ms < ROOT_LIST_AGE_MS {
            return Ok(());
        }
        let Some(key) = &self.root_key else {
            if lists.root.next_update_ms().is_none_or(|next| next < now_ms.saturating_add(60 * DAY_MS)) {
                tracing::warn!(
                    "the root's revocation list ends soon, but its key is offline: mingbai ca renew-issuing"
                );
            }
            return Ok(());
        };
        lists.root = self.root_list_by(key, now_ms)?;
        Ok(())
    }

    /// A new list of the root by its key, which may come from a safe.
    pub fn root_list_by(&self, root_key: &SoftwareKey, now_ms: i64) -> Result<Crl, Fail> {
        let root = Authority { certificate: &self.root, key: root_key };
        let list = Lists::root_list(&root, self.files.revoked()?, now_ms)?;
        self.files.put(ROOT_LIST, list.der())?;
        Ok(list)
    }
}

/// The list's number is its moment: it rises from list to list, whichever process makes them.
pub(super) fn made(
    issuer: &Authority<'_>,
    revoked: Vec<Revoked>,
    now_ms: i64,
    life_ms: i64,
) -> Result<Crl, Fail> {
    let plan = CrlPlan {
        number: u64::try_from(now_ms).unwrap_or(0),
        this_update_ms: now_ms,
        next_update_ms: now_ms.saturating_add(life_ms),
        revoked,
    };
    issue_crl(issuer, &plan).map_err(|e| failed(&e))
}
