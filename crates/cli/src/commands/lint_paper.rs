//! `mingbai lint-paper`: are the templates fit for a borrower? Sets every paper with probe loans and reads the finished pages.

use std::path::PathBuf;

use clap::Args;
use mingbai_core::text::both;
use mingbai_paper::DocKind;

use crate::args::DirArgs;
use crate::config::Settings;
use crate::fail::{Fail, Kind};
use crate::house::templates::{FONTS, Found, Own, TEMPLATES, lint};
use crate::screen::{Screen, Tone};

/// `mingbai lint-paper`.
#[derive(Debug, Args)]
pub struct LintPaperArgs {
    /// Data folder.
    #[command(flatten)]
    pub at: DirArgs,
    /// 模板文件夹,默认是数据目录里的 templates / folder of templates, otherwise `templates` in the data folder
    #[arg(long, value_name = "FOLDER")]
    pub templates: Option<PathBuf>,
    /// 字体文件夹,默认是数据目录里的 fonts / folder of fonts, otherwise `fonts` in the data folder
    #[arg(long, value_name = "FOLDER")]
    pub fonts: Option<PathBuf>,
    /// 只查这一种文件,可重复 / only this paper, can be repeated
    #[arg(long, value_name = "NAME", value_parser = of_name)]
    pub paper: Vec<DocKind>,
}

/// A paper by its name.
fn of_name(name: &str) -> Result<DocKind, String> {
    let names: Vec<&str> = DocKind::ALL.into_iter().map(DocKind::name).collect();
    let known = DocKind::ALL.into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| format!("{} / one of: {}", "没有这种文件", names.join(", ")))
}

/// Runs the command: fails with exit code 1 when anything was found.
pub fn run(args: &LintPaperArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let dir = &settings.dir.value;
    let templates = args.templates.clone().unwrap_or_else(|| dir.join(TEMPLATES));
    let own = Own::read(&templates, &args.fonts.clone().unwrap_or_else(|| dir.join(FONTS)))?;
    let paper = own.press()?;
    let mut count = 0;
    for kind in DocKind::ALL.into_iter().filter(|kind| args.paper.is_empty() || args.paper.contains(kind)) {
        let found = lint(&paper, kind)?;
        let from = match own.templates.get(&kind) {
            Some(template) => format!("{} sha256:{}", screen.pick("自定义", "own"), template.digest()),
            None => screen.pick("内置", "built in").to_owned(),
        };
        let mark =
            if found.is_empty() { screen.toned(Tone::Good, "OK") } else { screen.toned(Tone::Bad, "✗") };
        screen.line(format!("{mark} {} ({from})", kind.name()));
        for one in &found {
            tell(one, screen);
        }
        count += found.len();
    }
    if count == 0 {
        screen.say("中英文、普通和大字版都通过了检查。", "Passed in both languages and both sizes.");
        return Ok(());
    }
    let what = both(format!("模板有 {count} 处问题"), format!("the templates have {count} findings"));
    Err(Fail::new(Kind::No, what).next(
        "按上面的说明逐处改好,再运行一次;没有通过的模板不会被使用。",
        "Correct each as said above and run this again; a template that does not pass is not used.",
    ))
}

fn tell(one: &Found, screen: &mut Screen) {
    let Found { edition, finding } = one;
    let place = finding.place.map_or(String::new(), |at| {
        let (zh, en) = (
            format!("第 {} 页,距左 {} 毫米、距上 {} 毫米", at.page, at.left_mm, at.top_mm),
            format!("page {}, {} mm from the left, {} mm from the top", at.page, at.left_mm, at.top_mm),
        );
        format!(" [{}]", screen.pick(&zh, &en))
    });
    let remedy = finding.rule.remedy();
    screen.line(format!("    {} ({edition}){place}: {}", finding.rule.key(), finding.what));
    screen.line(format!("      → {}", screen.words(&remedy)));
}
