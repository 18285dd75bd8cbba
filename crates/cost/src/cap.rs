//! Checks an all-in annual cost against caps that come as data. It knows no law: which caps exist, how well their sources
//! are read and which reference rate applied on a day are all arguments (DESIGN law 8).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::months_and_days;
use crate::rate::{AnnualCost, NoRate, RateBasis, RateFigure, RateValue};
use crate::terms::PartyRole;
use crate::{CostTable, Words, words};

/// How well a cap's source was read. The names are those of the policy packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceGrade {
    /// Read in a published copy.
    Seen,
    /// Read in the press or in somebody else's public work.
    SecondHand,
    /// Worked out, not said by a source.
    Derived,
    /// To be confirmed before it binds anyone.
    Unverified,
}

/// The annual figure that a cap is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapBasis {
    /// Compound.
    Compound,
    /// Simple.
    Simple,
    /// The source does not say; both are checked, and an answer that depends on the choice is told as such.
    NotSaid,
}

/// The limit of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CapLimit {
    /// A fixed rate.
    Fixed {
        /// ppm a year.
        ppm: i64,
    },
    /// A multiple of the one-year loan prime rate in force on the contract's day.
    LprMultiple {
        /// Thousandths: four times is 4000.
        milli: i64,
    },
}

/// One cap as a policy pack writes it (`[[cap]]`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapRule {
    /// Stable id.
    pub id: String,
    /// Kinds of lender that it binds.
    pub lender_roles: Vec<PartyRole>,
    /// Product kind, `any` for all.
    pub product_kind: String,
    /// Shortest term in months, inclusive.
    pub min_term_months: u32,
    /// Longest term in months, inclusive.
    pub max_term_months: u32,
    /// First day on which it binds.
    pub from: Date,
    /// First day on which it no longer does.
    #[serde(default)]
    pub until: Option<Date>,
    /// Limit.
    pub limit: CapLimit,
    /// Figure that it is measured on.
    pub basis: CapBasis,
    /// Source.
    pub source: String,
    /// How well the source was read.
    pub grade: SourceGrade,
    /// What staff should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// A published one-year loan prime rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceRate {
    /// First day on which it applies.
    pub from: Date,
    /// ppm a year.
    pub ppm: i64,
}

/// What is known about a loan when it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapSubject<'a> {
    /// Kind of lender.
    pub lender_role: PartyRole,
    /// Product kind, as the packs name it.
    pub product_kind: &'a str,
    /// Term in months, a begun month counting.
    pub term_months: u32,
    /// Day of the contract.
    pub contract_on: Date,
    /// Its annual figures.
    pub annual: AnnualCost,
}

impl<'a> CapSubject<'a> {
    /// The subject of a cost table; the payout day stands for the contract's.
    #[must_use]
    pub fn of(table: &CostTable, product_kind: &'a str) -> CapSubject<'a> {
        let (months, days) = months_and_days(table.payout_on, table.final_due_on);
        CapSubject {
            lender_role: table.lender.role,
            product_kind,
            term_months: u32::try_from(months + i64::from(days > 0)).unwrap_or(u32::MAX),
            contract_on: table.payout_on,
            annual: table.annual,
        }
    }
}

/// One figure against the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At or below the limit.
    Within,
    /// Above it by so many ppm.
    Exceeded {
        /// ppm above.
        by_ppm: i64,
    },
    /// There is no rate to compare.
    NoRate(NoRate),
    /// The limit depends on a reference rate that was not given.
    NoLimit,
}

/// The answer to one cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapOutcome {
    /// Within the cap on the basis that counts (on both, where the source names none).
    Within,
    /// Above the cap on the basis that counts (on both, where the source names none).
    Exceeded,
    /// The source names no basis, and the answer flips with it.
    DependsOnBasis,
    /// It cannot be told: no rate exists, or the reference rate is not known.
    NotKnown,
}

/// One cap that applies to a loan, and how the loan stands to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapFinding {
    /// The cap.
    pub rule_id: String,
    /// Its limit on the contract's day, ppm; `None` without the reference rate.
    pub limit_ppm: Option<i64>,
    /// Basis that the rule names.
    pub basis: CapBasis,
    /// The simple figure and its verdict.
    pub simple: (RateFigure, Verdict),
    /// The compound figure and its verdict.
    pub compound: (RateFigure, Verdict),
    /// The answer.
    pub outcome: CapOutcome,
    /// Source of the cap.
    pub source: String,
    /// How well that source was read.
    pub grade: SourceGrade,
}

impl CapFinding {
    /// Whether the other basis would give the other answer.
    #[must_use]
    pub fn flips_with_basis(&self) -> bool {
        let above = |verdict: Verdict| match verdict {
            Verdict::Within => Some(false),
            Verdict::Exceeded { .. } => Some(true),
            Verdict::NoRate(_) | Verdict::NoLimit => None,
        };
        matches!((above(self.simple.1), above(self.compound.1)), (Some(simple), Some(compound)) if simple != compound)
    }

    /// The finding in a sentence, with figures, bases and whether the answer flips.
    #[must_use]
    pub fn words(&self) -> Words {
        let Some(limit_ppm) = self.limit_ppm else {
            return Words::new(
                "没有合同当日的贷款市场报价利率（LPR），无法判断是否超过上限",
                "the loan prime rate of the contract's day is not known, so the cap cannot be checked",
            );
        };
        let limit = words::pct2(limit_ppm);
        let (simple, compound) = (words::rate_figure(&self.simple.0), words::rate_figure(&self.compound.0));
        let (zh, en) = match self.outcome {
            CapOutcome::Within => ("未超过", "within"),
            CapOutcome::Exceeded => ("超过", "above"),
            CapOutcome::DependsOnBasis => {
                ("按单利未超过、按复利超过", "within by the simple figure, above by the compound figure:")
            }
            CapOutcome::NotKnown => ("无法判断是否超过", "cannot be compared with"),
        };
        let mut words = Words::new(
            format!("{zh}上限 {limit}：{}、{}", simple.zh, compound.zh),
            format!("{en} the cap of {limit}: {}, {}", simple.en, compound.en),
        );
        let basis = match self.basis {
            CapBasis::Simple => Words::new("；按单利判断", "; judged by the simple figure"),
            CapBasis::Compound => Words::new("；按复利判断", "; judged by the compound figure"),
            CapBasis::NotSaid => Words::new("；依据没有写明用哪种口径", "; the source names no basis"),
        };
        words.zh.push_str(&basis.zh);
        words.en.push_str(&basis.en);
        if self.flips_with_basis() {
            words.zh.push_str("，换一种口径结论就会相反");
            words.en.push_str(", and the other basis gives the other answer");
        }
        words
    }
}

/// Every cap that applies to a loan, checked on both bases. `reference` are the one-year loan prime rates in any order.
#[must_use]
pub fn check(rules: &[CapRule], reference: &[ReferenceRate], subject: &CapSubject<'_>) -> Vec<CapFinding> {
    rules.iter().filter(|rule| applies(rule, subject)).map(|rule| finding(rule, reference, subject)).collect()
}

fn applies(rule: &CapRule, subject: &CapSubject<'_>) -> bool {
    rule.lender_roles.contains(&subject.lender_role)
        && (rule.product_kind == "any" || rule.product_kind == subject.product_kind)
        && (rule.min_term_months..=rule.max_term_months).contains(&subject.term_months)
        && rule.from <= subject.contract_on
        && rule.until.is_none_or(|until| subject.contract_on < until)
}

fn finding(rule: &CapRule, reference: &[ReferenceRate], subject: &CapSubject<'_>) -> CapFinding {
    let limit_ppm = limit(rule.limit, reference, subject.contract_on);
    let verdict = |figure: RateFigure| (figure, verdict(figure.value, limit_ppm));
    let (simple, compound) = (verdict(subject.annual.simple), verdict(subject.annual.compound));
    debug_assert_eq!((simple.0.basis, compound.0.basis), (RateBasis::Simple, RateBasis::Compound));
    CapFinding {
        rule_id: rule.id.clone(),
        limit_ppm,
        basis: rule.basis,
        simple,
        compound,
        outcome: outcome(rule.basis, simple.1, compound.1),
        source: rule.source.clone(),
        grade: rule.grade,
    }
}

fn limit(limit: CapLimit, reference: &[ReferenceRate], on: Date) -> Option<i64> {
    match limit {
        CapLimit::Fixed { ppm } => Some(ppm),
        CapLimit::LprMultiple { milli } => {
            let known = reference.iter().filter(|rate| rate.from <= on).max_by_key(|rate| rate.from)?;
            known.ppm.checked_mul(milli).map(|product| product / 1_000)
        }
    }
}

fn verdict(value: RateValue, limit_ppm: Option<i64>) -> Verdict {
    match (value, limit_ppm) {
        (_, None) => Verdict::NoLimit,
        (RateValue::None(why), _) => Verdict::NoRate(why),
        (RateValue::Ppm(ppm), Some(limit)) if ppm > limit => Verdict::Exceeded { by_ppm: ppm - limit },
        (RateValue::Ppm(_), Some(_)) => Verdict::Within,
    }
}

fn outcome(basis: CapBasis, simple: Verdict, compound: Verdict) -> CapOutcome {
    let single = |verdict: Verdict| match verdict {
        Verdict::Within => CapOutcome::Within,
        Verdict::Exceeded { .. } => CapOutcome::Exceeded,
        Verdict::NoRate(_) | Verdict::NoLimit => CapOutcome::NotKnown,
    };
    match basis {
        CapBasis::Simple => single(simple),
        CapBasis::Compound => single(compound),
        CapBasis::NotSaid => match (single(simple), single(compound)) {
            (CapOutcome::NotKnown, _) | (_, CapOutcome::NotKnown) => CapOutcome::NotKnown,
            (one, other) if one == other => one,
            _ => CapOutcome::DependsOnBasis,
        },
    }
}
