//! What can be typed. Parsing only: nothing here opens a file or decides anything.

pub mod privacy;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mingbai_cost::Lang;

mod account;
mod ca;
mod verify;

pub use account::{AccountAction, AccountAdd, AccountArgs};
pub use ca::{CaAction, CaArgs, ReasonArg, RenewIssuing, RenewSignatures, Revoke, RootOffline};
pub use verify::VerifyArgs;

use crate::real::Environment;

const EXIT_CODES: &str = "\
退出码 / exit codes:
  0  完成 / done
  1  结论为“否”:验证不通过、模拟失败、--fail-on 的条件成立 / the answer is no
  2  输入有误:参数、产品文件、映射、CSV 表头 / bad input
  3  读写失败:磁盘、网络、端口 / cannot read or write
  4  程序内部错误 / internal error";

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "mingbai",
    version,
    about = "明白:借款人真正弄懂花费之前,一分钱也不放。\nNo loan is paid out until the borrower has understood what it costs.",
    after_help = EXIT_CODES,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Settings that every command takes.
    #[command(flatten)]
    pub common: Common,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Settings that every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// 语言 / language
    #[arg(long, global = true, value_enum, value_name = "zh|en", hide_possible_values = true)]
    pub lang: Option<LangArg>,
    /// 配置文件,默认 ./mingbai.toml(可以没有)/ settings file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Common {
    /// The language, before any settings file is read, so that even a broken file is reported in it.
    pub fn lang_or(&self, environment: &Environment) -> Lang {
        let named = |text: &str| <LangArg as ValueEnum>::from_str(text, true).ok();
        let chosen = self.lang.or_else(|| environment.get("MINGBAI_LANG").and_then(named));
        chosen.unwrap_or(LangArg::Zh).into()
    }
}

/// A language by its short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// 中文.
    Zh,
    /// English.
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Lang {
        match arg {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 报价:产品文件 + 本金 → 综合融资成本明示表 / product file + principal → the cost table
    Quote(QuoteArgs),
    /// 重算整本贷款台账 / recompute a whole loan book from CSV
    Audit(AuditArgs),
    /// 验证证据包:有没有被改动,业务是否守规矩 / verify an evidence package
    Verify(VerifyArgs),
    /// 随机模拟业务,检验闸门 / play random journeys against the gate
    Simulate(SimulateArgs),
    /// 演示:从报价到回访,把几笔贷款真的走一遍 / play real loans from quote to call-back
    Demo(DemoArgs),
    /// 启动服务 / start the server
    Serve(ServeArgs),
    /// 员工账号:新增、列出、停用 / staff accounts: add, list, close
    Account(AccountArgs),
    /// 核心系统的接口密钥:新增、停用 / API keys of core systems: add, close
    Key(KeyArgs),
    /// 重新推导并核对全部哈希、证明、列表和文件 / derive and compare every hash, proof, list and document again
    Fsck(FsckArgs),
    /// 备份数据目录,不必停服务 / back up a data folder while the server runs
    Backup(BackupArgs),
    /// 把备份恢复到空目录,核对之后才算完成 / restore a backup into an empty folder, and check it before it is done
    Restore(RestoreArgs),
    /// 反复杀进程、让磁盘出错,看有没有丢记录 / kill and fail again and again, and see whether a record is lost
    Torture(TortureArgs),
    /// The process that `torture` kills.
    #[command(hide = true)]
    TortureWriter(DirArgs),
    /// 内置签名机构:查看、根密钥离线、吊销、续期 / the built-in signing authority: show, root offline, revoke, renew
    Ca(CaArgs),
    /// 给已签合同补盖、续盖归档时间戳 / put archive time stamps on signed contracts, and renew them in time
    RenewSignatures(RenewSignatures),
    /// 见证方:见证别家的日志只增不改,并联署 / run a witness that cosigns other people's logs
    Witness(WitnessArgs),
    /// 个人信息:查看、冻结、删除 / personal data of a journey: show, hold, erase
    Privacy(privacy::PrivacyArgs),
    /// 投诉:导入转办和投诉表,导出报告 / complaints: take over from a file, give out the report
    Complaints(crate::commands::complaints::ComplaintsArgs),
    /// 检查文件模板:每一行都在、没有藏字、字够大 / check the templates of papers before they are used
    LintPaper(crate::commands::lint_paper::LintPaperArgs),
    /// 检查营销材料、合同、话术 / check an advertisement, a contract or a script before it is used
    Lint(crate::commands::lint::LintArgs),
    /// 查一条消息像不像骗局 / check a message for known fraud
    Scam(crate::commands::scam::ScamArgs),
    /// 团伙线索:离线扫描标识日志或 CSV / rings: search the stored log of links, or a CSV, as a whole
    Rings(crate::commands::rings::RingsArgs),
    /// 显示生效的配置和每个值的来源 / the settings in force and where each came from
    Config(ConfigArgs),
}

/// `mingbai quote`.
#[derive(Debug, Args)]
pub struct QuoteArgs {
    /// 产品文件 / product file
    #[arg(value_name = "PRODUCT.toml")]
    pub product: PathBuf,
    /// 本金,元 / principal in yuan
    #[arg(long, value_name = "YUAN")]
    pub principal: String,
    /// 期数(月)/ number of monthly periods
    #[arg(long, value_name = "N")]
    pub periods: u32,
    /// 放款日,默认今天 / payout day, default today
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<String>,
    /// 显示每一期 / show every instalment
    #[arg(long)]
    pub plan: bool,
    /// 输出完整的表(JSON)/ print the exact table as JSON
    #[arg(long)]
    pub json: bool,
    /// 另存为 PDF / also write a PDF
    #[arg(long, value_name = "FILE")]
    pub pdf: Option<PathBuf>,
}

/// `mingbai audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// 贷款台账 / the loan book
    #[arg(value_name = "BOOK.csv")]
    pub book: PathBuf,
    /// 列映射 / column mapping
    #[arg(long, value_name = "MAPPING.toml")]
    pub map: PathBuf,
    /// 报告,按扩展名写 .csv 或 .json / report file
    #[arg(long, value_name = "OUT.csv|OUT.json")]
    pub report: Option<PathBuf>,
    /// 成立时以退出码 1 结束 / exit 1 when this is found
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
    pub fail_on: Vec<FailOn>,
}

/// What makes an audit end with exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// 有期供与重算不同 / an instalment differs
    Differences,
    /// 有贷款超过上限 / a cap is broken
    Caps,
    /// 有读不懂的行 / a line cannot be read
    Errors,
}

/// `mingbai witness`.
#[derive(Debug, Args)]
pub struct WitnessArgs {
    /// 数据目录:密钥和见过的检查点,切勿恢复旧备份 / its folder: key and what it saw; never restore an old copy
    #[arg(long, value_name = "DIR", default_value = "mingbai-witness")]
    pub dir: PathBuf,
    /// 监听地址 / address to listen on
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8470")]
    pub listen: String,
    /// 见证方名称,第一次启动时必填 / name of the witness, needed on the first start
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// 要见证的日志的公钥,可重复;@文件 从文件读 / key of a log to watch; @FILE reads it from a file
    #[arg(long, value_name = "VKEY|@FILE", required = true)]
    pub key: Vec<String>,
    /// 日志名,与公钥的名称不同时才需要 / name of the log, where it is not the key's
    #[arg(long, value_name = "ORIGIN")]
    pub origin: Option<String>,
}

/// `mingbai simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// 业务笔数 / number of journeys
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub journeys: u64,
    /// 种子:同一种子重放同一批业务 / the same seed plays the same journeys
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// 只重放这一笔 / replay only this journey
    #[arg(long, value_name = "NUMBER")]
    pub only: Option<u64>,
}

/// `mingbai config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// JSON
    #[arg(long)]
    pub json: bool,
}

/// Where a server keeps its data and listens; shared by `serve` and `demo`.
#[derive(Clone, Debug, Default, Args)]
pub struct ServerArgs {
    /// 数据目录 / data folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// 监听地址 / address to listen on
    #[arg(long, value_name = "IP:PORT")]
    pub listen: Option<String>,
}

/// `mingbai serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where it keeps its data and listens.
    #[command(flatten)]
    pub server: ServerArgs,
}

/// `mingbai demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where it keeps its data and listens.
    #[command(flatten)]
    pub server: ServerArgs,
    /// 讲完就结束,不留着服务 / stop after the story instead of leaving the server running
    #[arg(long)]
    pub once: bool,
    /// 删掉以前的演示,重新开始 / delete an earlier demo and start over
    #[arg(long)]
    pub start_over: bool,
}

/// `mingbai key`.
#[derive(Debug, Args)]
pub struct KeyArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: KeyAction,
}

/// What to do with the keys of core systems.
#[derive(Debug, Subcommand)]
pub enum KeyAction {
    /// 新增密钥,只显示一次;旧密钥仍然有效 / add a key, shown once; earlier keys stay good
    Add(KeyOf),
    /// 停用这个核心系统的全部密钥 / close every key of this core system
    Close(KeyOf),
    /// 更换主密钥:重新包裹每个人的密钥,中断后可继续 / a new master key: every person's key is wrapped anew; may be resumed
    RotateMaster(DirArgs),
    /// 生成国密密钥:检查点从此另有 SM2 签名 / make an SM2 key: checkpoints get a second signature from now on
    AddSm2(DirArgs),
    /// 更换日志密钥:先停服务;旧密钥引入新密钥,两者并签 / change the log's key; stop the server first
    RotateLog(RotateArgs),
}

/// `mingbai key rotate-log`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// 并签期结束:旧密钥不再签名,并删除 / end the time in which both sign: the old key is deleted
    #[arg(long)]
    pub finish: bool,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// Whose key.
#[derive(Debug, Args)]
pub struct KeyOf {
    /// 核心系统的名称 / name of the core system
    #[arg(value_name = "CORE")]
    pub core: String,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai fsck`.
#[derive(Debug, Args)]
pub struct FsckArgs {
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
    /// PostgreSQL 数据库;地址里有密码时请改用环境变量 MINGBAI_DATABASE_URL / database; with a password in it use the variable
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// `mingbai backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// 备份写到这个新目录 / the new folder that gets the backup
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// 连密钥一起备份;谁拿到它,谁就能读所有资料并签字 / with the keys; whoever gets them can read everything and sign
    #[arg(long)]
    pub with_keys: bool,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// 备份所在的目录 / the folder with the backup
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// 另行保管的 keys 文件夹 / the folder keys that was kept elsewhere
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai torture`.
#[derive(Debug, Args)]
pub struct TortureArgs {
    /// 多少分钟 / for how many minutes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub minutes: u64,
    /// 种子:同一种子重放同样的动作 / the same seed does the same again
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// 试验用的新目录 / a new folder for the trial
    #[arg(long, value_name = "DIR", default_value = "mingbai-torture")]
    pub dir: PathBuf,
}

/// Where the data lies.
#[derive(Clone, Debug, Default, Args)]
pub struct DirArgs {
    /// 数据目录 / data folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

impl Command {
    /// The server flags of this command, where it has some.
    pub fn server(&self) -> ServerArgs {
        let at = |dir: &DirArgs| ServerArgs { dir: dir.dir.clone(), listen: None };
        match self {
            Command::Serve(args) => args.server.clone(),
            Command::Demo(args) => args.server.clone(),
            Command::Account(args) => match &args.action {
                AccountAction::Add(add) => at(&add.at),
                AccountAction::List(list) => at(list),
                AccountAction::Close(one) | AccountAction::Reset(one) => at(&one.at),
            },
            Command::Key(args) => match &args.action {
                KeyAction::Add(of) | KeyAction::Close(of) => at(&of.at),
                KeyAction::RotateMaster(dir) | KeyAction::AddSm2(dir) => at(dir),
                KeyAction::RotateLog(rotate) => at(&rotate.at),
            },
            Command::Ca(args) => at(args.at()),
            Command::RenewSignatures(args) => at(&args.at),
            Command::Fsck(args) => at(&args.at),
            Command::Backup(args) => at(&args.at),
            Command::Privacy(args) => at(&args.action.of().at),
            Command::Complaints(args) => at(args.action.at()),
            Command::Restore(args) => at(&args.at),
            Command::LintPaper(args) => at(&args.at),
            Command::Rings(args) => at(args.at()),
            _ => ServerArgs::default(),
        }
    }

    /// The database flag of this command, where it has one.
    pub fn database(&self) -> Option<String> {
        let Command::Fsck(args) = self else { return None };
        args.database.clone()
    }
}
