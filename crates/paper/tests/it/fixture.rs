//! A cost table built by hand, and a context: what the papers are printed from in these tests.

use jiff::civil::{Date, date};
use mingbai_cost::table::{
    Charge, CostItem, DefaultCosts, EarlyRow, Instalment, ItemKind, LateExample, UpfrontDeduction,
};
use mingbai_cost::terms::{Base, Collected, CompoundInterest, Method, Party, PartyRole, ProductRef, Timing};
use mingbai_cost::{AnnualCost, CostTable, Fen, Lang, RateBasis, RateFigure, RateValue, TermsDigest, Words};
use mingbai_paper::{Contact, DocContext, TypeSize};

pub fn words(zh: &str, en: &str) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

pub fn context(lang: Lang, size: TypeSize) -> DocContext {
    DocContext {
        lang,
        size,
        short_code: "K7QX-2M9D".into(),
        verify_url: "HTTPS://MINGBAI.EXAMPLE/V/K7QX2M9D".into(),
        reference: "2026 1123 0042 7719".into(),
        borrower_name: Some("王秀兰".into()),
        lender_contact: Contact { phone: "400-000-1234".into(), complaint_phone: "400-000-5678".into() },
        prepared_at: "2026-11-23 15:04".into(),
        prepared_at_ms: 1_795_417_440_000,
        table_digest: "5f0c 91ab 77d3 20e4".into(),
    }
}

fn party(role: PartyRole, zh: &str, en: &str) -> Party {
    Party { role, name: words(zh, en) }
}

fn due(n: u32) -> Date {
    date(2026, 11, 30).saturating_add(jiff::Span::new().months(i64::from(n)))
}

/// Equal principal, 8 % nominal, a guarantee fee of 0.8 % a month and a service fee kept back from the payout.
pub fn table(principal: i64, n: u32) -> CostTable {
    let fen = Fen::new;
    let part = principal / i64::from(n);
    let mut instalments = Vec::new();
    let mut early = Vec::new();
    let mut balance = principal;
    let guarantee = principal * 8 / 1000;
    for k in 1..=n {
        let principal_part = if k == n { balance } else { part };
        let interest = balance * 8 / 1200;
        balance -= principal_part;
        instalments.push(Instalment {
            n: k,
            due_on: due(k),
            principal_fen: fen(principal_part),
            interest_fen: fen(interest),
            fees_fen: fen(guarantee),
            total_fen: fen(principal_part + interest + guarantee),
            balance_fen: fen(balance),
        });
        early.push(EarlyRow {
            n: k,
            on: due(k),
            balance_fen: fen(balance),
            accrued_interest_fen: fen(0),
            fee_fen: fen(balance / 100),
            refund_fen: fen(i64::from(n - k) * 137),
            payoff_fen: fen(balance + balance / 100 - i64::from(n - k) * 137),
            saved_fen: fen(i64::from(n - k) * guarantee + i64::from(n - k) * 211),
        });
    }
    let service = principal * 3 / 100;
    let interest: i64 = instalments.iter().map(|row| row.interest_fen.get()).sum();
    let fees = service + guarantee * i64::from(n);
    let lender =
        party(PartyRole::ConsumerFinance, "明远消费金融有限公司", "Mingyuan Consumer Finance Co., Ltd.");
    let interest_charges: Vec<Charge> = instalments
        .iter()
        .map(|row| Charge { period: row.n, on: row.due_on, amount_fen: row.interest_fen })
        .collect();
    let items = vec![
        CostItem {
            key: "interest".into(),
            kind: ItemKind::Interest,
            name: words("利息", "Interest"),
            payee: lender.clone(),
            timing: Timing::EachPeriod,
            base: None,
            collected: Collected::PaidApart,
            standard: words("年利率 8.00%，按期按剩余本金计算", "8.00% a year on the principal still owed"),
            annual_level_ppm: 80_000,
            total_fen: fen(interest),
            charges: interest_charges,
        },
        CostItem {
            key: "guarantee".into(),
            kind: ItemKind::Fee,
            name: words("担保费", "Guarantee fee"),
            payee: party(PartyRole::Guarantor, "安心融资担保有限公司", "Anxin Guarantee Co., Ltd."),
            timing: Timing::EachPeriod,
            base: Some(Base::OriginalPrincipal(8_000)),
            collected: Collected::PaidApart,
            standard: words(
                "每期按借款本金的 0.80% 收取",
                "0.80% of the original principal with every instalment",
            ),
            annual_level_ppm: 177_231,
            total_fen: fen(guarantee * i64::from(n)),
            charges: (1..=n).map(|k| Charge { period: k, on: due(k), amount_fen: fen(guarantee) }).collect(),
        },
        CostItem {
            key: "service".into(),
            kind: ItemKind::Fee,
            name: words("服务费", "Service fee"),
            payee: party(
                PartyRole::Platform,
                "好借信息科技有限公司",
                "Haojie Information Technology Co., Ltd.",
            ),
            timing: Timing::AtPayout,
            base: Some(Base::OriginalPrincipal(30_000)),
            collected: Collected::DeductedFromPayout,
            standard: words("按借款本金的 3.00% 收取一次", "3.00% of the original principal, once"),
            annual_level_ppm: 55_385,
            total_fen: fen(service),
            charges: vec![Charge { period: 0, on: date(2026, 11, 30), amount_fen: fen(service) }],
        },
    ];
    let figure = |basis, ppm| RateFigure { basis, value: RateValue::Ppm(ppm) };
    CostTable {
        v: 1,
        terms_digest: TermsDigest::from_bytes([0x5a; 32]),
        product: ProductRef {
            id: "like-the-complaints".into(),
            version: "2026-08".into(),
            name: words("好借·消费贷", "Haojie consumer loan"),
        },
        lender,
        principal_fen: fen(principal),
        net_payout_fen: fen(principal - service),
        upfront_deduction: Some(UpfrontDeduction {
            amount_fen: fen(service),
            item_keys: vec!["service".into()],
        }),
        payout_on: date(2026, 11, 30),
        final_due_on: due(n),
        method: Method::EqualPrincipal,
        nominal_rate_ppm: 80_000,
        items,
        total_interest_fen: fen(interest),
        total_fees_fen: fen(fees),
        total_cost_fen: fen(interest + fees),
        total_repayable_fen: fen(principal + interest + fees),
        cost_per_10k_fen: fen((interest + fees) * 1_000_000 / principal),
        annual: AnnualCost {
            compound: figure(RateBasis::Compound, 367_412),
            simple: figure(RateBasis::Simple, 316_900),
            dated_eu: figure(RateBasis::DatedEu, 367_500),
            us_appendix_j: figure(RateBasis::UsAppendixJ, 316_900),
            additive: figure(RateBasis::Additive, 312_616),
        },
        instalments,
        early_rule: words("可以随时提前还款", "you may repay early at any time"),
        default_costs: DefaultCosts {
            overdue_rate_ppm: 120_000,
            misuse_rate_ppm: 160_000,
            compound_on_interest: CompoundInterest::Charged,
            grace_days: 3,
            late_fee_fen: fen(0),
            late_example: LateExample {
                n: 1,
                days: 30,
                overdue_interest_fen: fen(4_167),
                compound_interest_fen: fen(333),
                late_fee_fen: fen(0),
                extra_fen: fen(4_500),
                due_fen: fen(541_167),
            },
        },
        early,
        nothing_else: words(
            "除上述项目外不收取任何其他费用",
            "Nothing will be charged beyond the items above",
        ),
    }
}
