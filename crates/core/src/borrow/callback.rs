//! The call-back after the payout: the same numbers asked again, and three questions about who did what.
//!
//! It makes questions and grades answers. It must not know how they are asked (link, telephone) or when.

use std::collections::BTreeMap;

use mingbai_cost::{CostTable, Words};
use serde::{Deserialize, Serialize};

use super::teachback::{self, Answer, Grading, Question, QuestionId, QuestionKind};
use crate::policy::Pack;
use crate::text::both;

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

/// Kinds that are asked again, in this order; the fee question falls away when there is no fee.
const NUMBERS: [QuestionKind; 3] =
    [QuestionKind::MonthlyAmount, QuestionKind::TotalRepayable, QuestionKind::FeeCollector];

/// Makes the call-back's questions.
#[must_use]
pub fn plan(table: &CostTable, seed: u64) -> CallPlan {
    let numbers = NUMBERS.into_iter().filter_map(|kind| teachback::generate(table, kind, 1, seed)).collect();
    CallPlan { facts: FactKey::ALL.to_vec(), numbers }
}

/// The question to ask after an explanation, or `None` when the pack's number of repetitions is used up: then
/// a person
/// takes over.
#[must_use]
pub fn ask_again(table: &CostTable, asked: &Question, pack: &Pack) -> Option<Question> {
    let QuestionId { kind, variant, seed } = asked.id;
    if variant > pack.callback().re_ask.value {
        return None;
    }
    teachback::generate(table, kind, variant.checked_add(1)?, seed)
}

/// Grades a call-back. A question without an answer makes it partial, unless what was said already opens a
/// case.
#[must_use]
pub fn grade(
    plan: &CallPlan,
    facts: &BTreeMap<FactKey, FactAnswer>,
    numbers: &BTreeMap<QuestionId, Answer>,
    pack: &Pack,
) -> CallResult {
    let told = plan.facts.iter().filter_map(|key| Some((*key, *facts.get(key)?)));
    let off = told.filter(|(key, answer)| *answer != key.expected());
    let mut mismatches: Vec<Mismatch> =
        off.map(|(key, answer)| Mismatch::Fact { key, answer, words: key.mismatch(answer) }).collect();
    for question in &plan.numbers {
        let Some(answer) = numbers.get(&question.id) else { continue };
        let grading = teachback::grade(question, answer);
        if !grading.verdict.is_correct() {
            mismatches.push(Mismatch::Number { question: question.id, grading });
        }
    }
    let all_facts = plan.facts.iter().all(|key| facts.contains_key(key));
    let all_numbers = plan.numbers.iter().all(|question| numbers.contains_key(&question.id));
    let code = code(&mismatches, all_facts && all_numbers);
    let remedy = code.remedy().map(|(reason, next)| {
        let due_days = pack.callback().remedy_days.value;
        Remedy { reason, next, due_days }
    });
    CallResult { code, mismatches, remedy }
}

/// The gravest mismatch names the result: a loan that is not hers before a fee, a fee before a number.
fn code(mismatches: &[Mismatch], complete: bool) -> ResultCode {
    let said = |wanted: &[FactKey], answer: FactAnswer| {
        mismatches.iter().any(|mismatch| {
            matches!(mismatch, Mismatch::Fact { key, answer: given, .. } if wanted.contains(key) && *given == answer)
        })
    };
    if said(&[FactKey::OwnLoan, FactKey::SignedYourself], FactAnswer::No) {
        ResultCode::DeniedLoan
    } else if said(&[FactKey::SomeoneTookMoney, FactKey::UnknownFee], FactAnswer::Yes) {
        ResultCode::DeniedFee
    } else if mismatches.iter().any(|mismatch| matches!(mismatch, Mismatch::Fact { .. })) {
        // "Not sure" about a fact accuses nobody, but a person must ask.
        ResultCode::Handoff
    } else if !mismatches.is_empty() {
        ResultCode::Misunderstood
    } else if complete {
        ResultCode::Confirmed
    } else {
        ResultCode::HungUpPartial
    }
}

impl FactKey {
    /// Every question, in order.
    pub const ALL: [FactKey; 4] =
        [FactKey::OwnLoan, FactKey::SignedYourself, FactKey::SomeoneTookMoney, FactKey::UnknownFee];

    /// Key in forms and evidence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            FactKey::OwnLoan => "own_loan",
            FactKey::SignedYourself => "signed_yourself",
            FactKey::SomeoneTookMoney => "someone_took_money",
            FactKey::UnknownFee => "unknown_fee",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        FactKey::ALL.into_iter().find(|fact| fact.key() == key)
    }

    /// The answer when all is well.
    #[must_use]
    pub const fn expected(self) -> FactAnswer {
        match self {
            FactKey::OwnLoan | FactKey::SignedYourself => FactAnswer::Yes,
            FactKey::SomeoneTookMoney | FactKey::UnknownFee => FactAnswer::No,
        }
    }

    /// The question.
    #[must_use]
    pub fn question(self) -> Words {
        match self {
            FactKey::OwnLoan => both("这笔贷款是您自己要借的吗?", "Did you yourself want this loan?"),
            FactKey::SignedYourself => both(
                "合同和明示表是您本人亲手签的吗?",
                "Did you sign the contract and the table with your own hand?",
            ),
            FactKey::SomeoneTookMoney => both(
                "为了这笔贷款,有没有人另外向您拿过钱,或者让您把钱转给他?",
                "Did anyone take money from you for this loan, or have you pass money on?",
            ),
            FactKey::UnknownFee => both(
                "有没有哪一笔扣款或收费,您事先没有听说过?",
                "Was anything charged that you had never been told about?",
            ),
        }
    }

    /// What the three answers are called for this question.
    #[must_use]
    pub fn answer_words(self, answer: FactAnswer) -> Words {
        match (self.expected(), answer) {
            (FactAnswer::Yes, FactAnswer::Yes) => both("是", "Yes"),
            (FactAnswer::Yes, FactAnswer::No) => both("不是", "No"),
            _ => answer.words(),
        }
    }

    fn mismatch(self, answer: FactAnswer) -> Words {
        let (question, said) = (self.question(), self.answer_words(answer));
        both(format!("{} 回答:{}", question.zh, said.zh), format!("{} Answer: {}", question.en, said.en))
    }
}

impl ResultCode {
    /// Every code.
    pub const ALL: [ResultCode; 13] = [
        ResultCode::Confirmed,
        ResultCode::Misunderstood,
        ResultCode::DeniedFee,
        ResultCode::DeniedLoan,
        ResultCode::Refused,
        ResultCode::Handoff,
        ResultCode::WrongPerson,
        ResultCode::NoAnswer,
        ResultCode::Busy,
        ResultCode::Unreachable,
        ResultCode::HungUpPartial,
        ResultCode::LangUnsupported,
        ResultCode::TechFail,
    ];

    /// Key in evidence and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            ResultCode::Confirmed => "CONFIRMED",
            ResultCode::Misunderstood => "MISUNDERSTOOD",
            ResultCode::DeniedFee => "DENIED_FEE",
            ResultCode::DeniedLoan => "DENIED_LOAN",
            ResultCode::Refused => "REFUSED",
            ResultCode::Handoff => "HANDOFF",
            ResultCode::WrongPerson => "WRONG_PERSON",
            ResultCode::NoAnswer => "NO_ANSWER",
            ResultCode::Busy => "BUSY",
            ResultCode::Unreachable => "UNREACHABLE",
            ResultCode::HungUpPartial => "HUNG_UP_PARTIAL",
            ResultCode::LangUnsupported => "LANG_UNSUPPORTED",
            ResultCode::TechFail => "TECH_FAIL",
        }
    }

    /// Whether another attempt may be made by itself. A refusal and a wrong person end it: nobody is
    /// pestered.
    #[must_use]
    pub const fn may_retry(self) -> bool {
        matches!(
            self,
            ResultCode::NoAnswer
                | ResultCode::Busy
                | ResultCode::Unreachable
                | ResultCode::HungUpPartial
                | ResultCode::TechFail
        )
    }

    /// Why a case opens and what to do, for the codes that open one.
    #[must_use]
    pub fn remedy(self) -> Option<(Words, Words)> {
        Some(match self {
            ResultCode::DeniedLoan => (
                both(
                    "借款人说不是自己借的,或不是本人签的",
                    "The borrower says she did not borrow, or did not sign",
                ),
                both(
                    "马上停止计息和催收,核对身份、签署和录像;疑似冒名的,报警并协助消除不良记录。",
                    "Stop interest and collection at once; check identity, signature and recording; if it looks like an                      impostor, go to the police and help to clear the credit record.",
                ),
            ),
            ResultCode::DeniedFee => (
                both(
                    "借款人说有人另外拿钱,或有没听说过的收费",
                    "The borrower says that somebody took money, or that a fee was never told",
                ),
                both(
                    "逐笔核对收费,成本表上没有的退还;查清是谁拿的钱。",
                    "Check every charge, give back what the table does not list, and find out who took the money.",
                ),
            ),
            ResultCode::Misunderstood => (
                both(
                    "借款人对还款数目的理解与成本表不一致",
                    "What the borrower understands differs from the table",
                ),
                both(
                    "由人工重新讲解;讲解后借款人不愿继续的,按约定协助退款结清。",
                    "A person explains again; if she does not want the loan then, help her to give it back as agreed.",
                ),
            ),
            ResultCode::Handoff => (
                both("借款人有说不准的地方,或要求人工", "The borrower is not sure, or asked for a person"),
                both("由人工联系借款人问清楚。", "A person contacts the borrower and asks."),
            ),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::borrow::fixture;
    use crate::borrow::teachback::Form;

    fn right(question: &Question) -> Answer {
        let Form::Choices(choices) = &question.form else { panic!("a call offers choices") };
        let answers = (0..u32::try_from(choices.len()).unwrap()).map(Answer::Choice);
        answers.into_iter().find(|answer| teachback::grade(question, answer).verdict.is_correct()).unwrap()
    }

    fn good(plan: &CallPlan) -> (BTreeMap<FactKey, FactAnswer>, BTreeMap<QuestionId, Answer>) {
        let facts = plan.facts.iter().map(|key| (*key, key.expected())).collect();
        (facts, plan.numbers.iter().map(|question| (question.id, right(question))).collect())
    }

    #[test]
    fn an_honest_loan_is_confirmed_without_a_fee_question() {
        let pack = Pack::embedded();
        let plan = plan(&fixture::honest(), 5);
        assert_eq!(plan.numbers.len(), 2);
        let (facts, numbers) = good(&plan);
        let result = grade(&plan, &facts, &numbers, &pack);
        assert_eq!((result.code, result.mismatches.len(), result.remedy), (ResultCode::Confirmed, 0, None));
        assert_eq!(grade(&plan, &facts, &BTreeMap::new(), &pack).code, ResultCode::HungUpPartial);
    }

    #[test]
    fn the_gravest_mismatch_names_the_result_and_opens_a_case() {
        let pack = Pack::embedded();
        let plan = plan(&fixture::loaded(), 5);
        assert_eq!(plan.numbers.len(), 3);
        let (mut facts, mut numbers) = good(&plan);
        numbers.insert(plan.numbers[0].id, Answer::Free("清楚".to_owned()));
        let mut codes = vec![grade(&plan, &facts, &numbers, &pack).code];
        facts.insert(FactKey::OwnLoan, FactAnswer::NotSure);
        codes.push(grade(&plan, &facts, &numbers, &pack).code);
        facts.insert(FactKey::UnknownFee, FactAnswer::Yes);
        codes.push(grade(&plan, &facts, &numbers, &pack).code);
        facts.insert(FactKey::SignedYourself, FactAnswer::No);
        let last = grade(&plan, &facts, &numbers, &pack);
        codes.push(last.code);
        let wanted =
            [ResultCode::Misunderstood, ResultCode::Handoff, ResultCode::DeniedFee, ResultCode::DeniedLoan];
        assert_eq!(codes, wanted);
        assert_eq!(last.mismatches.len(), 4);
        assert_eq!(last.remedy.unwrap().due_days, pack.callback().remedy_days.value);
    }

    #[test]
    fn asking_again_ends_with_a_person() {
        let pack = Pack::embedded();
        let table = fixture::loaded();
        let mut question = plan(&table, 5).numbers.remove(0);
        let mut asked = 1;
        while let Some(next) = ask_again(&table, &question, &pack) {
            assert_ne!(next.prompt, question.prompt);
            question = next;
            asked += 1;
        }
        assert_eq!(asked, 1 + pack.callback().re_ask.value);
    }

    #[test]
    fn codes_are_written_as_the_list_has_them() {
        for code in ResultCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.key());
        }
    }
}
