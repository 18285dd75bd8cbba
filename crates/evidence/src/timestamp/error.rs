//! What can be wrong with a time stamp, in both languages: what happened, why, what next.

use std::fmt;

use crate::text::Bilingual;

/// Why a time stamp cannot be asked for, read or believed. Each check has its own answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StampError {
    /// Larger than a time stamp may be.
    TooLarge,
    /// Not DER, or not what RFC 3161, 5652 or 5280 puts there.
    Malformed {
        /// Which part.
        what: &'static str,
        /// What does not fit.
        why: String,
    },
    /// The authority refused.
    NotGranted {
        /// PKIStatus.
        status: u32,
    },
    /// The stamp is over other data.
    Imprint,
    /// The answer belongs to another question.
    Nonce,
    /// Not exactly one signer.
    Signers {
        /// How many.
        found: usize,
    },
    /// The signer's certificate is not in the answer.
    NoCertificate,
    /// A signed attribute is missing, doubled, or of another type.
    Attribute {
        /// Which.
        name: &'static str,
    },
    /// The content was changed: its digest is not the signed one.
    MessageDigest,
    /// The signed attributes name another certificate than that whose key signed.
    Binding,
    /// The authority's signature over the stamp does not verify.
    Signature,
    /// An algorithm, curve or key size that this verifier does not know.
    Unsupported {
        /// Which.
        what: String,
    },
    /// A critical extension that this verifier does not know.
    CriticalExtension {
        /// Its OID.
        oid: String,
        /// Of whom.
        subject: String,
    },
    /// The certificate is not for time stamping, and for nothing else.
    Usage {
        /// Of whom.
        subject: String,
    },
    /// Not valid when the stamp was made.
    Expired {
        /// Of whom.
        subject: String,
    },
    /// The issuer may not issue certificates, or not at this depth, or not for time stamping.
    NotAuthority {
        /// Which.
        subject: String,
    },
    /// A certificate in the chain was not signed by its issuer.
    ChainSignature {
        /// Of whom.
        subject: String,
    },
    /// The chain does not end at a root that the reader trusts.
    UnknownIssuer {
        /// Where the chain breaks off.
        issuer: String,
    },
    /// The file with roots holds none.
    NoRoots,
}

impl StampError {
    /// Whether this only leaves open who stamped, and does not speak against the stamp.
    #[must_use]
    pub const fn leaves_open(&self) -> bool {
        matches!(self, Self::UnknownIssuer { .. } | Self::Unsupported { .. } | Self::NoRoots)
    }

    fn chain_words(&self) -> Option<(String, String)> {
        let pair = match self {
            Self::CriticalExtension { oid, subject } => (
                format!("证书 {subject} 带有本程序不认识的关键扩展 {oid};请换一家时间戳机构或升级软件。"),
                format!(
                    "the certificate {subject} has the critical extension {oid}, which this program does not know; use another authority or newer software"
                ),
            ),
            Self::Usage { subject } => (
                format!("证书 {subject} 不是专用于时间戳的(扩展用途须为关键且仅含 timeStamping);请勿采信。"),
                format!(
                    "the certificate {subject} is not for time stamping alone (critical extended key usage timeStamping); do not rely on it"
                ),
            ),
            Self::Expired { subject } => (
                format!("盖戳时证书 {subject} 不在有效期内;请向时间戳机构索取有效的时间戳。"),
                format!(
                    "the certificate {subject} was not valid when the time stamp was made; ask the authority for a valid one"
                ),
            ),
            Self::NotAuthority { subject } => (
                format!("证书 {subject} 无权签发下一级证书;证书链不成立,请勿采信。"),
                format!(
                    "the certificate {subject} may not issue the next one; the chain does not hold, do not rely on it"
                ),
            ),
            Self::ChainSignature { subject } => (
                format!("证书 {subject} 不是其上级签发的,或被改动过;请勿采信。"),
                format!(
                    "the certificate {subject} was not signed by its issuer, or was changed; do not rely on it"
                ),
            ),
            Self::UnknownIssuer { issuer } => (
                format!(
                    "证书链没有到达您信任的根证书,断在“{issuer}”;请用 --tsa-root 给出时间戳机构公布的根证书。"
                ),
                format!(
                    "the chain does not reach a root that you trust and ends at \"{issuer}\"; give the authority's published root with --tsa-root"
                ),
            ),
            Self::NoRoots => (
                "文件里没有 PEM 格式的证书;请给出时间戳机构公布的根证书。".to_owned(),
                "the file holds no certificate in PEM form; give the authority's published root".to_owned(),
            ),
            _ => return None,
        };
        Some(pair)
    }

    fn pair(&self) -> (String, String) {
        if let Some(pair) = self.chain_words() {
            return pair;
        }
        let (zh, en) = match self {
            Self::TooLarge => (
                "时间戳超过 65536 字节;这不是时间戳,请检查时间戳机构的地址。".to_owned(),
                "the time stamp is larger than 65536 bytes; it is none, check the authority's address".to_owned(),
            ),
            Self::Malformed { what, why } => (
                format!("时间戳的 {what} 读不懂({why});可能已损坏,或是别的文件,请重新索取。"),
                format!("{what} of the time stamp cannot be read ({why}); it was damaged or is another file, ask for it again"),
            ),
            Self::NotGranted { status } => (
                format!("时间戳机构没有盖戳(状态 {status});请查看其服务说明后再试。"),
                format!("the authority granted no time stamp (status {status}); read its terms and try again"),
            ),
            Self::Imprint => (
                "时间戳盖的是别的内容,不是这个检查点;请勿采信。".to_owned(),
                "the time stamp is over other data than this checkpoint; do not rely on it".to_owned(),
            ),
            Self::Nonce => (
                "时间戳回答的不是这一次请求(随机数不同),可能是旧的回答;请重新请求。".to_owned(),
                "the time stamp answers another request (the nonce differs) and may be an old one; ask again".to_owned(),
            ),
            Self::Signers { found } => (
                format!("时间戳应有且只有一个签名者,这里有 {found} 个;请勿采信。"),
                format!("a time stamp has exactly one signer and this has {found}; do not rely on it"),
            ),
            Self::NoCertificate => (
                "时间戳里没有签名者的证书,无法离线验证;请让时间戳机构附上证书。".to_owned(),
                "the signer's certificate is not in the time stamp, so it cannot be verified offline; ask the authority to enclose it".to_owned(),
            ),
            Self::Attribute { name } => (
                format!("签名属性 {name} 缺失、重复或不对;时间戳不成立,请勿采信。"),
                format!("the signed attribute {name} is missing, doubled or wrong; the time stamp does not hold, do not rely on it"),
            ),
            Self::MessageDigest => (
                "时间戳的内容在签名之后被改动过;请勿采信。".to_owned(),
                "the content of the time stamp was changed after it was signed; do not rely on it".to_owned(),
            ),
            Self::Binding => (
                "签名属性指明的证书不是签名所用的证书;可能被调换,请勿采信。".to_owned(),
                "the signed attributes name another certificate than the one that signed; it may have been swapped, do not rely on it".to_owned(),
            ),
            Self::Signature => (
                "时间戳机构的签名无效:时间戳被改动过或是伪造的;请勿采信。".to_owned(),
                "the authority's signature is not valid: the time stamp was changed or forged; do not rely on it".to_owned(),
            ),
            Self::Unsupported { what } => (
                format!("本程序不会验证 {what};请用 openssl ts -verify 核对。"),
                format!("this program cannot check {what}; check it with openssl ts -verify"),
            ),
            other => (format!("{other:?}"), format!("{other:?}")),
        };
        (zh, en)
    }
}

impl fmt::Display for StampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pair().1)
    }
}

impl std::error::Error for StampError {}

impl Bilingual for StampError {
    fn zh(&self) -> String {
        self.pair().0
    }

    fn en(&self) -> String {
        self.pair().1
    }
}
