//! "清楚" by rote, and wrong answers: explained, asked in another way, then a person; and in the end a free no.

use std::sync::Arc;

use mingbai_core::borrow::teachback::{Answer, Form, Question};
use mingbai_core::text::both;

use super::{Outcome, honest_loan, look, read, understand};
use crate::demo::borrower::{Borrower, wrong};
use crate::demo::browser::Page;
use crate::demo::cast::Cast;
use crate::demo::core_system::text;
use crate::demo::law::{broken, must_be};
use crate::demo::page::{self, Saying};
use crate::demo::staff::Deed;
use crate::demo::teller::Teller;
use crate::fail::Fail;

/// Plays the journey.
pub async fn play(cast: Arc<Cast>, teller: Teller) -> Result<Outcome, Fail> {
    let opened = cast.core.open(&honest_loan("周大海", "DEMO-1004")).await?;
    let borrower = Borrower::enter(&cast, &opened).await?;
    look(&borrower, "20000", &teller).await?;
    read(&borrower, &teller).await?;
    let tries = usize::try_from(cast.pack.teach_back().max_wrong.value).unwrap_or(usize::MAX);
    for number in 1..=tries {
        let question = asked(&borrower).await?;
        let answer = match question.1.form {
            Form::Amount { .. } => Answer::Amount("清楚".to_owned()),
            Form::Choices(_) => wrong(&question.1, &borrower.table)?,
        };
        explained(&borrower, number, &question, &answer, &teller).await?;
    }
    let page = borrower.teach_page().await?;
    let asked = (page::field(&page.html, "question"), page::says(&page.html, "teach/ask"));
    must_be(
        ("答错几次后应等专人", "after several wrong answers a person must come"),
        &asked,
        &(None, Saying::Unsaid),
    )?;
    teller.refused(
        both("想接着答下一题。", "He wants to go on to the next question."),
        both(
            "几次没答对,不是他的错:先由顾问当面讲清楚。",
            "Several wrong answers are no fault of his: first a person explains.",
        ),
    );
    cast.li.perform(&borrower.id, Deed::Explain).await?;
    teller.done(
        both(
            "李娜当面讲解,用自己的账号登记。",
            "Li Na explains in person and attests it with her own login.",
        ),
        both("谁讲的、讲的哪一题,都在存证里。", "Who explained what is in the evidence."),
    );
    understand(&borrower, &teller).await?;
    let page = borrower.decline("算清楚了,还是不借了").await?;
    must_be(("不借应立即生效", "a no must take effect at once"), &page.name(), &"done")?;
    let stage = text(&cast.core.status(&borrower.id).await?, "/stage");
    must_be(("业务应已谢绝", "the journey must be declined"), &stage.as_str(), &"declined")?;
    teller.done(
        both("弄明白以后,他决定不借。", "Now that he understands, he decides not to borrow."),
        both("不借和借一样方便:不用理由,不收一分钱。", "No is as near as yes: no reason needed, no cost."),
    );
    Ok(Outcome { stem: "4-rote", id: borrower.id.clone(), contradicted: 0, files: Vec::new() })
}

/// The open question, asked for if there is none.
async fn asked(borrower: &Borrower<'_>) -> Result<(Page, Question), Fail> {
    let page = borrower.teach_page().await?;
    let page = if borrower.question(&page).is_some() { page } else { borrower.ask().await? };
    let question = borrower.question(&page);
    question.map(|question| (page, question)).ok_or_else(|| broken("没有问题可答", "no question was put"))
}

async fn explained(
    borrower: &Borrower<'_>,
    number: usize,
    (page, question): &(Page, Question),
    answer: &Answer,
    teller: &Teller,
) -> Result<(), Fail> {
    let said = match answer {
        Answer::Amount(text) => both(format!("“{text}”"), format!("“{text}” (“clear”)")),
        _ => both("一个选错的答案", "a wrong choice"),
    };
    let after = borrower.answer(page, answer).await?;
    let explains = page::says(&after.html, &question.explain.zh);
    must_be(("答错后应讲解", "a wrong answer must be explained"), &explains, &Saying::Said)?;
    teller.refused(
        both(
            format!("第 {number} 次。问:{} 答:{}。", question.prompt.zh, said.zh),
            format!("Try {number}. Asked: {} Answer: {}.", question.prompt.en, said.en),
        ),
        both(
            format!("不算明白。页面讲解:{} 下次换一种问法。", question.explain.zh),
            format!("Not understood. The page explains: {} Next time in other words.", question.explain.en),
        ),
    );
    Ok(())
}
