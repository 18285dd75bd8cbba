//! The linter: a bad template is found for each rule, at its place. That what comes with the program has no finding is proven
//! beside the golden texts, from the same pages.

use std::collections::BTreeMap;

use mingbai_cost::{Lang, Words};
use mingbai_paper::lint::{Finding, Rule};
use mingbai_paper::{DocKind, Paper, PaperError, Template, TypeSize};

use crate::fixture::{context, costly, honest, table, with};

const COST: &str = include_str!("../../templates/cost_table.typ");

fn press(kind: DocKind, text: &str) -> Paper {
    let own = BTreeMap::from([(kind, Template::new(text, "ab12").unwrap())]);
    Paper::of(&[], &own).unwrap()
}

fn lint(paper: &Paper, kind: DocKind, lang: Lang, size: TypeSize) -> Vec<Finding> {
    paper.lint(kind, &with(kind, &context(lang, size)), &table(costly(5_000_000, 6))).unwrap()
}

/// Findings about a cost table whose template has been changed.
fn of(text: &str) -> Vec<Finding> {
    assert_ne!(text, COST, "the change did not take");
    lint(&press(DocKind::CostTable, text), DocKind::CostTable, Lang::Zh, TypeSize::Normal)
}

#[track_caller]
fn finds(found: &[Finding], rule: Rule, what: &str) {
    let hit = found.iter().any(|f| f.rule == rule && f.what.contains(what));
    assert!(hit, "no {rule:?} about {what:?} in {found:#?}");
    assert!(!rule.remedy().zh.is_empty() && !rule.remedy().en.is_empty());
}

/// Long names, the largest amounts, thirty-six rows and no name: still nothing hidden, cut off or small.
#[test]
fn the_longest_names_and_amounts_have_no_finding() {
    let paper = Paper::new().unwrap();
    let mut long = table(costly(123_456_789_012, 36));
    long.product.name = Words::new("特别长的产品名称".repeat(3), "a very long product name ".repeat(2));
    for kind in [DocKind::CostTable, DocKind::Notice, DocKind::CallbackCard] {
        for lang in [Lang::Zh, Lang::En] {
            let mut doc = with(kind, &context(lang, TypeSize::Normal));
            doc.borrower_name = Some("阿卜杜热西提·买买提依明".repeat(2));
            let found = paper.lint(kind, &doc, &long).unwrap();
            assert!(found.is_empty(), "{kind:?} {lang:?}: {found:#?}");
        }
    }
}

#[test]
fn a_row_left_out_is_found() {
    let found = of(&COST.replace("#cost-sections()", ""));
    finds(&found, Rule::RowMissing, "安心融资担保有限公司");
    finds(&found, Rule::KeyFactSmall, "%");
}

#[test]
fn hidden_text_is_found_with_its_place() {
    let white =
        of(&COST.replace("#cost-sections()", "#{ set text(fill: white); [白底白字]; cost-sections() }"));
    finds(&white, Rule::Invisible, "白底白字");
    assert!(white.iter().any(|f| f.place.is_some_and(|at| at.page == 1 && at.left_mm == 18)));
    let faint = of(&COST.replace("#cost-sections()", "#text(fill: luma(170))[浅灰的字]\n#cost-sections()"));
    finds(&faint, Rule::Contrast, "浅灰的字");
    let tiny = of(&COST.replace("#cost-sections()", "#text(size: 4pt)[蝇头小字]\n#cost-sections()"));
    finds(&tiny, Rule::Tiny, "蝇头小字");
    let scaled = of(&COST.replace("#cost-sections()", "#scale(30%)[缩小的字]\n#cost-sections()"));
    finds(&scaled, Rule::Tiny, "缩小的字");
    let off = of(&COST.replace("#cost-sections()", "#place(dx: 400mm)[页外的字]\n#cost-sections()"));
    finds(&off, Rule::OffPage, "页外的字");
    let clipped = of(&COST.replace(
        "#cost-sections()",
        "#box(width: 2mm, height: 4mm, clip: true)[被裁掉的字]\n#cost-sections()",
    ));
    finds(&clipped, Rule::OffPage, "裁");
    let covered = of(&COST.replace(
        "#cost-sections()",
        "#box[盖住的字#place(top + left, rect(width: 30mm, height: 6mm, fill: white))]\n#cost-sections()",
    ));
    finds(&covered, Rule::Covered, "盖住的字");
    let hidden = of(&COST.replace("#cost-sections()", "#hide(cost-sections())"));
    finds(&hidden, Rule::RowMissing, "担保费");
}

#[test]
fn small_key_facts_are_found() {
    let found = of(&COST.replace(
        "#key-amounts()",
        "#text(size: 9pt)[#m.principal.yuan #m.net.yuan #m.cost.yuan #m.repayable.yuan]",
    ));
    finds(&found, Rule::KeyFactSmall, "50,000.00 (10.50 pt)");
}

#[test]
fn missing_places_codes_marks_and_data_are_found() {
    let found = of(&COST.replace("sign-row(\"sign-borrower\", t(\"sign-borrower\"), 11mm)", ""));
    finds(&found, Rule::SignaturePlace, "sign-borrower");
    let found = of(&COST.replace("#key-amounts()", "#set page(header: none, footer: none)\n#key-amounts()"));
    finds(&found, Rule::Qr, "qr.svg");
    finds(&found, Rule::PageMark, "K7QX");
    finds(&found, Rule::PageMark, "页");
    let bare = "#import \"parts.typ\": *\n#set document(title: \"x\", date: none)\n#set text(lang: \"zh\", font: \"Noto Sans S Chinese\")\n= 表\n";
    finds(&of(bare), Rule::Data, "data.json");
}

#[test]
fn a_template_that_reaches_out_is_broken_with_its_line() {
    for (line, reach) in [
        ("/etc/passwd", "#read(\"/etc/passwd\")"),
        ("", "#import \"@preview/evil:1.0.0\": *"),
        ("", "#include \"plan.typ\""),
        ("", "#panic(\"x\")"),
    ] {
        let found = of(&format!("{reach}\n{COST}"));
        finds(&found, Rule::Broken, "cost-table.typ:1");
        assert_eq!(found.len(), 1, "{line}");
    }
}

#[test]
fn a_template_leaves_its_digest_in_the_file_and_has_limits() {
    let paper = press(DocKind::Notice, include_str!("../../templates/notice.typ"));
    let pdf = paper.notice(&context(Lang::Zh, TypeSize::Normal), &table(honest(2_000_000, 6))).unwrap();
    assert!(pdf.windows(13).any(|w| w == b"template=ab12"));
    assert!(matches!(Template::new("x".repeat(300_000), "ab"), Err(PaperError::Template { .. })));
    assert!(matches!(Template::new("x", "not hex"), Err(PaperError::Template { .. })));
    let broken = Paper::of(&[("own.ttf".to_owned(), b"no font".to_vec())], &BTreeMap::new());
    assert!(matches!(broken, Err(PaperError::Font { .. })));
}
