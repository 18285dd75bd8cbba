//! Names of the closed lists in the cost table. One exhaustive match each: a new variant does not compile until it has a
//! name in both languages.

use mingbai_cost::terms::{Collected, CompoundInterest, Method, PartyRole, Timing};
use mingbai_cost::{Lang, NoRate, RateBasis};

fn pick(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

pub(crate) fn role(lang: Lang, role: PartyRole) -> String {
    let (zh, en) = match role {
        PartyRole::Bank => ("银行", "bank"),
        PartyRole::ConsumerFinance => ("消费金融公司", "consumer finance company"),
        PartyRole::AutoFinance => ("汽车金融公司", "auto finance company"),
        PartyRole::Trust => ("信托公司", "trust company"),
        PartyRole::SmallLoan => ("小额贷款公司", "small-loan company"),
        PartyRole::Guarantor => ("融资担保公司", "guarantor"),
        PartyRole::Insurer => ("保险公司", "insurer"),
        PartyRole::Platform => ("平台", "platform"),
        PartyRole::Merchant => ("商户", "merchant"),
        PartyRole::Other => ("其他", "other"),
    };
    pick(lang, zh, en)
}

pub(crate) fn method(lang: Lang, method: &Method) -> String {
    let (zh, en) = match method {
        Method::EqualInstalment => {
            ("等额本息（每期还一样多）", "equal instalments (the same amount every time)")
        }
        Method::EqualPrincipal => ("等额本金（越还越少）", "equal principal (a little less every time)"),
        Method::FlatInterest => {
            ("等本等息（利息一直按最初本金算）", "flat interest (always on the original principal)")
        }
        Method::InterestOnly => {
            ("先息后本（平时只还利息，最后还本金）", "interest first, principal at the end")
        }
        Method::Bullet => ("一次性还本付息（到期一次还清）", "everything at the end, in one payment"),
        Method::CardInstalment { .. } => {
            ("信用卡分期（不收利息，每期收手续费）", "card instalments (a fee instead of interest)")
        }
        Method::Revolving => {
            ("随借随还（按实际用的天数算利息）", "revolving (interest by the day on what is used)")
        }
        Method::Custom { .. } => ("按约定的还款日和金额还", "a plan agreed row by row"),
    };
    pick(lang, zh, en)
}

pub(crate) fn timing(lang: Lang, timing: Timing) -> String {
    match (timing, lang) {
        (Timing::AtPayout, Lang::Zh) => "放款时收一次".to_owned(),
        (Timing::AtPayout, Lang::En) => "once, at the payout".to_owned(),
        (Timing::EachPeriod, Lang::Zh) => "每期收".to_owned(),
        (Timing::EachPeriod, Lang::En) => "with every instalment".to_owned(),
        (Timing::WithPeriod(n), Lang::Zh) => format!("第 {n} 期收一次"),
        (Timing::WithPeriod(n), Lang::En) => format!("once, with instalment {n}"),
        (Timing::AtEnd, Lang::Zh) => "最后一期收一次".to_owned(),
        (Timing::AtEnd, Lang::En) => "once, with the last instalment".to_owned(),
    }
}

pub(crate) fn collected(lang: Lang, collected: Collected) -> String {
    match collected {
        Collected::DeductedFromPayout => pick(lang, "从贷款里先扣", "kept back from the loan"),
        Collected::PaidApart => pick(lang, "由您另外支付", "paid by you"),
    }
}

pub(crate) fn compound_interest(lang: Lang, rule: CompoundInterest) -> String {
    match rule {
        CompoundInterest::Charged => {
            pick(lang, "计收（没付的利息也要付利息）", "charged (unpaid interest bears interest)")
        }
        CompoundInterest::NotCharged => pick(lang, "不计收", "not charged"),
    }
}

/// Name and basis of an annual figure.
pub(crate) fn basis(lang: Lang, basis: RateBasis) -> (String, String) {
    let (zh, en) = match basis {
        RateBasis::Simple => (
            ("年化综合融资成本（单利）", "月内部收益率 × 12；中国人民银行公告〔2021〕第3号"),
            ("Annual all-in cost, simple", "monthly internal rate × 12; PBOC notice 2021 no. 3"),
        ),
        RateBasis::Compound => (
            ("年化综合融资成本（复利）", "(1 + 月内部收益率)¹² − 1；中国人民银行公告〔2021〕第3号"),
            ("Annual all-in cost, compound", "(1 + monthly internal rate)¹² − 1; PBOC notice 2021 no. 3"),
        ),
        RateBasis::Additive => (
            ("各项费率相加", "每一项各自折成年率再相加；与上面两个数算法不同，不能直接相比"),
            ("Items added up", "each item's own annual rate, added; another method than the two above"),
        ),
        RateBasis::DatedEu => (
            ("按实际日期（欧盟算法）", "按真实还款日期计算，供对照；2008/48/EC 附件一"),
            ("On real dates (EU rule)", "real payment dates, for comparison; 2008/48/EC annex I"),
        ),
        RateBasis::UsAppendixJ => (
            ("美国算法", "供对照；Regulation Z, appendix J"),
            ("US rule", "for comparison; Regulation Z, appendix J"),
        ),
    };
    let (name, how) = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    (name.to_owned(), how.to_owned())
}

pub(crate) fn no_rate(lang: Lang, why: NoRate) -> String {
    let (zh, en) = match why {
        NoRate::OneSided => ("算不出：只有一个方向的资金", "none: money flows one way only"),
        NoRate::NegativeOnly => ("没有成本：还的不比借的多", "none: no more is paid back than received"),
        NoRate::OutOfRange => ("超过每年 10000%", "none: above 10,000% a year"),
    };
    pick(lang, zh, en)
}
