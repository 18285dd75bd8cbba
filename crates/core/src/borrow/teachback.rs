//! Teach-back: questions made from the borrower's own table, with plausible wrong answers (duty
//! `understood`).
//!
//! Pure and deterministic: the same table, kind, variant and seed give the same question, so only the
//! [`QuestionId`]
//! needs to be kept. It must not know how often somebody has tried; the journey counts.

mod ask;
mod dice;
mod facts;
mod fees;
mod grade;
mod money;

use std::fmt;
use std::str::FromStr;

use mingbai_cost::{CostTable, Fen, Words};
use serde::{Deserialize, Serialize};

use crate::policy::Pack;
use crate::text::both;

pub use grade::{Grading, Verdict, grade};

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// What leaves the account each month, fees included.
    MonthlyAmount,
    /// Everything that is paid back.
    TotalRepayable,
    /// How much more than was borrowed.
    ExtraCost,
    /// What really arrives.
    NetPayout,
    /// Who receives a named fee.
    FeeCollector,
    /// How much a named fee takes each time.
    FeeAmount,
    /// How many instalments.
    InstalmentCount,
    /// When the last one falls due.
    LastDueDate,
    /// What being a month late costs.
    LateMonth,
    /// What it takes to be free early.
    EarlyPayoff,
    /// Whether anything that is not listed may be charged.
    AnythingElse,
    /// The advertised rate against the all-in one.
    AllInRate,
}

impl QuestionKind {
    /// Every kind, in the order in which they are asked: money in hand first, rates last.
    pub const ALL: [QuestionKind; 12] = [
        QuestionKind::NetPayout,
        QuestionKind::MonthlyAmount,
        QuestionKind::InstalmentCount,
        QuestionKind::LastDueDate,
        QuestionKind::TotalRepayable,
        QuestionKind::ExtraCost,
        QuestionKind::FeeCollector,
        QuestionKind::FeeAmount,
        QuestionKind::LateMonth,
        QuestionKind::EarlyPayoff,
        QuestionKind::AllInRate,
        QuestionKind::AnythingElse,
    ];

    /// Key in evidence, packs and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            QuestionKind::MonthlyAmount => "monthly_amount",
            QuestionKind::TotalRepayable => "total_repayable",
            QuestionKind::ExtraCost => "extra_cost",
            QuestionKind::NetPayout => "net_payout",
            QuestionKind::FeeCollector => "fee_collector",
            QuestionKind::FeeAmount => "fee_amount",
            QuestionKind::InstalmentCount => "instalment_count",
            QuestionKind::LastDueDate => "last_due_date",
            QuestionKind::LateMonth => "late_month",
            QuestionKind::EarlyPayoff => "early_payoff",
            QuestionKind::AnythingElse => "anything_else",
            QuestionKind::AllInRate => "all_in_rate",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        QuestionKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Names one question: `kind.variant.seed`, enough to make it again from the same table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuestionId {
    /// Kind.
    pub kind: QuestionKind,
    /// 1 for the first try; a mistake leads to the next.
    pub variant: u32,
    /// Seed.
    pub seed: u64,
}

/// The text names no question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("题目编号不对,请刷新页面重新作答 / this is no question number; reload the page and answer again")]
pub struct BadQuestionId;

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{:016x}", self.kind.key(), self.variant, self.seed)
    }
}

impl FromStr for QuestionId {
    type Err = BadQuestionId;
    fn from_str(text: &str) -> Result<Self, BadQuestionId> {
        let [kind, variant, seed] = text.split('.').collect::<Vec<_>>()[..] else {
            return Err(BadQuestionId);
        };
        let kind = QuestionKind::from_key(kind).ok_or(BadQuestionId)?;
        let variant = variant.parse().map_err(|_| BadQuestionId)?;
        let seed = u64::from_str_radix(seed, 16).map_err(|_| BadQuestionId)?;
        let id = QuestionId { kind, variant, seed };
        // One spelling only: an id is evidence, and "+1" or upper case would be a second name for the same
        // question.
        if id.to_string() == text { Ok(id) } else { Err(BadQuestionId) }
    }
}

impl TryFrom<String> for QuestionId {
    type Error = BadQuestionId;
    fn try_from(text: String) -> Result<Self, BadQuestionId> {
        text.parse()
    }
}

impl From<QuestionId> for String {
    fn from(id: QuestionId) -> String {
        id.to_string()
    }
}

/// One answer to choose from. "I am not sure" is never among them: every page offers it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it says.
    pub words: Words,
}

/// How the borrower answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Choose one.
    Choices(Vec<Choice>),
    /// Write an amount; numbers in 元, 万 and Chinese numerals are read.
    Amount {
        /// How far off still counts as right: people round.
        tolerance_fen: Fen,
    },
}

/// What is right. Kept private, so that no page can show it by accident.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Choice(usize),
    Amount(Fen),
}

/// One question about one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name.
    pub id: QuestionId,
    /// What is asked.
    pub prompt: Words,
    /// How to answer.
    pub form: Form,
    /// Shown after a wrong answer, with the borrower's own numbers.
    pub explain: Words,
    key: Key,
}

/// What a borrower answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The choice with this 0-based index.
    Choice(u32),
    /// An amount as typed.
    Amount(String),
    /// 不确定.
    NotSure,
    /// Words, e.g. spoken on the telephone.
    Free(String),
}

/// The separate option that every question carries.
#[must_use]
pub fn not_sure() -> Words {
    both("我不确定,请再讲一遍", "I am not sure, please explain it again")
}

/// Makes a question, or `None` when this table has nothing to ask of this kind (no fee, no rate …), or
/// `variant` is 0.
///
/// Odd variants offer choices, even ones ask in other words and, for money, for the amount itself.
#[must_use]
pub fn generate(table: &CostTable, kind: QuestionKind, variant: u32, seed: u64) -> Option<Question> {
    if variant == 0 {
        return None;
    }
    let id = QuestionId { kind, variant, seed };
    match kind {
        QuestionKind::MonthlyAmount => money::monthly_amount(table, id),
        QuestionKind::TotalRepayable => money::total_repayable(table, id),
        QuestionKind::ExtraCost => money::extra_cost(table, id),
        QuestionKind::NetPayout => money::net_payout(table, id),
        QuestionKind::LateMonth => money::late_month(table, id),
        QuestionKind::EarlyPayoff => money::early_payoff(table, id),
        QuestionKind::FeeAmount => fees::fee_amount(table, id),
        QuestionKind::FeeCollector => fees::fee_collector(table, id),
        QuestionKind::InstalmentCount => facts::instalment_count(table, id),
        QuestionKind::LastDueDate => facts::last_due_date(table, id),
        QuestionKind::AnythingElse => facts::anything_else(table, id),
        QuestionKind::AllInRate => facts::all_in_rate(table, id),
    }
}

/// Makes the question that an id names.
#[must_use]
pub fn regenerate(table: &CostTable, id: QuestionId) -> Option<Question> {
    generate(table, id.kind, id.variant, id.seed)
}

/// The kinds that this borrower must answer rightly: those of the pack for which the table has something to
/// ask.
#[must_use]
pub fn required_kinds(table: &CostTable, pack: &Pack) -> Vec<QuestionKind> {
    let wanted = &pack.teach_back().required.value;
    QuestionKind::ALL
        .into_iter()
        .filter(|kind| wanted.contains(kind))
        .filter(|kind| generate(table, *kind, 1, 0).is_some())
        .collect()
}

#[cfg(test)]
mod tests;
