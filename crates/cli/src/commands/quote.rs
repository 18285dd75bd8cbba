//! `mingbai quote`: a product file and a principal make the one cost table, in the terminal, as JSON or on paper.

use std::path::Path;

use jiff::civil::Date;
use mingbai_core::policy::Pack;
use mingbai_core::text::{Tell, both};
use mingbai_cost::{CostTable, Fen, quote};
use mingbai_desk::product::Product;
use mingbai_paper::{Contact, DocContext, DocKind, Paper, Sheet, TypeSize};

use crate::args::QuoteArgs;
use crate::commands::write_whole;
use crate::fail::{Fail, Kind};
use crate::house::products;
use crate::real;
use crate::screen::Screen;
use crate::show::{caps, table};

/// Runs the command.
pub fn run(args: &QuoteArgs, screen: &mut Screen) -> Result<(), Fail> {
    let product = products::read(&args.product)?;
    let table = table_for(&product, args)?;
    if args.json {
        let json = serde_json::to_string(&table).map_err(|e| {
            Fail::new(Kind::Internal, both("成本表写不出来", "the cost table cannot be written"))
                .caused_by(&e)
        })?;
        screen.line(json);
    } else {
        let pack = Pack::embedded();
        let plan = if args.plan { table::Plan::Full } else { table::Plan::Short };
        table::write(&table, plan, screen);
        caps::write(&pack, &caps::findings(&pack, &table, product.id()), screen);
    }
    match &args.pdf {
        None => Ok(()),
        Some(path) => write_pdf(path, &table, screen),
    }
}

fn table_for(product: &Product, args: &QuoteArgs) -> Result<CostTable, Fail> {
    let principal = Fen::parse_yuan(&args.principal).map_err(|e| {
        Fail::new(Kind::Input, both("--principal 不能用", "--principal cannot be used")).because(e.words())
    })?;
    let terms = product.terms(principal, args.periods, payout_day(args.on.as_deref())?).map_err(|e| {
        Fail::new(Kind::Input, both("按这个产品不能这样借", "the product does not offer this"))
            .because(e.words())
    })?;
    quote(&terms).map_err(|e| {
        Fail::new(Kind::Input, both("算不出成本表", "there is no cost table")).because(e.words())
    })
}

fn payout_day(text: Option<&str>) -> Result<Date, Fail> {
    let Some(text) = text else { return Ok(real::today()) };
    text.parse().map_err(|_| {
        Fail::new(
            Kind::Input,
            both(format!("--on 的“{text}”不是日期"), format!("--on \"{text}\" is not a date")),
        )
        .next("写成 2026-12-01 这样。", "Write it like 2026-12-01.")
    })
}

fn write_pdf(path: &Path, table: &CostTable, screen: &Screen) -> Result<(), Fail> {
    let failed = |e: mingbai_paper::PaperError| {
        Fail::new(Kind::Internal, both("PDF 排不出来", "the PDF cannot be made")).because(e.words())
    };
    let paper = Paper::new().map_err(failed)?;
    let pdf = paper.pdf(DocKind::CostTable, &context(table, screen), table).map_err(failed)?;
    write_whole(path, &pdf)
}

/// A quote belongs to no journey: it has no short code and nobody to call, and says so.
fn context(table: &CostTable, screen: &Screen) -> DocContext {
    let digest = table.terms_digest.to_string();
    let groups: Vec<&str> = (0..4).filter_map(|i| digest.get(i * 4..i * 4 + 4)).collect();
    let nobody = screen.pick("试算,未留电话", "a quote: no number").to_owned();
    let now = real::now_ms();
    DocContext {
        lang: screen.lang(),
        size: TypeSize::Normal,
        short_code: screen.pick("试算", "QUOTE").to_owned(),
        verify_url: format!("MINGBAI:TERMS:{}", digest.to_uppercase()),
        qr_text: format!("MINGBAI:TERMS:{}", digest.to_uppercase()),
        reference: groups.join(" ").to_uppercase(),
        borrower_name: None,
        lender_contact: Contact { phone: nobody.clone(), complaint_phone: nobody },
        prepared_at: real::in_beijing(now),
        prepared_at_ms: now,
        table_digest: digest,
        sheet: Sheet::None,
    }
}
