//! Tests of the questions: what a borrower sees, and that every question is fair.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write;

use mingbai_cost::terms::Method;
use proptest::prelude::*;

use super::*;
use crate::borrow::fixture;

fn right_answer(question: &Question) -> Answer {
    match question.key {
        Key::Choice(at) => Answer::Choice(u32::try_from(at).unwrap()),
        Key::Amount(fen) => Answer::Amount(fen.yuan_plain()),
    }
}

fn show(question: &Question) -> String {
    let mut out = format!("{}\n  问 {}\n  Q  {}\n", question.id, question.prompt.zh, question.prompt.en);
    match &question.form {
        Form::Choices(choices) => {
            for (index, choice) in choices.iter().enumerate() {
                let mark = if question.key == Key::Choice(index) { "*" } else { " " };
                writeln!(out, "  {mark} {} | {}", choice.words.zh, choice.words.en).unwrap();
            }
        }
        Form::Amount { tolerance_fen } => {
            let Key::Amount(right) = question.key else { panic!("an amount is graded as an amount") };
            writeln!(out, "  = {right} ± {tolerance_fen}").unwrap();
        }
    }
    writeln!(out, "  解 {}\n  E  {}", question.explain.zh, question.explain.en).unwrap();
    out
}

#[test]
fn questions_of_the_loaded_loan() {
    let table = fixture::loaded();
    let mut out = String::new();
    for kind in QuestionKind::ALL {
        for variant in 1..=2 {
            out.push_str(&show(&generate(&table, kind, variant, 7).unwrap()));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn an_honest_loan_has_no_fee_to_ask_about() {
    let pack = Pack::embedded();
    let honest = required_kinds(&fixture::honest(), &pack);
    assert!(!honest.contains(&QuestionKind::FeeCollector) && !honest.contains(&QuestionKind::FeeAmount));
    assert!(honest.len() >= 8, "{honest:?}");
    let loaded = required_kinds(&fixture::loaded(), &pack);
    assert_eq!(loaded.len(), pack.teach_back().required.value.len());
}

#[test]
fn rote_words_are_never_right() {
    let table = fixture::loaded();
    for kind in QuestionKind::ALL {
        for variant in 1..=4 {
            let question = generate(&table, kind, variant, 3).unwrap();
            for rote in
                ["清楚", "我清楚了。", "明白", "都明白了", "知道了", "好的,没问题", "Yes, I understand", "OK"]
            {
                for answer in [Answer::Free(rote.to_owned()), Answer::Amount(rote.to_owned())] {
                    assert_eq!(grade(&question, &answer).verdict, Verdict::Rote, "{rote} {}", question.id);
                }
            }
            for unsure in ["不清楚", "我不知道", "忘了"] {
                let verdict = grade(&question, &Answer::Free(unsure.to_owned())).verdict;
                assert_eq!(verdict, Verdict::NotSure, "{unsure}");
            }
        }
    }
}

#[test]
fn amounts_are_read_in_any_spelling() {
    let question = generate(&fixture::honest(), QuestionKind::TotalRepayable, 2, 0).unwrap();
    let Key::Amount(right) = question.key else { panic!("variant 2 asks for the amount") };
    for text in
        [right.yuan_plain(), right.yuan_grouped(), right.upper_zh(), format!("{}元", right.get() / 100)]
    {
        assert_eq!(grade(&question, &Answer::Free(text.clone())).verdict, Verdict::Correct, "{text}");
    }
    assert_eq!(grade(&question, &Answer::Amount("12万".to_owned())).verdict, Verdict::Wrong);
    assert_eq!(grade(&question, &Answer::Amount("大概12万".to_owned())).verdict, Verdict::Unreadable);
    assert_eq!(grade(&question, &Answer::Choice(0)).verdict, Verdict::Unreadable);
}

#[test]
fn the_amount_without_its_fee_is_offered_and_wrong() {
    let table = fixture::loaded();
    let first = &table.instalments[0];
    let bare = crate::borrow::say::yuan(first.principal_fen + first.interest_fen);
    let question = generate(&table, QuestionKind::MonthlyAmount, 1, 0).unwrap();
    let Form::Choices(choices) = &question.form else { panic!("variant 1 offers choices") };
    let at = choices.iter().position(|choice| choice.words == bare).unwrap();
    let grading = grade(&question, &Answer::Choice(u32::try_from(at).unwrap()));
    assert_eq!(grading.verdict, Verdict::Wrong);
    assert_eq!(grading.explain, Some(question.explain));
}

#[test]
fn places_are_spread() {
    let table = fixture::loaded();
    let places: BTreeSet<_> = (0..40)
        .filter_map(|seed| match generate(&table, QuestionKind::TotalRepayable, 1, seed)?.key {
            Key::Choice(at) => Some(at),
            Key::Amount(_) => None,
        })
        .collect();
    assert_eq!(places.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn ids_have_one_spelling() {
    let id = QuestionId { kind: QuestionKind::AllInRate, variant: 2, seed: 0xab };
    assert_eq!(id.to_string(), "all_in_rate.2.00000000000000ab");
    assert_eq!(id.to_string().parse(), Ok(id));
    for bad in
        ["", "all_in_rate.2", "all_in_rate.+2.00000000000000ab", "all_in_rate.2.ab", "x.1.0000000000000000"]
    {
        assert_eq!(bad.parse::<QuestionId>(), Err(BadQuestionId), "{bad}");
    }
    assert!(generate(&fixture::honest(), QuestionKind::AllInRate, 0, 1).is_none());
}

fn any_table() -> impl Strategy<Value = CostTable> {
    let method = prop_oneof![
        Just(Method::EqualInstalment),
        Just(Method::EqualPrincipal),
        Just(Method::FlatInterest),
        Just(Method::InterestOnly),
        Just(Method::Bullet),
    ];
    (method, 1_u32..=60, 0_i64..=360_000, 10_000_i64..=50_000_000, any::<bool>()).prop_map(
        |(method, periods, rate, principal, fees)| {
            let mut spec = if fees { fixture::loaded_spec() } else { fixture::honest_spec() };
            spec.plan.method = method;
            spec.plan.periods = periods;
            spec.plan.annual_rate_ppm = rate;
            spec.principal_fen = Fen::new(principal);
            spec.early = mingbai_cost::terms::EarlyRule::Free;
            spec.fees.retain(|fee| fee.key != "insurance");
            fixture::table(spec)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_question_is_fair(table in any_table(), seed in any::<u64>()) {
        for kind in QuestionKind::ALL {
            let variants: Vec<_> = (1..=4).filter_map(|variant| generate(&table, kind, variant, seed)).collect();
            for question in &variants {
                prop_assert_eq!(&regenerate(&table, question.id).unwrap(), question);
                prop_assert!(grade(question, &right_answer(question)).verdict.is_correct(), "{}", show(question));
                prop_assert!(!question.prompt.zh.is_empty() && !question.explain.en.is_empty());
                if let Form::Choices(choices) = &question.form {
                    prop_assert!((3..=4).contains(&choices.len()), "{}", show(question));
                    let zh: BTreeSet<_> = choices.iter().map(|choice| &choice.words.zh).collect();
                    let en: BTreeSet<_> = choices.iter().map(|choice| &choice.words.en).collect();
                    prop_assert_eq!((zh.len(), en.len()), (choices.len(), choices.len()));
                    let indices = 0..u32::try_from(choices.len()).unwrap();
                    let right = indices.filter(|i| grade(question, &Answer::Choice(*i)).verdict.is_correct()).count();
                    prop_assert_eq!(right, 1);
                }
            }
            for pair in variants.windows(2) {
                prop_assert!(pair[0].prompt != pair[1].prompt || pair[0].form != pair[1].form);
            }
        }
    }

    #[test]
    fn no_text_breaks_grading(text in ".{0,120}", kind in 0..12_usize, variant in 1_u32..=4) {
        let question = generate(&fixture::loaded(), QuestionKind::ALL[kind], variant, 1).unwrap();
        let _ = grade(&question, &Answer::Free(text));
    }
}
