//! Why something may not be done in a campaign, and what to do instead.

use mingbai_cost::Words;

use super::plan::BadPlan;
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::text::both;

fn refuse(why: Words, zh: &str, en: &str) -> Refusal {
    Refusal::not_now(why, both(zh, en))
}

pub(super) fn not_here() -> Refusal {
    Refusal::does_not_fit(both("这一步在这里不适用。", "This step does not belong here."))
}

pub(super) fn not_yours() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both("这一步不归这个账号。", "This step is not for this account."),
        both(
            "计划、批准和结束由消保岗办理,签到名单由名单上的员工录入。",
            "Compliance plans, approves and ends; staff on the list enter who came.",
        ),
    )
}

pub(super) fn second_person() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both("计划要由另一个人批准。", "Another person has to approve the plan."),
        both("请另一位消保岗同事批准。", "Ask another compliance officer."),
    )
}

pub(super) fn over() -> Refusal {
    refuse(
        both("这项活动已经结束。", "This campaign is over."),
        "如有新的活动,请另写计划。",
        "Write a new plan for a new campaign.",
    )
}

pub(super) fn approve_first() -> Refusal {
    refuse(
        both("计划还没有批准。", "The plan is not approved yet."),
        "请先由另一位消保岗同事批准。",
        "Another compliance officer approves it first.",
    )
}

pub(super) fn bad_plan(bad: BadPlan) -> Refusal {
    Refusal::does_not_fit(bad.words)
}

pub(super) fn too_many() -> Refusal {
    refuse(
        both("这里的记录太多了。", "There are too many records here."),
        "请联系管理员。",
        "Ask an administrator.",
    )
}

pub(super) fn still_to_come() -> Refusal {
    refuse(
        both("还有没开完的场次。", "Some sessions are still to come."),
        "请等它们开完,或先取消。",
        "Wait for them, or cancel them first.",
    )
}

pub(super) fn say_why() -> Refusal {
    Refusal::does_not_fit(both("请写明内容,2 到 200 字。", "Write 2 to 200 characters."))
}

pub(super) fn not_here_yet() -> Refusal {
    refuse(
        both("这个号码没有在这一场签到。", "This number has not checked in to this session."),
        "请先签到。",
        "Check in first.",
    )
}

/// The same person, or the same line of the list: she is counted, and not a second time.
#[must_use]
pub fn already_here() -> Refusal {
    Refusal::does_not_fit(both("已经签到过了,不会重复计数。", "Already checked in; nobody is counted twice."))
}
