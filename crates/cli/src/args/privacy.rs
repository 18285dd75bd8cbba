//! What can be typed after `mingbai privacy`.

use clap::{Args, Subcommand, ValueEnum};
use mingbai_core::privacy::Basis;

use super::DirArgs;

/// `mingbai privacy`.
#[derive(Debug, Args)]
pub struct PrivacyArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: PrivacyAction,
}

/// What to do with the personal data of a journey.
#[derive(Debug, Subcommand)]
pub enum PrivacyAction {
    /// 保管着什么、什么在阻止删除、何时可以删除 / what is kept, what stands against erasing it, and from when it is possible
    Show(PrivacyOf),
    /// 冻结:解除之前不得删除 / a legal hold: nothing is erased while it stands
    Hold(PrivacyHold),
    /// 解除一项冻结 / ends a hold
    Release(PrivacyRelease),
    /// 删除此人的资料:销毁密钥,不能恢复;存证不变 / erases the person: the key is destroyed for good, every proof stays
    Forget(PrivacyForget),
}

impl PrivacyAction {
    /// Whom it is about and who asks.
    pub fn of(&self) -> &PrivacyOf {
        match self {
            PrivacyAction::Show(of) => of,
            PrivacyAction::Hold(hold) => &hold.of,
            PrivacyAction::Release(release) => &release.of,
            PrivacyAction::Forget(forget) => &forget.of,
        }
    }
}

/// Whom it is about, and who asks.
#[derive(Debug, Args)]
pub struct PrivacyOf {
    /// 业务编号、参考号或核心系统的申请编号 / number, reference or application number of the journey
    #[arg(value_name = "JOURNEY")]
    pub journey: String,
    /// 办理人的登录名:消保岗,查看也可以是审计 / your login: a compliance officer, or an auditor to look
    #[arg(long = "as", value_name = "LOGIN")]
    pub login: String,
    /// 从标准输入读一行作为密码 / read the password from standard input, one line
    #[arg(long)]
    pub password_stdin: bool,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai privacy hold`.
#[derive(Debug, Args)]
pub struct PrivacyHold {
    /// Whom it is about.
    #[command(flatten)]
    pub of: PrivacyOf,
    /// 理由和来文编号,永久留存,不要写个人信息 / why, with the file number; it stays for good, so no personal data
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `mingbai privacy release`.
#[derive(Debug, Args)]
pub struct PrivacyRelease {
    /// Whom it is about.
    #[command(flatten)]
    pub of: PrivacyOf,
    /// 冻结的编号,见 show / number of the hold, as show says it
    #[arg(long, value_name = "N")]
    pub hold: u64,
    /// 理由,永久留存 / why; it stays for good
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `mingbai privacy forget`.
#[derive(Debug, Args)]
pub struct PrivacyForget {
    /// Whom it is about.
    #[command(flatten)]
    pub of: PrivacyOf,
    /// 法律依据:个人信息保护法第四十七条第几项 / legal basis: which item of article 47
    #[arg(long, value_enum, value_name = "BASIS")]
    pub basis: BasisArg,
    /// 说明:申请编号、法律名称;永久留存 / the request's number, the law's name; it stays for good
    #[arg(long, value_name = "TEXT")]
    pub note: String,
    /// 不再询问 / do not ask again
    #[arg(long)]
    pub yes: bool,
}

/// A legal basis by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum BasisArg {
    /// (一)处理目的已实现或不再必要 / the purpose is over
    PurposeOver,
    /// (二)保存期限已届满 / the period of keeping is over
    PeriodOver,
    /// (三)个人撤回同意 / she withdrew her consent
    ConsentWithdrawn,
    /// (四)违反规定或约定处理 / it was handled unlawfully
    Unlawful,
    /// (五)法律规定的其他情形 / another law says so
    OtherLaw,
}

impl From<BasisArg> for Basis {
    fn from(arg: BasisArg) -> Basis {
        match arg {
            BasisArg::PurposeOver => Basis::PurposeOver,
            BasisArg::PeriodOver => Basis::PeriodOver,
            BasisArg::ConsentWithdrawn => Basis::ConsentWithdrawn,
            BasisArg::Unlawful => Basis::Unlawful,
            BasisArg::OtherLaw => Basis::OtherLaw,
        }
    }
}
