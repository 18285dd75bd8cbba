//! The journeys, one file each, and the parts of a ceremony that several of them share.

pub mod changed;
pub mod complaint;
pub mod consultant;
pub mod honest;
pub mod rote;
pub mod unlisted;

use mingbai_core::text::both;
use mingbai_cost::{Fen, Words};
use serde_json::{Value, json};

use super::borrower::Borrower;
use super::cast::{Cast, HONEST};
use super::core_system::{Answer, Application, list, text};
use super::law::must_be;
use super::staff::Deed;
use super::teller::Teller;
use crate::fail::Fail;

/// Duties before a payout that are open when a journey was just opened: all but the review.
pub const OPEN_AT_FIRST: usize = 11;

/// How a journey ended, for the evidence.
pub struct Outcome {
    /// Name of its files.
    pub stem: &'static str,
    /// Number.
    pub id: String,
    /// Claims about the loan that its own evidence must contradict: the violations of the story.
    pub contradicted: usize,
    /// Papers and packages that the borrower took home, by file name.
    pub files: Vec<(String, Vec<u8>)>,
}

/// An honest loan of 50,000 yuan over a year.
pub fn honest_loan(name: &'static str, reference: &'static str) -> Application {
    Application { product: HONEST, principal_fen: Fen::new(5_000_000), periods: 12, name, reference }
}

/// Income, the questions about fraud, and the table.
pub async fn look(borrower: &Borrower<'_>, income: &str, teller: &Teller) -> Result<(), Fail> {
    borrower.tell_about_herself(income).await?;
    borrower.see_the_table().await?;
    let table = &borrower.table;
    teller.done(
        both(
            format!("借款人填了收入,回答了防骗问题,看了成本表:共还 {} 元。", table.total_repayable_fen),
            format!("Income, fraud questions, cost table: {} yuan in all.", table.total_repayable_fen),
        ),
        both(
            "先看还不还得起、有没有被骗,再看钱:总额在利率前面,每一项费用写明谁收。",
            "Affordable? Coached by anyone? Then the money: totals before rates, every fee with who takes it.",
        ),
    );
    Ok(())
}

/// The forced reading.
pub async fn read(borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let seconds = borrower.read(teller).await?;
    teller.done(
        both(
            format!("六个部分逐一读完,服务器计时 {seconds} 秒。"),
            format!("Six sections read one by one, {seconds} s by the server's clock."),
        ),
        both(
            "“已阅读”要有时间作证;少一秒都不算。",
            "“I have read it” needs time as its witness; a second less does not count.",
        ),
    );
    Ok(())
}

/// The questions, all answered rightly.
pub async fn understand(borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let count = borrower.understand(teller).await?;
    teller.done(
        both(
            format!("{count} 个问题,都用本人自己的数字答对。"),
            format!("{count} questions about her own numbers, all right."),
        ),
        both(
            "明白 = 能说出自己每月还多少、一共还多少、谁收了什么,而不是一句“清楚”。",
            "To understand is to name one's own numbers, not to say “clear”.",
        ),
    );
    Ok(())
}

/// How she signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// With a key that her own phone makes.
    OwnKey,
    /// With a pen, in the consultant's sight.
    Ink,
}

/// From identity to the last look, with the consultant in the branch.
pub async fn sign(cast: &Cast, borrower: &Borrower<'_>, hand: Hand, teller: &Teller) -> Result<(), Fail> {
    let (li, id) = (&cast.li, borrower.id.as_str());
    li.perform(id, Deed::Identify).await?;
    borrower.consent().await?;
    teller.done(
        both(
            "李娜当面核对本人与身份证;借款人逐项选择同意,营销一项选了不同意。",
            "Li Na compares her with her identity card; she consents item by item and refuses marketing.",
        ),
        both(
            "没有默认勾选;拒绝可选的一项不影响借款。",
            "Nothing is pre-ticked; refusing an optional one never blocks the loan.",
        ),
    );
    match hand {
        Hand::OwnKey => by_own_key(borrower, teller).await?,
        Hand::Ink => in_ink(cast, borrower, teller).await?,
    }
    li.perform(id, Deed::Record { number: "R-20261125-01" }).await?;
    record_and_notice(cast, borrower, teller).await
}

async fn by_own_key(borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    teller.now(&both("打印合同,她在自己手机上签", "making the contract, she signs on her own phone"));
    let message = borrower.sign_with_own_key().await?;
    let (zh, en) = (text(&message, "/data/zh"), text(&message, "/data/en"));
    teller.done(
        both(
            "她打开合同,收到签署码,在自己手机上写名字;手机当场造一把钥匙签字,签完就销毁。",
            "She opens the contract, gets a code, writes her name; her phone makes a key, signs and drops it.",
        ),
        both(
            format!("短信写着金额和合同指纹:“{}”。这把钥匙机构从来没有。", clip(&zh)),
            format!("The message names amount and fingerprint: “{}” The lender never has that key.", clip(&en)),
        ),
    );
    Ok(())
}

/// The beginning of a message, without the digits.
fn clip(message: &str) -> String {
    message.split(['。', '.']).next().unwrap_or_default().to_owned()
}

async fn in_ink(cast: &Cast, borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    teller.now(&both("打印合同,当面签字", "printing the contract, signing in person"));
    cast.li.perform(&borrower.id, Deed::Signature).await?;
    borrower.confirm_signature().await?;
    teller.done(
        both(
            "在打印的合同上签字,本人在自己手机上确认“是我签的”。",
            "Signed in ink on the printed contract; on her own phone she says “that is mine”.",
        ),
        both(
            "顾问只能作证,不能替人确认:两个人、两台设备,缺一不算。",
            "A consultant can only attest. It takes two people on two devices.",
        ),
    );
    Ok(())
}

async fn record_and_notice(cast: &Cast, borrower: &Borrower<'_>, teller: &Teller) -> Result<(), Fail> {
    let id = borrower.id.as_str();
    teller.now(&both("打印明白纸", "printing the notice"));
    cast.li.perform(id, Deed::Notice).await?;
    borrower.acknowledge_notice().await?;
    borrower.confirm().await?;
    let missing = missing(cast, id).await?;
    must_be(("放款前应一项不缺", "nothing may be missing before the payout"), &missing, &0)?;
    teller.done(
        both(
            "双录编号已登记;收下明白纸;最后独自确认:是自己的意愿,没有人教。十二项义务齐了。",
            "The recording is noted; she takes the notice; alone, she confirms her own wish. All twelve duties are there.",
        ),
        both(
            "最后一眼只给本人看;任何时候说“有人在教我”,许可立即作废。",
            "The last look is hers alone; “somebody tells me what to say” voids any permit at once.",
        ),
    );
    Ok(())
}

/// The whole ceremony, told in one step: the first chapter tells it in full.
pub async fn ceremony(
    cast: &Cast,
    borrower: &Borrower<'_>,
    income: &str,
    teller: &Teller,
) -> Result<(), Fail> {
    let aside = teller.aside();
    look(borrower, income, &aside).await?;
    read(borrower, &aside).await?;
    understand(borrower, &aside).await?;
    sign(cast, borrower, Hand::Ink, &aside).await?;
    let total = borrower.table.total_repayable_fen;
    teller.done(
        both(
            format!("共还 {total} 元的一笔,同样走完告知、阅读、回答、签署、双录、明白纸、最后确认。"),
            format!("A loan with {total} yuan to pay back: table, reading, questions, signature, notice, last look."),
        ),
        both("步骤和第一笔一样,一项不缺。", "The same steps as the first loan, none left out."),
    );
    Ok(())
}

/// How many duties are missing before the payout.
pub async fn missing(cast: &Cast, id: &str) -> Result<usize, Fail> {
    Ok(list(&cast.core.status(id).await?, "/missing").len())
}

/// Asks for the permit and pays out the whole principal.
pub async fn pay_out(
    cast: &Cast,
    borrower: &Borrower<'_>,
    number: &str,
    teller: &Teller,
) -> Result<Value, Fail> {
    let (id, principal) = (borrower.id.as_str(), borrower.table.principal_fen);
    let permit = cast.core.permit(id).await?.good()?;
    let paid = cast.core.payout(id, &text(&permit, "/permit"), principal, number).await?;
    let violations = list(&paid, "/violations").len();
    must_be(("足额放款不是违规", "a payout in full is no violation"), &violations, &0)?;
    teller.done(
        both(
            format!("核心系统拿到放款许可,放款 {principal} 元,一分不少。"),
            format!("The core system gets the permit and pays out {principal} yuan, all of it."),
        ),
        both(
            "许可有签名、只能用一次、十五分钟失效,绑定当时的证据。",
            "The permit is signed, single use, good for fifteen minutes, bound to the evidence of that moment.",
        ),
    );
    Ok(permit)
}

/// A gate that must be shut, with this many duties missing.
pub fn gate_is_shut(answer: &Answer, missing: usize) -> Result<Words, Fail> {
    must_be(("闸门应关着", "the gate must be shut"), &answer.status, &409)?;
    let listed = list(&answer.body, "/missing");
    must_be(("拒绝应列出所缺的每一项", "a refusal must list what is missing"), &listed.len(), &missing)?;
    let names = |pointer: &str, between: &str| {
        listed.iter().map(|duty| text(duty, pointer)).collect::<Vec<_>>().join(between)
    };
    Ok(both(names("/name/zh", "、"), names("/name/en", ", ")))
}

/// A charge as the core system reports it.
pub fn charge(reference: &str, item: &str, name: &str, amount: Fen, on: &str, payee: &str) -> Value {
    json!({
        "reference": reference, "item_key": item, "name_text": name, "amount_fen": amount.get(), "on": on,
        "payee": payee,
    })
}

/// The borrower's papers, as she takes them home.
pub async fn papers(borrower: &Borrower<'_>, stem: &str) -> Result<Vec<(String, Vec<u8>)>, Fail> {
    let mut files = Vec::new();
    for kind in ["cost_table", "plan", "notice"] {
        files.push((format!("{stem}-{kind}.pdf"), borrower.paper(kind).await?));
    }
    Ok(files)
}
