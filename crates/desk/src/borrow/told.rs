//! What a record says, in plain words. It claims no more than the event does: an attestation is told as an attestation.

mod recording;

use mingbai_core::borrow::event::{
    AffordOutcome, Choice, Event, HumanDecision, IdentityPath, Judged, Purpose, RecordingPath, ScreenResult,
    SignaturePath, Surface, YesNo,
};
use mingbai_core::borrow::reading::Section;
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_cost::words::pct2;

/// The event in words.
#[must_use]
pub fn told(event: &Event) -> Words {
    match event {
        Event::Opened { product_id, product_version, external_ref, .. } => both(
            format!("建立业务:产品 {product_id}({product_version} 版),核心系统申请号 {external_ref}。"),
            format!("Opened: product {product_id} version {product_version}, application {external_ref}."),
        ),
        Event::TermsOffered { table, .. } => both(
            format!("给出条款,生成综合融资成本明示表(摘要 {}…)。", short(&table.sha256.to_string())),
            format!("Terms offered; cost table {}… computed.", short(&table.sha256.to_string())),
        ),
        Event::ReviewCited { release_stream, .. } => both(
            format!("引用已发布的消保审查:{release_stream}。"),
            format!("Cites the released review {release_stream}."),
        ),
        Event::AffordAssessed { .. } | Event::AffordReviewed { .. } => afford(event),
        Event::ScreenAnswered { .. } | Event::ScreenReviewed { .. } | Event::RingAlerted { .. } => {
            screen(event)
        }
        Event::TableShown { surface, .. } => match surface {
            Surface::Paper => both(
                "顾问说:已把纸质成本表交给借款人。",
                "The consultant attests: cost table handed over on paper.",
            ),
            Surface::Screen => both("借款人打开了成本表。", "The borrower opened the cost table."),
            Surface::Checkout => {
                both("借款人在付款页看到成本表。", "The borrower saw the cost table on the payment page.")
            }
        },
        Event::SectionOpened { section } => {
            let title = section_title(section);
            both(format!("打开“{}”。", title.zh), format!("Opened “{}”.", title.en))
        }
        Event::SectionRead { section, dwell_ms } => {
            let (title, seconds) = (section_title(section), dwell_ms / 1000);
            both(
                format!("读完“{}”,用时 {seconds} 秒。", title.zh),
                format!("Read “{}” in {seconds} seconds.", title.en),
            )
        }
        Event::QuestionAsked { .. } | Event::QuestionAnswered { .. } | Event::ExplainedInPerson { .. } => {
            teach(event)
        }
        Event::Identified(_) | Event::Signed(_) | Event::Recorded(_) => attested(event),
        Event::ConsentRecorded { purpose, choice, .. } => consent(*purpose, *choice),
        Event::SignatureConfirmed { .. } => both(
            "借款人用自己的链接确认是本人签的。",
            "The borrower confirms from her own link that she signed.",
        ),
        Event::NoticeHanded { .. } => both("已交付明白纸。", "The paper notice was handed over."),
        Event::NoticeAcknowledged { .. } => {
            both("借款人确认已拿到明白纸。", "The borrower confirms that she has the notice.")
        }
        Event::Confirmed { own_wish, being_told, .. } => confirmed(*own_wish, *being_told),
        Event::FamilyInvited {} => both(
            "借款人请家人看费用(只能看,不能代签)。",
            "She let somebody of her family look at the cost; that person can sign nothing.",
        ),
        Event::FamilyEnded {} => both("借款人收回了家人的查看。", "She ended the family's look."),
        Event::Declined { reason } if reason.is_empty() => {
            both("借款人决定不借。", "The borrower decided not to borrow.")
        }
        Event::Declined { reason } => both(
            format!("借款人决定不借:“{reason}”。"),
            format!("The borrower decided not to borrow: “{reason}”."),
        ),
        Event::AttemptDenied { command, belongs_to } => both(
            format!("越权尝试被拒绝:{command}(只能由 {belongs_to} 操作)。"),
            format!("A denied attempt: {command}, which belongs to {belongs_to}."),
        ),
        other => recording::recording(other).unwrap_or_else(|| after(other)),
    }
}

fn consent(purpose: Purpose, choice: Choice) -> Words {
    let purpose = purpose_words(purpose);
    match choice {
        Choice::Agreed => both(
            format!("借款人单独同意:{}。", purpose.zh),
            format!("The borrower agreed to {}.", purpose.en),
        ),
        Choice::Declined => {
            both(format!("借款人不同意:{}。", purpose.zh), format!("The borrower refused {}.", purpose.en))
        }
    }
}

fn short(text: &str) -> &str {
    text.get(..12).unwrap_or(text)
}

fn section_title(key: &str) -> Words {
    Section::from_key(key).map_or_else(|| both(key, key), Section::title)
}

fn purpose_words(purpose: Purpose) -> Words {
    match purpose {
        Purpose::LoanProcessing => both("为办理本笔贷款处理个人信息", "the use of her data for this loan"),
        Purpose::CreditReport => both("查询征信", "a credit report"),
        Purpose::SharePayees => {
            both("向表内收款方提供必要信息", "passing needed data to the payees in the table")
        }
        Purpose::Marketing => both("营销(可不选)", "marketing (optional)"),
    }
}

fn decision(decision: HumanDecision) -> Words {
    match decision {
        HumanDecision::Allowed => both("可以继续", "may go on"),
        HumanDecision::Upheld => both("维持暂停", "stays paused"),
    }
}

fn afford(event: &Event) -> Words {
    match event {
        Event::AffordAssessed { ratio_ppm, limit_ppm, outcome, .. } => {
            let ratio = ratio_ppm.map_or_else(|| "—".to_owned(), pct2);
            let limit = pct2(*limit_ppm);
            let (zh, en) = match outcome {
                AffordOutcome::Within => ("在规定之内", "within the limit"),
                AffordOutcome::Over => {
                    ("超过规定,可申请人工复核", "over the limit; a human review is offered")
                }
            };
            both(
                format!("还得起评估:还款占收入 {ratio},上限 {limit},{zh}。"),
                format!("Affordability: {ratio} of the income, limit {limit}; {en}."),
            )
        }
        Event::AffordReviewed { decision: found, reason } => {
            let found = decision(*found);
            both(
                format!("人工复核还款能力:{}。理由:{reason}", found.zh),
                format!("Human review of affordability: {}. Reason: {reason}", found.en),
            )
        }
        _ => both("", ""),
    }
}

fn screen(event: &Event) -> Words {
    match event {
        Event::ScreenAnswered { result: ScreenResult::Clear, .. } => {
            both("防骗问题回答完毕,没有发现异常。", "Screening answered; nothing found.")
        }
        Event::ScreenAnswered { hits, .. } => both(
            format!("防骗问题有 {} 项需要专人先谈一谈,业务暂停(不是拒绝)。", hits.len()),
            format!("{} screening answers need a talk first; paused, not rejected.", hits.len()),
        ),
        Event::RingAlerted { .. } => both(
            "申请里有与其他申请相同的信息,放款前由专人先打一个保护电话(不是拒绝)。",
            "Details of the application are shared with others: a protective call comes before the payout; not a rejection.",
        ),
        Event::ScreenReviewed { decision: found, reason } => {
            let found = decision(*found);
            both(
                format!("专人谈话后:{}。理由:{reason}", found.zh),
                format!("After a talk: {}. Reason: {reason}", found.en),
            )
        }
        _ => both("", ""),
    }
}

fn teach(event: &Event) -> Words {
    match event {
        Event::QuestionAsked { question_kind, variant, .. } => both(
            format!("提问({question_kind},第 {variant} 种问法)。"),
            format!("Question put ({question_kind}, wording {variant})."),
        ),
        Event::QuestionAnswered { question_kind, answer, judged, .. } => {
            let (zh, en) = match judged {
                Judged::Right => ("答对", "right"),
                Judged::Wrong => ("答错,已讲解", "wrong; explained"),
                Judged::NotSure => ("她说不确定,已讲解", "she is not sure; explained"),
                Judged::Empty => ("只说“清楚”之类,不算明白", "words like “clear” show nothing"),
            };
            both(
                format!("回答“{answer}”({question_kind}):{zh}。"),
                format!("Answered “{answer}” ({question_kind}): {en}."),
            )
        }
        Event::ExplainedInPerson { question_kinds } => both(
            format!("顾问说:已当面讲解 {}。", question_kinds.join("、")),
            format!("The consultant attests: explained in person ({}).", question_kinds.join(", ")),
        ),
        _ => both("", ""),
    }
}

fn attested(event: &Event) -> Words {
    match event {
        Event::Identified(IdentityPath::InPerson { .. }) => both(
            "顾问说:已当面核对本人与证件(未用机器核验)。",
            "The consultant attests: person and document compared face to face (no machine check).",
        ),
        Event::Signed(SignaturePath::InkInPerson { .. }) => both(
            "顾问说:看着借款人在打印件上亲笔签字;须借款人自己确认才算数。",
            "The consultant attests an ink signature; it counts only with the borrower's own confirmation.",
        ),
        Event::Recorded(RecordingPath::AttestedInPerson { recording_number, seconds }) => both(
            format!("顾问说:已在网点设备录音录像,编号 {recording_number},{seconds} 秒;内容未经本系统检查。"),
            format!(
                "The consultant attests recording {recording_number}, {seconds} s; nobody inspected it here."
            ),
        ),
        _ => both("", ""),
    }
}

fn confirmed(own_wish: YesNo, being_told: YesNo) -> Words {
    if own_wish == YesNo::Yes && being_told == YesNo::No {
        return both(
            "借款人最后确认:是自己的意愿,没有人教。",
            "Final confirmation: her own wish, nobody tells her what to answer.",
        );
    }
    both(
        "借款人说这不是自己的意愿,或有人在教她回答;许可作废,请专人单独联系她。",
        "She says that it is not her own wish, or that somebody tells her what to answer; talk to her alone.",
    )
}

fn after(event: &Event) -> Words {
    match event {
        Event::PermitIssued { amount_fen, .. } => both(
            format!("发出放款许可:{amount_fen} 元,只能用一次。"),
            format!("Permit issued: {amount_fen} yuan, single use."),
        ),
        Event::PermitRefused { missing } => both(
            format!("放款被拒:还缺 {} 项({})。", missing.len(), missing.join("、")),
            format!("Permit refused: {} duties missing ({}).", missing.len(), missing.join(", ")),
        ),
        Event::Disbursed { amount_fen, on, .. } => both(
            format!("核心系统报告放款:{on},到账 {amount_fen} 元。"),
            format!("The core system reports the payout: {on}, {amount_fen} yuan."),
        ),
        Event::ChargeReported { charge, explained } => {
            let (zh, en) = if explained.is_empty() {
                ("表内没有这一项", "no row of the table explains it")
            } else {
                ("与表内项目对上", "found in the table")
            };
            both(
                format!("扣款“{}”{} 元,{}:{zh}。", charge.name_text, charge.amount_fen, charge.on),
                format!(
                    "Charge “{}” of {} yuan on {}: {en}.",
                    charge.name_text, charge.amount_fen, charge.on
                ),
            )
        }
        Event::ViolationFound { refund_fen, zh, en, .. } => both(
            format!("发现违规:{zh} 应退 {refund_fen} 元。"),
            format!("Violation: {en} To give back: {refund_fen} yuan."),
        ),
        Event::RefundReported { amount_fen, reference } => both(
            format!("核心系统报告退款 {amount_fen} 元({reference})。"),
            format!("The core system reports a refund of {amount_fen} yuan ({reference})."),
        ),
        Event::CallbackOpened { .. } => both("回访开始。", "The call-back was opened."),
        Event::CallbackAnswered { code, .. } => {
            both(format!("回访完成,结果 {code:?}。"), format!("The call-back was answered: {code:?}."))
        }
        Event::RemedyOpened { reason, .. } => {
            both(format!("转专人处理:{reason}。"), format!("A case for a person: {reason}."))
        }
        Event::RemedyClosed { outcome } => {
            both(format!("处理完毕:{outcome}"), format!("The case was closed: {outcome}"))
        }
        Event::Closed {} => both("结清:还完、对清。", "Closed: repaid and reconciled."),
        // Everything before the payout is told above.
        _ => both("其他记录。", "Another record."),
    }
}
