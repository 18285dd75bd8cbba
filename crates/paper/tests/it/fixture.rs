//! Loans, their cost tables from the real engine, and a context: what the papers are printed from in these tests.

use jiff::civil::date;
use mingbai_cost::terms::{
    Base, Collected, CompoundInterest, DayCount, DefaultTerms, EarlyRule, FeeItem, FeeNature, Method,
    OnEarlyRepayment, Party, PartyRole, PlanSpec, ProductRef, Residue, Rounding, TermsSpec, Timing,
};
use mingbai_cost::{CostTable, Fen, Lang, Terms, Words, quote};
use mingbai_paper::{
    CallCard, Contact, DocContext, DocKind, DocumentLine, Letter, Sheet, SignatureLine, Trail, TrailLine,
    TypeSize,
};

/// As the desk writes it: the address, the short code, and 160 bits of the table's digest in Base32.
pub const QR_TEXT: &str = "HTTPS://MINGBAI.EXAMPLE/C/K7QX2M9D4T3W/MZXW6YTBOI2DKNRXHA4TQMJSGM2DKNRX";

pub fn context(lang: Lang, size: TypeSize) -> DocContext {
    DocContext {
        lang,
        size,
        short_code: "K7QX 2M9D 4T3W".into(),
        verify_url: "https://mingbai.example/c/K7QX2M9D4T3W".into(),
        qr_text: QR_TEXT.into(),
        reference: "2026 1123 0042 7719".into(),
        borrower_name: Some("王秀兰".into()),
        lender_contact: Contact { phone: "400-000-1234".into(), complaint_phone: "400-000-5678".into() },
        prepared_at: "2026-11-23 15:04".into(),
        prepared_at_ms: 1_795_417_440_000,
        table_digest: "5f0c91ab77d320e4".into(),
        sheet: Sheet::None,
    }
}

/// `doc` with what `kind` needs beside the table.
pub fn with(kind: DocKind, doc: &DocContext) -> DocContext {
    let sheet = match kind {
        DocKind::Certificate => Sheet::Trail(trail(doc.lang)),
        DocKind::CallbackCard => Sheet::Call(card(doc.lang)),
        DocKind::Letter => Sheet::Letter(letter(doc.lang)),
        _ => Sheet::None,
    };
    DocContext { sheet, ..doc.clone() }
}

pub fn letter(lang: Lang) -> Letter {
    let say = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    Letter {
        from: say("某某消费金融公司", "Example Consumer Finance"),
        facts: vec![
            (say("收到日期", "Received"), say("2026年11月23日", "2026-11-23")),
            (say("投诉渠道", "Came by"), say("网页", "web page")),
            (say("答复期限", "Due"), say("2026年12月8日", "2026-12-08")),
            (say("答复日期", "Answered"), say("2026年12月2日", "2026-12-02")),
        ],
        outcome: say("投诉成立", "upheld"),
        text: vec![
            say("服务费没有列入成本明示表。", "The service fee is not on the cost table."),
            say("我们核对了流水，您说的属实。", "We checked the payments; it is as you say."),
        ],
        remedies: vec![say("退款 200.00 元", "CNY 200.00 back"), say("致歉", "an apology")],
        ways: vec![
            say("在 2027年1月1日 前申请核查。", "Ask for a re-check until 2027-01-01."),
            say("申请第三方调解。", "Ask for mediation by a third party."),
            say("拨打 12378。", "Call 12378."),
            say("依法申请仲裁或提起诉讼。", "Go to arbitration or to court."),
        ],
    }
}

fn card(lang: Lang) -> CallCard {
    let questions: &[&str] = match lang {
        Lang::Zh => &[
            "这笔贷款是您本人办的吗？",
            "合同是您本人签的吗？",
            "有没有人另外向您拿钱？",
            "每个月要还多少？",
        ],
        Lang::En => &[
            "Is this your own loan?",
            "Did you sign yourself?",
            "Did anyone take money?",
            "What is due a month?",
        ],
    };
    let questions = questions.iter().map(|&text| text.to_owned()).collect();
    CallCard { number: "400-000-1234".into(), questions, code: "K7QX 2M9D 4T3W".into() }
}

/// A digest that looks like one.
fn digest(n: u64) -> String {
    format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) | 1).repeat(4)
}

pub fn trail(lang: Lang) -> Trail {
    let say = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let line = |seq: u64, who: String, what: String| TrailLine {
        seq,
        index: 40 + seq * 3,
        at: format!("2026-11-23 15:{:02}:07", seq),
        who,
        what,
        hash: digest(seq),
    };
    Trail {
        standing: say("已签署，等待放款", "signed, awaiting the payout"),
        lines: vec![
            line(0, say("核心系统 core", "core system core"), say("建立业务。", "Opened.")),
            line(
                1,
                say("借款人", "borrower"),
                say("借款人打开了成本表。", "The borrower opened the cost table."),
            ),
            line(
                2,
                say("顾问 li", "consultant li"),
                say("顾问说：已当面讲解。", "The consultant attests: explained in person."),
            ),
            line(
                3,
                say("借款人", "borrower"),
                say("借款人签署了合同。", "The borrower signed the contract."),
            ),
        ],
        documents: vec![DocumentLine {
            name: say("个人借款合同", "Loan contract"),
            at: "2026-11-23 15:04".into(),
            code: "K7QX-2M9D-0042".into(),
            sha256: digest(77),
        }],
        signatures: vec![SignatureLine {
            signer: "王秀兰".into(),
            at: "2026-11-23 15:06".into(),
            serial: "2F:9C:11:A0:77:D3:20:E4".into(),
            issuer: say("明远消费金融自建证书", "Mingyuan's own authority"),
            digest: digest(78),
        }],
        log_size: 52,
        log_root: digest(99),
    }
}

fn party(role: PartyRole, zh: &str, en: &str) -> Party {
    Party { role, name: Words::new(zh, en) }
}

fn fee(key: &str, name: Words, payee: Party, timing: Timing, base: Base, collected: Collected) -> FeeItem {
    FeeItem {
        key: key.into(),
        name,
        nature: FeeNature::Fee,
        payee,
        timing,
        base,
        collected,
        on_early_repayment: OnEarlyRepayment::NotRefundable,
        cap_fen: None,
    }
}

/// 8 % in the headline, no fee: what the table says is what is paid.
pub fn honest(principal_fen: i64, periods: u32) -> TermsSpec {
    TermsSpec {
        v: 1,
        product: ProductRef {
            id: "honest-loan".into(),
            version: "2026-08".into(),
            name: Words::new("安心·消费贷", "Anxin consumer loan"),
        },
        lender: party(
            PartyRole::ConsumerFinance,
            "明远消费金融有限公司",
            "Mingyuan Consumer Finance Co., Ltd.",
        ),
        principal_fen: Fen::new(principal_fen),
        payout_on: date(2026, 11, 30),
        plan: PlanSpec {
            method: Method::EqualInstalment,
            annual_rate_ppm: 80_000,
            periods,
            day_count: DayCount::PerPeriod,
            first_due_on: None,
            grace_periods: 0,
            interest_free_periods: 0,
            rounding: Rounding::HalfUp,
            residue: Residue::Last,
        },
        fees: Vec::new(),
        default: DefaultTerms {
            overdue_rate_ppm: 120_000,
            compound_on_interest: CompoundInterest::Charged,
            misuse_rate_ppm: 160_000,
            grace_days: 3,
            late_fee_fen: Fen::ZERO,
        },
        early: EarlyRule::Free,
    }
}

/// The loan of the published complaints: 8 % headline, a guarantee fee of 0.8 % a month, insurance, and a service fee kept
/// back from the payout.
pub fn costly(principal_fen: i64, periods: u32) -> TermsSpec {
    let guarantor = party(PartyRole::Guarantor, "安心融资担保有限公司", "Anxin Guarantee Co., Ltd.");
    let platform =
        party(PartyRole::Platform, "好借信息科技有限公司", "Haojie Information Technology Co., Ltd.");
    let insurer = party(PartyRole::Insurer, "平稳财产保险有限公司", "Pingwen Insurance Co., Ltd.");
    let mut spec = honest(principal_fen, periods);
    spec.product = ProductRef {
        id: "like-the-complaints".into(),
        version: "2026-08".into(),
        name: Words::new("好借·消费贷", "Haojie consumer loan"),
    };
    let apart = Collected::PaidApart;
    spec.fees = vec![
        fee(
            "guarantee",
            Words::new("担保费", "Guarantee fee"),
            guarantor,
            Timing::EachPeriod,
            Base::OriginalPrincipal(8_000),
            apart,
        ),
        fee(
            "service",
            Words::new("服务费", "Service fee"),
            platform,
            Timing::AtPayout,
            Base::OriginalPrincipal(30_000),
            Collected::DeductedFromPayout,
        ),
        fee(
            "insurance",
            Words::new("保证保险费", "Insurance premium"),
            insurer,
            Timing::EachPeriod,
            Base::Outstanding(1_500),
            apart,
        ),
    ];
    spec.early = EarlyRule::PercentOfPrincipal { ppm: 10_000, until_period: 6 };
    spec
}

pub fn table(spec: TermsSpec) -> CostTable {
    quote(&Terms::new(spec).unwrap()).unwrap()
}
