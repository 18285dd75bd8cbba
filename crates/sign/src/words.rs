//! Every sentence of this crate that a person reads, in Chinese and English, and the errors that carry them.

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Words { zh: zh.into(), en: en.into() }
    }
}

/// Why nothing was made. Nothing half-made is ever returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The PDF cannot be read, or is of a kind that cannot be signed here.
    #[error("the PDF cannot be signed at byte {at}: {why}; make it again and sign the new one")]
    Pdf {
        /// Byte at which reading stopped; 0 when the whole file is meant.
        at: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// A parameter of the field cannot be used.
    #[error("{what} cannot be used: {why}; correct it and try again")]
    Field {
        /// Which parameter.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The signature needs more room than was kept for it.
    #[error("the signature has {needed} bytes but {kept} were kept; prepare the file again with more room")]
    GapTooSmall {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes kept.
        kept: usize,
    },
    /// Bytes that should be a certificate, request, list, key or signature are not.
    #[error("{what} cannot be used: {why}")]
    Encoding {
        /// What they should be.
        what: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The signature does not belong to the key or the bytes.
    #[error("the signature of {what} does not fit its key: refuse it and ask for a new one")]
    BadSignature {
        /// What was signed.
        what: &'static str,
    },
    /// The key could not be used.
    #[error("the signing key could not be used ({why}); check the key store, nothing was signed")]
    Custody {
        /// The key store's reason.
        why: String,
    },
}

impl SignError {
    pub(crate) fn encoding(what: &'static str, why: impl std::fmt::Display) -> Self {
        SignError::Encoding { what, why: why.to_string() }
    }

    /// The message for a person, in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            SignError::Pdf { at, why } => {
                format!("PDF 第 {at} 字节处有问题，不能签署（{why}）。请重新生成文件后再签。")
            }
            SignError::Field { what, why } => format!("签名栏参数 {what} 不能用（{why}）。请改正后重试。"),
            SignError::GapTooSmall { needed, kept } => {
                format!("签名有 {needed} 字节，只预留了 {kept} 字节。请留出更大的位置，重新准备文件。")
            }
            SignError::Encoding { what, why } => format!("{what} 的内容不能用（{why}）。"),
            SignError::BadSignature { what } => format!("{what} 的签名与密钥不符。请拒收，并要求重新签。"),
            SignError::Custody { why } => {
                format!("签名密钥用不了（{why}）。请检查密钥库；没有签出任何东西。")
            }
        };
        Words { zh, en: self.to_string() }
    }
}
