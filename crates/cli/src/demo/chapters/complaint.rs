//! The product that is built like the published complaints: 8 % in the advertisement, the all-in figure in the table, and a
//! service fee that is kept back from the payout.

use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_cost::Fen;
use mingbai_cost::words::{pct2, rate_figure};

use super::{Outcome, ceremony, papers};
use crate::demo::borrower::Borrower;
use crate::demo::cast::{COMPLAINTS, Cast};
use crate::demo::core_system::{Application, fen, list, text};
use crate::demo::law::{broken, must_be};
use crate::demo::teller::Teller;
use crate::fail::Fail;

const STEM: &str = "6-complaint";

/// Plays the journey.
pub async fn play(cast: Arc<Cast>, teller: Teller) -> Result<Outcome, Fail> {
    let application = Application {
        product: COMPLAINTS,
        principal_fen: Fen::new(10_000_000),
        periods: 36,
        name: "吴秀珍",
        reference: "DEMO-1006",
    };
    let opened = cast.core.open(&application).await?;
    let borrower = Borrower::enter(&cast, &opened).await?;
    let table = &borrower.table;
    let (nominal, simple, compound) = (
        pct2(table.nominal_rate_ppm),
        rate_figure(&table.annual.simple),
        rate_figure(&table.annual.compound),
    );
    teller.done(
        both(
            format!("广告说年利率 {nominal};成本表把所有费用算进去:{}、{}。", simple.zh, compound.zh),
            format!("Advertised {nominal}; with every fee it is {}, {}.", simple.en, compound.en),
        ),
        both(
            format!(
                "借 {} 元共还 {} 元;担保费、服务费、保险费各是谁收的,一行一行写着。",
                table.principal_fen, table.total_repayable_fen
            ),
            format!(
                "{} yuan borrowed, {} yuan paid back; each fee with who takes it.",
                table.principal_fen, table.total_repayable_fen
            ),
        ),
    );
    let Some(kept) = table.upfront_deduction.clone() else {
        return Err(broken("砍头息没有标出来", "the up-front deduction is not flagged"));
    };
    teller.done(
        both(
            format!(
                "成本表标明:放款时先扣 {} 元(砍头息),到手只有 {} 元。",
                kept.amount_fen, table.net_payout_fen
            ),
            format!(
                "Flagged: {} yuan kept back at the payout, {} yuan arrive.",
                kept.amount_fen, table.net_payout_fen
            ),
        ),
        both(
            "民法典第六百七十条:利息不得预先在本金中扣除。",
            "Civil Code, article 670: no interest may be deducted from the principal beforehand.",
        ),
    );
    ceremony(&cast, &borrower, "15000", &teller).await?;
    short_payout(&cast, &borrower, &teller).await?;
    let files = papers(&borrower, STEM).await?;
    Ok(Outcome { stem: STEM, id: borrower.id.clone(), contradicted: 1, files })
}

async fn short_payout(cast: &Cast, borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let (principal, net) = (borrower.table.principal_fen, borrower.table.net_payout_fen);
    let short = Fen::new(principal.get() - net.get());
    let permit = cast.core.permit(&borrower.id).await?.good()?;
    must_be(
        ("许可写的是全额", "the permit says the whole principal"),
        &fen(&permit, "/amount_fen"),
        &principal,
    )?;
    let paid = cast.core.payout(&borrower.id, &text(&permit, "/permit"), net, "PAY-1006").await?;
    let found = list(&paid, "/violations").first().cloned().unwrap_or_default();
    must_be(
        ("少放款应是违规", "a short payout is a violation"),
        &text(&found, "/kind").as_str(),
        &"short_payout",
    )?;
    must_be(("应补足差额", "the difference must be made up"), &fen(&found, "/refund_fen"), &short)?;
    teller.violation(
        both(
            format!("许可写明放款 {principal} 元,核心系统只放了 {net} 元。"),
            format!("The permit says {principal} yuan; the core system pays {net} yuan."),
        ),
        both(
            format!("事先写明了也不行:少的 {short} 元要补足。{}", text(&found, "/words/zh")),
            format!("Disclosed or not, {short} yuan must be made up. {}", text(&found, "/words/en")),
        ),
    );
    Ok(())
}
