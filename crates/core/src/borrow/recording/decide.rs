//! The rules of a recording, one wish at a time.

use super::standing::Recording;
use super::{
    Agreed, Appealed, Begun, CHUNKS_LIMIT, Certificate, Ended, Explained, Inspection, Mode, NODE_MS,
    NODES_LIMIT, NodeMark, NodeStanding, Played, Reviewed, Side, TAKES_LIMIT, Take, Verdict, Wish,
};
use crate::actor::Actor;
use crate::borrow::decide::{Context, clip, first_this, token_id};
use crate::borrow::duty::Duty;
use crate::borrow::event::{AttachmentRef, Event, RecordingPath};
use crate::borrow::journey::Journey;
use crate::borrow::refusal::Refusal;
use crate::borrow::script;
use crate::text::both;

/// The most nodes that are played in one recording, repetitions included.
const PLAYS_LIMIT: usize = 400;
/// Shortest reason of a review or an appeal, in characters.
const REASON_MIN: usize = 5;
/// A browser's clock and the server's need not agree to the moment.
const SLACK_MS: i64 = 5_000;

type Decision = Result<Vec<Event>, Refusal>;

/// Decides a wish about a recording.
pub(in crate::borrow) fn decide(
    journey: &Journey,
    actor: &Actor,
    wish: Wish,
    context: &Context<'_>,
) -> Decision {
    match wish {
        Wish::Begin { script, spoken, mode, certificate, nodes } => {
            let recording = begin(journey, context, certificate, &nodes)?;
            let id = journey
                .head()
                .map_or_else(String::new, |head| token_id("recording", head.leaf, context.seed));
            let begun = Begun { recording: id, script, spoken, mode, certificate: recording, nodes };
            Ok(vec![Event::RecordingBegun(begun)])
        }
        Wish::Agree(agreed) => agree(journey, agreed),
        Wish::Play(played) => play(journey, played, context),
        Wish::Keep(take) => keep(journey, actor, take),
        Wish::Explain(explained) => explain(journey, explained),
        Wish::End(ended) => end(journey, ended),
        Wish::Inspect(inspection) => inspect(journey, inspection),
        Wish::Review(reviewed) => review(journey, reviewed),
        Wish::Appeal(appealed) => appeal(journey, appealed),
    }
}

fn begin(
    journey: &Journey,
    context: &Context<'_>,
    certificate: Option<Certificate>,
    nodes: &[NodeMark],
) -> Result<Certificate, Refusal> {
    let valid = certificate.filter(|one| context.now_ms < one.valid_until_ms);
    let Some(certificate) = valid else {
        let why = match certificate {
            Some(_) => both("您的双录培训证书已过期。", "Your training certificate has expired."),
            None => both("您没有登记双录培训证书。", "No training certificate of yours is on record."),
        };
        return Err(Refusal::not_now(
            why,
            both(
                "没有有效证书的顾问不能主持双录。请消保岗登记培训,或请有证书的同事主持。",
                "A consultant without a valid certificate cannot lead. Compliance records the training, or a colleague leads.",
            ),
        ));
    };
    journey.ready_to_record(context.pack).map_err(first_this)?;
    if journey.is_recorded(context.pack) {
        return Err(Refusal::does_not_fit(both(
            "这份条款的双录已经完成。",
            "The recording for these terms is complete already.",
        )));
    }
    let topics = journey.table().map(script::topics).unwrap_or_default();
    let named = |topic: &String| nodes.iter().any(|node| node.covers.contains(topic));
    if nodes.len() > NODES_LIMIT || !topics.iter().all(named) {
        return Err(Refusal::does_not_fit(both(
            "话术没有说全这份条款。",
            "The script does not name everything in these terms.",
        )));
    }
    Ok(certificate)
}

fn other() -> Refusal {
    Refusal::does_not_fit(both("这不是正在进行的双录。", "This is not the recording that is going on."))
}

fn open<'a>(journey: &'a Journey, id: &str) -> Result<&'a Recording, Refusal> {
    journey.recording().filter(|recording| recording.id() == id).ok_or_else(other)
}

fn running<'a>(journey: &'a Journey, id: &str) -> Result<&'a Recording, Refusal> {
    let recording = open(journey, id)?;
    if recording.is_agreed() {
        return Ok(recording);
    }
    Err(Refusal::not_now(
        both("借款人还没有同意录音录像。", "The borrower has not agreed to be recorded."),
        both("请先由本人选择。", "She chooses first."),
    ))
}

fn agree(journey: &Journey, agreed: Agreed) -> Decision {
    let recording = open(journey, &agreed.recording)?;
    let started = !recording.states.is_empty();
    if started && recording.is_agreed() && agreed.choice == crate::borrow::event::Choice::Agreed {
        return Ok(Vec::new());
    }
    Ok(vec![Event::RecordingAgreed(agreed)])
}

fn play(journey: &Journey, played: Played, context: &Context<'_>) -> Decision {
    let recording = running(journey, &played.recording)?;
    if let Some(doubt) = &recording.doubt {
        return Err(Refusal::not_now(
            both(
                format!("“{doubt}”这一段有疑问,已停下。"),
                format!("Everything stopped at {doubt:?}, where there is a doubt."),
            ),
            both("请顾问先讲解。", "A consultant explains first."),
        ));
    }
    let next = recording.to_play();
    if !next.iter().any(|node| node.id == played.node) && !redoes(recording, &played.node) {
        return Err(Refusal::does_not_fit(both("没有这一段。", "There is no such part.")));
    }
    // In order the first time; afterwards a single part may be recorded again alone.
    let first = next.first().filter(|node| !recording.states.contains_key(&node.id));
    let skips =
        first.is_some_and(|first| first.id != played.node && !recording.states.contains_key(&played.node));
    let length = played.end_ms.saturating_sub(played.start_ms);
    let since_ms = recording.agreed.as_ref().map_or(0, |(mark, _)| mark.at_ms);
    let possible = context.now_ms.saturating_sub(since_ms).saturating_add(SLACK_MS);
    let times = played.start_ms >= 0 && length > 0 && length <= NODE_MS && played.end_ms <= possible;
    let chunks = played.first_chunk <= played.last_chunk && played.last_chunk < CHUNKS_LIMIT;
    let kept = recording.takes.contains_key(&(Side::Borrower, played.take));
    if skips || !times || !chunks || kept || played.take >= TAKES_LIMIT {
        return Err(Refusal::does_not_fit(both(
            "这一段的时间或顺序不对,请从页面上的这一段重新开始。",
            "Time or order of this part is wrong; begin again at the part that the page shows.",
        )));
    }
    if journey.plays >= PLAYS_LIMIT {
        return Err(Refusal::not_now(
            both("重录次数太多。", "Parts were recorded too many times."),
            both("请顾问重新开始一次双录。", "The consultant begins a new recording."),
        ));
    }
    Ok(vec![Event::RecordingNode(played)])
}

/// A node that was played may be played again as long as nobody has found it fine.
fn redoes(recording: &Recording, id: &str) -> bool {
    recording
        .begun
        .nodes
        .iter()
        .any(|node| node.id == id && !matches!(recording.node_standing(node), NodeStanding::Fine(_)))
}

fn keep(journey: &Journey, actor: &Actor, take: Take) -> Decision {
    let recording = running(journey, &take.recording)?;
    let remote = recording.begun.mode == Mode::Remote;
    if take.side == Side::Consultant && (!remote || *actor != recording.mark.actor) {
        return Err(Refusal::does_not_fit(both(
            "只有主持远程双录的顾问录自己这一侧。",
            "Only the consultant who leads a remote recording records her own side.",
        )));
    }
    if let Some((_, known)) = recording.takes.get(&(take.side, take.take)) {
        // Asked again after a lost answer.
        return if known.head == take.head { Ok(Vec::new()) } else { Err(other()) };
    }
    let sizes = (1..=CHUNKS_LIMIT).contains(&take.chunks) && take.take < TAKES_LIMIT && take.length_ms > 0;
    if !sizes {
        return Err(Refusal::does_not_fit(both(
            "录像文件是空的或太长。",
            "The recording is empty or too long.",
        )));
    }
    Ok(vec![Event::RecordingTake(take)])
}

fn explain(journey: &Journey, explained: Explained) -> Decision {
    let recording = running(journey, &explained.recording)?;
    if recording.doubt.as_ref() != Some(&explained.node) {
        return Err(Refusal::not_now(
            both("现在没有需要讲解的疑问。", "No doubt waits for an explanation."),
            both("请刷新页面。", "Reload the page."),
        ));
    }
    Ok(vec![Event::RecordingExplained(explained)])
}

fn end(journey: &Journey, ended: Ended) -> Decision {
    let recording = running(journey, &ended.recording)?;
    if recording.ended.is_some() {
        return Ok(Vec::new());
    }
    let kept = |node: &&NodeMark| {
        let played = recording.states.get(&node.id).and_then(|state| state.played.as_ref());
        played.is_some_and(|(_, played)| {
            let take = recording.takes.get(&(Side::Borrower, played.take));
            take.is_some_and(|(_, take)| played.last_chunk < take.chunks)
        })
    };
    let all = recording.to_play().is_empty() && recording.begun.nodes.iter().all(|node| kept(&node));
    if recording.doubt.is_some() || !all {
        return Err(Refusal::not_now(
            both("还有没录完或没传完的部分。", "Some parts are not recorded or not sent yet."),
            both("请按页面继续。", "Go on as the page says."),
        ));
    }
    Ok(vec![Event::RecordingEnded(ended)])
}

fn inspect(journey: &Journey, mut inspection: Inspection) -> Decision {
    let recording = running(journey, &inspection.recording)?;
    if recording.ended.is_none() {
        return Err(other());
    }
    // Two machines may have looked at the same part. The first word stands: a second one would undo an appeal or a person's decision.
    inspection.nodes.retain(|found| {
        recording.states.get(&found.node).is_some_and(|state| {
            state.verdict.is_none()
                && state.played.as_ref().is_some_and(|(_, played)| played.take == found.take)
        })
    });
    if inspection.nodes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::RecordingInspected(inspection)])
}

fn reason(text: &str) -> Result<String, Refusal> {
    if text.trim().chars().count() < REASON_MIN {
        return Err(Refusal::does_not_fit(both(
            "请写明理由(至少 5 个字)。只有签名的意见不算意见。",
            "Give the reason (at least 5 characters). A bare signature is not an opinion.",
        )));
    }
    Ok(clip(text))
}

fn review(journey: &Journey, mut reviewed: Reviewed) -> Decision {
    let recording = running(journey, &reviewed.recording)?;
    reviewed.reason = reason(&reviewed.reason)?;
    let seen = |id: &String| {
        recording.states.get(id).is_some_and(|state| match &state.verdict {
            Some((_, found)) => found.verdict != Verdict::Failed || state.appealed.is_some(),
            None => false,
        })
    };
    if reviewed.nodes.is_empty() || !reviewed.nodes.keys().all(seen) {
        return Err(Refusal::not_now(
            both(
                "机器认为不合格的段落,要重录,或由在场的人先申诉。",
                "What a machine found wrong is recorded again, or somebody who was there appeals first.",
            ),
            both("请刷新页面,只选等待查看的段落。", "Reload the page and choose only parts that wait."),
        ));
    }
    Ok(vec![Event::RecordingReviewed(reviewed)])
}

fn appeal(journey: &Journey, mut appealed: Appealed) -> Decision {
    let recording = running(journey, &appealed.recording)?;
    appealed.reason = reason(&appealed.reason)?;
    let state = recording.states.get(&appealed.node);
    let failed = state
        .and_then(|state| state.verdict.as_ref())
        .is_some_and(|(_, found)| found.verdict == Verdict::Failed);
    if !failed || state.is_some_and(|state| state.appealed.is_some()) {
        return Err(Refusal::not_now(
            both(
                "这一段没有被机器判为不合格,或已经申诉。",
                "The machine found nothing wrong here, or it was appealed.",
            ),
            both("请刷新页面。", "Reload the page."),
        ));
    }
    Ok(vec![Event::RecordingAppealed(appealed)])
}

/// What a consultant attests where the pack allows it: who says so and which number, never what was recorded.
pub(in crate::borrow) fn attest(
    journey: &Journey,
    number: &str,
    seconds: u32,
    context: &Context<'_>,
) -> Decision {
    if number.trim().is_empty() || seconds == 0 {
        return Err(Refusal::does_not_fit(both(
            "请填写录音录像编号和时长。",
            "Give the number and the length of the recording.",
        )));
    }
    let channel = journey.opening().map(|opening| opening.channel);
    if !channel.is_some_and(|channel| context.pack.recording().allows(channel)) {
        return Err(Refusal::does_not_fit(both(
            "这个渠道不能只登记录像编号,要在线双录。",
            "On this channel a recording number is not enough; record in the browser.",
        )));
    }
    if journey.proofs.records_in_browser {
        return Err(Refusal::does_not_fit(both(
            "借款人已同意在线双录,不能改为登记编号;请把在线双录做完。",
            "The borrower agreed to be recorded in the browser; a number cannot stand in for it. Complete the recording.",
        )));
    }
    let recording_number = clip(number);
    Ok(vec![Event::Recorded(RecordingPath::AttestedInPerson { recording_number, seconds })])
}

impl Journey {
    /// What has to be understood before anybody records that it was; the last record of it.
    pub(in crate::borrow) fn ready_to_record(
        &self,
        pack: &crate::policy::Pack,
    ) -> Result<u64, mingbai_cost::Words> {
        let mut last = 0;
        for duty in [Duty::Disclosed, Duty::Read, Duty::Understood] {
            let mark = self.satisfied(duty, pack).map_err(|why| {
                both(
                    format!("双录之前要先完成“{}”:{}", duty.name().zh, why.zh),
                    format!("“{}” comes before the recording: {}", duty.name().en, why.en),
                )
            })?;
            last = last.max(mark.seq);
        }
        Ok(last)
    }

    fn is_recorded(&self, pack: &crate::policy::Pack) -> bool {
        self.satisfied(Duty::Recorded, pack).is_ok()
    }

    /// The bytes of the script as it was read out, for the current terms.
    #[must_use]
    pub fn spoken(&self) -> Option<&AttachmentRef> {
        self.recording().map(|recording| &recording.begun.spoken)
    }
}
