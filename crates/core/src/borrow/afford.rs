//! Can she carry it? The highest instalment, fees included, with the debts she already has, against her
//! income.
//!
//! It judges numbers only. It must not know who the borrower is, whether she ever complained, or where she
//! lives.

use mingbai_cost::{CostTable, Fen, Words};
use serde::{Deserialize, Serialize};

use crate::text::{Tell, both};

/// Highest monthly amount that can be declared, in fen (100 million yuan).
const MAX_MONTHLY_FEN: i64 = 10_000_000_000;

/// The product's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AffordRule {
    /// (highest instalment + other monthly repayments) ÷ monthly income may reach this, ppm; 1 … 1 000 000.
    pub max_ratio_ppm: i64,
}

/// What the borrower says about her month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawDeclared")]
pub struct Declared {
    monthly_income_fen: Fen,
    monthly_debt_fen: Fen,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDeclared {
    monthly_income_fen: Fen,
    monthly_debt_fen: Fen,
}

impl TryFrom<RawDeclared> for Declared {
    type Error = BadDeclaration;
    fn try_from(raw: RawDeclared) -> Result<Self, BadDeclaration> {
        Declared::new(raw.monthly_income_fen, raw.monthly_debt_fen)
    }
}

/// A declaration that cannot be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDeclaration {
    /// Income below zero or beyond the limit.
    #[error("monthly income must lie between 0 and 100 million yuan; correct it")]
    Income,
    /// Repayments below zero or beyond the limit.
    #[error("other monthly repayments must lie between 0 and 100 million yuan; correct them")]
    Debt,
}

impl Tell for BadDeclaration {
    fn words(&self) -> Words {
        let zh = match self {
            BadDeclaration::Income => "每月收入要在 0 到 1 亿元之间,请改正",
            BadDeclaration::Debt => "每月其他还款要在 0 到 1 亿元之间,请改正",
        };
        both(zh, self.to_string())
    }
}

impl Declared {
    /// Checks a declaration. Zero income is a possible answer.
    ///
    /// # Errors
    /// [`BadDeclaration`] when an amount is negative or beyond 100 million yuan.
    pub fn new(monthly_income_fen: Fen, monthly_debt_fen: Fen) -> Result<Self, BadDeclaration> {
        if !(0..=MAX_MONTHLY_FEN).contains(&monthly_income_fen.get()) {
            return Err(BadDeclaration::Income);
        }
        if !(0..=MAX_MONTHLY_FEN).contains(&monthly_debt_fen.get()) {
            return Err(BadDeclaration::Debt);
        }
        Ok(Declared { monthly_income_fen, monthly_debt_fen })
    }

    /// Income a month.
    #[must_use]
    pub fn monthly_income_fen(&self) -> Fen {
        self.monthly_income_fen
    }

    /// Repayments on other debts a month.
    #[must_use]
    pub fn monthly_debt_fen(&self) -> Fen {
        self.monthly_debt_fen
    }
}

/// Within the rule or over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AffordOutcome {
    /// Within.
    Within,
    /// Over: refused by the rule, and a person can look at it.
    Over,
}

/// The assessment, in numbers and in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The instalment that was used: the highest, fees included.
    pub highest_instalment_fen: Fen,
    /// Ratio in ppm, rounded up; `None` when there is no income to divide by.
    pub ratio_ppm: Option<i64>,
    /// Result.
    pub outcome: AffordOutcome,
    /// Why.
    pub reasons: Words,
    /// What to do next.
    pub next: Words,
}

/// Assesses a declaration against the product's rule.
#[must_use]
pub fn assess(rule: AffordRule, declared: Declared, table: &CostTable) -> Assessment {
    let highest = table.instalments.iter().map(|row| row.total_fen).max().unwrap_or(Fen::ZERO);
    let burden = i128::from(highest.get()) + i128::from(declared.monthly_debt_fen.get());
    let income = i128::from(declared.monthly_income_fen.get());
    // Rounded up: a ratio that is over by a hair is over.
    let ratio = (income > 0).then(|| (burden * 1_000_000 + income - 1) / income);
    let ratio_ppm = ratio.map(|ppm| i64::try_from(ppm).unwrap_or(i64::MAX));
    let within = ratio_ppm.is_some_and(|ppm| ppm <= rule.max_ratio_ppm);
    let outcome = if within { AffordOutcome::Within } else { AffordOutcome::Over };
    Assessment {
        highest_instalment_fen: highest,
        ratio_ppm,
        outcome,
        reasons: reasons(rule, declared, highest, ratio_ppm),
        next: next(outcome),
    }
}

fn reasons(rule: AffordRule, declared: Declared, highest: Fen, ratio_ppm: Option<i64>) -> Words {
    let instalment = super::say::yuan(highest);
    let debts = super::say::yuan(declared.monthly_debt_fen);
    let income = super::say::yuan(declared.monthly_income_fen);
    let Some(ppm) = ratio_ppm else {
        return both(
            format!("最高一期要还 {}(含费用),申报的每月收入是 0 元,没有钱可以用来还款。", instalment.zh),
            format!(
                "The highest instalment is {} with fees, and the declared monthly income is zero: \
                 there is nothing to repay from.",
                instalment.en
            ),
        );
    };
    let (ratio, limit) = (super::say::percent_up(ppm), super::say::percent(rule.max_ratio_ppm));
    both(
        format!(
            "最高一期要还 {}(含费用),其他每月还款 {},合计占每月收入 {} 的 {ratio};这个产品的上限是 {limit}。",
            instalment.zh, debts.zh, income.zh
        ),
        format!(
            "The highest instalment is {} with fees and other monthly repayments are {}: together {ratio} of the \
             monthly income of {}; the limit of this product is {limit}.",
            instalment.en, debts.en, income.en
        ),
    )
}

fn next(outcome: AffordOutcome) -> Words {
    match outcome {
        AffordOutcome::Within => both("可以继续下一步。", "Go on to the next step."),
        AffordOutcome::Over => both(
            "按规则现在不能放款。可以少借一些、借长一些再算,也可以要求人工复核:由消保岗看您的实际情况后答复。\
             不会因为您要求复核而影响您。",
            "By this rule the loan cannot be paid out now. You may borrow less or over a longer time, or ask for a \
             human review: a compliance officer looks at your situation and answers. Asking does you no harm.",
        ),
    }
}

#[cfg(test)]
mod tests;
