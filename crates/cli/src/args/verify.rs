//! What can be typed after `mingbai verify`.

use std::path::PathBuf;

use clap::Args;

/// `mingbai verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// 证据包、借款人的凭证,或签过名的 PDF / evidence package, a borrower's receipt, or a signed PDF
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 你信任的公钥,可重复;@文件 从文件读 / a key that you trust; @FILE reads it from a file
    #[arg(long, value_name = "VKEY|@FILE")]
    pub key: Vec<String>,
    /// 你信任的时间戳机构根证书(PEM)/ roots of time-stamping authorities that you trust
    #[arg(long, value_name = "FILE.pem")]
    pub tsa_root: Option<PathBuf>,
    /// 你信任的国密公钥,可重复;@文件 从文件读 / an SM2 key that you trust; @FILE reads it from a file
    #[arg(long, value_name = "VKEY|@FILE")]
    pub sm2_key: Vec<String>,
    /// 你信任的见证方公钥,可重复;@文件 从文件读 / a witness whose cosignature you ask for; @FILE reads it from a file
    #[arg(long, value_name = "VKEY|@FILE")]
    pub witness: Vec<String>,
    /// 用借款人的凭证核对证据包有无缺漏 / hold the package against a borrower's receipt
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// PDF:你信任的签名机构根证书(DER 或 PEM),可重复 / for a PDF: root of a signing authority that you trust
    #[arg(long, value_name = "FILE")]
    pub root: Vec<PathBuf>,
    /// PDF:用证据包核对,她签的是不是给她看过的那份 / for a PDF: hold it against the loan's evidence package
    #[arg(long, value_name = "PACKAGE")]
    pub evidence: Option<PathBuf>,
    /// PDF:比文件里更新的吊销名单(DER),可重复 / for a PDF: a revocation list newer than those in it
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// JSON
    #[arg(long)]
    pub json: bool,
}
