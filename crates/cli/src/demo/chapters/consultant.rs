//! A consultant who wants to confirm for the customer, and a core system that does not wait for the permit.

use std::sync::Arc;

use mingbai_core::text::both;

use super::{OPEN_AT_FIRST, Outcome, gate_is_shut, honest_loan};
use crate::demo::borrower::path_of;
use crate::demo::cast::Cast;
use crate::demo::core_system::{Opened, list, text};
use crate::demo::law::must_be;
use crate::demo::teller::Teller;
use crate::fail::Fail;

/// Plays the journey.
pub async fn play(cast: Arc<Cast>, teller: Teller) -> Result<Outcome, Fail> {
    let opened = cast.core.open(&honest_loan("赵桂兰", "DEMO-1003")).await?;
    confirm_for_her(&cast, &opened, &teller).await?;
    take_her_link(&cast, &opened, &teller).await?;
    let names = gate_is_shut(&cast.core.permit(&opened.id).await?, OPEN_AT_FIRST)?;
    teller.refused(
        both(
            "什么都还没做,核心系统就申请放款许可。",
            "The core system asks for the permit before anything was done.",
        ),
        both(
            format!("拒绝时逐项列出:{}。", names.zh),
            format!("The refusal lists every duty: {}.", names.en),
        ),
    );
    pay_without_permit(&cast, &opened, &teller).await?;
    Ok(Outcome { stem: "3-consultant", id: opened.id, contradicted: 1, files: Vec::new() })
}

async fn confirm_for_her(cast: &Cast, opened: &Opened, teller: &Teller) -> Result<(), Fail> {
    let path = format!("/b/{}/last", opened.id);
    let wish = [("own_wish", "yes"), ("being_told", "no")];
    let page = cast.li.act_as_borrower(&path, &wish).await?;
    must_be(("顾问代客户确认应被拒绝", "a consultant's confirmation must be refused"), &page.status, &403)?;
    let status = cast.core.status(&opened.id).await?;
    let denied = list(&status, "/denied");
    must_be(("越权的尝试应留下记录", "the attempt must be on record"), &denied.len(), &1)?;
    let first = denied.first().cloned().unwrap_or_default();
    let (command, actor) = (text(&first, "/command"), text(&first, "/actor"));
    must_be(("记录应写明想做什么", "the record must name the deed"), &command.as_str(), &"confirm")?;
    must_be(
        ("记录应写明是谁", "the record must name the person"),
        &actor.as_str(),
        &"staff:li.na:consultant",
    )?;
    teller.refused(
        both(
            "李娜在自己的电脑上替赵桂兰点“确认是本人意愿”。",
            "Li Na clicks “it is my own wish” for Zhao Guilan on her own computer.",
        ),
        both(
            format!("确认只属于借款人本人;记录已写入存证:{actor} 试图 {command}。"),
            format!("It belongs to the borrower alone. On record: {actor} tried {command}."),
        ),
    );
    Ok(())
}

async fn take_her_link(cast: &Cast, opened: &Opened, teller: &Teller) -> Result<(), Fail> {
    // Worse: she somehow has both the link and the digits. Her own browser still gives her away.
    let path = path_of(cast, &opened.link);
    let page = cast.li.act_as_borrower(path, &[("code", &opened.code)]).await?;
    must_be(("顾问的浏览器不能打开借款人链接", "a staff browser cannot open it"), &page.status, &403)?;
    teller.refused(
        both(
            "李娜套来了链接和六位数字,在自己的浏览器里打开。",
            "Li Na talked her out of link and digits and opens them in her own browser.",
        ),
        both(
            "登录着员工账号的浏览器不能进入借款人的页面。",
            "A browser with a staff session may not open a borrower's link.",
        ),
    );
    Ok(())
}

async fn pay_without_permit(cast: &Cast, opened: &Opened, teller: &Teller) -> Result<(), Fail> {
    let amount = cast.core.table(&opened.id).await?.principal_fen;
    let paid = cast.core.payout(&opened.id, "no-permit", amount, "PAY-1003").await?;
    let found = list(&paid, "/violations").first().cloned().unwrap_or_default();
    must_be(
        ("无许可放款应是违规", "a payout without permit is a violation"),
        &text(&found, "/kind").as_str(),
        &"no_permit",
    )?;
    let status = cast.core.status(&opened.id).await?;
    must_be(("应转专人处理", "a case must be opened"), &list(&status, "/remedies").is_empty(), &false)?;
    teller.violation(
        both(
            format!("核心系统不等许可,直接放款 {amount} 元。"),
            format!("The core system pays out {amount} yuan without a permit."),
        ),
        both(
            format!("钱已经出去,拒收报告只会掩盖它:记为违规,转专人处理。{}", text(&found, "/words/zh")),
            format!(
                "The money is out; refusing the report would hide it. A violation, and a case: {}",
                text(&found, "/words/en")
            ),
        ),
    );
    Ok(())
}
