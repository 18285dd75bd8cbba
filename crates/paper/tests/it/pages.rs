//! Golden texts, figures to the fen, bytes that repeat, and hostile input.

use std::sync::OnceLock;

use mingbai_cost::{CostTable, Fen, Lang, Words};
use mingbai_paper::{DocContext, DocKind, Paper, PaperError, TypeSize};

use crate::fixture::{context, costly, honest, table, with};

const ALL: [DocKind; 7] = DocKind::ALL;

fn paper() -> &'static Paper {
    static PAPER: OnceLock<Paper> = OnceLock::new();
    PAPER.get_or_init(|| Paper::new().unwrap())
}

fn text(kind: DocKind, doc: &DocContext, table: &CostTable) -> String {
    paper().page_texts(kind, &with(kind, doc), table).unwrap().join("\n--- next page ---\n")
}

fn normal() -> DocContext {
    context(Lang::Zh, TypeSize::Normal)
}

/// Writes the papers where a person can look at them:
/// `cargo test -p mingbai-paper --test it -- --ignored --nocapture`, then look into `target/tmp`.
#[test]
#[ignore = "writes sample files to target/tmp for a person to look at"]
fn write_samples() {
    let out = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, spec) in [("honest", honest(2_000_000, 12)), ("costly", costly(5_000_000, 24))] {
        let table = table(spec);
        for (lang, size) in [
            (Lang::Zh, TypeSize::Normal),
            (Lang::Zh, TypeSize::Large),
            (Lang::En, TypeSize::Normal),
            (Lang::En, TypeSize::Large),
        ] {
            for kind in ALL {
                let doc = context(lang, size);
                #[expect(
                    clippy::disallowed_methods,
                    reason = "prints how long a paper takes in the dev profile"
                )]
                let begin = std::time::Instant::now();
                let pdf = paper().pdf(kind, &with(kind, &doc), &table).unwrap();
                let ms = begin.elapsed().as_millis();
                let file = out.join(format!("{name}-{}-{lang:?}-{size:?}.pdf", kind.name()));
                println!("{ms:5} ms {:7} bytes {}", pdf.len(), file.display());
                std::fs::write(file, pdf).unwrap();
            }
        }
    }
}

#[test]
fn the_texts_are_the_golden_ones_and_the_linter_finds_nothing() {
    let table = table(costly(5_000_000, 12));
    for kind in ALL {
        for (name, lang, size) in [
            ("zh", Lang::Zh, TypeSize::Normal),
            ("en", Lang::En, TypeSize::Normal),
            ("zh-large", Lang::Zh, TypeSize::Large),
            ("en-large", Lang::En, TypeSize::Large),
        ] {
            let name = format!("{}-{name}", kind.name());
            let doc = context(lang, size);
            insta::assert_snapshot!(name, text(kind, &doc, &table));
            let found = paper().lint(kind, &with(kind, &doc), &table).unwrap();
            assert!(found.is_empty(), "{kind:?} {lang:?} {size:?}: {found:#?}");
        }
    }
}

/// The annexes are the cost table and the plan, figure by figure: what stands there stands in the contract.
#[test]
fn the_contract_holds_the_whole_table_and_the_whole_plan() {
    for lang in [Lang::Zh, Lang::En] {
        let (doc, table) = (context(lang, TypeSize::Normal), table(costly(4_999_999, 24)));
        let contract = text(DocKind::Contract, &doc, &table);
        for kind in [DocKind::CostTable, DocKind::Plan] {
            let figures = text(kind, &doc, &table);
            let figure = |word: &&str| word.ends_with(|c: char| c.is_ascii_digit()) && word.contains('.');
            for word in figures.split_whitespace().filter(figure) {
                assert!(contract.contains(word), "{lang:?}: the contract lacks {word} of {kind:?}");
            }
        }
        let flat = contract.replace('\n', "");
        for wanted in [table.principal_fen.upper_zh(), table.total_repayable_fen.upper_zh()] {
            assert!(flat.contains(&wanted), "{wanted}");
        }
    }
}

/// DESIGN law 4: cost table and plan together show every figure of the one table, to the fen.
#[test]
fn every_figure_is_on_paper() {
    for spec in [honest(2_000_000, 12), costly(4_999_999, 36)] {
        let table = table(spec);
        let doc = normal();
        let (sheet, plan) = (text(DocKind::CostTable, &doc, &table), text(DocKind::Plan, &doc, &table));
        let shown =
            |text: &str, amount: Fen| assert!(text.contains(&amount.yuan_grouped()), "{amount} is missing");
        let late = &table.default_costs.late_example;
        for amount in [
            table.principal_fen,
            table.net_payout_fen,
            table.total_interest_fen,
            table.total_fees_fen,
            table.total_cost_fen,
            table.total_repayable_fen,
            table.cost_per_10k_fen,
            table.default_costs.late_fee_fen,
            late.overdue_interest_fen,
            late.compound_interest_fen,
            late.late_fee_fen,
            late.extra_fen,
            late.due_fen,
        ] {
            shown(&sheet, amount);
        }
        assert!(sheet.replace('\n', "").contains(&table.principal_fen.upper_zh()));
        for item in &table.items {
            shown(&sheet, item.total_fen);
            assert!(sheet.contains(&item.name.zh));
            item.charges.iter().for_each(|charge| shown(&plan, charge.amount_fen));
        }
        for row in &table.instalments {
            let figures = [row.principal_fen, row.interest_fen, row.fees_fen, row.total_fen, row.balance_fen];
            figures.into_iter().for_each(|amount| shown(&plan, amount));
            assert!(plan.contains(&row.due_on.to_string()));
        }
        for row in &table.early {
            let figures = [row.balance_fen, row.fee_fen, row.refund_fen, row.payoff_fen, row.saved_fen];
            figures.into_iter().for_each(|amount| shown(&plan, amount));
        }
    }
}

#[test]
fn money_kept_back_raises_the_flag_and_nothing_else_does() {
    let flag = "砍头息";
    assert!(text(DocKind::CostTable, &normal(), &table(costly(5_000_000, 12))).contains(flag));
    assert!(!text(DocKind::CostTable, &normal(), &table(honest(5_000_000, 12))).contains(flag));
}

#[test]
fn code_and_page_number_stand_on_every_page() {
    let doc = normal();
    for kind in ALL {
        let pages = paper().page_texts(kind, &with(kind, &doc), &table(costly(5_000_000, 60))).unwrap();
        let n = pages.len();
        for (i, page) in pages.iter().enumerate() {
            let flat = page.replace('\n', "");
            assert!(flat.contains(&doc.short_code), "{kind:?} page {}", i + 1);
            assert!(flat.contains(&format!("第 {} 页，共 {n} 页", i + 1)), "{kind:?} page {}: {flat}", i + 1);
        }
    }
}

#[test]
fn the_notice_is_one_page_for_everyone() {
    let mut long = table(costly(123_456_789_012, 36));
    long.product.name = Words::new("特别长的产品名称".repeat(5), "a very long product name ".repeat(5));
    for lang in [Lang::Zh, Lang::En] {
        for size in [TypeSize::Normal, TypeSize::Large] {
            for table in [&long, &table(honest(2_000_000, 12))] {
                let mut doc = context(lang, size);
                doc.borrower_name = Some("阿卜杜热西提·买买提依明".repeat(3));
                assert_eq!(
                    paper().page_texts(DocKind::Notice, &doc, table).unwrap().len(),
                    1,
                    "{lang:?} {size:?}"
                );
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let table = table(costly(5_000_000, 12));
    for kind in ALL {
        let first = paper().pdf(kind, &with(kind, &normal()), &table).unwrap();
        let other = Paper::new().unwrap().pdf(kind, &with(kind, &normal()), &table).unwrap();
        assert!(first == other, "{kind:?} differs between two presses");
    }
}

/// The same paper from another process: nothing of this run (addresses, hash seeds, threads) reaches the bytes.
#[test]
fn another_process_prints_the_same_bytes() {
    const OUT: &str = "MINGBAI_PAPER_OUT";
    let made = paper().notice(&normal(), &table(costly(5_000_000, 12))).unwrap();
    if let Some(path) = std::env::var_os(OUT) {
        std::fs::write(path, made).unwrap();
        return;
    }
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("another-process.pdf");
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "pages::another_process_prints_the_same_bytes"])
        .env(OUT, &path)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    assert!(std::fs::read(&path).unwrap() == made, "two processes print different bytes");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_file_is_tagged_archivable_and_carries_its_data() {
    let table = table(costly(5_000_000, 12));
    for (kind, title) in [
        (DocKind::CostTable, "个人贷款综合融资成本明示表"),
        (DocKind::Plan, "还款计划"),
        (DocKind::Notice, "贷款明白纸"),
        (DocKind::Contract, "个人借款合同"),
        (DocKind::Certificate, "签约过程和存证证明"),
        (DocKind::CallbackCard, "贷款回访卡"),
    ] {
        let pdf = paper().pdf(kind, &with(kind, &normal()), &table).unwrap();
        let has = |bytes: &[u8]| pdf.windows(bytes.len()).any(|window| window == bytes);
        for mark in [
            "%PDF-1.7",
            "/StructTreeRoot",
            "/Marked true",
            "/Lang(zh-CN)",
            "/AFRelationship/Source",
            "data.json",
            "<pdfaid:part>3</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            title,
        ] {
            assert!(has(mark.as_bytes()), "{kind:?} lacks {mark}");
        }
        let data = serde_json::to_vec(&table).unwrap();
        assert!(has(format!("/Size {}", data.len()).as_bytes()), "the embedded file has another length");
        let limit = if kind == DocKind::Contract { 300_000 } else { 200_000 };
        assert!(pdf.len() < limit, "{kind:?} has {} bytes", pdf.len());
    }
}

#[test]
fn hostile_names_are_text_and_nothing_more() {
    let table = table(honest(2_000_000, 12));
    for name in [
        "#import \"@preview/evil:1.0.0\": *",
        "#panic(\"x\") $ x^2 $ *粗* _斜_ `raw` <label> @ref \\ // /* */ = 标题",
        "#eval(\"1+1\") #read(\"/etc/passwd\") #sys.inputs",
        "]] } ) ; {} {}",
    ] {
        let mut doc = normal();
        doc.borrower_name = Some(name.into());
        for kind in [DocKind::CostTable, DocKind::Notice] {
            let flat: String = text(kind, &doc, &table).split_whitespace().collect();
            let wanted: String = name.split_whitespace().collect();
            assert!(flat.replace('\u{200B}', "").contains(&wanted), "{name} is not printed as it is: {flat}");
        }
    }
}

#[test]
fn hidden_and_unknown_characters_are_shown_as_code_points() {
    let mut doc = normal();
    doc.borrower_name = Some("王\u{202E}秀\u{0}兰\u{1F600}\u{E000}".into());
    let page = text(DocKind::Notice, &doc, &table(honest(2_000_000, 12)));
    assert!(page.contains("王〔U+202E〕秀〔U+0000〕兰〔U+1F600〕〔U+E000〕"), "{page}");
    assert!(page.contains("国际统一编号"), "the note says what a code point is: {page}");
    // GB 18030-2022 level 1 and 2, 通用规范汉字表, and some that only the second pair of faces has (鿔 鿟 𠮷).
    for name in ["喆堃犇頔翀䶮𬭼鿏〇㛃𬱖𫖮", "鿔鿟𠮷"] {
        doc.borrower_name = Some(name.into());
        let page = text(DocKind::Notice, &doc, &table(honest(2_000_000, 12))).replace('\n', "");
        assert!(page.contains(name) && !page.contains("〔U+"), "{name}: {page}");
    }
}

#[test]
fn sizes_are_limited() {
    let mut doc = normal();
    let table = table(honest(2_000_000, 12));
    doc.borrower_name = Some("长".repeat(2_000));
    let error = paper().notice(&doc, &table).unwrap_err();
    assert_eq!(error, PaperError::TextTooLong { field: "borrower_name", length: 2_000, limit: 120 });
    assert!(error.words().zh.contains("2000"));
    doc.borrower_name = Some("X".repeat(120));
    paper().cost_table(&doc, &table).unwrap();
    doc.borrower_name = None;
    paper().cost_table(&doc, &table).unwrap();
    doc.prepared_at_ms = i64::MAX;
    assert_eq!(paper().notice(&doc, &table).unwrap_err(), PaperError::Moment { at_ms: i64::MAX });
    let mut doc = normal();
    doc.qr_text = "A".repeat(1_000);
    assert!(matches!(paper().notice(&doc, &table), Err(PaperError::TextTooLong { .. })));
    let mut many = table.clone();
    many.instalments = many.instalments.iter().cycle().take(601).copied().collect();
    assert!(matches!(paper().plan(&normal(), &many), Err(PaperError::TooManyRows { .. })));
}

#[test]
fn twenty_years_and_no_rows_at_all_are_printed() {
    let long = table(honest(10_000_000_000, 240));
    assert!(paper().page_texts(DocKind::Plan, &normal(), &long).unwrap().len() > 8);
    let mut empty = table(honest(2_000_000, 12));
    empty.instalments.clear();
    empty.early.clear();
    empty.items.clear();
    for kind in ALL {
        paper().pdf(kind, &with(kind, &normal()), &empty).unwrap();
    }
}

#[test]
fn the_places_to_sign_lie_on_the_last_page_and_stand_in_the_file() {
    for (lang, size) in
        [(Lang::Zh, TypeSize::Normal), (Lang::En, TypeSize::Normal), (Lang::Zh, TypeSize::Large)]
    {
        let (doc, table) = (context(lang, size), table(costly(500_000, 12)));
        let places = paper().signature_places(DocKind::CostTable, &doc, &table).unwrap();
        let names: Vec<&str> = places.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["sign-borrower", "sign-staff"]);
        let pages = paper().page_texts(DocKind::CostTable, &doc, &table).unwrap().len();
        let pdf = paper().cost_table(&doc, &table).unwrap();
        for place in &places {
            assert_eq!(place.page_index, pages - 1, "{place:?}");
            assert!(place.left_cpt > 5100 && place.left_cpt + place.width_cpt < 59528 - 5100, "{place:?}");
            assert!(
                place.bottom_cpt > 5669 && place.width_cpt > 10_000 && place.height_cpt > 2000,
                "{place:?}"
            );
            let keyword = format!("{}={}:{},", place.name, place.page_index + 1, place.left_cpt);
            assert!(pdf.windows(keyword.len()).any(|w| w == keyword.as_bytes()), "{keyword}");
        }
        assert!(places[0].bottom_cpt > places[1].bottom_cpt + places[1].height_cpt, "they do not overlap");
    }
    let doc = normal();
    let places = paper().signature_places(DocKind::Contract, &doc, &table(costly(500_000, 12))).unwrap();
    let names: Vec<&str> = places.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["sign-borrower", "sign-lender"]);
    let notice = paper().signature_places(DocKind::Notice, &normal(), &table(honest(500_000, 12))).unwrap();
    assert_eq!(notice.len(), 1);
}

/// What is filled in by hand has a place of its own in the file, so that ink there is expected and ink elsewhere is not.
#[test]
fn the_places_to_fill_in_stand_in_the_file() {
    let table = table(costly(500_000, 12));
    for (kind, names) in [
        (
            DocKind::CostTable,
            &["fill-total", "fill-cost", "fill-date-borrower", "fill-date-staff", "sign-borrower"][..],
        ),
        (DocKind::Contract, &["fill-date-borrower", "fill-date-lender", "sign-lender"]),
        (DocKind::Notice, &["fill-date-borrower", "sign-borrower"]),
    ] {
        let pdf = paper().pdf(kind, &normal(), &table).unwrap();
        for name in names {
            let keyword = format!("{name}=");
            assert!(pdf.windows(keyword.len()).any(|w| w == keyword.as_bytes()), "{kind:?} lacks {name}");
        }
    }
}

/// Other crates' tests work on these very papers. `MINGBAI_UPDATE_PAPER=1` writes them anew.
#[test]
fn the_papers_in_other_crates_tests_are_current() {
    // A tenth of a percent more, under the same code: what a forger would typeset.
    let mut dearer = costly(5_000_000, 24);
    dearer.plan.annual_rate_ppm += 1_000;
    for (kind, spec, path) in [
        (DocKind::CostTable, costly(500_000, 12), "sign/tests/data/cost-table.pdf"),
        (DocKind::CostTable, costly(500_000, 12), "scan/tests/data/cost-table.pdf"),
        (DocKind::Notice, costly(5_000_000, 24), "scan/tests/data/notice.pdf"),
        (DocKind::Notice, costly(5_300_000, 24), "scan/tests/data/notice-other-sum.pdf"),
        (DocKind::Notice, dearer, "scan/tests/data/notice-other-rate.pdf"),
    ] {
        let path = format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"));
        let pdf = paper().pdf(kind, &normal(), &table(spec)).unwrap();
        if std::env::var_os("MINGBAI_UPDATE_PAPER").is_some() {
            std::fs::write(&path, &pdf).unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == pdf, "{path}: run again with MINGBAI_UPDATE_PAPER=1");
    }
}
