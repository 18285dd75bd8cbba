//! What can be wrong with a signed checkpoint, in both languages.

use super::KeyTextError;
use crate::text::Bilingual;

/// Why a checkpoint cannot be made, read or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than a note may be.
    #[error(
        "the checkpoint is larger than 16384 bytes or has more than 16 signatures; it is not one of ours"
    )]
    TooLarge,
    /// Not a C2SP signed note with a checkpoint in it.
    #[error("this is not a signed checkpoint; it was damaged or is another file")]
    Malformed,
    /// The origin cannot be one.
    #[error("the origin of a log has 1 to 200 bytes without white space and `+`; correct it")]
    Origin,
    /// The size is not a plain decimal number up to 2^53 − 1.
    #[error("the size of a log is a whole number up to 2^53 - 1; the checkpoint was damaged")]
    Size,
    /// The signer's own key is not usable.
    #[error("the signing key cannot be used: {0}")]
    SignerKey(KeyTextError),
    /// A signature that claims a key does not verify under it.
    #[error("the signature of {name} is not valid: the checkpoint was changed after it was signed")]
    BadSignature {
        /// Name of the key.
        name: String,
    },
    /// None of the given keys signed.
    #[error("none of the given keys signed this checkpoint; ask the lender for the public key in force")]
    UnknownSigner,
}

impl Bilingual for NoteError {
    fn zh(&self) -> String {
        match self {
            Self::TooLarge => "检查点超过 16384 字节,或签名超过 16 个;不是本系统的检查点。".to_owned(),
            Self::Malformed => "这不是签名检查点;可能已损坏,或是别的文件。".to_owned(),
            Self::Origin => "日志名称应为 1 至 200 字节,不含空白和加号;请更正。".to_owned(),
            Self::Size => "日志大小应为不超过 2^53 - 1 的整数;检查点已损坏。".to_owned(),
            Self::SignerKey(error) => format!("签名密钥不可用:{}", error.zh()),
            Self::BadSignature { name } => format!("{name} 的签名无效:检查点在签名之后被改动过。"),
            Self::UnknownSigner => "给定的公钥都没有签过这个检查点;请向贷款机构索取现行的公钥。".to_owned(),
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}
