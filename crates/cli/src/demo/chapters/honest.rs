//! One honest loan through the whole loop: link, reading, questions, signature, permit, payout, call-back, reconciliation.

use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_cost::Fen;
use mingbai_desk::borrow::permit;
use mingbai_evidence::note::VerifyingKeyText;
use serde_json::Value;

use super::{Hand, Outcome, charge, honest_loan, look, papers, pay_out, read, sign, understand};
use crate::demo::borrower::Borrower;
use crate::demo::cast::Cast;
use crate::demo::core_system::{Opened, list, text};
use crate::demo::law::{broken, must_be};
use crate::demo::page::{Saying, says};
use crate::demo::teller::Teller;
use crate::fail::Fail;
use crate::real;

const STEM: &str = "1-honest";

/// Plays the journey.
pub async fn play(cast: Arc<Cast>, teller: Teller) -> Result<Outcome, Fail> {
    let opened = cast.core.open(&honest_loan("王秀英", "DEMO-1001")).await?;
    teller.done(
        both(
            format!("核心系统为王秀英开立业务 {}:借 50,000 元,12 期。", opened.reference),
            format!(
                "The core system opens {} for Wang Xiuying: 50,000 yuan over 12 months.",
                opened.reference
            ),
        ),
        both(
            "条款、成本表、产品审查一次写入存证;姓名和电话只进保险库。",
            "Terms, cost table and review go into the log at once; name and telephone into the vault only.",
        ),
    );
    let borrower = enter_by_own_phone(&cast, &opened, &teller).await?;
    look(&borrower, "20000", &teller).await?;
    too_fast(&borrower, &teller).await?;
    read(&borrower, &teller).await?;
    understand(&borrower, &teller).await?;
    sign(&cast, &borrower, Hand::OwnKey, &teller).await?;
    let permit = pay_out(&cast, &borrower, "PAY-1001", &teller).await?;
    the_permit_is_real(&cast, &permit, &teller).await?;
    once_only(&cast, &borrower, &permit, &teller).await?;
    call_back(&cast, &borrower, &teller).await?;
    reconcile(&cast, &borrower, &teller).await?;
    let mut files = papers(&borrower, STEM).await?;
    files.push((format!("{STEM}-opened-by-borrower.zip"), borrower.package().await?));
    Ok(Outcome { stem: STEM, id: borrower.id.clone(), contradicted: 0, files })
}

/// In the branch the consultant has the link sent again; link and digits go to the borrower's own telephone, past the consultant.
async fn enter_by_own_phone<'a>(
    cast: &'a Cast,
    opened: &Opened,
    teller: &Teller,
) -> Result<Borrower<'a>, Fail> {
    let page = cast.li.send_link(&opened.id).await?;
    let message = cast.ear.wait_for("link.ready", &opened.id).await?;
    let (link, code) = (text(&message, "/data/url"), text(&message, "/data/code"));
    for secret in [&link, &code] {
        must_be(
            ("顾问的页面上不能有链接和数字", "the consultant's page must show neither link nor digits"),
            &says(&page.html, secret),
            &Saying::Unsaid,
        )?;
    }
    let opened = Opened { link, code, ..opened.clone() };
    let borrower = Borrower::enter(cast, &opened).await?;
    teller.done(
        both(
            "李娜请系统发送链接;链接和六位数字都发到王秀英自己的手机,她打开后进入。",
            "Li Na has the link sent; link and six digits reach Wang Xiuying's own phone.",
        ),
        both(
            "顾问看不到链接,也看不到数字:谁也不能替她打开。消息带签名,监听端已验证。",
            "The consultant sees neither link nor digits. The message was signed and its signature checked.",
        ),
    );
    Ok(borrower)
}

async fn too_fast(borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let page = borrower.read_too_fast().await?;
    must_be(("没读够时间应被拒绝", "reading too fast must be refused"), &page.status, &409)?;
    teller.refused(
        both("打开第一部分就点“读完了”。", "“I have read it”, a moment after opening the section."),
        both(
            "时间由服务器计,页面上还差的秒数会告诉她。",
            "The server keeps the time and says how much is left.",
        ),
    );
    Ok(())
}

async fn the_permit_is_real(cast: &Cast, issued: &Value, teller: &Teller) -> Result<(), Fail> {
    let key = reqwest::get(format!("{}/api/v1/permit-key", cast.url)).await;
    let key: Value = match key {
        Ok(answer) => answer.json().await.unwrap_or_default(),
        Err(_) => Value::Null,
    };
    let key: VerifyingKeyText = text(&key, "/text")
        .parse()
        .map_err(|_| broken("许可的公钥读不懂", "the permit key cannot be read"))?;
    let token = text(issued, "/token");
    let claims = permit::verify(&token, &key, "core", real::now_ms())
        .map_err(|e| broken(e.words().zh, e.words().en))?;
    must_be(("许可编号应一致", "the permit's number must agree"), &claims.permit, &text(issued, "/permit"))?;
    let stolen = permit::verify(&token, &key, "another-core", real::now_ms()).is_err();
    must_be(("别的系统不能用这张许可", "another system cannot use the permit"), &stolen, &true)?;
    teller.done(
        both(
            "核心系统用公布的公钥验证了许可。",
            "The core system verified the permit with the published key.",
        ),
        both(
            "不必相信明白:签名谁都能验,发给别的系统的许可不认。",
            "No trust needed: anyone can check; it names its receiver.",
        ),
    );
    Ok(())
}

async fn once_only(
    cast: &Cast,
    borrower: &Borrower<'_>,
    permit: &Value,
    teller: &Teller,
) -> Result<(), Fail> {
    let body = serde_json::json!({
        "permit": text(permit, "/permit"), "amount_fen": borrower.table.principal_fen.get(),
        "on": real::today().to_string(), "reference": "PAY-1001-AGAIN",
    });
    let again = cast.core.post(&format!("/journeys/{}/payout", borrower.id), Some(body)).await?;
    must_be(("同一许可不能再放一次款", "a permit cannot pay out twice"), &again.status, &409)?;
    teller.refused(
        both("拿同一张许可再报一次放款。", "A second payout under the same permit."),
        both("许可只能用一次。", "A permit is single use."),
    );
    Ok(())
}

async fn call_back(cast: &Cast, borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let opened = cast.core.post(&format!("/journeys/{}/callback", borrower.id), None).await?.good()?;
    let (url, code) = (text(&opened, "/borrower_link/url"), text(&opened, "/borrower_link/code"));
    borrower.open_link(&url, &code).await?;
    let numbers = borrower.answer_callback().await?;
    let result = text(&cast.core.status(&borrower.id).await?, "/callback/result");
    must_be(("回访应得到确认", "the call-back must confirm"), &result.as_str(), &"CONFIRMED")?;
    teller.done(
        both(
            format!("放款后回访:四件事和 {numbers} 个数字,她都答对。"),
            format!("Call-back after the payout: four facts and {numbers} numbers, all right."),
        ),
        both(
            "三天后会自动发起,这里由核心系统提前;答不上来就转专人。",
            "It opens by itself after three days; here the core system opens it at once. A mismatch opens a case.",
        ),
    );
    Ok(())
}

async fn reconcile(cast: &Cast, borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let table = &borrower.table;
    let payee = &table.lender.name.zh;
    let mut explained = Fen::ZERO;
    for row in &table.instalments {
        let (reference, name) = (format!("CHG-1001-{}", row.n), format!("第 {} 期", row.n));
        let on = row.due_on.to_string();
        let body = charge(&reference, "instalment", &name, row.total_fen, &on, payee);
        let answer = cast.core.charge(&borrower.id, body).await?;
        must_be(
            ("表内的扣款不是违规", "a listed charge is no violation"),
            &list(&answer, "/violations").len(),
            &0,
        )?;
        for part in list(&answer, "/explained") {
            explained = Fen::new(explained.get() + crate::demo::core_system::fen(part, "/amount_fen").get());
        }
    }
    must_be(
        ("扣款合计应等于成本表", "the charges must add up to the table"),
        &explained,
        &table.total_repayable_fen,
    )?;
    let count = table.instalments.len();
    teller.done(
        both(
            format!("{count} 期扣款逐笔对账,合计 {explained} 元,与成本表一分不差。"),
            format!("{count} instalments reconciled, {explained} yuan, to the fen."),
        ),
        both(
            "演示里把以后一年的扣款按还款日一次报上来;每一笔都要在表上找到自己的那一行。",
            "The demo reports a year's charges at once, each on its due day; every one must find its row.",
        ),
    );
    Ok(())
}
