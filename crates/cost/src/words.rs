//! Words about cost that every surface shares, so that a row reads the same on the page, in the PDF and in the terminal.
//! It turns values into text and computes nothing about a loan.

use serde::{Deserialize, Serialize};

use crate::Fen;
pub use crate::facts::{Fact, key_facts};
use crate::rate::{NoRate, RateBasis, RateFigure, RateValue};
use crate::terms::{
    Base, Collected, DayCount, EarlyRule, FeeItem, FeeNature, Method, OnEarlyRepayment, PartyRole, PlanSpec,
    Timing,
};

/// A language that a person can read here. Chinese is the first, English stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// A short text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese text, never empty.
    pub zh: String,
    /// English text, never empty.
    pub en: String,
}

impl Words {
    /// A text in both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words { zh: zh.into(), en: en.into() }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A rate in per cent with two decimals, rounded half-up: 224537 ppm is `22.45%`.
#[must_use]
pub fn pct2(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let hundredths = (ppm.unsigned_abs() + 50) / 100;
    format!("{sign}{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A rate in per cent, exact, with at least two decimals: 8000 ppm is `0.80%`, 850 ppm is `0.085%`.
#[must_use]
pub fn pct(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let ppm = ppm.unsigned_abs();
    let decimals = format!("{:04}", ppm % 10_000);
    let shown = decimals.trim_end_matches('0').len().max(2);
    format!("{sign}{}.{}%", ppm / 10_000, decimals.get(..shown).unwrap_or(&decimals))
}

/// An annual figure as text, or why there is none.
#[must_use]
pub fn rate_value(value: RateValue) -> Words {
    match value {
        RateValue::Ppm(ppm) => Words::new(pct2(ppm), pct2(ppm)),
        RateValue::None(why) => no_rate(why),
    }
}

/// `22.45%(单利)`: a figure with its basis, as it must always be shown.
#[must_use]
pub fn rate_figure(figure: &RateFigure) -> Words {
    let (value, basis) = (rate_value(figure.value), basis_short(figure.basis));
    Words::new(format!("{}（{}）", value.zh, basis.zh), format!("{} ({})", value.en, basis.en))
}

/// Why there is no rate.
#[must_use]
pub fn no_rate(why: NoRate) -> Words {
    match why {
        NoRate::OneSided => Words::new("无法计算：只有一个方向的现金流", "none: money flows one way only"),
        NoRate::NegativeOnly => {
            Words::new("无法计算：还的不比借的多", "none: no more is paid back than received")
        }
        NoRate::OutOfRange => {
            Words::new("超出可计算范围（0 至 10,000%）", "outside the range of 0 to 10,000 %")
        }
    }
}

/// One or two words for a basis.
#[must_use]
pub fn basis_short(basis: RateBasis) -> Words {
    match basis {
        RateBasis::Compound => Words::new("复利", "compound"),
        RateBasis::Simple => Words::new("单利", "simple"),
        RateBasis::DatedEu => Words::new("欧盟按日期", "EU, dated"),
        RateBasis::UsAppendixJ => Words::new("美国 Z 条例附录 J", "US Regulation Z, appendix J"),
        RateBasis::Additive => Words::new("逐项相加", "items added up"),
    }
}

/// How a figure was computed, in a sentence.
#[must_use]
pub fn basis_label(basis: RateBasis) -> Words {
    match basis {
        RateBasis::Compound => Words::new(
            "年化综合融资成本（复利，内部收益率法）：把每月的成本率按复利折成一年",
            "Annual all-in cost, compound: the monthly internal rate r as (1+r)^12 − 1",
        ),
        RateBasis::Simple => Words::new(
            "年化综合融资成本（单利）：每月的成本率乘以 12",
            "Annual all-in cost, simple: the monthly internal rate r as 12·r",
        ),
        RateBasis::DatedEu => Words::new(
            "按实际日期计算的年化成本（欧盟规则）",
            "Annual cost on the real dates (EU Directive 2008/48/EC, annex I)",
        ),
        RateBasis::UsAppendixJ => {
            Words::new("美国 Z 条例附录 J 的年化成本", "Annual percentage rate, US Regulation Z appendix J")
        }
        RateBasis::Additive => Words::new(
            "贷款明白纸口径：各项目自己的年率相加",
            "As the enterprise list adds it: each item's own annual rate, added up",
        ),
    }
}

/// Why the additive figure differs from the internal-rate figures.
#[must_use]
pub fn additive_explained() -> Words {
    Words::new(
        "“逐项相加”把利息的合同年利率，和每项费用平均每年占最初本金的比例加在一起。它不看本金在逐月减少，也不看费用是先收还是后收，所以分期还款时常常比真实成本低。比较贷款请看单利或复利的年化综合融资成本。",
        "The added-up figure takes the contract's interest rate and, for every fee, its cost per year as a share of the \
         original principal. It ignores that the principal shrinks month by month and when fees are taken, so for \
         instalment loans it is usually lower than the real cost. Compare loans by the simple or compound all-in figure.",
    )
}

/// Name of a repayment method.
#[must_use]
pub fn method(method: &Method) -> Words {
    let (zh, en) = match method {
        Method::EqualInstalment => ("等额本息", "equal instalments"),
        Method::EqualPrincipal => ("等额本金", "equal principal parts"),
        Method::FlatInterest => ("等本等息", "flat interest on the original principal"),
        Method::InterestOnly => ("先息后本", "interest first, principal at the end"),
        Method::Bullet => ("一次性还本付息", "everything at the end"),
        Method::CardInstalment { .. } => ("信用卡分期", "card instalments with a fee per period"),
        Method::Revolving => {
            ("随借随还（按一直用到最后一天计算）", "revolving, shown as used in full to the end")
        }
        Method::Custom { .. } => ("约定的还款计划", "a plan of the lender's own"),
    };
    Words::new(zh, en)
}

/// How interest days are counted.
#[must_use]
pub fn day_count(count: DayCount) -> Words {
    let (zh, en) = match count {
        DayCount::PerPeriod => ("按期计息", "by the period"),
        DayCount::Actual360 => ("按天计息，一年按 360 天", "by the day, 360 days a year"),
        DayCount::Actual365 => ("按天计息，一年按 365 天", "by the day, 365 days a year"),
        DayCount::ActualActual => ("按天计息，一年按实际天数", "by the day, real length of the year"),
        DayCount::Thirty360 => ("每月按 30 天、一年按 360 天", "30-day months, 360 days a year"),
    };
    Words::new(zh, en)
}

/// The part that a firm plays.
#[must_use]
pub fn role(role: PartyRole) -> Words {
    let (zh, en) = match role {
        PartyRole::Bank => ("银行", "bank"),
        PartyRole::ConsumerFinance => ("消费金融公司", "consumer finance company"),
        PartyRole::AutoFinance => ("汽车金融公司", "auto finance company"),
        PartyRole::Trust => ("信托公司", "trust company"),
        PartyRole::SmallLoan => ("小额贷款公司", "small-loan company"),
        PartyRole::Guarantor => ("融资担保公司", "guarantee company"),
        PartyRole::Insurer => ("保险公司", "insurer"),
        PartyRole::Platform => ("平台", "platform"),
        PartyRole::Merchant => ("商户", "merchant"),
        PartyRole::Other => ("其他机构", "other firm"),
    };
    Words::new(zh, en)
}

/// When a fee is taken.
#[must_use]
pub fn timing(timing: Timing) -> Words {
    match timing {
        Timing::AtPayout => Words::new("放款时一次收取", "once, at the payout"),
        Timing::EachPeriod => Words::new("每期收取", "with every instalment"),
        Timing::WithPeriod(n) => Words::new(format!("第 {n} 期收取"), format!("with instalment {n}")),
        Timing::AtEnd => Words::new("最后一期收取", "with the last instalment"),
    }
}

/// What a fee is measured on.
#[must_use]
pub fn base(base: Base) -> Words {
    match base {
        Base::Fixed(fen) => Words::new(format!("{fen} 元"), format!("{fen} yuan")),
        Base::OriginalPrincipal(ppm) => {
            Words::new(format!("原始本金的 {}", pct(ppm)), format!("{} of the original principal", pct(ppm)))
        }
        Base::Outstanding(ppm) => Words::new(
            format!("剩余本金的 {}", pct(ppm)),
            format!("{} of the principal still owed", pct(ppm)),
        ),
        Base::Payment(ppm) => Words::new(
            format!("当期应还本息的 {}", pct(ppm)),
            format!("{} of the instalment (principal and interest)", pct(ppm)),
        ),
    }
}

/// How a fee reaches its payee.
#[must_use]
pub fn collected(collected: Collected) -> Words {
    match collected {
        Collected::DeductedFromPayout => Words::new("从放款中直接扣除", "kept back from the payout"),
        Collected::PaidApart => Words::new("由您另行支付", "paid by you apart from the payout"),
    }
}

/// What happens to a fee on early repayment.
#[must_use]
pub fn on_early_repayment(rule: OnEarlyRepayment) -> Words {
    match rule {
        OnEarlyRepayment::NotRefundable => Words::new("提前还款不退", "not given back on early repayment"),
        OnEarlyRepayment::RefundedByTime => {
            Words::new("提前还款按没用的天数退", "given back by unused days on early repayment")
        }
    }
}

/// The standard (收费标准) of one fee: base, timing, and what bounds or returns it.
#[must_use]
pub fn fee_standard(fee: &FeeItem) -> Words {
    let (base, timing) = (base(fee.base), timing(fee.timing));
    let mut zh = format!("{}，{}", base.zh, timing.zh);
    let mut en = format!("{}, {}", base.en, timing.en);
    if fee.collected == Collected::DeductedFromPayout {
        let collected = collected(fee.collected);
        zh.push_str(&format!("，{}", collected.zh));
        en.push_str(&format!(", {}", collected.en));
    }
    if let Some(cap) = fee.cap_fen {
        zh.push_str(&format!("，最多 {cap} 元"));
        en.push_str(&format!(", at most {cap} yuan"));
    }
    match (fee.nature, fee.on_early_repayment) {
        (FeeNature::Deposit, _) => {
            zh.push_str("，最后一期退还");
            en.push_str(", given back with the last instalment");
        }
        (FeeNature::Fee, OnEarlyRepayment::RefundedByTime) => {
            let rule = on_early_repayment(fee.on_early_repayment);
            zh.push_str(&format!("，{}", rule.zh));
            en.push_str(&format!(", {}", rule.en));
        }
        (FeeNature::Fee, OnEarlyRepayment::NotRefundable) => {}
    }
    Words { zh, en }
}

/// The standard of the interest.
#[must_use]
pub fn interest_standard(plan: &PlanSpec) -> Words {
    let rate = pct(plan.annual_rate_ppm);
    let days = day_count(plan.day_count);
    let (on_zh, on_en) = match plan.method {
        Method::FlatInterest => ("始终按原始本金计息", "always on the original principal"),
        Method::CardInstalment { .. } => ("不计利息", "no interest"),
        _ => ("按剩余本金计息", "on the principal still owed"),
    };
    let mut words = Words::new(
        format!("年利率 {rate}，{}，{on_zh}", days.zh),
        format!("{rate} a year, {}, {on_en}", days.en),
    );
    if plan.interest_free_periods > 0 {
        let n = plan.interest_free_periods;
        words.zh.push_str(&format!("，前 {n} 期免息"));
        words.en.push_str(&format!(", none in the first {n} periods"));
    }
    words
}

/// Name of the interest row.
#[must_use]
pub fn interest_name() -> Words {
    Words::new("利息", "Interest")
}

/// Name of a card instalment plan's fee.
#[must_use]
pub fn instalment_fee_name() -> Words {
    Words::new("分期手续费", "Instalment fee")
}

/// Name of the fee for repaying early.
#[must_use]
pub fn early_fee_name() -> Words {
    Words::new("提前还款违约金", "Early-repayment fee")
}

/// Adds to the standard of the interest that the rate changes with an instalment.
pub(crate) fn add_new_rate(standard: &mut Words, from_period: u32, ppm: i64) {
    standard.zh.push_str(&format!("，第 {from_period} 期起年利率 {}", pct(ppm)));
    standard.en.push_str(&format!(", {} a year from instalment {from_period} on", pct(ppm)));
}

/// The closing statement of every table.
#[must_use]
pub fn nothing_else() -> Words {
    Words::new(
        "除上述项目外，不收取任何其他费用。",
        "Apart from the items above, nothing else will be charged.",
    )
}

/// An amount as a person should meet it: figures, capitals, and what it means each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreeWays {
    /// `5,000.00 元` / `5,000.00 yuan`.
    pub figures: Words,
    /// `伍仟元整`, in Chinese only: a control against altered figures.
    pub capitals_zh: String,
    /// `每期 441.00 元,共 12 期`, when it is paid in equal parts.
    pub in_parts: Option<Words>,
}

/// Money three ways. `parts` is the amount of one part and their number.
#[must_use]
pub fn three_ways(amount: Fen, parts: Option<(Fen, u32)>) -> ThreeWays {
    ThreeWays {
        figures: yuan(amount),
        capitals_zh: amount.upper_zh(),
        in_parts: parts.map(|(part, times)| {
            Words::new(
                format!("每期 {part} 元，共 {times} 期"),
                format!("{part} yuan each time, {times} times"),
            )
        }),
    }
}

/// `5,000.00 元` / `5,000.00 yuan`.
#[must_use]
pub fn yuan(amount: Fen) -> Words {
    Words::new(format!("{amount} 元"), format!("{amount} yuan"))
}

/// What the terms say about repaying early, in a sentence.
#[must_use]
pub fn early_rule(rule: &EarlyRule) -> Words {
    match *rule {
        EarlyRule::Free => {
            Words::new("可以随时提前还款，不收违约金", "you may repay early at any time, without a fee")
        }
        EarlyRule::PercentOfPrincipal { ppm, until_period: 0 } => Words::new(
            format!("提前还款收取提前还本金额的 {}", pct(ppm)),
            format!("repaying early costs {} of the principal repaid early", pct(ppm)),
        ),
        EarlyRule::PercentOfPrincipal { ppm, until_period } => Words::new(
            format!("第 {until_period} 期（含）以前提前还款，收取提前还本金额的 {}；之后不收", pct(ppm)),
            format!(
                "up to instalment {until_period}, repaying early costs {} of the principal repaid early; free afterwards",
                pct(ppm)
            ),
        ),
        EarlyRule::MonthsOfInterest { months } => Words::new(
            format!("提前还款收取提前还本金额 {months} 个月的利息"),
            format!("repaying early costs {months} months' interest on the principal repaid early"),
        ),
    }
}
