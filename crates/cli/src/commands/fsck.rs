//! `mingbai fsck`: everything that a data folder or database says about itself, derived again from the stored bytes.

use std::io::IsTerminal as _;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mingbai_core::policy::Pack;
use mingbai_core::text::{Tell as _, both};
use mingbai_cost::{Lang, Words};
use mingbai_evidence::timestamp::Roots;
use mingbai_store::fsck::{Keeper, Report, Step, Watch, fsck};

use crate::commands::block_on;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::shelves::{self, Shelves};
use crate::house::{KEYS, Origin, STORE, keys};
use crate::real::Stopwatch;
use crate::screen::{Grid, Screen, Side, Tone};
use crate::storage::Premises;

/// Seconds between two lines of progress where there is no terminal.
const LINE_SECONDS: u64 = 10;

/// Runs the command.
pub fn run(settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    match block_on(checked(&settings.premises()?, settings.tsa.roots()?, screen))? {
        Checked::Everything => Ok(()),
        Checked::WithoutKeys(why) => {
            let what = both(
                "日志、树和列表都成立;文件和个人信息没有检查",
                "log, tree and lists hold; documents and personal values were not checked",
            );
            Err(Fail::new(Kind::No, what).because(why).next(
                "把 keys 文件夹放回数据目录,再运行一次。",
                "Put the folder keys back into the data folder and run this again.",
            ))
        }
    }
}

/// What a check that found nothing wrong has looked at.
pub enum Checked {
    /// Everything.
    Everything,
    /// All but documents and personal values, for this reason.
    WithoutKeys(Words),
}

/// Checks a store and says how it is; fails unless everything holds.
pub async fn checked(
    premises: &Premises,
    roots: Option<Roots>,
    screen: &mut Screen,
) -> Result<Checked, Fail> {
    let (dir, database) = (&premises.dir, premises.database.as_ref());
    let file = dir.join(STORE);
    if database.is_none() && !file.is_file() {
        let shown = dir.display();
        let what =
            both(format!("{shown} 里没有可检查的数据"), format!("there is nothing to check in {shown}"));
        return Err(Fail::new(Kind::Input, what).next(
            "用 --dir 指明数据目录,或用 --database 指明数据库。",
            "Name the data folder with --dir, or the database with --database.",
        ));
    }
    let watch = Stopwatch::start();
    let opened = kept(premises).await.map(|shelves| shelves.with_roots(roots));
    let keeper = opened.as_ref().ok().map(|shelves| shelves as &dyn Keeper);
    let bar = Bar::new(screen.lang());
    let report = fsck(shelves::place(&file, database), &[Pack::embedded()], keeper, &bar).await;
    bar.done();
    let report = report.map_err(|e| {
        let what = both("读不了这个存储", "this store cannot be read");
        Fail::new(Kind::Io, what).because(e.words())
    })?;
    show(&report, watch.seconds(), screen);
    verdict(&report, opened.err(), screen)
}

/// Documents and personal values, for which the keys are needed.
async fn kept(premises: &Premises) -> Result<Shelves, Fail> {
    let keys = keys::open(&premises.dir.join(KEYS), Origin::Known, "fsck", &premises.master)?;
    Shelves::open(premises, &keys).await
}

fn show(report: &Report, seconds: u64, screen: &mut Screen) {
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    let root = report.root.map_or_else(|| "—".to_owned(), |root| root.to_string());
    let megabytes = format!("{:.1} MB", report.bytes as f64 / 1e6);
    for (zh, en, value) in [
        ("重新计算的记录", "records hashed again", report.records.to_string()),
        ("其字节", "their bytes", megabytes),
        ("重新计算的树节点", "tree nodes computed again", report.nodes.to_string()),
        (
            "重新计算的列表行和短码",
            "list rows and short codes computed again",
            report.projections.to_string(),
        ),
        ("核对的已公布检查点", "published checkpoints compared", report.checkpoints.to_string()),
        ("核对的见证联署", "cosignatures verified", report.cosignatures.to_string()),
        ("核对的时间戳", "time stamps verified", report.stamps.to_string()),
        ("读过的文件", "documents read", report.documents.to_string()),
        ("打开的个人信息", "personal values opened", report.values.to_string()),
        ("依法删除、理应不在的", "erased by law, rightly gone", report.erased.to_string()),
        ("用时(秒)", "seconds", seconds.to_string()),
    ] {
        grid.row(vec![screen.pick(zh, en).to_owned(), value]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
    let label = screen.pick("根", "root").to_owned();
    screen.line(format!("  {label} {root}"));
}

fn verdict(report: &Report, unopened: Option<Fail>, screen: &mut Screen) -> Result<Checked, Fail> {
    let (why, next) = match screen.lang() {
        Lang::Zh => ("原因", "怎么办"),
        Lang::En => ("why", "next"),
    };
    for finding in report.findings.told() {
        let mark = screen.toned(Tone::Bad, "✗");
        screen.line(format!("{mark} {}", finding.what.get(screen.lang())));
        screen.line(format!("    {why}: {}", finding.why.get(screen.lang())));
        screen.line(format!("    {next}: {}", finding.next().get(screen.lang())));
    }
    let (total, told) = (report.findings.total(), report.findings.told().len() as u64);
    if total > told {
        screen.say(&format!("……还有 {} 处。", total - told), &format!("… and {} more.", total - told));
    }
    if total > 0 {
        let what = both(format!("有 {total} 处不成立"), format!("{total} things do not hold"));
        return Err(Fail::new(Kind::No, what));
    }
    if let Some(fail) = unopened {
        return Ok(Checked::WithoutKeys(fail.in_short()));
    }
    let good = screen.pick("全部成立。", "Everything holds.").to_owned();
    let good = screen.toned(Tone::Good, &good);
    screen.line(good);
    Ok(Checked::Everything)
}

/// How far it is: a bar on a terminal, a line now and then elsewhere.
struct Bar {
    lang: Lang,
    bar: ProgressBar,
    line: Option<Mutex<(Stopwatch, u64)>>,
}

impl Bar {
    fn new(lang: Lang) -> Self {
        if std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {per_sec} {eta}");
            let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            return Bar { lang, bar, line: None };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Bar { lang, bar, line: Some(Mutex::new((Stopwatch::start(), LINE_SECONDS))) }
    }

    fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Bar {
    fn at(&self, step: Step, done: u64, total: u64) {
        let (zh, en) = match step {
            Step::Log => ("日志", "log"),
            Step::Projections => ("列表", "lists"),
            Step::Vault => ("个人信息", "personal values"),
        };
        let name = match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        self.bar.set_message(name);
        self.bar.set_length(total.max(done));
        self.bar.set_position(done);
        let Some(Ok(mut line)) = self.line.as_ref().map(Mutex::lock) else { return };
        if line.0.seconds() >= line.1 {
            line.1 = line.0.seconds() + LINE_SECONDS;
            eprintln!("{name} {done}/{}", total.max(done));
        }
    }
}
