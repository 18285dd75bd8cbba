//! How a review is put into words: stages, findings, questions and points as rows of a page.

use mingbai_desk::core::govern::review::checklist::Checklist;
use mingbai_desk::core::govern::review::{
    Answer, Ground, Judgement, MachineFinding, MachineReading, MachineReport, MaterialFile, Opinion, Reply,
    Review, Ruling, Stage, Stamp, Weight,
};
use mingbai_desk::core::text::both;

use super::at;
use crate::page::Frame;
use crate::when;

/// The key of a stage, with a release that is over told apart.
pub(super) fn stage(stage: &Stage, now_ms: i64) -> &'static str {
    match stage {
        Stage::Judging => "review-stage-judging",
        Stage::Answering(_) => "review-stage-answering",
        Stage::Released(_, released) if released.recalled.is_some() => "review-stage-recalled",
        Stage::Released(_, released) if now_ms >= released.release.until_ms => "review-stage-expired",
        Stage::Released(..) => "review-stage-released",
        Stage::Failed(_) => "review-stage-failed",
        Stage::Withdrawn(..) => "review-stage-withdrawn",
    }
}

/// Class and sign of a stage: never by colour alone.
pub(super) fn mark(stage: &Stage, now_ms: i64) -> (&'static str, &'static str) {
    match stage {
        Stage::Judging | Stage::Answering(_) => ("todo", "○"),
        Stage::Released(_, released) if released.recalled.is_none() && now_ms < released.release.until_ms => {
            ("done", "✓")
        }
        Stage::Released(..) | Stage::Failed(_) | Stage::Withdrawn(..) => ("bad", "✗"),
    }
}

/// Whose move it is, as a key.
pub(super) fn next(review: &Review) -> &'static str {
    match &review.stage {
        Stage::Judging if review.unanswered().is_empty() && review.unjudged().is_empty() => {
            "review-next-opinion"
        }
        Stage::Judging => "review-next-judge",
        Stage::Answering(issued) => {
            let waits = issued.answers.values().any(|answered| {
                matches!(answered.reply, Reply::Declined { .. }) && answered.ruling.is_none()
            });
            let settled = issued
                .points
                .iter()
                .all(|point| issued.answers.get(&point.no).is_some_and(|a| a.is_settled()));
            match (waits, settled, &review.last) {
                (true, ..) => "review-next-rule",
                (false, false, _) => "review-next-reply",
                (false, true, None) => "review-next-final",
                (false, true, Some(_)) if !review.left_in_final().is_empty() => "review-next-final-again",
                (false, true, Some(_)) => "review-next-release",
            }
        }
        Stage::Released(..) | Stage::Failed(_) | Stage::Withdrawn(..) => "review-next-none",
    }
}

pub(super) fn stamp(f: &Frame, stamp: &Stamp) -> String {
    f.ab("staff-stamp", when::shown(stamp.at_ms, f.lang()), &stamp.by)
}

/// A file with its way and digest.
pub(super) struct FileLine {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) digest: String,
    pub(super) machine: String,
    pub(super) read: bool,
}

pub(super) fn files(
    f: &Frame,
    review: &Review,
    files: &[MaterialFile],
    machine: &MachineReport,
) -> Vec<FileLine> {
    let line = |(place, file): (usize, &MaterialFile)| {
        let (machine, read) = match machine.readings.get(place) {
            Some(MachineReading::Whole { rules }) => (f.t1("review-machine-whole", "rules", rules), true),
            Some(MachineReading::Not { why }) => (f.w(why), false),
            None => (String::new(), false),
        };
        FileLine {
            address: format!("{}/file/{}", at(review.id()), file.file.sha256),
            name: file.name.clone(),
            digest: file.file.sha256.to_string(),
            machine,
            read,
        }
    };
    files.iter().enumerate().map(line).collect()
}

/// A machine's finding as a row.
pub(super) struct FindingLine {
    pub(super) no: u32,
    pub(super) place: String,
    pub(super) words: String,
    pub(super) title: String,
    pub(super) detail: Option<String>,
    pub(super) suggest: String,
    pub(super) clause: String,
    pub(super) change: bool,
    /// What a person said, and whether she still has to.
    pub(super) judged: String,
    pub(super) open: bool,
}

pub(super) fn finding(f: &Frame, files: &[MaterialFile], no: u32, one: &MachineFinding) -> FindingLine {
    let file = usize::try_from(one.file).ok().and_then(|file| files.get(file)).map_or("", |file| &file.name);
    let place = match &one.place {
        Some(place) => format!("{file} {}:{}", place.line, place.column),
        None => f.ab("review-whole", file, ""),
    };
    FindingLine {
        no,
        place,
        words: one.place.as_ref().map_or_else(String::new, |place| place.words.clone()),
        title: f.w(&one.title),
        detail: one.detail.as_ref().map(|detail| f.w(detail)),
        suggest: f.w(&one.suggest),
        clause: f.ab("review-clause", f.w(&one.clause), &one.right),
        change: one.weight == Weight::Change,
        judged: String::new(),
        open: false,
    }
}

pub(super) fn findings(f: &Frame, review: &Review) -> Vec<FindingLine> {
    let all = review.submission.machine.findings.iter().zip(0..);
    all.map(|(one, no)| {
        let judged = review.judged.get(&no);
        FindingLine {
            judged: match judged {
                Some(Judgement::Upheld) => f.t("review-upheld"),
                Some(Judgement::Dismissed { reason }) => f.t1("review-dismissed", "reason", reason),
                None => String::new(),
            },
            open: judged.is_none(),
            ..finding(f, &review.submission.files, no, one)
        }
    })
    .collect()
}

/// A question with its answer.
pub(super) struct ItemLine {
    pub(super) code: String,
    pub(super) right: String,
    pub(super) question: String,
    pub(super) basis: String,
    pub(super) state: &'static str,
    pub(super) answer: String,
    pub(super) chosen: &'static str,
}

pub(super) fn items(f: &Frame, review: &Review, list: &Checklist) -> Vec<ItemLine> {
    let line = |code: &String| {
        // A list that was replaced since keeps its codes in the evidence; their words are no longer at hand.
        let item = list.item(code).filter(|_| list.digest() == review.submission.checklist.1);
        let (state, chosen, answer) = match review.items.get(code) {
            None => ("todo", "", f.t("review-answer-open")),
            Some(Answer::Met) => ("done", "met", f.t("review-answer-met")),
            Some(Answer::NotMet { finding }) => {
                let risk = f.w(finding.risk.name());
                let said = f.ab("review-excerpt", &finding.excerpt, &finding.suggestion);
                ("bad", "not_met", f.ab("review-answer-not-met", risk, said))
            }
            Some(Answer::NotApplicable { reason }) => {
                ("done", "not_applicable", f.t1("review-answer-not-applicable", "reason", reason))
            }
        };
        ItemLine {
            code: code.clone(),
            right: item.map_or_else(String::new, |item| item.right.clone()),
            question: item.map_or_else(|| f.t("review-list-replaced"), |item| f.w(&item.question)),
            basis: item.map_or_else(String::new, |item| {
                f.ab("review-basis", f.w(&item.basis), f.w(item.grade.name()))
            }),
            state,
            answer,
            chosen,
        }
    };
    review.submission.items.iter().map(line).collect()
}

/// A point of the opinion, with what was answered.
pub(super) struct PointLine {
    pub(super) no: u32,
    pub(super) ground: String,
    pub(super) risk: String,
    pub(super) suggestion: String,
    pub(super) reply: Option<(&'static str, String, String)>,
    pub(super) ruling: Option<(&'static str, String, String)>,
    pub(super) settled: bool,
    /// Waits for somebody above.
    pub(super) to_rule: bool,
}

/// The points as they follow from the answers, or as they were given.
pub(super) fn points(f: &Frame, review: &Review, list: &Checklist) -> Vec<PointLine> {
    let all = review.issued().map_or_else(|| review.points(), |issued| issued.points.clone());
    all.iter().map(|one| point(f, review, list, one)).collect()
}

fn point(f: &Frame, review: &Review, list: &Checklist, one: &Opinion) -> PointLine {
    let (ground, risk, suggestion) = match &one.ground {
        Ground::Item(code) => match review.items.get(code) {
            Some(Answer::NotMet { finding }) => {
                let question = list.item(code).map_or_else(String::new, |item| f.w(&item.question));
                let said = f.ab("review-point-item", code, question);
                let said = f.ab("review-point-excerpt", said, &finding.excerpt);
                (said, f.w(finding.risk.name()), finding.suggestion.clone())
            }
            _ => (code.clone(), String::new(), String::new()),
        },
        Ground::Machine(no) => {
            let index = usize::try_from(*no).ok();
            let found = index.and_then(|index| review.submission.machine.findings.get(index));
            found.map_or_else(Default::default, |found| {
                let line = finding(f, &review.submission.files, *no, found);
                let said = format!("{} {}", line.place, line.title);
                // What the whole material lacks has no words of its own.
                let said = match line.words.as_str() {
                    "" => said,
                    words => f.ab("review-point-excerpt", said, words),
                };
                (said, f.w(both("机器提示,已确认", "found by the machine, upheld")), line.suggest)
            })
        }
    };
    let answered = review.issued().and_then(|issued| issued.answers.get(&one.no));
    PointLine {
        no: one.no,
        ground,
        risk,
        suggestion,
        reply: answered.map(|answered| match &answered.reply {
            Reply::Adopted { how } => ("review-adopted", how.clone(), stamp(f, &answered.stamp)),
            Reply::Declined { reason } => ("review-declined", reason.clone(), stamp(f, &answered.stamp)),
        }),
        ruling: answered.and_then(|answered| answered.ruling.as_ref()).map(|(ruling, by)| match ruling {
            Ruling::Stands { reason } => ("review-stands", reason.clone(), stamp(f, by)),
            Ruling::Waived { reason } => ("review-waived", reason.clone(), stamp(f, by)),
        }),
        settled: answered.is_some_and(|answered| answered.is_settled()),
        to_rule: answered.is_some_and(|answered| {
            matches!(answered.reply, Reply::Declined { .. }) && answered.ruling.is_none()
        }),
    }
}
