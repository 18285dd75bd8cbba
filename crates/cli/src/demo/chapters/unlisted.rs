//! A charge that the table does not name, months after the payout: a violation with the amount to give back.

use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_cost::Fen;
use serde_json::json;

use super::{Outcome, ceremony, charge, honest_loan, pay_out};
use crate::demo::borrower::Borrower;
use crate::demo::cast::Cast;
use crate::demo::core_system::{fen, list, text};
use crate::demo::law::must_be;
use crate::demo::teller::Teller;
use crate::fail::Fail;
use crate::real;

/// What the invented consulting firm takes.
const TAKEN: Fen = Fen::new(49_900);

/// Plays the journey.
pub async fn play(cast: Arc<Cast>, teller: Teller) -> Result<Outcome, Fail> {
    let opened = cast.core.open(&honest_loan("孙丽", "DEMO-1005")).await?;
    let borrower = Borrower::enter(&cast, &opened).await?;
    ceremony(&cast, &borrower, "20000", &teller).await?;
    pay_out(&cast, &borrower, "PAY-1005", &teller).await?;

    let on = borrower.table.instalments.first().map_or_else(real::today, |row| row.due_on).to_string();
    let body = charge("CHG-1005-X", "consulting", "咨询服务费", TAKEN, &on, "某咨询公司");
    let answer = cast.core.charge(&borrower.id, body).await?;
    let found = list(&answer, "/violations").first().cloned().unwrap_or_default();
    must_be(
        ("表外收费应是违规", "an unlisted charge is a violation"),
        &text(&found, "/kind").as_str(),
        &"unlisted",
    )?;
    must_be(("应全额退还", "all of it must be given back"), &fen(&found, "/refund_fen"), &TAKEN)?;
    let message = cast.ear.wait_for("violation.found", &borrower.id).await?;
    must_be(
        ("核心系统应得到通知", "the core system must be told"),
        &fen(&message, "/data/refund_fen"),
        &TAKEN,
    )?;
    teller.violation(
        both(
            format!("{on},账上多出“咨询服务费” {TAKEN} 元。"),
            format!("{on}: a “consulting fee” of {TAKEN} yuan appears."),
        ),
        both(
            format!("成本表写着“除此之外不收任何费用”。{} 已通知核心系统。", text(&found, "/words/zh")),
            format!(
                "The table says “nothing else will be charged”. {} To give back: {TAKEN} yuan.",
                text(&found, "/words/en")
            ),
        ),
    );
    let refund = json!({"reference": "CHG-1005-X", "amount_fen": TAKEN.get()});
    cast.core.post(&format!("/journeys/{}/refunds", borrower.id), Some(refund)).await?.good()?;
    let status = cast.core.status(&borrower.id).await?;
    let back = list(&status, "/violations").first().map_or(Fen::ZERO, |v| fen(v, "/refunded_fen"));
    must_be(("退款应记在这笔违规上", "the refund must stand at the violation"), &back, &TAKEN)?;
    teller.done(
        both(format!("{TAKEN} 元退回孙丽账户。"), format!("{TAKEN} yuan go back to Sun Li.")),
        both(
            "违规的记录不会因为退了钱就消失。",
            "The record of the violation does not vanish with the refund.",
        ),
    );
    Ok(Outcome { stem: "5-unlisted", id: borrower.id.clone(), contradicted: 1, files: Vec::new() })
}
