//! What the machine says of a material: the linter's findings, cut to what a record can hold and a person can read.

use std::sync::LazyLock;

use mingbai_core::govern::review::{
    MachineFinding, MachinePlace, MachineReading, MachineReport, MaterialKind, Weight,
};
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_lint::{Book, Finding, Form, Kind, Material, Severity};

use super::Upload;
use crate::desk::Desk;

/// Most findings that a record keeps; the rest is counted.
const FINDINGS: usize = 120;
/// Most characters of the file's own words.
const WORDS: usize = 80;

/// Compiled once: the patterns take longer to build than a text takes to read.
static SHIPPED: LazyLock<Book> = LazyLock::new(Book::embedded);

impl Desk {
    /// Holds files against the rules for their kind.
    pub(super) fn machine_reads(&self, kind: MaterialKind, files: &[Upload]) -> MachineReport {
        let book = self.own_rules.as_ref().unwrap_or(&SHIPPED);
        let mut report = MachineReport {
            rules: book.id().to_owned(),
            readings: Vec::new(),
            findings: Vec::new(),
            left_out: 0,
        };
        for (upload, file) in files.iter().zip(0..) {
            let material = match readable(upload) {
                Ok(material) => material,
                Err(why) => {
                    report.readings.push(MachineReading::Not { why });
                    continue;
                }
            };
            let found = book.check(rules_of(kind), &material);
            report
                .readings
                .push(MachineReading::Whole { rules: u32::try_from(found.rules).unwrap_or(u32::MAX) });
            for finding in found.findings {
                if report.findings.len() < FINDINGS {
                    report.findings.push(as_kept(file, finding));
                } else {
                    report.left_out = report.left_out.saturating_add(1);
                }
            }
        }
        report
    }
}

/// Under which rules a kind falls: a page is an advertisement, and what describes a product is held to what a contract must say.
const fn rules_of(kind: MaterialKind) -> Kind {
    match kind {
        MaterialKind::Advertisement | MaterialKind::Page => Kind::Advertisement,
        MaterialKind::Contract | MaterialKind::Product => Kind::Contract,
        MaterialKind::Script => Kind::Script,
        MaterialKind::VoiceScript => Kind::VoiceScript,
        MaterialKind::Training => Kind::Training,
    }
}

fn readable(upload: &Upload) -> Result<Material, Words> {
    let form = Form::of_name(&upload.name).ok_or_else(|| {
        both(
            "机器只读文字、Markdown 和 HTML;这个文件全部由人来看",
            "the machine reads text, Markdown and HTML only; a person looks at all of this file",
        )
    })?;
    let text = std::str::from_utf8(&upload.bytes).map_err(|_| {
        both(
            "不是 UTF-8 文本,机器没有读;全部由人来看",
            "no UTF-8 text, so the machine did not read it; a person looks at all of it",
        )
    })?;
    Material::read(form, text).map_err(|error| error.words())
}

fn as_kept(file: u32, finding: Finding) -> MachineFinding {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let place = finding.place.map(|place| MachinePlace {
        line: number(place.line),
        column: number(place.column),
        words: shortened(&place.words),
    });
    MachineFinding {
        file,
        rule: finding.rule,
        weight: match finding.severity {
            Severity::Look => Weight::Look,
            Severity::Change => Weight::Change,
        },
        right: finding.right,
        title: finding.title,
        detail: finding.detail,
        suggest: finding.suggest,
        clause: finding.clause,
        place,
    }
}

fn shortened(words: &str) -> String {
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= WORDS { line } else { line.chars().take(WORDS).chain(['…']).collect() }
}

/// The media type of a file, by its name. Whatever a browser might run is sent as plain text.
pub(super) fn media(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        _ if Form::of_name(name).is_some() => "text/plain",
        _ => "application/octet-stream",
    }
}
