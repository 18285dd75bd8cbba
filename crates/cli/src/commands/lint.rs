//! `mingbai lint`: may this advertisement, contract or script be used as it is? Findings with their place, clause and a better way.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use mingbai_core::text::both;
use mingbai_lint::{Book, Finding, Form, Kind as Material, MATERIAL_MAX, Report, Severity};
use serde_json::json;

use crate::commands::{read_bytes, read_text};
use crate::fail::{Fail, Kind};
use crate::screen::{Screen, Tone};

const BOOK_LIMIT: u64 = 1024 * 1024;

/// `mingbai lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// 要检查的文件:.txt、.md、.html,- 为标准输入 / files to check, - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// 材料种类 / what it is
    #[arg(long, value_enum, value_name = "KIND", default_value = "advertisement")]
    pub kind: KindArg,
    /// 规则文件,默认用内置的 / a file of rules instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// 输出 JSON / print JSON
    #[arg(long)]
    pub json: bool,
}

/// Kinds of material as they are typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KindArg {
    /// 营销材料 / page, poster, message
    Advertisement,
    /// 合同协议 / contract and standard terms
    Contract,
    /// 人工话术 / what a consultant says
    Script,
    /// 智能语音话术 / what a machine says on the telephone
    VoiceScript,
    /// 培训材料 / what staff are taught
    Training,
}

impl KindArg {
    fn material(self) -> Material {
        match self {
            KindArg::Advertisement => Material::Advertisement,
            KindArg::Contract => Material::Contract,
            KindArg::Script => Material::Script,
            KindArg::VoiceScript => Material::VoiceScript,
            KindArg::Training => Material::Training,
        }
    }
}

/// Runs the command: fails with exit code 1 when something must be changed.
pub fn run(args: &LintArgs, screen: &mut Screen) -> Result<(), Fail> {
    let book = match &args.rules {
        Some(path) => Book::read(&read_text(path, BOOK_LIMIT)?).map_err(|e| {
            let shown = path.display();
            let what =
                both(format!("规则文件 {shown} 不能用"), format!("the file of rules {shown} cannot be used"));
            Fail::new(Kind::Input, what).caused_by(&e)
        })?,
        None => Book::embedded(),
    };
    let mut must_change = 0;
    let mut reports = Vec::new();
    for file in &args.files {
        let report = checked(&book, args.kind.material(), file)?;
        must_change += usize::from(report.must_change());
        if args.json {
            reports.push(as_json(file, &report));
        } else {
            show(file, &report, screen);
        }
    }
    if args.json {
        let whole = json!({"rules": book.id(), "notice": book.notice(), "files": reports});
        screen.line(whole.to_string());
    } else {
        let notice = screen.words(book.notice()).to_owned();
        let notice = screen.toned(Tone::Quiet, &format!("{} — {notice}", book.id()));
        screen.line(notice);
    }
    if must_change == 0 {
        return Ok(());
    }
    let what = both(
        format!("{must_change} 份材料有必须改的地方"),
        format!("{must_change} materials have places that must be changed"),
    );
    Err(Fail::new(Kind::No, what).next("改好后再查一遍。", "Change them, and check again."))
}

fn checked(book: &Book, kind: Material, file: &Path) -> Result<Report, Fail> {
    let source = if file == Path::new("-") { standard_input(file)? } else { of_file(file)? };
    let material = mingbai_lint::Material::read(form(file)?, &source).map_err(|e| {
        let shown = file.display();
        let what = both(format!("{shown} 查不了"), format!("{shown} cannot be checked"));
        let why = e.words();
        Fail::new(Kind::Input, what).because(both(why.zh, why.en))
    })?;
    Ok(book.check(kind, &material))
}

fn of_file(file: &Path) -> Result<String, Fail> {
    let bytes = read_bytes(file, MATERIAL_MAX as u64)?;
    String::from_utf8(bytes).map_err(|_| not_text(file))
}

fn standard_input(file: &Path) -> Result<String, Fail> {
    let mut bytes = Vec::new();
    let limit = MATERIAL_MAX as u64 + 1;
    std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(|e| Fail::reading(file, &e))?;
    String::from_utf8(bytes).map_err(|_| not_text(file))
}

fn not_text(file: &Path) -> Fail {
    let shown = file.display();
    Fail::new(Kind::Input, both(format!("{shown} 不是 UTF-8 文本"), format!("{shown} is not UTF-8 text")))
        .next(
            "请另存为 UTF-8 文本、Markdown 或 HTML 再查。",
            "Save it as UTF-8 text, Markdown or HTML first.",
        )
}

/// How a file is written, by its name.
fn form(file: &Path) -> Result<Form, Fail> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Form::of_name(name).ok_or_else(|| {
        let shown = file.display();
        let what = both(format!("{shown} 不是文本"), format!("{shown} is no text"));
        Fail::new(Kind::Input, what)
            .next("请先取出文字,存成 .txt、.md 或 .html。", "Take its text out first, as .txt, .md or .html.")
    })
}

fn show(file: &Path, report: &Report, screen: &mut Screen) {
    let shown = file.display();
    let (zh, en) = match report.findings.len() {
        0 => {
            let rules = report.rules;
            (format!("{shown}:{rules} 条规则没有查出问题"), format!("{shown}: {rules} rules found nothing"))
        }
        count => (format!("{shown}:{count} 处"), format!("{shown}: {count} findings")),
    };
    let tone = if report.must_change() { Tone::Bad } else { Tone::Strong };
    let title = screen.toned(tone, screen.pick(&zh, &en));
    screen.line(title);
    for finding in &report.findings {
        tell(finding, screen);
    }
}

fn tell(finding: &Finding, screen: &mut Screen) {
    let (mark, tone) = match finding.severity {
        Severity::Change => (screen.pick("✗ 必须改", "✗ change").to_owned(), Tone::Bad),
        Severity::Look => (screen.pick("? 要人看", "? look").to_owned(), Tone::Strong),
    };
    let mark = screen.toned(tone, &mark);
    let place = match &finding.place {
        Some(place) => format!("{}:{} “{}”", place.line, place.column, short(&place.words)),
        None => screen.pick("全文", "the whole text").to_owned(),
    };
    screen.line(format!("  {mark} {place}"));
    let title = screen.words(&finding.title).to_owned();
    screen.line(format!("      {title} ({}, {})", finding.rule, finding.right));
    if let Some(detail) = &finding.detail {
        let detail = screen.words(detail).to_owned();
        screen.line(format!("      = {detail}"));
    }
    let suggest = screen.words(&finding.suggest).to_owned();
    screen.line(format!("      → {suggest}"));
    let grade = finding.grade.name();
    let clause = format!("      § {} [{}]", screen.words(&finding.clause), screen.words(&grade));
    let clause = screen.toned(Tone::Quiet, &clause);
    screen.line(clause);
}

/// A long passage by its beginning.
fn short(words: &str) -> String {
    const MOST: usize = 60;
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= MOST { line } else { line.chars().take(MOST).chain(['…']).collect() }
}

fn as_json(file: &Path, report: &Report) -> serde_json::Value {
    let findings = report.findings.iter().map(|f| {
        let place = f.place.as_ref().map(|p| {
            json!({"from": p.bytes.start, "to": p.bytes.end, "line": p.line, "column": p.column, "words": p.words})
        });
        json!({
            "rule": f.rule, "right": f.right, "must_change": f.severity == Severity::Change, "place": place,
            "title": f.title, "detail": f.detail, "suggest": f.suggest, "clause": f.clause, "grade": f.grade.name(),
        })
    });
    json!({"file": file.display().to_string(), "rules": report.rules, "findings": findings.collect::<Vec<_>>()})
}
