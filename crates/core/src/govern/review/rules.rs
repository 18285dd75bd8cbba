//! What a review's texts and choices have to be like, and the words of its refusals.

use super::event::{Answer, Finding, MaterialFile, Release, Submission};
use super::fold::Issued;
use super::{FILES_LIMIT, OPINION_MIN, REASON_MIN, REGIONS_LIMIT, RELEASE_DAYS_LIMIT, TEXT_MAX};
use crate::actor::StaffRole;
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::text::both;

const DAY_MS: i64 = 24 * 3_600_000;

pub(super) fn not_here() -> Refusal {
    Refusal::does_not_fit(both("这一步在这里不适用。", "This step does not belong here."))
}

pub(super) fn over() -> Refusal {
    Refusal::not_now(
        both("这次审查已经走过这一步。", "This review is past this step."),
        both("要再次使用或改动,请重新送审。", "To use or change it again, hand it in anew."),
    )
}

pub(super) fn opinion_first() -> Refusal {
    Refusal::not_now(
        both("审查意见还没有出具。", "The opinion is not given yet."),
        both("请等消保岗出具意见。", "Wait for compliance."),
    )
}

pub(super) fn final_first() -> Refusal {
    Refusal::not_now(
        both(
            "最终上线材料还没有回传,或在它之后又答复了意见。",
            "The final material is not here, or a point was answered after it.",
        ),
        both("请业务部门回传最终材料。", "Let the business hand the final material in."),
    )
}

pub(super) fn staff_only() -> Refusal {
    Refusal::not_yours(&both("有权限的员工", "member of staff who may"))
}

pub(super) fn only_submitter() -> Refusal {
    Refusal::not_yours(&both("送审人", "person who handed it in"))
}

pub(super) fn other_role(role: StaffRole) -> Refusal {
    Refusal::not_yours(&match role {
        StaffRole::Compliance => both("消保岗", "compliance officer"),
        StaffRole::Admin => both("管理员(上级)", "administrator, who stands above"),
        StaffRole::Consultant => both("咨询顾问", "consultant"),
        StaffRole::Auditor => both("审计", "auditor"),
    })
}

pub(super) fn second_person() -> Refusal {
    Refusal::new(
        RefusalKind::NotYours,
        both(
            "送审、出具意见、回传和放行要由不同的人来做。",
            "Handing in, giving the opinion, handing in the final and releasing need different persons.",
        ),
        both("请另一位同事来做这一步。", "Let another colleague do this step."),
    )
}

pub(super) fn nothing_said() -> Refusal {
    Refusal::does_not_fit(both("这次没有填任何一项。", "Nothing was filled in."))
}

pub(super) fn no_point() -> Refusal {
    Refusal::not_now(
        both(
            "所有项目都符合,却要附条件或不通过:没有依据。",
            "Every question is met, so there is nothing to rest a condition or a no on.",
        ),
        both(
            "请在不符合的那一项写明问题,或出具“通过”。",
            "Say at a question what is not met, or let it pass.",
        ),
    )
}

pub(super) fn not_passed_with_points(count: usize) -> Refusal {
    Refusal::not_now(
        both(
            format!("还有 {count} 处不符合,不能直接通过。"),
            format!("{count} points are not met, so it cannot simply pass."),
        ),
        both("请选“有条件通过”或“不通过”。", "Choose “passed on conditions” or “not passed”."),
    )
}

pub(super) fn not_through(items: &[&str], machine: usize) -> Refusal {
    let list = items.join(" ");
    Refusal::not_now(
        both(
            format!("还没有审完:未答的项目 {} 个({list}),未判断的机器提示 {machine} 处。", items.len()),
            format!(
                "Not through yet: {} questions unanswered ({list}), {machine} findings of the machine not judged.",
                items.len()
            ),
        ),
        both(
            "签字不等于意见:每一项都要有结论。",
            "A signature is no opinion: every question needs an answer.",
        ),
    )
}

pub(super) fn left_in_final(count: usize) -> Refusal {
    Refusal::not_now(
        both(
            format!("最终材料里还有 {count} 处必须改、又没有人说明理由的地方。"),
            format!(
                "The final material still has {count} places that must be changed and that nobody set aside."
            ),
        ),
        both(
            "请业务部门改好后重新回传;位置见页面。",
            "Let the business change them and hand it in again; the page shows where.",
        ),
    )
}

/// Every point is adopted, or set aside by somebody above.
pub(super) fn all_settled(issued: &Issued) -> Result<(), Refusal> {
    let open = |no: &u32| issued.answers.get(no).is_none_or(|answered| !answered.is_settled());
    let left = issued.points.iter().map(|point| point.no).filter(open).count();
    if left == 0 {
        return Ok(());
    }
    Err(Refusal::not_now(
        both(
            format!("还有 {left} 条意见没有答复,或不采纳还没有获上级批准。"),
            format!("{left} points are not answered, or a refusal was not approved from above."),
        ),
        both("请先逐条答复。", "Answer them one by one first."),
    ))
}

/// A text of this many characters at least.
pub(super) fn text(text: &str, least: usize) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    if (least..=TEXT_MAX).contains(&length) {
        return Ok(());
    }
    Err(Refusal::does_not_fit(both(
        format!("请写 {least} 到 {TEXT_MAX} 字,现在是 {length} 字。"),
        format!("Write {least} to {TEXT_MAX} characters; now it is {length}."),
    )))
}

pub(super) fn compared(note: &str) -> Result<(), Refusal> {
    text(note, OPINION_MIN).map_err(|_| {
        Refusal::not_now(
            both(
                "最终材料和审过的不是同一个文件。",
                "The final material is not the very file that was reviewed.",
            ),
            both(
                format!("请写明比对了什么、哪里不同({OPINION_MIN} 字以上)。"),
                format!("Say what you compared and what is different, {OPINION_MIN} characters or more."),
            ),
        )
    })
}

pub(super) fn answer(code: &str, answer: &Answer) -> Result<(), Refusal> {
    let wrong = |refusal: Refusal| Refusal {
        why: both(format!("{code}:{}", refusal.why.zh), format!("{code}: {}", refusal.why.en)),
        ..refusal
    };
    match answer {
        Answer::Met => Ok(()),
        Answer::NotMet { finding: Finding { excerpt, suggestion, .. } } => {
            text(excerpt, 2).and_then(|()| text(suggestion, REASON_MIN)).map_err(wrong)
        }
        Answer::NotApplicable { reason } => text(reason, REASON_MIN).map_err(wrong),
    }
}

/// Between one and [`FILES_LIMIT`] files, no two of one name.
///
/// # Errors
/// [`Refusal`].
pub(super) fn files(files: &[MaterialFile]) -> Result<(), Refusal> {
    let names: std::collections::BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    if (1..=FILES_LIMIT).contains(&files.len()) && names.len() == files.len() {
        return Ok(());
    }
    Err(Refusal::does_not_fit(both(
        format!("请交 1 到 {FILES_LIMIT} 个文件,文件名不要重复。"),
        format!("Hand in 1 to {FILES_LIMIT} files, no two of one name."),
    )))
}

/// Days, regions and ways of a release.
pub(super) fn release(release: &Release, at_ms: i64) -> Result<(), Refusal> {
    let long = release.until_ms.saturating_sub(release.from_ms);
    if long <= 0 || long > RELEASE_DAYS_LIMIT * DAY_MS || release.until_ms <= at_ms {
        return Err(Refusal::does_not_fit(both(
            format!("有效期要从早到晚、还没有过去,最长 {RELEASE_DAYS_LIMIT} 天。"),
            format!("The days run forward, are not over, and are {RELEASE_DAYS_LIMIT} at most."),
        )));
    }
    places(&release.regions, release.channels.len())
}

fn places(regions: &[String], channels: usize) -> Result<(), Refusal> {
    let good = |name: &String| {
        (1..=40).contains(&name.chars().count()) && name.trim() == name && !name.chars().any(char::is_control)
    };
    if (1..=REGIONS_LIMIT).contains(&regions.len()) && regions.iter().all(good) && channels > 0 {
        return Ok(());
    }
    Err(Refusal::does_not_fit(both(
        format!("请写 1 到 {REGIONS_LIMIT} 个地区(每个 40 字以内),并至少选一个渠道。"),
        format!("Name 1 to {REGIONS_LIMIT} regions of 40 characters at most, and choose a channel."),
    )))
}

impl Submission {
    /// Whether it may begin a review.
    ///
    /// # Errors
    /// [`Refusal`] with what is missing.
    pub fn check(&self) -> Result<(), Refusal> {
        let title = self.title.trim().chars().count();
        if !(2..=100).contains(&title) || self.title.chars().any(char::is_control) {
            return Err(Refusal::does_not_fit(both(
                "请写材料名称(2 到 100 字)。",
                "Name the material, 2 to 100 characters.",
            )));
        }
        text(&self.note, REASON_MIN)?;
        files(&self.files)?;
        places(&self.regions, self.channels.len())
    }
}
