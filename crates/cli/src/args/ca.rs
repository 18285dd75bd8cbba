//! What can be typed after `mingbai ca`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DirArgs;

/// `mingbai ca`.
#[derive(Debug, Args)]
pub struct CaArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: CaAction,
}

/// What to do with the signing authority.
#[derive(Debug, Subcommand)]
pub enum CaAction {
    /// 查看证书和名单 / show certificates and lists
    Show(DirArgs),
    /// 把根密钥移到你指定的文件,服务器上不再有 / move the root's key to a file that you name; the server has it no more
    RootOffline(RootOffline),
    /// 用根密钥续期签发机构的证书和根的吊销名单 / renew the issuing authority and the root's list with the root's key
    RenewIssuing(RenewIssuing),
    /// 吊销一张证书 / revoke a certificate
    Revoke(Revoke),
}

/// `mingbai ca root-offline`.
#[derive(Debug, Args)]
pub struct RootOffline {
    /// 新文件,最好在可移除的介质上 / a new file, best on a medium that can be taken away
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai ca renew-issuing`.
#[derive(Debug, Args)]
pub struct RenewIssuing {
    /// 离线保管的根密钥 / the root's key that was kept offline
    #[arg(long, value_name = "FILE")]
    pub root_key: Option<PathBuf>,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai ca revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// 证书序列号,十六进制 / serial number of the certificate, hexadecimal
    #[arg(value_name = "SERIAL")]
    pub serial: String,
    /// 原因 / why
    #[arg(long, value_enum, value_name = "REASON")]
    pub reason: ReasonArg,
    /// 吊销签发机构时需要的根密钥 / the root's key, needed to revoke the issuing authority
    #[arg(long, value_name = "FILE")]
    pub root_key: Option<PathBuf>,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai renew-signatures`.
#[derive(Debug, Args)]
pub struct RenewSignatures {
    /// 不管到没到期,每份都盖 / every contract, due or not
    #[arg(long)]
    pub all: bool,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// Why a certificate is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReasonArg {
    /// 密钥可能落到别人手里 / somebody else may have the key
    KeyCompromise,
    /// 已有新证书 / there is a newer one
    Superseded,
    /// 不再使用 / no longer used
    Cessation,
    /// 本不该签发 / should not have been issued
    Withdrawn,
    /// 不说明 / not said
    Unspecified,
}

impl CaArgs {
    /// The data folder that was named.
    pub fn at(&self) -> &DirArgs {
        match &self.action {
            CaAction::Show(dir) => dir,
            CaAction::RootOffline(args) => &args.at,
            CaAction::RenewIssuing(args) => &args.at,
            CaAction::Revoke(args) => &args.at,
        }
    }
}
