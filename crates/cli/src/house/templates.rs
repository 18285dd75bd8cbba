//! A lender's own templates and fonts, read from the folders `templates` and `fonts` of the data folder, checked before anything
//! is printed from them. See `docs/templates.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use mingbai_cost::{CostTable, Lang, Terms, quote};
use mingbai_evidence::Digest;
use mingbai_paper::lint::Finding;
use mingbai_paper::{
    CallCard, Contact, DocContext, DocKind, DocumentLine, Letter, Paper, PaperError, Sheet, SignatureLine,
    TEMPLATE_LIMIT, Template, Templates, Trail, TrailLine, TypeSize,
};

use crate::commands::{read_bytes, read_text};
use crate::examples;
use crate::fail::{Fail, Kind};

/// Folder of templates in the data folder.
pub const TEMPLATES: &str = "templates";
/// Folder of fonts in the data folder.
pub const FONTS: &str = "fonts";
/// Largest font file.
const FONT_BYTES: u64 = 64 * 1024 * 1024;
/// Most files in one of the folders.
const FILES: usize = 64;

/// Everything that a lender put there.
pub struct Own {
    /// Fonts by file name.
    pub fonts: Vec<(String, Vec<u8>)>,
    /// Templates by kind.
    pub templates: Templates,
}

impl Own {
    /// Reads both folders; one that is missing is empty.
    pub fn read(templates: &Path, fonts: &Path) -> Result<Self, Fail> {
        let mut own = Own { fonts: Vec::new(), templates: BTreeMap::new() };
        for path in files(templates)? {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            if path.extension().is_none_or(|ext| ext != "typ") {
                continue;
            }
            let kind =
                DocKind::ALL.into_iter().find(|kind| kind.name() == stem).ok_or_else(|| unknown(&path))?;
            let text = read_text(&path, TEMPLATE_LIMIT as u64)?;
            let digest = Digest::of(text.as_bytes()).to_string();
            own.templates.insert(kind, Template::new(text, digest).map_err(|e| unusable(&path, &e))?);
        }
        for path in files(fonts)? {
            let font = ["otf", "ttf", "ttc", "otc"];
            if path.extension().is_some_and(|ext| font.iter().any(|known| ext.eq_ignore_ascii_case(known))) {
                let name = path.display().to_string();
                own.fonts.push((name, read_bytes(&path, FONT_BYTES)?));
            }
        }
        Ok(own)
    }

    /// A press with them.
    pub fn press(&self) -> Result<Paper, Fail> {
        Paper::of(&self.fonts, &self.templates).map_err(|e| no_paper(&e))
    }

    /// The press for service: own templates must have no finding, in either language and size.
    pub fn checked(&self) -> Result<Paper, Fail> {
        let paper = self.press()?;
        for &kind in self.templates.keys() {
            if let Some(first) = lint(&paper, kind)?.first() {
                let name = format!("{}.typ", kind.name());
                let what = both(
                    format!("自定义模板 {name} 没有通过检查"),
                    format!("the template {name} did not pass its check"),
                );
                let why = format!("{}: {}", first.finding.rule.key(), first.finding.what);
                return Err(Fail::new(Kind::Input, what).because(both(why.clone(), why)).next(
                    "运行 mingbai lint-paper 看全部问题,改好后再启动。",
                    "Run mingbai lint-paper to see everything, correct it and start again.",
                ));
            }
        }
        Ok(paper)
    }
}

/// A finding with the edition in which it was made.
pub struct Found {
    pub edition: String,
    pub finding: Finding,
}

/// Everything that is wrong with one template, over both languages, both sizes and two probe loans; each thing once.
pub fn lint(paper: &Paper, kind: DocKind) -> Result<Vec<Found>, Fail> {
    let mut all: Vec<Found> = Vec::new();
    for table in probes()? {
        for (lang, size) in [
            (Lang::Zh, TypeSize::Normal),
            (Lang::Zh, TypeSize::Large),
            (Lang::En, TypeSize::Normal),
            (Lang::En, TypeSize::Large),
        ] {
            let found = paper.lint(kind, &probe(kind, lang, size), &table).map_err(|e| no_paper(&e))?;
            let edition = match (lang, size) {
                (Lang::Zh, TypeSize::Normal) => "zh",
                (Lang::Zh, TypeSize::Large) => "zh-large",
                (Lang::En, TypeSize::Normal) => "en",
                (Lang::En, TypeSize::Large) => "en-large",
            };
            for finding in found {
                let known = |f: &Found| f.finding.rule == finding.rule && f.finding.what == finding.what;
                if !all.iter().any(known) {
                    all.push(Found { edition: edition.to_owned(), finding });
                }
            }
        }
    }
    Ok(all)
}

/// A clean loan, and one like the complaints with every kind of fee.
fn probes() -> Result<Vec<CostTable>, Fail> {
    let table = |terms: &Terms| {
        quote(terms).map_err(|e| {
            Fail::new(Kind::Internal, both("算不出成本表", "there is no cost table")).because(e.words())
        })
    };
    examples::offers()?.iter().skip(1).map(table).collect()
}

fn probe(kind: DocKind, lang: Lang, size: TypeSize) -> DocContext {
    let text = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let sheet = match kind {
        DocKind::Certificate => Sheet::Trail(Trail {
            standing: text("办理中", "in progress"),
            lines: vec![TrailLine {
                seq: 0,
                index: 41,
                at: "2026-01-15 10:20".to_owned(),
                who: text("借款人本人", "the borrower"),
                what: text("借款人打开了成本表。", "The borrower opened the cost table."),
                hash: Digest::of(b"line").to_string(),
            }],
            documents: vec![DocumentLine {
                name: text("个人借款合同", "Loan contract"),
                at: "2026-01-15 10:20".to_owned(),
                code: "PR0B E000 0001".to_owned(),
                sha256: Digest::of(b"document").to_string(),
            }],
            signatures: vec![SignatureLine {
                signer: text("借款人", "borrower"),
                at: "2026-01-15 10:21".to_owned(),
                serial: "01 02 FF".to_owned(),
                issuer: "Probe CA".to_owned(),
                digest: Digest::of(b"signed").to_string(),
            }],
            log_size: 42,
            log_root: Digest::of(b"root").to_string(),
        }),
        DocKind::CallbackCard => Sheet::Call(CallCard {
            number: "400-000-0000".to_owned(),
            questions: vec![text("每个月要还多少钱?", "How much do you pay a month?")],
            code: "PR0B E000 0001".to_owned(),
        }),
        DocKind::Letter => Sheet::Letter(letter(text)),
        _ => Sheet::None,
    };
    DocContext {
        lang,
        size,
        short_code: "PR0B E000 0001".to_owned(),
        verify_url: "https://probe.example/c/PR0BE0000001".to_owned(),
        qr_text: "HTTPS://PROBE.EXAMPLE/C/PR0BE0000001/MZXW6YTBOI2DKNRXHA4TQMJSGM2DKNRX".to_owned(),
        reference: "0000 0000 0000 0001".to_owned(),
        borrower_name: Some("欧阳测试".to_owned()),
        lender_contact: Contact {
            phone: "400-000-0000".to_owned(),
            complaint_phone: "400-000-0001".to_owned(),
        },
        prepared_at: "2026-01-15 10:20".to_owned(),
        prepared_at_ms: 1_768_443_600_000,
        table_digest: Digest::of(b"probe").to_string(),
        sheet,
    }
}

fn letter(text: impl Fn(&str, &str) -> String) -> Letter {
    Letter {
        from: text("测试贷款公司", "Probe Loans"),
        facts: vec![
            (text("收到日期", "Received"), "2026-01-05".to_owned()),
            (text("答复日期", "Answered"), "2026-01-15".to_owned()),
        ],
        outcome: text("部分成立", "upheld in part"),
        text: vec![text(&"查了流水,也听了录音。".repeat(40), &"We looked at the payments. ".repeat(40))],
        remedies: vec![text("退款 1,234.56 元", "CNY 1,234.56 back")],
        ways: vec![text("申请第三方调解", "ask for mediation by a third party")],
    }
}

/// The files of a folder in order; none when it is not there.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Fail> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Fail::reading(folder, &e)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Fail::reading(folder, &e))?.path();
        if path.is_file() {
            files.push(path);
        }
        if files.len() > FILES {
            let shown = folder.display();
            let what = both(
                format!("{shown} 里的文件超过 {FILES} 个"),
                format!("{shown} has more than {FILES} files"),
            );
            return Err(Fail::new(Kind::Input, what).next("请清理后再试。", "Clear it up and try again."));
        }
    }
    files.sort();
    Ok(files)
}

fn unknown(path: &Path) -> Fail {
    let shown = path.display();
    let names: Vec<&str> = DocKind::ALL.into_iter().map(DocKind::name).collect();
    let what = both(format!("不认识模板 {shown}"), format!("no paper is called {shown}"));
    Fail::new(Kind::Input, what).next(
        format!("文件名只能是:{}(后缀 .typ)。", names.join("、")),
        format!("Name it one of: {} (with .typ).", names.join(", ")),
    )
}

fn unusable(path: &Path, e: &PaperError) -> Fail {
    let shown = path.display();
    Fail::new(Kind::Input, both(format!("{shown} 不能用"), format!("{shown} cannot be used")))
        .because(e.words())
}

fn no_paper(e: &PaperError) -> Fail {
    Fail::new(Kind::Internal, both("不能生成 PDF", "no PDF can be made")).because(e.words())
}
