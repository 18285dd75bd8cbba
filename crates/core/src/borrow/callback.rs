//! The call-back after the payout: the same numbers asked again, and three questions about who did what.
//!
//! It makes questions and grades answers. It must not know how they are asked (link, telephone) or when.

use std::collections::BTreeMap;

use mingbai_cost::{CostTable, Words};
use serde::{Deserialize, Serialize};

use super::teachback::{Answer, Grading, Question, QuestionId};
use crate::policy::Pack;

/// A question about what happened, answered yes, no or not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKey {
    /// 是您本人办的吗.
    OwnLoan,
    /// 是您本人签的吗.
    SignedYourself,
    /// 有没有人另外拿钱.
    SomeoneTookMoney,
    /// 有没有没听说过的收费.
    UnknownFee,
}

/// Answer to a [`FactKey`].
pub type FactAnswer = super::screen::ScreenAnswer;

/// All questions of one call-back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlan {
    /// Asked first: a loan that is not hers needs no arithmetic.
    pub facts: Vec<FactKey>,
    /// Teach-back questions from the same table.
    pub numbers: Vec<Question>,
}

/// Every way in which a call-back can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResultCode {
    /// Everything agrees.
    Confirmed,
    /// A number was wrong in the end.
    Misunderstood,
    /// Somebody took money, or a fee is unknown to the borrower.
    DeniedFee,
    /// She did not borrow, or did not sign.
    DeniedLoan,
    /// She does not want to answer.
    Refused,
    /// She asked for a person.
    Handoff,
    /// Somebody else answered; the loan was not mentioned.
    WrongPerson,
    /// Nobody answered.
    NoAnswer,
    /// Busy.
    Busy,
    /// No connection.
    Unreachable,
    /// She hung up in between.
    HungUpPartial,
    /// Her language is not spoken here.
    LangUnsupported,
    /// Our own failure.
    TechFail,
}

/// A graded call-back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallResult {
    /// Code.
    pub code: ResultCode,
    /// Every mismatch, in words for a person.
    pub mismatches: Vec<Mismatch>,
    /// The case to open, when there is one.
    pub remedy: Option<Remedy>,
}

/// One mismatch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// A fact.
    Fact {
        /// Which.
        key: FactKey,
        /// What she said.
        answer: FactAnswer,
        /// In words.
        words: Words,
    },
    /// A number.
    Number {
        /// Which question.
        question: QuestionId,
        /// How it was graded.
        grading: Grading,
    },
}

/// A remedy case that must be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Why.
    pub reason: Words,
    /// What to do.
    pub next: Words,
    /// Days within which it must be answered.
    pub due_days: u32,
}

/// Makes the call-back's questions.
#[must_use]
pub fn plan(table: &CostTable, seed: u64) -> CallPlan {
    let _ = (table, seed);
    CallPlan { facts: Vec::new(), numbers: Vec::new() }
}

/// Grades a call-back that was answered to the end.
#[must_use]
pub fn grade(
    plan: &CallPlan,
    facts: &BTreeMap<FactKey, FactAnswer>,
    numbers: &BTreeMap<QuestionId, Answer>,
    pack: &Pack,
) -> CallResult {
    let _ = (plan, facts, numbers, pack);
    CallResult { code: ResultCode::TechFail, mismatches: Vec::new(), remedy: None }
}
