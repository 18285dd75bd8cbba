//! What makes terms acceptable: every limit and every contradiction that is refused before anything is computed.
//! It must not know schedules or rates of cost.

use jiff::civil::Date;

use crate::terms::{
    Base, Collected, DefaultTerms, EarlyRule, FeeItem, FeeNature, Method, Party, PlanSpec, Rounding,
    TermsSpec, Timing,
};
use crate::{Fen, Words};

/// Largest principal, and largest fixed amount anywhere in the terms: 10^13 fen (100 thousand million yuan).
pub const MAX_AMOUNT: Fen = Fen::new(10_000_000_000_000);
/// Most fee items.
pub const MAX_FEES: usize = 32;
/// Most periods: fifty years of months.
pub const MAX_PERIODS: u32 = 600;
/// Highest rate anywhere in the terms, ppm: 1,000 %.
pub const MAX_RATE_PPM: i64 = 10_000_000;
/// Longest JSON text of terms, in bytes.
pub const MAX_JSON_BYTES: usize = 262_144;
/// First year a payout may fall in.
pub const FIRST_YEAR: i16 = 1950;
/// Last year a payout may fall in.
pub const LAST_YEAR: i16 = 2200;
/// Longest wait for the first instalment, in days.
pub const MAX_FIRST_PERIOD_DAYS: i32 = 366;

/// Why terms are refused. Each says what, why and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// The text is no terms document.
    #[error("the terms cannot be read: {0}; compare the file with an example product")]
    Json(String),
    /// The text is too long.
    #[error("the terms are {0} bytes long; at most 262,144 are read; shorten the names or the plan")]
    TooLong(usize),
    /// A format version that this program does not know.
    #[error("terms of format version {0} are not known here; write `\"v\": 1`, or use a newer program")]
    Version(u32),
    /// A text is empty, too long, or has control characters.
    #[error("{field} must be 1 to {max} visible characters; fill it in")]
    Text {
        /// Field.
        field: &'static str,
        /// Most characters.
        max: usize,
    },
    /// An identifier with characters outside its set.
    #[error("{field} {value:?} must match {pattern}; rename it")]
    Identifier {
        /// Field.
        field: &'static str,
        /// What was written.
        value: String,
        /// What is accepted.
        pattern: &'static str,
    },
    /// Two fee items with one key.
    #[error("two fee items have the key {0:?}; give each its own")]
    DuplicateKey(String),
    /// A key that the table itself uses.
    #[error("the fee key {0:?} is used by the table itself; choose another")]
    ReservedKey(String),
    /// An amount outside its range.
    #[error("{field} is {value} yuan; it must be between {min} and {max} yuan")]
    Amount {
        /// Field.
        field: &'static str,
        /// What was written.
        value: Fen,
        /// Least.
        min: Fen,
        /// Most.
        max: Fen,
    },
    /// A rate outside 0 … 1,000 %.
    #[error("{field} is {ppm} parts per million; it must be between 0 and 10,000,000 (1,000 %)")]
    Rate {
        /// Field.
        field: &'static str,
        /// What was written.
        ppm: i64,
    },
    /// A count outside its range.
    #[error("{field} is {value}; it must be between {min} and {max}")]
    Count {
        /// Field.
        field: &'static str,
        /// What was written.
        value: u64,
        /// Least.
        min: u64,
        /// Most.
        max: u64,
    },
    /// A date outside its range.
    #[error("{field} is {value}; it must be between {min} and {max}")]
    DateRange {
        /// Field.
        field: &'static str,
        /// What was written.
        value: Date,
        /// Earliest.
        min: Date,
        /// Latest.
        max: Date,
    },
    /// The rows of a custom plan do not add up.
    #[error(
        "the rows of the plan add up to {sum} yuan and the principal is {principal} yuan; correct the rows"
    )]
    RowsSum {
        /// Sum of the rows.
        sum: Fen,
        /// Principal.
        principal: Fen,
    },
    /// The rows of a custom plan are not in order of date.
    #[error("row {0} of the plan is not later than the row before it; put the rows in order, one per day")]
    RowsOrder(usize),
    /// Deductions leave nothing to pay out.
    #[error(
        "{deducted} yuan would be kept back from {principal} yuan; nothing would be paid out; lower the deductions"
    )]
    NothingPaidOut {
        /// Kept back.
        deducted: Fen,
        /// Principal.
        principal: Fen,
    },
    /// Two settings that contradict one another.
    #[error("{}", .0.words().en)]
    Contradiction(Contradiction),
}

/// Settings that do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// Something is deducted from the payout but not taken at the payout.
    DeductedLater,
    /// A payout-time fee measured on an instalment.
    PayoutOnPayment,
    /// A deposit taken when it is given back.
    DepositAtEnd,
    /// Grace periods for a method that repays no principal on the way.
    GraceWithoutPrincipal,
    /// Revolving use without daily interest.
    RevolvingByPeriod,
    /// Card instalments with an interest rate.
    CardWithInterest,
    /// Interest-free periods for card instalments.
    CardInterestFree,
    /// A custom plan with a first due date that is not its first row's.
    CustomFirstDue,
    /// A custom plan whose number of rows is not its number of periods.
    CustomPeriods,
    /// A fee due with an instalment that does not exist.
    NoSuchInstalment,
}

impl Contradiction {
    /// The contradiction and its remedy, in both languages.
    #[must_use]
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::DeductedLater => (
                "从放款中扣除的费用只能在放款时收取；请改收取时间或改为另行支付",
                "a fee kept back from the payout can only be taken at the payout; change its timing, or let it be paid apart",
            ),
            Self::PayoutOnPayment => (
                "放款时还没有月供，不能按月供的比例收费；请改收费基数",
                "at the payout there is no instalment to measure a fee on; choose another base",
            ),
            Self::DepositAtEnd => (
                "保证金在最后一期退还，不能在最后一期收取；请改收取时间",
                "a deposit comes back with the last instalment and cannot be taken then; change its timing",
            ),
            Self::GraceWithoutPrincipal => (
                "这种还款方式中途不还本金，不能设宽限期；请把 grace_periods 设为 0",
                "this method repays no principal on the way, so grace periods mean nothing; set grace_periods to 0",
            ),
            Self::RevolvingByPeriod => (
                "随借随还按天计息，请选择按天的计息方式",
                "revolving use bears interest by the day; choose a daily day_count",
            ),
            Self::CardWithInterest => (
                "信用卡分期只收分期手续费，年利率必须为 0",
                "card instalments bear a fee and no interest; set annual_rate_ppm to 0",
            ),
            Self::CardInterestFree => (
                "信用卡分期没有利息，不能设免息期；请把 interest_free_periods 设为 0",
                "card instalments bear no interest to be free of; set interest_free_periods to 0",
            ),
            Self::CustomFirstDue => (
                "自定义计划的首个还款日必须是第一行的日期",
                "the first due date of a custom plan is its first row's; remove first_due_on or make them equal",
            ),
            Self::CustomPeriods => {
                ("自定义计划的期数必须等于行数", "periods of a custom plan must equal its number of rows")
            }
            Self::NoSuchInstalment => (
                "有费用定在不存在的期次收取；请改期次",
                "a fee is due with an instalment that does not exist; change its number",
            ),
        };
        Words { zh: zh.to_owned(), en: en.to_owned() }
    }
}

impl TermsError {
    /// The error in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            Self::Json(why) => format!("产品条款无法读取：{why}；请对照示例产品文件修改"),
            Self::TooLong(bytes) => format!("产品条款有 {bytes} 字节，最多 262,144 字节；请缩短名称或计划"),
            Self::Version(v) => format!("不认识条款格式版本 {v}；请写 \"v\": 1，或使用更新的程序"),
            Self::Text { field, max } => format!("{field} 必须有 1 到 {max} 个可见字符；请填写"),
            Self::Identifier { field, value, pattern } => {
                format!("{field}“{value}”不符合 {pattern}；请改名")
            }
            Self::DuplicateKey(key) => format!("有两个费用项目的代号都是“{key}”；请各用各的代号"),
            Self::ReservedKey(key) => format!("费用代号“{key}”由系统使用；请换一个"),
            Self::Amount { field, value, min, max } => {
                format!("{field} 是 {value} 元，应在 {min} 元到 {max} 元之间")
            }
            Self::Rate { field, ppm } => {
                format!("{field} 是百万分之 {ppm}，应在 0 到 10,000,000（1000%）之间")
            }
            Self::Count { field, value, min, max } => format!("{field} 是 {value}，应在 {min} 到 {max} 之间"),
            Self::DateRange { field, value, min, max } => {
                format!("{field} 是 {value}，应在 {min} 到 {max} 之间")
            }
            Self::RowsSum { sum, principal } => {
                format!("计划各行合计 {sum} 元，与本金 {principal} 元不符；请改正各行")
            }
            Self::RowsOrder(row) => format!("计划第 {row} 行不晚于前一行；请按日期先后排列，一天一行"),
            Self::NothingPaidOut { deducted, principal } => {
                format!("本金 {principal} 元中要扣除 {deducted} 元，没有钱可放；请降低扣除")
            }
            Self::Contradiction(which) => which.words().zh,
        };
        Words { zh, en: self.to_string() }
    }
}

impl From<Contradiction> for TermsError {
    fn from(which: Contradiction) -> Self {
        TermsError::Contradiction(which)
    }
}

/// Checks everything about a spec.
pub(crate) fn check(spec: &TermsSpec) -> Result<(), TermsError> {
    if spec.v != 1 {
        return Err(TermsError::Version(spec.v));
    }
    identifier("product.id", &spec.product.id, 48, b'-', "[a-z0-9-]{1,48}")?;
    text("product.version", &spec.product.version, 48)?;
    both("product.name", &spec.product.name)?;
    both("lender.name", &spec.lender.name)?;
    amount("principal_fen", spec.principal_fen, Fen::new(1), MAX_AMOUNT)?;
    let (first, last) = (jiff::civil::date(FIRST_YEAR, 1, 1), jiff::civil::date(LAST_YEAR, 12, 31));
    date_range("payout_on", spec.payout_on, first, last)?;
    check_plan(spec)?;
    check_fees(spec)?;
    check_default(&spec.default)?;
    match spec.early {
        EarlyRule::Free => Ok(()),
        EarlyRule::PercentOfPrincipal { ppm, until_period } => {
            rate("early.percent_of_principal.ppm", ppm)?;
            count(
                "early.percent_of_principal.until_period",
                u64::from(until_period),
                0,
                u64::from(MAX_PERIODS),
            )
        }
        EarlyRule::MonthsOfInterest { months } => {
            count("early.months_of_interest.months", u64::from(months), 0, u64::from(MAX_PERIODS))
        }
    }
}

fn check_plan(spec: &TermsSpec) -> Result<(), TermsError> {
    let plan = &spec.plan;
    rate("plan.annual_rate_ppm", plan.annual_rate_ppm)?;
    count("plan.periods", u64::from(plan.periods), 1, u64::from(MAX_PERIODS))?;
    count("plan.grace_periods", u64::from(plan.grace_periods), 0, u64::from(plan.periods - 1))?;
    count("plan.interest_free_periods", u64::from(plan.interest_free_periods), 0, u64::from(plan.periods))?;
    if let Some(first) = plan.first_due_on {
        let earliest = spec.payout_on.tomorrow().unwrap_or(spec.payout_on);
        let latest = later(spec.payout_on, MAX_FIRST_PERIOD_DAYS);
        date_range("plan.first_due_on", first, earliest, latest)?;
    }
    match &plan.method {
        Method::InterestOnly | Method::Bullet | Method::Revolving | Method::Custom { .. }
            if plan.grace_periods > 0 =>
        {
            Err(Contradiction::GraceWithoutPrincipal.into())
        }
        Method::Revolving if plan.day_count == crate::terms::DayCount::PerPeriod => {
            Err(Contradiction::RevolvingByPeriod.into())
        }
        Method::CardInstalment { fee_per_period_ppm } => {
            rate("plan.method.card_instalment.fee_per_period_ppm", *fee_per_period_ppm)?;
            if plan.annual_rate_ppm != 0 {
                return Err(Contradiction::CardWithInterest.into());
            }
            if plan.interest_free_periods != 0 {
                return Err(Contradiction::CardInterestFree.into());
            }
            Ok(())
        }
        Method::Custom { rows } => check_rows(spec, plan, rows),
        _ => Ok(()),
    }
}

fn check_rows(spec: &TermsSpec, plan: &PlanSpec, rows: &[crate::terms::CustomRow]) -> Result<(), TermsError> {
    if u32::try_from(rows.len()) != Ok(plan.periods) {
        return Err(Contradiction::CustomPeriods.into());
    }
    let latest = later(spec.payout_on, 31 * i32::try_from(MAX_PERIODS).unwrap_or(0));
    let mut before = spec.payout_on;
    let mut sum = Fen::ZERO;
    for (at, row) in rows.iter().enumerate() {
        if row.due_on <= before {
            return Err(TermsError::RowsOrder(at + 1));
        }
        date_range("plan.method.custom.rows.due_on", row.due_on, spec.payout_on, latest)?;
        amount("plan.method.custom.rows.principal_fen", row.principal_fen, Fen::ZERO, MAX_AMOUNT)?;
        before = row.due_on;
        sum += row.principal_fen;
    }
    if sum != spec.principal_fen {
        return Err(TermsError::RowsSum { sum, principal: spec.principal_fen });
    }
    match (plan.first_due_on, rows.first()) {
        (Some(first), Some(row)) if first != row.due_on => Err(Contradiction::CustomFirstDue.into()),
        _ => Ok(()),
    }
}

fn check_fees(spec: &TermsSpec) -> Result<(), TermsError> {
    count("the number of fee items", spec.fees.len() as u64, 0, MAX_FEES as u64)?;
    let instalments = match spec.plan.method {
        Method::Bullet => 1,
        _ => spec.plan.periods,
    };
    let mut deducted = Fen::ZERO;
    for (at, fee) in spec.fees.iter().enumerate() {
        identifier("a fee key", &fee.key, 32, b'_', "[a-z0-9_]{1,32}")?;
        if RESERVED.contains(&fee.key.as_str()) {
            return Err(TermsError::ReservedKey(fee.key.clone()));
        }
        if spec.fees.iter().take(at).any(|other| other.key == fee.key) {
            return Err(TermsError::DuplicateKey(fee.key.clone()));
        }
        check_fee(fee, instalments)?;
        if fee.collected == Collected::DeductedFromPayout {
            deducted += payout_amount(fee, spec.principal_fen, spec.plan.rounding);
        }
    }
    if deducted >= spec.principal_fen {
        return Err(TermsError::NothingPaidOut { deducted, principal: spec.principal_fen });
    }
    Ok(())
}

/// Keys that the table makes itself.
pub(crate) const RESERVED: [&str; 5] =
    ["interest", "principal", "instalment_fee", "early_repayment_fee", "early_refund"];

fn check_fee(fee: &FeeItem, instalments: u32) -> Result<(), TermsError> {
    both("a fee's name", &fee.name)?;
    party(&fee.payee)?;
    match fee.base {
        Base::Fixed(fen) => amount("a fee's fixed amount", fen, Fen::ZERO, MAX_AMOUNT)?,
        Base::OriginalPrincipal(ppm) | Base::Outstanding(ppm) | Base::Payment(ppm) => {
            rate("a fee's base", ppm)?
        }
    }
    if let Some(cap) = fee.cap_fen {
        amount("a fee's cap_fen", cap, Fen::ZERO, MAX_AMOUNT)?;
    }
    if fee.collected == Collected::DeductedFromPayout && fee.timing != Timing::AtPayout {
        return Err(Contradiction::DeductedLater.into());
    }
    match (fee.timing, fee.base, fee.nature) {
        (Timing::AtPayout, Base::Payment(_), _) => Err(Contradiction::PayoutOnPayment.into()),
        (Timing::AtEnd, _, FeeNature::Deposit) => Err(Contradiction::DepositAtEnd.into()),
        (Timing::WithPeriod(n), _, FeeNature::Deposit) if n == instalments => {
            Err(Contradiction::DepositAtEnd.into())
        }
        (Timing::WithPeriod(n), _, _) if n == 0 || n > instalments => {
            Err(Contradiction::NoSuchInstalment.into())
        }
        _ => Ok(()),
    }
}

/// What a fee taken at the payout amounts to.
pub(crate) fn payout_amount(fee: &FeeItem, principal: Fen, rounding: Rounding) -> Fen {
    let amount = match fee.base {
        Base::Fixed(fen) => fen,
        Base::OriginalPrincipal(ppm) | Base::Outstanding(ppm) => principal.times_ppm(ppm, rounding),
        Base::Payment(_) => Fen::ZERO,
    };
    fee.cap_fen.map_or(amount, |cap| amount.min(cap))
}

fn check_default(default: &DefaultTerms) -> Result<(), TermsError> {
    rate("default.overdue_rate_ppm", default.overdue_rate_ppm)?;
    rate("default.misuse_rate_ppm", default.misuse_rate_ppm)?;
    count("default.grace_days", u64::from(default.grace_days), 0, 366)?;
    amount("default.late_fee_fen", default.late_fee_fen, Fen::ZERO, MAX_AMOUNT)
}

fn later(date: Date, days: i32) -> Date {
    date.checked_add(jiff::Span::new().days(days)).unwrap_or(Date::MAX)
}

fn party(party: &Party) -> Result<(), TermsError> {
    both("a payee's name", &party.name)
}

fn both(field: &'static str, words: &Words) -> Result<(), TermsError> {
    text(field, &words.zh, 200)?;
    text(field, &words.en, 200)
}

fn text(field: &'static str, value: &str, max: usize) -> Result<(), TermsError> {
    let fits =
        value.chars().count() <= max && !value.trim().is_empty() && !value.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(TermsError::Text { field, max }) }
}

fn identifier(
    field: &'static str,
    value: &str,
    max: usize,
    mark: u8,
    pattern: &'static str,
) -> Result<(), TermsError> {
    let accepted = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == mark;
    if (1..=max).contains(&value.len()) && value.bytes().all(accepted) {
        Ok(())
    } else {
        let value = value.chars().take(max).collect();
        Err(TermsError::Identifier { field, value, pattern })
    }
}

fn amount(field: &'static str, value: Fen, min: Fen, max: Fen) -> Result<(), TermsError> {
    if (min..=max).contains(&value) { Ok(()) } else { Err(TermsError::Amount { field, value, min, max }) }
}

fn rate(field: &'static str, ppm: i64) -> Result<(), TermsError> {
    if (0..=MAX_RATE_PPM).contains(&ppm) { Ok(()) } else { Err(TermsError::Rate { field, ppm }) }
}

fn count(field: &'static str, value: u64, min: u64, max: u64) -> Result<(), TermsError> {
    if (min..=max).contains(&value) { Ok(()) } else { Err(TermsError::Count { field, value, min, max }) }
}

fn date_range(field: &'static str, value: Date, min: Date, max: Date) -> Result<(), TermsError> {
    if (min..=max).contains(&value) { Ok(()) } else { Err(TermsError::DateRange { field, value, min, max }) }
}
