//! Questions about facts: how many, until when, what the rate really is, and that nothing else may be
//! charged.

use jiff::ToSpan;
use mingbai_cost::{CostTable, RateFigure, RateValue, Words};

use super::ask::{self, Text};
use super::dice::Dice;
use super::{Question, QuestionId};
use crate::borrow::say;
use crate::text::both;

pub(super) fn instalment_count(table: &CostTable, id: QuestionId) -> Option<Question> {
    let count = i64::try_from(table.instalments.len()).ok().filter(|count| *count > 0)?;
    let words = |n: i64| both(format!("{n} 期"), format!("{n} instalments"));
    let mut wrong = vec![count / 2, count * 2, count + 12, count - 6, count + 6, count + 1];
    wrong.retain(|n| *n > 0 && *n != count);
    Dice::new(id).shuffle(&mut wrong);
    let (first, last) = (table.instalments.first()?, table.instalments.last()?);
    let (from, to) = (say::day(first.due_on), say::day(last.due_on));
    let prompts = [
        both("这笔贷款一共要还多少期?", "How many instalments does this loan have?"),
        both(
            format!("从 {} 开始还,要还多少次才能还清?", from.zh),
            format!("Starting on {}, how many times do you pay until you are free?", from.en),
        ),
    ];
    let explain = both(
        format!("一共 {count} 期:第一期 {},最后一期 {}。", from.zh, to.zh),
        format!("{count} instalments: the first on {}, the last on {}.", from.en, to.en),
    );
    ask::choices(id, Text { prompts, explain }, words(count), wrong.into_iter().map(words).collect())
}

pub(super) fn last_due_date(table: &CostTable, id: QuestionId) -> Option<Question> {
    let last = table.final_due_on;
    let spans = [1.year(), -1.year(), 6.months(), -6.months(), -1.month(), 2.years()];
    let mut wrong: Vec<_> = spans.into_iter().filter_map(|span| last.checked_add(span).ok()).collect();
    wrong.retain(|day| *day > table.payout_on && *day != last);
    Dice::new(id).shuffle(&mut wrong);
    let day = say::day(last);
    let prompts = [
        both("最后一期是哪一天还?", "On which day is the last instalment due?"),
        both(
            "按计划还,您哪一天能全部还清?",
            "If you follow the plan, on which day are you free of this loan?",
        ),
    ];
    let explain = both(
        format!("一共 {} 期,最后一期在 {}。", table.instalments.len(), day.zh),
        format!("There are {} instalments; the last is due on {}.", table.instalments.len(), day.en),
    );
    ask::choices(id, Text { prompts, explain }, day, wrong.into_iter().map(say::day).collect())
}

pub(super) fn anything_else(table: &CostTable, id: QuestionId) -> Option<Question> {
    let prompts = [
        both(
            format!("成本表上一共列了 {} 项收费。除了这些,还会再收别的钱吗?", table.items.len()),
            format!("The table lists {} charges. Will anything else be charged?", table.items.len()),
        ),
        both(
            "有人打电话说:“再交 500 元解冻费(手续费)才能放款或者提额。”您该怎么办?",
            "Someone calls: “Pay another 500 yuan to unfreeze the loan.” What do you do?",
        ),
    ];
    let explain = both(
        "表上没有的,一分钱都不能收。有人另外要钱,不要给,先打 96110 问一问,也可以打 12378 投诉。",
        "What is not in the table may not be charged. If anyone asks for more, do not pay: call 96110 first, or complain \
         at 12378.",
    );
    let (right, wrong) = if !id.variant.is_multiple_of(2) {
        (
            both(
                "不会。表上没有的,谁要都可以不给,还可以投诉",
                "No. What is not listed I need not pay, and I may complain",
            ),
            vec![
                both("会不会收,听咨询顾问当时怎么说", "It depends on what the consultant says"),
                both("放款前还要交一笔保证金或手续费", "A deposit or handling fee is due before the payout"),
                both("以后可能还会收账户管理费", "There may be account fees later"),
            ],
        )
    } else {
        (
            both("不给钱,挂断电话,打 96110 问一问", "Pay nothing, hang up, and ask at 96110"),
            vec![
                both("赶快交,免得贷款办不下来", "Pay quickly so that the loan is not lost"),
                both("先交一半,到账后再交另一半", "Pay half now and half after the payout"),
                both("把验证码告诉他,让他从贷款里扣", "Give him the code so that he takes it from the loan"),
            ],
        )
    };
    ask::choices(id, Text { prompts, explain }, right, wrong)
}

fn ppm(figure: RateFigure) -> Option<i64> {
    match figure.value {
        RateValue::Ppm(ppm) => Some(ppm),
        RateValue::None(_) => None,
    }
}

/// Rates closer than this (0.05 points) read as the same figure.
const SAME_PPM: i64 = 500;

pub(super) fn all_in_rate(table: &CostTable, id: QuestionId) -> Option<Question> {
    let (simple, nominal) = (ppm(table.annual.simple)?, table.nominal_rate_ppm);
    let shown = say::percent(simple);
    let headline = say::percent(nominal);
    let prompts = [
        both(
            "把利息和所有费用都算上,这笔钱一年的成本大约是百分之几(单利)?",
            "With interest and all fees, what does this money cost a year, in percent (simple)?",
        ),
        both(
            format!("利息写的是一年 {headline}。把所有费用也算上,实际一年的成本(单利)是多少?"),
            format!(
                "The interest rate says {headline} a year. With all fees, what is the real yearly cost (simple)?"
            ),
        ),
    ];
    let explain = both(
        format!(
            "名义年利率 {headline};加上全部费用,按实际占用的本金算,一年的成本是 {shown}(单利)。看成本要看后面这个数。"
        ),
        format!(
            "The headline rate is {headline}; with all fees, over the principal really outstanding, it costs {shown} a \
             year (simple). That second figure is the one to look at."
        ),
    );
    let text = Text { prompts, explain };
    if id.variant.is_multiple_of(2) {
        compared(id, text, simple, nominal)
    } else {
        percentages(table, id, text, simple)
    }
}

fn compared(id: QuestionId, text: Text, simple: i64, nominal: i64) -> Option<Question> {
    let (shown, headline) = (say::percent(simple), say::percent(nominal));
    let same = both(format!("一样,就是 {headline}"), format!("The same, {headline}"));
    // A made-up figure on the side where the truth is not, at a distance that a reader of the table can tell.
    let lower = say::percent(simple.min(nominal) / 2);
    let higher = say::percent(simple.max(nominal) + simple.max(nominal) / 2 + 10_000);
    let less = both(format!("更低,大约 {lower}"), format!("Lower, about {lower}"));
    let more = both(format!("更高,大约 {higher}"), format!("Higher, about {higher}"));
    if (simple - nominal).abs() <= SAME_PPM {
        return ask::choices(id, text, same, vec![more, less]);
    }
    let right = if simple > nominal {
        both(format!("更高,{shown}"), format!("Higher, {shown}"))
    } else {
        both(format!("更低,{shown}"), format!("Lower, {shown}"))
    };
    ask::choices(id, text, right, vec![same, less, more])
}

fn percentages(table: &CostTable, id: QuestionId, text: Text, simple: i64) -> Option<Question> {
    let principal = i128::from(table.principal_fen.get()).max(1);
    let cost = i128::from(table.total_cost_fen.get()) * 1_000_000 / principal;
    let months = i128::try_from(table.instalments.len()).ok()?.max(1);
    let a_year = i64::try_from(cost * 12 / months).ok()?;
    let mut wrong = vec![table.nominal_rate_ppm, a_year, i64::try_from(cost).ok()?];
    let mut spare = vec![simple / 2, simple * 7 / 10, simple * 13 / 10, simple + 60_000, simple + 120_000];
    Dice::new(id).shuffle(&mut spare);
    wrong.extend(spare);
    // The compound figure is also true: it may not stand among the wrong options.
    let compound = ppm(table.annual.compound);
    let mut kept: Vec<i64> = Vec::new();
    for rate in wrong {
        let known = kept.iter().copied().chain([simple]).chain(compound);
        if rate >= 0 && known.into_iter().all(|known| (known - rate).abs() >= 5_000) {
            kept.push(rate);
        }
    }
    let words = |rate: i64| -> Words { both(say::percent(rate), say::percent(rate)) };
    ask::choices(id, text, words(simple), kept.into_iter().map(words).collect())
}
