//! `mingbai complaints`: take complaints over from a file, and give the report or the rows out. Whoever does this signs in with her own login,
//! because the log names her. Importing is a dry run unless the confirmation of that very file is given.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mingbai_core::text::both;
use mingbai_core::trust::complaint::report::{Count, Report};
use mingbai_core::trust::complaint::{Channel, Stage};
use mingbai_desk::trust::handover::{FILE_BYTES, ImportPlan, Period};
use mingbai_desk::{Caller, Desk};
use serde_json::json;

use super::account::open;
use super::privacy::{Asker, password};
use crate::args::DirArgs;
use crate::commands::{block_on, read_bytes, write_whole};
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::told;
use crate::screen::{Grid, Screen, Side, Tone};

/// `mingbai complaints`.
#[derive(Debug, Args)]
pub struct ComplaintsArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: ComplaintsAction,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum ComplaintsAction {
    /// 导入 12378/12363 转办表或 CFPB 公开列名的投诉表;先预检,不写入 / take complaints over from a file; a dry run first
    Import(ImportArgs),
    /// 统计报告(按原因、渠道、产品、时限),或按公开列名导出各行 / the report as counts, or the rows under the public column names
    Export(ExportArgs),
}

impl ComplaintsAction {
    /// The data folder.
    pub fn at(&self) -> &DirArgs {
        match self {
            ComplaintsAction::Import(args) => &args.by.at,
            ComplaintsAction::Export(args) => &args.by.at,
        }
    }
}

/// Who asks.
#[derive(Debug, Args)]
pub struct By {
    /// 办理人的登录名:导入是消保岗,导出也可以是审计 / your login: a compliance officer; an auditor may export
    #[arg(long = "as", value_name = "LOGIN")]
    pub login: String,
    /// 从标准输入读一行作为密码 / read the password from standard input, one line
    #[arg(long)]
    pub password_stdin: bool,
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
}

/// `mingbai complaints import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// CSV 文件,UTF-8 或 GBK/GB18030 / the file, CSV in UTF-8 or GBK/GB18030
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// 预检给出的确认码;给了才真正导入 / the confirmation that the dry run printed; with it the file is imported
    #[arg(long, value_name = "CODE")]
    pub confirm: Option<String>,
    /// Who asks.
    #[command(flatten)]
    pub by: By,
}

/// `mingbai complaints export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// 收到日期从这天起 / received on this day or later
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<String>,
    /// 收到日期到这天止 / received on this day or earlier
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: Option<String>,
    /// 把各行写入这个 CSV 文件,列名与 CFPB 公开的相同;不含姓名和联系方式 / write the rows to this file; it names nobody
    #[arg(long, value_name = "OUT.csv")]
    pub rows: Option<PathBuf>,
    /// 报告输出为 JSON / the report as JSON
    #[arg(long)]
    pub json: bool,
    /// Who asks.
    #[command(flatten)]
    pub by: By,
}

/// Runs the command.
pub fn run(action: &ComplaintsAction, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let by = match action {
        ComplaintsAction::Import(args) => &args.by,
        ComplaintsAction::Export(args) => &args.by,
    };
    // The file first: whoever mistyped its name should not type a password for nothing.
    let bytes = match action {
        ComplaintsAction::Import(args) => read_bytes(&args.file, FILE_BYTES as u64)?,
        ComplaintsAction::Export(_) => Vec::new(),
    };
    let password = password(Asker { login: &by.login, stdin: by.password_stdin }, screen)?;
    block_on(async {
        let house = open(settings).await?;
        let caller = house.desk.prove_password(&by.login, &password).await.map_err(told)?;
        match action {
            ComplaintsAction::Import(args) => import(args, &bytes, (&house.desk, &caller), screen).await,
            ComplaintsAction::Export(args) => export(args, (&house.desk, &caller), screen).await,
        }
    })
}

async fn import(
    args: &ImportArgs,
    bytes: &[u8],
    (desk, caller): (&Desk, &Caller),
    screen: &mut Screen,
) -> Result<(), Fail> {
    let plan = desk.plan_import(caller, bytes).await.map_err(told)?;
    show_plan(&plan, screen);
    if plan.faults_count > 0 {
        let count = plan.faults_count;
        let what =
            both(format!("{count} 处错误,什么也没有导入"), format!("{count} faults; nothing was imported"));
        return Err(Fail::new(Kind::Input, what)
            .next("请改好文件,再预检一次。", "Put the file right and do the dry run again."));
    }
    let Some(confirm) = &args.confirm else {
        if plan.can_run() {
            let code = &plan.confirm;
            screen.say(
                &format!("预检完成,没有写入。确认导入这个文件,请加 --confirm {code}"),
                &format!("Dry run; nothing was written. To import exactly this file add --confirm {code}"),
            );
        } else {
            screen.say("没有新的投诉,不用导入。", "There is nothing new to import.");
        }
        return Ok(());
    };
    let bar = ProgressBar::with_draw_target(Some(plan.rows() as u64), target());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    let done = desk.run_import(caller, (bytes, confirm), &|place, _| bar.set_position(place as u64)).await;
    bar.finish_and_clear();
    let done = done.map_err(|error| {
        told(error).next(
            "再运行同一条命令会接着做:已经写入的不会重复。",
            "Run the same command again: it goes on, and nothing is written twice.",
        )
    })?;
    let good = screen.toned(Tone::Good, screen.pick("导入完成。", "imported."));
    screen.line(good);
    screen.say(
        &format!("  新写入 {} 件,已经有的 {} 件。", done.written, done.before),
        &format!("  written {}, there before {}.", done.written, done.before),
    );
    Ok(())
}

/// A bar for people; nothing where nobody looks.
fn target() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

fn show_plan(plan: &ImportPlan, screen: &mut Screen) {
    let (shape, encoding) = (plan.shape.name(), plan.encoding.name());
    screen.say(&format!("{}({})", shape.zh, encoding.zh), &format!("{} ({})", shape.en, encoding.en));
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    let mut row =
        |zh: &str, en: &str, count: u32| grid.row(vec![screen.pick(zh, en).to_owned(), count.to_string()]);
    row("新投诉,由本台办理", "new, to be answered here", plan.opens);
    row("其中期限已过", "of these, the clock has run out", plan.overdue);
    row("新投诉,原系统已答复", "new, answered by the other system", plan.answered);
    row("已经导入过", "here before", plan.before);
    row("文件里重复的编号", "number stands in the file twice", plan.twice);
    row("有像公式的内容,按文字保存", "with a cell like a formula, kept as text", plan.formulas);
    row("错误", "faults", plan.faults_count);
    for line in grid.lines() {
        screen.line(line);
    }
    if !plan.absent.is_empty() {
        let absent = plan.absent.join(" | ");
        screen.say(
            &format!("  没有这些列,按空处理:{absent}"),
            &format!("  columns that are not there and are taken as empty: {absent}"),
        );
    }
    for fault in &plan.faults {
        let (line, words) = (fault.line, &fault.words);
        screen.say(&format!("  第 {line} 行:{}", words.zh), &format!("  line {line}: {}", words.en));
    }
    let told = u32::try_from(plan.faults.len()).unwrap_or(u32::MAX);
    if plan.faults_count > told {
        let rest = plan.faults_count - told;
        screen.say(&format!("  还有 {rest} 处"), &format!("  and {rest} more"));
    }
}

/// A day as it was typed.
fn day(text: Option<&String>) -> Result<Option<jiff::civil::Date>, Fail> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let what = both(format!("“{text}”不是日期"), format!("\"{text}\" is no date"));
        Fail::new(Kind::Input, what).next("请写成 2026-12-01。", "Write 2026-12-01.")
    })
}

async fn export(
    args: &ExportArgs,
    (desk, caller): (&Desk, &Caller),
    screen: &mut Screen,
) -> Result<(), Fail> {
    let period = Period { from: day(args.from.as_ref())?, until: day(args.until.as_ref())? };
    if let Some(path) = &args.rows {
        let file = desk.complaint_rows_file(caller, period, screen.lang()).await.map_err(told)?;
        write_whole(path, file.csv.as_bytes())?;
        let (rows, shown) = (file.rows, path.display());
        screen.say(
            &format!("已写入 {rows} 行:{shown}。不含姓名和联系方式。"),
            &format!("{rows} rows written to {shown}. They name nobody."),
        );
        return Ok(());
    }
    let report = desk.complaint_report(caller, period).await.map_err(told)?;
    match args.json {
        true => screen.line(as_json(&report).to_string()),
        false => show_report(desk, &report, screen),
    }
    Ok(())
}

fn as_json(report: &Report) -> serde_json::Value {
    let table = |table: &[Count]| -> Vec<serde_json::Value> {
        table.iter().map(|(name, count)| json!({"name": name, "count": count})).collect()
    };
    let clocks = report.clocks.iter().map(|(kept, count)| json!({"name": kept.key(), "count": count}));
    json!({
        "total": report.total,
        "causes": table(&report.causes),
        "channels": table(&report.channels),
        "products": table(&report.products),
        "stages": table(&report.stages),
        "clocks": clocks.collect::<Vec<_>>(),
    })
}

fn show_report(desk: &Desk, report: &Report, screen: &mut Screen) {
    let total = report.total;
    let title = screen.toned(Tone::Strong, screen.pick("投诉报告", "complaints"));
    screen.line(title);
    screen.say(&format!("  共 {total} 件"), &format!("  {total} in all"));
    let (met, all) = report.in_time();
    screen.say(
        &format!("  已答复且可衡量的 {all} 件中,按时 {met} 件"),
        &format!("  answered and measurable {all}, of these in time {met}"),
    );
    let cause = |code: &str, screen: &Screen| {
        desk.causes().cause(code).map_or_else(|| code.to_owned(), |line| screen.words(&line.name).to_owned())
    };
    let channel = |key: &str, screen: &Screen| {
        Channel::from_key(key).map_or_else(|| key.to_owned(), |one| screen.words(&one.name()).to_owned())
    };
    let plain = |text: &str, _: &Screen| text.to_owned();
    let stage = |key: &str, screen: &Screen| {
        let words = Stage::name_of(key);
        screen.words(&words).to_owned()
    };
    table(("按原因", "by cause"), &report.causes, cause, screen);
    table(("按渠道", "by way in"), &report.channels, channel, screen);
    table(("按产品", "by product"), &report.products, plain, screen);
    table(("按办理情况", "by stage"), &report.stages, stage, screen);
    screen.say("按时限", "by clock");
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    for (kept, count) in &report.clocks {
        let name = kept.name();
        grid.row(vec![screen.words(&name).to_owned(), count.to_string()]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn table(
    (zh, en): (&str, &str),
    counts: &[Count],
    name: impl Fn(&str, &Screen) -> String,
    screen: &mut Screen,
) {
    screen.say(zh, en);
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    for (key, count) in counts {
        let none = || screen.pick("(未分类)", "(not sorted)").to_owned();
        grid.row(vec![key.as_deref().map_or_else(none, |key| name(key, screen)), count.to_string()]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}
