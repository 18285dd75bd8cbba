//! `mingbai account`: who may work here.

use clap::{Args, Subcommand, ValueEnum};
use mingbai_core::actor::StaffRole;

use super::DirArgs;

/// `mingbai account`.
#[derive(Debug, Args)]
pub struct AccountArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: AccountAction,
}

/// What to do with staff accounts.
#[derive(Debug, Subcommand)]
pub enum AccountAction {
    /// 新增账号;不给密码就生成一个,只显示一次 / add an account; a password is made and shown once unless one is given
    Add(AccountAdd),
    /// 列出账号 / list the accounts
    List(DirArgs),
    /// 停用账号,并结束其所有会话 / close an account and end its sessions
    Close(AccountOne),
    /// 忘了密码又丢了手机:生成新密码,清除第二验证,结束会话 / a new password for who lost password or phone; second proofs are
    /// cleared and sessions ended
    Reset(AccountOne),
}

/// `mingbai account add`.
#[derive(Debug, Args)]
pub struct AccountAdd {
    /// 登录名 / login
    #[arg(value_name = "LOGIN")]
    pub login: String,
    /// 岗位 / role
    #[arg(long, value_enum, value_name = "ROLE")]
    pub role: RoleArg,
    /// 姓名,同事和借款人会看到 / name as colleagues and borrowers see it
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// 网点,顾问必填 / branch, needed for a consultant
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// 从标准输入读一行作为密码 / read the password from standard input, one line
    #[arg(long)]
    pub password_stdin: bool,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai account close` and `reset`.
#[derive(Debug, Args)]
pub struct AccountOne {
    /// 登录名 / login
    #[arg(value_name = "LOGIN")]
    pub login: String,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// A role of staff by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// 咨询顾问 / leads a ceremony at a branch
    Consultant,
    /// 消保岗 / releases products, reviews, handles remedies
    Compliance,
    /// 审计 / sees all evidence, changes nothing
    Auditor,
    /// 管理员 / accounts and configuration, no journeys
    Admin,
}

impl From<RoleArg> for StaffRole {
    fn from(arg: RoleArg) -> StaffRole {
        match arg {
            RoleArg::Consultant => StaffRole::Consultant,
            RoleArg::Compliance => StaffRole::Compliance,
            RoleArg::Auditor => StaffRole::Auditor,
            RoleArg::Admin => StaffRole::Admin,
        }
    }
}
