//! What a record of a ring says, in plain words.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::HumanDecision;
use mingbai_core::text::both;
use mingbai_core::trust::ring::{Picture, RingEvent};
use mingbai_cost::Words;
use uuid::Uuid;

/// The event in words.
#[must_use]
pub fn told(event: &RingEvent) -> Words {
    match event {
        RingEvent::RingOpened(picture) => {
            let seen = seen(picture);
            both(format!("系统立案:{}", seen.zh), format!("Opened by the rules: {}", seen.en))
        }
        RingEvent::RingGrew(picture) => {
            let seen = seen(picture);
            both(format!("有新的关联:{}", seen.zh), format!("Something new is linked: {}", seen.en))
        }
        RingEvent::RingNoted { .. } => both("办理记录。", "A note on what was done."),
        RingEvent::CustomerCalled { journey, heard, .. } => {
            let (who, heard) = (reference(*journey), heard.name());
            both(
                format!("给业务 {who} 的客户打了保护电话:{}。", heard.zh),
                format!("Called the customer of {who}: {}.", heard.en),
            )
        }
        RingEvent::RingActed { action, reference } => {
            let action = action.name();
            both(format!("{}:{reference}", action.zh), format!("{}: {reference}", action.en))
        }
        RingEvent::MemberReviewed { journey, decision, reason } => {
            let who = reference(*journey);
            match decision {
                HumanDecision::Allowed => both(
                    format!("业务 {who} 可以继续。理由:{reason}"),
                    format!("{who} may go on. Reason: {reason}"),
                ),
                HumanDecision::Upheld => both(
                    format!("业务 {who} 由专人暂停。理由:{reason}"),
                    format!("{who} is paused by a person. Reason: {reason}"),
                ),
            }
        }
        RingEvent::AppealReceived { journey, .. } => {
            let who = reference(*journey);
            both(format!("业务 {who} 的客户申诉。"), format!("The customer of {who} appeals."))
        }
        RingEvent::AppealDecided { appeal, decision, .. } => {
            let decision = decision.name();
            both(
                format!("第 {appeal} 条申诉:{}。", decision.zh),
                format!("Appeal in record {appeal}: {}.", decision.en),
            )
        }
        RingEvent::ClosingProposed { ending, why } => {
            let ending = ending.name();
            both(
                format!("提议结案:{}。理由:{why}", ending.zh),
                format!("Proposes to close it: {}. Reason: {why}", ending.en),
            )
        }
        RingEvent::RingClosed { .. } => both("第二人同意,结案。", "A second person agreed; it is closed."),
    }
}

fn reference(journey: Uuid) -> String {
    JourneyId::new(journey).reference()
}

fn seen(picture: &Picture) -> Words {
    let kinds = |get: &dyn Fn(Words) -> String| {
        let mut names: Vec<String> = Vec::new();
        for share in &picture.shares {
            let name = get(share.kind.name());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let (count, days) = (picture.members.len(), picture.window_days);
    both(
        format!("{days} 天内 {count} 笔业务共用{}。", kinds(&|w| w.zh.to_string()).join("、")),
        format!("{count} loans within {days} days share: {}.", kinds(&|w| w.en.to_string()).join(", ")),
    )
}
