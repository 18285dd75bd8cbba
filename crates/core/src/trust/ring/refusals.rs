//! Why something may not be done to a ring, and what to do instead.

use super::decide::{REASON_MAX, REASON_MIN};
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::text::both;

pub(super) fn not_here() -> Refusal {
    Refusal::does_not_fit(both("这一步在这里不适用。", "This step does not belong here."))
}

pub(super) fn nothing_waits() -> Refusal {
    Refusal::does_not_fit(both("没有等待处理的内容。", "Nothing waits for this."))
}

pub(super) fn no_member() -> Refusal {
    Refusal::does_not_fit(both("这笔业务不在这条线索里。", "This loan is not part of the ring."))
}

pub(super) fn too_short() -> Refusal {
    Refusal::does_not_fit(both(
        format!("请写 {REASON_MIN} 到 {REASON_MAX} 字。不要写入个人信息:这段文字会永久留存。"),
        format!(
            "Write {REASON_MIN} to {REASON_MAX} characters, without personal data: this text stays for good."
        ),
    ))
}

pub(super) fn over() -> Refusal {
    Refusal::not_now(
        both("这条线索已经结案。", "This ring is closed."),
        both("有新的情况时,系统会另立一条。", "If something new turns up, a new one is opened."),
    )
}

pub(super) fn too_many() -> Refusal {
    Refusal::not_now(
        both("这条线索的记录太多了。", "This ring has too many records."),
        both("请联系消保负责人当面处理。", "Talk to the head of compliance."),
    )
}

pub(super) fn appeal_waits() -> Refusal {
    Refusal::not_now(
        both("您的说明我们已经收到,正在核实。", "We have your appeal and are looking into it."),
        both(
            "请等我们的电话;着急可以拨打页面上的电话。",
            "Wait for our call, or call the number on the page.",
        ),
    )
}

pub(super) fn appeal_first() -> Refusal {
    Refusal::not_now(
        both("还有客户的申诉没有答复。", "A customer's appeal has no answer yet."),
        both("先核实并答复申诉。", "Look into it and answer it first."),
    )
}

pub(super) fn call_first() -> Refusal {
    Refusal::not_now(
        both(
            "还没有和这位客户通上话,不能放行。",
            "Nobody has talked with this customer yet, so her loan cannot go on.",
        ),
        both("先打保护电话并登记听到的情况。", "Make the protective call and record what you heard."),
    )
}

pub(super) fn decide_each(left: usize) -> Refusal {
    Refusal::not_now(
        both(
            format!("还有 {left} 位客户没有结论,不能结案。"),
            format!("{left} customers have no decision yet, so it cannot be closed."),
        ),
        both(
            "先给每一位客户打保护电话,逐户决定继续或暂停。",
            "Call each of them, and decide for each whether the loan goes on.",
        ),
    )
}

pub(super) fn talk_first() -> Refusal {
    Refusal::not_now(
        both(
            "这位客户自己说过有人教她、收她的钱或逼她。",
            "This customer herself said that somebody leads, charges or forces her.",
        ),
        both(
            "先单独和她通话,再在“逐户结论”里写明理由。",
            "Talk with her alone first, then decide on her loan with the reason.",
        ),
    )
}

pub(super) fn second_person() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both("结案要由另一个人同意。", "Closing needs another person."),
        both("请另一位消保岗同事查看并结案。", "Ask another compliance officer to look and close it."),
    )
}

pub(super) fn judged_before() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both(
            "这位客户是您决定暂停的,申诉要由别人来看。",
            "You decided on this customer; somebody else answers the appeal.",
        ),
        both("请另一位消保岗同事处理。", "Ask another compliance officer."),
    )
}

pub(super) fn not_yours() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both("这一步不由您来做。", "This step is not yours."),
        both(
            "线索由消保岗处理;申诉由客户本人在自己的页面上提出。",
            "Compliance works on rings; the customer appeals on her own page.",
        ),
    )
}
