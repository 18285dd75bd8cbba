//! What an event about signing may name, in words where people read it.

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::text::both;

/// Whose device it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningDevice {
    /// Her own.
    Own,
    /// One of the branch, which only displays unless she declares that she chose it herself.
    BranchByChoice,
}

/// What showed that the wish to sign is hers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningFactor {
    /// Six digits, sent to her registered telephone together with the figures and for this challenge only.
    PhoneDigits,
}

/// Whether somebody outside proves when the signature was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureTime {
    /// A time-stamping authority's token is inside (level B-T).
    Stamped,
    /// Only the server's clock (level B-B); a document time stamp may follow.
    ServerClock,
}

/// What went wrong while she signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Wrong digits; she may try again.
    WrongDigits,
    /// Digits that were used before, or that belong to an earlier wish.
    ReplayedDigits,
    /// Another browser than the one that asked to sign.
    OtherBrowser,
    /// Too many wrong digits: this wish is over.
    DigitsSpent,
    /// Her browser found that the file to sign is not the file that she was shown.
    DocumentDiffers,
    /// The signature is not the key's over this file.
    SignatureWrong,
    /// The handwriting is a copy of one in another case, point for point.
    InkCopied,
}

impl Trouble {
    /// In words, for the lender's people.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Trouble::WrongDigits => both("签署码输错。", "Wrong digits for signing."),
            Trouble::ReplayedDigits => {
                both("用了已用过或作废的签署码。", "Digits for signing that were used before or are dead.")
            }
            Trouble::OtherBrowser => both(
                "另一台设备想接着签,已拒绝。",
                "Another device wanted to go on with the signing and was refused.",
            ),
            Trouble::DigitsSpent => {
                both("签署码错了太多次,这次签署结束。", "Too many wrong digits; that signing is over.")
            }
            Trouble::DocumentDiffers => both(
                "借款人的设备发现待签的文件不是她看到的合同,已停止。请马上查明。",
                "The borrower's device found that the file to sign was not the contract she was shown, and stopped. Find out why now.",
            ),
            Trouble::SignatureWrong => {
                both("签名与文件不符,没有采用。", "The signature did not fit the file and was not taken.")
            }
            Trouble::InkCopied => both(
                "手写签名是另一笔业务的复制品,已拒绝。",
                "The handwriting was a copy from another case and was refused.",
            ),
        }
    }

    /// Whether the wish to sign ends with it; she may begin a new one.
    #[must_use]
    pub const fn ends(self) -> bool {
        match self {
            Trouble::WrongDigits | Trouble::ReplayedDigits | Trouble::OtherBrowser => false,
            Trouble::DigitsSpent
            | Trouble::DocumentDiffers
            | Trouble::SignatureWrong
            | Trouble::InkCopied => true,
        }
    }
}

/// What compliance should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningAlert {
    /// The same browser signed for other borrowers.
    SharedDevice,
    /// The handwriting is very close to that of other borrowers.
    SimilarInk,
}

impl SigningAlert {
    /// In words, for compliance.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            SigningAlert::SharedDevice => both(
                "同一台设备也替别的借款人签过:请核实是不是有人代签。",
                "The same device signed for other borrowers too: find out whether somebody signed for them.",
            ),
            SigningAlert::SimilarInk => both(
                "手写签名与别的借款人的非常像:请核实是不是有人代签。",
                "The handwriting is very close to other borrowers': find out whether somebody signed for them.",
            ),
        }
    }
}
