//! Annualised figures, each stored with the basis that it was computed on.

use serde::{Deserialize, Serialize};

/// How an annual figure was computed. A percentage without its basis is not a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBasis {
    /// 复利(内部收益率法): (1+r)^12 − 1 on the monthly internal rate (PBOC 公告〔2021〕第3号).
    Compound,
    /// 单利: 12·r on the monthly internal rate (PBOC 公告〔2021〕第3号).
    Simple,
    /// Dated: EU 2008/48/EC annex I interval rule on the real dates.
    DatedEu,
    /// US Regulation Z, appendix J actuarial method.
    UsAppendixJ,
    /// The additive figure of the enterprise list (贷款明白纸): every item's own annual rate, added up.
    Additive,
}

/// Why there is no rate. This is an answer, never a NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRate {
    /// All flows have one sign: nothing is lent, or nothing is paid back.
    OneSided,
    /// The borrower pays back no more than she receives, and no non-negative rate exists.
    NegativeOnly,
    /// The flows cross zero nowhere in the searched range (0 … 10,000 % a year as simple interest).
    OutOfRange,
}

/// A rate or the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateValue {
    /// Parts per million a year: 22.4537 % is 224537. Rounded half-up from the solver.
    Ppm(i64),
    /// No rate exists, with the reason.
    None(NoRate),
}

impl RateValue {
    /// A solved rate (0.08 = 8 %) as whole parts per million, rounded half-up, or the reason why there is none.
    #[must_use]
    pub fn from_fraction(rate: Result<f64, NoRate>) -> RateValue {
        match rate {
            Ok(rate) => RateValue::Ppm(crate::exact::plain_ppm(rate)),
            Err(reason) => RateValue::None(reason),
        }
    }

    /// The figure in ppm a year, if there is one.
    #[must_use]
    pub const fn ppm(self) -> Option<i64> {
        match self {
            RateValue::Ppm(ppm) => Some(ppm),
            RateValue::None(_) => None,
        }
    }
}

/// One annual figure with its basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RateFigure {
    /// How it was computed.
    pub basis: RateBasis,
    /// The figure.
    pub value: RateValue,
}

/// All annual figures of one loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AnnualCost {
    /// 年化综合融资成本(复利).
    pub compound: RateFigure,
    /// 年化综合融资成本(单利).
    pub simple: RateFigure,
    /// On real dates.
    pub dated_eu: RateFigure,
    /// For comparison abroad.
    pub us_appendix_j: RateFigure,
    /// 贷款明白纸 figure: items added up.
    pub additive: RateFigure,
}
