//! After the payout: the payout itself, charges, refunds, the call-back, remedy cases. Everything is held against the
//! one table; what no row explains becomes a violation with the amount to give back.

use std::collections::BTreeMap;

use mingbai_cost::{Fen, Words};

use super::callback::{self, FactAnswer, FactKey, ResultCode};
use super::command::Command;
use super::decide::{Context, clip, judged};
use super::event::{Event, Judged, ViolationKind};
use super::journey::Journey;
use super::reconcile::{self, AcceptedCharge, Finding, PayoutFinding, ReportedCharge};
use super::refusal::{Refusal, RefusalKind};
use super::state::{PermitFate, Stage};
use super::teachback::{Answer, QuestionId};
use crate::text::both;

const DAY_MS: i64 = 86_400_000;

type Decision = Result<Vec<Event>, Refusal>;

/// Decides a command that belongs to the time after the gate.
pub(super) fn decide(journey: &Journey, command: Command, context: &Context<'_>) -> Decision {
    match command {
        Command::ReportPayout { permit, amount_fen, on, reference } => {
            payout(journey, context, &permit, amount_fen, &on.to_string(), &clip(&reference))
        }
        _ if !matches!(journey.stage(), Stage::PaidOut) => Err(Refusal::not_now(
            both("这笔贷款还没有放款,或已经结清。", "This loan is not paid out yet, or it is closed."),
            both("放款后再报告。", "Report it after the payout."),
        )),
        Command::ReportCharge(charge) => report_charge(journey, context, charge),
        Command::ReportRefund { reference, amount_fen } => refund(journey, &reference, amount_fen),
        Command::OpenCallback { expires_at_ms } => {
            if journey
                .callback()
                .is_some_and(|open| open.code.is_none() && open.expires_at_ms > context.now_ms)
            {
                return Ok(Vec::new());
            }
            Ok(vec![Event::CallbackOpened { seed: context.seed, expires_at_ms }])
        }
        Command::AnswerCallback { facts, numbers } => answer_callback(journey, context, &facts, &numbers),
        Command::CloseRemedy { outcome } => close_remedy(journey, &outcome),
        Command::Close => close(journey),
        _ => Err(Refusal::does_not_fit(both(
            "这一步不属于放款之后。",
            "This does not belong to the time after payout.",
        ))),
    }
}

fn violation(kind: ViolationKind, reference: &str, refund_fen: Fen, words: Words) -> Event {
    Event::ViolationFound {
        violation: kind,
        reference: reference.to_owned(),
        refund_fen,
        zh: words.zh,
        en: words.en,
    }
}

fn payout(
    journey: &Journey,
    context: &Context<'_>,
    permit: &str,
    amount_fen: Fen,
    on: &str,
    reference: &str,
) -> Decision {
    if let Some(known) = journey.payout() {
        // A retry of the same report is answered without a second record; anything else is a second payout.
        if known.reference == reference && known.amount_fen == amount_fen {
            return Ok(Vec::new());
        }
        return Err(Refusal::ended(both(
            "这笔贷款已经放过款,许可只能用一次。",
            "This loan is already paid out; a permit can be used once.",
        )));
    }
    let (Some(table), Some(_)) = (journey.table(), journey.opening()) else {
        return Err(Refusal::new(
            RefusalKind::DoesNotFit,
            both("还没有条款,不可能放款。", "There are no terms, so there can be no payout."),
            both("请核对业务编号。", "Check the journey's number."),
        ));
    };
    let mut events = vec![Event::Disbursed {
        permit: clip(permit),
        amount_fen,
        on: on.to_owned(),
        reference: reference.to_owned(),
    }];
    // The money is out whatever the permit says; denying the report would only hide it. So it is recorded and flagged.
    if let Some(why) = permit_fault(journey, context, permit) {
        events.push(violation(ViolationKind::NoPermit, reference, Fen::ZERO, why));
    }
    match reconcile::check_payout(table, amount_fen) {
        PayoutFinding::Match => {}
        PayoutFinding::Short { by, words, .. } => {
            events.push(violation(ViolationKind::ShortPayout, reference, by, words));
        }
        PayoutFinding::Over { words, .. } => {
            events.push(violation(ViolationKind::OverPayout, reference, Fen::ZERO, words));
        }
    }
    if events.len() > 1 {
        events.push(remedy(context, "payout"));
    }
    Ok(events)
}

fn permit_fault(journey: &Journey, context: &Context<'_>, permit: &str) -> Option<Words> {
    match journey.permit() {
        Some(known) if known.id == permit => match known.fate {
            PermitFate::Open if known.expires_at_ms > context.now_ms => None,
            PermitFate::Open => Some(both("放款时许可已过期。", "The permit had expired at the payout.")),
            PermitFate::Used => Some(both("许可已经用过。", "The permit had been used before.")),
            PermitFate::Void => Some(both(
                "许可发出后情况有变,许可已失效。",
                "Something changed after the permit was issued; it was void.",
            )),
        },
        _ => Some(both("放款没有有效的许可。", "The payout had no valid permit.")),
    }
}

fn remedy(context: &Context<'_>, reason: &str) -> Event {
    let days = i64::from(context.pack.callback().remedy_days.value);
    Event::RemedyOpened { reason: reason.to_owned(), due_at_ms: context.now_ms + days * DAY_MS }
}

fn report_charge(journey: &Journey, context: &Context<'_>, charge: ReportedCharge) -> Decision {
    let Some(table) = journey.table() else {
        return Err(Refusal::does_not_fit(both("没有成本表。", "There is no cost table.")));
    };
    if let Some(known) = journey.charges().iter().find(|known| known.charge.reference == charge.reference) {
        if known.charge == charge {
            return Ok(Vec::new());
        }
        return Err(Refusal::does_not_fit(both(
            "同一流水号已经报告过另一笔扣款。",
            "Another charge was already reported under this reference.",
        )));
    }
    if charge.amount_fen <= Fen::ZERO {
        return Err(Refusal::does_not_fit(both(
            "扣款金额必须大于零;退款请用退款接口。",
            "A charge must be above zero; report refunds as refunds.",
        )));
    }
    let accepted: Vec<AcceptedCharge> = journey
        .charges()
        .iter()
        .map(|known| AcceptedCharge {
            reference: known.charge.reference.clone(),
            on: known.charge.on,
            parts: known.explained.clone(),
        })
        .collect();
    let (explained, fault) = match reconcile::check(table, &accepted, &charge) {
        Finding::Explained { parts } => (parts, None),
        Finding::Violation { kind, refund_fen, explained, words } => {
            (explained, Some((kind, refund_fen, words)))
        }
    };
    let reference = charge.reference.clone();
    let mut events = vec![Event::ChargeReported { charge, explained }];
    if let Some((kind, refund_fen, words)) = fault {
        events.push(violation(kind.into(), &reference, refund_fen, words));
        events.push(remedy(context, "charge"));
    }
    Ok(events)
}

fn refund(journey: &Journey, reference: &str, amount_fen: Fen) -> Decision {
    let Some(open) = journey.violations().iter().find(|v| v.reference == reference) else {
        return Err(Refusal::does_not_fit(both(
            "没有这个流水号的违规收费。",
            "No violation is known under this reference.",
        )));
    };
    let left = open.refund_fen - open.refunded_fen;
    if amount_fen <= Fen::ZERO || amount_fen > left {
        return Err(Refusal::does_not_fit(both(
            format!("退款金额应大于零且不超过尚未退还的 {left} 元。"),
            format!("A refund must be above zero and at most the {left} yuan still owed."),
        )));
    }
    Ok(vec![Event::RefundReported { reference: reference.to_owned(), amount_fen }])
}

fn answer_callback(
    journey: &Journey,
    context: &Context<'_>,
    facts: &BTreeMap<FactKey, FactAnswer>,
    numbers: &BTreeMap<QuestionId, Answer>,
) -> Decision {
    let (Some(open), Some(table)) = (journey.callback(), journey.table()) else {
        return Err(Refusal::not_now(
            both("回访还没有开始。", "The call-back has not begun."),
            both("请等待回访短信。", "Wait for the message."),
        ));
    };
    if open.code.is_some() {
        return Err(Refusal::ended(both("回访已经完成,谢谢您。", "The call-back is done, thank you.")));
    }
    if open.expires_at_ms <= context.now_ms {
        return Err(Refusal::ended(both("回访链接已过期。", "The call-back link has expired.")));
    }
    let plan = callback::plan(table, open.seed);
    let unanswered = plan.facts.iter().filter(|fact| !facts.contains_key(fact)).count()
        + plan.numbers.iter().filter(|question| !numbers.contains_key(&question.id)).count();
    if unanswered > 0 {
        return Err(Refusal::does_not_fit(both(
            format!("还有 {unanswered} 个问题没有回答。"),
            format!("{unanswered} questions are still open."),
        )));
    }
    let mut judged_numbers: BTreeMap<QuestionId, Judged> = BTreeMap::new();
    for (question, answer) in plan.numbers.iter().filter_map(|q| Some((q, numbers.get(&q.id)?))) {
        let Some(judged) = judged(question, answer) else {
            return Err(Refusal::does_not_fit(both(
                format!("没有看懂这个问题的回答:{}", question.prompt.zh),
                format!("This answer could not be read: {}", question.prompt.en),
            )));
        };
        judged_numbers.insert(question.id, judged);
    }
    let result = callback::grade(&plan, facts, numbers, context.pack);
    let reason = result.mismatches.first().map(|_| result_text(result.code));
    let mut events =
        vec![Event::CallbackAnswered { facts: facts.clone(), numbers: judged_numbers, code: result.code }];
    if let Some(case) = result.remedy {
        let due_at_ms = context.now_ms + i64::from(case.due_days) * DAY_MS;
        let reason = clip(&format!("{}:{}", reason.unwrap_or_default(), case.reason.zh));
        events.push(Event::RemedyOpened { reason, due_at_ms });
    }
    Ok(events)
}

fn result_text(code: ResultCode) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn close_remedy(journey: &Journey, outcome: &str) -> Decision {
    if journey.remedies().iter().all(|remedy| remedy.closed.is_some()) {
        return Err(Refusal::not_now(
            both("没有未结的补救事项。", "No remedy case is open."),
            both("请刷新页面。", "Reload the page."),
        ));
    }
    if outcome.trim().chars().count() < 5 {
        return Err(Refusal::does_not_fit(both(
            "请写明怎样处理的(至少 5 个字)。",
            "Say how it was settled (at least 5 characters).",
        )));
    }
    Ok(vec![Event::RemedyClosed { outcome: clip(outcome) }])
}

fn close(journey: &Journey) -> Decision {
    let owed = journey.violations().iter().any(|v| v.refunded_fen < v.refund_fen);
    let open = journey.remedies().iter().any(|remedy| remedy.closed.is_none());
    if owed || open {
        return Err(Refusal::not_now(
            both(
                "还有未退的钱或未结的补救事项。",
                "Money is still to be given back, or a remedy case is open.",
            ),
            both("处理完再结清。", "Settle these first."),
        ));
    }
    Ok(vec![Event::Closed {}])
}
