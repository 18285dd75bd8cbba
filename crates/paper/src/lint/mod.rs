//! Checks a template before it is released: sets it with probe tables and reads the finished pages as a borrower would. Every row
//! of the table is there, nothing is hidden, the key facts are large enough, places to sign, QR code and embedded table are there.
//! A template reaches no file, no package and no network; one that tries is refused here as it would be in service.

mod ink;

use mingbai_cost::words::key_facts;
use mingbai_cost::{CostTable, Lang, Words};
use typst::comemo;
use typst::text::Font;
use typst_layout::PagedDocument;

use self::ink::{Ink, Unseen};
use crate::view::View;
use crate::view_letter::LetterView;
use crate::{DocContext, DocKind, Paper, PaperError, Sheet, TypeSize, boxes, paper, qr};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The template cannot be set: a fault in it, or a reach for files or packages.
    Broken,
    /// A row or amount of the cost table is not on the paper, or not where it can be seen.
    RowMissing,
    /// Text outside the page, or cut off.
    OffPage,
    /// Text under something else.
    Covered,
    /// Text in the colour of its ground.
    Invisible,
    /// Contrast below 4.5 : 1.
    Contrast,
    /// Text below 6 points.
    Tiny,
    /// A key fact below 12 points (小四), or below 14 (四号) in large print.
    KeyFactSmall,
    /// A place to sign is missing.
    SignaturePlace,
    /// A page without the QR code, or with one too small.
    Qr,
    /// A page without check code or page number.
    PageMark,
    /// The embedded table is missing.
    Data,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 12] = [
        Rule::Broken,
        Rule::RowMissing,
        Rule::OffPage,
        Rule::Covered,
        Rule::Invisible,
        Rule::Contrast,
        Rule::Tiny,
        Rule::KeyFactSmall,
        Rule::SignaturePlace,
        Rule::Qr,
        Rule::PageMark,
        Rule::Data,
    ];

    /// Stable name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Rule::Broken => "broken",
            Rule::RowMissing => "row-missing",
            Rule::OffPage => "off-page",
            Rule::Covered => "covered",
            Rule::Invisible => "invisible",
            Rule::Contrast => "contrast",
            Rule::Tiny => "tiny",
            Rule::KeyFactSmall => "key-fact-small",
            Rule::SignaturePlace => "signature-place",
            Rule::Qr => "qr",
            Rule::PageMark => "page-mark",
            Rule::Data => "data",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> Words {
        let (zh, en) = match self {
            Rule::Broken => (
                "按提示改正模板。模板只能用 house.typ、parts.typ 和 view，不能读文件、不能用软件包。",
                "Correct the template. It may use house.typ, parts.typ and the view; no other file and no package.",
            ),
            Rule::RowMissing => (
                "把这一行放回页面，用 view 里的原文，不要改写，不要删减。",
                "Put the row back on the page, in the view's own words: nothing reworded, nothing left out.",
            ),
            Rule::OffPage => (
                "把文字移到页面以内，不要用裁切的框。",
                "Move the text onto the page, and use no box that clips it.",
            ),
            Rule::Covered => {
                ("不要在文字上面放色块或图片。", "Lay no coloured block or picture over the text.")
            }
            Rule::Invisible => ("换成看得见的颜色。", "Use a colour that can be seen."),
            Rule::Contrast => (
                "文字和底色的对比度至少 4.5:1；文字下面不要放图片或渐变。",
                "Give text a contrast of at least 4.5:1 to its ground; no picture and no gradient under text.",
            ),
            Rule::Tiny => ("字号不得小于 6 磅。", "Set no text below 6 points."),
            Rule::KeyFactSmall => (
                "关键数字至少用小四号（12 磅）；大字版至少四号（14 磅）。",
                "Set key facts in at least 12 points (小四), in large print 14 points (四号).",
            ),
            Rule::SignaturePlace => (
                "用 house.typ 的 sign-place 放签名位置，名称不要改。",
                "Place it with sign-place of house.typ, under its own name.",
            ),
            Rule::Qr => (
                "每一页都用 paper 页眉，或自己放 qr.svg，边长至少 20 毫米。",
                "Use paper's page header, or place qr.svg yourself on every page, at least 20 mm wide.",
            ),
            Rule::PageMark => (
                "每一页都要有查验码和“第几页，共几页”；用 house.typ 的 paper 就有。",
                "Every page needs the check code and its number out of how many; paper of house.typ prints both.",
            ),
            Rule::Data => (
                "用 house.typ 的 paper，它会嵌入 data.json。",
                "Use paper of house.typ, which embeds data.json.",
            ),
        };
        Words::new(zh, en)
    }
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Page, from 1.
    pub page: usize,
    /// From the left edge of the page, in millimetres.
    pub left_mm: i64,
    /// From the upper edge of the page, in millimetres.
    pub top_mm: i64,
}

/// One thing that is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What is wrong.
    pub rule: Rule,
    /// Where, when it is somewhere.
    pub place: Option<Place>,
    /// The text, the row or the typesetter's complaint.
    pub what: String,
}

/// Findings of one rule that are told; more of the same would hide the others.
const SAME_RULE: usize = 24;
/// Smallest QR code, in millimetres.
const QR_MM: i64 = 20;

impl Paper {
    /// Everything that is wrong with the template of `kind`, set for this context and table. Nothing found, nothing wrong.
    ///
    /// # Errors
    /// A context or table that no paper can be made from; faults of the template are findings.
    pub fn lint(
        &self,
        kind: DocKind,
        doc: &DocContext,
        table: &CostTable,
    ) -> Result<Vec<Finding>, PaperError> {
        let view = View::new(&self.shelf.fonts, doc, table)?;
        let set = self.typeset(kind, doc, table);
        comemo::evict(paper::KEPT_DOCUMENTS);
        let document = match set {
            Ok(document) => document,
            Err(PaperError::Typeset { why }) => return Ok(vec![broken(why)]),
            Err(other) => return Err(other),
        };
        let ink = ink::read(&document);
        let mut found = Vec::new();
        unseen(&ink, &mut found);
        rows(kind, doc, (table, &self.shelf.fonts), &view, &ink, &mut found);
        marks(doc, &document, &ink, &mut found)?;
        places(kind, &document, &mut found);
        match paper::export(kind, doc, &document) {
            Ok(pdf) if pdf.windows(9).any(|w| w == b"data.json") => {}
            Ok(_) => found.push(Finding { rule: Rule::Data, place: None, what: "data.json".to_owned() }),
            Err(PaperError::Typeset { why }) => found.push(broken(why)),
            Err(other) => return Err(other),
        }
        Ok(few(found))
    }
}

fn broken(why: String) -> Finding {
    Finding { rule: Rule::Broken, place: None, what: why }
}

/// By rule and place, without repetition, at most [`SAME_RULE`] of a rule; rows stay in the order of the table.
fn few(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|finding| (finding.rule, finding.place));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let same = kept.iter().filter(|k| k.rule == finding.rule).count();
        if same < SAME_RULE && !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept
}

fn unseen(ink: &Ink, found: &mut Vec<Finding>) {
    for run in &ink.runs {
        let (rule, more) = match run.unseen {
            None => continue,
            Some(Unseen::Outside) => (Rule::OffPage, String::new()),
            Some(Unseen::Covered) => (Rule::Covered, String::new()),
            Some(Unseen::Tiny(cpt)) => (Rule::Tiny, format!(" ({}.{:02} pt)", cpt / 100, cpt % 100)),
            Some(Unseen::Faint(ratio)) => {
                let rule = if ratio < 150 { Rule::Invisible } else { Rule::Contrast };
                (rule, format!(" ({}.{:02}:1)", ratio / 100, ratio % 100))
            }
        };
        if run.text.trim().is_empty() {
            continue;
        }
        let (left_mm, top_mm) = run.area.corner_mm();
        let place = Some(Place { page: run.page + 1, left_mm, top_mm });
        found.push(Finding { rule, place, what: format!("{}{more}", run.text.trim()) });
    }
}

/// Text without spaces and break marks, as it is compared.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}' && *c != '\u{AD}').collect()
}

fn rows(
    kind: DocKind,
    doc: &DocContext,
    (table, fonts): (&CostTable, &[Font]),
    view: &View,
    ink: &Ink,
    found: &mut Vec<Finding>,
) {
    let seen: String =
        ink.runs.iter().filter(|run| run.unseen.is_none()).map(|run| bare(&run.text)).collect();
    let mut wanted: Vec<String> = Vec::new();
    let facts = key_facts(table);
    match kind {
        DocKind::CostTable => wanted.extend(view.cost_rows()),
        DocKind::Plan => wanted.extend(view.plan_rows()),
        DocKind::Contract => wanted.extend(view.cost_rows().into_iter().chain(view.plan_rows())),
        DocKind::Notice => wanted.extend(facts.iter().map(|fact| fact.value.get(doc.lang).to_owned())),
        DocKind::Certificate | DocKind::CallbackCard => wanted.extend(view.sheet_rows()),
        DocKind::Letter => {
            if let Sheet::Letter(letter) = &doc.sheet {
                wanted.extend(LetterView::new(fonts, doc, letter).texts());
            }
        }
    }
    for row in wanted {
        if !bare(&row).is_empty() && !seen.contains(&bare(&row)) {
            found.push(Finding { rule: Rule::RowMissing, place: None, what: row });
        }
    }
    let least = if doc.size == TypeSize::Large { 1_400 } else { 1_200 };
    for fact in view.key_figures(kind) {
        let large =
            |run: &&ink::Run| run.unseen.is_none() && run.text.contains(&fact) && run.size_cpt >= least;
        if ink.runs.iter().find(large).is_none() {
            let best = ink.runs.iter().filter(|run| run.text.contains(&fact)).max_by_key(|run| run.size_cpt);
            let place = best.map(|run| {
                let (left_mm, top_mm) = run.area.corner_mm();
                Place { page: run.page + 1, left_mm, top_mm }
            });
            let size = best.map_or(String::new(), |run| {
                format!(" ({}.{:02} pt)", run.size_cpt / 100, run.size_cpt % 100)
            });
            found.push(Finding { rule: Rule::KeyFactSmall, place, what: format!("{fact}{size}") });
        }
    }
}

/// QR code, check code and page number on every page.
fn marks(
    doc: &DocContext,
    document: &PagedDocument,
    ink: &Ink,
    found: &mut Vec<Finding>,
) -> Result<(), PaperError> {
    let code = qr::svg(&doc.qr_text)?;
    let pages = document.pages().len();
    for page in 0..pages {
        let place = Some(Place { page: page + 1, left_mm: 0, top_mm: 0 });
        let is_code = |p: &&ink::Picture| {
            p.page == page && p.seen && p.data.as_ref().is_some_and(|data| data.as_slice() == code.as_bytes())
        };
        match ink.pictures.iter().filter(is_code).map(|p| p.side_mm).max() {
            Some(side) if side >= QR_MM => {}
            Some(side) => found.push(Finding { rule: Rule::Qr, place, what: format!("{side} mm") }),
            None => found.push(Finding { rule: Rule::Qr, place, what: "qr.svg".to_owned() }),
        }
        let runs = ink.runs.iter().filter(|run| run.page == page && run.unseen.is_none());
        let text: String = runs.map(|run| bare(&run.text)).collect();
        let number = match doc.lang {
            Lang::Zh => format!("第{}页，共{pages}页", page + 1),
            Lang::En => format!("Page{}of{pages}", page + 1),
        };
        for mark in [bare(&doc.short_code), number] {
            if !text.contains(&mark) {
                found.push(Finding { rule: Rule::PageMark, place, what: mark });
            }
        }
    }
    Ok(())
}

fn places(kind: DocKind, document: &PagedDocument, found: &mut Vec<Finding>) {
    let wanted: &[&str] = match kind {
        DocKind::CostTable => &["sign-borrower", "sign-staff"],
        DocKind::Contract => &["sign-borrower", "sign-lender"],
        DocKind::Notice => &["sign-borrower"],
        DocKind::Plan | DocKind::Certificate | DocKind::CallbackCard | DocKind::Letter => &[],
    };
    let there = boxes::find(document);
    for name in wanted {
        // 40 by 8 millimetres: smaller, and a signature runs into the text.
        let good = |place: &&boxes::SignaturePlace| {
            place.name == *name
                && place.left_cpt >= 0
                && place.bottom_cpt >= 0
                && (kind == DocKind::Notice || (place.width_cpt >= 10_000 && place.height_cpt >= 2_000))
        };
        if there.iter().find(good).is_none() {
            found.push(Finding { rule: Rule::SignaturePlace, place: None, what: (*name).to_owned() });
        }
    }
}
