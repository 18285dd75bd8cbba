//! Why a change of a loan cannot be worked out, in both languages. It knows no rule, only what the rules answer.

use jiff::civil::Date;

use crate::quote::CostError;
use crate::{Fen, Words};

/// Why a change cannot be worked out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Before the money was paid out.
    #[error("{on} is before the payout on {payout_on}; choose a day from then on")]
    BeforePayout {
        /// Asked for.
        on: Date,
        /// Payout.
        payout_on: Date,
    },
    /// After everything is repaid.
    #[error("{on} is after the last due date {final_due_on}; nothing is owed then; choose an earlier day")]
    AfterEnd {
        /// Asked for.
        on: Date,
        /// Last due date.
        final_due_on: Date,
    },
    /// A part that is no part.
    #[error(
        "{amount} yuan is no part of the {balance} yuan still owed; choose more than 0 and less than that, or settle"
    )]
    Amount {
        /// Asked for.
        amount: Fen,
        /// Principal owed that day.
        balance: Fen,
    },
    /// A method whose principal is due at the end only.
    #[error(
        "with this method the principal is due at the end, so there is no shorter plan; choose a lower payment"
    )]
    NothingToShorten,
    /// A method that cannot be rescheduled by rule.
    #[error("a plan of this method has no rule to reschedule it by; agree new terms with their own plan")]
    NoRule,
    /// New periods outside the limits.
    #[error("{0} new periods are not possible; the whole plan may have 1 to 600 periods")]
    Periods(u32),
    /// A new rate outside the limits, or on a loan without interest.
    #[error(
        "a new rate of {0} parts per million is not possible for this loan; choose 0 to 10,000,000, and 0 for card instalments"
    )]
    Rate(i64),
    /// No such instalment.
    #[error("there is no instalment {n}; choose 1 to {last}")]
    NoSuchInstalment {
        /// Asked for.
        n: u32,
        /// Last.
        last: u32,
    },
    /// Too long a delay.
    #[error("{0} days late is more than can be worked out; choose at most 3,660 days")]
    Days(u32),
    /// The new table fails its own checks.
    #[error(transparent)]
    Cost(#[from] CostError),
}

impl ChangeError {
    /// The error in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            Self::BeforePayout { on, payout_on } => {
                format!("{on} 在放款日 {payout_on} 之前；请选择放款以后的日期")
            }
            Self::AfterEnd { on, final_due_on } => {
                format!("{on} 在最后还款日 {final_due_on} 之后，那时已经还清；请选择更早的日期")
            }
            Self::Amount { amount, balance } => {
                format!(
                    "剩余本金是 {balance} 元，不能部分提前还 {amount} 元；请填大于 0、小于剩余本金的金额，或选择全部还清"
                )
            }
            Self::NothingToShorten => "这种还款方式到期才还本金，不能缩短期限；请选择减少每期还款".to_owned(),
            Self::NoRule => "这种还款计划没有可以套用的调整规则；请另行约定新的条款".to_owned(),
            Self::Periods(n) => format!("不能改为 {n} 期；全部期数应在 1 到 600 之间"),
            Self::Rate(ppm) => {
                format!("这笔贷款不能改为百万分之 {ppm} 的年利率；请填 0 到 10,000,000（信用卡分期只能为 0）")
            }
            Self::NoSuchInstalment { n, last } => format!("没有第 {n} 期；请选择第 1 到第 {last} 期"),
            Self::Days(days) => format!("逾期 {days} 天太长，最多按 3,660 天计算"),
            Self::Cost(error) => error.words().zh,
        };
        Words { zh, en: self.to_string() }
    }
}
