//! A recording, in words.

use mingbai_core::borrow::event::{Choice, Event};
use mingbai_core::borrow::recording::{Answer, Inspection, Mode, NodeDecision, Side, Verdict};
use mingbai_core::text::both;
use mingbai_cost::Words;

/// An event about a recording; `None` when it is another.
pub(super) fn recording(event: &Event) -> Option<Words> {
    Some(match event {
        Event::RecordingBegun(begun) => {
            let (zh, en) = match begun.mode {
                Mode::OnSite => ("现场(一台设备,两人在场)", "on site, one device and two persons"),
                Mode::Remote => ("远程(双方各录一侧)", "remote, each side records itself"),
            };
            let count = begun.nodes.len();
            both(
                format!("顾问开始双录:{zh},话术共 {count} 段。"),
                format!("The consultant begins a recording: {en}, {count} parts."),
            )
        }
        Event::RecordingAgreed(agreed) if agreed.choice == Choice::Agreed => {
            both("借款人同意录音录像。", "The borrower agrees to be recorded.")
        }
        Event::RecordingAgreed(_) => {
            both("借款人不同意录音录像。", "The borrower does not agree to be recorded.")
        }
        Event::RecordingNode(played) => {
            let (zh, en) = match played.answer {
                Answer::Yes => ("是", "yes"),
                Answer::No => ("否", "no"),
                Answer::Doubt => ("有疑问", "I doubt it"),
            };
            let (node, seconds) = (&played.node, (played.end_ms - played.start_ms) / 1000);
            both(
                format!("录完“{node}”,{seconds} 秒,回答:{zh}。"),
                format!("Recorded “{node}”, {seconds} seconds, answer: {en}."),
            )
        }
        Event::RecordingTake(take) => {
            let (zh, en) = match take.side {
                Side::Borrower => ("借款人一侧", "borrower's side"),
                Side::Consultant => ("顾问一侧", "consultant's side"),
            };
            let head = &take.head.to_string()[..12];
            both(
                format!("{zh}的录像文件完整:{} 块,链尾 {head}…。", take.chunks),
                format!("A file of the {en} is complete: {} chunks, chain head {head}….", take.chunks),
            )
        }
        Event::RecordingExplained(explained) => both(
            format!("顾问就“{}”重新讲解,只重录这一段。", explained.node),
            format!("The consultant explained “{}”; only that part is recorded again.", explained.node),
        ),
        Event::RecordingEnded(_) => {
            both("各段录完,开始质检。", "All parts are recorded; the inspection begins.")
        }
        Event::RecordingInspected(inspection) => inspected(inspection),
        Event::RecordingReviewed(reviewed) => {
            let accepted = reviewed.nodes.values().filter(|one| **one == NodeDecision::Accepted).count();
            let redo = reviewed.nodes.len() - accepted;
            both(
                format!("消保岗看过录像:认可 {accepted} 段,重录 {redo} 段。理由:{}", reviewed.reason),
                format!("Compliance looked: {accepted} accepted, {redo} again. Reason: {}", reviewed.reason),
            )
        }
        Event::RecordingAppealed(appealed) => both(
            format!("对“{}”的机器判定提出申诉:{}", appealed.node, appealed.reason),
            format!("An appeal against the machine about “{}”: {}", appealed.node, appealed.reason),
        ),
        _ => return None,
    })
}

fn inspected(inspection: &Inspection) -> Words {
    let count = |verdict| inspection.nodes.iter().filter(|node| node.verdict == verdict).count();
    let (passed, unclear, failed) = (count(Verdict::Passed), count(Verdict::Unclear), count(Verdict::Failed));
    if inspection.engine == "none" {
        return both(
            format!("没有机器质检:录像可读,{unclear} 段等人工查看。"),
            format!("No machine looked: the files can be read, {unclear} parts wait for a person."),
        );
    }
    both(
        format!("机器质检:合格 {passed} 段,看不出 {unclear} 段,不合格 {failed} 段。"),
        format!("A machine looked: {passed} passed, {unclear} could not be told, {failed} failed."),
    )
}
