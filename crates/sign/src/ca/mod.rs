//! The built-in certificate authority: an offline root, an issuing authority, certificates of one day for one signing case.
//!
//! What it is not: a licensed electronic certification service (电子签名法 art. 16). Its signatures are reliable because the
//! parties agreed on it (art. 13), and each certificate says so in its policy. Pure: keys sit behind [`KeyCustody`], time and
//! randomness are arguments.

mod certificate;
mod crl;
mod custody;
mod issue;
mod name;
mod policy;
mod request;

pub(crate) use certificate::Broken;
pub use certificate::Certificate;
pub use crl::{Crl, CrlPlan, Reason, Revoked, issue_crl};
pub use custody::{KeyCustody, Sm2SoftwareKey, SoftwareKey};
pub use issue::{
    Authority, CasePlan, Profile, SealPlan, Serial, issue_for_case, issue_intermediate, issue_root,
    issue_seal,
};
pub use name::Subject;
pub use request::SigningRequest;

/// Longest certificate, request or list that is read, in bytes.
pub(crate) const DER_LIMIT_BYTES: usize = 1024 * 1024;
