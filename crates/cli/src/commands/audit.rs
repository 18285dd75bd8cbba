//! `mingbai audit`: recompute a loan book, line by line, and say what does not agree.

use std::fs::File;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mingbai_core::policy::Pack;
use mingbai_core::text::both;
use mingbai_cost::cap::CapOutcome;
use mingbai_cost::words::pct2;
use mingbai_cost::{CostTable, Lang};

use crate::args::{AuditArgs, FailOn};
use crate::audit::compute::{self, Answer};
use crate::audit::mapping::Mapping;
use crate::audit::reader::{LineError, Loan, Reader};
use crate::audit::report::{Report, Row, ppm};
use crate::audit::tally::Tally;
use crate::commands::read_text;
use crate::fail::{Fail, Kind};
use crate::screen::{Grid, Screen, Side, Tone};
use crate::show::caps;

const MAX_MAPPING_BYTES: u64 = 256 * 1024;
/// How many differences and errors the terminal shows; the report has all of them.
const SHOWN: usize = 20;

/// Runs the audit.
pub fn run(args: &AuditArgs, screen: &mut Screen) -> Result<(), Fail> {
    let mapping = Mapping::parse(&read_text(&args.map, MAX_MAPPING_BYTES)?)?;
    let file = File::open(&args.book).map_err(|e| Fail::reading(&args.book, &e))?;
    let size = file.metadata().map_or(0, |m| m.len());
    let mut reader = Reader::open(&mapping, file)?;
    let mut audit =
        Audit::new(&mapping, args.report.as_deref().map(Report::create).transpose()?, screen.lang());
    let bar = progress(size);
    while let Some(line) = reader.next_line()? {
        audit.line(line)?;
        if audit.tally.lines.is_multiple_of(512) {
            bar.set_position(reader.position());
        }
    }
    bar.finish_and_clear();
    if let Some(report) = audit.report.take() {
        report.finish(&audit.tally)?;
    }
    show(&audit, args, screen);
    verdict(&audit.tally, &args.fail_on)
}

/// A bar on stderr, only where somebody watches.
fn progress(size: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}% {bytes}/{total_bytes} {eta}");
    ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// An audit under way: what was counted, and the first few things to show.
struct Audit<'m> {
    mapping: &'m Mapping,
    pack: Pack,
    report: Option<Report>,
    lang: Lang,
    tally: Tally,
    differences: Vec<(Loan, Answer)>,
    errors: Vec<LineError>,
}

impl<'m> Audit<'m> {
    fn new(mapping: &'m Mapping, report: Option<Report>, lang: Lang) -> Self {
        let pack = Pack::embedded();
        Audit {
            mapping,
            pack,
            report,
            lang,
            tally: Tally::default(),
            differences: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn line(&mut self, line: Result<Loan, LineError>) -> Result<(), Fail> {
        match line.and_then(|loan| {
            compute::recompute(self.mapping, &loan).map(|(answer, table)| (loan, answer, table))
        }) {
            Ok((loan, answer, table)) => self.loan(loan, answer, &table),
            Err(error) => self.error(error),
        }
    }

    fn loan(&mut self, loan: Loan, answer: Answer, table: &CostTable) -> Result<(), Fail> {
        let question = self.mapping.cap.as_ref();
        let cap = question.and_then(|q| caps::worst(&caps::findings(&self.pack, table, &q.product_kind)));
        let compound = ppm(answer.annual.compound.value);
        self.tally.loan(loan.principal, answer.total_cost, answer.difference, compound, cap);
        if let Some(report) = &mut self.report {
            report.row(&Row::loan(&loan, &answer, cap))?;
        }
        let worth_showing = answer.difference.get() != 0 || cap == Some(CapOutcome::Exceeded);
        if worth_showing && self.differences.len() < SHOWN {
            self.differences.push((loan, answer));
        }
        Ok(())
    }

    fn error(&mut self, error: LineError) -> Result<(), Fail> {
        self.tally.error();
        if let Some(report) = &mut self.report {
            report.row(&Row::error(&error, self.lang))?;
        }
        if self.errors.len() < SHOWN {
            self.errors.push(error);
        }
        Ok(())
    }
}

fn show(audit: &Audit<'_>, args: &AuditArgs, screen: &mut Screen) {
    let title = screen.toned(Tone::Strong, screen.words(&audit.mapping.name));
    screen.line(title);
    summary(&audit.tally, audit.mapping.cap.is_some(), screen);
    differences(audit, screen);
    errors(audit, screen);
    if let Some(path) = &args.report {
        let shown = path.display();
        screen.say(&format!("完整报告:{shown}"), &format!("full report: {shown}"));
    }
}

fn summary(tally: &Tally, caps: bool, screen: &mut Screen) {
    let mut grid = Grid::new(&[Side::Left, Side::Right]);
    let mut row = |zh: &str, en: &str, value: String| {
        let name = match screen.lang() {
            Lang::Zh => format!("{zh} {en}"),
            Lang::En => en.to_owned(),
        };
        grid.row(vec![name, value]);
    };
    row("读到的行", "lines read", tally.lines.to_string());
    row("重算的贷款", "loans recomputed", tally.loans.to_string());
    row("月供一分不差", "instalment equal to the cent", tally.equal.to_string());
    row("月供不同", "instalment differs", tally.different.to_string());
    row("多收合计(各一期)", "stated above computed, one instalment each", tally.over_fen.to_string());
    row("少收合计(各一期)", "stated below computed, one instalment each", tally.under_fen.to_string());
    row("读不懂的行", "lines not understood", tally.errors.to_string());
    row("没有年化率的贷款", "loans without an annual rate", tally.no_rate.to_string());
    if caps {
        row("超过上限", "above a cap", tally.over_cap.to_string());
        row("是否超过取决于口径", "above or below depends on the basis", tally.cap_depends.to_string());
        row("上限无法判断", "cap cannot be said", tally.cap_not_known.to_string());
    }
    row("本金合计", "principal, all loans", tally.principal_fen.to_string());
    row("息费合计", "interest and fees, all loans", tally.cost_fen.to_string());
    let highest = tally.highest_ppm.map_or("-".to_owned(), pct2);
    row("最高年化综合成本(复利)", "highest all-in rate, compound", highest);
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn differences(audit: &Audit<'_>, screen: &mut Screen) {
    if audit.differences.is_empty() {
        return;
    }
    screen.line("");
    screen.say("需要看的贷款(最多显示 20 笔):", "loans to look at (the first 20):");
    let sides = [Side::Right, Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right];
    let mut grid = Grid::new(&sides);
    let heads = match screen.lang() {
        Lang::Zh => ["行", "编号", "本金", "台账月供", "重算月供", "相差", "年化(复利)"],
        Lang::En => ["line", "id", "principal", "stated", "computed", "difference", "all-in, compound"],
    };
    grid.row(heads.map(str::to_owned).to_vec());
    for (loan, answer) in &audit.differences {
        grid.row(vec![
            loan.line.to_string(),
            loan.id.clone(),
            loan.principal.to_string(),
            loan.stated.to_string(),
            answer.instalment.to_string(),
            answer.difference.to_string(),
            ppm(answer.annual.compound.value).map_or("-".to_owned(), pct2),
        ]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn errors(audit: &Audit<'_>, screen: &mut Screen) {
    if audit.errors.is_empty() {
        return;
    }
    screen.line("");
    screen.say("读不懂的行(最多显示 20 行):", "lines not understood (the first 20):");
    for error in &audit.errors {
        let column = error.column.as_deref().unwrap_or("-");
        let (value, why) = (&error.value, &error.why);
        screen.say(
            &format!("  第 {} 行,{column} 列,“{value}”:{}", error.line, why.zh),
            &format!("  line {}, column {column}, \"{value}\": {}", error.line, why.en),
        );
    }
}

fn verdict(tally: &Tally, fail_on: &[FailOn]) -> Result<(), Fail> {
    let found = |kind: &FailOn| match kind {
        FailOn::Differences => (tally.different, "笔月供不同", "instalments differ"),
        FailOn::Caps => (tally.over_cap, "笔超过上限", "loans are above a cap"),
        FailOn::Errors => (tally.errors, "行读不懂", "lines were not understood"),
    };
    match fail_on.iter().map(found).find(|(count, ..)| *count > 0) {
        None => Ok(()),
        Some((count, zh, en)) => {
            Err(Fail::new(Kind::No, both(format!("{count} {zh}"), format!("{count} {en}")))
                .because(both("--fail-on 要求这样结束", "--fail-on asked for this")))
        }
    }
}
