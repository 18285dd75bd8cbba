//! Why something may not be done to a complaint, and what to do instead.

use mingbai_cost::{Fen, Words};

use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::text::both;

pub(super) fn refuse(why: Words, zh: &str, en: &str) -> Refusal {
    Refusal::not_now(why, both(zh, en))
}

pub(super) fn not_here() -> Refusal {
    Refusal::does_not_fit(both("这一步在这里不适用。", "This step does not belong here."))
}

pub(super) fn nothing_waits() -> Refusal {
    Refusal::does_not_fit(both("没有等待处理的内容。", "Nothing waits for this."))
}

pub(super) fn over() -> Refusal {
    refuse(
        both("这件投诉已经结束。", "This complaint is over."),
        "可以重新提出投诉。",
        "A new complaint can be made.",
    )
}

pub(super) fn too_many() -> Refusal {
    refuse(
        both("这件投诉的记录太多了。", "This complaint has too many records."),
        "请打投诉电话联系我们。",
        "Call us about it.",
    )
}

pub(super) fn unknown_code() -> Refusal {
    Refusal::does_not_fit(both("分类表里没有这个代码。", "The list of causes has no such code."))
}

pub(super) fn recused() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both(
            "您参与办理过这笔业务,应当回避。",
            "You acted in this loan, so you may not judge the complaint.",
        ),
        both("请由没有参与的消保岗同事处理。", "A compliance officer who had no part in it handles it."),
    )
}

pub(super) fn second_person() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both("这一步要由另一个人来做。", "This step needs another person."),
        both("请另一位消保岗同事处理。", "Ask another compliance officer."),
    )
}

pub(super) fn asked_twice() -> Refusal {
    refuse(
        both(
            "这份材料我们已经有了、能自己查到,或已经要过,不能再向投诉人要。",
            "We have this paper, can find it ourselves, or asked for it before; she must not be asked again.",
        ),
        "请在内部调取。",
        "Get it inside the house.",
    )
}

pub(super) fn too_late() -> Refusal {
    refuse(
        both("期限已过,不能再延长。", "The time is over; it cannot be extended any more."),
        "请尽快书面答复,并说明为什么迟了。",
        "Answer in writing now and say why it is late.",
    )
}

pub(super) fn not_longer() -> Refusal {
    refuse(
        both("只能往更长的期限延,每一步一次。", "Time can only be extended upwards, each step once."),
        "请按现在的期限办理。",
        "Work by the present clock.",
    )
}

pub(super) fn categorise_first() -> Refusal {
    refuse(
        both("还没有分类。", "It has no cause yet."),
        "请先选择原因、业务和涉及的权利。",
        "Choose cause, business and right first.",
    )
}

pub(super) fn wrong_refund() -> Refusal {
    refuse(
        both(
            "退款金额和处理方式对不上,或超过尚未支付的金额。",
            "The refund does not agree with the remedy, or is more than is still owed.",
        ),
        "有退款就要写金额并勾选“退款”;没有就留空。",
        "With a refund give the amount and choose \"money back\"; without one leave both out.",
    )
}

pub(super) fn all_ways() -> Refusal {
    refuse(
        both("答复没有写全可以继续走的途径。", "The answer does not name every way to go on."),
        "核查、调解、监管热线、仲裁或诉讼都要写。",
        "Name re-check, mediation, the regulator's line, arbitration or court.",
    )
}

pub(super) fn answered_first() -> Refusal {
    refuse(
        both("还没有书面答复。", "There is no written answer yet."),
        "先书面答复。",
        "Answer in writing first.",
    )
}

pub(super) fn no_recheck() -> Refusal {
    refuse(
        both(
            "现在不能申请核查:还没有答复、已过申请期限,或已经核查过一次。",
            "No re-check now: there is no answer yet, the time to ask is over, or it was re-checked already.",
        ),
        "可以申请调解、拨打 12378,或依法仲裁、诉讼。",
        "You can ask for mediation, call 12378, or go to arbitration or to court.",
    )
}

pub(super) fn mediation_runs() -> Refusal {
    refuse(
        both("调解还没有结束。", "The mediation has not ended."),
        "先登记调解结果。",
        "Record how it ended first.",
    )
}

pub(super) fn pay_first(owed: Fen) -> Refusal {
    let yuan = owed.yuan_grouped();
    refuse(
        both(
            format!("答应退的 {yuan} 元还没有付。"),
            format!("CNY {yuan} that was promised is not paid yet."),
        ),
        "先付款并登记,再结案。",
        "Pay and record it, then close.",
    )
}

pub(super) fn paid_first(owed: Fen) -> Refusal {
    let yuan = owed.yuan_grouped();
    refuse(
        both(
            format!("答应退给您的 {yuan} 元还没有付。"),
            format!("CNY {yuan} that you were promised is not paid yet."),
        ),
        "收到退款以后再撤回,免得这笔钱落空。",
        "Take it back after the money is here, so that it is not lost.",
    )
}
