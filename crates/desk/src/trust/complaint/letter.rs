//! The written answer as a letter. Everything on it stands in the evidence or is sealed there, so it is printed when it is asked for, and the
//! same complaint always gives the same bytes.

use jiff::Timestamp;
use jiff::tz::Offset;
use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::event::TypeSize;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{Answer, Complaint, ComplaintId, Remedy, Way};
use mingbai_cost::{Lang, Words};

use super::look::Texts;
use crate::borrow::paper::printed_time;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::DocLetter;

/// Every answer that was given, the first one first.
#[must_use]
pub fn answers(complaint: &Complaint) -> Vec<&Answer> {
    complaint.stage.answers()
}

impl Desk {
    /// The letter of an answer, for compliance and audit. `number` counts from 1.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] without such an answer; [`DeskError::Forbidden`] for others; [`DeskError::Papers`].
    pub async fn complaint_letter(
        &self,
        caller: &Caller,
        id: ComplaintId,
        number: usize,
        look: (Lang, TypeSize),
    ) -> Result<Vec<u8>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let file = self.complaint_file(caller, id).await?;
        self.letter(&file.complaint, &file.texts, number, look).await
    }

    /// The same letter for her.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when reference or code is wrong, or without such an answer; [`DeskError::Papers`].
    pub async fn her_letter(
        &self,
        (reference, code): (&str, &str),
        number: usize,
        look: (Lang, TypeSize),
    ) -> Result<Vec<u8>, DeskError> {
        let hers = self.her_complaint(reference, code).await?;
        self.letter(&hers.complaint, &hers.texts, number, look).await
    }

    async fn letter(
        &self,
        complaint: &Complaint,
        texts: &Texts,
        number: usize,
        (lang, size): (Lang, TypeSize),
    ) -> Result<Vec<u8>, DeskError> {
        let all = answers(complaint);
        let none = || DeskError::NotFound(both("还没有书面答复。", "There is no written answer yet."));
        let answer = number.checked_sub(1).and_then(|place| all.get(place)).ok_or_else(none)?;
        let text = texts.of(&answer.proposal.draft.text).ok_or_else(|| {
            DeskError::NotFound(both(
                "这封答复的内容已经按要求删除。",
                "The text of this answer was erased on request.",
            ))
        })?;
        let lender = &self.settings.lender;
        let request = DocLetter {
            lang,
            size,
            reference: complaint.id().shown(),
            follow_url: format!("{}/trust/complaint", self.settings.base_url),
            to: texts.of(&complaint.received.name).filter(|name| !name.is_empty()).map(str::to_owned),
            from: lender.name.get(lang).to_owned(),
            phone: lender.phone.clone(),
            complaint_phone: lender.complaint_phone.clone(),
            prepared_at: printed_time(answer.at_ms, lang),
            prepared_at_ms: answer.at_ms,
            seal: answer.proposal.draft.text.sealed.to_string(),
            facts: facts(complaint, answer, number).iter().map(|(a, b)| pair(a, b, lang)).collect(),
            outcome: answer.proposal.draft.outcome.name().get(lang).to_owned(),
            text: text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            remedies: remedies(answer).iter().map(|words| words.get(lang).to_owned()).collect(),
            ways: ways(complaint, answer, number).iter().map(|words| words.get(lang).to_owned()).collect(),
        };
        Ok(self.ports.papers.letter(request).await?)
    }
}

fn pair(label: &Words, value: &Words, lang: Lang) -> (String, String) {
    (label.get(lang).to_owned(), value.get(lang).to_owned())
}

/// A day in China.
fn day(at_ms: i64) -> Words {
    let date = Offset::constant(8).to_datetime(Timestamp::from_millisecond(at_ms).unwrap_or_default()).date();
    both(format!("{}年{}月{}日", date.year(), date.month(), date.day()), date.to_string())
}

fn facts(complaint: &Complaint, answer: &Answer, number: usize) -> Vec<(Words, Words)> {
    let received = &complaint.received;
    let mut facts = vec![
        (both("收到日期", "Received"), day(received.received_at_ms)),
        (both("投诉渠道", "Came by"), received.channel.name()),
        (both("答复期限", "Due"), day(answer.due_ms)),
        (both("答复日期", "Answered"), day(answer.at_ms)),
    ];
    if let Some(number) = &received.transfer {
        facts.push((both("转办编号", "Transfer number"), both(number, number)));
    }
    if number > 1 {
        let words = both("核查后的答复(由原处理人以外的人作出)", "after a re-check by somebody else");
        facts.push((both("答复种类", "Kind"), words));
    }
    if answer.is_late() {
        let words = both("这次答复超过了期限,我们为此道歉。", "This answer came too late; we apologise.");
        facts.push((both("说明", "Note"), words));
    }
    facts
}

fn remedies(answer: &Answer) -> Vec<Words> {
    let draft = &answer.proposal.draft;
    let one = |remedy: &Remedy| match remedy {
        Remedy::Refund => {
            let yuan = draft.refund_fen.yuan_grouped();
            both(format!("退款 {yuan} 元。"), format!("CNY {yuan} is paid back."))
        }
        other => other.name(),
    };
    draft.remedies.iter().filter(|remedy| **remedy != Remedy::Nothing).map(one).collect()
}

/// Every way on, with its last day where it has one.
fn ways(complaint: &Complaint, answer: &Answer, number: usize) -> Vec<Words> {
    let clocks = &complaint.received.clocks;
    let one = |way: &Way| match (way, number) {
        (Way::Recheck, 1) => {
            let until = day(clocks.recheck_until_ms(answer.at_ms));
            let (zh, en, days) = (until.zh, until.en, clocks.recheck_days);
            both(
                format!("在 {zh} 以前申请核查:由原处理人以外的人重新看,{days} 日内答复。在查询页面上申请。"),
                format!(
                    "Ask for a re-check until {en}: somebody else here looks again and answers within {days} days. Ask on the page where you follow it."
                ),
            )
        }
        (Way::Recheck, _) => both("核查已经做过一次。", "It has been re-checked once."),
        (way, _) => way.name(),
    };
    answer.proposal.draft.ways.iter().map(one).collect()
}
