//! What an event may name: ways, surfaces, paths, purposes, decisions.

use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

use super::{AttachmentRef, Sealed};
use crate::borrow::reconcile;
use crate::borrow::signing::SignatureTime;

/// The way the borrower came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 网点.
    Branch,
    /// 线上.
    Online,
    /// 购物付款页分期.
    Checkout,
}

/// Where the table was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// Page on the borrower's own device.
    Screen,
    /// Paper.
    Paper,
    /// A shop's order page.
    Checkout,
}

/// Size of type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeSize {
    /// Normal.
    #[default]
    Normal,
    /// 长辈版.
    Large,
}

/// An identity document that a consultant looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证.
    ResidentIdCard,
    /// 护照.
    Passport,
    /// 其他法定证件.
    OtherLegal,
}

/// How the identity was established. More ways come with later work; each says exactly what was done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum IdentityPath {
    /// The named consultant (the record's actor) compared the person with her document, face to face.
    InPerson {
        /// Document.
        document: DocumentKind,
        /// Its number, sealed.
        number: Sealed,
    },
}

/// How the signature was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum SignaturePath {
    /// In ink on paper, in the sight of the named consultant (the record's actor). It counts only together with the
    /// borrower's own confirmation from her own link.
    InkInPerson {
        /// The printed document.
        document: AttachmentRef,
    },
    /// By a key that was made in the borrower's own browser for this one signature (record's actor: the borrower). Whether it
    /// is hers is shown by the signed file, not by this record.
    OwnKey {
        /// The signed file.
        document: AttachmentRef,
        /// The document that she was shown: the beginning of the signed file, byte for byte.
        shown: Digest,
        /// The challenge that this signature uses up.
        challenge: Digest,
        /// Her certificate for this case.
        certificate: Digest,
        /// Who says when.
        time: SignatureTime,
    },
}

/// How the recording was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum RecordingPath {
    /// The named consultant (the record's actor) recorded on the branch's own device and attests to it. Nothing here
    /// inspected the recording.
    AttestedInPerson {
        /// Number of the recording in the branch's system.
        recording_number: String,
        /// Its length.
        seconds: u32,
    },
}

/// A purpose for which consent is asked, apart from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 处理个人信息以办理本笔贷款 — necessary.
    LoanProcessing,
    /// 查询征信 — necessary.
    CreditReport,
    /// 向表内收款方(担保、保险等)提供必要信息 — necessary when the table has such a payee.
    SharePayees,
    /// 营销 — optional; refusing it changes nothing.
    Marketing,
}

/// A choice that nobody made for her.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 同意.
    Agreed,
    /// 不同意.
    Declined,
}

/// How an answer to a teach-back question was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Right.
    Right,
    /// Wrong.
    Wrong,
    /// She said that she is not sure. Counts as not yet understood, without blame.
    NotSure,
    /// Words like 清楚 that show nothing.
    Empty,
}

/// What a human reviewer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HumanDecision {
    /// May go on.
    Allowed,
    /// May not.
    Upheld,
}

/// What the screening answers lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenResult {
    /// Nothing found.
    Clear,
    /// Paused, with help offered. Never a silent rejection.
    Paused,
}

/// What is wrong with a payout or a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// Paid out less than the table promised.
    ShortPayout,
    /// Paid out more than agreed.
    OverPayout,
    /// Paid out without a valid permit.
    NoPermit,
    /// No row of the table explains the charge.
    Unlisted,
    /// Larger than the row.
    TooLarge,
    /// Earlier than the row.
    TooEarly,
    /// Charged twice.
    Duplicate,
    /// Not a charge that could be right.
    Malformed,
}

impl From<reconcile::ViolationKind> for ViolationKind {
    fn from(kind: reconcile::ViolationKind) -> Self {
        match kind {
            reconcile::ViolationKind::Unlisted => ViolationKind::Unlisted,
            reconcile::ViolationKind::TooLarge => ViolationKind::TooLarge,
            reconcile::ViolationKind::TooEarly => ViolationKind::TooEarly,
            reconcile::ViolationKind::Duplicate => ViolationKind::Duplicate,
            reconcile::ViolationKind::Malformed => ViolationKind::Malformed,
        }
    }
}
