//! A fee that comes after the disclosure: the evidence for the old terms stops counting, and the gate shuts.

use std::sync::Arc;

use mingbai_core::text::both;
use serde_json::json;

use super::{OPEN_AT_FIRST, Outcome, ceremony, gate_is_shut, honest_loan, missing};
use crate::demo::borrower::Borrower;
use crate::demo::cast::{Cast, DEARER};
use crate::demo::core_system::{list, text};
use crate::demo::law::{broken, must_be};
use crate::demo::page::{Saying, says};
use crate::demo::teller::Teller;
use crate::fail::Fail;
use crate::real;

/// Plays the journey.
pub async fn play(cast: Arc<Cast>, teller: Teller) -> Result<Outcome, Fail> {
    let opened = cast.core.open(&honest_loan("李建国", "DEMO-1002")).await?;
    let borrower = Borrower::enter(&cast, &opened).await?;
    ceremony(&cast, &borrower, "20000", &teller).await?;

    let (product, version) = DEARER;
    let body = json!({
        "product": product, "version": version, "principal_fen": borrower.table.principal_fen.get(),
        "periods": 12, "payout_on": real::today().to_string(),
    });
    let path = format!("/journeys/{}/terms", borrower.id);
    let changed = cast.core.post(&path, Some(body)).await?.good()?;
    let worse: Vec<_> = list(&changed, "/changes").iter().filter(|c| text(c, "/effect") == "worse").collect();
    let Some(first) = worse.first() else {
        return Err(broken("加了费却没有显示变贵", "a fee was added and nothing is shown as worse"));
    };
    let line = |lang: &str| {
        let part = |what: &str| text(first, &format!("/{what}/{lang}"));
        format!("{}: {} → {}", part("field"), part("before"), part("after"))
    };
    teller.done(
        both(
            format!("十二项都齐了,机构却改用新版本:每月加收服务费。例如 {}", line("zh")),
            format!("All twelve duties done, and the lender adds a monthly fee. E.g. {}", line("en")),
        ),
        both(
            format!(
                "变化共 {} 处,其中 {} 处对她不利,逐条列出。",
                list(&changed, "/changes").len(),
                worse.len()
            ),
            format!("{} changes, {} of them worse for her.", list(&changed, "/changes").len(), worse.len()),
        ),
    );
    let open = missing(&cast, &borrower.id).await?;
    must_be(("旧证据应全部失效", "the old evidence must stop counting"), &open, &OPEN_AT_FIRST)?;
    let page = borrower.next().await?;
    must_be(("她应先看到哪里变了", "she must see what changed first"), &page.name(), &"changed")?;
    must_be(
        ("页面应写出新费用", "the page must name the new fee"),
        &says(&page.html, "服务费"),
        &Saying::Said,
    )?;
    teller.done(
        both(
            format!("旧条款的证据全部不再算数({open} 项要重来);她打开手机先看到新旧对照。"),
            format!("Evidence for the old terms no longer counts ({open} to do again); her phone shows old and new."),
        ),
        both("每一份证据都写着条款的摘要;条款一变,自己就对不上。", "Every piece names the digest of the terms it was given for."),
    );
    let names = gate_is_shut(&cast.core.permit(&borrower.id).await?, OPEN_AT_FIRST)?;
    teller.refused(
        both("核心系统申请放款许可。", "The core system asks for the permit."),
        both(format!("还缺:{}。", names.zh), format!("Missing: {}.", names.en)),
    );
    Ok(Outcome { stem: "2-changed", id: borrower.id.clone(), contradicted: 0, files: Vec::new() })
}
